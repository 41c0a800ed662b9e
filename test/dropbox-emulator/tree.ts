// The files and folders of the account, with their history: live nodes by path and id, tombstones of what was deleted,
// every revision, and the journal of changed paths that cursors read. Everything changes through `apply(operation)`;
// an operation says all that was decided (ids, revs, times), so that replaying the operations gives the same tree.
// Decisions are made in writes.ts; persistence.ts keeps the operations.

import { randomBytes } from 'node:crypto';
import { Journal } from './journal.ts';
import { nameKey } from './paths.ts';

/** A document that cannot be downloaded, only exported (Paper). */
export interface PaperInfo {
  readonly exportAs: string;
  readonly exportOptions: readonly string[];
}

/** One revision of a file. Times are milliseconds since the epoch, in whole seconds. */
export interface FileVersion {
  readonly rev: string;
  readonly hash: string;
  readonly size: number;
  readonly clientModified: number;
  readonly serverModified: number;
  readonly paper: PaperInfo | null;
}

/** A revision with the place it had. */
export interface Revision extends FileVersion {
  readonly id: string;
  readonly pathLower: string;
  readonly pathDisplay: string;
}

export interface FileNode {
  readonly kind: 'file';
  readonly id: string;
  name: string;
  key: string;
  parent: FolderNode;
  version: FileVersion;
}

export interface FolderNode {
  readonly kind: 'folder';
  readonly id: string;
  name: string;
  key: string;
  parent: FolderNode | null;
  readonly children: Map<string, TreeNode>;
  /** The children by key, those in `added` excepted. */
  sorted: TreeNode[];
  /** Children that came since the last look. */
  added: TreeNode[];
}

export type TreeNode = FileNode | FolderNode;

export interface Tombstone {
  readonly kind: 'deleted';
  readonly id: string;
  readonly name: string;
  readonly pathLower: string;
  readonly pathDisplay: string;
  readonly deletedAt: number;
  readonly wasFile: boolean;
  /** Deleted for good: no longer listed; only readers that have not heard of the deletion are told. */
  readonly purged: boolean;
}

export type TreeOperation =
  | { readonly op: 'folder'; readonly parent: string; readonly name: string; readonly id: string }
  | {
      readonly op: 'file';
      readonly parent: string;
      readonly name: string;
      readonly id: string;
      readonly version: FileVersion;
    }
  | { readonly op: 'remove'; readonly id: string; readonly at: number }
  | {
      readonly op: 'move';
      readonly id: string;
      readonly parent: string;
      readonly name: string;
      /** Files get new revs at their new place, counted from this one; null where they keep theirs. */
      readonly revsAfter: string | null;
      readonly at: number;
    }
  | { readonly op: 'recase'; readonly id: string; readonly name: string }
  | { readonly op: 'forget'; readonly path: string };

export const ROOT_ID = 'id:AAAAAAAAAAAAAAAAAAAAAA';
const FIRST_REV = 0x5_0000_0000_0000;

export class FileTree {
  readonly root: FolderNode = newFolder(ROOT_ID, '', null);
  readonly journal = new Journal();
  readonly tombstones = new Map<string, Tombstone>();
  readonly #byId = new Map<string, TreeNode>([[ROOT_ID, this.root]]);
  readonly #revisions = new Map<string, Revision>();
  readonly #revsByPath = new Map<string, string[]>();
  readonly #revsById = new Map<string, string[]>();
  readonly #tombstoneById = new Map<string, Tombstone>();
  #lastRev = FIRST_REV;
  #usedBytes = 0;
  /** Called after each operation. */
  applied: (operation: TreeOperation) => void = () => {};

  /** Bytes of all live files. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  get entryCount(): number {
    return this.#byId.size - 1;
  }

  /** `id:` and 22 url-safe characters. */
  newId(): string {
    return `id:${randomBytes(17).toString('base64url').slice(0, 22)}`;
  }

