// Finds the project's own Node (24): scripts may be started by an older one.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const home = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Path of a Node that runs TypeScript; ends the program with a clear line where there is none. */
export function projectNode() {
  const own = join(home, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  console.error(`This needs the packages of the project (Node 24 among them). Run "npm ci" in ${home} first.`);
  process.exit(1);
}
