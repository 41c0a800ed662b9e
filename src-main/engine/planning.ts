// Plans for one client: of what can have changed since the last plan, or of the whole trees. Whole trees of many entries
// are planned beside the thread that asks (EngineParts.planWhole), so that nothing waits for them.
// Called by pass.ts, and by the thread that plans whole trees.

import type { ClientId, ContentHash, RelPath, RemoteId } from '../../src-shared/domain.ts';
import type { Plan, PlanPolicy } from '../sync/model.ts';
import { plan } from '../sync/plan.ts';
import { standsAlone } from '../sync/unsettled.ts';
import { giveWay } from './batches.ts';
import type { EngineParts } from './parts.ts';
import type { ClientRow, LocalObservation, SyncStore } from './ports.ts';

export type Earlier = ReadonlyMap<RemoteId, ReadonlySet<ContentHash>>;

/** What a pass adds to the client's policy, as plain values. */
export interface Circumstances {
  /** Places of symbolic links here: never followed, so what Dropbox has there and below stays. */
  readonly symlinks: readonly RelPath[];
  readonly deletionsApproved: boolean;
  /** What earlier plans of the same pass have deleted, see PlanPolicy. */
  readonly before?: PlanPolicy['before'];
  readonly earlier: Earlier;
}

export function circumstancesOf(local: LocalObservation | null, given: Omit<Circumstances, 'symlinks'>): Circumstances {
  const symlinks = (local?.problems ?? []).filter(({ code }) => code === 'symlink').map(({ path }) => path);
  return { ...given, symlinks };
}

export function policyFor(policy: PlanPolicy, { symlinks, deletionsApproved, before }: Circumstances): PlanPolicy {
  const now = { ...policy, deletionsApproved, ...(before === undefined ? {} : { before }) };
  if (symlinks.length === 0) return now;
  const isLinked = (path: RelPath) => symlinks.some((link) => path === link || path.startsWith(`${link}/`));
  return {
    ...now,
    ignored: (path, kind) => isLinked(path) || policy.ignored(path, kind),
    ...(policy.key === undefined ? {} : { key: `${policy.key}${symlinks.toSorted().join('\n')}` }),
  };
}

/** Plans what can have changed since the last plan; everything where that cannot be told apart, or `whole` asks for it. */
export async function planChanges(
  parts: EngineParts,
  client: ClientRow,
  circumstances: Circumstances,
  whole: boolean,
): Promise<Plan> {
  const policy = policyFor(parts.policy(client), circumstances);
  // Reading and planning take their time each; neither is begun where others wait.
  await giveWay(parts);
  const near = whole || policy.key === undefined ? null : parts.store.changedTrees(client.id, policy);
  if (near !== null) {
    await giveWay(parts);
    const made = plan({ ...near, earlier: circumstances.earlier, policy });
    if (standsAlone(made)) return made;
  }
  return planEverything(parts, client, circumstances);
}

export async function planEverything(
  parts: EngineParts,
  client: ClientRow,
  circumstances: Circumstances,
): Promise<Plan> {
  const beside = await parts.planWhole?.(client, circumstances);
  if (beside !== null && beside !== undefined) return beside;
  await giveWay(parts);
  return planTrees(parts.store, client.id, policyFor(parts.policy(client), circumstances), circumstances);
}

/** In this very thread, whatever it takes. */
export function planTrees(store: SyncStore, id: ClientId, policy: PlanPolicy, { earlier }: Circumstances): Plan {
  const local = store.localTree(id);
  return plan({
    local,
    neighbours: store.neighbours(id, local),
    remote: store.remoteTree(id),
    synced: store.syncedTree(id),
    earlier,
    policy,
  });
}
