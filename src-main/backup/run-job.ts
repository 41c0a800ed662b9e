// Runs the heavy parts of backups on a worker thread, so that window and sync never wait for them. In: a job of plain
// values; out: its result. Aborting ends the thread at once: whatever it was writing has a temporary name.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Fault } from '../engine/ports.ts';
import { JobError, type Job, type JobErrorCode, type ReportProgress, type ResultOf } from './jobs.ts';

/** What the worker posts. */
export type Message =
  | { readonly kind: 'progress'; readonly progress: Parameters<ReportProgress>[0] }
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly code: JobErrorCode; readonly message: string };

export type RunJob = <J extends Job>(
  job: J,
  options?: { readonly report?: ReportProgress; readonly signal?: AbortSignal },
) => Promise<ResultOf<J>>;

/** In the built app the worker is a file of its own beside the main one; here it is the source itself. */
function workerFile(): string {
  const here = import.meta.url;
  const candidates = here.endsWith('.ts') ? ['./worker.ts'] : ['./backup-worker.js', '../backup-worker.js'];
  const files = candidates.map((name) => fileURLToPath(new URL(name, here)));
  return files.find((file) => existsSync(file)) ?? files[0] ?? '';
}

/** Throws JobError; Fault 'aborted' when the signal ends it. */
export const runJob: RunJob = (job, { report, signal } = {}) =>
  new Promise((resolve, reject) => {
    const aborted = () => new Fault('aborted', 'The backup was stopped before it had finished. Nothing was changed.');
    if (signal?.aborted === true) {
      reject(aborted());
      return;
    }
    const worker = new Worker(workerFile(), { workerData: job });
    let settled = false;
    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      signal?.removeEventListener('abort', stop);
      void worker.terminate().then(finish);
    };
    const stop = (): void => settle(() => reject(aborted()));
    signal?.addEventListener('abort', stop, { once: true });
    worker.on('message', (message: Message) => {
      if (message.kind === 'progress') report?.(message.progress);
      else if (message.kind === 'error') settle(() => reject(new JobError(message.code, message.message)));
      else settle(() => resolve(message.result as ResultOf<typeof job>));
    });
    worker.on('error', (error) => settle(() => reject(new JobError('failed', `The backup failed: ${error.message}.`))));
    worker.on('exit', () => settle(() => reject(new JobError('failed', 'The backup ended unexpectedly. Try again.'))));
  });
