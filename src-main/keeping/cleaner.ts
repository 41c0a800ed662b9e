// The cleaner (S7): frees bytes here of documents that are safely in Dropbox, by the policy of their folder. No byte
// goes unless Dropbox, asked in this very run, has the same content under the known id, and the file here is the one
// that was synced (guard 5). Called by `docktide free` and daily while watching.

import type { ClientId, ContentHash, LocalId, RelPath, RemoteId } from '../../src-shared/domain.ts';
import type { EngineParts } from '../engine/parts.ts';
import { type CloudStore, type DiskStamp, Fault } from '../engine/ports.ts';
import { durable } from '../store/database.ts';
import { DEFAULT_KEEP, nearestDecision, type Keep } from '../store/keeping.ts';
import type { StoreDisk } from '../store/disk/store-disk.ts';
import type { DocumentStore } from '../store/open-store.ts';

export interface FreedDocument {
  readonly path: RelPath;
  readonly size: number;
  readonly result: 'freed' | 'would free' | 'kept';
  /** Why it was kept, in words; null where it was freed. */
  readonly reason: string | null;
}

interface Candidate {
  readonly id: LocalId;
  readonly path: RelPath;
  readonly size: number;
  readonly hash: ContentHash;
  readonly remoteId: RemoteId;
  readonly version: string;
}

const DAY = 24 * 60 * 60_000;
const LOOKUPS_AT_ONCE = 8;

export interface CleanerParts {
  readonly store: DocumentStore;
  readonly engine: EngineParts;
  readonly disk: StoreDisk;
}

/** Documents of one client that their policy lets go; `dryRun` only tells. Faults: those of DocumentsDisk.check. */
export async function freeBytes(
  { store, engine, disk }: CleanerParts,
  clientId: ClientId,
  options: {
    readonly dryRun: boolean;
    /** These documents alone, whatever their policy, because a person said so. */
    readonly only?: ReadonlySet<LocalId>;
  },
): Promise<readonly FreedDocument[]> {
  const client = engine.store.client(clientId);
  // What a reverse sync brings back stays.
  if (!client || store.keeping.isResetting(clientId)) return [];
  await disk.check();
  const candidates = await dueDocuments(store, engine, disk, clientId, options.only ?? null);
  if (options.dryRun) {
    return candidates.map(({ path, size }) => ({ path, size, result: 'would free', reason: null }));
  }
  const cloud = engine.cloud(client);
  const results: FreedDocument[] = [];
  const next = candidates.values();
  const worker = async () => {
    for (const candidate of next) results.push(await freeOne({ store, engine, disk }, clientId, cloud, candidate));
  };
  await Promise.all(Array.from({ length: LOOKUPS_AT_ONCE }, worker));
  return results.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function dueDocuments(
  store: DocumentStore,
  engine: EngineParts,
  disk: StoreDisk,
  clientId: ClientId,
  only: ReadonlySet<LocalId> | null,
): Promise<Candidate[]> {
  const leaving = new Set<LocalId>();
  const keeps = new Map<string, Keep>(store.keeping.keeps().map(({ path, value }) => [path, value]));
  for (const { entryId, from } of store.keeping.handovers()) {
    if (from !== clientId) continue;
    leaving.add(entryId);
    for (const { id } of store.entries.below(entryId)) leaving.add(id);
  }
  const now = engine.clock.now();
  const due: Candidate[] = [];
  for (const synced of engine.store.syncedTree(clientId)) {
    if (synced.kind !== 'file' || synced.hash === null || leaving.has(synced.localId)) continue;
    if (only !== null && !only.has(synced.localId)) continue;
    // Moved to the folder of another client: its bytes go there first.
    if (store.entries.clientOf(synced.localId) !== clientId) continue;
    const entry = engine.store.entry(synced.localId);
    if (!entry?.present || entry.frozen || !entry.stamp || entry.hash !== synced.hash) continue;
    const keep = nearestDecision(keeps, entry.path, DEFAULT_KEEP);
    if (only === null && keep.kind === 'always') continue;
    if (only === null && keep.kind === 'days') {
      const row = store.entries.get(synced.localId);
      const used = Math.max(
        row?.used_at ?? 0,
        row?.changed_at ?? 0,
        row?.created_at ?? 0,
        await disk.lastUse(entry.path),
      );
      if (now - used < keep.days * DAY) continue;
    }
    const { id, path, size, hash, stamp } = entry;
    due.push({ id, path, size, hash, remoteId: synced.remoteId, version: stamp.version });
  }
  return due;
}

async function freeOne(
  { store, engine, disk }: CleanerParts,
  clientId: ClientId,
  cloud: CloudStore,
  document: Candidate,
): Promise<FreedDocument> {
  const { path, size } = document;
  const kept = (reason: string): FreedDocument => ({ path, size, result: 'kept', reason });
  try {
    const there = await cloud.lookup({ id: document.remoteId });
    if (!there?.inside) return kept('it is no longer in Dropbox');
    if (there.entry.hash !== document.hash) return kept('Dropbox has another content; it is synced first');
    return await engine.gate.effect(async () => {
      const here = await disk.hash(path);
      if (here?.hash !== document.hash) return kept('it has changed here; it is synced first');
      const note = (stamp: DiskStamp | null, follow?: DiskStamp) =>
        durable(store.db, () => {
          engine.store.record(clientId, [
            {
              kind: 'local.content',
              localId: document.id,
              hash: document.hash,
              size,
              stamp,
              modified: here.stamp.modified,
            },
          ]);
          if (follow) store.entries.setStamp(document.id, follow);
        });
      // Written down first: a file that is gone without a word would be read as a deletion by the pass after a crash,
      // while one that is still there is simply found again, also where a person has moved it meanwhile.
      note(null, here.stamp);
      try {
        await disk.free(path, here.stamp);
        note(null);
      } catch (error) {
        note(here.stamp);
        throw error;
      }
      engine.store.log({
        level: 'info',
        clientId,
        direction: 'direct',
        kind: 'local.free',
        path,
        bytes: size,
        duration: null,
        result: 'done',
        reason: 'bytes freed: Dropbox has the same content',
      });
      return { path, size, result: 'freed', reason: null };
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return kept(error.message);
  }
}
