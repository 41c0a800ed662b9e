// chokidar without the files: where it would ask the disk about every entry of all folders at once, and keep that in
// memory until it has been through with them, it is given the folders alone, of a few folders at a time. Two hundred
// thousand files then cost what the folders cost that hold them. In: what chokidar wants to read; out: folders as its own
// reader gives them. Where it looks at each file by itself (polling), nothing is other than it was. Called by watcher.ts.

import { lstat, readdir } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { FSWatcher } from 'chokidar';
import PQueue from 'p-queue';

type Scan = Parameters<FSWatcher['createScanStream']>;
type ScanStream = NonNullable<ReturnType<FSWatcher['createScanStream']>>;

/** Folders that are read at once, and entries of one whose status is asked for at once. */
const READ_AT_ONCE = 4;
const ASKED_AT_ONCE = 64;
/** A folder that is gone or closed to us holds nothing; chokidar deals with all else. */
const NOTHING_THERE: ReadonlySet<unknown> = new Set(['ENOENT', 'EPERM', 'EACCES', 'ELOOP']);

export class FoldersWatcher extends FSWatcher {
  readonly #reads = new PQueue({ concurrency: READ_AT_ONCE });

  override createScanStream(...[root, options]: Scan): ScanStream | undefined {
    if (this.closed || this.options.usePolling) return super.createScanStream(root, options);
    // chokidar listens for entries, the end and errors; the rest of the type is that of its reader's own settings.
    const stream = Readable.from(this.#foldersIn(resolve(root), options ?? {})) as unknown as ScanStream;
    this.streams.add(stream);
    stream.once('close', () => this.streams.delete(stream));
    return stream;
  }

  /** Those right in a folder, or all below it where no end is set (`depth`); each after the one that holds it. */
  async *#foldersIn(root: string, options: NonNullable<Scan[1]>): AsyncGenerator<object> {
    const wanted = options.directoryFilter;
    const isDeep = 'depth' in options;
    const open = [root];
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
      const from = folder;
      for (const { name, stats } of await this.#reads.add(() => (this.closed ? [] : foldersOf(from)))) {
        const fullPath = join(from, name);
        const entry = { path: relative(root, fullPath), fullPath, basename: name, stats };
        if (typeof wanted === 'function' && !wanted(entry)) continue;
        yield entry;
        if (isDeep) open.push(fullPath);
      }
    }
  }
}

async function foldersOf(folder: string): Promise<{ readonly name: string; readonly stats: Stats }[]> {
  const names = (await orNothing(readdir(folder, { withFileTypes: true })))?.flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
  const found: { readonly name: string; readonly stats: Stats }[] = [];
  for (let at = 0; names !== undefined && at < names.length; at += ASKED_AT_ONCE) {
    const some = names.slice(at, at + ASKED_AT_ONCE);
    const all = await Promise.all(some.map((name) => orNothing(lstat(join(folder, name)))));
    for (const [index, stats] of all.entries()) {
      const name = some[index];
      if (name !== undefined && stats?.isDirectory() === true) found.push({ name, stats });
    }
  }
  return found;
}

async function orNothing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && 'code' in error && NOTHING_THERE.has(error.code)) return null;
    throw error;
  }
}
