// Document stores in memory that are used again from run to run: opening a database and its migrations would take most
// of a run's time. A store that was emptied is as a new one: all rows gone, counters and row numbers at their start.

import { createStore, type DocumentStore } from '../../src-main/store/open-store.ts';

interface Pooled {
  readonly store: DocumentStore;
  readonly empty: () => void;
  now: () => number;
}

const pool: Pooled[] = [];

/** The store of a place (computers are numbered from 0), emptied; whoever had it before has lost it. */
export function emptyStore(place: number, now: () => number): DocumentStore {
  const pooled = (pool[place] ??= open(place));
  pooled.now = now;
  pooled.empty();
  return pooled.store;
}

function open(place: number): Pooled {
  let now = (): number => 0;
  const store = createStore({ file: ':memory:', now: () => now(), id: `store-${place}` });
  rememberStatements(store);
  return {
    store,
    empty: emptier(store),
    get now() {
      return now;
    },
    set now(clock: () => number) {
      now = clock;
    },
  };
}

/** What is prepared for every observation is prepared once. */
function rememberStatements({ db }: DocumentStore): void {
  const prepare = db.prepare.bind(db);
  const known = new Map<string, unknown>();
  db.prepare = ((source: string): unknown => {
    let statement = known.get(source);
    if (statement === undefined) known.set(source, (statement = prepare(source)));
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
  db.pragma('foreign_keys = OFF');
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
  db.pragma('foreign_keys = ON');
}

function emptier(store: DocumentStore): () => void {
  const { db } = store;
  const tables = tablesOf(store);
  const kept = ['meta', 'counters', 'local_changes'].map((table) => ({
    clear: db.prepare(`DELETE FROM ${table}`),
    insert: db.prepare(`INSERT INTO ${table} VALUES (@first, @second)`),
    rows: db
      .prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`)
      .all()
      .map((row) => Object.values(row))
      .map(([first, second]) => ({ first, second })),
  }));
  const removals = tables.map((name) => db.prepare(`DELETE FROM ${name}`));
  const numbers = db.prepare('DELETE FROM sqlite_sequence');
  const search = db.prepare(`INSERT INTO search (search) VALUES ('delete-all')`);
  const empty = db.transaction(() => {
    for (const removal of removals) removal.run();
    numbers.run();
    search.run();
    // The removal of rows was itself noted.
    for (const { clear, insert, rows } of kept) {
      clear.run();
      for (const row of rows) insert.run(row);
    }
  });
  return empty;
}
