// The rules of writing: what is a conflict, what is renamed, what is refused. Each function checks everything, then
// applies operations to the tree; it throws a WriteProblem (a WriteError), a LookupProblem or a RelocationProblem before
// anything has changed. Used by the write routes and, without the name rules, by the control endpoint.

import { displayName } from './accounts.ts';
import { nest, tag, type Tagged } from './answers.ts';
import type { View } from './emulator.ts';
import { LookupProblem, notFound, placeOf, requireNode, type Place } from './lookup.ts';
import { conflictedName, isDisallowedName, isMalformedName, nameKey, numberedName } from './paths.ts';
import {
  descend,
  isBelow,
  pathLower,
  sortedChildren,
  subtree,
  type FileNode,
  type FileVersion,
  type FolderNode,
  type PaperInfo,
  type TreeNode,
} from './tree.ts';

/** A WriteError; each route wraps it into its own error. */
export class WriteProblem extends Error {
  readonly error: Tagged;
  constructor(error: Tagged) {
    super(error['.tag']);
    this.error = error;
  }
}

/** A RelocationError. */
export class RelocationProblem extends Error {
  readonly error: Tagged;
  constructor(error: Tagged) {
    super(error['.tag']);
    this.error = error;
  }
}

/** A folder moved or copied with more entries than this is refused. */
const MAX_RELOCATED_ENTRIES = 10_000;

export type WriteMode =
  { readonly tag: 'add' | 'overwrite'; readonly value: null } | { readonly tag: 'update'; readonly value: string };

export interface Commit {
  readonly path: string;
  readonly mode: WriteMode;
  readonly autorename: boolean;
  /** Milliseconds since the epoch; null for now. */
  readonly clientModified: number | null;
  readonly strictConflict: boolean;
}

export interface Content {
  readonly hash: string;
  readonly size: number;
}

interface Target {
  readonly parent: FolderNode;
  /** Folders to be made below `parent` before the entry itself. */
  readonly missing: readonly string[];
  readonly name: string;
}

function conflict(kind: 'file' | 'folder' | 'file_ancestor'): WriteProblem {
  return new WriteProblem(tag('conflict', kind));
}

/** The place of a new entry. Names of entries that exist are not judged. */
function targetOf(view: View, path: string): Target {
  let place: Place;
  try {
    place = placeOf(view, path);
  } catch (error) {
    if (error instanceof LookupProblem && error.error['.tag'] === 'malformed_path') {
      throw new WriteProblem(tag('malformed_path'));
    }
    throw error;
  }
  const name = place.names.at(-1);
  if (name === undefined) throw new WriteProblem(tag('malformed_path'));
  let parent = place.from;
  const folders = place.names.slice(0, -1);
  let depth = 0;
  for (; depth < folders.length; depth++) {
    const next = parent.children.get(nameKey(folders[depth] ?? ''));
    if (next === undefined) break;
    if (next.kind === 'file') throw conflict('file_ancestor');
    parent = next;
  }
  const missing = folders.slice(depth);
  const fresh = missing.length > 0 || !parent.children.has(nameKey(name)) ? [...missing, name] : [];
  if (fresh.some(isMalformedName)) throw new WriteProblem(tag('malformed_path'));
  if (fresh.some(isDisallowedName)) throw new WriteProblem(tag('disallowed_name'));
  return { parent, missing, name };
}

function presentAt(target: Target): TreeNode | null {
  return target.missing.length > 0 ? null : (target.parent.children.get(nameKey(target.name)) ?? null);
}

function makeParents(view: View, target: Target): FolderNode {
  const { tree } = view.emulator;
  let parent = target.parent;
  for (const name of target.missing) {
    const id = tree.newId();
    tree.apply({ op: 'folder', parent: parent.id, name, id });
    parent = tree.byId(id) as FolderNode;
  }
  return parent;
}

function now(view: View): number {
  return Math.floor(view.emulator.now() / 1000) * 1000;
}

function checkQuota(view: View, growth: number): void {
  const { tree, accounts } = view.emulator;
  if (growth > 0 && tree.usedBytes + growth > accounts.settings.allocated) {
    throw new WriteProblem(tag('insufficient_space'));
  }
}

