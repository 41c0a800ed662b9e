// A documents folder in memory with the behaviour of the real one: inodes, birth times, versions, a trash, temporary
// files that survive a "crash". A person's hand (`person`) changes it behind the program's back, and `onCall` lets a
// test or the simulation make any call fail or do something in between.

import { baseName, parentPath, type ContentHash, type EntryKind, type RelPath } from '../../src-shared/domain.ts';
import { isOwnName, nameKey } from '../../src-shared/names.ts';
import { Fault, type DiskEntry, type DiskStamp, type TempFile } from '../../src-main/engine/ports.ts';
import { hashOfBytes } from '../../src-main/infra/content-hash.ts';
import {
  componentsOf,
  faults,
  isTempName,
  plainKey,
  refuseCycle,
  tempName,
  type StoreDisk,
} from '../../src-main/store/disk/store-disk.ts';

interface Inode {
  readonly inode: number;
  readonly birth: number;
  kind: 'file' | 'folder' | 'unusable';
  bytes: Uint8Array;
  /** Of `bytes`; computed when first asked for. */
  hash: ContentHash | null;
  /** Milliseconds. */
  modified: number;
  /** Rises with every change, like ctime. */
  change: number;
  readonly children: Map<string, Inode>;
}

export type DiskCall =
  | 'check'
  | 'list'
  | 'stat'
  | 'hash'
  | 'read'
  | 'makeFolder'
  | 'move'
  | 'unlink'
  | 'openTemp'
  | 'write'
  | 'place'
  | 'trash'
  | 'restore'
  | 'free'
  | 'sweep';

export interface MemoryDiskOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** True: `a` and `A` are two names (Linux). */
  readonly caseSensitive?: boolean;
  /** Bytes that files may take in all; writing more is disk-full. */
  readonly capacity?: number;
}

const NO_BYTES = new Uint8Array(0);

export class MemoryDisk implements StoreDisk {
  readonly #now: () => number;
  readonly #caseSensitive: boolean;
  #counter = 0;
  readonly #own: Inode;
  /** What is found at the place of the folder while its disk is not mounted. */
  #elsewhere: Inode;
  readonly #trash = new Map<string, Inode>();
  /** What `check` finds. */
  state: 'ready' | 'documents-missing' | 'marker-missing' | 'read-only' = 'ready';
  capacity: number;
  /** Called before every effect and look-up; what it throws is what the caller gets. */
  readonly #strays = new Set<string>();
  readonly #written = new Set<Inode>();
  onCall: ((call: DiskCall, path: RelPath) => void | Promise<void>) | null = null;
  /** Paths (files or folders) that cannot be read, as after chmod 000. */
  readonly unreadable = new Set<string>();
  /** Called while a file is being hashed, after its bytes were read: a writer in between. */
  onHashing: ((path: RelPath) => void) | null = null;
  readonly person: Person;

  constructor(options: MemoryDiskOptions = {}) {
    this.#now = options.now ?? (() => 0);
    this.#caseSensitive = options.caseSensitive ?? true;
    this.capacity = options.capacity ?? Number.POSITIVE_INFINITY;
    this.#own = this.#create('folder');
    this.#elsewhere = this.#create('folder');
    this.person = new Person(this);
  }

