// One pass at a time on one data folder, over all processes (window, watch, sync from a script). The lock is an
// exclusive transaction on a small SQLite file of its own: the system releases it when a process ends, however it ends.

import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Clock } from '../engine/ports.ts';

export interface PassLock {
  /**
   * Runs `work` while this process holds the lock; holders inside one process share it. Where another process holds it,
   * tries again until `waitMilliseconds` are over. Throws PassLockBusy then, and the signal's reason when it aborts.
   */
  hold<T>(work: () => Promise<T>, waitMilliseconds: number, signal?: AbortSignal): Promise<T>;
  /** Whether this process is at work under it. */
  held(): boolean;
  close(): void;
}

export class PassLockBusy extends Error {
  override readonly name = 'PassLockBusy';
}

const RETRY_MILLISECONDS = 100;

/** `name`: the lock's own file; each kind of work that excludes itself has one. */
export function openPassLock(dataFolder: string, clock: Clock, name = 'pass.lock'): PassLock {
  const database = new Database(join(dataFolder, name), { timeout: 0 });
  let holders = 0;

  const tryToLock = (): boolean => {
    try {
      database.exec('BEGIN EXCLUSIVE');
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  };

  const enter = async (waitMilliseconds: number, signal?: AbortSignal): Promise<void> => {
    const until = clock.now() + waitMilliseconds;
    for (;;) {
      signal?.throwIfAborted();
      if (holders > 0 || tryToLock()) {
        holders++;
        return;
      }
      if (clock.now() >= until) {
        throw new PassLockBusy(
          'Another Docktide is synchronising this data folder just now. Wait until it has finished, or end it, and try again.',
        );
      }
      await clock.sleep(RETRY_MILLISECONDS, signal);
    }
  };

  return {
    async hold(work, waitMilliseconds, signal) {
      await enter(waitMilliseconds, signal);
      try {
        return await work();
      } finally {
        if (--holders === 0) database.exec('ROLLBACK');
      }
    },
    held: () => holders > 0,
    close: () => database.close(),
  };
}

function isBusy(error: unknown): boolean {
  return (
    error instanceof Database.SqliteError && (error.code.startsWith('SQLITE_BUSY') || error.code === 'SQLITE_LOCKED')
  );
}
