// Making, renaming and moving folders and files by hand (S18, S19). The document keeps its identity wherever it goes, so
// that the next pass makes one move in Dropbox of it. In: what a person named; out: what was done and how to take it
// back. Each effect changes the disk and the row together, apart from every scan; called by the application service
// under the pass lock.

import {
  baseName,
  joinPath,
  parentPath,
  ROOT,
  type ClientId,
  type LocalId,
  type RelPath,
} from '../../src-shared/domain.ts';
import type { FileRef, FileTarget } from '../../src-shared/files-views.ts';
import { nameKey } from '../../src-shared/names.ts';
import { bringBack } from '../engine/bring-back.ts';
import { Fault } from '../engine/ports.ts';
import type { EntryRow } from '../store/entries.ts';
import { StoreError } from '../store/errors.ts';
import { inheritClient } from '../store/observer/ownership.ts';
import {
  entryOf,
  expectName,
  expectOwn,
  folderOf,
  makeFolders,
  numberedName,
  pathOfWords,
  takenNames,
  takeUp,
  topmost,
  type FileParts,
} from './parts.ts';

export interface Moved {
  readonly id: LocalId;
  readonly from: RelPath;
  readonly to: RelPath;
}

export interface Made {
  readonly id: LocalId;
  readonly path: RelPath;
}

type Located = EntryRow & { readonly path: RelPath };

/** With the folders above it. Throws StoreError 'bad-path', 'bad-name', 'place-taken'; Faults of the disk. */
export async function makeFolder(
  parts: FileParts,
  text: string,
): Promise<{ readonly path: RelPath; readonly made: Made[] }> {
  const path = pathOfWords(text);
  if (path === ROOT)
    throw new StoreError('bad-path', 'The path of the folder is empty. Write it as in Marketing/Photos.');
  for (const name of path.split('/')) expectName(name);
  await parts.disk.check();
  const known = knownSpelling(parts, path);
  const made = await makeFolders(parts.disk, known);
  if (made.length > 0) await takeUp(parts, [known]);
  return { path: known, made: made.flatMap((at) => madeAt(parts, at)) };
}

function madeAt({ store }: FileParts, path: RelPath): Made[] {
  const id = store.entries.entryAt(path);
  return id === null ? [] : [{ id, path }];
}

/** A folder that is there under another spelling is that folder: Dropbox knows one of them only. */
function knownSpelling({ store }: FileParts, path: RelPath): RelPath {
  let at = ROOT;
  for (const name of path.split('/')) {
    const parent = at === ROOT ? null : store.entries.entryAt(at);
    const siblings = at === ROOT || parent !== null ? store.entries.children(parent) : [];
    const there = siblings.find((row) => row.name === name) ?? siblings.find((row) => row.key === nameKey(name));
    at = joinPath(at, there?.kind === 'folder' ? there.name : name);
  }
  return at;
}

/** Throws StoreError 'unknown-path', 'bad-name', 'erp-folder', 'place-taken'; Faults of the disk. */
export async function renameEntry(parts: FileParts, ref: FileRef, name: string): Promise<Moved> {
  const row = entryOf(parts, ref);
  expectName(name);
  expectOwn(parts, row, 'renamed');
  await parts.disk.check();
  const folder = parentPath(row.path);
  if (row.name !== name && (await takenNames(parts, folder, row.id)).has(nameKey(name))) {
    throw new StoreError('place-taken', `"${joinPath(folder, name)}" is there already. Choose another name.`);
  }
  const to = joinPath(folder, name);
  if (to !== row.path) await relocate(parts, row, to);
  await takeUp(parts, [folder]);
  return { id: row.id, from: row.path, to };
}

/**
 * Where a name is taken, the moved one gets a number. Nothing is moved unless all of it may be.
 * Throws StoreError 'unknown-…', 'erp-folder', 'bad-path'; Faults of the disk, and of Dropbox where bytes must come first.
 */