  get #root(): Inode {
    if (this.state !== 'marker-missing' && this.state !== 'documents-missing') return this.#own;
    return this.#elsewhere;
  }

  // ------------------------------------------------------------ port

  async check(): Promise<void> {
    await this.#called('check', '' as RelPath);
    if (this.state === 'documents-missing') throw faults.documentsMissing('/memory');
    if (this.state === 'marker-missing') throw faults.markerMissing('/memory');
    if (this.state === 'read-only') throw faults.readOnly('The documents folder /memory');
  }

  async caseSensitive(): Promise<boolean> {
    return this.#caseSensitive;
  }

  async list(folder: RelPath): Promise<readonly DiskEntry[]> {
    await this.#called('list', folder);
    const node = this.#find(folder);
    if (node?.kind !== 'folder') throw faults.gone(folder);
    this.#readableOrThrow(folder);
    const entries: DiskEntry[] = [];
    for (const [name, child] of node.children) {
      if (!isOwnName(name)) entries.push({ name, kind: child.kind, stamp: stampOf(child) });
      else if (isTempName(name)) this.#strays.add(folder === '' ? name : `${folder}/${name}`);
    }
    return entries;
  }

  async stat(path: RelPath): Promise<DiskEntry | null> {
    await this.#called('stat', path);
    const node = this.#find(path);
    return node === null ? null : { name: baseName(path), kind: node.kind, stamp: stampOf(node) };
  }

  async hash(path: RelPath): Promise<{ readonly hash: ContentHash; readonly stamp: DiskStamp } | null> {
    await this.#called('hash', path);
    const node = this.#file(path);
    this.#readableOrThrow(path);
    const stamp = stampOf(node);
    const hash = (node.hash ??= hashOfBytes(node.bytes));
    this.onHashing?.(path);
    const after = this.#find(path);
    return after !== null && stampOf(after).version === stamp.version ? { hash, stamp } : null;
  }

  async *read(path: RelPath, start: number): AsyncGenerator<Uint8Array> {
    await this.#called('read', path);
    const { bytes } = this.#file(path);
    this.#readableOrThrow(path);
    const chunk = 64 * 1024;
    for (let position = start; position < bytes.length; position += chunk) {
      yield bytes.slice(position, position + chunk);
    }
  }

  async makeFolder(path: RelPath): Promise<DiskStamp> {
    await this.#called('makeFolder', path);
    this.#writableOrThrow(path);
    const folder = this.#parent(path);
    if (this.#child(folder, baseName(path)) !== null) throw faults.placeTaken(path);
    const node = this.#create('folder');
    this.#enter(folder, baseName(path), node);
    return stampOf(node);
  }

  async move(from: RelPath, to: RelPath): Promise<DiskStamp> {
    await this.#called('move', from);
    refuseCycle(from, to);
    this.#writableOrThrow(to);
    const source = this.#parent(from);
    const node = source.children.get(this.#spelling(source, baseName(from)) ?? '');
    if (node === undefined) throw faults.gone(from);
    const target = this.#parent(to);
    const there = this.#child(target, baseName(to));
    if (there !== null && (there !== node || from === to)) throw faults.placeTaken(to);
    // As on a real disk a file has both names for an instant.
    if (node.kind === 'file' && there === null) {
      this.#enter(target, baseName(to), node);
      await this.#called('unlink', from);
      // What somebody has saved there meanwhile stays.
      if (this.#child(source, baseName(from)) === node) this.#leave(source, baseName(from));
      node.change = ++this.#counter;
      return stampOf(node);
    }
    this.#leave(source, baseName(from));
    this.#enter(target, baseName(to), node);
    node.change = ++this.#counter;
    return stampOf(node);
  }

  async openTemp(folder: RelPath, key: string): Promise<TempFile> {
    await this.#called('openTemp', folder);
    const parent = this.#find(folder);
    if (parent?.kind !== 'folder') throw faults.gone(folder);
    const name = tempName(key);
    const path = (folder === '' ? name : `${folder}/${name}`) as RelPath;
    let node = parent.children.get(name);
    if (node === undefined) {
      node = this.#create('file');
      parent.children.set(name, node);
    }
    const written = node;
    this.#written.add(written);
    return new MemoryTemp(this, node, path, {
      leave: () => parent.children.delete(name),
      close: () => this.#written.delete(written),
    });
  }

  async place(
    temp: TempFile,
    to: RelPath,
    options: { readonly modified: number; readonly replaces: DiskStamp | null; readonly trashKey: string },
  ): Promise<DiskStamp> {
    await this.#called('place', to);
    this.#writableOrThrow(to);
    if (!(temp instanceof MemoryTemp)) throw new Error('The temporary file is not one of this disk.');
    const folder = this.#parent(to);
    const there = this.#child(folder, baseName(to));
    if (options.replaces === null) {
      if (there !== null) throw faults.placeTaken(to);
    } else {
      if (there === null || stampOf(there).version !== options.replaces.version) throw faults.changed(to);
      this.#keep(options.trashKey, there);
      this.#leave(folder, baseName(to));
      // As on a real disk nothing has the name for an instant.
      await this.#called('unlink', to);
    }
    temp.leave();
    temp.node.modified = options.modified;
    this.#enter(folder, baseName(to), temp.node);
    temp.node.change = ++this.#counter;
    return stampOf(temp.node);
  }

  async trash(path: RelPath, trashKey: string, expected?: DiskStamp): Promise<void> {
    await this.#called('trash', path);
    if (path === '') throw faults.gone(path);
    const folder = this.#parent(path);
    const node = this.#child(folder, baseName(path));
    if (node === null) throw faults.gone(path);
    if (expected !== undefined && stampOf(node).version !== expected.version) throw faults.changed(path);
    this.#leave(folder, baseName(path));
    this.#keep(trashKey, node);
  }

  async restore(trashKey: string, inner: RelPath, to: RelPath): Promise<DiskStamp> {
    await this.#called('restore', to);
    const key = plainKey(trashKey);
    const kept = this.#trash.get(key);
    const holder = inner === '' ? null : (kept && find(kept, parentPath(inner))) || null;
    const node = inner === '' ? (kept ?? null) : (holder?.children.get(baseName(inner)) ?? null);
    if (node === null) throw new Fault('gone', `The trash no longer keeps the bytes of "${to}".`);
    const folder = this.#parent(to);
    if (this.#child(folder, baseName(to)) !== null) throw faults.placeTaken(to);
    if (holder === null) this.#trash.delete(key);
    else holder.children.delete(baseName(inner));
    this.#enter(folder, baseName(to), node);
    return stampOf(node);
  }

  async lastUse(path: RelPath): Promise<number> {
    return this.#find(path)?.modified ?? 0;
  }

  async free(path: RelPath, stamp: DiskStamp): Promise<void> {
    await this.#called('free', path);
    const node = this.#find(path);
    if (node === null) throw faults.gone(path);
    if (node.kind !== 'file' || stampOf(node).version !== stamp.version) throw faults.changed(path);
    this.hand.leave(path);
  }

  async sweepTemps(wanted: readonly string[]): Promise<number> {
    await this.#called('sweep', '' as RelPath);
    const names = new Set(wanted.map(tempName));
    const strays = [...this.#strays].filter((path) => {
      const node = this.#find(path as RelPath);
      return node !== null && !this.#written.has(node) && !names.has(baseName(path as RelPath));
    });
    this.#strays.clear();
    for (const path of strays) this.#parent(path as RelPath).children.delete(baseName(path as RelPath));
    return strays.length;
  }

  /** The program is gone: nobody writes on. */
  crashed(): void {
    this.#written.clear();
  }

  async keeps(trashKey: string): Promise<boolean> {
    return this.#trash.has(plainKey(trashKey));
  }

  keyInTrash(trashKey: string): string {
    return plainKey(trashKey);
  }

  async trashed(): Promise<readonly { readonly trashKey: string; readonly kind: EntryKind; readonly size: number }[]> {
    return [...this.#trash].flatMap(([trashKey, { kind, bytes }]) =>
      kind === 'unusable' ? [] : [{ trashKey, kind, size: bytes.length }],
    );
  }

  async dropTwin(path: RelPath, other: RelPath): Promise<boolean> {
    const node = this.#find(path);
    if (node?.kind !== 'file' || this.#find(other) !== node) return false;
    const [folder, its] = [this.#parent(path), this.#parent(other)];
    // Two spellings of one name are no two names.
    if (folder === its && this.#spelling(folder, baseName(path)) === this.#spelling(its, baseName(other))) return false;
    this.#leave(folder, baseName(path));
    return true;
  }

  async purge(trashKey: string): Promise<void> {
    this.#trash.delete(plainKey(trashKey));
  }

  // ------------------------------------------------------------ for tests

  /** Content hashes of all files in the trash, those inside kept folders included. */
  trashedHashes(): ReadonlyMap<string, ContentHash> {
    const found = new Map<string, ContentHash>();
    for (const [key, node] of this.#trash) {
      visit(node, '', (path, child) => {
        if (child.kind === 'file') found.set(path === '' ? key : `${key}/${path}`, hashOf(child));
      });
    }
    return found;
  }

  /** The bytes of every file in the trash. */
  eachTrashed(see: (bytes: Uint8Array) => void): void {
    for (const kept of this.#trash.values()) {
      visit(kept, '', (_path, node) => {
        if (node.kind === 'file') see(node.bytes);
      });
    }
  }

  /** Every entry of the folder but the store's own: path → content hash, null for folders. */
  tree(): Record<string, ContentHash | null> {
    const found: [string, ContentHash | null][] = [];
    visit(this.#own, '', (path, node) => {
      if (path !== '' && !isOwnName(baseName(path as RelPath)))
        found.push([path, node.kind === 'file' ? hashOf(node) : null]);
    });
    return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Like `tree`, with contents as text. */
  texts(): Record<string, string | null> {
    const found: [string, string | null][] = [];
    visit(this.#own, '', (path, node) => {
      if (path !== '' && !isOwnName(baseName(path as RelPath))) {
        found.push([path, node.kind === 'file' ? Buffer.from(node.bytes).toString() : null]);
      }
    });
    return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  stampAt(path: string): DiskStamp | null {
    const node = this.#find(path as RelPath, this.#own);
    return node === null ? null : stampOf(node);
  }

  /** Every entry of the folder but the store's own, with its kind. */
  kinds(): readonly (readonly [path: string, kind: Inode['kind']])[] {
    const found: [string, Inode['kind']][] = [];
    visit(this.#own, '', (path, node) => {
      if (path !== '' && !isOwnName(baseName(path as RelPath))) found.push([path, node.kind]);
    });
    return found;
  }

  /** Temporary files that lie about. */
  temps(): readonly string[] {
    const found: string[] = [];
    visit(this.#own, '', (path) => {
      if (/^\.docktide-.*\.tmp$/.test(baseName(path as RelPath))) found.push(path);
    });
    return found;
  }

  bytes(path: string): Uint8Array | null {
    const node = this.#find(path as RelPath);
    return node?.kind === 'file' ? node.bytes : null;
  }

  /** Raw access for `person`, who has the folder's disk wherever it is mounted. */
  hand = {
    find: (path: string): Inode | null => this.#find(path as RelPath, this.#own),
    create: (kind: Inode['kind']): Inode => this.#create(kind),
    enter: (path: string, node: Inode): void => {
      const folder = this.#parent(path as RelPath, this.#own);
      this.#leave(folder, baseName(path as RelPath));
      this.#enter(folder, baseName(path as RelPath), node);
    },
    leave: (path: string): void => {
      this.#leave(this.#parent(path as RelPath, this.#own), baseName(path as RelPath));
    },
    touch: (node: Inode): void => {
      node.change = ++this.#counter;
    },
    now: (): number => this.#now(),
  };

  async called(call: DiskCall, path: RelPath): Promise<void> {
    await this.#called(call, path);
  }

  used(): number {
    let total = 0;
    visit(this.#own, '', (_path, node) => (total += node.bytes.length));
    return total;
  }

  // ------------------------------------------------------------ inside

  async #called(call: DiskCall, path: RelPath): Promise<void> {
    if (this.onCall !== null) await this.onCall(call, path);
  }

  #create(kind: Inode['kind']): Inode {
    const number = ++this.#counter;
    return {
      inode: number,
      birth: number,
      kind,
      bytes: NO_BYTES,
      hash: null,
      modified: this.#now(),
      change: number,
      children: new Map(),
    };
  }

  #find(path: RelPath, from: Inode = this.#root): Inode | null {
    let node = from;
    for (const name of componentsOf(path)) {
      const child = node.kind === 'folder' ? this.#child(node, name) : null;
      if (child === null) return null;
      node = child;
    }
    return node;
  }

  #file(path: RelPath): Inode {
    const node = this.#find(path);
    if (node?.kind !== 'file') throw faults.gone(path);
    return node;
  }

  #parent(path: RelPath, from: Inode = this.#root): Inode {
    componentsOf(path);
    const node = this.#find(parentPath(path), from);
    if (node?.kind !== 'folder') throw faults.gone(path);
    return node;
  }

  #spelling(folder: Inode, name: string): string | null {
    if (folder.children.has(name)) return name;
    if (this.#caseSensitive) return null;
    for (const other of folder.children.keys()) if (nameKey(other) === nameKey(name)) return other;
    return null;
  }

  #child(folder: Inode, name: string): Inode | null {
    const spelling = this.#spelling(folder, name);
    return spelling === null ? null : (folder.children.get(spelling) ?? null);
  }

  #enter(folder: Inode, name: string, node: Inode): void {
    folder.children.set(name, node);
    this.#contentsChanged(folder);
  }

  #leave(folder: Inode, name: string): void {
    const spelling = this.#spelling(folder, name);
    if (spelling !== null && folder.children.delete(spelling)) this.#contentsChanged(folder);
  }

  #contentsChanged(folder: Inode): void {
    folder.modified = this.#now();
    folder.change = ++this.#counter;
  }

  #keep(trashKey: string, node: Inode): void {
    const key = plainKey(trashKey);
    const earlier = this.#trash.get(key);
    if (earlier !== undefined) this.#trash.set(`${key}-${++this.#counter}`, earlier);
    this.#trash.set(key, node);
  }

  #readableOrThrow(path: RelPath): void {
    for (let at: RelPath = path; at !== ''; at = parentPath(at)) {
      if (this.unreadable.has(at)) throw faults.unreadable(path);
    }
  }

  #writableOrThrow(path: RelPath): void {
    if (this.state === 'read-only') throw faults.readOnly(`"${path}"`);
  }
}