  newRev(): string {
    return (++this.#lastRev).toString(16);
  }

  /** The newest rev given out. */
  get lastRev(): string {
    return this.#lastRev.toString(16);
  }

  byId(id: string): TreeNode | null {
    return this.#byId.get(id) ?? null;
  }

  tombstoneOf(id: string): Tombstone | null {
    return this.#tombstoneById.get(id) ?? null;
  }

  revision(rev: string): Revision | null {
    return this.#revisions.get(rev) ?? null;
  }

  /** Newest first. */
  revisionsOfPath(pathLower: string): readonly Revision[] {
    return this.#newestFirst(this.#revsByPath.get(pathLower));
  }

  /** Newest first. */
  revisionsOfId(id: string): readonly Revision[] {
    return this.#newestFirst(this.#revsById.get(id));
  }

  #newestFirst(revs: readonly string[] | undefined): readonly Revision[] {
    return (revs ?? []).flatMap((rev) => this.#revisions.get(rev) ?? []).toReversed();
  }

  apply(operation: TreeOperation): void {
    switch (operation.op) {
      case 'folder':
        this.#addFolder(operation.parent, operation.name, operation.id);
        break;
      case 'file':
        this.#putFile(operation.parent, operation.name, operation.id, operation.version);
        break;
      case 'remove':
        this.#remove(this.#node(operation.id), operation.at);
        break;
      case 'move':
        this.#move(operation);
        break;
      case 'recase':
        this.#node(operation.id).name = operation.name;
        break;
      case 'forget':
        this.#forget(operation.path);
        break;
    }
    this.applied(operation);
    this.journal.announce();
  }

  #node(id: string): TreeNode {
    const node = this.#byId.get(id);
    if (node === undefined) throw new Error(`No entry ${id}`);
    return node;
  }

  #folder(id: string): FolderNode {
    const node = this.#node(id);
    if (node.kind !== 'folder') throw new Error(`Entry ${id} is not a folder`);
    return node;
  }

  #addFolder(parentId: string, name: string, id: string): void {
    const node = newFolder(id, name, this.#folder(parentId));
    this.#byId.set(id, node);
    attach(node, this.#folder(parentId));
    this.#arrived(node);
  }

  #putFile(parentId: string, name: string, id: string, version: FileVersion): void {
    const parent = this.#folder(parentId);
    const present = parent.children.get(nameKey(name));
    if (present?.kind === 'folder') throw new Error(`A folder has the name ${name}`);
    if (present === undefined) {
      const node: FileNode = { kind: 'file', id, name, key: nameKey(name), parent, version };
      this.#byId.set(id, node);
      attach(node, parent);
      this.#usedBytes += version.size;
      this.#recordRevision(node);
      this.#arrived(node);
    } else {
      this.#usedBytes += version.size - present.version.size;
      present.version = version;
      this.#recordRevision(present);
      this.#arrived(present);
    }
    this.#lastRev = Math.max(this.#lastRev, Number.parseInt(version.rev, 16));
  }

  #remove(node: TreeNode, at: number): void {
    for (const gone of subtree(node)) {
      this.#byId.delete(gone.id);
      this.#left(gone, pathLower(gone), pathDisplay(gone), at);
      if (gone.kind === 'file') this.#usedBytes -= gone.version.size;
    }
    detach(node);
  }

  #move(operation: Extract<TreeOperation, { op: 'move' }>): void {
    const node = this.#node(operation.id);
    for (const member of subtree(node)) {
      this.#left(member, pathLower(member), pathDisplay(member), operation.at);
      this.#tombstoneById.delete(member.id);
    }
    detach(node);
    node.name = operation.name;
    node.key = nameKey(operation.name);
    attach(node, this.#folder(operation.parent));
    if (operation.revsAfter !== null) this.#lastRev = Math.max(this.#lastRev, Number.parseInt(operation.revsAfter, 16));
    for (const member of subtree(node)) {
      if (member.kind === 'file') {
        if (operation.revsAfter !== null) {
          member.version = { ...member.version, rev: this.newRev(), serverModified: operation.at };
        }
        this.#recordRevision(member);
      }
      this.#arrived(member);
    }
  }

  #arrived(node: TreeNode): void {
    const path = pathLower(node);
    this.tombstones.delete(path);
    this.#tombstoneById.delete(node.id);
    this.journal.note(path);
  }

  #left(node: TreeNode, path: string, display: string, at: number): void {
    const tombstone: Tombstone = {
      kind: 'deleted',
      id: node.id,
      name: node.name,
      pathLower: path,
      pathDisplay: display,
      deletedAt: at,
      wasFile: node.kind === 'file',
      purged: false,
    };
    this.tombstones.set(path, tombstone);
    this.#tombstoneById.set(node.id, tombstone);
    this.journal.note(path);
  }

  #recordRevision(node: FileNode): void {
    const path = pathLower(node);
    const { rev } = node.version;
    this.#revisions.set(rev, { ...node.version, id: node.id, pathLower: path, pathDisplay: pathDisplay(node) });
    append(this.#revsByPath, path, rev);
    append(this.#revsById, node.id, rev);
  }

  #forget(path: string): void {
    for (const rev of this.#revsByPath.get(path) ?? []) this.#revisions.delete(rev);
    this.#revsByPath.delete(path);
    const tombstone = this.tombstones.get(path);
    if (tombstone === undefined) return;
    this.#tombstoneById.delete(tombstone.id);
    this.tombstones.set(path, { ...tombstone, purged: true });
  }
}

