// A document that is a link only and was moved to another client's folder has its bytes in the first client's Dropbox
// alone: they come here before they go there, from where the other client's lane takes them.
// Called by effects-direct.ts, runner.ts, downloads.ts and bookkeeping.ts.

import type { RemoteId } from '../../src-shared/domain.ts';
import type { LocalEntry, Operation } from '../sync/model.ts';
import { bringBack } from './bring-back.ts';
import type { Lane } from './lane.ts';
import { Fault } from './ports.ts';

/** Faults: those of `bringBack`; no-permission where there are no bytes to move. */
export async function bringBytesOf(lane: Lane, remoteIds: readonly RemoteId[]): Promise<void> {
  const { store } = lane.parts;
  for (const remoteId of remoteIds) {
    const base = store.syncedThere(lane.client.id, remoteId);
    const entry = base?.kind === 'file' ? store.entry(base.localId) : null;
    if (!entry || entry.present || isElsewhere(lane, entry)) continue;
    try {
      await bringBack(lane.parts, lane.client.id, entry.id, lane.options.signal, { leaves: true });
      lane.tally.downloaded++;
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'not-downloadable') throw error;
      throw new Fault(
        'no-permission',
        `"${entry.path}" exists only in the Dropbox of "${lane.client.name}" and has no bytes to move, so it is not ` +
          `deleted there. Move it back to a folder of that client.`,
      );
    }
  }
}

/** Freed once it had come to the other client's Dropbox, which has this content or a newer one than this client's. */
function isElsewhere({ client, parts: { store } }: Lane, { id, hash }: Pick<LocalEntry, 'id' | 'hash'>): boolean {
  return store.clients().some((other) => {
    const base = other.id === client.id ? null : store.syncedOf(other.id, id);
    return base !== null && base.hash === hash && store.remoteEntry(other.id, base.remoteId) !== null;
  });
}

/** For one that stays in this Dropbox, because somebody has edited it there: it becomes two documents. */
export async function bringBytesOfMoved(lane: Lane, operation: Operation): Promise<void> {
  if (operation.kind !== 'local.link' && operation.kind !== 'local.download') return;
  if (operation.localId === null && operation.remoteId !== null) await bringBytesOf(lane, [operation.remoteId]);
}

/**
 * For one that somebody has deleted there: Dropbox keeps the version that was agreed upon. False where that must be tried
 * again before it is forgotten.
 */
export async function bringBytesOfGone(lane: Lane, remoteId: RemoteId): Promise<boolean> {
  try {
    await bringBytesOf(lane, [remoteId]);
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.retryable || error.code === 'login-lost' || error.code === 'disk-full') return false;
    lane.parts.store.log({
      level: 'error',
      clientId: lane.client.id,
      direction: 'reverse',
      kind: 'local.download',
      path: null,
      bytes: null,
      duration: null,
      result: 'failed',
      reason: error.message,
    });
    return true;
  }
}