class MemoryTemp implements TempFile {
  readonly path: RelPath;
  readonly node: Inode;
  readonly #disk: MemoryDisk;
  readonly leave: () => void;
  readonly #close: () => void;

  constructor(
    disk: MemoryDisk,
    node: Inode,
    path: RelPath,
    ends: { readonly leave: () => void; readonly close: () => void },
  ) {
    this.#disk = disk;
    this.node = node;
    this.path = path;
    this.leave = ends.leave;
    this.#close = ends.close;
  }

  get size(): number {
    return this.node.bytes.length;
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#disk.called('write', this.path);
    if (this.#disk.used() + chunk.length > this.#disk.capacity) throw faults.diskFull(this.path);
    this.node.bytes = Buffer.concat([this.node.bytes, chunk]);
    this.node.hash = null;
    this.#disk.hand.touch(this.node);
  }

  async finish(): Promise<void> {
    this.#close();
  }

  async discard(): Promise<void> {
    this.#close();
    this.leave();
  }

  async hash(): Promise<ContentHash> {
    return hashOf(this.node);
  }
}

/** What a person or another program does to the folder. Paths as in a shell; missing folders are made by `write`. */
export class Person {
  readonly #disk: MemoryDisk;

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
  }

  /** Changes the file in place, or creates it. */
  write(path: string, content: string | Uint8Array, modified?: number): void {
    const { hand } = this.#disk;
    let node = hand.find(path);
    if (node !== null && node.kind !== 'file') throw new Error(`${path} is not a file`);
    if (node === null) {
      this.mkdir(parentPath(path as RelPath));
      node = hand.create('file');
      hand.enter(path, node);
    }
    node.bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    node.hash = null;
    node.modified = modified ?? hand.now();
    hand.touch(node);
  }

