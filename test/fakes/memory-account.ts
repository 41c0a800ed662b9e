// The account behind memory-cloud.ts: tree, revisions, change feed, quota. Synchronous; paths are those of the account.
// Its public methods are what people do in Dropbox, and below them what the clients of memory-client.ts need.

import { hashOfBytes } from '../../src-main/infra/content-hash.ts';
import {
  Fault,
  type AccountInfo,
  type ChangePage,
  type CloudStore,
  type Random,
  type RemoteChange,
  type Version,
} from '../../src-main/engine/ports.ts';
import type { RemoteEntry } from '../../src-main/sync/model.ts';
import type { ContentHash, Cursor, RelPath, RemoteId, Rev } from '../../src-shared/domain.ts';
import { nameKey, refusedByDropbox } from '../../src-shared/names.ts';

export interface MemoryCloudOptions {
  /** Entries a page of the change feed. Default 2,000. */
  readonly pageSize?: number;
  /** How a move appears in the feed. Default `deleted-first`; `shuffled` draws for each move from `random`. */
  readonly moveOrder?: 'deleted-first' | 'put-first' | 'shuffled';
  readonly random?: Random;
  /** Milliseconds since the epoch; stamps what the other side writes. */
  readonly now?: () => number;
  /** Bytes; null is unlimited. */
  readonly quota?: number | null;
  readonly account?: Partial<AccountInfo>;
}

/** One call that a client makes; uploads, new folders and removals are announced one by one. */
export interface CloudCall {
  /** Root of the client that calls. */
  readonly root: string;
  readonly method: Exclude<keyof CloudStore, 'traffic'>;
  /** Below the client's root; null where the call names none. */
  readonly path: RelPath | null;
  readonly id: RemoteId | null;
}

export interface TreeFile {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly id: RemoteId;
  readonly rev: Rev | null;
  readonly hash: ContentHash | null;
}

export interface FileNode {
  readonly kind: 'file';
  readonly id: RemoteId;
  name: string;
  parent: FolderNode;
  rev: Rev;
}

export interface FolderNode {
  readonly kind: 'folder';
  readonly id: RemoteId;
  name: string;
  /** Null for the account's top and for folders that are gone. */
  parent: FolderNode | null;
  readonly children: Map<string, Node>;
}

export type Node = FileNode | FolderNode;

export interface Revision {
  readonly id: RemoteId;
  /** Full lower-case path at which it was made; only there can it be restored. */
  readonly path: string;
  /** Null for cloud-only documents. */
  readonly bytes: Uint8Array | null;
  readonly hash: ContentHash | null;
  readonly modified: number;
}

interface Listing {
  readonly paths: readonly string[];
  /** Feed position when it began: what changed since then follows the listing. */
  readonly start: number;
}

export const TOP_ID = 'id:top' as RemoteId;

export class MemoryAccount {
  /** Called before every call takes effect; throw a Fault to fail it, any other error to end the caller. */
  before: ((call: CloudCall) => void | Promise<void>) | null = null;
  /** Called after the effect and before the answer: an error thrown here is an answer that was lost. */
  after: ((call: CloudCall) => void | Promise<void>) | null = null;
  /** Called between the parts of a download: an error thrown here is a connection that was cut. */
  during: ((call: CloudCall) => void | Promise<void>) | null = null;
  quota: number | null;
  /** Entries a page of the feed. */
  pageSize: number;
  /** How many of the newest changes a look at the feed may miss; the next look tells them. */
  lag = 0;
  /** Up to which change the feed has told in its last page. */
  told = 0;
  /** Calls by method, all clients together. */
  readonly calls = new Map<string, number>();

  readonly #options: MemoryCloudOptions;
  readonly #top: FolderNode = { kind: 'folder', id: TOP_ID, name: '', parent: null, children: new Map() };
  readonly #nodes = new Map<RemoteId, Node>();
  readonly #revisions = new Map<Rev, Revision>();
  /** Every path that changed, in order; only the newest mention of a path counts. */
  readonly #journal: string[] = [];
  readonly #lastMention = new Map<string, number>();
  /** Positions in the journal that tell of a deletion which never was. */
  readonly #rumours = new Set<number>();
  readonly #listings: Listing[] = [];
  readonly #waiters = new Set<() => void>();
  #epoch = 0;
  #count = 0;
  #used = 0;