/** Whether the commit may replace `present`; false where its name is taken in the way that autorename solves. */
function mayReplace(commit: Commit, content: Content, present: TreeNode | null): boolean | 'same' {
  if (present === null) return !(commit.mode.tag === 'update' && commit.strictConflict);
  if (present.kind === 'folder') return false;
  if (!commit.strictConflict && present.version.hash === content.hash && present.version.paper === null) return 'same';
  if (commit.mode.tag === 'overwrite') return true;
  return commit.mode.tag === 'update' && commit.mode.value === present.version.rev;
}

/**
 * Commits content as a file; answers the file, which is the old one, unchanged, where it has the same content.
 * The bytes must be in the blob store already.
 */
export function commitFile(view: View, commit: Commit, content: Content, paper: PaperInfo | null = null): FileNode {
  const { tree, accounts } = view.emulator;
  const target = targetOf(view, commit.path);
  const present = presentAt(target);
  const verdict = mayReplace(commit, content, present);
  if (verdict === 'same' && present?.kind === 'file') return present;
  let { name } = target;
  let replaced = present?.kind === 'file' ? present : null;
  if (verdict === false) {
    if (!commit.autorename) throw conflict(present?.kind === 'folder' ? 'folder' : 'file');
    const taken = (key: string): boolean => target.missing.length === 0 && target.parent.children.has(key);
    name =
      commit.mode.tag === 'update'
        ? conflictedName(name, displayName(accounts.settings).split(' ')[0] ?? '', taken)
        : numberedName(name, taken);
    replaced = null;
  }
  checkQuota(view, content.size - (replaced?.version.size ?? 0));
  const parent = makeParents(view, target);
  const version: FileVersion = {
    rev: tree.newRev(),
    hash: content.hash,
    size: content.size,
    clientModified: commit.clientModified ?? now(view),
    serverModified: now(view),
    paper,
  };
  const id = replaced?.id ?? tree.newId();
  tree.apply({ op: 'file', parent: parent.id, name: replaced?.name ?? name, id, version });
  return tree.byId(id) as FileNode;
}

export function createFolder(view: View, path: string, autorename: boolean): FolderNode {
  const { tree } = view.emulator;
  const target = targetOf(view, path);
  const present = presentAt(target);
  let { name } = target;
  if (present !== null) {
    if (!autorename) throw conflict(present.kind);
    name = numberedName(name, (key) => target.parent.children.has(key));
  }
  const parent = makeParents(view, target);
  const id = tree.newId();
  tree.apply({ op: 'folder', parent: parent.id, name, id });
  return tree.byId(id) as FolderNode;
}

/** Deletes; answers what was there. `parentRev` must be the file's rev where it is given. */
export function deleteEntry<T>(view: View, path: string, parentRev: string | null, describe: (node: TreeNode) => T): T {
  const node = requireNode(view, path);
  if (node.parent === null || node === view.base) throw new WriteProblem(tag('malformed_path'));
  if (view.emulator.accounts.settings.homeFolderId === node.id) throw new WriteProblem(tag('team_folder'));
  if (parentRev !== null) {
    if (node.kind === 'folder') throw new LookupProblem(tag('not_file'));
    if (node.version.rev !== parentRev) throw conflict('file');
  }
  const description = describe(node);
  view.emulator.tree.apply({ op: 'remove', id: node.id, at: now(view) });
  return description;
}

/** Where a relocation goes; autorenamed where its name is taken. */
function relocationTarget(view: View, source: TreeNode, toPath: string, autorename: boolean): Target {
  try {
    if (toPath.startsWith('id:')) throw new WriteProblem(tag('malformed_path'));
    const target = targetOf(view, toPath);
    const present = presentAt(target);
    if (present === null) return target;
    // A rename that changes case alone finds the entry itself in its way.
    if (!autorename || present === source) throw conflict(present.kind);
    return { ...target, name: numberedName(target.name, (key) => target.parent.children.has(key)) };
  } catch (error) {
    if (error instanceof WriteProblem) throw new RelocationProblem(nest('to', error.error));
    if (error instanceof LookupProblem) throw new RelocationProblem(nest('to', tag('no_write_permission')));
    throw error;
  }
}

function relocationSource(view: View, fromPath: string): TreeNode {
  try {
    const node = requireNode(view, fromPath);
    if (node.parent === null || node === view.base) throw new LookupProblem(tag('malformed_path'));
    return node;
  } catch (error) {
    if (error instanceof LookupProblem) throw new RelocationProblem(nest('from_lookup', error.error));
    throw error;
  }
}

