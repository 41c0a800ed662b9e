// The documents folder as the engine sees it: the disk, and the observer that brings the store's rows up to date with it.
// Implemented by store/.

import type { ContentHash, EntryKind, RelPath } from '../../../src-shared/domain.ts';

/** What the disk says about one file; equal `version` means: not touched since. */
export interface DiskStamp {
  readonly size: number;
  /** Whole milliseconds since the epoch. */
  readonly modified: number;
  /** Device, inode and birth time: follows a file through renames. */
  readonly fileId: string;
  /** Size, mtime, ctime (nanoseconds) and fileId in one text. */
  readonly version: string;
}

export interface DiskEntry {
  readonly name: string;
  /** `unusable`: symlinks, sockets and names that are not UTF-8; never followed, reported. */
  readonly kind: EntryKind | 'unusable';
  readonly stamp: DiskStamp;
}

/** A file being written beside its place, under a temporary name that no scan reports. */
export interface TempFile {
  readonly path: RelPath;
  /** Bytes that an interrupted write left behind; a download resumes from here. */
  readonly size: number;
  write(chunk: Uint8Array): Promise<void>;
  /** Flushes to disk and closes. */
  finish(): Promise<void>;
  discard(): Promise<void>;
  /** The content hash of everything in the file, the resumed bytes included. */
  hash(): Promise<ContentHash>;
}

/** The documents folder as a disk: effects only, no database. Faults as listed; nothing outside the folder is touched. */
export interface DocumentsDisk {
  /** Faults: documents-missing, marker-missing, read-only. */
  check(): Promise<void>;
  list(folder: RelPath): Promise<readonly DiskEntry[]>;
  stat(path: RelPath): Promise<DiskEntry | null>;
  /** Null when the file changed while it was read. Faults: gone, unreadable. */
  hash(path: RelPath): Promise<{ readonly hash: ContentHash; readonly stamp: DiskStamp } | null>;
  /** The bytes from `start` to the end. They may be put into `into`: then a chunk is valid until the next is asked for. */
  read(path: RelPath, start: number, into?: Uint8Array): AsyncIterable<Uint8Array>;
  /** Faults: place-taken, disk-full. */
  makeFolder(path: RelPath): Promise<DiskStamp>;
  /** Never replaces. Faults: gone, place-taken. */
  move(from: RelPath, to: RelPath): Promise<DiskStamp>;
  /** Opens the temporary file for `key` in `folder`, keeping what an interrupted write left. */
  openTemp(folder: RelPath, key: string): Promise<TempFile>;
  /**
   * Puts a finished temporary file at `to`. `replaces` null: the place must be free ('place-taken'); else the file
   * there must still carry that version ('changed') and is kept in the trash under `trashKey`.
   */
  place(
    temp: TempFile,
    to: RelPath,
    options: { readonly modified: number; readonly replaces: DiskStamp | null; readonly trashKey: string },
  ): Promise<DiskStamp>;
  /**
   * Moves a file, or a folder with all it holds, to the trash. `expected`: the file as it was last seen; another one that
   * has its name by now stays there. Faults: gone, changed.
   */
  trash(path: RelPath, trashKey: string, expected?: DiskStamp): Promise<void>;
}

export interface LocalProblem {
  readonly path: RelPath;
  readonly code: 'unreadable' | 'hidden' | 'changing' | 'not-utf8' | 'symlink' | 'case-clash' | 'ignored-name';
  readonly message: string;
}

export interface LocalObservation {
  /** Rows of the store that changed. */
  readonly changed: number;
  readonly problems: readonly LocalProblem[];
  /** Files whose content was read. */
  readonly hashed: number;
  /** False where the folder kept changing, so that rows stand for files which may be gone. */
  readonly certain: boolean;
}

/** Brings the store's rows up to date with the documents folder and with rules and records (folders, default subfolders). */
export interface Observer {
  /**
   * `isChanging`: files whose content is left for a later look, as though they changed right after this one.
   * Faults: those of DocumentsDisk.check.
   */
  observe(scope: 'everything' | readonly RelPath[], isChanging?: (path: RelPath) => boolean): Promise<LocalObservation>;
  /** What lies at the top and belongs to nobody becomes the client's that has it in Dropbox, as far as that is known. */
  claim(): void;
}
