// Builds the desktop app before a test starts it, where it is not built or older than its sources.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isStale } from '../../scripts/stale.mjs';

const home = join(import.meta.dirname, '..', '..');

/** Rejects with the builder's output. */
export async function ensureBuilt(): Promise<void> {
  if (!isStale(home)) return;
  const cli = join(home, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  await promisify(execFile)(process.execPath, [cli, 'build', '--logLevel', 'warn'], { cwd: home });
}
