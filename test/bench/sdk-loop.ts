// The floor: what the `dropbox` package takes for one bare call a file, so many at once, without a database, a check or a
// second thought. Arguments: up|down, the emulator's origin, a folder here, a folder in Dropbox, calls at once.
// Prints the seconds.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Dropbox } from 'dropbox';
import { rewritingFetch } from '../support/emulator.ts';
import { TOKEN } from './world.ts';

const [way, origin = '', folder = '', root = '', atOnce = '1'] = process.argv.slice(2);
const dropbox = new Dropbox({ accessToken: TOKEN, fetch: rewritingFetch(origin) });

async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const next = items.values();
  const lane = async (): Promise<void> => {
    for (const item of next) await work(item);
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, lane));
}

async function up(): Promise<void> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  await sideBySide(files, async (entry) => {
    const path = join(entry.parentPath, entry.name);
    await dropbox.filesUpload({ path: `${root}${path.slice(folder.length)}`, contents: readFileSync(path) });
  });
}

async function down(): Promise<void> {
  const paths: string[] = [];
  let page = (await dropbox.filesListFolder({ path: root, recursive: true })).result;
  for (;;) {
    for (const entry of page.entries) if (entry['.tag'] === 'file') paths.push(entry.path_display ?? '');
    if (!page.has_more) break;
    page = (await dropbox.filesListFolderContinue({ cursor: page.cursor })).result;
  }
  for (const place of new Set(paths.map((path) => dirname(join(folder, path))))) mkdirSync(place, { recursive: true });
  await sideBySide(paths, async (path) => {
    const { result } = await dropbox.filesDownload({ path });
    writeFileSync(join(folder, path), (result as unknown as { fileBinary: Buffer }).fileBinary);
  });
}

const started = performance.now();
await (way === 'up' ? up() : down());
process.stdout.write(String((performance.now() - started) / 1000));
