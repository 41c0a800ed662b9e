// Brings the bytes of freed documents back outside of a pass, when a person opens them. Uses the effects of a download,
// verified by hash and recorded as in a pass. Called by keeping/open-document.ts.

import type { ClientId, LocalId, RelPath } from '../../src-shared/domain.ts';
import type { Operation, RemoteEntry, SyncedEntry } from '../sync/model.ts';
import { fetchContent, placeContent } from './effects-backward.ts';
import type { Lane } from './lane.ts';
import { emptyTally, type EngineParts } from './parts.ts';
import { Fault } from './ports.ts';

/** `leaves`: the document goes to another client. Faults: not-found where Dropbox no longer has it, not-downloadable, network, disk-full … */
export async function bringBack(
  parts: EngineParts,
  clientId: ClientId,
  localId: LocalId,
  signal?: AbortSignal,
  options: { readonly leaves?: boolean } = {},
): Promise<void> {
  const { store } = parts;
  const client = store.client(clientId);
  const entry = store.entry(localId);
  const synced = store.syncedOf(clientId, localId);
  if (!client || !entry || !synced) throw new Fault('not-found', 'The document is not in Dropbox.');
  if (entry.present) return;
  const known = store.remoteEntry(clientId, synced.remoteId);
  // Deleted in Dropbox meanwhile: it keeps the version that was agreed upon.
  const remote = known ?? lastAgreed(entry, synced);
  if (!remote.rev || !remote.hash) {
    throw new Fault(
      'not-downloadable',
      `"${entry.path}" exists only in the cloud. Open it there: it has no bytes to fetch.`,
    );
  }
  const operation: Extract<Operation, { kind: 'local.download' }> = {
    kind: 'local.download',
    key: `local.download:${remote.id}`,
    direction: 'reverse',
    priority: 0,
    reason: 'brought-back',
    path: entry.path,
    remotePath: remote.pathLower,
    dependsOn: [],
    held: false,
    remoteId: known?.id ?? null,
    rev: remote.rev,
    hash: remote.hash,
    size: remote.size,
    modified: remote.modified,
    localId,
    replacesHash: entry.hash,
  };
  const lane: Lane = {
    parts,
    client,
    cloud: parts.cloud(client),
    options: signal ? { signal } : {},
    tally: emptyTally(),
    conflicts: new Map(),
    copies: known === null ? new Map([[remote.pathLower, remote]]) : new Map(),
    failed: new Set(),
    told: new Set(),
    plannedAt: null,
    rescan: false,
  };
  const temp = await fetchContent(lane, operation);
  await parts.gate.effect(async () => {
    const done = await placeContent(lane, operation, temp);
    // Where both sides agree that it lies is for a pass to say: Dropbox may have moved it meanwhile. What leaves this
    // client has its bytes here alone.
    const left = options.leaves === true ? 'local.linked' : null;
    store.record(
      clientId,
      done.effects.filter((effect) => effect.kind !== 'synced.put' && effect.kind !== left),
    );
  });
  store.log({
    level: 'info',
    clientId,
    direction: 'reverse',
    kind: 'local.download',
    path: entry.path,
    bytes: remote.size,
    duration: null,
    result: 'done',
    reason: 'brought-back',
  });
}

function lastAgreed(
  { path, modified }: { readonly path: RelPath; readonly modified: number },
  base: SyncedEntry,
): RemoteEntry {
  const { remoteId: id, remoteName: name, rev, hash, size } = base;
  return { id, pathLower: path, kind: 'file', name, rev, hash, size, downloadable: true, modified };
}
