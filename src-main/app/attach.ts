// `attach`: copies files of any place into the folder of a record or a manual folder. All of them are checked before the
// first is copied; each is written under a temporary name and put in place whole, never over another document.

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { joinPath, type LocalId, type RelPath } from '../../src-shared/domain.ts';
import { nameKey, splitExtension } from '../../src-shared/names.ts';
import { checkName, makeFolders } from './tree.ts';
import { relativePath } from './local-folder.ts';
import { AppError } from './service.ts';
import type { EntryView } from '../../src-shared/views.ts';
import type { Workplace } from './docktide.ts';
import type { AttachTarget } from './service.ts';

interface Source {
  readonly file: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

/** Throws AppError 'missing-file', 'unreadable-file', 'bad-name', 'unknown-…', 'no-folder'; nothing is copied then. */
export async function attachFiles(
  place: Workplace,
  files: readonly string[],
  target: AttachTarget,
): Promise<readonly EntryView[]> {
  if (files.length === 0) throw new AppError('missing-file', 'No file was named. Name the files to attach.');
  const sources = await Promise.all(files.map(checkedSource));
  await place.engine.disk.check();
  await place.passes.whenFree(() => place.folder.followCatalog());
  const folder = targetFolder(place, target);
  await makeFolders(place, folder);
  const paths: RelPath[] = [];
  for (const source of sources) paths.push(await copyInto(place, source, folder));
  // While another process is in a pass the file waits in its folder; that pass, or the next, takes it up.
  const taken = await place.passes.whenFree(() => place.folder.takeUp(paths));
  if (!taken) await place.passes.alone(() => place.folder.takeUp(paths));
  place.events.emit({ kind: 'entries-changed' });
  return paths.map((path) => viewAt(place, path));
}

async function checkedSource(file: string): Promise<Source> {
  const name = basename(file);
  let stats;
  try {
    const handle = await open(file, 'r');
    try {
      stats = await handle.stat();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new AppError('missing-file', `There is no file ${file}. Check the path; nothing was attached.`);
    }
    throw new AppError('unreadable-file', `${file} cannot be read: ${(error as Error).message}. Nothing was attached.`);
  }
  if (!stats.isFile()) {
    throw new AppError('not-a-file', `${file} is not a file. Name the files themselves; nothing was attached.`);
  }
  checkName(name);
  return { file, name, modified: Math.round(stats.mtimeMs) };
}

function targetFolder({ store }: Workplace, target: AttachTarget): RelPath {
  if (target.kind === 'id') {
    const row = store.entries.get(target.folderId as LocalId);
    if (row?.kind !== 'folder') throw new AppError('unknown-folder', 'The folder is no longer there. Look again.');
    return store.entries.pathOf(row.id);
  }
  const sub = target.sub === null ? '' : relativePath(target.sub);
  for (const name of sub === '' ? [] : sub.split('/')) checkName(name);
  if (target.kind === 'folder') {
    const path = relativePath(target.path);
    const id = store.entries.entryAt(path);
    if (id === null || store.entries.get(id)?.kind !== 'folder') {
      throw new AppError(
        'unknown-folder',
        `There is no folder "${path}". Add it first: docktide folder add "${path}" --client NAME.`,
      );
    }
    return joinPath(path, sub);
  }
  const record = store.catalog.record(target.type, target.ref, 'add');
  const folder = store.listing
    .list()
    .find((entry) => entry.role === 'record' && entry.record === `${record.type}/${record.ref}`);
  if (folder === undefined) {
    throw new AppError(
      'no-folder',
      `The record ${record.type}/${record.ref} has no folder, because no folder rule applies to it. Add one: docktide rule add ${record.type} --client NAME.`,
    );
  }
  return joinPath(folder.path, sub);
}

/** Answers where the document is now: the same content under the same name is there already, any other gets a free name. */
async function copyInto(place: Workplace, source: Source, folder: RelPath): Promise<RelPath> {
  const { disk } = place.engine;
  const temp = await disk.openTemp(folder, `attach-${process.pid}-${process.hrtime.bigint()}`);
  try {
    for await (const chunk of createReadStream(source.file)) await temp.write(chunk as Uint8Array);
    const hash = await temp.hash();
    await temp.finish();
    for (let number = 1; ; number++) {
      const path = joinPath(folder, numberedName(source.name, number));
      const taken = await takenBy(place, folder, path);
      if (taken !== null) {
        if ((await disk.hash(taken).catch(() => null))?.hash === hash) {
          await temp.discard();
          return taken;
        }
        continue;
      }
      await disk.place(temp, path, { modified: source.modified, replaces: null, trashKey: '' });
      return path;
    }
  } catch (error) {
    await temp.discard().catch(() => undefined);
    throw error;
  }
}

/** `offer (2).pdf` */
function numberedName(name: string, number: number): string {
  if (number === 1) return name;
  const { stem, extension } = splitExtension(name);
  return `${stem} (${number})${extension}`;
}

/** What has the name already, in any spelling that Dropbox takes for the same. */
async function takenBy({ engine }: Workplace, folder: RelPath, path: RelPath): Promise<RelPath | null> {
  const key = nameKey(path.slice(folder === '' ? 0 : folder.length + 1));
  const there = (await engine.disk.list(folder)).find((entry) => nameKey(entry.name) === key);
  return there === undefined ? null : joinPath(folder, there.name);
}

function viewAt({ store }: Workplace, path: RelPath): EntryView {
  const id = store.entries.entryAt(path);
  const view = id === null ? null : store.listing.view(id);
  if (view === null) throw new AppError('internal', `"${path}" was copied but is not listed yet. Sync takes it up.`);
  return view;
}
