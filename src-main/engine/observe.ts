// First step of a pass: learn what Dropbox holds. Drains the client's cursor into the store, page by page, and believes
// neither a vanished root (guard 1) nor a deleted folder (guard 4) without asking again.
// Called by pass.ts; the local half is the Observer port.

import { ROOT, type ContentHash, type RemoteId, type Rev } from '../../src-shared/domain.ts';
import type { Operation, Plan, PlanPolicy, SyncedEntry } from '../sync/model.ts';
import { giveWay, inBatches, rowsAtOnce } from './batches.ts';
import type { EngineParts } from './parts.ts';
import { type ChangePage, type ClientRow, type CloudStore, Fault, type SyncStore, type Version } from './ports.ts';

/** Changes of a page that are applied in one transaction, before others may run. */
const CHANGES_AT_ONCE = 50;

export interface RemoteView {
  /** Rows that changed. */
  readonly changed: number;
}

/** Faults: root-gone, login-lost, network … `create` false (preview) leaves a missing root missing. */
export async function observeRemote(
  parts: Pick<EngineParts, 'store' | 'turn' | 'atOnce'>,
  cloud: CloudStore,
  client: ClientRow,
  options: { readonly create: boolean; readonly gone?: Set<RemoteId> },
): Promise<RemoteView> {
  const { store } = parts;
  let changed = 0;
  if (!(await openFeed(store, cloud, client, options.create))) return { changed };
  for (let resets = 0; ;) {
    const feed = store.feed(client.id);
    try {
      const page = await cloud.changes(feed.cursor);
      if (page.rootId !== undefined && feed.rootId !== null && page.rootId !== feed.rootId) throw rootGone(client);
      if (options.gone !== undefined) noteGone(store, client, page, options.gone);
      changed += await applyPage(parts, client, page);
      if (!page.hasMore) return { changed };
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'cursor-reset' || resets++ >= 3) throw error;
      await startAgain(store, cloud, client);
    }
  }
}

/** What the feed tells to be deleted, by the ids that the store knows; what it tells to be elsewhere was moved. */
function noteGone(store: SyncStore, client: ClientRow, { changes }: ChangePage, gone: Set<RemoteId>): void {
  for (const change of changes) {
    const known = change.kind === 'deleted' ? store.remoteAt(client.id, change.pathLower) : null;
    if (known !== null) gone.add(known.id);
  }
  for (const change of changes) if (change.kind === 'put') gone.delete(change.entry.id);
}

/**
 * Applies a page in short transactions and answers how many rows changed. The last one stores the cursor: until then the
 * page is told again, which leaves the rows as they are.
 */
export async function applyPage(
  parts: Pick<EngineParts, 'store' | 'turn' | 'atOnce'>,
  client: ClientRow,
  page: ChangePage,
): Promise<number> {
  const { store } = parts;
  const { cursor } = store.feed(client.id);
  const atOnce = rowsAtOnce(parts, CHANGES_AT_ONCE);
  const last = Math.floor(Math.max(0, page.changes.length - 1) / atOnce) * atOnce;
  let changed = 0;
  const before = page.changes.slice(0, last);
  // To take a large answer apart was work enough for one turn.
  if (before.length > 0) await giveWay(parts);
  await inBatches(
    parts,
    before,
    (changes) => (changed += store.applyPage(client.id, { ...page, changes, cursor, hasMore: true }).changed),
    CHANGES_AT_ONCE,
  );
  if (before.length > 0) await giveWay(parts);
  return changed + store.applyPage(client.id, { ...page, changes: page.changes.slice(last) }).changed;
}

/** Makes sure that there is a root to listen to; false where there is none and none may be made. */
async function openFeed(store: SyncStore, cloud: CloudStore, client: ClientRow, create: boolean): Promise<boolean> {
  const feed = store.feed(client.id);
  if ((feed.cursor !== null || feed.listing) && !feed.torn) return true;
  if (feed.rootId !== null || store.hasSynced(client.id)) {
    await startAgain(store, cloud, client);
    return true;
  }
  if (!create) {
    const root = await cloud.lookup({ path: ROOT });
    if (!root) return false;
    store.startListing(client.id, root.entry.id);
    return true;
  }
  const root = await cloud.ensureRoot();
  store.startListing(client.id, root.id);
  return true;
}

/** Lists anew after a lost cursor. The root must still be the one that was synced (guards 1 and 3). */
async function startAgain(store: SyncStore, cloud: CloudStore, client: ClientRow): Promise<void> {
  const known = store.feed(client.id).rootId;
  const root = await cloud.lookup({ path: ROOT });
  if (!root || (known !== null && root.entry.id !== known)) throw rootGone(client);
  store.startListing(client.id, root.entry.id);
}

export function rootGone(client: ClientRow): Fault {
  return new Fault(
    'root-gone',
    `The folder "${client.root}" is no longer in Dropbox, or another one has taken its place. Nothing was deleted here. ` +
      `Restore it in Dropbox and resume the client "${client.name}", or remove the client.`,
  );
}

/**
 * Folders that the merge base knows, that Dropbox no longer lists, and whose folder above is still there: each is looked
 * up by id (guard 4; moving and sharing announce deletions). True where one is still under the root, so that the
 * listing cannot be believed and was started anew.
 */
