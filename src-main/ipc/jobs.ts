// Long work that a person started from the window: it goes on in the background, tells how far it is, and can be stopped.
// Feature handlers start jobs; progress goes to the window as `job` events and to the task bar.

import type { Job } from '../../src-shared/ipc/jobs.ts';
import { AppError } from '../app/service.ts';
import type { Pushes } from './pushes.ts';

export interface JobHandle {
  readonly signal: AbortSignal;
  /** `total` 0 where it is not known. */
  readonly progress: (done: number, total: number) => void;
  /** The work is done, but not for all: a sentence that stays in sight until it is read. */
  readonly leftOut: (message: string) => void;
}

export interface Jobs {
  /** Answers the job's id at once; the work goes on. `kind` names the words `jobs.what.<kind>`. */
  start(kind: string, subject: string, work: (job: JobHandle) => Promise<unknown>): number;
  cancel(id: number): void;
  /** Stops everything that runs, when the program or the store is closed. */
  stop(): void;
}

/** `tellTaskBar` gets the common progress from 0 to 1, or null where nothing runs. */
export function createJobs(pushes: Pushes, tellTaskBar: (progress: number | null) => void): Jobs {
  const running = new Map<number, { job: Job; readonly stop: AbortController }>();
  let lastId = 0;

  const tell = (job: Job): void => {
    pushes.latest(`job:${job.id}`, { kind: 'job', job });
    const open = [...running.values()].filter(({ job: one }) => one.total > 0);
    const parts = open.map(({ job: one }) => one.done / one.total);
    tellTaskBar(parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0) / parts.length);
  };

  return {
    start(kind, subject, work) {
      const id = ++lastId;
      const stop = new AbortController();
      const entry = {
        job: { id, kind, subject, done: 0, total: 0, state: 'running', problem: null } as Job,
        stop,
      };
      running.set(id, entry);
      const change = (part: Partial<Job>): void => {
        entry.job = { ...entry.job, ...part };
        if (entry.job.state !== 'running') running.delete(id);
        tell(entry.job);
      };
      tell(entry.job);
      const handle: JobHandle = {
        signal: stop.signal,
        progress: (done, total) => change({ done, total }),
        leftOut: (message) => change({ problem: { code: 'left-out', message } }),
      };
      work(handle).then(
        () => change({ state: stop.signal.aborted ? 'cancelled' : 'done' }),
        (error: unknown) => change(stop.signal.aborted ? { state: 'cancelled' } : failure(error)),
      );
      return id;
    },
    cancel(id) {
      const found = running.get(id);
      if (!found) throw new AppError('job-over', 'This has ended already.');
      found.stop.abort();
    },
    stop() {
      for (const { stop } of running.values()) stop.abort();
    },
  };
}

function failure(error: unknown): Partial<Job> {
  const code = error instanceof AppError ? error.code : 'unexpected';
  const message = error instanceof Error ? error.message : 'Something unexpected went wrong.';
  return { state: 'failed', problem: { code, message } };
}
