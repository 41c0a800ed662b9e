// Operations without an effect on either side: what both sides agree about already enters the merge base, what both
// have deleted leaves it. Called by runner.ts before anything else.

import { baseName, type LocalId, type SyncedId } from '../../src-shared/domain.ts';
import type { Operation } from '../sync/model.ts';
import { inBatches } from './batches.ts';
import { agreed, linked, type Lane } from './lane.ts';
import { bringBytesOfGone } from './leaving.ts';
import type { Effect } from './ports.ts';

type Bookkeeping = Extract<Operation, { kind: 'adopt' | 'forget' }>;

export async function adoptAll(
  lane: Lane,
  operations: readonly Operation[],
  finished: (key: string) => void,
): Promise<void> {
  const kept = await stillNeeded(lane, operations);
  const own = operations.filter(
    (operation): operation is Bookkeeping =>
      operation.kind === 'adopt' || (operation.kind === 'forget' && !kept.has(operation.syncedId)),
  );
  await inBatches(lane.parts, own, (some) =>
    lane.parts.store.batch(() => {
      for (const operation of some) if (record(lane, operation)) finished(operation.key);
    }),
  );
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

/** False where it is no longer as planned. */
function record(lane: Lane, operation: Bookkeeping): boolean {
  const { store } = lane.parts;
  const known = operation.kind === 'adopt' && store.syncedOf(lane.client.id, operation.localId) !== null;
  const effects = operation.kind === 'adopt' ? adopt(lane, operation) : [forget(operation.syncedId)];
  if (effects.length === 0) return false;
  store.record(lane.client.id, effects);
  // A new rev of known content, or a place that both gave it, is not news.
  if (operation.kind !== 'adopt' || known) return true;
  lane.tally.adopted++;
  store.log({
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
  return true;
}

function adopt(lane: Lane, operation: Extract<Operation, { kind: 'adopt' }>): Effect[] {
  const { store } = lane.parts;
  const local = store.entry(operation.localId);
  const remote = store.remoteEntry(lane.client.id, operation.remoteId);
  if (!local || !remote || local.name !== baseName(operation.path)) return [];
  const effects = agreed(lane, operation, operation.localId, remote);
  if (local.kind === 'file' && effects.length > 0) effects.push(linked(lane, operation.localId as LocalId, operation));
  return effects;
}

function forget(syncedId: Extract<Operation, { kind: 'forget' }>['syncedId']): Effect {
  return { kind: 'synced.remove', syncedId };
}
