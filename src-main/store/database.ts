// Opens the document store's database: settings of the connection, numbered migrations, clear refusals.
// In: a path or ':memory:'; out: a ready connection. Called by open-store.ts only.
//
// WAL with synchronous NORMAL: after a power cut the database is whole but may lack the last transactions. The engine
// is built for that (it adopts an effect whose record is missing); what a person enters is written with `durable`.
//
// Two habits of SQLite that statements on hot paths are written for: a bare parameter as LIMIT, and with ORDER BY or a
// JOIN one in WHERE, makes it compile the statement anew at every call (`? + 0` does not); and JOIN behind a recursive
// table may read the whole other table (CROSS JOIN keeps the order).

import Database from 'better-sqlite3';
import { existsSync, statSync } from 'node:fs';
import { StoreError } from './errors.ts';
import { prepareLate } from './late-statements.ts';
import { MIGRATIONS } from './migrations.ts';

export type Db = Database.Database;
export type Statement<Parameters extends unknown[] = unknown[], Row = unknown> = Database.Statement<Parameters, Row>;

/** Milliseconds to wait for another process's write. */
const BUSY_TIMEOUT = 10_000;
/** Bytes up to which a database is checked page by page when it is opened. */
const FULLY_CHECKED = 32 * 1024 * 1024;

/** Throws StoreError 'database-corrupt', 'database-newer' or 'database-unreachable'; the file is then left untouched. */
export function openDatabase(file: string): Db {
  refuseForeignFile(file);
  let db: Db;
  try {
    db = new Database(file, { timeout: BUSY_TIMEOUT });
  } catch (error) {
    throw unreachable(file, error);
  }
  try {
    refuseNewer(db, file);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('foreign_keys = ON');
    db.pragma('cache_size = -32768');
    db.pragma('temp_store = MEMORY');
    migrate(db);
    prepareLate(db);
    return db;
  } catch (error) {
    db.close();
    throw error instanceof StoreError ? error : databaseError(file, error);
  }
}

/** A connection that only reads a database that is open elsewhere. Throws StoreError 'database-unreachable'. */
export function viewDatabase(file: string): Db {
  try {
    const db = new Database(file, { timeout: BUSY_TIMEOUT, readonly: true });
    db.pragma('cache_size = -32768');
    db.pragma('temp_store = MEMORY');
    prepareLate(db);
    return db;
  } catch (error) {
    throw unreachable(file, error);
  }
}

const transactions = new WeakMap<Db, Database.Transaction<(work: () => unknown) => unknown>>();

/** Runs `work` in one transaction, a writing one unless the database is only read; within another one it is a part of that. */
export function transact<T>(db: Db, work: () => T): T {
  let transaction = transactions.get(db);
  // Made once: it costs more than a short transaction itself.
  if (transaction === undefined) transactions.set(db, (transaction = db.transaction((run) => run())));
  return (db.readonly ? transaction.deferred(work) : transaction.immediate(work)) as T;
}

/** Runs a write that a person waits for so that it survives a power cut. */
export function durable<T>(db: Db, write: () => T): T {
  if (db.memory) return transact(db, write);
  if (db.inTransaction) return write();
  db.pragma('synchronous = FULL');
  try {
    return transact(db, write);
  } finally {
    db.pragma('synchronous = NORMAL');
  }
}

export function migrate(db: Db, migrations: readonly string[] = MIGRATIONS): void {
  const present = (): number => Number(db.pragma('user_version', { simple: true }));
  if (present() >= migrations.length) return;
  db.transaction(() => {
    // Read again: another process may have migrated while this one waited for the lock.
    for (let version = present(); version < migrations.length; version++) {
      db.exec(migrations[version] ?? '');
      db.pragma(`user_version = ${version + 1}`);
    }
  }).immediate();
}

function refuseNewer(db: Db, file: string): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > MIGRATIONS.length) {
    throw new StoreError(
      'database-newer',
      `The database ${file} was written by a newer version of Docktide (schema ${version}, this one knows ${MIGRATIONS.length}). ` +
        `Install the newer version; the file was not changed.`,
    );
  }
  // Damage must show before anything is written; on a large file the whole check would delay every start.
  const pages = Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true }));
  db.prepare('SELECT count(*) FROM sqlite_schema').get();
  if (pages <= FULLY_CHECKED && db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw damaged(file, null);
}

function refuseForeignFile(file: string): void {
  if (file === ':memory:' || !existsSync(file)) return;
  let regular: boolean;
  try {
    regular = statSync(file).isFile();
  } catch (error) {
    throw unreachable(file, error);
  }
  if (!regular) throw unreachable(file, null);
}

function databaseError(file: string, error: unknown): Error {
  const code = error instanceof Database.SqliteError ? error.code : '';
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return damaged(file, error);
  }
  if (code.startsWith('SQLITE_')) return unreachable(file, error);
  return error instanceof Error ? error : new Error(String(error));
}

function damaged(file: string, cause: unknown): StoreError {
  return new StoreError(
    'database-corrupt',
    `The database ${file} is damaged and was left as it is. Restore it from a backup, or move it away to start anew: ` +
      `documents that are the same on both sides are then linked again without a transfer.`,
    { cause },
  );
}

function unreachable(file: string, cause: unknown): StoreError {
  const detail = cause instanceof Error ? ` (${cause.message})` : '';
  return new StoreError(
    'database-unreachable',
    `The database ${file} cannot be opened${detail}. Check that its folder exists and that this user may write there.`,
    { cause },
  );
}
