// Held deletions (SYNC.md §4.2): what a pass would delete and did not, for a person to look at, and the answer "no":
// the merge base forgets what was to be deleted, so that the next pass brings it back on the side that lost it. What
// had no bytes here is restored in Dropbox by its rev first; where something else has its place there by now, the next pass
// finds another one for it. Called by the application service; "yes" is `sync --yes`.

import type { ClientId, LocalId, RelPath } from '../../src-shared/domain.ts';
import { Fault, type ClientRow, type CloudStore } from '../engine/ports.ts';
import type { DocumentStore } from '../store/open-store.ts';
import type { Operation } from '../sync/model.ts';
import { remotePathOf } from './trash.ts';

type Deletion = Extract<Operation, { readonly kind: 'local.trash' | 'remote.delete' }>;

export interface HeldDeletion {
  readonly client: string;
  /** Where it would be deleted; on the other side somebody deleted it. */
  readonly side: 'here' | 'dropbox';
  /** Below the documents folder. */
  readonly path: RelPath;
  readonly kind: 'file' | 'folder';
  /** Files that go with it, itself included. */
  readonly files: number;
  /** Bytes of these files. */
  readonly bytes: number;
}

export interface RefusedDeletions {
  readonly client: string;
  /** Files that the next pass brings back to the documents folder. */
  readonly here: number;
  /** Files that the next pass brings back to Dropbox, or that were restored there at once. */
  readonly dropbox: number;
  /** What neither side has any more. */
  readonly missing: readonly RelPath[];
}

export interface HeldParts {
  readonly store: DocumentStore;
  readonly cloudOf: (client: ClientRow) => CloudStore;
}

export function heldDeletions(store: DocumentStore, client: ClientRow): readonly HeldDeletion[] {
  return store.sync
    .heldOperations(client.id)
    .filter(isDeletion)
    .map((deletion) => ({
      client: client.name,
      side: deletion.kind === 'local.trash' ? 'here' : 'dropbox',
      path: deletion.path,
      kind: deletion.entryKind,
      ...sizeOf(store, client.id, deletion),
    }));
}

/** Throws Fault where Dropbox cannot be reached and is needed; what was refused before stays so. */
export async function refuseDeletions(parts: HeldParts, client: ClientRow): Promise<RefusedDeletions> {
  const { store } = parts;
  const counts = { here: 0, dropbox: 0 };
  const missing: RelPath[] = [];
  for (const deletion of store.sync.heldOperations(client.id).filter(isDeletion)) {
    const { files } = sizeOf(store, client.id, deletion);
    if (deletion.kind === 'remote.delete') {
      store.sync.forgetSynced(client.id, { remote: deletion.covers });
      counts.here += files;
    } else {
      const { lost, displaced } = await restoreBytesLess(parts, client, deletion.covers);
      if (displaced) store.sync.doubtSynced(client.id, deletion.covers);
      else store.sync.forgetSynced(client.id, { local: deletion.covers });
      counts.dropbox += files - lost.length;
      missing.push(...lost);
    }
  }
  for (const task of store.sync.openTasks(client.id)) {
    if (task.state === 'held') store.sync.updateTask(task.id, { state: 'stale' });
  }
  return { client: client.name, ...counts, missing };
}

/**
 * Documents whose bytes only Dropbox had come back there, at their place. Answers those that it has no more, and whether
 * something else has the place of one.
 */
async function restoreBytesLess(
  { store, cloudOf }: HeldParts,
  client: ClientRow,
  ids: readonly LocalId[],
): Promise<{ readonly lost: readonly RelPath[]; readonly displaced: boolean }> {
  const cloud = cloudOf(client);
  const lost: RelPath[] = [];
  let displaced = false;
  for (const id of ids) {
    const entry = store.sync.entry(id);
    const synced = store.sync.syncedOf(client.id, id);
    if (entry === null || entry.kind === 'folder' || entry.present || synced?.rev == null) continue;
    const path = remotePathOf(store, client.id, entry.path);
    // Dropbox restores over whatever has the place by now.
    if ((await cloud.lookup({ path })) !== null) {
      displaced = true;
      continue;
    }
    try {
      await cloud.restore(path, synced.rev);
    } catch (error) {
      if (!(error instanceof Fault) || error.retryable || error.code === 'login-lost') throw error;
      // A document may have the place of a folder above.
      if (error.code === 'conflict') displaced = true;
      else lost.push(entry.path);
    }
  }
  return { lost, displaced };
}

function sizeOf(store: DocumentStore, client: ClientId, deletion: Deletion): { files: number; bytes: number } {
  const sizes =
    deletion.kind === 'local.trash'
      ? deletion.covers.map((id) => store.sync.entry(id))
      : deletion.covers.map((id) => store.sync.remoteEntry(client, id));
  const files = sizes.filter((entry) => entry?.kind === 'file');
  return { files: files.length, bytes: files.reduce((sum, entry) => sum + (entry?.size ?? 0), 0) };
}

function isDeletion(operation: Operation): operation is Deletion {
  return operation.kind === 'local.trash' || operation.kind === 'remote.delete';
}
