// Starts, resumes, cancels and reports jobs of bulk work. One runs at a time on a data folder, over all processes: the
// lock tells whether a job that was left running is still at work or was interrupted. In: what a person wants; out:
// reports. Called by the application service.

import type { RelPath } from '../../src-shared/domain.ts';
import type { BulkItemView, BulkJobView, BulkProgress, BulkReport, BulkState } from '../../src-shared/bulk-views.ts';
import { Fault, type Clock } from '../engine/ports.ts';
import { PassLockBusy, type PassLock } from '../infra/pass-lock.ts';
import type { BulkItem, BulkJob, BulkJobs as Rows, KeptState } from '../store/bulk-jobs.ts';
import { StoreError } from '../store/errors.ts';
import { iso } from '../store/keepsakes.ts';
import { runJob, type BulkWork } from './run-job.ts';

export interface BulkOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BulkProgress) => void;
  /** Called once with the number of the job, as soon as it has one. */
  readonly onStart?: (job: number) => void;
}

export interface JobParts {
  readonly rows: Rows;
  readonly lock: PassLock;
  readonly clock: Clock;
  /** The work of a kept job, made anew from its row. */
  readonly workOf: (job: BulkJob) => Promise<BulkWork>;
  readonly ended: (job: BulkJobView) => void;
}

export interface BulkRunner {
  /** Runs a new job to its end, or until it is stopped; answers what was done either way. */
  start(job: Parameters<Rows['add']>[0], options?: BulkOptions): Promise<BulkReport>;
  resume(id: number, options?: BulkOptions): Promise<BulkReport>;
  cancel(id: number): Promise<BulkJobView>;
  list(): Promise<readonly BulkJobView[]>;
  report(id: number, everything: boolean): Promise<BulkReport>;
}

/** How often a running job looks whether a person wants it to end (milliseconds). */
const LOOK_EVERY = 250;
/** How long cancelling waits for the job to end (milliseconds). */
const CANCEL_WAIT = 30_000;

export function makeBulkRunner(parts: JobParts): BulkRunner {
  const { rows, lock, clock } = parts;
  let running: number | null = null;

  const get = (id: number): BulkJob => {
    const job = rows.get(id);
    if (job !== null) return job;
    throw new StoreError('unknown-job', `There is no import or export ${id}. See "docktide bulk list".`);
  };

  /** Whether some process is at work on a job. */
  const isAlive = async (): Promise<boolean> => {
    if (running !== null) return true;
    try {
      await lock.hold(async () => undefined, 0);
      return false;
    } catch (error) {
      if (error instanceof PassLockBusy) return true;
      throw error;
    }
  };

  async function alone<T>(work: () => Promise<T>): Promise<T> {
    const busy = () =>
      new StoreError(
        'job-running',
        'Another import or export is under way. Wait until it has ended, or end it: docktide bulk cancel ID.',
      );
    if (running !== null) throw busy();
    try {
      return await lock.hold(work, 0);
    } catch (error) {
      throw error instanceof PassLockBusy ? busy() : error;
    }
  }

  /** Under the lock. A fault of the whole ends the job as failed; what was done stands. Throws where it cannot be at all. */
  async function run(id: number, options: BulkOptions): Promise<void> {
    running = id;
    const stop = new AbortController();
    const follow = () => stop.abort(options.signal?.reason);
    options.signal?.addEventListener('abort', follow, { once: true });
    const look = setInterval(() => rows.wantsCancel(id) && stop.abort(), LOOK_EVERY);
    try {
      if (options.signal?.aborted === true) stop.abort();
      options.onStart?.(id);
      await runJob(rows, id, await parts.workOf(get(id)), { signal: stop.signal, onProgress: options.onProgress });
      rows.setState(id, 'done');
    } catch (error) {
      if (stop.signal.aborted) rows.setState(id, rows.wantsCancel(id) ? 'cancelled' : 'stopped');
      else {
        rows.setState(id, 'failed', error instanceof Error ? error.message : String(error));
        // What was asked for cannot be: there is nothing to resume.
        if (!(error instanceof Fault) && !get(id).listed) throw error;
      }
    } finally {
      clearInterval(look);
      options.signal?.removeEventListener('abort', follow);
      running = null;
      parts.ended(viewOf(get(id), rows, false));
    }
  }

  async function report(id: number, everything: boolean): Promise<BulkReport> {
    const view = viewOf(get(id), rows, await isAlive());
    return { ...view, items: rows.items(id, everything).map((item) => itemView(view, item)) };
  }

  return {
    report,
    async start(job, options = {}) {
      const id = await alone(async () => {
        const added = rows.add(job);
        try {
          await run(added, options);
        } catch (error) {
          rows.remove(added);
          throw error;
        }
        return added;
      });
      return report(id, false);
    },
    async resume(id, options = {}) {
      get(id);
      await alone(async () => {
        rows.retryFailed(id);
        await run(id, options);
      });
      return report(id, false);
    },
    async cancel(id) {
      const job = get(id);
      if (job.state === 'done' || job.state === 'cancelled') return viewOf(job, rows, false);
      rows.askCancel(id);
      const until = clock.now() + CANCEL_WAIT;
      while ((await isAlive()) && isOpen(get(id).state) && clock.now() < until) await clock.sleep(LOOK_EVERY);
      // Nobody is at work on it (any more): it ends here.
      if (!(await isAlive()) && get(id).state !== 'done') rows.setState(id, 'cancelled');
      return viewOf(get(id), rows, await isAlive());
    },
    async list() {
      const alive = await isAlive();
      return rows.all().map((job) => viewOf(job, rows, alive));
    },
  };
}

function isOpen(state: KeptState): boolean {
  return state === 'preparing' || state === 'running';
}

function viewOf(job: BulkJob, rows: Rows, isAlive: boolean): BulkJobView {
  const { id, kind, client, sources, target, error, startedAt, finishedAt } = job;
  const state: BulkState = isOpen(job.state) && !isAlive ? 'interrupted' : job.state;
  return {
    id,
    kind,
    client,
    sources,
    target,
    state,
    startedAt: iso(startedAt),
    finishedAt: finishedAt === null ? null : iso(finishedAt),
    ...rows.sums(id),
    error,
  };
}

function itemView({ target }: BulkJobView, item: BulkItem): BulkItemView {
  const { kind, source, path, final, size, state, reason } = item;
  const at: RelPath = final ?? path;
  return { kind, source, target: target.endsWith('/') ? `${target}${at}` : `${target}/${at}`, size, state, reason };
}
