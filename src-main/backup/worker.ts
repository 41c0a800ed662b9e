// The worker thread of run-job.ts: one job, its progress, its result, the end.

import { parentPort, workerData } from 'node:worker_threads';
import { assertNever } from '../../src-shared/domain.ts';
import type { Job, JobProgress, ReportProgress } from './jobs.ts';
import { asJobError, pack } from './pack.ts';
import { prepare } from './prepare.ts';
import { examine } from './unpack.ts';
import type { Message } from './run-job.ts';

/** Milliseconds between two reports. */
const REPORT_EVERY = 100;

function tell(message: Message): void {
  parentPort?.postMessage(message);
}

function paced(): ReportProgress {
  let last = 0;
  return (progress: JobProgress) => {
    const now = performance.now();
    if (now - last < REPORT_EVERY && progress.done < progress.total) return;
    last = now;
    tell({ kind: 'progress', progress });
  };
}

async function run(job: Job): Promise<unknown> {
  if (job.kind === 'pack') return pack(job, paced());
  if (job.kind === 'examine') return examine(job, paced());
  if (job.kind === 'prepare') return prepare(job);
  return assertNever(job);
}

// Given by run-job.ts alone.
run(workerData as Job)
  .then((result) => tell({ kind: 'result', result }))
  .catch((error: unknown) => {
    const { code, message } = asJobError(error);
    tell({ kind: 'error', code, message });
  });
