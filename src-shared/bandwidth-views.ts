// How much of the line Docktide may take: what `docktide limit --json` and the window show and set.

/** Bytes a second, over all clients together; null: as fast as the line. */
export interface BandwidthView {
  /** To Dropbox. */
  readonly up: number | null;
  /** From Dropbox. */
  readonly down: number | null;
}

/** Slower than this, a single request would outlive the patience of servers on the way. */
export const LEAST_BANDWIDTH = 32 * 1024;
