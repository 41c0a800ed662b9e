// Document stores in memory that are used again from run to run: opening a database and its migrations would take most
// of a run's time. All that is done to a store is one transaction that is never committed: rolled back, it is a new
// store again. What the store itself does in a transaction is a savepoint of it.

import { openDatabase, type Db } from '../../src-main/store/database.ts';
import { storeOver, type DocumentStore } from '../../src-main/store/open-store.ts';
import { rememberAnswers } from './remembered-answers.ts';

interface Pooled {
  readonly store: DocumentStore;
  now: () => number;
}

/**
 * `engine`: without what only the dashboard, the search and the log's readers read, and with answers remembered;
 * `complete`: as it is.
 */
export type Schema = 'engine' | 'complete';

const pools: Readonly<Record<Schema, Pooled[]>> = { engine: [], complete: [] };

/** Triggers that keep figures and the index of words, which no engine reads; they take most of the time of writing. */
const SHOWN_ONLY = /^(facts|duplicates|tallies|entries_search|records_search|sums|entries_unagreed|synced_unagreed)_/;
/** And what writes the log. */
const LOGGED = /^\s*INSERT INTO (log|activity)\b/;

/** The store of a place (computers are numbered from 0), as new; whoever had it before has lost it. */
export function emptyStore(place: number, now: () => number, schema: Schema): DocumentStore {
  const pooled = (pools[schema][place] ??= open(place, schema));
  pooled.now = now;
  const { db } = pooled.store;
  if (db.inTransaction) db.exec('ROLLBACK');
  db.exec('BEGIN IMMEDIATE');
  return pooled.store;
}

function open(place: number, schema: Schema): Pooled {
  let now = (): number => 0;
  const db = openDatabase(':memory:');
  if (schema === 'engine') {
    const triggers = db.prepare<[], { name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`).all();
    for (const { name } of triggers) if (SHOWN_ONLY.test(name)) db.exec(`DROP TRIGGER ${name}`);
    rememberAnswers(db);
    const prepare = db.prepare.bind(db) as (source: string) => unknown;
    const unwritten = { run: () => ({ changes: 0, lastInsertRowid: 0 }) };
    db.prepare = ((source: string) => (LOGGED.test(source) ? unwritten : prepare(source))) as typeof db.prepare;
  } else prepareOnce(db);
  const store = storeOver(db, { now: () => now(), id: `store-${place}` });
  return {
    store,
    get now() {
      return now;
    },
    set now(clock: () => number) {
      now = clock;
    },
  };
}

/** What prepares a statement at each call, as the looks at the disk do, gets the one of before: a store of the program lives longer. */
function prepareOnce(db: Db): void {
  const prepare = db.prepare.bind(db) as (source: string) => { pluck: () => unknown };
  const known = new Map<string, unknown>();
  db.prepare = ((source: string) => {
    let statement = known.get(source);
    if (statement === undefined) {
      const made = prepare(source);
      // Of the first column alone: another statement, so that it does not change this one.
      made.pluck = () => Object.getPrototypeOf(made).pluck.call(prepare(source)) as unknown;
      known.set(source, (statement = made));
    }
    return statement;
  }) as typeof db.prepare;
}

type Row = Readonly<Record<string, unknown>>;
/** Every row of a store, by table. */
export type StoreRows = ReadonlyMap<string, readonly Row[]>;

function tablesOf({ db }: DocumentStore): string[] {
  return db
    .prepare<[], { name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search%'
       -- What refers to rows goes before them.
       ORDER BY rowid DESC`,
    )
    .all()
    .map(({ name }) => name);
}

/** What a backup of the store would hold. */
export function rowsOf(store: DocumentStore): StoreRows {
  const { db } = store;
  return new Map(
    [...tablesOf(store), 'sqlite_sequence'].map((table) => {
      // Without the columns that are computed.
      const columns = db.prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('${table}')`).all();
      const names = columns.map(({ name }) => name).join(', ');
      return [table, db.prepare<[], Row>(`SELECT ${names} FROM ${table}`).all()] as const;
    }),
  );
}

/** Puts the rows of a backup into a store that was emptied. What triggers keep has been filled by them already. */
export function fillStore({ db }: DocumentStore, rows: StoreRows): void {
  const counted = ['meta', 'counters', 'local_changes', 'sqlite_sequence'];
  const put = (table: string): void => {
    for (const row of rows.get(table) ?? []) {
      const names = Object.keys(row);
      const values = names.map((name) => `@${name}`);
      db.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${values.join()})`).run(row);
    }
  };
  // Rows that are referred to may come later; at the end all are there.
  db.pragma('defer_foreign_keys = ON');
  db.transaction(() => {
    for (const table of [...rows.keys()].toReversed()) {
      if (counted.includes(table)) continue;
      if (db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined) put(table);
    }
    for (const table of counted) {
      db.exec(`DELETE FROM ${table}`);
      put(table);
    }
  }).immediate();
  db.pragma('defer_foreign_keys = OFF');
}
