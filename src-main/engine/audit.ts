// The audit (S3): folder by folder, those unexamined for longest first, what the store believes to be in Dropbox is
// compared with Dropbox itself. It repairs what the change feed never told (renames of case only, lost entries); the plan
// that follows does the rest. Costs one request a folder, so it belongs to the schedule and to `sync --full`.

import { ROOT, type RelPath } from '../../src-shared/domain.ts';
import type { RemoteEntry } from '../sync/model.ts';
import type { EngineParts } from './parts.ts';
import { type ClientRow, type CloudStore, type Effect, Fault, type SyncStore } from './ports.ts';

/** Answers how many entries were repaired. */
export async function auditFolders(
  { store, clock }: EngineParts,
  client: ClientRow,
  cloud: CloudStore,
  limit: number,
  signal?: AbortSignal,
): Promise<number> {
  let repaired = 0;
  for (const { id, remoteId } of store.auditDue(client.id, limit)) {
    if (signal?.aborted) break;
    const path = remoteId === null ? ROOT : store.remoteEntry(client.id, remoteId)?.pathLower;
    if (path !== undefined) {
      const effects = await compareAll(store, client, cloud, path);
      if (effects.length > 0) {
        store.record(client.id, effects);
        store.log(repairedIn(client, path, effects.length));
        repaired += effects.length;
      }
    }
    store.setAudited(client.id, id, clock.now());
  }
  return repaired;
}

/**
 * A folder that the store did not know there comes with all it holds, in one transaction: without that its contents
 * would look deleted.
 */
async function compareAll(store: SyncStore, client: ClientRow, cloud: CloudStore, top: RelPath): Promise<Effect[]> {
  const effects: Effect[] = [];
  for (const paths = [top]; paths.length > 0;) {
    const path = paths.pop()!;
    const found = await compare(store.remoteChildren(client.id, path), cloud, path);
    effects.push(...found.effects);
    paths.push(...found.newFolders);
  }
  return effects;
}

interface Compared {
  readonly effects: readonly Effect[];
  readonly newFolders: readonly RelPath[];
}

async function compare(known: readonly RemoteEntry[], cloud: CloudStore, path: RelPath): Promise<Compared> {
  let listed: readonly RemoteEntry[];
  try {
    listed = await cloud.list(path);
  } catch (error) {
    // The feed, or the look-up by id before a deletion, tells what became of the folder itself.
    if (error instanceof Fault && error.code === 'not-found') return { effects: [], newFolders: [] };
    throw error;
  }
  const there = new Set(listed.map(({ id }) => id));
  const effects: Effect[] = [];
  const newFolders: RelPath[] = [];
  const put = (entry: RemoteEntry): void => {
    effects.push({ kind: 'remote.put', entry });
    if (entry.kind === 'folder') newFolders.push(entry.pathLower);
  };
  for (const { id } of known) {
    if (there.has(id)) continue;
    // It may lie elsewhere by now: what is not asked for would be deleted here.
    const found = await cloud.lookup({ id });
    if (found?.inside) put(found.entry);
    else effects.push({ kind: 'remote.remove', id });
  }
  const before = new Map(known.map((entry) => [entry.id, entry]));
  for (const entry of listed) {
    const old = before.get(entry.id);
    if (!old || old.pathLower !== entry.pathLower) put(entry);
    else if (old.name !== entry.name || old.rev !== entry.rev || old.hash !== entry.hash) {
      effects.push({ kind: 'remote.put', entry });
    }
  }
  return { effects, newFolders };
}

function repairedIn(client: ClientRow, path: RelPath, count: number) {
  return {
    level: 'warning',
    clientId: client.id,
    direction: 'backward',
    kind: 'audit',
    path,
    bytes: null,
    duration: null,
    result: 'note',
    reason: `${count} entries were not as the change feed had told and were read again`,
  } as const;
}
