// `npm start`: builds the desktop app where it is not built or older than its sources, and opens it; further arguments
// are the app's. Where no window can be had it says so in one line and runs the demonstration in the terminal.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findRuntime, hasDisplay, node } from './electron-runtime.mjs';
import { isStale } from './stale.mjs';

const home = join(import.meta.dirname, '..');
const args = process.argv.slice(2);

if (!existsSync(node)) {
  console.error('Docktide is not installed yet: run "npm ci" in this folder first.');
  process.exit(1);
}

function build() {
  const cli = join(home, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const built = spawnSync(node, [cli, 'build', '--logLevel', 'warn'], { cwd: home, stdio: ['ignore', 'pipe', 'pipe'] });
  if (built.status === 0) return;
  process.stderr.write(built.stdout);
  process.stderr.write(built.stderr);
  console.error('The desktop app could not be built.');
  process.exit(1);
}

/** Ends as the child ends; a signal that ends this process ends the child. */
function run(command, commandArgs, env = {}) {
  const child = spawn(command, commandArgs, { cwd: home, stdio: 'inherit', env: { ...process.env, ...env } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`${command} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

function demonstrate(reason) {
  console.error(`${reason} The demonstration runs in the terminal instead.`);
  run(node, [join(home, 'bin', 'docktide.mjs'), 'demo']);
}

if (!hasDisplay()) {
  demonstrate('There is no display here, so the window cannot be opened.');
} else {
  const runtime = findRuntime();
  if (runtime.kind === 'none') demonstrate(runtime.sentence);
  else {
    console.error(runtime.sentence);
    if (isStale(home)) build();
    // Chromium's own sandbox refuses to run as root.
    const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    run(runtime.executable, [home, ...sandbox, ...args], runtime.env);
  }
}
