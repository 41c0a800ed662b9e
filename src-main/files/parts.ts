// What every service of this folder works with, and how it finds rows and places: entries by path or id, target folders,
// folders that belong to the ERP, names that Dropbox takes. In: what a person named; out: rows, or a StoreError.

import { joinPath, ROOT, type ClientId, type LocalId, type RelPath } from '../../src-shared/domain.ts';
import type { FileRef, FileTarget } from '../../src-shared/files-views.ts';
import {
  isIgnoredName,
  nameKey,
  refusedByDropbox,
  shortenToBytes,
  splitExtension,
  utf8Length,
} from '../../src-shared/names.ts';
import type { AccountFiles } from '../cloud/account-files.ts';
import type { EngineParts } from '../engine/parts.ts';
import type { CloudStore } from '../engine/ports.ts';
import type { StoreDisk } from '../store/disk/store-disk.ts';
import type { EntryRow } from '../store/entries.ts';
import { StoreError } from '../store/errors.ts';
import { wantedFolders } from '../store/observer/erp-rules.ts';
import type { DocumentStore } from '../store/open-store.ts';

export interface FileParts {
  readonly store: DocumentStore;
  readonly disk: StoreDisk;
  readonly engine: EngineParts;
  /** Fault login-lost where the client has no login. */
  readonly account: (client: ClientId) => CloudStore & { readonly files: AccountFiles };
}

/** The path that a person wrote, relative to the documents folder. Throws StoreError 'bad-path'. */
export function pathOfWords(text: string): RelPath {
  const names = text.split('/').filter((name) => name !== '' && name !== '.');
  if (text.startsWith('/') || names.includes('..') || names.some((name) => name.includes('\u0000'))) {
    throw new StoreError(
      'bad-path',
      `"${text}" is not a path inside the documents folder. Write it as in Quotations/SO001, without a leading "/".`,
    );
  }
  return names.join('/') as RelPath;
}

/** Throws StoreError 'unknown-path', 'bad-path'. */
export function entryOf({ store }: FileParts, ref: FileRef): EntryRow & { readonly path: RelPath } {
  const id = typeof ref === 'number' ? (ref as LocalId) : store.entries.entryAt(pathOfWords(ref));
  const row = id === null ? null : store.entries.get(id);
  if (row !== null) return { ...row, path: store.entries.pathOf(row.id) };
  throw new StoreError(
    'unknown-path',
    typeof ref === 'number'
      ? 'This is no longer among the documents. Look again.'
      : `There is no "${ref}" among the documents. See "docktide ls" for what there is.`,
  );
}

/** The topmost of what was named, each once: what lies in a named folder comes along with it. */
export function topmost(parts: FileParts, refs: readonly FileRef[]): (EntryRow & { readonly path: RelPath })[] {
  const named = new Map(refs.map((ref) => entryOf(parts, ref)).map((row) => [row.id, row]));
  return [...named.values()].filter((row) => {
    for (let at = row.parent_id; at !== null; at = parts.store.entries.get(at)?.parent_id ?? null) {
      if (named.has(at)) return false;
    }
    return true;
  });
}

/** The path of a folder that is there. Throws StoreError 'unknown-folder', 'no-folder', 'unknown-record', 'unknown-type'. */
export function folderOf(parts: FileParts, target: FileTarget): RelPath {
  const { store } = parts;
  if (target.kind === 'record') {
    const record = store.catalog.record(target.type, target.ref, 'add');
    const folder = store.db
      .prepare<[number], { id: LocalId | null }>(
        `SELECT min(id) AS id FROM entries WHERE role = 'record' AND record_id = ?`,
      )
      .get(record.id);
    if (folder?.id == null) {
      throw new StoreError(
        'no-folder',
        `The record ${record.type}/${record.ref} has no folder, because no folder rule applies to it. Add one: docktide rule add ${record.type} --client NAME.`,
      );
    }
    const sub = pathOfWords(target.sub ?? '');
    for (const name of sub === '' ? [] : sub.split('/')) expectName(name);
    return joinPath(store.entries.pathOf(folder.id), sub);
  }
  if (target.kind === 'id' && target.folderId === null) return ROOT;
  const path = target.kind === 'folder' ? pathOfWords(target.path) : null;
  if (path === ROOT) return ROOT;
  const id = target.kind === 'id' ? (target.folderId as LocalId) : store.entries.entryAt(path ?? ROOT);
  if (id !== null && store.entries.get(id)?.kind === 'folder') return store.entries.pathOf(id);
  throw new StoreError(
    'unknown-folder',
    path === null
      ? 'The folder is no longer there. Look again.'
      : `There is no folder "${path}". Make it first: docktide file mkdir "${path}".`,
  );
}

