// The store's trash (B3): what sync deleted or overwrote here, for 30 days. Restoring puts the bytes back at their place
// (or beside it where that is taken); what had no bytes here is restored in Dropbox by its rev and comes back with the
// next pass. Called by the application service.

import {
  baseName,
  joinPath,
  parentPath,
  type ClientId,
  type ContentHash,
  type RelPath,
  type RemoteId,
  type Rev,
} from '../../src-shared/domain.ts';
import { markedName, nameKey } from '../../src-shared/names.ts';
import type { LocalGate } from '../engine/local-gate.ts';
import { type CloudStore, Fault, type Observer, type TempFile } from '../engine/ports.ts';
import type { StoreDisk } from '../store/disk/store-disk.ts';
import { StoreError } from '../store/errors.ts';
import type { TrashRow } from '../store/keepsakes.ts';
import type { DocumentStore } from '../store/open-store.ts';

export interface TrashParts {
  readonly store: DocumentStore;
  readonly disk: StoreDisk;
  readonly observer: Observer;
  readonly gate: LocalGate;
  /** The client's Dropbox, for what had no bytes here. */
  readonly cloudOf: (clientName: string) => CloudStore;
  readonly now: () => number;
}

export interface Restored {
  readonly id: number;
  /** Where it is now. */
  readonly path: RelPath;
  /** `trash`: its bytes are here; `dropbox`: restored there, and the next pass brings it here. */
  readonly from: 'trash' | 'dropbox';
  /** What a folder held without bytes here and is kept nowhere that the store can reach. */
  readonly missing: readonly RelPath[];
}

/** A document that had no bytes here: where it was, and where it shall be. */
interface Freed {
  readonly was: RelPath;
  readonly to: RelPath;
  readonly hash: ContentHash | null;
  readonly size: number;
  readonly rev: Rev | null;
}

/** Bytes of an earlier revision, fetched and verified, on their way to a place. */
interface Fetched {
  readonly temp: TempFile;
  readonly to: RelPath;
}

/** Throws StoreError 'unknown-trash'; Fault 'gone' where nothing is kept any more; those of network and disk. */
export async function restoreFromTrash(parts: TrashParts, id: number): Promise<Restored> {
  const { store, disk, observer, gate } = parts;
  const row = store.keepsakes.trashRow(id);
  if (!row)
    throw new StoreError(
      'unknown-trash',
      `There is nothing with the number ${id} in the trash. See "docktide trash list".`,
    );
  await disk.check();
  const { trashKey } = row;
  const there = trashKey === null ? await namesThere(parts, row) : new Set<string>();
  const to = await freePlace(parts, row.path, there);
  // The network first: where it fails, the row is still whole, and what Dropbox has got back already is recognised.
  const { fetched, missing } = await restoreFreed(parts, row, to);
  if (row.kind === 'file' && missing.length > 0) {
    throw new Fault('gone', `Nothing of "${row.path}" is kept: it had no bytes here, and its client is gone.`);
  }
  await gate.effect(async () => {
    if (trashKey !== null) {
      await makeFolders(disk, parentPath(to));
      await disk.restore(trashKey, '' as RelPath, to);
    }
    for (const one of fetched) {
      await makeFolders(disk, parentPath(one.to));
      await disk.place(one.temp, one.to, { modified: parts.now(), replaces: null, trashKey: '' });
    }
  });
  store.keepsakes.removeTrash(id);
  await gate.scan(() => observer.observe([parentPath(to), to]));
  return { id, path: to, from: trashKey === null && fetched.length === 0 ? 'dropbox' : 'trash', missing };
}

/** Names beside a document in Dropbox, without its own where it is there again already. */
async function namesThere({ store, cloudOf }: TrashParts, row: TrashRow): Promise<ReadonlySet<string>> {
  if (row.client === null) return new Set();
  const cloud = cloudOf(row.client);
  const path = remotePathOf(store, store.clients.get(row.client).id, row.path);
  const found = await cloud.lookup({ path });
  if (found === null || (row.hash !== null && found.entry.hash === row.hash)) return new Set();
  return new Set((await cloud.list(parentPath(path))).map((entry) => nameKey(entry.name)));
}

/** The document itself, or those of a folder, whose bytes the trash does not have. */
async function restoreFreed(parts: TrashParts, row: TrashRow, to: RelPath) {
  const missing: RelPath[] = [];
  const fetched: Fetched[] = [];
  for (const freed of freedOf(row, to)) {
    if (row.client === null || freed.rev === null) missing.push(freed.to);
    else if (!(await restoreThere(parts, row.client, freed)))
      fetched.push(await fetchRevision(parts, row.client, freed));
  }
  return { fetched, missing };
}

function freedOf(row: TrashRow, to: RelPath): Freed[] {
  const { path: was, hash, size, rev, trashKey } = row;
  if (row.kind === 'file') return trashKey === null ? [{ was, to, hash, size, rev }] : [];
  return (row.contents ?? [])
    .filter((inner) => inner.kind === 'file' && (!inner.present || trashKey === null))
    .map((inner) => ({ ...inner, was: joinPath(was, inner.path), to: joinPath(to, inner.path) }));
}

