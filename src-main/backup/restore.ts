// Puts the database of a backup in the place of the one in use. In: an archive; out: where the former database is kept.
// The restored one is made ready on the side (prepare.ts); then the one in use is set aside, and one rename puts the
// restored one in its place: at every instant there is a whole database under the name. Nobody else may have it open.
// Called by the application's backup service, which has closed its own connection before `replaceDatabase`.

import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Fault } from '../engine/ports.ts';
import { JobError } from './jobs.ts';
import { stamp } from './names.ts';
import { syncFolder } from './place.ts';

/** Milliseconds for a process that is about to end. */
const PATIENCE = 5_000;

/**
 * Absolute path of the former database; null where there was none. Fault 'busy' where another process has it open:
 * nothing was changed then.
 */
export async function replaceDatabase(database: string, restored: string, now: number): Promise<string | null> {
  if (!existsSync(database)) {
    renameSync(restored, database);
    await syncFolder(dirname(database));
    return null;
  }
  const whole = expectAlone(database);
  const aside = freeName(database, now);
  // A damaged database is set aside with what lies beside it: the log of writes may be what it lacks.
  for (const suffix of whole ? [''] : ['', '-wal', '-shm']) {
    if (existsSync(`${database}${suffix}`)) copyQuickly(`${database}${suffix}`, `${aside}${suffix}`);
  }
  for (const suffix of ['-wal', '-shm']) rmSync(`${database}${suffix}`, { force: true });
  renameSync(restored, database);
  await syncFolder(dirname(database));
  return aside;
}

/**
 * Leaves WAL mode, which SQLite allows the only user of a database alone; what the log of writes held is in the file then.
 * False for a file that is no database any more.
 */
function expectAlone(database: string): boolean {
  let db;
  try {
    db = new Database(database, { timeout: PATIENCE });
    return db.pragma('journal_mode = DELETE', { simple: true }) === 'delete';
  } catch (error) {
    const code = error instanceof Database.SqliteError ? error.code : '';
    if (!code.startsWith('SQLITE_BUSY') && code !== 'SQLITE_LOCKED') return false;
    throw new Fault(
      'busy',
      'Another Docktide (the app, or "docktide watch") has this document store open. End it and restore again; nothing was changed.',
      { cause: error },
    );
  } finally {
    db?.close();
  }
}

function freeName(database: string, now: number): string {
  const base = join(dirname(database), `docktide.before-restore-${stamp(now)}`);
  for (let number = 1; ; number++) {
    const name = `${base}${number === 1 ? '' : `-${number}`}.sqlite`;
    if (!existsSync(name)) return name;
  }
}

/** A second name where the disk knows such things; the first one is about to be given away. */
function copyQuickly(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

export function refuseProblems(id: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new JobError(
    'failed',
    `The backup ${id} is bad and was not restored: ${problems.join(' ')} Choose another one.`,
  );
}
