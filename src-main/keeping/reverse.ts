// Reverse sync (S11, S12): everything comes back from Dropbox, is verified by hash and is `binary` again before anything
// is detached. A reset does it for a whole client, a handover for one folder on its way to another client. Both are
// states in the store, so that they go on after any interruption; Dropbox keeps its files.
// Called by the application service after every pass of a client that is resetting or hands something over.

import {
  joinPath,
  parentPath,
  type ClientId,
  type ContentHash,
  type LocalId,
  type RelPath,
  type RemoteId,
} from '../../src-shared/domain.ts';
import { localNameFor, markedName, nameKey } from '../../src-shared/names.ts';
import type { EngineParts } from '../engine/parts.ts';
import { type DiskStamp, type Effect, Fault } from '../engine/ports.ts';
import type { StoreDisk } from '../store/disk/store-disk.ts';
import type { DocumentStore } from '../store/open-store.ts';
import { LEFT_AT } from '../store/remote-rows.ts';

export interface ReverseParts {
  readonly store: DocumentStore;
  readonly engine: EngineParts;
  readonly disk: StoreDisk;
}

export interface ReverseState {
  /** Documents whose bytes are not here yet. */
  readonly missing: readonly RelPath[];
  /** Cloud-only documents that could not be converted, with the reason. */
  readonly unconverted: readonly { readonly path: RelPath; readonly reason: string }[];
  readonly finished: boolean;
}

/** What is left to bring back below a folder; the whole client where it is null. */
function missingBelow({ store, engine }: ReverseParts, client: ClientId, folder: LocalId | null): LocalId[] {
  const within = folder === null ? null : new Set([folder, ...store.entries.below(folder).map((row) => row.id)]);
  return engine.store
    .localTree(client)
    .filter((entry) => entry.kind === 'file' && !entry.present && (within === null || within.has(entry.id)))
    .map((entry) => entry.id);
}

/**
 * Ends a reset, or the handover of one folder, where everything is back; else tells what is missing. Cloud-only
 * documents are exported first. Faults: network and the like; nothing is detached then.
 */
export async function finishReverse(
  parts: ReverseParts,
  client: ClientId,
  folder: LocalId | null,
): Promise<ReverseState> {
  const { store } = parts;
  for (const id of missingBelow(parts, client, folder)) await convert(parts, client, id);
  const unconverted = store.keeping.unconverted().filter((one) => one.client === store.sync.client(client)?.name);
  const given = new Set(unconverted.map((one) => one.path));
  const missing = missingBelow(parts, client, folder)
    .map((id) => store.entries.pathOf(id))
    .filter((path) => !given.has(path));
  const finished = missing.length === 0 && (await allVerified(parts, client, folder));
  if (finished) detach(parts, client, folder);
  return { missing, unconverted, finished };
}

/** The folder, and the rule that made it, belong to the client from now on. */
export function giveTo(store: DocumentStore, folder: LocalId, client: ClientId): void {
  const row = store.entries.get(folder);
  if (row === null) return;
  // What it left behind there, should it come home, is its own again.
  const home = nameKey(store.entries.pathOf(folder));
  for (const id of store.keeping.detached(client)) {
    const left = id.startsWith(LEFT_AT)
      ? id.slice(LEFT_AT.length)
      : store.sync.remoteEntry(client, id as RemoteId)?.pathLower;
    if (left !== undefined && nameKey(left) === home) store.keeping.reattach(client, id);
  }
  store.entries.assign(folder, client);
  if (row.role === 'rule' && row.rule_id !== null) store.catalog.setRuleClient(row.rule_id, client);
}

/**
 * After a pass of a client: ends its reset and the handovers from it that are complete. Answers the clients that have
 * something new to sync. Faults: network and the like; what is open goes on with the next pass.
 */
export async function endReverse(parts: ReverseParts, clientId: ClientId): Promise<readonly ClientId[]> {
  const { store } = parts;
  if (store.keeping.isResetting(clientId)) {
    const state = await finishReverse(parts, clientId, null);
    if (state.finished) {
      store.sync.batch(() => {
        store.keeping.endReset(clientId);
        store.sync.signalClient(clientId, 'reset-ended');
      });
      note(parts, clientId, 'Everything was brought back from Dropbox; the client is paused.');
    }
    return [];
  }
  const next: ClientId[] = [];
  for (const handover of store.keeping.handovers()) {
    if (handover.from !== clientId) continue;
    const { finished } = await finishReverse(parts, clientId, handover.entryId);
    if (!finished) continue;
    store.sync.batch(() => {
      giveTo(store, handover.entryId, handover.to);
      store.keeping.endHandover(handover.entryId);
    });
    note(parts, clientId, `"${store.entries.pathOf(handover.entryId)}" was brought back and goes to another client.`);
    next.push(handover.to);
  }
  return next;
}

