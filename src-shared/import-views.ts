// What importing records from a file answers. Contracts for scripts and the window.

export const ENCODINGS = ['auto', 'utf-8', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export interface ImportOptions {
  /** Document type of all records; else the column `type` tells it. */
  readonly type?: string;
  /** `ref`, `name`, `type` or `field.NAME` to the title of a column; without it the columns type, ref, name, then fields. */
  readonly map?: Readonly<Record<string, string>>;
  /** Tells what would be done, and writes nothing. */
  readonly preview?: boolean;
  /** `auto`: UTF-8, or Windows-1252 where the bytes are no UTF-8. */
  readonly encoding?: Encoding;
  /** One sign; else the one of comma, semicolon and tab that the header line uses most. */
  readonly delimiter?: string;
  /** Imports the lines that are right although others are wrong. */
  readonly skipErrors?: boolean;
}

export interface ImportProblem {
  /** From 1, as editors count. */
  readonly line: number;
  readonly message: string;
}

export interface ImportChange {
  readonly line: number;
  /** `TYPE/REF` */
  readonly record: string;
  readonly name: string;
  readonly change: 'add' | 'update';
}

export interface ImportReport {
  readonly added: number;
  readonly updated: number;
  /** Left out where there are none, unless it is a preview. */
  readonly unchanged?: number;
  readonly skipped?: number;
  /** The first hundred. */
  readonly errors?: readonly ImportProblem[];
  /** Of a preview: the first hundred changes. */
  readonly changes?: readonly ImportChange[];
  readonly preview?: true;
}
