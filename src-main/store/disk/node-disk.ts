// The documents folder on a real disk. In: paths relative to the folder; out: stamps, bytes, Faults.
// Never follows a symlink, never leaves the folder, never shows half a file under its name, never replaces a file
// without keeping its bytes in the trash. Called by the engine's executor and by the observer.

import { close, constants, lstatSync, open, read, readdirSync, utimesSync, type BigIntStats } from 'node:fs';
import { access, link, mkdir, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  baseName,
  joinPath,
  parentPath,
  type ContentHash,
  type EntryKind,
  type RelPath,
} from '../../../src-shared/domain.ts';
import { MARKER_NAME, isOwnName, nameKey } from '../../../src-shared/names.ts';
import { Fault, type DiskEntry, type DiskStamp, type TempFile } from '../../engine/ports.ts';
import { hashInPlace, type FileHasher } from '../../infra/file-hasher.ts';
import { makeFolder } from '../../infra/make-folder.ts';
import { copyTree, flushFolder, renameAcross } from './node-copy.ts';
import { asFault, codeOf, kindOf, stampOf } from './node-stamp.ts';
import { finishStaged, giveName, hasNoLinks, moveToTrash, removeIfSame, replaceIfSame } from './node-take-away.ts';
import { NodeTempFile, openNodeTemp } from './node-temp.ts';
import { SharedRun } from '../../infra/shared-run.ts';
import {
  componentsOf,
  faults,
  isTempName,
  isUnlockedTempName,
  plainKey,
  refuseCycle,
  tempName,
  type StoreDisk,
} from './store-disk.ts';

const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
/** Bytes of one read; the first one is small, because most files are. */
const READ_CHUNK = 1024 * 1024;
const FIRST_CHUNK = 64 * 1024;
const [openFile, readBlock, closeFile] = [promisify(open), promisify(read), promisify(close)];
/** Milliseconds of synchronous work after which a listing lets others run. */
const SLICE = 15;
/** In the documents folder; no scan sees it. */
const STAGING_NAME = '.docktide-trash';
/** Milliseconds after which nobody can be writing a temporary file any more. */
const OLD_TEMP = 24 * 3_600_000;

export interface NodeDiskOptions {
  /** Absolute path of the documents folder. */
  readonly root: string;
  /** Absolute path of the folder that keeps what sync deletes or overwrites. */
  readonly trashFolder: string;
  /** Id that the marker file must name. */
  readonly storeId: string;
  /** Reads and hashes many files beside the main thread; in place unless given. */
  readonly hasher?: FileHasher;
}

/** Makes `root` a documents folder of the store: creates it where missing and writes the marker. Throws Fault. */
export async function initDocuments(root: string, storeId: string): Promise<void> {
  const marker = join(root, MARKER_NAME);
  try {
    makeFolder(root);
    await writeFile(marker, `${JSON.stringify({ store: storeId })}\n`, { flag: 'wx' });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw asFault(error, root as RelPath, 'write');
    if ((await markerOf(root)) !== storeId) {
      throw new Fault(
        'place-taken',
        `The folder ${root} belongs to another document store already. Choose another folder, or remove its file "${MARKER_NAME}".`,
      );
    }
  }
}

async function markerOf(root: string): Promise<string | null> {
  try {
    const marker: unknown = JSON.parse(await readFile(join(root, MARKER_NAME), 'utf8'));
    if (typeof marker !== 'object' || marker === null || !('store' in marker)) return null;
    return typeof marker.store === 'string' ? marker.store : null;
  } catch {
    return null;
  }
}

export class NodeDisk implements StoreDisk {
  readonly #root: string;
  readonly #trash: string;
  /** Where what goes to a trash on another disk waits. */
  readonly #staging: string;
  readonly #storeId: string;
  readonly #hashFile: FileHasher['hash'];
  /** Temporary files that were seen on the way. */
  readonly #strays = new Set<RelPath>();
  readonly #written = new Map<RelPath, NodeTempFile>();
  readonly #checks = new SharedRun(() => this.#checkNow());
  /** Folders that are being flushed. */
  readonly #flushes = new Map<string, SharedRun>();

  constructor(options: NodeDiskOptions) {
    this.#root = options.root;
    this.#trash = options.trashFolder;
    this.#staging = join(options.root, STAGING_NAME);
    this.#storeId = options.storeId;
    const { hasher } = options;
    this.#hashFile = hasher === undefined ? hashInPlace : (absolute) => hasher.hash(absolute);
  }

  /** Who asks while others wait for an answer gets the one to a question of that moment, together with them. */
  check(): Promise<void> {
    return this.#checks.run();
  }

