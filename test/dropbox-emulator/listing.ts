// Pages of list_folder and what cursors mean. A cursor says where in the listing its holder is: walking the live tree,
// then (on demand) the deleted entries, then reading the journal of changes. It carries all its state, so that pages
// cost what they answer and survive a restart. Used by the list_folder routes.

import { createHmac } from 'node:crypto';
import {
  descend,
  lowerBound,
  pathLower,
  sortedChildren,
  type FileTree,
  type FolderNode,
  type Tombstone,
  type TreeNode,
} from './tree.ts';

export interface ListOptions {
  readonly recursive: boolean;
  readonly includeDeleted: boolean;
  readonly includeNonDownloadable: boolean;
  readonly limit: number;
  /** Whether a recursive listing tells the listed folder, too: it does, unless that is the root. */
  readonly tellsFolder: boolean;
}

/** Where the holder of a cursor is. `after` is the path of the last entry told, below the listed folder. */
type Position =
  | { readonly kind: 'live'; readonly after: string | null; readonly start: number }
  | { readonly kind: 'deleted'; readonly after: string; readonly start: number }
  | { readonly kind: 'changes'; readonly start: number }
  /** The changes `low` up to `high`, told backwards; then from `next` on. */
  | { readonly kind: 'backwards'; readonly low: number; readonly high: number; readonly next: number };

export interface Cursor extends ListOptions {
  /** Path of the listed folder from the tree's root. */
  readonly folder: string;
  readonly position: Position;
}

export interface Page {
  readonly entries: readonly (TreeNode | Tombstone)[];
  readonly cursor: Cursor;
  readonly hasMore: boolean;
}

export interface PageQuirks {
  /** Tell entries in the reverse of their order: children before parents, new places before deleted ones. */
  readonly reversed: boolean;
  /** Tell the deletion of everything below a deleted folder, too. */
  readonly everyDeletion: boolean;
  /** Entries a page at most, whatever was asked; null for no such limit. */
  readonly pageSize: number | null;
}

export function firstCursor(folder: FolderNode, options: ListOptions, start: number): Cursor {
  return { ...options, folder: pathLower(folder), position: { kind: 'live', after: null, start } };
}

export function latestCursor(folder: FolderNode, options: ListOptions, end: number): Cursor {
  return { ...options, folder: pathLower(folder), position: { kind: 'changes', start: end } };
}

/** The next page; null where the listed folder is gone. */
export function nextPage(tree: FileTree, cursor: Cursor, quirks: PageQuirks): Page | null {
  const folder = descend(tree.root, cursor.folder.split('/').slice(1));
  if (folder === null || folder.kind !== 'folder') return null;
  const limit = Math.min(cursor.limit, quirks.pageSize ?? cursor.limit);
  switch (cursor.position.kind) {
    case 'live':
      return livePage(tree, folder, cursor, cursor.position, limit, quirks);
    case 'deleted':
      return deletedPage(tree, cursor, cursor.position, limit);
    case 'changes':
      return quirks.reversed
        ? backwardsPage(
            tree,
            cursor,
            { low: cursor.position.start, high: tree.journal.end, next: tree.journal.end },
            limit,
            quirks,
          )
        : changesPage(tree, cursor, cursor.position.start, limit, quirks);
    case 'backwards':
      return backwardsPage(tree, cursor, cursor.position, limit, quirks);
  }
}

/**
 * Whether a call to list_folder/continue would have something to tell. `from` is a position in the journal before which
 * the caller has looked already.
 */
export function hasChanges(tree: FileTree, cursor: Cursor, from = 0): boolean {
  const folder = descend(tree.root, cursor.folder.split('/').slice(1));
  if (folder === null || cursor.position.kind !== 'changes') return true;
  for (let next = Math.max(cursor.position.start, from); next < tree.journal.end; next++) {
    if (concerns(cursor, tree.journal.pathAt(next))) return true;
  }
  return false;
}

function livePage(
  tree: FileTree,
  folder: FolderNode,
  cursor: Cursor,
  position: { readonly after: string | null; readonly start: number },
  limit: number,
  quirks: PageQuirks,
): Page {
  const entries: TreeNode[] = [];
  let after = position.after;
  let complete = true;
  for (const { node, path } of walk(folder, '', after, cursor.recursive)) {
    if (entries.length === limit) {
      complete = false;
      break;
    }
    after = path;
    if ((node !== folder || cursor.tellsFolder) && isTold(cursor, node)) entries.push(node);
  }
  const told = quirks.reversed ? entries.toReversed() : entries;
  if (!complete)
    return { entries: told, cursor: at(cursor, { kind: 'live', after, start: position.start }), hasMore: true };
  if (!cursor.includeDeleted) return lastPage(tree, told, cursor, position.start);
  const room = limit - told.length;
  if (room === 0)
    return { entries: told, cursor: at(cursor, { kind: 'deleted', after: '', start: position.start }), hasMore: true };
  const rest = deletedPage(tree, cursor, { after: '', start: position.start }, room);
  return { ...rest, entries: [...told, ...rest.entries] };
}

function at(cursor: Cursor, position: Position): Cursor {
  return { ...cursor, position };
}

/** The last page of a listing; what changed while it was told comes next. */
function lastPage(tree: FileTree, entries: Page['entries'], cursor: Cursor, start: number): Page {
  const next = at(cursor, { kind: 'changes', start });
  return { entries, cursor: next, hasMore: hasChanges(tree, next) };
}

