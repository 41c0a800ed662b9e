// Watches the documents folder: changed paths go out as hints, in batches, once the files behind them have been quiet
// for a while (a file that is still being written waits). Hints are never the truth; the observer looks for itself.
// chokidar is known to this file only. Called by compose.ts for continuous mode.

import { statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { watch, type FSWatcher } from 'chokidar';
import type { RelPath } from '../../src-shared/domain.ts';
import { isIgnoredName, isOwnName } from '../../src-shared/names.ts';
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
  #identity: string | null;
  readonly #presence: NodeJS.Timeout;
  #closing: Promise<void> = Promise.resolve();

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#batch = new QuietBatch({ quiet: options.quiet ?? 600, longest: options.longest ?? 5_000 }, options.onHint);
    this.#identity = identityOf(options.root);
    if (this.#identity !== null) this.#open();
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

  #open(): void {
    const { root } = this.#options;
    const watcher = watch(root, {
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      // An editor's temporary names are told too: the observer knows what to make of them.
      atomic: false,
      ignored: (path) => path !== root && isSilent(path),
    });
    watcher.on('all', (_event, path) => this.#batch.add(this.#relative(path)));
    watcher.on('ready', () => this.#options.onReady?.());
    watcher.on('error', (error) => this.#options.onProblem?.(problemOf(error, root)));
    this.#watcher = watcher;
  }

  #drop(): void {
    const watcher = this.#watcher;
    this.#watcher = null;
    if (watcher !== null) this.#closing = this.#closing.then(() => watcher.close());
  }

  /** After the folder was away nothing is known of it: everything is looked at, also to say that it is missing. */
  #checkPresence(): void {
    const identity = identityOf(this.#options.root);
    if (identity === this.#identity) return;
    this.#identity = identity;
    this.#drop();
    if (identity !== null) this.#open();
    this.#batch.add('' as RelPath);
  }

  #relative(path: string): RelPath {
    return relative(this.#options.root, path).split(sep).join('/') as RelPath;
  }
}

/** The store's own files and what is never synced raise no hints; the observer meets the latter when it looks. */
function isSilent(path: string): boolean {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return isOwnName(name) || isIgnoredName(name);
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
  if (code === 'ENOSPC' || code === 'EMFILE') {
    return (
      `The system cannot watch all folders below ${root}. Raise fs.inotify.max_user_watches; ` +
      `until then changes are found by the scheduled passes.`
    );
  }
  const detail = error instanceof Error ? error.message : String(error);
  return `The documents folder cannot be watched everywhere (${detail}). Changes there are found by the scheduled passes.`;
}