function checkRelocation(source: TreeNode, target: Target, intoItself: string): void {
  if (isBelow(target.parent, source)) throw new RelocationProblem(tag(intoItself));
  let count = 0;
  for (const _ of subtree(source)) {
    if (++count > MAX_RELOCATED_ENTRIES) throw new RelocationProblem(tag('too_many_files'));
  }
}

export function moveEntry(view: View, fromPath: string, toPath: string, autorename: boolean): TreeNode {
  const { tree, accounts, faults } = view.emulator;
  const source = relocationSource(view, fromPath);
  if (source.id === accounts.settings.homeFolderId) {
    throw new RelocationProblem(nest('from_write', tag('team_folder')));
  }
  const target = relocationTarget(view, source, toPath, autorename);
  checkRelocation(source, target, 'cant_move_folder_into_itself');
  const parent = makeParents(view, target);
  const revsAfter = faults.settings.keepRevOnMove ? null : tree.lastRev;
  tree.apply({ op: 'move', id: source.id, parent: parent.id, name: target.name, revsAfter, at: now(view) });
  return source;
}

export function copyEntry(view: View, fromPath: string, toPath: string, autorename: boolean): TreeNode {
  const { tree, accounts } = view.emulator;
  const source = relocationSource(view, fromPath);
  const target = relocationTarget(view, source, toPath, autorename);
  checkRelocation(source, target, 'duplicated_or_nested_paths');
  let growth = 0;
  for (const node of subtree(source)) if (node.kind === 'file') growth += node.version.size;
  if (tree.usedBytes + growth > accounts.settings.allocated) throw new RelocationProblem(tag('insufficient_quota'));
  return copyInto(view, source, makeParents(view, target), target.name);
}

function copyInto(view: View, source: TreeNode, parent: FolderNode, name: string): TreeNode {
  const { tree } = view.emulator;
  const id = tree.newId();
  if (source.kind === 'file') {
    const version = { ...source.version, rev: tree.newRev(), serverModified: now(view) };
    tree.apply({ op: 'file', parent: parent.id, name, id, version });
  } else {
    tree.apply({ op: 'folder', parent: parent.id, name, id });
    const copy = tree.byId(id) as FolderNode;
    for (const child of sortedChildren(source)) copyInto(view, child, copy, child.name);
  }
  return tree.byId(id) as TreeNode;
}

/**
 * Makes an old revision of the file at `path` the current one; the server knows only revisions of that very path. A
 * deleted file gets its id back where no other entry has it.
 */
export function restoreFile(view: View, path: string, rev: string): FileNode {
  const { tree } = view.emulator;
  const revision = tree.revision(rev);
  if (revision === null || !tree.revisionsOfPath(lowerTarget(view, path)).some((one) => one.rev === rev)) {
    throw new RelocationProblem(tag('invalid_revision'));
  }
  const target = targetOf(view, path);
  const present = presentAt(target);
  if (present?.kind === 'folder') throw conflict('folder');
  if (present?.version.rev === rev) return present;
  checkQuota(view, revision.size - (present?.version.size ?? 0));
  const parent = makeParents(view, target);
  const id = present?.id ?? (tree.byId(revision.id) === null ? revision.id : tree.newId());
  const version: FileVersion = {
    rev: tree.newRev(),
    hash: revision.hash,
    size: revision.size,
    clientModified: revision.clientModified,
    serverModified: now(view),
    paper: revision.paper,
  };
  tree.apply({ op: 'file', parent: parent.id, name: present?.name ?? target.name, id, version });
  return tree.byId(id) as FileNode;
}

function lowerTarget(view: View, path: string): string {
  const place = placeOf(view, path);
  return `${pathLower(place.from)}${place.names.map((name) => `/${nameKey(name)}`).join('')}`;
}

/** Deletes and forgets every revision that the path, and all below it, ever had. */
export function purgeEntry(view: View, path: string): void {
  const { tree } = view.emulator;
  const lower = lowerTarget(view, path);
  const place = placeOf(view, path);
  const node = descend(place.from, place.names);
  if (node === null && tree.tombstones.get(lower)?.purged !== false) throw notFound();
  if (node !== null) deleteEntry(view, path, null, () => null);
  const paths = [...tree.tombstones.keys()].filter((one) => one === lower || one.startsWith(`${lower}/`));
  for (const one of paths) tree.apply({ op: 'forget', path: one });
}