export async function disbelieveDeletions(
  store: SyncStore,
  cloud: CloudStore,
  client: ClientRow,
  believed: Set<RemoteId>,
  policy: PlanPolicy,
): Promise<boolean> {
  for (const entry of store.vanishedFolders(client.id, policy.key ?? '')) {
    if (believed.has(entry.remoteId)) continue;
    const found = await cloud.lookup({ id: entry.remoteId });
    if (found?.inside) {
      await startAgain(store, cloud, client);
      return true;
    }
    believed.add(entry.remoteId);
  }
  return false;
}

/**
 * The same for folders that would go here because the one above them has become another one in Dropbox: what was moved
 * into that may not have been told yet.
 */
export async function disbelieveTrash(
  store: SyncStore,
  cloud: CloudStore,
  client: ClientRow,
  made: Plan,
  believed: Set<RemoteId>,
): Promise<boolean> {
  for (const operation of made.operations) {
    if (operation.kind !== 'local.trash' || operation.entryKind !== 'folder' || operation.held) continue;
    const synced = store.syncedOf(client.id, operation.localId);
    if (synced === null || believed.has(synced.remoteId) || store.remoteEntry(client.id, synced.remoteId)) continue;
    const found = await cloud.lookup({ id: synced.remoteId });
    if (found?.inside) {
      await startAgain(store, cloud, client);
      return true;
    }
    believed.add(synced.remoteId);
  }
  return false;
}

/** Documents deleted on both sides that are asked for in one round: so many did nobody move. */
const FORGOTTEN = 50;

/**
 * A document that seems deleted in Dropbox and would be sent there again: the feed may have told half of a move. It is
 * asked for by its id before it becomes a second document; so is one that would be deleted here although the feed has
 * not told in this pass that it is gone there, and one that is gone here too, which would come back with the other half.
 * True where one is still under the root.
 */
export async function learnMoved(
  store: SyncStore,
  cloud: CloudStore,
  client: ClientRow,
  made: Plan,
  { believed, gone }: { readonly believed: Set<RemoteId>; readonly gone: ReadonlySet<RemoteId> },
): Promise<boolean> {
  let learnt = false;
  let forgotten = 0;
  for (const operation of made.operations) {
    const synced = doubtful(store, client, operation, gone);
    if (synced === null || believed.has(synced.remoteId) || store.remoteEntry(client.id, synced.remoteId)) continue;
    if (operation.kind === 'forget' && ++forgotten > FORGOTTEN) continue;
    const found = await cloud.lookup({ id: synced.remoteId });
    if (found?.inside) {
      store.record(client.id, [{ kind: 'remote.put', entry: found.entry }]);
      learnt = true;
    } else believed.add(synced.remoteId);
  }
  return learnt;
}

function doubtful(
  store: SyncStore,
  client: ClientRow,
  operation: Operation,
  gone: ReadonlySet<RemoteId>,
): SyncedEntry | null {
  switch (operation.kind) {
    case 'remote.upload':
      return operation.replaces === null ? store.syncedOf(client.id, operation.localId) : null;
    case 'remote.restore':
      return store.syncedOf(client.id, operation.localId);
    case 'local.trash': {
      const synced = store.syncedOf(client.id, operation.localId);
      const isTold = synced !== null && gone.has(synced.remoteId);
      return operation.entryKind === 'folder' || operation.held || isTold ? null : synced;
    }
    case 'forget': {
      const synced = store.syncedThere(client.id, operation.remoteId);
      return synced?.kind === 'file' ? synced : null;
    }
    default:
      return null;
  }
}

/**
 * Of versions, the latest first: what was before one of them. What has come after it may be what this computer has sent
 * itself, of which the feed has not told yet.
 */
function earlierThan(rev: Rev, versions: readonly Version[]): ReadonlySet<ContentHash> {
  const at = versions.findIndex((version) => version.rev === rev);
  return new Set(at < 0 ? [] : versions.slice(at + 1).map(({ hash }) => hash));
}

/** Conflicts whose versions are looked up; beyond that the copies that they cost are the lesser evil. */
const LOOKED_UP = 200;

/**
 * Without a merge base (a lost or restored database, a first connection) different contents under one name look like a conflict. Where
 * Dropbox knows what is here as an earlier version of the file, it is none: it was edited there. True where something
 * was learnt.
 */
export async function learnEarlier(
  store: SyncStore,
  cloud: CloudStore,
  client: ClientRow,
  made: Plan,
  earlier: Map<RemoteId, ReadonlySet<ContentHash>>,
): Promise<boolean> {
  let learnt = false;
  for (const operation of made.operations) {
    if (operation.kind !== 'remote.upload' || operation.reason !== 'both-changed' || !operation.replaces) continue;
    const { id } = operation.replaces;
    const base = store.syncedOf(client.id, operation.localId);
    if (earlier.has(id) || earlier.size >= LOOKED_UP || (base !== null && !base.unproven)) continue;
    try {
      earlier.set(id, earlierThan(operation.replaces.rev, await cloud.versions(id)));
      learnt = true;
    } catch (error) {
      if (!(error instanceof Fault) || error.retryable || error.code === 'login-lost') throw error;
      earlier.set(id, new Set());
    }
  }
  return learnt;
}