  async #checkNow(): Promise<void> {
    const root = statOrNull(this.#root);
    // The root itself may be a symlink that the person chose; only what is below it is never followed.
    if (root === null || root.isFile()) throw faults.documentsMissing(this.#root);
    if ((await markerOf(this.#root)) !== this.#storeId) throw faults.markerMissing(this.#root);
    try {
      await access(this.#root, constants.W_OK | constants.X_OK);
    } catch {
      throw faults.readOnly(`The documents folder ${this.#root}`);
    }
  }

  async caseSensitive(): Promise<boolean> {
    return statOrNull(join(this.#root, MARKER_NAME.toUpperCase())) === null;
  }

  async list(folder: RelPath): Promise<readonly DiskEntry[]> {
    const absolute = this.#resolve(folder);
    let names: Buffer[];
    try {
      names = readdirSync(absolute, { encoding: 'buffer' });
    } catch (error) {
      throw asFault(error, folder, 'read');
    }
    const prefix = Buffer.from(`${absolute}/`);
    const entries: DiskEntry[] = [];
    let sliceEnd = performance.now() + SLICE;
    for (const raw of names) {
      const name = raw.toString('utf8');
      if (isOwnName(name)) {
        if (isTempName(name)) this.#strays.add(joinPath(folder, name));
        continue;
      }
      const readable = Buffer.from(name, 'utf8').equals(raw);
      const stats = statOrNull(readable ? `${absolute}/${name}` : Buffer.concat([prefix, raw]), folder);
      if (stats !== null) entries.push({ name, kind: readable ? kindOf(stats) : 'unusable', stamp: stampOf(stats) });
      if (performance.now() > sliceEnd) {
        await new Promise(setImmediate);
        sliceEnd = performance.now() + SLICE;
      }
    }
    return entries;
  }

  async stat(path: RelPath): Promise<DiskEntry | null> {
    const absolute = this.#resolveOrNull(path);
    const stats = absolute === null ? null : statOrNull(absolute, path);
    return stats === null ? null : { name: baseName(path), kind: kindOf(stats), stamp: stampOf(stats) };
  }

  async hash(path: RelPath): Promise<{ readonly hash: ContentHash; readonly stamp: DiskStamp } | null> {
    const absolute = this.#resolve(path);
    try {
      const found = await this.#hashFile(absolute);
      if (found.kind === 'no-file') throw faults.gone(path);
      return found.kind === 'changed' ? null : { hash: found.hash, stamp: stampOf(found.status) };
    } catch (error) {
      throw asFault(error, path, 'read');
    }
  }

  async *read(path: RelPath, start: number, into?: Uint8Array): AsyncGenerator<Uint8Array> {
    const absolute = this.#resolve(path);
    let file: number;
    try {
      file = await openFile(absolute, constants.O_RDONLY | NO_FOLLOW);
    } catch (error) {
      throw asFault(error, path, 'read');
    }
    try {
      let position = start;
      for (let size = into?.length ?? FIRST_CHUNK; ; size = into?.length ?? READ_CHUNK) {
        const block = into ?? Buffer.allocUnsafe(size);
        const { bytesRead } = await readBlock(file, block, 0, size, position).catch((error: unknown) => {
          throw asFault(error, path, 'read');
        });
        if (bytesRead === 0) return;
        position += bytesRead;
        yield block.subarray(0, bytesRead);
        // Of a regular file less than was asked for is all that is left.
        if (bytesRead < size) return;
      }
    } finally {
      await closeFile(file);
    }
  }

  async makeFolder(path: RelPath): Promise<DiskStamp> {
    const absolute = this.#resolve(path);
    try {
      await mkdir(absolute);
      return stampOf(lstatSync(absolute, { bigint: true }));
    } catch (error) {
      throw asFault(error, path, 'write');
    }
  }

  async move(from: RelPath, to: RelPath): Promise<DiskStamp> {
    refuseCycle(from, to);
    const source = this.#resolve(from);
    const target = this.#resolve(to);
    try {
      const stats = statOrNull(source, from);
      if (stats === null) throw faults.gone(from);
      const there = statOrNull(target, to);
      if (there !== null && !this.#isRespelling(from, to, stats, there)) throw faults.placeTaken(to);
      if (there !== null || !stats.isFile()) await rename(source, target);
      else giveName(source, target);
      await flushFolder(join(target, '..'));
      if (parentPath(from) !== parentPath(to)) await flushFolder(join(source, '..'));
      return stampOf(lstatSync(target, { bigint: true }));
    } catch (error) {
      throw asFault(error, codeOf(error) === 'ENOENT' ? from : to, 'write');
    }
  }

  async openTemp(folder: RelPath, key: string): Promise<TempFile> {
    const name = tempName(key);
    const path = (folder === '' ? name : `${folder}/${name}`) as RelPath;
    const temp = await openNodeTemp(this.#resolve(path), path);
    this.#written.set(path, temp);
    return temp;
  }

  async place(
    temp: TempFile,
    to: RelPath,
    options: { readonly modified: number; readonly replaces: DiskStamp | null; readonly trashKey: string },
  ): Promise<DiskStamp> {
    if (!(temp instanceof NodeTempFile)) throw new Error('The temporary file is not one of this disk.');
    await temp.finish();
    const target = this.#resolve(to);
    try {
      const seconds = options.modified / 1000;
      utimesSync(temp.absolute, seconds, seconds);
      const written = lstatSync(temp.absolute, { bigint: true });
      if (options.replaces === null) giveName(temp.absolute, target);
      else await this.#replace(temp.absolute, target, to, options.replaces, options.trashKey);
      await this.#flush(join(target, '..'));
      const placed = lstatSync(target, { bigint: true });
      // Somebody may have written to it already: the stamp of what was written makes the next scan read it again.
      const same = placed.ino === written.ino && placed.mtimeNs === written.mtimeNs && placed.size === written.size;
      return stampOf(same ? placed : written);
    } catch (error) {
      throw asFault(error, to, 'write');
    }
  }

  async trash(path: RelPath, trashKey: string, expected?: DiskStamp): Promise<void> {
    const source = this.#resolve(path);
    const found = statOrNull(source, path);
    if (path === '' || found === null) throw faults.gone(path);
    if (expected !== undefined && stampOf(found).version !== expected.version) throw faults.changed(path);
    try {
      const kept = await this.#trashPlace(trashKey);
      const isMoved = await moveToTrash(source, kept, this.#staging, expected === undefined ? null : found);
      if (!isMoved) throw faults.changed(path);
      await flushFolder(join(source, '..'));
    } catch (error) {
      throw asFault(error, path, 'write');
    }
  }

  async restore(trashKey: string, inner: RelPath, to: RelPath): Promise<DiskStamp> {
    const trash = this.#isStaged(trashKey) ? this.#staging : this.#trash;
    const source = join(trash, plainKey(trashKey), ...componentsOf(inner));
    const target = this.#resolve(to);
    if (statOrNull(source) === null) {
      throw new Fault('gone', `The trash no longer keeps the bytes of "${to}". It was emptied or removed by hand.`);
    }
    if (statOrNull(target, to) !== null) throw faults.placeTaken(to);
    try {
      await renameAcross(source, target);
      await flushFolder(join(target, '..'));
      return stampOf(lstatSync(target, { bigint: true }));
    } catch (error) {
      throw asFault(error, to, 'write');
    }
  }

  async lastUse(path: RelPath): Promise<number> {
    const stats = statOrNull(this.#resolve(path), path);
    return stats === null ? 0 : Number((stats.atimeNs > stats.mtimeNs ? stats.atimeNs : stats.mtimeNs) / 1_000_000n);
  }

  async free(path: RelPath, stamp: DiskStamp): Promise<void> {
    const absolute = this.#resolve(path);
    const found = statOrNull(absolute, path);
    if (found === null) throw faults.gone(path);
    if (!found.isFile() || stampOf(found).version !== stamp.version) throw faults.changed(path);
    try {
      if (!removeIfSame(absolute, found)) throw faults.changed(path);
      await flushFolder(join(absolute, '..'));
    } catch (error) {
      throw asFault(error, path, 'write');
    }
  }

  async sweepTemps(wanted: readonly string[]): Promise<number> {
    const names = new Set(wanted.map(tempName));
    for (const [path, temp] of this.#written) if (!temp.isOpen) this.#written.delete(path);
    const strays = [...this.#strays].filter(
      (path) => !names.has(baseName(path)) && !this.#written.has(path) && !this.#isAdding(path),
    );
    this.#strays.clear();
    for (const path of strays) {
      try {
        await rm(this.#resolve(path), { force: true });
      } catch (error) {
        // Moved or locked meanwhile: the next look comes across it again.
        if (codeOf(error) === '' && !(error instanceof Fault)) throw error;
      }
    }
    return strays.length;
  }

  #isAdding(path: RelPath): boolean {
    if (!isUnlockedTempName(baseName(path))) return false;
    const stats = statOrNull(join(this.#root, path));
    return stats !== null && Date.now() - Number(stats.mtimeMs) < OLD_TEMP;
  }

  async keeps(trashKey: string): Promise<boolean> {
    return this.#isStaged(trashKey) || statOrNull(join(this.#trash, plainKey(trashKey))) !== null;
  }

  /** Whether it is on its way to a trash on another disk. */
  #isStaged(trashKey: string): boolean {
    return statOrNull(join(this.#staging, plainKey(trashKey))) !== null;
  }

  keyInTrash(trashKey: string): string {
    return plainKey(trashKey);
  }

  async trashed(): Promise<readonly { readonly trashKey: string; readonly kind: EntryKind; readonly size: number }[]> {
    await finishStaged(this.#staging, this.#trash).catch((error: unknown) => {
      // Kept where it is, for `restore` and the next try.
      if (codeOf(error) === '') throw error;
    });
    const found: { trashKey: string; kind: EntryKind; size: number }[] = [];
    for (const folder of [this.#staging, this.#trash]) {
      for (const name of await readdir(folder).catch(() => [])) {
        const stats = name === plainKey(name) ? statOrNull(join(folder, name)) : null;
        const kind = stats === null ? 'unusable' : kindOf(stats);
        if (kind !== 'unusable') found.push({ trashKey: name, kind, size: kind === 'file' ? Number(stats?.size) : 0 });
      }
    }
    return found;
  }

  async dropTwin(path: RelPath, other: RelPath): Promise<boolean> {
    const [absolute, twin] = [this.#resolveOrNull(path), this.#resolveOrNull(other)];
    const [stats, its] = [absolute, twin].map((place) => (place === null ? null : statOrNull(place)));
    if (absolute === null || !stats?.isFile() || stats.nlink < 2n) return false;
    if (stats.ino !== its?.ino || stats.dev !== its.dev) return false;
    if (!this.#areTwoNames(path, other)) return false;
    await unlink(absolute);
    return true;
  }

  /** False for two spellings of one name, on disks that take them for the same. */
  #areTwoNames(path: RelPath, other: RelPath): boolean {
    const [folder, its] = [parentPath(path), parentPath(other)].map((above) => statOrNull(this.#resolve(above)));
    if (folder?.ino !== its?.ino || folder?.dev !== its?.dev) return true;
    const names = readdirSync(this.#resolve(parentPath(path)));
    return baseName(path) !== baseName(other) && names.includes(baseName(path)) && names.includes(baseName(other));
  }

  async purge(trashKey: string): Promise<void> {
    for (const folder of [this.#staging, this.#trash]) {
      await rm(join(folder, plainKey(trashKey)), { recursive: true, force: true });
    }
  }

  /** As `flushFolder`, one run for all that have put something there before it began. */
  async #flush(folder: string): Promise<void> {
    let flush = this.#flushes.get(folder);
    if (flush === undefined) this.#flushes.set(folder, (flush = new SharedRun(() => flushFolder(folder))));
    await flush.run();
    if (flush.isIdle) this.#flushes.delete(folder);
  }

  async #replace(temp: string, target: string, to: RelPath, replaces: DiskStamp, trashKey: string): Promise<void> {
    const before = statOrNull(target, to);
    if (before === null || stampOf(before).version !== replaces.version) throw faults.changed(to);
    const kept = await this.#trashPlace(trashKey);
    try {
      await link(target, kept);
    } catch (error) {
      if (codeOf(error) !== 'EXDEV' && !hasNoLinks(error)) throw error;
      await copyTree(target, kept);
    }
    if (replaceIfSame(temp, target, before)) return;
    await rm(kept, { force: true });
    throw faults.changed(to);
  }

  /** A free place in the trash: what an interrupted run left under the same key is kept beside it. */
  async #trashPlace(trashKey: string): Promise<string> {
    await mkdir(this.#trash, { recursive: true });
    const place = join(this.#trash, plainKey(trashKey));
    for (let number = 1; statOrNull(place) !== null; number++) {
      const aside = `${place}-${number}`;
      if (statOrNull(aside) === null) await rename(place, aside);
    }
    return place;
  }

  /** Same entry, same folder, spelled otherwise: only on disks that take both spellings for one name. */
  #isRespelling(from: RelPath, to: RelPath, source: BigIntStats, target: BigIntStats): boolean {
    if (from === to || parentPath(from) !== parentPath(to) || nameKey(baseName(from)) !== nameKey(baseName(to))) {
      return false;
    }
    if (source.ino !== target.ino || source.dev !== target.dev) return false;
    const names = readdirSync(this.#resolve(parentPath(from)));
    return !(names.includes(baseName(from)) && names.includes(baseName(to)));
  }

  /** Absolute path whose parents are all real folders inside the documents folder. Throws Fault 'gone' otherwise. */
  #resolve(path: RelPath): string {
    const names = componentsOf(path);
    let absolute = this.#root;
    for (const [index, name] of names.entries()) {
      if (index > 0 && !statOrNull(absolute, path)?.isDirectory()) throw faults.gone(path);
      absolute = join(absolute, name);
    }
    return absolute;
  }

  #resolveOrNull(path: RelPath): string | null {
    try {
      return this.#resolve(path);
    } catch (error) {
      if (error instanceof Fault && error.code === 'gone') return null;
      throw error;
    }
  }
}

function statOrNull(absolute: string | Buffer, path?: RelPath): BigIntStats | null {
  try {
    return lstatSync(absolute, { bigint: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
    throw path === undefined ? error : asFault(error, path, 'read');
  }
}
