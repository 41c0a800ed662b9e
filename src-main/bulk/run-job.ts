// Runs one job of bulk work to its end: lists what is to be copied, copies it in portions, and writes down what became of
// each document as it goes, so that a job whose program died goes on where it was. In: a kept job and the work of its
// kind; out: rows. Called by jobs.ts.

import type { RelPath } from '../../src-shared/domain.ts';
import type { BulkProgress } from '../../src-shared/bulk-views.ts';
import { Fault } from '../engine/ports.ts';
import type { BulkItem, BulkJobs, BulkOutcome, BulkSums, NewBulkItem } from '../store/bulk-jobs.ts';

/** One kind of job: what there is to copy, and how a portion of it is copied. */
export interface BulkWork {
  /** Items that `copy` gets at once. */
  readonly portion: number;
  /** Checks that it can be done at all, and lists it; folders before what is in them. */
  list(signal: AbortSignal): AsyncIterable<readonly NewBulkItem[]>;
  /**
   * Copies items and answers what became of each. `folders` tells how folders came out. Throws a Fault that concerns
   * more than one document; what was answered before stands.
   */
  copy(
    items: readonly BulkItem[],
    folders: ReadonlyMap<RelPath, RelPath>,
    signal: AbortSignal,
    tell: (bytes: number, path: string) => void,
  ): AsyncIterable<BulkOutcome>;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined;
}

/** Outcomes that are written down together, at the latest after this time (milliseconds). */
const WRITE_EVERY = 300;

export async function runJob(jobs: BulkJobs, id: number, work: BulkWork, options: RunOptions): Promise<void> {
  const { signal } = options;
  if (jobs.get(id)?.listed !== true) {
    jobs.setState(id, 'preparing');
    jobs.clearItems(id);
    for await (const items of work.list(signal)) {
      signal.throwIfAborted();
      jobs.addItems(id, items);
    }
    jobs.setListed(id);
  }
  jobs.setState(id, 'running');
  const tally = new Tally(jobs.sums(id), id, options.onProgress);
  const folders = jobs.folders(id);
  for (;;) {
    signal.throwIfAborted();
    const items = jobs.planned(id, work.portion);
    if (items.length === 0) return;
    await copyPortion(jobs, id, work, items, folders, signal, tally);
  }
}

async function copyPortion(
  jobs: BulkJobs,
  id: number,
  work: BulkWork,
  items: readonly BulkItem[],
  folders: Map<RelPath, RelPath>,
  signal: AbortSignal,
  tally: Tally,
): Promise<void> {
  const byPosition = new Map(items.map((item) => [item.position, item]));
  let fresh: BulkOutcome[] = [];
  let written = performance.now();
  const write = (): void => {
    if (fresh.length > 0) jobs.settle(id, fresh);
    fresh = [];
    written = performance.now();
  };
  try {
    for await (const outcome of work.copy(items, folders, signal, (bytes, path) => tally.part(bytes, path))) {
      const item = byPosition.get(outcome.position);
      if (item === undefined) continue;
      byPosition.delete(outcome.position);
      fresh.push(outcome);
      if (item.kind === 'folder' && outcome.final !== null) folders.set(item.path, outcome.final);
      tally.settled(item, outcome);
      if (performance.now() - written > WRITE_EVERY) write();
    }
  } finally {
    write();
  }
  if (byPosition.size > 0)
    throw new Fault('internal', 'Some documents were neither copied nor refused. Resume the job.');
}

class Tally {
  readonly #onProgress: RunOptions['onProgress'];
  #now: BulkProgress;
  /** Bytes of the document that is being copied. */
  #part = 0;

  constructor(sums: BulkSums, job: number, onProgress: RunOptions['onProgress']) {
    this.#onProgress = onProgress;
    const { total, bytesDone, bytesTotal } = sums;
    this.#now = { job, done: sums.done + sums.skipped + sums.failed, total, bytesDone, bytesTotal, path: '' };
    this.#onProgress?.(this.#now);
  }

  part(bytes: number, path: string): void {
    this.#part += bytes;
    this.#onProgress?.({ ...this.#now, bytesDone: this.#now.bytesDone + this.#part, path });
  }

  settled(item: BulkItem, outcome: BulkOutcome): void {
    this.#part = 0;
    const bytes = outcome.state === 'failed' ? 0 : item.size;
    const { done, bytesDone } = this.#now;
    this.#now = { ...this.#now, done: done + 1, bytesDone: bytesDone + bytes, path: item.source };
    this.#onProgress?.(this.#now);
  }
}

/** What concerns the whole job and not one document: it cannot go on now. */
export function isFatal(fault: Fault): boolean {
  return fault.retryable || FATAL.has(fault.code);
}

const FATAL: ReadonlySet<string> = new Set([
  'no-space',
  'login-lost',
  'scope-missing',
  'aborted',
  'disk-full',
  'read-only',
  'documents-missing',
  'marker-missing',
  'internal',
]);
