// The heavy parts of backups as jobs of plain values: what goes to the worker thread and what comes back. Nothing in here
// runs on the thread that serves the window. Run by run-job.ts; done by pack.ts, unpack.ts and prepare.ts.

import type { ContentHash } from '../../src-shared/domain.ts';
import type { Manifest } from './manifest.ts';

export interface BackupSource {
  readonly name: string;
  /** Absolute path of a file or folder. */
  readonly path: string;
}

export interface PackJob {
  readonly kind: 'pack';
  /** The database in use. */
  readonly database: string;
  /** For what is needed meanwhile; exists, and is the job's own. */
  readonly folder: string;
  /** Where the finished archive is written; does not exist yet. */
  readonly file: string;
  readonly passphrase: string | null;
  readonly sources: readonly BackupSource[];
  readonly about: Pick<Manifest, 'version' | 'id' | 'madeAt' | 'computer' | 'store'>;
}

export interface Packed {
  /** Bytes of the archive. */
  readonly size: number;
  readonly hash: ContentHash;
  readonly manifest: Manifest;
}

export interface ExamineJob {
  readonly kind: 'examine';
  readonly file: string;
  readonly encrypted: boolean;
  readonly passphrase: string | null;
  /** Where the database is restored to; exists, and is the job's own. */
  readonly folder: string;
  /** Where everything is unpacked for a person; null: only the database, the rest is read and compared. */
  readonly into: string | null;
}

export interface Examined {
  readonly manifest: Manifest | null;
  /** Absolute path of the restored database; null where the archive holds none. */
  readonly database: string | null;
  /** What is wrong with the backup, as sentences; none: it can be relied on. */
  readonly problems: readonly string[];
}

export interface PrepareJob {
  readonly kind: 'prepare';
  /** The restored database, to be made ready for its place. */
  readonly database: string;
  /** The database that it replaces; null where that cannot be read. */
  readonly present: string | null;
  /** What the database at this place must say of itself. */
  readonly storeId: string;
  readonly documents: string;
  /** For the log. */
  readonly id: string;
  readonly now: number;
}

export interface Prepared {
  readonly clients: readonly { readonly id: number; readonly name: string }[];
  readonly schema: number;
}

export type Job = PackJob | ExamineJob | PrepareJob;
export type ResultOf<J extends Job> = J extends PackJob ? Packed : J extends ExamineJob ? Examined : Prepared;

export interface JobProgress {
  readonly step: 'copying' | 'packing' | 'checking';
  readonly done: number;
  /** Bytes; for `packing` what is known of it beforehand. */
  readonly total: number;
}
export type ReportProgress = (progress: JobProgress) => void;

export type JobErrorCode =
  'passphrase-missing' | 'passphrase-wrong' | 'disk-full' | 'database-newer' | 'not-empty' | 'unreadable' | 'failed';

export class JobError extends Error {
  override readonly name = 'JobError';
  readonly code: JobErrorCode;
  constructor(code: JobErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
  }
}