  constructor(options: MemoryCloudOptions = {}) {
    this.#options = options;
    this.quota = options.quota ?? null;
    this.pageSize = options.pageSize ?? 2000;
  }

  /** Bytes of all files. */
  get used(): number {
    return this.#used;
  }

  // ------------------------------------------------------------ the other side

  /** Creates or replaces a file, folders above it included. Strings are UTF-8. Identical content changes nothing. */
  write(path: string, content: Uint8Array | string, options: { readonly modified?: number } = {}): RemoteEntry {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const node = this.find(path);
    if (node?.kind === 'folder') throw new Fault('conflict', `There is a folder at "${path}".`);
    return this.describe(this.put(path, node ?? null, bytes, hashOfBytes(bytes), options.modified ?? this.#now()));
  }

  /** Creates or changes a document that exists only in the cloud (Paper). */
  writeCloudOnly(path: string): RemoteEntry {
    const node = this.find(path);
    if (node?.kind === 'folder') throw new Fault('conflict', `There is a folder at "${path}".`);
    return this.describe(this.put(path, node ?? null, null, null, this.#now()));
  }

  /** Creates a folder and those above it; one that exists stays. */
  mkdir(path: string): RemoteEntry {
    return this.describe(this.makeFolders(path));
  }

  /** Also changes only the case of a name; that, as in Dropbox, never appears in the feed. */
  move(from: string, to: string): RemoteEntry {
    const node = this.#get(from);
    if (keyOf(from) === keyOf(to)) {
      if (node.parent !== null) node.name = lastName(to);
      return this.describe(node);
    }
    return this.describe(this.relocate(node, to));
  }

  remove(path: string): void {
    this.erase(this.#get(path));
  }

  exists(path: string): boolean {
    return this.find(path) !== null;
  }

  entry(path: string): RemoteEntry {
    return this.describe(this.#get(path));
  }

  bytesAt(path: string): Uint8Array {
    const node = this.#get(path);
    const bytes = node.kind === 'file' ? this.#revisions.get(node.rev)?.bytes : null;
    if (bytes === undefined || bytes === null) throw new Fault('not-found', `There is no file content at "${path}".`);
    return bytes;
  }

  /** Everything below `root`, sorted by path: content as text for files, null for folders. */
  tree(root = ''): Readonly<Record<string, string | null>> {
    const rows = this.entries(root).map(({ path, kind, rev }): [string, string | null] => {
      if (kind === 'folder' || rev === null) return [path, null];
      const bytes = this.#revisions.get(rev)?.bytes;
      return [path, bytes === null || bytes === undefined ? '(cloud only)' : new TextDecoder().decode(bytes)];
    });
    return Object.fromEntries(rows);
  }

  /** The same with ids, revs and hashes. */
  entries(root = ''): readonly TreeFile[] {
    const start = this.find(root);
    if (start === null || start.kind === 'file') return [];
    const rows: TreeFile[] = [];
    const visit = (folder: FolderNode, above: string): void => {
      for (const child of folder.children.values()) {
        const path = above === '' ? child.name : `${above}/${child.name}`;
        const file = child.kind === 'file' ? child : null;
        const hash = file === null ? null : (this.#revisions.get(file.rev)?.hash ?? null);
        rows.push({ path, kind: child.kind, id: child.id, rev: file?.rev ?? null, hash });
        if (child.kind === 'folder') visit(child, path);
      }
    };
    visit(start, '');
    return rows.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Content of any revision that ever was; null for one that never was. */
  contentOf(rev: Rev): Uint8Array | null {
    return this.#revisions.get(rev)?.bytes ?? null;
  }

  /** What a file has held, newest first. */
  versionsOf(id: RemoteId): Version[] {
    return [...this.#revisions]
      .flatMap(([rev, one]) => (one.id === id && one.hash !== null ? [{ rev, hash: one.hash }] : []))
      .toReversed();
  }

  /** Every content that any revision ever had. */
  hashesEver(): ReadonlySet<ContentHash> {
    const hashes = new Set<ContentHash>();
    for (const { hash } of this.#revisions.values()) if (hash !== null) hashes.add(hash);
    return hashes;
  }

  /** All cursors handed out so far answer `cursor-reset` from now on. */
  resetCursors(): void {
    this.#epoch++;
  }

  /** The feed tells that a folder is gone, and then all it holds again, as it does when a folder is shared. */
  rumourDeletion(path: string): void {
    const folder = this.#get(path);
    this.#rumours.add(this.#journal.length);
    for (const told of [this.lowerPath(folder), ...this.#pathsFrom(folder)]) this.#mention(told);
  }

  // ------------------------------------------------------------ used by the client

  find(path: string): Node | null {
    let node: Node = this.#top;
    for (const name of segments(path)) {
      const next: Node | undefined = node.kind === 'folder' ? node.children.get(nameKey(name)) : undefined;
      if (next === undefined) return null;
      node = next;
    }
    return node;
  }

  byId(id: RemoteId): Node | null {
    return this.#nodes.get(id) ?? null;
  }

  /** Whether a change at a path came after what the feed had told at a time. Full lower-case path. */
  isNews(path: string, told: number): boolean {
    return (this.#lastMention.get(keyOf(path)) ?? -1) >= told;
  }

  revision(rev: Rev): Revision | null {
    return this.#revisions.get(rev) ?? null;
  }

  /** Full lower-case path, without a leading `/`. */
  lowerPath(node: Node): string {
    let path = '';
    for (let at: Node | null = node; at !== null && at.parent !== null; at = at.parent) {
      path = path === '' ? nameKey(at.name) : `${nameKey(at.name)}/${path}`;
    }
    return path;
  }

  describe(node: Node): RemoteEntry {
    const common = { id: node.id, pathLower: this.lowerPath(node) as RelPath, name: node.name };
    if (node.kind === 'folder') {
      return { ...common, kind: 'folder', rev: null, hash: null, size: 0, downloadable: true, modified: 0 };
    }
    const revision = this.#revisions.get(node.rev);
    return {
      ...common,
      kind: 'file',
      rev: node.rev,
      hash: revision?.hash ?? null,
      size: revision?.bytes?.length ?? 0,
      downloadable: revision?.bytes !== null,
      modified: revision?.modified ?? 0,
    };
  }

  /** Writes a file at `path`; `node` is what is there now. */
  put(
    path: string,
    node: FileNode | null,
    bytes: Uint8Array | null,
    hash: ContentHash | null,
    modified: number,
    id?: RemoteId,
  ): FileNode {
    const before = node === null ? null : this.#revisions.get(node.rev);
    if (node !== null && hash !== null && before?.hash === hash) return node;
    const growth = (bytes?.length ?? 0) - (before?.bytes?.length ?? 0);
    if (this.quota !== null && growth > 0 && this.#used + growth > this.quota) {
      throw new Fault('no-space', 'This Dropbox account is full. Free some space in Dropbox, then go on.');
    }
    const parent = node?.parent ?? this.makeFolders(parentOf(path));
    const name = node?.name ?? checkedName(path);
    const file: FileNode = node ?? { kind: 'file', id: id ?? this.#newId(), name, parent, rev: '' as Rev };
    this.#newRevision(file, { bytes, hash, modified: Math.floor(modified / 1000) * 1000 });
    this.#used += growth;
    this.#nodes.set(file.id, file);
    parent.children.set(nameKey(file.name), file);
    this.#mention(this.lowerPath(file));
    return file;
  }

  makeFolders(path: string): FolderNode {
    let folder = this.#top;
    for (const name of segments(path)) {
      const next = folder.children.get(nameKey(name));
      if (next?.kind === 'file') throw new Fault('conflict', `"${name}" in "${path}" is a file, not a folder.`);
      folder = next ?? this.#addFolder(folder, checkedName(name));
    }
    return folder;
  }

  relocate(node: Node, to: string): Node {
    if (node.parent === null) throw new Fault('bad-request', 'The root of an account cannot be moved.');
    if (this.find(to) !== null) throw new Fault('conflict', `There is something at "${to}" already.`);
    const from = this.lowerPath(node);
    if (`${keyOf(to)}/`.startsWith(`${from}/`)) {
      throw new Fault('conflict', `"${from}" cannot be moved into itself ("${to}").`);
    }
    const name = checkedName(to);
    const parent = this.makeFolders(parentOf(to));
    const gone = this.#pathsFrom(node);
    node.parent.children.delete(nameKey(node.name));
    node.parent = parent;
    node.name = name;
    parent.children.set(nameKey(name), node);
    this.#renewRevs(node);
    const come = this.#pathsFrom(node);
    // With shuffled moves, what comes may also be named before its folder.
    if (this.#options.moveOrder === 'shuffled' && this.#deletedFirst()) come.reverse();
    for (const path of this.#deletedFirst() ? [...gone, ...come] : [...come, ...gone]) this.#mention(path);
    return node;
  }

  erase(node: Node): void {
    if (node.parent === null) throw new Fault('bad-request', 'The root of an account cannot be deleted.');
    const gone = this.#pathsFrom(node);
    node.parent.children.delete(nameKey(node.name));
    const forget = (lost: Node): void => {
      this.#nodes.delete(lost.id);
      if (lost.kind === 'file') this.#used -= this.#revisions.get(lost.rev)?.bytes?.length ?? 0;
      else for (const child of lost.children.values()) forget(child);
    };
    forget(node);
    for (const path of gone) this.#mention(path);
  }

  /** One page of what is (`cursor` null) or has changed below `root` (lower case, without slashes at the ends). */
  page(root: string, cursor: Cursor | null): ChangePage {
    const top = this.find(root);
    const position = cursor === null ? null : this.#readCursor(cursor);
    if (top === null || top.kind === 'file') {
      throw new Fault('root-gone', `The folder "${root}" is no longer in Dropbox.`);
    }
    if (position === null) {
      const [, ...paths] = this.#pathsFrom(top);
      this.#listings.push({ paths, start: this.#journal.length });
      return this.#listingPage(root, this.#listings.length - 1, 0);
    }
    if (position.listing !== null) return this.#listingPage(root, position.listing, position.at);
    return this.#feedPage(root, position.at);
  }

  hasChanges(root: string, cursor: Cursor): boolean {
    const position = this.#readCursor(cursor);
    return position.listing !== null || this.#feedPage(root, position.at).changes.length > 0;
  }

  /** Resolves at the next change anywhere in the account; rejects with Fault 'aborted'. */
  nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#waiters.delete(wake);
        reject(new Fault('aborted', 'Waiting for changes was ended.'));
      };
      const wake = (): void => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      this.#waiters.add(wake);
    });
  }

  account(): AccountInfo {
    return {
      accountId: 'dbid:memory',
      name: 'Ada Example',
      email: 'ada@example.com',
      kind: 'basic',
      photoUrl: null,
      rootNamespace: '1',
      homeNamespace: '1',
      homePath: null,
      team: null,
      ...this.#options.account,
    };
  }

  // ------------------------------------------------------------ inside

  #now(): number {
    return this.#options.now?.() ?? 0;
  }

  #newId(): RemoteId {
    return `id:${String(++this.#count).padStart(22, '0')}` as RemoteId;
  }

  #newRevision(file: FileNode, content: Pick<Revision, 'bytes' | 'hash' | 'modified'>): void {
    file.rev = (0x5f0000000000 + ++this.#count).toString(16) as Rev;
    this.#revisions.set(file.rev, { ...content, id: file.id, path: this.lowerPath(file) });
  }

  /** As in Dropbox, a file gets a new rev at its new place. */
  #renewRevs(node: Node): void {
    if (node.kind === 'folder') for (const child of node.children.values()) this.#renewRevs(child);
    else {
      const revision = this.#revisions.get(node.rev);
      if (revision !== undefined) this.#newRevision(node, revision);
    }
  }

  #get(path: string): Node {
    const node = this.find(path);
    if (node === null) throw new Fault('not-found', `There is nothing at "${path}".`);
    return node;
  }

  #addFolder(parent: FolderNode, name: string): FolderNode {
    const folder: FolderNode = { kind: 'folder', id: this.#newId(), name, parent, children: new Map() };
    parent.children.set(nameKey(name), folder);
    this.#nodes.set(folder.id, folder);
    this.#mention(this.lowerPath(folder));
    return folder;
  }

  #pathsFrom(node: Node): string[] {
    const paths: string[] = [];
    const visit = (at: Node, path: string): void => {
      paths.push(path);
      if (at.kind === 'file') return;
      for (const [key, child] of at.children) visit(child, path === '' ? key : `${path}/${key}`);
    };
    visit(node, this.lowerPath(node));
    return paths;
  }

  #deletedFirst(): boolean {
    const order = this.#options.moveOrder ?? 'deleted-first';
    return order === 'shuffled' ? (this.#options.random ?? Math.random)() < 0.5 : order === 'deleted-first';
  }

  #mention(path: string): void {
    this.#lastMention.set(path, this.#journal.length);
    this.#journal.push(path);
    const waiting = [...this.#waiters];
    this.#waiters.clear();
    for (const wake of waiting) wake();
  }

  #cursor(listing: number | null, at: number): Cursor {
    return `${this.#epoch}.${listing ?? 'feed'}.${at}` as Cursor;
  }

  #readCursor(cursor: Cursor): { listing: number | null; at: number } {
    const [epoch, listing, at] = cursor.split('.');
    if (Number(epoch) !== this.#epoch || at === undefined) {
      throw new Fault('cursor-reset', 'Dropbox asks for a new full listing.');
    }
    return { listing: listing === 'feed' ? null : Number(listing), at: Number(at) };
  }

  #listingPage(root: string, id: number, at: number): ChangePage {
    const listing = this.#listings[id];
    if (listing === undefined) throw new Fault('cursor-reset', 'Dropbox asks for a new full listing.');
    const end = at + this.pageSize;
    const changes: RemoteChange[] = [];
    for (const path of listing.paths.slice(at, end)) {
      const node = this.find(path);
      if (node !== null) changes.push({ kind: 'put', entry: below(root, this.describe(node)) });
    }
    if (end < listing.paths.length) return { changes, cursor: this.#cursor(id, end), hasMore: true };
    const hasMore = this.#feedPage(root, listing.start).changes.length > 0;
    return { changes, cursor: this.#cursor(null, listing.start), hasMore };
  }

  #feedPage(root: string, start: number): ChangePage {
    const changes: RemoteChange[] = [];
    const inside = root === '' ? '' : `${root}/`;
    const missed = this.lag === 0 ? 0 : Math.floor((this.#options.random ?? Math.random)() * (this.lag + 1));
    const end = Math.max(start, this.#journal.length - missed);
    let at = start;
    for (; at < end && changes.length < this.pageSize; at++) {
      const path = this.#journal[at] ?? '';
      const rumour = this.#rumours.has(at);
      if (!path.startsWith(inside) || (this.#lastMention.get(path) !== at && !rumour)) continue;
      const node = rumour ? null : this.find(path);
      if (node !== null) changes.push({ kind: 'put', entry: below(root, this.describe(node)) });
      else if (!this.#goesWithParent(path, start, at)) {
        changes.push({ kind: 'deleted', pathLower: path.slice(inside.length) as RelPath });
      }
    }
    let hasMore = false;
    this.told = at;
    for (let i = at; i < end && !hasMore; i++) {
      hasMore = (this.#journal[i] ?? '').startsWith(inside) && this.#lastMention.get(this.#journal[i] ?? '') === i;
    }
    return { changes, cursor: this.#cursor(null, at), hasMore };
  }

  /** A deletion that the folder above has told of already, in this very page. */
  #goesWithParent(path: string, start: number, at: number): boolean {
    const parent = parentOf(path);
    const mention = this.#lastMention.get(parent);
    return mention !== undefined && mention >= start && mention < at && this.find(parent) === null;
  }
}

export function segments(path: string): string[] {
  return path.split('/').filter((name) => name !== '');
}

export function keyOf(path: string): string {
  return segments(path).map(nameKey).join('/');
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function checkedName(path: string): string {
  const name = lastName(path);
  const reason = refusedByDropbox(name);
  if (reason !== null) throw new Fault('name-refused', `Dropbox does not take the name "${name}": ${reason}.`);
  return name;
}

export function below(root: string, entry: RemoteEntry): RemoteEntry {
  if (root === '') return entry;
  return { ...entry, pathLower: entry.pathLower.slice(root.length + 1) as RelPath };
}
