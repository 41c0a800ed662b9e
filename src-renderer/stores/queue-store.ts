// The queue as the window shows it: what is going on or comes next, and what is finished, newest first.

import { create } from 'zustand';
import type { Push } from '../../src-shared/ipc-contract.ts';
import type { Task } from '../../src-shared/ipc/sync.ts';
import { call } from '../bridge/bridge.ts';

const FINISHED_KEPT = 300;
const FINISHED: ReadonlySet<Task['state']> = new Set(['done', 'stale']);
/** What a person should see first. */
const RANK: Readonly<Record<Task['state'], number>> = {
  running: 0,
  failed: 1,
  held: 2,
  retry: 3,
  planned: 4,
  blocked: 5,
  done: 6,
  stale: 7,
};

interface QueueStore {
  readonly live: readonly Task[];
  readonly finished: readonly Task[];
  readonly loaded: boolean;
  readonly load: () => Promise<void>;
  readonly reset: () => void;
  readonly receive: (push: Push) => void;
}

export const useQueue = create<QueueStore>()((set, get) => ({
  live: [],
  finished: [],
  loaded: false,
  async load() {
    const [live, finished] = await Promise.all([
      call('queue.list', { finished: false }),
      call('queue.list', { finished: true }),
    ]);
    set({ ...arrange([...live, ...finished]), loaded: true });
  },
  reset: () => set({ live: [], finished: [], loaded: false }),
  receive(push) {
    if (push.kind === 'tasks') set(arrange([...get().live, ...get().finished, ...push.tasks]));
  },
}));

/** The last state of each task, divided and sorted. */
function arrange(tasks: readonly Task[]): Pick<QueueStore, 'live' | 'finished'> {
  const latest = [...new Map(tasks.map((task) => [task.id, task])).values()];
  const finished = latest
    .filter((task) => FINISHED.has(task.state))
    .toSorted((a, b) => compare(b.finishedAt ?? '', a.finishedAt ?? '') || b.id - a.id);
  const live = latest
    .filter((task) => !FINISHED.has(task.state))
    .toSorted((a, b) => RANK[a.state] - RANK[b.state] || a.id - b.id);
  return { live, finished: finished.slice(0, FINISHED_KEPT) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