export async function moveEntries(parts: FileParts, refs: readonly FileRef[], target: FileTarget): Promise<Moved[]> {
  const rows = topmost(parts, refs);
  const folder = folderOf(parts, target);
  for (const row of rows) {
    expectOwn(parts, row, 'moved');
    if (folder === row.path || folder.startsWith(`${row.path}/`)) {
      throw new StoreError('bad-path', `"${row.path}" cannot be moved into itself. Choose a folder outside of it.`);
    }
  }
  await parts.disk.check();
  const made = await makeFolders(parts.disk, folder);
  if (made.length > 0) await takeUp(parts, [folder]);
  for (const row of rows) await bringBytes(parts, row, clientAt(parts, folder, row));
  const moved: Moved[] = [];
  for (const row of rows) {
    if (parentPath(row.path) === folder) continue;
    const to = joinPath(folder, numberedName(row.name, await takenNames(parts, folder)));
    await relocate(parts, row, to);
    moved.push({ id: row.id, from: row.path, to });
  }
  if (moved.length > 0) await takeUp(parts, [...new Set([folder, ...moved.map(({ from }) => parentPath(from))])]);
  return moved;
}

/** Back to an exact place, for undo. Throws StoreError 'place-taken', 'unknown-path'. */
export async function moveBack(parts: FileParts, move: Moved): Promise<Moved> {
  const row = entryOf(parts, move.id);
  const folder = parentPath(move.from);
  if (folder !== ROOT && parts.store.entries.entryAt(folder) === null) {
    throw new StoreError('unknown-path', `The folder "${folder}" is no longer there. Make it again first.`);
  }
  if ((await takenNames(parts, folder, row.id)).has(nameKey(baseName(move.from)))) {
    throw new StoreError('place-taken', `"${move.from}" is taken by something else meanwhile. Move that away first.`);
  }
  await bringBytes(parts, row, clientAt(parts, folder, row));
  await relocate(parts, row, move.from);
  await takeUp(parts, [...new Set([folder, parentPath(row.path)])]);
  return { id: row.id, from: row.path, to: move.from };
}

/** The disk first, the row after; a crash in between is found again by the file's identity. */
async function relocate({ store, disk, engine }: FileParts, row: Located, to: RelPath): Promise<void> {
  await engine.gate.effect(async () => {
    const { entries } = store;
    const folder = parentPath(to);
    const parentId = folder === ROOT ? null : entries.entryAt(folder);
    const now = entries.get(row.id);
    if (now === null || entries.pathOf(row.id) !== row.path || (folder !== ROOT && parentId === null)) {
      throw new Fault('changed', `"${row.path}" has changed its place meanwhile. Look again.`);
    }
    const isHere = row.kind === 'folder' || now.present === 1;
    if (!isHere && (await disk.stat(to)) !== null) {
      throw new Fault('place-taken', `"${to}" is taken by another file. Choose another name.`);
    }
    const stamp = isHere ? await disk.move(row.path, to) : null;
    const before = { owner: entries.clientOf(row.id), above: entries.clientOf(row.parent_id) };
    store.sync.batch(() => {
      entries.place(row.id, parentId, baseName(to));
      // A file may have been edited on the way: without a new stamp the next scan reads it again.
      if (stamp !== null && row.kind === 'folder') entries.setStamp(row.id, stamp);
      settleOwner(entries, row, parentId, before);
    });
  });
}

/** At the top it stays with its client; in a folder of another client it belongs to that one. */
function settleOwner(
  entries: FileParts['store']['entries'],
  row: Located,
  parentId: LocalId | null,
  { owner, above }: { readonly owner: ClientId | null; readonly above: ClientId | null },
): void {
  if (parentId === null) {
    if (owner !== null) entries.assign(row.id, owner);
    return;
  }
  inheritClient(entries, row.id, parentId, above);
}

/** The client that an entry will belong to in a folder. */
function clientAt({ store }: FileParts, folder: RelPath, row: Located): ClientId | null {
  const { entries } = store;
  const above = folder === ROOT ? null : entries.clientOf(entries.entryAt(folder));
  const stays = folder === ROOT || above === entries.clientOf(row.parent_id);
  return stays ? entries.clientOf(row.id) : (above ?? row.client_id);
}

/** What leaves a client takes its bytes along: in that Dropbox it will be deleted. */
async function bringBytes({ store, engine }: FileParts, row: Located, to: ClientId | null): Promise<void> {
  const from = store.entries.clientOf(row.id);
  if (from === null || from === to) return;
  const rows = row.kind === 'file' ? [row] : store.entries.below(row.id);
  for (const one of rows) {
    if (one.kind === 'file' && one.present === 0) await bringBack(engine, from, one.id, undefined, { leaves: true });
  }
}
