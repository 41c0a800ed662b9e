// What the log's commands answer: export, share, and how long lines are kept. Contracts for scripts.

export const LOG_FORMATS = ['csv', 'json', 'text'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LogExportView {
  /** Absolute path of the file. */
  readonly file: string;
  readonly format: LogFormat;
  readonly rows: number;
  readonly bytes: number;
}

export interface LogShareView {
  /** Absolute path of the zip. */
  readonly file: string;
  readonly bytes: number;
  /** Names in the zip. */
  readonly contents: readonly string[];
  /** Lines of the log in it. */
  readonly rows: number;
  /** Whether names of documents, records and folders were replaced. */
  readonly namesHidden: boolean;
}

/** How long lines of the log are kept: whatever limit is met first. */
export interface LogKeepView {
  readonly days: number;
  /** Of 1,048,576 bytes, about, in the database. */
  readonly megabytes: number;
}

export interface LogPruneView extends LogKeepView {
  /** Lines removed. */
  readonly removed: number;
  /** Lines left. */
  readonly rows: number;
}
