// Invariant 4 of SYNC.md: the same trees give the same plan, in whatever order their entries come; and so does the part
// of them that can have changed since the last plan. In: a store and a policy. Out: what differs; null where nothing does.

import type { SyncStore } from '../../src-main/engine/ports.ts';
import type { Plan, PlanPolicy } from '../../src-main/sync/model.ts';
import { plan } from '../../src-main/sync/plan.ts';
import { standsAlone } from '../../src-main/sync/unsettled.ts';
import type { ClientId } from '../../src-shared/domain.ts';

export interface Compared {
  readonly difference: string | null;
  /** Entries that the plan of the neighbourhood was made of; null where the whole was needed. */
  readonly near: number | null;
  /** Entries of the whole trees. */
  readonly whole: number;
}

/** To be called before the plan that is now due is noted in the store. */
export function comparePlans(store: SyncStore, id: ClientId, policy: PlanPolicy): Compared {
  const [local, remote, synced] = [store.localTree(id), store.remoteTree(id), store.syncedTree(id)];
  const neighbours = store.neighbours(id, local);
  const whole = plan({ local, remote, synced, neighbours, policy });
  const size = local.length + remote.length;
  const trees = store.changedTrees(id, policy);
  if (trees !== null) {
    const near = trees.local.length + trees.remote.length;
    const part = plan({ ...trees, policy });
    if (standsAlone(part)) return { difference: differenceOf(part, whole), near, whole: size };
    if (standsAlone(whole)) {
      return { difference: `conflicts in a part only: ${described(part)}`, near, whole: size };
    }
  }
  const reversed = { local: local.toReversed(), remote: remote.toReversed(), synced: synced.toReversed(), neighbours };
  return { difference: differenceOf(plan({ ...reversed, policy }), whole), near: null, whole: size };
}

function differenceOf(one: Plan, other: Plan): string | null {
  if (JSON.stringify(one) === JSON.stringify(other)) return null;
  return `the same trees gave two plans: ${described(one)} against ${described(other)}`;
}

function described({ operations, unsettled }: Plan): string {
  const work = operations.map(({ key, path, reason }) => `${key} ${path} (${reason})`);
  return `${work.join(', ') || 'nothing'}; unsettled ${unsettled.local.join()} | ${unsettled.remote.join()}`;
}