function append(map: Map<string, string[]>, key: string, rev: string): void {
  const revs = map.get(key);
  if (revs === undefined) map.set(key, [rev]);
  else if (revs.at(-1) !== rev) revs.push(rev);
}

function newFolder(id: string, name: string, parent: FolderNode | null): FolderNode {
  return {
    kind: 'folder',
    id,
    name,
    key: nameKey(name),
    parent,
    children: new Map(),
    sorted: [],
    added: [],
  };
}

function attach(node: TreeNode, parent: FolderNode): void {
  node.parent = parent;
  parent.children.set(node.key, node);
  parent.added.push(node);
}

function detach(node: TreeNode): void {
  const { parent } = node;
  if (parent === null) throw new Error('The root cannot be removed');
  parent.children.delete(node.key);
  const at = lowerBound(parent.sorted, node.key);
  if (parent.sorted[at] === node) parent.sorted.splice(at, 1);
  else parent.added.splice(parent.added.indexOf(node), 1);
}

/** Many new children are merged by sorting, few are put in their places. */
const FEW = 32;

/** The children by key. */
export function sortedChildren(folder: FolderNode): readonly TreeNode[] {
  const { sorted, added } = folder;
  if (added.length > FEW) {
    folder.sorted = [...sorted, ...added].toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  } else for (const node of added) sorted.splice(lowerBound(sorted, node.key), 0, node);
  if (added.length > 0) folder.added = [];
  return folder.sorted;
}

/** Index of the first child whose key is not below `key`. */
export function lowerBound(children: readonly TreeNode[], key: string): number {
  let low = 0;
  let high = children.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((children[middle]?.key ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The node itself, then all below it, parents first, in the order of their keys. */
export function* subtree(node: TreeNode): Generator<TreeNode> {
  yield node;
  if (node.kind === 'folder') for (const child of sortedChildren(node)) yield* subtree(child);
}

/** Path by keys from the tree's root: '' for the root, else `/a/b`. */
export function pathLower(node: TreeNode): string {
  let path = '';
  for (let at: TreeNode | null = node; at !== null && at.parent !== null; at = at.parent) path = `/${at.key}${path}`;
  return path;
}

export function pathDisplay(node: TreeNode): string {
  let path = '';
  for (let at: TreeNode | null = node; at !== null && at.parent !== null; at = at.parent) path = `/${at.name}${path}`;
  return path;
}

export function isBelow(node: TreeNode, ancestor: TreeNode): boolean {
  for (let at: TreeNode | null = node; at !== null; at = at.parent) if (at === ancestor) return true;
  return false;
}

/** Follows names down from a folder; null where nothing is there. */
export function descend(from: FolderNode, names: readonly string[]): TreeNode | null {
  let at: TreeNode = from;
  for (const name of names) {
    if (at.kind !== 'folder') return null;
    const next: TreeNode | undefined = at.children.get(nameKey(name));
    if (next === undefined) return null;
    at = next;
  }
  return at;
}
