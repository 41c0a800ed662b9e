// Plans for one client: of what can have changed since the last plan, or of the whole trees. Many entries, whether all of
// them or those around a change, are planned beside the thread that asks (EngineParts.planBeside), so that nothing waits.
// Called by pass.ts, and by the thread that plans.

import type { ClientId, ContentHash, RelPath, RemoteId } from '../../src-shared/domain.ts';
import type { Plan, PlanPolicy } from '../sync/model.ts';
import { plan } from '../sync/plan.ts';
import { standsAlone } from '../sync/unsettled.ts';
import { giveWay } from './batches.ts';
import type { EngineParts } from './parts.ts';
import type { ClientRow, LocalObservation, SyncStore } from './ports.ts';

export type Earlier = ReadonlyMap<RemoteId, ReadonlySet<ContentHash>>;

/** `changes`: what can have changed since the last plan, as far as that can be told apart; else everything. */
export type PlannedPart = 'changes' | 'everything';

/** Entries of the three trees that are planned in place in a few milliseconds, where there is a thread for more. */
const FEW = 1_000;

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
  if (whole) return planEverything(parts, client, circumstances);
  const policy = policyFor(parts.policy(client), circumstances);
  // Reading and planning take their time each; neither is begun where others wait.
  await giveWay(parts);
  const limit = parts.planBeside === undefined ? undefined : FEW;
  const near = policy.key === undefined ? null : parts.store.changedTrees(client.id, policy, limit);
  if (near === null) return planMany(parts, client, circumstances, limit === undefined ? 'everything' : 'changes');
  await giveWay(parts);
  const made = plan({ ...near, earlier: circumstances.earlier, policy });
  return standsAlone(made) ? made : planEverything(parts, client, circumstances);
}

export function planEverything(parts: EngineParts, client: ClientRow, circumstances: Circumstances): Promise<Plan> {
  return planMany(parts, client, circumstances, 'everything');
}

async function planMany(
  parts: EngineParts,
  client: ClientRow,
  circumstances: Circumstances,
  part: PlannedPart,
): Promise<Plan> {
  const beside = await parts.planBeside?.(client, circumstances, part);
  if (beside !== null && beside !== undefined) return beside;
  await giveWay(parts);
  return planTrees(parts.store, client.id, policyFor(parts.policy(client), circumstances), circumstances, part);
}

/** In this very thread, whatever it takes. */
export function planTrees(
  store: SyncStore,
  id: ClientId,
  policy: PlanPolicy,
  { earlier }: Circumstances,
  part: PlannedPart,
): Plan {
  const near = part === 'everything' || policy.key === undefined ? null : store.changedTrees(id, policy);
  const made = near === null ? null : plan({ ...near, earlier, policy });
  if (made !== null && standsAlone(made)) return made;
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
