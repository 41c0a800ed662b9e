// Uploading files and whole folders of this computer into the documents folder (S18). Each file is written under a
// temporary name, hashed, flushed and put in place, never over another document; what is there already with the same
// content is left alone, and any other gets a number. Names that Dropbox does not take are made valid. Stopped in the
// middle, whole files stay and half ones are gone. Called by the application service; the next pass takes it to Dropbox.

import { createReadStream } from 'node:fs';
import {
  baseName,
  joinPath,
  parentPath,
  ROOT,
  type ContentHash,
  type LocalId,
  type RelPath,
} from '../../src-shared/domain.ts';
import type { FileTarget, UploadProgress } from '../../src-shared/files-views.ts';
import { nameKey } from '../../src-shared/names.ts';
import { Fault, type TempFile } from '../engine/ports.ts';
import { folderOf, makeFolders, numberedName, takeUp, type FileParts } from './parts.ts';
import { walkSources, type SourceFile, type SourceFolder, type Sources } from './sources.ts';
import { validName } from './valid-name.ts';

export interface UploadOptions {
  /** Brings the rows of new places up to date, when no other process is in a pass; `takeUp` itself unless told. */
  readonly settle?: (paths: readonly RelPath[]) => Promise<void>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: UploadProgress) => void;
}

interface Added {
  readonly source: string;
  readonly path: RelPath;
  readonly size: number;
  readonly hash: ContentHash;
}

export interface Uploaded {
  /** `id` is null while another process keeps the rows from being brought up to date. */
  readonly added: readonly (Added & { readonly id: LocalId | null })[];
  readonly equal: readonly { readonly source: string; readonly path: RelPath }[];
  readonly folders: readonly { readonly id: LocalId; readonly path: RelPath }[];
  readonly renamed: readonly { readonly source: string; readonly path: RelPath; readonly reason: string }[];
  readonly skipped: Sources['skipped'];
  readonly failed: Sources['failed'];
  readonly stopped: boolean;
}

/** What a folder holds, by the key under which Dropbox tells names apart; `freed`: the content of what has no bytes here. */
type FolderNames = Map<
  string,
  { readonly name: string; readonly kind: 'file' | 'folder'; readonly freed: ContentHash | '' | null }
>;

/** How often a name is chosen anew because somebody else has taken it. */
const MOST_TRIES = 5;
/** Bytes between two words about the progress of one file. */
const TELL_EVERY = 4 * 1024 * 1024;

/** Throws StoreError 'missing-file', 'unknown-folder', 'no-folder' and Faults of the disk, before anything is copied. */
export async function uploadFiles(
  parts: FileParts,
  paths: readonly string[],
  target: FileTarget,
  options: UploadOptions = {},
): Promise<Uploaded> {
  const sources = await walkSources(paths, options.signal);
  await parts.disk.check();
  const folder = folderOf(parts, target);
  const upload = new Upload(parts, sources, options);
  await upload.run(folder);
  return upload.result();
}

class Upload {
  readonly #parts: FileParts;
  readonly #sources: Sources;
  readonly #options: UploadOptions;
  readonly #made: RelPath[] = [];
  readonly #added: Added[] = [];
  readonly #equal: { source: string; path: RelPath }[] = [];
  readonly #renamed: { source: string; path: RelPath; reason: string }[] = [];
  readonly #failed: { source: string; reason: string }[];
  /** Where the folders of the sources are here, by their path there. */
  readonly #places = new Map<string, RelPath>();
  readonly #names = new Map<RelPath, FolderNames>();
  readonly #bytesTotal: number;
  #bytesDone = 0;
  #done = 0;
  #stopped = false;

  constructor(parts: FileParts, sources: Sources, options: UploadOptions) {
    this.#parts = parts;
    this.#sources = sources;
    this.#options = options;
    this.#failed = [...sources.failed];
    this.#bytesTotal = sources.files.reduce((sum, { size }) => sum + size, 0);
  }

