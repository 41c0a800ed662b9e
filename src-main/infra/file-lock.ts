// Lets one process at a time change a small file that several processes share: a lock file beside it, held for the moment
// of reading and writing. One that a killed process left behind is taken over after some seconds.

import { closeSync, openSync, rmSync, statSync } from 'node:fs';

/** Milliseconds. */
const RETRY = 15;
const STALE = 5_000;

/** Runs `work`, which is short and synchronous, while no other process runs its own on the same file. */
export function withFileLock<T>(path: string, work: () => T): T {
  const lock = `${path}.lock`;
  while (!taken(lock)) {
    if (age(lock) > STALE) rmSync(lock, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function taken(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function age(lock: string): number {
  const stats = statSync(lock, { throwIfNoEntry: false });
  return stats === undefined ? 0 : Date.now() - stats.mtimeMs;
}