  /** As many editors save: a new file under a temporary name, renamed over the old one. */
  safeSave(path: string, content: string): void {
    this.write(`${path}.tmp~save`, content);
    this.rename(`${path}.tmp~save`, path);
  }

  /** With the folders above it. */
  mkdir(path: string): void {
    if (path === '') return;
    const { hand } = this.#disk;
    const there = hand.find(path);
    if (there?.kind === 'folder') return;
    if (there !== null) throw new Error(`${path} is not a folder`);
    this.mkdir(parentPath(path as RelPath));
    hand.enter(path, hand.create('folder'));
  }

  /** As rename(2): a file at the target is replaced. */
  rename(from: string, to: string): void {
    const { hand } = this.#disk;
    const node = hand.find(from);
    if (node === null) throw new Error(`${from} does not exist`);
    const there = hand.find(to);
    if (there !== null && there !== node && there.children.size > 0) throw new Error(`${to} is not empty`);
    if (there !== null && (there.kind === 'folder') !== (node.kind === 'folder'))
      throw new Error(`${to} is not of the same kind`);
    if (hand.find(parentPath(to as RelPath))?.kind !== 'folder') throw new Error(`${to} has no folder`);
    hand.leave(from);
    hand.enter(to, node);
    hand.touch(node);
  }

