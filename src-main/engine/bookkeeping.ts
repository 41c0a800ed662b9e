// Operations without an effect on either side: what both sides agree about already enters the merge base, what both
// have deleted leaves it. Called by runner.ts before anything else.

import { baseName, type LocalId, type SyncedId } from '../../src-shared/domain.ts';
import type { Operation } from '../sync/model.ts';
import { inBatches } from './batches.ts';
import { agreed, linked, type Lane, type Moment } from './lane.ts';
import { bringBytesOfGone } from './leaving.ts';

type Bookkeeping = Extract<Operation, { kind: 'adopt' | 'forget' }>;

/**
 * Answers the moment when all of it was entered and both sides have it as it was; null where a document is not whole, or
 * anybody else has changed a row since the plan was made.
 */
export async function adoptAll(
  lane: Lane,
  operations: readonly Operation[],
  finished: (key: string) => void,
): Promise<Moment | null> {
  const kept = await stillNeeded(lane, operations);
  const own = operations.filter(
    (operation): operation is Bookkeeping =>
      operation.kind === 'adopt' || (operation.kind === 'forget' && !kept.has(operation.syncedId)),
  );
  const { store } = lane.parts;
  let moment = lane.plannedAt;
  await inBatches(lane.parts, own, (some) =>
    store.batch(() => {
      if (moment !== null && !isSame(moment, store.epochs(lane.client.id))) moment = null;
      for (const operation of some) {
        const result = record(lane, operation);
        if (result !== 'stale') finished(operation.key);
        if (result !== 'whole') moment = null;
      }
      if (moment !== null) moment = store.epochs(lane.client.id);
    }),
  );
  return moment;
}

function isSame(one: Moment, other: Moment): boolean {
  return one.local === other.local && one.remote === other.remote;
}

/** Pairs that both sides have deleted and of which this computer must have the bytes first, with the folders above them. */
async function stillNeeded(lane: Lane, operations: readonly Operation[]): Promise<ReadonlySet<SyncedId>> {
  const above = new Map<SyncedId, SyncedId | null>();
  const kept = new Set<SyncedId>();
  for (const operation of operations) {
    if (operation.kind !== 'forget') continue;
    const { syncedId, remoteId } = operation;
    above.set(syncedId, lane.parts.store.syncedThere(lane.client.id, remoteId)?.parentId ?? null);
    if (!(await bringBytesOfGone(lane, remoteId))) kept.add(syncedId);
  }
  // With a folder goes what lies below it.
  for (const id of kept) {
    const folder = above.get(id);
    if (folder != null && above.has(folder)) kept.add(folder);
  }
  return kept;
}

/** `stale`: it is no longer as planned. `whole`: what is here is what Dropbox has, and nothing keeps it from being seen. */
function record(lane: Lane, operation: Bookkeeping): 'stale' | 'recorded' | 'whole' {
  const { store } = lane.parts;
  if (operation.kind === 'forget') {
    store.record(lane.client.id, [{ kind: 'synced.remove', syncedId: operation.syncedId }]);
    return 'recorded';
  }
  const known = store.syncedOf(lane.client.id, operation.localId) !== null;
  const local = store.entry(operation.localId);
  const remote = store.remoteEntry(lane.client.id, operation.remoteId);
  if (!local || !remote || local.name !== baseName(operation.path)) return 'stale';
  const effects = agreed(lane, operation, operation.localId, remote, local);
  if (effects.length === 0) return 'stale';
  if (local.kind === 'file') effects.push(linked(lane, operation.localId as LocalId, operation));
  store.record(lane.client.id, effects);
  // A new rev of known content, or a place that both gave it, is not news.
  if (!known) tell(lane, operation);
  return local.hash === remote.hash && !local.frozen ? 'whole' : 'recorded';
}

function tell(lane: Lane, operation: Bookkeeping): void {
  lane.tally.adopted++;
  lane.parts.store.log({
    level: 'info',
    clientId: lane.client.id,
    direction: 'direct',
    kind: 'adopt',
    path: operation.path,
    bytes: null,
    duration: null,
    result: 'done',
    reason: operation.reason,
  });
}
