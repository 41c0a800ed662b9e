import Database from 'better-sqlite3';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { migrate, openDatabase } from '../../../src-main/store/database.ts';
import { MIGRATIONS } from '../../../src-main/store/migrations.ts';
import { createStore, openStore } from '../../../src-main/store/open-store.ts';

const base = mkdtempSync(join(tmpdir(), 'docktide-db-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
let number = 0;
const place = (): string => join(base, `${++number}.sqlite`);
const now = (): number => 1;

describe('opening', () => {
  test('settings of the connection', () => {
    const db = openDatabase(place());
    const pragma = (name: string): unknown => db.pragma(name, { simple: true });
    expect([pragma('journal_mode'), pragma('foreign_keys'), pragma('busy_timeout'), pragma('synchronous')]).toEqual([
      'wal',
      1,
      10_000,
      1,
    ]);
    expect(pragma('user_version')).toBe(MIGRATIONS.length);
    db.close();
  });

  test('older programs can read the schema: the parser of SQLite before 3.46 takes no deep expressions', () => {
    const db = openDatabase(':memory:');
    const depth = (sql: string): number => {
      let [now, most] = [0, 0];
      for (const sign of sql.replaceAll(/'[^']*'|--.*/g, '')) {
        now += sign === '(' ? 1 : sign === ')' ? -1 : 0;
        most = Math.max(most, now);
      }
      return most;
    };
    const deep = db
      .prepare<[], { name: string; sql: string }>('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL')
      .all()
      .filter(({ sql }) => depth(sql) > 20);
    expect(deep.map(({ name }) => name)).toEqual([]);
  });

  test('every table is STRICT', () => {
    const db = openDatabase(':memory:');
    const loose = db
      .prepare<[], { name: string }>(
        `SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND schema = 'main'
         AND name NOT LIKE 'sqlite_%'`,
      )
      .all();
    expect(loose).toEqual([]);
  });

  test('the same store keeps its id and what it knows', () => {
    const dataFolder = join(base, 'data');
    const first = openStore({ dataFolder, now });
    first.catalog.addType('sale.order', 'Quotations');
    first.setDocuments('/somewhere');
    first.close();
    const second = openStore({ dataFolder, now });
    expect([second.id, second.documents(), second.catalog.types().length]).toEqual([first.id, '/somewhere', 1]);
    second.close();
  });

  test('a newer schema is refused and left as it is', () => {
    const file = place();
    const db = new Database(file);
    db.pragma('user_version = 99');
    db.close();
    const before = readFileSync(file);
    expect(() => createStore({ file, now })).toThrow(
      expect.objectContaining({ code: 'database-newer', message: expect.stringContaining('newer version') as string }),
    );
    expect(readFileSync(file)).toEqual(before);
  });

  test.each([
    ['no database at all', (): Buffer => Buffer.from('this is a letter, not a database. '.repeat(300))],
    [
      'a damaged page',
      (whole: Buffer): Buffer =>
        Buffer.concat([whole.subarray(0, 8192), Buffer.alloc(20_000, 0x5a), whole.subarray(28_192)]),
    ],
    ['a damaged header', (whole: Buffer): Buffer => Buffer.concat([Buffer.alloc(64, 0xff), whole.subarray(64)])],
    ['a truncated file', (whole: Buffer): Buffer => whole.subarray(0, 20_000)],
  ])('%s is refused in a sentence and left as it is', (_name, damage) => {
    const good = place();
    const store = createStore({ file: good, now });
    store.catalog.addType('t', 'T');
    store.catalog.putRecords(
      Array.from({ length: 500 }, (_, i) => ({ type: 't', ref: `ref${i}`, name: `Name ${i}`, fields: {} })),
    );
    store.close();
    const file = place();
    writeFileSync(file, damage(readFileSync(good)));
    const before = readFileSync(file);
    expect(() => createStore({ file, now })).toThrow(
      expect.objectContaining({ code: 'database-corrupt', message: expect.stringContaining('is damaged') as string }),
    );
    expect(readFileSync(file)).toEqual(before);
  });

  test('a folder in place of the database, or no way there, is said so', () => {
    const folder = join(base, 'folder.sqlite');
    mkdirSync(folder);
    expect(() => createStore({ file: folder, now })).toThrow(expect.objectContaining({ code: 'database-unreachable' }));
    writeFileSync(join(base, 'file'), '');
    expect(() => openStore({ dataFolder: join(base, 'file', 'data'), now })).toThrow(
      expect.objectContaining({ code: 'database-unreachable' }),
    );
  });
});

describe('migrations', () => {
  test('run each once, in order, and all or none', () => {
    const db = new Database(':memory:');
    const steps = ['CREATE TABLE a (x) STRICT', 'nonsense'].map((sql) => sql.replace('(x)', '(x INTEGER)'));
    expect(() => migrate(db, steps)).toThrow(/syntax error/);
    expect(db.pragma('user_version', { simple: true })).toBe(0);
    migrate(db, ['CREATE TABLE a (x INTEGER) STRICT']);
    migrate(db, ['CREATE TABLE a (x INTEGER) STRICT', 'ALTER TABLE a ADD COLUMN y INTEGER']);
    expect(db.prepare('SELECT x, y FROM a').all()).toEqual([]);
    expect(db.pragma('user_version', { simple: true })).toBe(2);
  });

  test('two connections to one file come to one schema', () => {
    const file = place();
    const [one, two] = [openDatabase(file), openDatabase(file)];
    one.prepare(`INSERT INTO types (name, label, created_at) VALUES ('a', 'A', 1)`).run();
    expect(two.prepare('SELECT name FROM types').all()).toEqual([{ name: 'a' }]);
    one.close();
    two.close();
  });
});

test('a backup taken while the store is in use is a whole store', async () => {
  const file = place();
  const store = createStore({ file, now });
  store.catalog.addType('a', 'A');
  const copy = place();
  const backup = store.backup(copy);
  store.catalog.addType('b', 'B');
  await backup;
  store.close();
  const moved = place();
  copyFileSync(copy, moved);
  const restored = createStore({ file: moved, now });
  expect(restored.catalog.types().length).toBeGreaterThan(0);
  expect(restored.id).toBe(store.id);
  restored.close();
  expect(readdirSync(base)).not.toContain(`${copy}-journal`);
});