  /** Gives a file a second name. */
  link(from: string, to: string): void {
    const { hand } = this.#disk;
    const node = hand.find(from);
    if (node === null) throw new Error(`${from} does not exist`);
    hand.enter(to, node);
  }

  copy(from: string, to: string): void {
    const bytes = this.#disk.bytes(from);
    if (bytes === null) throw new Error(`${from} is not a file`);
    this.write(to, bytes);
  }

  /** With all it holds. */
  remove(path: string): void {
    const { hand } = this.#disk;
    if (hand.find(path) === null) throw new Error(`${path} does not exist`);
    hand.leave(path);
  }

  /** A symlink, a socket or a name that is not UTF-8. */
  unusable(path: string): void {
    const { hand } = this.#disk;
    this.mkdir(parentPath(path as RelPath));
    hand.enter(path, hand.create('unusable'));
  }

  read(path: string): string | null {
    const bytes = this.#disk.bytes(path);
    return bytes === null ? null : Buffer.from(bytes).toString();
  }

  isFolder(path: string): boolean {
    return this.#disk.hand.find(path)?.kind === 'folder';
  }

  exists(path: string): boolean {
    return this.#disk.hand.find(path) !== null;
  }
}

function stampOf(node: Inode): DiskStamp {
  const fileId = `1:${node.inode}:${node.birth}`;
  const size = node.bytes.length;
  return {
    size,
    modified: Math.floor(node.modified),
    fileId,
    version: `${size}:${node.modified}:${node.change}:${fileId}`,
  };
}

function hashOf(node: Inode): ContentHash {
  return (node.hash ??= hashOfBytes(node.bytes));
}

function find(node: Inode, path: RelPath): Inode | null {
  let at: Inode | undefined = node;
  for (const name of componentsOf(path)) at = at?.children.get(name);
  return at ?? null;
}

function visit(node: Inode, path: string, see: (path: string, node: Inode) => void): void {
  see(path, node);
  for (const [name, child] of node.children) visit(child, path === '' ? name : `${path}/${name}`, see);
}
