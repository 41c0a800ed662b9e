// What can be done with files and folders, what it answers, and what is needed to take it back. Paths are relative to the
// documents folder, with `/`; ids are row ids of the document store.

import type { EntryView } from './views.ts';

/** Where something is to go: a folder by path or id (null: the top), or the folder of a record, perhaps a subfolder. */
export type FileTarget =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'id'; readonly folderId: number | null }
  | { readonly kind: 'record'; readonly type: string; readonly ref: string; readonly sub?: string };

/** A file or folder: by its path, or by its row id as the window knows it. */
export type FileRef = string | number;

interface Place {
  readonly id: number;
  readonly path: string;
}

/** What was done, as it can be taken back. */
export type FileChange =
  /** From the top down. */
  | { readonly kind: 'made'; readonly folders: readonly Place[] }
  | {
      readonly kind: 'moved';
      readonly moves: readonly { readonly id: number; readonly from: string; readonly to: string }[];
    }
  | { readonly kind: 'deleted'; readonly items: readonly { readonly trash: number; readonly path: string }[] }
  /** Back from the trash. `content` stands for all that each of them held then. */
  | { readonly kind: 'restored'; readonly items: readonly (Place & { readonly content: string })[] }
  | {
      readonly kind: 'uploaded';
      readonly folders: readonly Place[];
      readonly files: readonly (Place & { readonly contentHash: string })[];
    }
  | {
      readonly kind: 'version-restored';
      readonly id: number;
      readonly path: string;
      /** The content that gave way: its rev in Dropbox, or where the trash keeps it. */
      readonly rev: string | null;
      readonly trash: number | null;
    };

/** `number` names it for `docktide file undo`; `change` is the whole of it. */
export interface Undo {
  readonly number: number;
  readonly change: FileChange;
}

export interface MadeFolder {
  readonly folder: EntryView;
  /** Paths of what was not there before; empty where the folder was there already. */
  readonly made: readonly string[];
  readonly undo: Undo | null;
}

export interface MovedFiles {
  readonly moved: readonly { readonly id: number; readonly from: string; readonly to: string }[];
  readonly undo: Undo | null;
}

export interface DeletedFiles {
  /** `trash` is the number for `docktide trash restore`. */
  readonly deleted: readonly { readonly path: string; readonly trash: number }[];
  readonly undo: Undo | null;
}

export interface UploadProgress {
  readonly path: string;
  readonly done: number;
  readonly total: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

export interface UploadReport {
  /** `id` is null until the next look where another process keeps this one waiting. */
  readonly added: readonly {
    readonly source: string;
    readonly path: string;
    readonly id: number | null;
    readonly size: number;
  }[];
  /** The same content was there under that name already. */
  readonly equal: readonly { readonly source: string; readonly path: string }[];
  readonly folders: readonly string[];
  /** Names that were changed, because Dropbox does not take them or because they were taken. */
  readonly renamed: readonly { readonly source: string; readonly path: string; readonly reason: string }[];
  readonly skipped: readonly { readonly source: string; readonly reason: string }[];
  readonly failed: readonly { readonly source: string; readonly reason: string }[];
  /** True where it was stopped before everything was there. */
  readonly stopped: boolean;
  readonly undo: Undo | null;
}

export interface DownloadReport {
  /** Absolute path of the file that was written. */
  readonly file: string;
  readonly zip: boolean;
  readonly files: number;
  /** Bytes of the documents, and of the written file. */
  readonly bytes: number;
  readonly written: number;
  /** Documents that are only in the cloud and cannot be exported. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

export interface VersionView {
  readonly rev: string;
  /** ISO 8601, UTC: when it was written, and when Dropbox got it. */
  readonly modifiedAt: string;
  readonly savedAt: string;
  readonly size: number;
  readonly contentHash: string | null;
  /** The present one in Dropbox. */
  readonly current: boolean;
  /** The same content as the document here. */
  readonly here: boolean;
}

export interface RestoredVersion {
  readonly path: string;
  readonly rev: string;
  /** `here`: the bytes are here, and the next sync brings them to Dropbox; `dropbox`: restored there. */
  readonly from: 'here' | 'dropbox' | 'unchanged';
  readonly undo: Undo | null;
}

export interface UndoReport {
  readonly undone: readonly string[];
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
  /** Takes the undoing back. */
  readonly undo: Undo | null;
}
