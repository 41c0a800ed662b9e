// What a case of the benchmark is: what it measures, for how many files and at which latencies unless told, and what
// Docktide promises of it.

import type { Measured } from './measure.ts';
import type { World } from './world.ts';

export interface CaseOptions {
  readonly files: number;
  /** Milliseconds before each answer of Dropbox. */
  readonly latency: number;
  /** The world of so many synced files; made once for all cases that want one. */
  readonly world: World | null;
}

export interface CaseResult extends Measured {
  /** Seconds that rclone takes for the same; null where it does not apply or is not installed. */
  readonly rclone?: number | null;
  /** Seconds that bare calls of the `dropbox` package take for the same. */
  readonly sdk?: number | null;
  /** Each promise with whether it was kept in this run. */
  readonly promises: readonly Promised[];
}

export interface Promised {
  readonly what: string;
  readonly kept: boolean;
}

export interface Case {
  readonly what: (options: { readonly files: number; readonly latency: number }) => string;
  readonly files: readonly number[];
  readonly latencies: readonly number[];
  /** True where the case works in a world of so many synced files. */
  readonly shared?: boolean;
  readonly run: (options: CaseOptions) => Promise<CaseResult>;
}

export function many(files: number): string {
  return files.toLocaleString('en-US');
}

export function atMost(what: string, value: number, limit: number, unit = ''): Promised {
  return { what: `${what} ≤ ${limit}${unit}`, kept: value <= limit };
}

export function worldOf({ world }: CaseOptions): World {
  if (world === null) throw new Error('This case needs a world of synced files.');
  return world;
}
