// Long work on many documents at once: imports from elsewhere in Dropbox, exports to Dropbox or to a disk. Each is a job
// that is kept, so that it can be watched, stopped, taken up again, and reported afterwards.

export type BulkKind = 'import' | 'export-dropbox' | 'export-disk';

/**
 * `stopped` by Ctrl+C or the end of the program's day, `interrupted` by its death, `cancelled` by a person, `failed` for
 * a reason that concerns all: each of them can be resumed, and so can a job that is `done` but for documents that failed.
 */
export type BulkState = 'preparing' | 'running' | 'done' | 'stopped' | 'interrupted' | 'cancelled' | 'failed';

export interface BulkJobView {
  readonly id: number;
  readonly kind: BulkKind;
  readonly client: string | null;
  /** What is copied: a path in Dropbox for imports, paths of the documents folder for exports. */
  readonly sources: readonly string[];
  /** Where to: a path of the documents folder, a path in Dropbox, or a folder of this computer. */
  readonly target: string;
  readonly state: BulkState;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** Documents and folders, as far as they are known. */
  readonly total: number;
  readonly done: number;
  /** Left out: the same content is there already, or it is never kept. */
  readonly skipped: number;
  readonly failed: number;
  readonly left: number;
  readonly bytesTotal: number;
  /** Of what is done or skipped. */
  readonly bytesDone: number;
  /** Why the whole could not go on, in words. */
  readonly error: string | null;
}

export interface BulkItemView {
  readonly kind: 'file' | 'folder';
  readonly source: string;
  /** Where it is now, or was to be; as the job's target. */
  readonly target: string;
  readonly size: number;
  readonly state: 'planned' | 'done' | 'skipped' | 'failed';
  /** Why it was left out, why it failed, or why it has another name; null where there is nothing to say. */
  readonly reason: string | null;
}

export interface BulkReport extends BulkJobView {
  /** What was left out, failed or got another name; everything where that was asked for. */
  readonly items: readonly BulkItemView[];
}

export interface BulkProgress {
  readonly job: number;
  readonly done: number;
  readonly total: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly path: string;
}
