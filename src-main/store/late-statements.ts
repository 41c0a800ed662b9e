// Statements that are compiled when they are first used: the store knows some hundreds, which would hold up every start,
// and a command needs a dozen of them. A statement that SQLite does not take shows when it is used. Called by database.ts.

import type Database from 'better-sqlite3';

type Prepared = Database.Statement<unknown[], unknown>;

/** From here on `db.prepare` takes its time later. */
export function prepareLate(db: Database.Database): void {
  const prepare = db.prepare.bind(db) as (source: string) => Prepared;
  // A late statement has all that is asked of statements here.
  db.prepare = ((source: string) => new LateStatement(() => prepare(source))) as unknown as typeof db.prepare;
}

class LateStatement implements Pick<Prepared, 'run' | 'get' | 'all' | 'iterate' | 'reader'> {
  readonly #prepare: () => Prepared;
  #prepared: Prepared | null = null;

  constructor(prepare: () => Prepared) {
    this.#prepare = prepare;
  }

  get #statement(): Prepared {
    return (this.#prepared ??= this.#prepare());
  }

  get reader(): boolean {
    return this.#statement.reader;
  }

  run(...values: unknown[]): Database.RunResult {
    return this.#statement.run(...values);
  }

  get(...values: unknown[]): unknown {
    return this.#statement.get(...values);
  }

  all(...values: unknown[]): unknown[] {
    return this.#statement.all(...values);
  }

  iterate(...values: unknown[]): IterableIterator<unknown> {
    return this.#statement.iterate(...values);
  }

  /** Answers the first column alone from here on. */
  pluck(): this {
    this.#statement.pluck();
    return this;
  }
}
