// A statement is compiled when it is first used, and once.

import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { prepareLate } from '../../../src-main/store/late-statements.ts';

test('a statement that nobody uses is not compiled', () => {
  const db = new Database(':memory:');
  const compiled: string[] = [];
  const prepare = db.prepare.bind(db);
  db.prepare = ((source: string) => (compiled.push(source), prepare(source))) as typeof db.prepare;
  prepareLate(db);
  db.prepare('SELECT 1');
  const used = db.prepare<[number], { number: number }>('SELECT ? AS number');
  expect(compiled).toEqual([]);
  expect([used.get(2), used.all(3), [...used.iterate(4)]]).toEqual([{ number: 2 }, [{ number: 3 }], [{ number: 4 }]]);
  expect(db.prepare<[], number>('SELECT 5').pluck().get()).toBe(5);
  expect(compiled).toEqual(['SELECT ? AS number', 'SELECT 5']);
  expect(() => db.prepare('SELECT missing').get()).toThrow('no such column');
});