/** Throws StoreError 'bad-name'. */
export function expectName(name: string): void {
  const why = refusedByDropbox(name);
  if (why !== null) {
    throw new StoreError('bad-name', `Dropbox does not take the name "${name}": ${why}. Choose another.`);
  }
  if (isIgnoredName(name)) {
    throw new StoreError('bad-name', `"${name}" is a name that is never kept in Dropbox. Choose another.`);
  }
}

/** The tree of rules and records is the ERP's: its folders are not moved, renamed or deleted by hand. Throws 'erp-folder'. */
export function expectOwn({ store }: FileParts, row: EntryRow & { readonly path: RelPath }, verb: string): void {
  if (row.kind === 'file') return;
  const isWanted = wantedFolders(store);
  const erp = [row, ...(verb === 'moved' || verb === 'renamed' ? [] : store.entries.below(row.id))].find(
    (one) => one.kind === 'folder' && isWanted(one),
  );
  if (erp === undefined) return;
  const what = erp.role === 'record' ? 'a record' : 'a folder rule';
  throw new StoreError(
    'erp-folder',
    `"${store.entries.pathOf(erp.id)}" is the folder of ${what} and cannot be ${verb} by hand. Change ${what} itself, or work on what is in the folder.`,
  );
}

/** Names beside an entry: on the disk, and of documents whose bytes are not here. `except` is left out. */
export async function takenNames(
  { store, disk }: FileParts,
  folder: RelPath,
  except: LocalId | null = null,
): Promise<Set<string>> {
  const parent = folder === ROOT ? null : store.entries.entryAt(folder);
  const own = except === null ? null : store.entries.get(except);
  const ownName = own !== null && own.parent_id === parent ? own.name : null;
  const taken = new Set<string>();
  if (folder === ROOT || (await disk.stat(folder))?.kind === 'folder') {
    for (const entry of await disk.list(folder)) if (entry.name !== ownName) taken.add(nameKey(entry.name));
  }
  if (folder === ROOT || parent !== null) {
    for (const row of store.entries.children(parent)) if (row.id !== except) taken.add(row.key);
  }
  return taken;
}

/** Makes what is missing of a folder path, on the disk; answers the paths that were made, from the top down. */
export async function makeFolders(disk: StoreDisk, path: RelPath): Promise<RelPath[]> {
  const made: RelPath[] = [];
  const names = path === ROOT ? [] : path.split('/');
  for (let depth = 1; depth <= names.length; depth++) {
    const at = names.slice(0, depth).join('/') as RelPath;
    const found = await disk.stat(at);
    if (found?.kind === 'folder') continue;
    if (found !== null) {
      throw new StoreError('place-taken', `"${at}" is not a folder, so nothing can be put in it. Choose another name.`);
    }
    await disk.makeFolder(at);
    made.push(at);
  }
  return made;
}

/** Brings the rows of these places up to date, while nothing else changes them. */
export async function takeUp({ engine }: FileParts, paths: readonly RelPath[]): Promise<void> {
  await engine.gate.scan(() => engine.observer.observe(paths));
}

/** `offer (2).pdf`; the name itself where it is free. */
export function numberedName(name: string, taken: { has(key: string): boolean }): string {
  const { stem, extension } = splitExtension(name);
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : ` (${number})`;
    const room = MOST_BYTES - utf8Length(suffix) - utf8Length(extension);
    const candidate = `${utf8Length(stem) > room ? shortenToBytes(stem, room) : stem}${suffix}${extension}`;
    if (!taken.has(nameKey(candidate))) return candidate;
  }
}

/** Bytes of the longest name that a disk takes. */
const MOST_BYTES = 255;
