// Runs a command with Electron: `node scripts/with-electron.mjs <command> [arguments]`. Real Electron is used where its
// binary is there or can be downloaded; otherwise the stand-in (test/electron-standin), and it says which in one line.
// REQUIRE_ELECTRON=1 refuses the stand-in.

import { spawnSync } from 'node:child_process';
import { findRuntime } from './electron-runtime.mjs';

const runtime = findRuntime();
if (runtime.kind === 'none') {
  console.error(runtime.sentence);
  process.exit(2);
}
console.error(runtime.sentence);
const [command, ...args] = process.argv.slice(2);
if (command === undefined) {
  console.error('usage: node scripts/with-electron.mjs <command> [arguments]');
  process.exit(2);
}
const child = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...runtime.env } });
process.exit(child.status ?? 1);