  async run(target: RelPath): Promise<void> {
    this.#made.push(...(await makeFolders(this.#parts.disk, target)));
    try {
      for (const folder of this.#sources.folders) await this.#attempt(folder, () => this.#makeFolder(folder, target));
      for (const file of this.#sources.files) {
        await this.#attempt(file, () => this.#copy(file, target));
        this.#done++;
      }
    } finally {
      const changed = [...this.#made, ...[...this.#added, ...this.#equal].map(({ path }) => path)];
      if (changed.length > 0) await (this.#options.settle?.(changed) ?? takeUp(this.#parts, changed));
    }
  }

  result(): Uploaded {
    const { entries } = this.#parts.store;
    const located = <T extends { readonly path: RelPath }>(one: T) => {
      const id = entries.entryAt(one.path);
      return id === null ? [] : [{ ...one, id }];
    };
    return {
      added: this.#added.map((one) => ({ ...one, id: entries.entryAt(one.path) })),
      equal: this.#equal,
      folders: this.#made.map((path) => ({ path })).flatMap(located),
      renamed: this.#renamed,
      skipped: this.#sources.skipped,
      failed: this.#failed,
      stopped: this.#stopped,
    };
  }

  /** What fails is told and leaves the others alone; a disk that takes nothing more ends the whole. */
  async #attempt({ source }: SourceFolder, work: () => Promise<void>): Promise<void> {
    this.#stopped ||= this.#isAborted();
    if (this.#stopped) return;
    try {
      await work();
    } catch (error) {
      this.#stopped = this.#isAborted();
      if (this.#stopped) return;
      if (
        error instanceof Fault &&
        ['disk-full', 'read-only', 'documents-missing', 'marker-missing'].includes(error.code)
      ) {
        throw error;
      }
      this.#failed.push({ source, reason: error instanceof Error ? error.message : String(error) });
    }
  }

  #isAborted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  /** Where the folder of a source lies here. Throws Fault 'gone' where it could not be made. */
  #folderFor({ names, source }: SourceFolder, target: RelPath): RelPath {
    if (names.length === 1) return target;
    const folder = this.#places.get(source.slice(0, source.length - (names.at(-1) ?? '').length - 1));
    if (folder === undefined) throw new Fault('gone', 'The folder that holds it could not be made.');
    return folder;
  }

  async #makeFolder(folder: SourceFolder, target: RelPath): Promise<void> {
    const parent = this.#folderFor(folder, target);
    const original = folder.names.at(-1) ?? '';
    const name = validName(original);
    const siblings = await this.#namesIn(parent);
    const there = siblings.get(nameKey(name));
    // A folder of that name is the folder; a file of that name leaves it another one.
    const chosen = there?.kind === 'folder' ? there.name : numberedName(name, siblings);
    const path = joinPath(parent, chosen);
    if (there?.kind !== 'folder') {
      await this.#parts.disk.makeFolder(path);
      siblings.set(nameKey(chosen), { name: chosen, kind: 'folder', freed: null });
      this.#made.push(path);
    }
    this.#places.set(folder.source, path);
    this.#noteName(folder.source, original, path);
  }

  async #copy(file: SourceFile, target: RelPath): Promise<void> {
    const { disk, engine } = this.#parts;
    const folder = this.#folderFor(file, target);
    const temp = await disk.openTemp(folder, `attach-${process.pid}-${process.hrtime.bigint()}`);
    try {
      let told = this.#bytesDone;
      for await (const chunk of createReadStream(file.source, { highWaterMark: 1024 * 1024 })) {
        this.#options.signal?.throwIfAborted();
        await temp.write(chunk as Uint8Array);
        this.#bytesDone += (chunk as Uint8Array).length;
        if (this.#bytesDone - told >= TELL_EVERY) {
          told = this.#bytesDone;
          this.#tell(file);
        }
      }
      await temp.finish();
      const hash = await temp.hash();
      // No scan may come between the look at the names and the new file.
      const placed = await engine.gate.effect(() => this.#place(file, folder, hash, temp));
      if (!placed) await temp.discard();
    } catch (error) {
      await temp.discard().catch(() => undefined);
      throw error;
    } finally {
      this.#tell(file);
    }
  }

  /** False where the same content is there already. */
  async #place(file: SourceFile, folder: RelPath, hash: ContentHash, temp: TempFile): Promise<boolean> {
    const original = file.names.at(-1) ?? '';
    const name = validName(original);
    for (let tries = 1; ; tries++) {
      const siblings = await this.#namesIn(folder);
      const equal = await this.#equalAt(folder, siblings, name, hash);
      if (equal !== null) {
        this.#equal.push({ source: file.source, path: equal });
        return false;
      }
      const chosen = numberedName(name, siblings);
      const path = joinPath(folder, chosen);
      try {
        await this.#parts.disk.place(temp, path, { modified: file.modified, replaces: null, trashKey: '' });
      } catch (error) {
        // Another program has taken the name since the folder was listed.
        if (!(error instanceof Fault) || error.code !== 'place-taken' || tries === MOST_TRIES) throw error;
        this.#names.delete(folder);
        continue;
      }
      siblings.set(nameKey(chosen), { name: chosen, kind: 'file', freed: null });
      this.#added.push({ source: file.source, path, size: temp.size, hash });
      this.#noteName(file.source, original, path);
      return true;
    }
  }

  /** Something of that name, or of that name with a number, that has this content already, here or in Dropbox alone. */
  async #equalAt(folder: RelPath, siblings: FolderNames, name: string, hash: ContentHash): Promise<RelPath | null> {
    const passed = new Set<string>();
    for (;;) {
      const candidate = numberedName(name, passed);
      const there = siblings.get(nameKey(candidate));
      if (there === undefined) return null;
      passed.add(nameKey(candidate));
      if (there.kind === 'folder') continue;
      const path = joinPath(folder, there.name);
      if (there.freed !== null ? there.freed === hash : (await this.#hashAt(path)) === hash) return path;
    }
  }

  async #hashAt(path: RelPath): Promise<ContentHash | null> {
    return (await this.#parts.disk.hash(path).catch(() => null))?.hash ?? null;
  }

  /** Read once; what this upload adds is added to it. */
  async #namesIn(folder: RelPath): Promise<FolderNames> {
    const known = this.#names.get(folder);
    if (known !== undefined) return known;
    const { store, disk } = this.#parts;
    const parent = folder === ROOT ? null : store.entries.entryAt(folder);
    const names: FolderNames = new Map();
    for (const row of folder === ROOT || parent !== null ? store.entries.children(parent) : []) {
      if (row.kind === 'file' && row.present === 0) {
        names.set(row.key, { name: row.name, kind: 'file', freed: row.hash ?? '' });
      }
    }
    for (const { name, kind } of await disk.list(folder)) {
      names.set(nameKey(name), { name, kind: kind === 'folder' ? 'folder' : 'file', freed: null });
    }
    this.#names.set(folder, names);
    return names;
  }

  #noteName(source: string, original: string, path: RelPath): void {
    const name = baseName(path);
    if (name === original || nameKey(name) === nameKey(original)) return;
    const reason =
      validName(original) === original
        ? `"${joinPath(parentPath(path), original)}" was there already with another content.`
        : `Dropbox does not take the name "${original}".`;
    this.#renamed.push({ source, path, reason });
  }

  #tell(file: SourceFile): void {
    this.#options.onProgress?.({
      path: file.source,
      done: this.#done,
      total: this.#sources.files.length,
      bytesDone: this.#bytesDone,
      bytesTotal: this.#bytesTotal,
    });
  }
}
