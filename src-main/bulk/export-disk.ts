// Export to a folder of this computer: copies of documents, from the documents folder or straight from Dropbox, each
// written whole or not at all and checked by its content hash. In: what was named and an absolute path; out: items and
// what became of them. Called by run-job.ts.

import { createReadStream } from 'node:fs';
import { lstat, mkdir, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { baseName, joinPath, parentPath, ROOT, type RelPath } from '../../src-shared/domain.ts';
import type { FileRef } from '../../src-shared/files-views.ts';
import { localNameFor, nameKey } from '../../src-shared/names.ts';
import { Fault } from '../engine/ports.ts';
import { openContent, type DocumentContent } from '../files/content.ts';
import { numberedName, type FileParts } from '../files/parts.ts';
import { ContentHasher } from '../infra/content-hash.ts';
import { writeOutput } from '../infra/output-file.ts';
import type { BulkItem, BulkOutcome, NewBulkItem } from '../store/bulk-jobs.ts';
import { StoreError } from '../store/errors.ts';
import { asFault } from '../store/disk/node-stamp.ts';
import { exportItems, rowOf } from './export-items.ts';
import { isFatal, type BulkWork } from './run-job.ts';

export interface DiskExport {
  readonly refs: readonly FileRef[];
  /** Absolute path; made where it is missing. */
  readonly target: string;
  /** Folders that the target must not lie in: the documents folder and the data folder. */
  readonly refused: readonly string[];
}

type Tell = (bytes: number, path: string) => void;

/** How often a name is chosen anew because somebody else was quicker, and a damaged content is asked for again. */
const MOST_TRIES = 3;

export function diskExportWork(parts: FileParts, request: DiskExport): BulkWork {
  const work = new DiskWork(parts, request);
  return {
    portion: 32,
    list: () => work.list(),
    copy: (items, folders, signal, tell) => work.copy(items, folders, signal, tell),
  };
}

class DiskWork {
  readonly #parts: FileParts;
  readonly #request: DiskExport;
  readonly #platform: 'posix' | 'windows' = process.platform === 'win32' ? 'windows' : 'posix';
  readonly #known = new Map<RelPath, Names>();

  constructor(parts: FileParts, request: DiskExport) {
    this.#parts = parts;
    this.#request = request;
  }

  async *list(): AsyncGenerator<NewBulkItem[]> {
    const { target, refused, refs } = this.#request;
    for (const folder of refused) {
      if (!(await isInside(target, folder))) continue;
      throw new StoreError(
        'bad-path',
        `${target} lies in ${folder}, which Docktide itself works with. Choose a folder outside of it.`,
      );
    }
    yield* exportItems(this.#parts, refs);
    try {
      await mkdir(target, { recursive: true });
    } catch (error) {
      throw new StoreError('bad-path', `The folder ${target} cannot be made: ${(error as Error).message}.`, {
        cause: error,
      });
    }
  }

  async *copy(
    items: readonly BulkItem[],
    folders: ReadonlyMap<RelPath, RelPath>,
    signal: AbortSignal,
    tell: Tell,
  ): AsyncGenerator<BulkOutcome> {
    const known = new Map(folders);
    for (const item of items) {
      signal.throwIfAborted();
      const folder = parentPath(item.path) === ROOT ? ROOT : known.get(parentPath(item.path));
      let outcome: BulkOutcome;
      try {
        if (folder === undefined) throw new Fault('gone', 'The folder above it could not be made.');
        outcome =
          item.kind === 'folder'
            ? await this.#makeFolder(item, folder)
            : await this.#copyFile(item, folder, signal, tell);
      } catch (error) {
        signal.throwIfAborted();
        const fault = asFault(error, item.path, 'write');
        if (isFatal(fault)) throw fault;
        outcome = { position: item.position, state: 'failed', final: null, reason: fault.message };
      }
      if (item.kind === 'folder' && outcome.final !== null) known.set(item.path, outcome.final);
      yield outcome;
    }
  }

  #absolute(path: RelPath): string {
    return join(this.#request.target, ...path.split('/'));
  }

  async #makeFolder(item: BulkItem, folder: RelPath): Promise<BulkOutcome> {
    const original = localNameFor(baseName(item.path), this.#platform);
    const names = await this.#namesIn(folder);
    const there = names.get(nameKey(original));
    const name = there?.isFolder === true ? there.name : numberedName(original, names);
    const final = joinPath(folder, name);
    if (there?.isFolder !== true) {
      await mkdir(this.#absolute(final));
      names.set(nameKey(name), { name, isFolder: true });
    }
    const reason = nameKey(name) === nameKey(original) ? null : TAKEN;
    return { position: item.position, state: 'done', final, reason };
  }

  async #copyFile(item: BulkItem, folder: RelPath, signal: AbortSignal, tell: Tell): Promise<BulkOutcome> {
    const { position } = item;
    const row = rowOf(this.#parts, item);
    if (row === null) throw new Fault('not-found', 'It is no longer among the documents.');
    for (let tries = 1; ; tries++) {
      try {
        const content = await openContent(this.#parts, row.id, signal);
        const original = localNameFor(content.name, this.#platform);
        const place = await this.#placeFor(folder, original, content);
        if (place.equal) return { position, state: 'skipped', final: place.path, reason: EQUAL };
        await writeOutput(
          this.#absolute(place.path),
          async (file) => {
            for await (const chunk of content.read({ signal })) {
              await file.write(chunk);
              tell(chunk.length, item.source);
            }
          },
          { modified: content.modified },
        );
        const name = baseName(place.path);
        (await this.#namesIn(folder)).set(nameKey(name), { name, isFolder: false });
        const renamed = nameKey(name) !== nameKey(original);
        return { position, state: 'done', final: place.path, reason: renamed ? TAKEN : null };
      } catch (error) {
        const again = isTaken(error) || (error instanceof Fault && error.code === 'hash-mismatch');
        if (!again || tries === MOST_TRIES) throw error;
        this.#known.delete(folder);
      }
    }
  }

  /** Where it goes: never over what is there; the same content is as good as done. */
  async #placeFor(
    folder: RelPath,
    name: string,
    content: DocumentContent,
  ): Promise<{ readonly path: RelPath; readonly equal: boolean }> {
    const names = await this.#namesIn(folder);
    const passed = new Set<string>();
    for (;;) {
      const candidate = numberedName(name, passed);
      const there = names.get(nameKey(candidate));
      if (there === undefined) return { path: joinPath(folder, candidate), equal: false };
      passed.add(nameKey(candidate));
      const path = joinPath(folder, there.name);
      if (!there.isFolder && (await hasContent(this.#absolute(path), content))) return { path, equal: true };
    }
  }

  /** Read once; what this job writes is added. */
  async #namesIn(folder: RelPath): Promise<Names> {
    const known = this.#known.get(folder);
    if (known !== undefined) return known;
    const entries = await readdir(this.#absolute(folder), { withFileTypes: true });
    const names: Names = new Map();
    for (const entry of entries) names.set(nameKey(entry.name), { name: entry.name, isFolder: entry.isDirectory() });
    this.#known.set(folder, names);
    return names;
  }
}

type Names = Map<string, { readonly name: string; readonly isFolder: boolean }>;

const EQUAL = 'The same content is there already.';
const TAKEN = 'The name was taken by something else.';

async function hasContent(file: string, content: DocumentContent): Promise<boolean> {
  const stats = await lstat(file).catch(() => null);
  if (stats?.isFile() !== true || stats.size !== content.size) return false;
  const hash = await content.hash();
  if (hash === null) return false;
  const hasher = new ContentHasher();
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 }))
      hasher.update(chunk as Uint8Array);
  } catch {
    return false;
  }
  return hasher.digest() === hash;
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

/** By way of links too: the nearest folder above that is there is what it really is. */
async function isInside(target: string, folder: string): Promise<boolean> {
  const way = relative(await realPlace(resolve(folder)), await realPlace(resolve(target)));
  return !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`);
}

async function realPlace(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null || dirname(path) === path) return real ?? path;
  return join(await realPlace(dirname(path)), basename(path));
}