/** At the place in Dropbox that it had there, which is the only one that Dropbox takes; false where that is taken. */
async function restoreThere({ store, cloudOf }: TrashParts, client: string, freed: Freed): Promise<boolean> {
  if (freed.rev === null || freed.was !== freed.to) return false;
  const cloud = cloudOf(client);
  const clientId = store.clients.get(client).id;
  const path = remotePathOf(store, clientId, freed.was);
  const there = await cloud.lookup({ path });
  if (there !== null) {
    if (freed.hash === null || there.entry.hash !== freed.hash) return false;
    forgetDeletion(store, clientId, there.entry.id);
    return true;
  }
  try {
    await cloud.restore(path, freed.rev);
    return true;
  } catch (error) {
    if (!(error instanceof Fault) || error.retryable || error.code === 'login-lost') throw error;
    return false;
  }
}

/** It was deleted here and is still there: without a merge base the next pass takes it for new instead of deleting it. */
function forgetDeletion(store: DocumentStore, client: ClientId, remoteId: RemoteId): void {
  const gone = store.db
    .prepare<[number, string], { id: number }>(
      `SELECT id FROM synced WHERE client_id = ? AND remote_id = ?
         AND NOT EXISTS (SELECT 1 FROM entries WHERE entries.id = local_id)`,
    )
    .get(client, remoteId);
  if (gone !== undefined) store.sync.record(client, [{ kind: 'synced.removeByRemote', remoteId }]);
}

/** Dropbox gives out the bytes of a revision whatever lies at its place now. */
async function fetchRevision({ disk, cloudOf }: TrashParts, client: string, freed: Freed): Promise<Fetched> {
  const { rev, hash, size, to } = freed;
  const gone = new Fault('gone', `Nothing of "${to}" is kept any more, here or in Dropbox.`);
  if (rev === null || hash === null) throw gone;
  const folder = '' as RelPath;
  await (await disk.openTemp(folder, `restore-${rev}`)).discard();
  const temp = await disk.openTemp(folder, `restore-${rev}`);
  try {
    for await (const chunk of cloudOf(client).download({ rev, hash, size }, 0)) await temp.write(chunk);
    await temp.finish();
    if ((await temp.hash()) !== hash) throw gone;
    return { temp, to };
  } catch (error) {
    await temp.discard();
    throw error;
  }
}

/** Folders as Dropbox spells them; the name of the document itself is as good as the one that it had there. */
export function remotePathOf(store: DocumentStore, client: ClientId, path: RelPath): RelPath {
  let remote = '' as RelPath;
  let at = '' as RelPath;
  for (const name of path.split('/')) {
    at = joinPath(at, name);
    const id = store.entries.entryAt(at);
    const synced = id === null || at === path ? null : store.sync.syncedOf(client, id);
    remote = joinPath(remote, synced?.remoteName ?? name);
  }
  return remote;
}

async function makeFolders(disk: StoreDisk, path: RelPath): Promise<void> {
  if (path === '' || (await disk.stat(path))?.kind === 'folder') return;
  await makeFolders(disk, parentPath(path));
  await disk.makeFolder(path);
}

/** The folder, or one beside it for each name above that a document has taken meanwhile, with bytes here or without. */
async function freeFolder({ store, disk }: Pick<TrashParts, 'store' | 'disk'>, path: RelPath): Promise<RelPath> {
  if (path === '') return path;
  const above = await freeFolder({ store, disk }, parentPath(path));
  const there = joinPath(above, baseName(path));
  const found = await disk.stat(there);
  if (found?.kind === 'folder') return there;
  const parent = store.entries.entryAt(above);
  const isKnown = above === '' || parent !== null;
  const rows = isKnown ? store.entries.children(parent).filter((row) => row.kind === 'file') : [];
  const taken = new Set(rows.map((row) => nameKey(row.name)));
  if (found === null && !taken.has(nameKey(baseName(path)))) return there;
  if (above === '' || (await disk.stat(above))?.kind === 'folder') {
    for (const entry of await disk.list(above)) taken.add(nameKey(entry.name));
  }
  return joinPath(
    above,
    markedName(baseName(path), 'restored', (key) => taken.has(key)),
  );
}

/** Neither a file nor a document whose bytes are not here has this name, nor is it among `others`. */
async function freePlace({ store, disk }: TrashParts, path: RelPath, others: ReadonlySet<string>): Promise<RelPath> {
  const folder = await freeFolder({ store, disk }, parentPath(path));
  const parent = store.entries.entryAt(folder);
  const taken = new Set(others);
  if ((await disk.stat(folder))?.kind === 'folder' || folder === '') {
    for (const entry of await disk.list(folder)) taken.add(nameKey(entry.name));
  }
  if (folder === '' || parent !== null) {
    for (const row of store.entries.children(parent)) if (row.present === 0) taken.add(nameKey(row.name));
  }
  const name = baseName(path);
  if (!taken.has(nameKey(name))) return joinPath(folder, name);
  return joinPath(
    folder,
    markedName(name, 'restored', (key) => taken.has(key)),
  );
}
