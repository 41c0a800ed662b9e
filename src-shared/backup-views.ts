// What the backup commands print as JSON and the window shows. Contracts for scripts: a field may be added, never renamed
// or removed.

export type BackupState = 'unverified' | 'verified' | 'failed';

/** One line of `docktide backup list`. */
export interface BackupView {
  /** The time in UTC and the mark of the store that made it: `2026-11-23T14-00-00Z-1a2b3c4d`. */
  readonly id: string;
  /** Of its file. */
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  /** Seconds since then. */
  readonly age: number;
  /** Bytes of its file. */
  readonly size: number;
  /** `failed`: a verification found it to be bad, or it is gone from Dropbox. */
  readonly state: BackupState;
  readonly verifiedAt: string | null;
  /** What is wrong with it, as a sentence. */
  readonly error: string | null;
  readonly encrypted: boolean;
  readonly where: 'dropbox' | 'here' | 'both';
  /** The client in whose Dropbox it lies. */
  readonly client: string | null;
  /** `found`: made by another computer, or before this store lost its database. */
  readonly cause: 'hand' | 'schedule' | 'found';
  /** Whether retention here looks after it. */
  readonly own: boolean;
  /** What is in it; null where nobody has looked into it yet. */
  readonly content: {
    readonly version: string;
    readonly computer: string;
    readonly schema: number;
    /** Bytes of the database before compression. */
    readonly databaseSize: number;
    readonly records: number;
    readonly files: number;
    readonly sources: readonly { readonly name: string; readonly files: number; readonly bytes: number }[];
  } | null;
}

/** What `docktide backup now` did. */
export interface BackupMade extends BackupView {
  /** What a person should know all the same: a source that is missing, an upload that has to wait. */
  readonly warnings: readonly string[];
}

export interface BackupVerified {
  readonly ok: boolean;
  readonly verified: number;
  readonly failed: number;
  readonly backups: readonly BackupView[];
}

export interface BackupPruned {
  readonly dryRun: boolean;
  readonly removed: readonly BackupView[];
  readonly kept: readonly { readonly id: string; readonly reasons: readonly string[] }[];
  /** Those that could not be removed, with the reason. */
  readonly errors: readonly { readonly id: string; readonly message: string }[];
}

export interface BackupRestored {
  readonly restored: string;
  readonly madeAt: string;
  /** Where the database that was in use is kept; null where there was none. */
  readonly previous: string | null;
  /** Clients that need a login, or that the backup does not know. */
  readonly notes: readonly string[];
}

export interface BackupExtracted {
  readonly id: string;
  /** Absolute path of the folder. */
  readonly folder: string;
  readonly files: number;
  readonly problems: readonly string[];
}

export interface BackupSourceView {
  readonly name: string;
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'missing';
  readonly addedAt: string;
}

export interface BackupKeep {
  readonly last: number;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
}

export interface BackupSettings {
  /** Cron expression in local time; null: only by hand. */
  readonly schedule: string | null;
  /** ISO 8601, UTC: when the next one is due while Docktide runs. */
  readonly next: string | null;
  /** The client that a person has chosen. */
  readonly target: string | null;
  /** The client that backups go to now; null: they stay here. */
  readonly client: string | null;
  /** Whether each backup is verified after it was made. */
  readonly verify: boolean;
  readonly keep: BackupKeep;
  /** Whether a passphrase is kept, so that backups are encrypted. */
  readonly passphrase: boolean;
}

/** Part of `docktide status`. */
export interface BackupStatus {
  readonly schedule: string | null;
  readonly next: string | null;
  /** The newest one; null where there is none. */
  readonly last: { readonly id: string; readonly madeAt: string; readonly state: BackupState } | null;
  /** Made, and waiting for a Dropbox to go to. */
  readonly waiting: number;
  /** What went wrong with the last one, until one succeeds. */
  readonly failure: { readonly at: string; readonly message: string } | null;
}

export type BackupStep = 'copying' | 'packing' | 'uploading' | 'downloading' | 'checking';

export type BackupEvent =
  | {
      readonly kind: 'backup-progress';
      readonly id: string;
      readonly step: BackupStep;
      /** Bytes. */
      readonly done: number;
      readonly total: number;
    }
  /** A backup was made, verified, removed or has failed: the list and the status are others now. */
  | { readonly kind: 'backups-changed' };
