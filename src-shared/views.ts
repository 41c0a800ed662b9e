// What the application service answers: the shapes that the command line prints as JSON and the window shows.
// These are contracts for scripts; a field may be added, never renamed or removed.

import type {
  AttachmentType,
  ClientReason,
  ClientState,
  Direction,
  FolderRole,
  SyncState,
  TaskState,
} from './domain.ts';
import type { BackupEvent, BackupStatus } from './backup-views.ts';
import type { NoticeView } from './notify-views.ts';

/** One line of `docktide ls`. Paths are relative to the documents folder, with `/`, sorted by path. */
export interface EntryView {
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly type: AttachmentType | null;
  readonly url: string | null;
  /** Bytes; null for folders. */
  readonly size: number | null;
  readonly contentHash: string | null;
  /** `TYPE/REF` of the record it belongs to. */
  readonly record: string | null;
  readonly client: string | null;
  readonly state: SyncState;
  readonly remoteId: string | null;
  readonly rev: string | null;
  /** Row id in the document store; what the window uses instead of paths. */
  readonly id: number;
  readonly parentId: number | null;
  readonly role: FolderRole | null;
  /** ISO 8601, UTC: when the content last changed. */
  readonly changedAt: string | null;
}

export interface ClientView {
  readonly name: string;
  readonly state: ClientState;
  readonly reason: ClientReason | null;
  readonly root: string;
  /** ISO 8601, UTC; null before the first complete pass. */
  readonly lastSync: string | null;
  readonly pending: number;
  readonly held: number;
  readonly failed: number;
  readonly conflicts: number;
}

export interface StatusView {
  /** Absolute path of the documents folder. */
  readonly documents: string;
  readonly clients: readonly ClientView[];
  readonly counts: {
    readonly types: number;
    readonly records: number;
    readonly folders: number;
    readonly files: number;
    readonly bytes: number;
    readonly pending: number;
    readonly held: number;
    readonly failed: number;
    readonly conflicts: number;
  };
  /** Cloud-only documents that could not be brought back and wait for a person. */
  readonly unconverted: readonly { readonly client: string; readonly path: string; readonly reason: string }[];
  /** Folders on their way from one client to another. */
  readonly handovers: readonly { readonly path: string; readonly from: string; readonly to: string }[];
  readonly backup: BackupStatus;
}

/** What one complete pass did (`docktide sync --json`). */
export interface SyncSummary {
  readonly uploaded: number;
  readonly downloaded: number;
  /** Moves and renames on either side. */
  readonly moved: number;
  readonly deletedLocal: number;
  readonly deletedRemote: number;
  /** Folders created on either side. */
  readonly createdFolders: number;
  readonly adopted: number;
  /** Conflicts met in this pass. */
  readonly conflicts: number;
  readonly held: number;
  readonly failed: number;
  /** HTTP requests sent to Dropbox. */
  readonly requests: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly seconds: number;
}

/** The summary of a pass that found nothing to do. */
export const NOTHING_DONE: SyncSummary = {
  uploaded: 0,
  downloaded: 0,
  moved: 0,
  deletedLocal: 0,
  deletedRemote: 0,
  createdFolders: 0,
  adopted: 0,
  conflicts: 0,
  held: 0,
  failed: 0,
  requests: 0,
  bytesUp: 0,
  bytesDown: 0,
  seconds: 0,
};

/** How often a continuous run looks everywhere, beside what is told at once. */
export interface ScheduleView {
  readonly minutes: number;
}

/** One planned, running or finished task of the queue. */
export interface TaskView {
  readonly id: number;
  readonly client: string;
  readonly kind: string;
  readonly direction: Direction;
  readonly path: string;
  /** The former path of a move. */
  readonly from: string | null;
  /** Why it is planned, in words for a person. */
  readonly reason: string;
  readonly state: TaskState;
  readonly attempts: number;
  readonly nextAttempt: string | null;
  readonly error: string | null;
  /** What kind of error it is, for programs: `name-refused`, `no-space` … */
  readonly errorCode: string | null;
  readonly bytes: number;
  readonly bytesDone: number;
  readonly plannedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface LogView {
  readonly id: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly level: 'info' | 'warning' | 'error';
  readonly client: string | null;
  readonly direction: Direction | null;
  readonly kind: string;
  readonly path: string | null;
  readonly record: string | null;
  readonly bytes: number | null;
  /** Milliseconds. */
  readonly duration: number | null;
  readonly result: 'done' | 'held' | 'retry' | 'failed' | 'note';
  /** In words for a person. */
  readonly reason: string;
  /** The person of this computer who asked for it; null: Docktide by itself. */
  readonly actor: string | null;
}

export interface ConflictView {
  readonly id: number;
  readonly client: string;
  readonly path: string;
  /** Where the other version is kept. */
  readonly copy: string;
  readonly foundAt: string;
  readonly reason: string;
}

export interface SearchHit {
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'record';
  readonly record: string | null;
  readonly id: number;
}

/** What the application service tells its listeners while it works. Window and terminal show the same events. */
export type AppEvent =
  | BackupEvent
  | { readonly kind: 'pass-started'; readonly client: string }
  | { readonly kind: 'pass-finished'; readonly client: string; readonly summary: SyncSummary }
  | { readonly kind: 'pass-failed'; readonly client: string; readonly code: string; readonly message: string }
  | { readonly kind: 'task'; readonly task: TaskView }
  | {
      readonly kind: 'progress';
      readonly client: string;
      readonly done: number;
      readonly total: number;
      readonly bytesUp: number;
      readonly bytesDown: number;
    }
  | { readonly kind: 'entries-changed' }
  | { readonly kind: 'client-changed'; readonly client: ClientView }
  | { readonly kind: 'log'; readonly row: LogView }
  /** Something that people may want to be told of, once; `elsewhere`: another process of this data folder found it. */
  | { readonly kind: 'notice'; readonly notice: NoticeView; readonly elsewhere: boolean };
