// Asynchronous jobs: a batch is carried out at once, but may be answered with a job id whose result is polled.

import { randomBytes } from 'node:crypto';

interface Job {
  readonly result: Readonly<Record<string, unknown>>;
  /** How many polls are answered `in_progress` first. */
  waiting: number;
}

/** Batches up to this size are answered directly. */
const SYNCHRONOUS_ENTRIES = 5;
/** Batches above this size are in progress at the first poll. */
const QUICK_ENTRIES = 100;

export class Jobs {
  readonly #jobs = new Map<string, Job>();

  /** A launch answer: complete, or a job id. `force` asks for a job whatever the size. */
  launch(
    entries: readonly unknown[],
    options: { readonly force: boolean; readonly polls: number | null },
  ): Readonly<Record<string, unknown>> {
    const result = { '.tag': 'complete', entries };
    if (!options.force && entries.length <= SYNCHRONOUS_ENTRIES) return result;
    const id = `dbjid:${randomBytes(30).toString('base64url')}`;
    this.#jobs.set(id, { result, waiting: options.polls ?? (entries.length > QUICK_ENTRIES ? 1 : 0) });
    return { '.tag': 'async_job_id', async_job_id: id };
  }

  /** A job's status; null where no such job is known. */
  check(id: string): Readonly<Record<string, unknown>> | null {
    const job = this.#jobs.get(id);
    if (job === undefined) return null;
    if (job.waiting > 0) {
      job.waiting--;
      return { '.tag': 'in_progress' };
    }
    return job.result;
  }
}
