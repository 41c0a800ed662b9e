// What a search asks and what it answers: the same for the command line and the window.

import type { SyncState } from './domain.ts';
import type { SearchHit } from './views.ts';

export type SearchKind = SearchHit['kind'];

/** All conditions must hold; text may be left out where another condition is given. */
export interface SearchQuery {
  /** Beginnings of words in any order, without regard to case and accents. */
  readonly text?: string;
  /** Name of a document type: its folder, its records, their folders and all that is in them. */
  readonly type?: string;
  /** `TYPE/REF`, or the reference alone: the record, its folder and all that is in it. */
  readonly record?: string;
  /** A folder and all that is in it: its path, or its row id as the window knows it. */
  readonly folder?: string | number;
  /** Without the dot: `pdf`. Files only. */
  readonly extensions?: readonly string[];
  /** Bytes, both included. Files only. */
  readonly minSize?: number;
  readonly maxSize?: number;
  /** ISO 8601, both included: when a file was last modified, a folder came, a record was changed. */
  readonly since?: string;
  readonly until?: string;
  /** Files and folders only. */
  readonly states?: readonly SyncState[];
  readonly kinds?: readonly SearchKind[];
  /** 50 unless told. */
  readonly limit?: number;
}

/** Best first: exact names, names that begin so, then the others; the newest first among equals. */
export interface SearchResult extends SearchHit {
  readonly name: string;
  /** Name of the document type of its record. */
  readonly type: string | null;
  /** Bytes; null for folders and records. */
  readonly size: number | null;
  /** ISO 8601, UTC. */
  readonly modifiedAt: string;
  /** Null for records. */
  readonly state: SyncState | null;
  readonly client: string | null;
}
