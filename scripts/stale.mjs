// Whether the built desktop app (out/) is missing or older than what it is built from.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['src-main', 'src-renderer', 'src-shared', 'test/dropbox-emulator'];
const FILES = ['package.json', 'electron.vite.config.ts'];
const BUILT = ['out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html'];

function newest(folder) {
  if (!existsSync(folder)) return 0;
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return Math.max(0, ...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

export function isStale(home) {
  const built = BUILT.map((file) => join(home, file));
  if (!built.every((file) => existsSync(file))) return true;
  const since = Math.min(...built.map((file) => statSync(file).mtimeMs));
  const changed = [
    ...SOURCES.map((folder) => newest(join(home, folder))),
    ...FILES.map((file) => statSync(join(home, file)).mtimeMs),
  ];
  return Math.max(...changed) > since;
}