function deletedPage(
  tree: FileTree,
  cursor: Cursor,
  position: { readonly after: string; readonly start: number },
  limit: number,
): Page {
  const rest = [...tree.tombstones.keys()]
    .filter((path) => path > position.after && path !== cursor.folder && concerns(cursor, path))
    .filter((path) => tree.tombstones.get(path)?.purged === false)
    .toSorted();
  const entries = rest.slice(0, limit).flatMap((path) => tree.tombstones.get(path) ?? []);
  const complete = rest.length <= limit;
  const after = rest[limit - 1] ?? position.after;
  if (complete) return lastPage(tree, entries, cursor, position.start);
  return { entries, cursor: at(cursor, { kind: 'deleted', after, start: position.start }), hasMore: true };
}

function changesPage(tree: FileTree, cursor: Cursor, start: number, limit: number, quirks: PageQuirks): Page {
  const entries: (TreeNode | Tombstone)[] = [];
  let next = start;
  for (; next < tree.journal.end && entries.length < limit; next++) {
    if (tree.journal.isSuperseded(next)) continue;
    const entry = changedEntry(tree, cursor, tree.journal.pathAt(next), quirks);
    if (entry !== null) entries.push(entry);
  }
  const rest = at(cursor, { kind: 'changes', start: next });
  const hasMore = hasChanges(tree, rest);
  return {
    entries,
    cursor: hasMore ? rest : at(cursor, { kind: 'changes', start: tree.journal.end }),
    hasMore,
  };
}

/** Tells each path as it is now even where it changed again later, so that changes made meanwhile cannot hide one. */
function backwardsPage(
  tree: FileTree,
  cursor: Cursor,
  range: { readonly low: number; readonly high: number; readonly next: number },
  limit: number,
  quirks: PageQuirks,
): Page {
  const entries: (TreeNode | Tombstone)[] = [];
  let next = range.high;
  while (next > range.low && entries.length < limit) {
    next--;
    const entry = changedEntry(tree, cursor, tree.journal.pathAt(next), quirks);
    if (entry !== null) entries.push(entry);
  }
  const complete = next <= range.low;
  const position: Position = complete
    ? { kind: 'changes', start: range.next }
    : { kind: 'backwards', low: range.low, high: next, next: range.next };
  const rest = at(cursor, position);
  return { entries, cursor: rest, hasMore: !complete || hasChanges(tree, rest) };
}

/**
 * The state of a changed path, null where it is not told: outside what is listed, or deleted together with the folder
 * that held it, whose own deletion removes it already.
 */
function changedEntry(tree: FileTree, cursor: Cursor, path: string, quirks: PageQuirks): TreeNode | Tombstone | null {
  if (!concerns(cursor, path)) return null;
  const node = descend(tree.root, path.split('/').slice(1));
  if (node !== null) return isTold(cursor, node) ? node : null;
  const tombstone = tree.tombstones.get(path) ?? null;
  if (tombstone === null || quirks.everyDeletion) return tombstone;
  const parent = path.slice(0, path.lastIndexOf('/'));
  return parent === '' || descend(tree.root, parent.split('/').slice(1)) !== null ? tombstone : null;
}

function concerns(cursor: Cursor, path: string): boolean {
  const { folder } = cursor;
  if (path === folder) return cursor.recursive && cursor.tellsFolder;
  if (!path.startsWith(`${folder}/`)) return false;
  return cursor.recursive || !path.includes('/', folder.length + 1);
}

function isTold(cursor: Cursor, node: TreeNode): boolean {
  return cursor.includeNonDownloadable || node.kind === 'folder' || node.version.paper === null;
}

/** Parents first, in the order of keys, beginning after the entry at `after`. Paths are below `folder`. */
function* walk(
  folder: FolderNode,
  prefix: string,
  after: string | null,
  recursive: boolean,
): Generator<{ readonly node: TreeNode; readonly path: string }> {
  if (prefix === '' && after === null && recursive) yield { node: folder, path: '' };
  const below = after === null || after === '' ? '' : after.slice(1);
  const cut = below.indexOf('/');
  const first = cut < 0 ? below : below.slice(0, cut);
  const rest = cut < 0 ? '' : below.slice(cut);
  const children = sortedChildren(folder);
  for (let index = first === '' ? 0 : lowerBound(children, first); index < children.length; index++) {
    const node = children[index];
    if (node === undefined) return;
    const path = `${prefix}/${node.key}`;
    const resumed = first !== '' && node.key === first;
    if (!resumed) yield { node, path };
    if (recursive && node.kind === 'folder') yield* walk(node, path, resumed ? rest : '', true);
  }
}

/** A cursor as an opaque text, signed so that one that was not issued here is recognised. */
export function encodeCursor(cursor: Cursor, secret: string, epoch: number): string {
  const payload = Buffer.from(JSON.stringify([epoch, cursor])).toString('base64url');
  return `AA${sign(payload, secret)}${payload}`;
}

/** `reset` for a cursor of another epoch or another account; `malformed` for what is no cursor at all. */
export function decodeCursor(text: string, secret: string, epoch: number): Cursor | 'reset' | 'malformed' {
  const signature = text.slice(2, 24);
  const payload = text.slice(24);
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(payload, 'base64url').toString());
  } catch {
    return 'malformed';
  }
  if (!text.startsWith('AA') || !Array.isArray(parsed) || parsed.length !== 2) return 'malformed';
  if (sign(payload, secret) !== signature || parsed[0] !== epoch) return 'reset';
  return parsed[1] as Cursor;
}

function sign(payload: string, secret: string): string {
  return createHmac('sha256', secret).update(payload).digest('base64url').slice(0, 22);
}
