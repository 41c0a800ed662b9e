// The simulation's database answers from memory until what it read is written, however that happens.

import { expect, test } from 'vitest';
import { openDatabase, transact, type Db } from '../../../src-main/store/database.ts';
import { rememberAnswers } from '../../support/remembered-answers.ts';

function remembering(): Db {
  const db = openDatabase(':memory:');
  db.exec(`
    CREATE TABLE box (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE thing (id INTEGER PRIMARY KEY, box INTEGER REFERENCES box (id) ON DELETE CASCADE);
    CREATE TABLE tally (boxes INTEGER NOT NULL);
    INSERT INTO tally VALUES (0);
    CREATE TRIGGER counted AFTER INSERT ON box BEGIN UPDATE tally SET boxes = boxes + 1; END;`);
  rememberAnswers(db);
  return db;
}

test('an answer is remembered until its table is written', () => {
  const db = remembering();
  const names = db.prepare<[], { name: string }>('SELECT name FROM box ORDER BY id');
  const first = names.all();
  expect(names.all()).toBe(first);
  db.prepare('INSERT INTO box VALUES (?, ?)').run(1, 'a');
  expect(names.all()).toEqual([{ name: 'a' }]);
  db.prepare('UPDATE box SET name = @name WHERE id = @id').run({ id: 1, name: 'b' });
  expect(names.all()).toEqual([{ name: 'b' }]);
});

test('the first column alone is another answer', () => {
  const db = remembering();
  db.prepare('INSERT INTO box VALUES (?, ?)').run(1, 'a');
  const names = db.prepare<[], string>('SELECT name FROM box').pluck();
  expect(names.all()).toEqual(['a']);
  expect(db.prepare('SELECT name FROM box').all()).toEqual([{ name: 'a' }]);
  db.prepare('UPDATE box SET name = @name WHERE id = @id').run({ id: 1, name: 'b' });
  expect(names.get()).toBe('b');
});

test('triggers, references and taking back count as writes', () => {
  const db = remembering();
  const boxes = db.prepare<[], { boxes: number }>('SELECT boxes FROM tally');
  const things = db.prepare<[number], { n: number }>('SELECT count(*) AS n FROM thing WHERE box = ?');
  expect(boxes.get()).toEqual({ boxes: 0 });
  expect(things.get(1)).toEqual({ n: 0 });
  db.prepare('INSERT INTO box VALUES (?, ?)').run(1, 'a');
  db.prepare('INSERT INTO thing VALUES (?, ?)').run(1, 1);
  expect(boxes.get()).toEqual({ boxes: 1 });
  expect(things.get(1)).toEqual({ n: 1 });
  db.exec('BEGIN');
  expect(() =>
    transact(db, () => {
      db.prepare('DELETE FROM box WHERE id = ?').run(1);
      expect(things.get(1)).toEqual({ n: 0 });
      throw new Error('stop');
    }),
  ).toThrow('stop');
  expect(things.get(1)).toEqual({ n: 1 });
  db.exec('ROLLBACK');
  db.prepare('DELETE FROM box').run();
  expect(things.get(1)).toEqual({ n: 0 });
});