function note({ store }: ReverseParts, clientId: ClientId, reason: string): void {
  store.sync.log({
    level: 'info',
    clientId,
    direction: 'reverse',
    kind: 'reverse',
    path: null,
    bytes: null,
    duration: null,
    result: 'done',
    reason,
  });
}

/** Every document is here with the content that both sides agreed upon, or with a newer one of its own. */
async function allVerified({ store, disk }: ReverseParts, client: ClientId, folder: LocalId | null): Promise<boolean> {
  const within = folder === null ? null : new Set([folder, ...store.entries.below(folder).map((row) => row.id)]);
  for (const entry of store.sync.localTree(client)) {
    if (entry.kind !== 'file' || !entry.present || (within !== null && !within.has(entry.id))) continue;
    const known = store.sync.entry(entry.id);
    if (!known) continue;
    // Read and hashed under this stamp by the observer or by the download.
    const found = await disk.stat(known.path);
    if (found?.kind !== 'file' || found.stamp.version !== known.stamp?.version) return false;
  }
  return true;
}

function detach({ store }: ReverseParts, client: ClientId, folder: LocalId | null): void {
  const ids = folder === null ? null : new Set([folder, ...store.entries.below(folder).map((row) => row.id)]);
  store.sync.batch(() => {
    for (const synced of store.sync.syncedTree(client)) {
      if (ids !== null && !ids.has(synced.localId)) continue;
      if (synced.localId === folder) store.keeping.detach(client, synced.remoteId);
      store.entries.setBinary(synced.localId);
    }
    if (folder === null) store.clients.forgetDropbox(client);
    else {
      const top = store.sync.syncedOf(client, folder);
      if (top) store.sync.record(client, [{ kind: 'synced.remove', syncedId: top.id }]);
    }
  });
}

/** A document without bytes in Dropbox is exported; what cannot be is noted for a person. */
async function convert({ store, engine, disk }: ReverseParts, client: ClientId, id: LocalId): Promise<void> {
  const synced = store.sync.syncedOf(client, id);
  const remote = synced ? store.sync.remoteEntry(client, synced.remoteId) : null;
  const entry = store.sync.entry(id);
  const row = store.sync.client(client);
  if (!synced || !remote || remote.downloadable || !entry || !row) return;
  try {
    const exported = await engine.cloud(row).exportDocument(remote.id);
    const folder = parentPath(entry.path);
    const taken = new Set((await disk.list(folder)).map((one) => nameKey(one.name)));
    // What waits for its bytes keeps its name as well.
    for (const row of store.entries.children(entry.parentId)) if (row.id !== id) taken.add(nameKey(row.name));
    const wished = localNameFor(exported.name, process.platform === 'win32' ? 'windows' : 'posix');
    const name = taken.has(nameKey(wished)) ? markedName(wished, 'exported', (key) => taken.has(key)) : wished;
    // What an interrupted export left is of no use: it cannot be resumed.
    await (await disk.openTemp(folder, `export-${id}`)).discard();
    const fresh = await disk.openTemp(folder, `export-${id}`);
    for await (const chunk of exported.bytes) await fresh.write(chunk);
    await fresh.finish();
    const hash = await fresh.hash();
    // An export that was interrupted before it was written down has left its file already.
    const known = store.entries.at(entry.parentId, wished);
    const kept = known?.kind === 'file' && known.present === 1 && known.hash === hash;
    const to = joinPath(folder, kept ? wished : name);
    if (kept) await fresh.discard();
    await engine.gate.effect(async () => {
      const stamp = kept
        ? null
        : await disk.place(fresh, to, { modified: engine.clock.now(), replaces: null, trashKey: '' });
      const added: Effect[] = stamp === null ? [] : [exportedEntry(entry.parentId, name, hash, fresh.size, stamp)];
      store.sync.record(client, [
        { kind: 'synced.removeByLocal', localId: id },
        { kind: 'local.remove', localId: id, trashKey: null, remoteId: null, rev: null },
        ...added,
      ]);
    });
    store.sync.log({
      level: 'info',
      clientId: client,
      direction: 'reverse',
      kind: 'local.export',
      path: to,
      bytes: fresh.size,
      duration: null,
      result: 'done',
      reason: `"${entry.path}" exists only in Dropbox and was exported`,
    });
  } catch (error) {
    if (!(error instanceof Fault) || error.retryable) throw error;
    store.keeping.noteUnconverted(client, entry.path, error.message);
  }
}

function exportedEntry(
  parentId: LocalId | null,
  name: string,
  hash: ContentHash,
  size: number,
  stamp: DiskStamp,
): Effect {
  const { modified } = stamp;
  return { kind: 'local.add', parentId, entryKind: 'file', name, hash, size, present: true, stamp, modified };
}
