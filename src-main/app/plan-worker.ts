// The thread of plan-beside.ts: for each job it reads trees of one client in one moment, plans, and hands the plan over in
// portions, one each time it is asked.

import { getHeapStatistics } from 'node:v8';
import { parentPort } from 'node:worker_threads';
import { policyFor, planTrees } from '../engine/planning.ts';
import { policyOf } from '../keeping/policy.ts';
import { viewStore } from '../store/open-store.ts';
import type { Plan } from '../sync/model.ts';
import type { PlanJob, PlanOrder, PlanPortion } from './plan-beside.ts';

/** What the other side takes up in a few milliseconds. */
const OPERATIONS_AT_ONCE = 500;
const IDS_AT_ONCE = 5_000;
/** Bytes of this thread's memory up to which it may be kept. */
const LIGHT = 128 * 1024 * 1024;

function planned({ database, client, circumstances, part, ignoreText, date, platform }: PlanJob): Plan {
  const store = viewStore({ file: database, now: () => 0 });
  try {
    return store.sync.batch(() => {
      const row = store.sync.client(client);
      if (row === null) throw new Error('The client was removed meanwhile.');
      const policy = policyOf({ store, ignoreText: () => ignoreText, date: () => date, platform }, row);
      return planTrees(store.sync, client, policyFor(policy, circumstances), circumstances, part);
    });
  } finally {
    store.close();
  }
}

function* portionsOf(plan: Plan): Generator<PlanPortion> {
  const { operations, problems, conflicts, unsettled, deletions } = plan;
  for (const some of slices(operations, OPERATIONS_AT_ONCE)) yield { kind: 'operations', some };
  for (const some of slices(problems, OPERATIONS_AT_ONCE)) yield { kind: 'problems', some };
  for (const some of slices(conflicts, OPERATIONS_AT_ONCE)) yield { kind: 'conflicts', some };
  for (const some of slices(unsettled.local, IDS_AT_ONCE)) yield { kind: 'unsettled-here', some };
  for (const some of slices(unsettled.remote, IDS_AT_ONCE)) yield { kind: 'unsettled-there', some };
  yield { kind: 'end', deletions, isLight: getHeapStatistics().total_heap_size <= LIGHT };
}

function* slices<T>(list: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += size) yield list.slice(start, start + size);
}

let portions: Generator<PlanPortion> | null = null;
// Posted by plan-beside.ts alone.
parentPort?.on('message', (order: PlanOrder) => {
  if (order !== 'next') portions = portionsOf(planned(order));
  else {
    const { value, done } = portions?.next() ?? { done: true };
    if (done !== true) parentPort?.postMessage(value);
    // The plan itself is not kept.
    if (value?.kind === 'end') portions = null;
  }
});
