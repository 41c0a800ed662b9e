// Watches the documents folder: changed paths go out as hints, in batches, once the files behind them have been quiet
// for a while (a file that is still being written waits). Hints are never the truth; the observer looks for itself.
// chokidar is known to this file and folders-watcher.ts only. Called by compose.ts for continuous mode.
//
// chokidar watches folders and is told to pass over files: it would keep what it knows of each of them, and read a whole
// folder anew for each one that goes. What happens to files is taken from its `raw` events, which are what the system
// tells of the watched folders. A folder is hinted when it begins to be watched too: what came into it before was told
// by nobody.

import { lstatSync, realpathSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { FSWatcher } from 'chokidar';
import { ROOT, type RelPath } from '../../src-shared/domain.ts';
import { isIgnoredName, isOwnName } from '../../src-shared/names.ts';
import { FoldersWatcher } from './folders-watcher.ts';
import { QuietBatch } from './quiet-batch.ts';

export interface WatchOptions {
  /** Absolute path of the documents folder. */
  readonly root: string;
  /** Paths that may have changed; `''` asks for a look at everything. */
  readonly onHint: (paths: readonly RelPath[]) => void;
  /** A sentence for a person: the folder cannot be watched, and what to do. The scheduled passes go on. */
  readonly onProblem?: (message: string) => void;
  /** Called once every folder is being watched (again). */
  readonly onReady?: () => void;
  /** Milliseconds without a change after which a file counts as written; 600 unless told. */
  readonly quiet?: number;
  /** Milliseconds after which quiet paths no longer wait for others that keep changing; 5,000 unless told. */
  readonly longest?: number;
}

export interface FolderWatch {
  /** Told a moment ago, and not at rest: it will be hinted when it is. */
  isChanging(path: RelPath): boolean;
  close(): Promise<void>;
}

/** Milliseconds between two looks whether the folder itself is still there. */
const PRESENCE = 2_000;

export function watchDocuments(options: WatchOptions): FolderWatch {
  return new DocumentsWatch(options);
}

class DocumentsWatch implements FolderWatch {
  readonly #options: WatchOptions;
  readonly #batch: QuietBatch;
  #watcher: FSWatcher | null = null;
  /** Which folder is watched: another one under the same path is another mount. */
  #identity: string | null = null;
  /** Its path without links: chokidar follows none. */
  #root = '';
  readonly #presence: NodeJS.Timeout;
  /** Folders that chokidar has met, as it spells their paths to `ignored`: with "/" for every separator. */
  readonly #folders = new Set<string>();
  /** Sentences that were told since the folder was opened: the same trouble may befall thousands of folders. */
  readonly #told = new Set<string>();
  #closing: Promise<void> = Promise.resolve();

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#batch = new QuietBatch({ quiet: options.quiet ?? 600, longest: options.longest ?? 5_000 }, options.onHint);
    this.#openIfThere();
    this.#presence = setInterval(() => this.#checkPresence(), PRESENCE);
  }

  isChanging(path: RelPath): boolean {
    return this.#batch.isChanging(path);
  }

  async close(): Promise<void> {
    clearInterval(this.#presence);
    this.#batch.close();
    this.#drop();
    await this.#closing;
  }

  #openIfThere(): void {
    const { root } = this.#options;
    this.#identity = identityOf(root);
    if (this.#identity !== null) this.#open(realpathSync(root));
  }

  #open(root: string): void {
    this.#root = root;
    this.#folders.clear();
    this.#told.clear();
    const watcher: FSWatcher = new FoldersWatcher({
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      // An editor's temporary names are told too: the observer knows what to make of them.
      atomic: false,
      ignored: (path, stats) =>
        path !== slashed(root) && (isSilent(path) || (!watcher.options.usePolling && !this.#mayBeFolder(path, stats))),
    });
    // Where the system tells nothing, or CHOKIDAR_USEPOLLING is set, it looks at each file by itself.
    if (!watcher.options.usePolling) {
      watcher.on('raw', (event, name, details) => this.#onRaw(event, name, details as { watchedPath: string }));
    }
    watcher.on('all', (event, path) => {
      if (event === 'unlinkDir') this.#folders.delete(slashed(path));
      this.#hint(path);
    });
    watcher.on('ready', () => this.#options.onReady?.());
    watcher.on('error', (error) => this.#tell(problemOf(error, this.#options.root)));
    this.#watcher = watcher.add(root);
  }

  /**
   * What chokidar asks about a path before it looks at it, with `stats` afterwards. It must see folders that are there and
   * those that it knows; what is known to be neither costs one look here instead of reading the folder that holds it.
   */
  #mayBeFolder(path: string, stats: Stats | undefined): boolean {
    if (stats !== undefined) {
      if (stats.isDirectory()) this.#folders.add(path);
      else this.#folders.delete(path);
      return stats.isDirectory();
    }
    if (this.#folders.has(path)) return true;
    // A folder tells its own end, or new rights to it, under its own name within itself.
    if (basename(path) === basename(dirname(path))) return true;
    try {
      return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    } catch {
      return true;
    }
  }

  /** What the system tells of a watched folder, before anybody has looked; `name` is null where it lost count. */
  #onRaw(event: string, name: string | null, { watchedPath }: { readonly watchedPath: string }): void {
    if (name === null) return this.#batch.add(ROOT);
    const path = resolve(watchedPath, name);
    const key = slashed(path);
    // `ignored` could not find it under the path that it is given.
    if (sep === '/' && name.includes('\\')) this.#folders.add(key);
    // Windows tells of a folder that something in it has changed, which it tells too, or that it was looked into.
    if (process.platform === 'win32' && event === 'change' && this.#folders.has(key)) return;
    this.#hint(path);
  }

  #hint(path: string): void {
    const root = this.#root;
    const names = relative(root, path).split(sep);
    // The documents folder's own rights or end, or a spelling of its path that is not known here.
    const isRoot = names[0] === basename(root) && names.length === 1 && !isThere(path);
    if (isRoot || names[0] === '..' || isAbsolute(names.join(sep))) this.#batch.add(ROOT);
    else if (!names.some((name) => isOwnName(name) || isIgnoredName(name))) this.#batch.add(names.join('/') as RelPath);
  }

  #tell(message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.#options.onProblem?.(message);
  }

  #drop(): void {
    const watcher = this.#watcher;
    this.#watcher = null;
    if (watcher !== null) this.#closing = this.#closing.then(() => watcher.close());
  }

  /** After the folder was away nothing is known of it: everything is looked at, also to say that it is missing. */
  #checkPresence(): void {
    if (identityOf(this.#options.root) === this.#identity) return;
    this.#drop();
    this.#openIfThere();
    this.#batch.add(ROOT);
  }
}

/** The store's own files and what is never synced raise no hints; the observer meets the latter when it looks. */
function isSilent(path: string): boolean {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return isOwnName(name) || isIgnoredName(name);
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function identityOf(root: string): string | null {
  try {
    const stats = statSync(root);
    return stats.isDirectory() ? `${stats.dev}:${stats.ino}` : null;
  } catch {
    return null;
  }
}

function problemOf(error: unknown, root: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC') {
    return (
      `The system cannot watch all folders below ${root}. Raise fs.inotify.max_user_watches; ` +
      `until then changes are found by the scheduled passes.`
    );
  }
  if (code === 'EMFILE') {
    return (
      `The system cannot watch the folders below ${root}: too many programs watch folders. Raise ` +
      `fs.inotify.max_user_instances; until then changes are found by the scheduled passes.`
    );
  }
  const detail = error instanceof Error ? error.message : String(error);
  return `The documents folder cannot be watched everywhere (${detail}). Changes there are found by the scheduled passes.`;
}
