// Long work that goes on in the background: running jobs, and finished ones until they are dismissed.

import { create } from 'zustand';
import type { Push } from '../../src-shared/ipc-contract.ts';
import type { Job } from '../../src-shared/ipc/jobs.ts';

interface JobsStore {
  readonly jobs: readonly Job[];
  readonly dismiss: (id: number) => void;
  readonly receive: (push: Push) => void;
}

const DONE_SHOWN_MS = 6_000;

export const useJobs = create<JobsStore>()((set, get) => ({
  jobs: [],
  dismiss: (id) => set({ jobs: get().jobs.filter((job) => job.id !== id) }),
  receive(push) {
    if (push.kind !== 'job') return;
    const { job } = push;
    const known = get().jobs.some((one) => one.id === job.id);
    set({ jobs: known ? get().jobs.map((one) => (one.id === job.id ? job : one)) : [...get().jobs, job] });
    // What failed, and what was left out, stays until it is read.
    if (job.state === 'cancelled' || (job.state === 'done' && job.problem === null))
      setTimeout(() => get().dismiss(job.id), DONE_SHOWN_MS);
  },
}));
