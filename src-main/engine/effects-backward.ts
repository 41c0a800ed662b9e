// Effects in the documents folder (Dropbox → here): folders, downloads, moves, deletions to the trash; links in links-here.ts.
// Each function checks the operation's expectation, does the effect, and answers what to record; a world that is not as
// expected throws a Fault that makes the task stale. Called by runner.ts inside the local gate.

import { baseName, parentPath, type ContentHash, type RelPath } from '../../src-shared/domain.ts';
import { isIgnoredName, isOwnName } from '../../src-shared/names.ts';
import { asideName } from '../sync/aside.ts';
import type { Operation } from '../sync/model.ts';
import {
  agreed,
  agreedPlace,
  changedHere,
  conflictOf,
  expectInPlace,
  knownParent,
  linked,
  localEntry,
  remoteEntry,
  siblingPath,
  trashKey,
  type Done,
  type Lane,
} from './lane.ts';
import { moveLink } from './links-here.ts';
import { type DiskStamp, type DocumentsDisk, Fault, type TempFile } from './ports.ts';

/** Bytes from which on a document may keep others waiting. */
export const LARGE = 4 * 1024 * 1024;

type Of<K extends Operation['kind']> = Extract<Operation, { kind: K }>;

export async function makeLocalFolder(lane: Lane, operation: Of<'local.folder'>): Promise<Done> {
  const remote = remoteEntry(lane, operation.remoteId);
  const parentId = knownParent(lane, operation.path);
  expectInPlace(lane, operation, remote);
  const stamp = await lane.parts.disk.makeFolder(operation.path);
  return {
    effects: [
      {
        kind: 'local.add',
        parentId,
        entryKind: 'folder',
        name: baseName(operation.path),
        hash: null,
        size: 0,
        present: true,
        stamp,
        modified: stamp.modified,
      },
      ...agreed(lane, operation, 'added', remote),
      ...conflictOf(lane, operation),
    ],
    count: (tally) => tally.createdFolders++,
  };
}

export async function moveLocal(lane: Lane, operation: Of<'local.move'>): Promise<Done> {
  const { disk, store } = lane.parts;
  const entry = localEntry(lane, operation.localId);
  const to = operation.aside
    ? siblingPath(entry.path, asideName(entry.name, String(operation.localId)))
    : operation.path;
  const parentId = knownParent(lane, to);
  let stamp: DiskStamp | null = null;
  const isHere = entry.kind === 'folder' || entry.present;
  if (isHere) {
    const found = await disk.stat(entry.path);
    if (!found || found.kind !== entry.kind) throw changedHere(entry.path);
    if (entry.stamp && found.stamp.fileId !== entry.stamp.fileId) throw changedHere(entry.path);
    const moved = await disk.move(entry.path, to);
    // A file may have been edited on the way: without a stamp the next scan reads it again.
    if (entry.kind === 'folder') stamp = moved;
  } else await moveLink(lane, entry, { parentId, name: baseName(to) }, to);
  const remote = operation.remoteId === null ? null : store.remoteEntry(lane.client.id, operation.remoteId);
  return {
    effects: [
      { kind: 'local.move', localId: operation.localId, parentId, name: baseName(to), stamp },
      ...(operation.aside ? [] : agreedPlace(lane, operation, operation.localId, remote)),
      ...conflictOf(lane, operation),
    ],
    count: (tally) => {
      if (!operation.aside) tally.moved++;
    },
    checked: !isHere,
  };
}

/**
 * What goes here although Dropbox has it lies there where it is left alone: it must still do so (guard 4). Asked outside
 * the gate. Faults: conflict; those of CloudStore.lookup.
 */
export async function expectStillLeftAlone(lane: Lane, operation: Of<'local.trash'>): Promise<void> {
  const { store } = lane.parts;
  const synced = store.syncedOf(lane.client.id, operation.localId);
  const known = synced && store.remoteEntry(lane.client.id, synced.remoteId);
  if (!known) return;
  const found = await lane.cloud.lookup({ id: known.id });
  if (found?.inside && found.entry.pathLower !== known.pathLower)
    throw new Fault('conflict', `"${operation.path}" is elsewhere in Dropbox meanwhile.`);
}

export async function trashLocal(lane: Lane, operation: Of<'local.trash'>): Promise<Done> {
  const { disk, store } = lane.parts;
  const entry = localEntry(lane, operation.localId);
  const synced = store.syncedOf(lane.client.id, operation.localId);
  let key: string | null = null;
  if (entry.kind === 'folder') {
    const covered = new Set(operation.covers.map((id) => store.entry(id)?.path));
    // Another lane's scan may have found an edit since the plan was made.
    for (const id of operation.covers) {
      const below = store.entry(id);
      if (below?.kind !== 'file' || !below.present) continue;
      if (below.hash !== store.syncedOf(lane.client.id, id)?.hash) throw changedHere(below.path);
    }
    await expectUnchanged(lane, entry.path, covered);
  }
  if (entry.kind === 'folder' || entry.present) {
    const found = await disk.stat(entry.path);
    if (!found || found.kind !== entry.kind) throw changedHere(entry.path);
    if (entry.kind === 'file' && found.stamp.version !== entry.stamp?.version) throw changedHere(entry.path);
    if (entry.kind === 'file' && entry.hash !== operation.hash) throw changedHere(entry.path);
    key = trashKey(lane, operation.localId);
    const { remoteId = null, rev = null } = synced ?? {};
    store.beginTrash(lane.client.id, { localId: operation.localId, trashKey: key, reason: 'deleted', remoteId, rev });
    await disk.trash(entry.path, key, entry.kind === 'file' ? found.stamp : undefined);
  }
  return {
    effects: [
      { kind: 'synced.removeByLocal', localId: operation.localId },
      {
        kind: 'local.remove',
        localId: operation.localId,
        trashKey: key,
        remoteId: synced?.remoteId ?? null,
        rev: synced?.rev ?? null,
      },
    ],
    count: (tally) => (tally.deletedLocal += operation.covers.length),
  };
}

/** Everything below a folder that is to go must be what the plan has seen. */
async function expectUnchanged(lane: Lane, folder: RelPath, covered: ReadonlySet<RelPath | undefined>): Promise<void> {
  for (const item of await lane.parts.disk.list(folder)) {
    const path = `${folder}/${item.name}` as RelPath;
    if (isOwnName(item.name) || (item.kind === 'file' && isIgnoredName(item.name))) continue;
    if (!covered.has(path)) throw changedHere(path);
    if (item.kind === 'folder') await expectUnchanged(lane, path, covered);
    else {
      const id = lane.parts.store.entryAt(path);
      const row = id === null ? null : lane.parts.store.entry(id);
      if (row?.stamp?.version !== item.stamp.version) throw changedHere(path);
    }
  }
}

/**
 * Fetches content into a temporary file beside its place: from a document here that has the same content, else from
 * Dropbox, resuming what an interrupted download left; `arrived` is content that is here already. Runs outside the gate; nothing that a scan sees changes.
 */
export async function fetchContent(
  lane: Lane,
  operation: Of<'local.download'>,
  arrived: Uint8Array | null = null,
): Promise<TempFile> {
  const { disk } = lane.parts;
  const temp = await disk.openTemp(parentPath(operation.path), operation.rev);
  try {
    if (arrived === null) await fill(lane, operation, temp);
    else await fillWith(lane, temp, arrived);
    await temp.finish();
    if ((await temp.hash()) === operation.hash) return temp;
  } catch (error) {
    // What has arrived is kept for the next attempt.
    await temp.finish().catch(() => {});
    throw error;
  }
  await temp.discard();
  throw new Fault('hash-mismatch', `"${operation.path}" arrived damaged; it will be fetched again.`, {
    retryable: true,
  });
}

/** With content that came along with others; what an interrupted download left is its beginning, or found out not to be. */
async function fillWith(lane: Lane, temp: TempFile, content: Uint8Array): Promise<void> {
  const rest = content.subarray(temp.size);
  if (rest.length > 0) await temp.write(rest);
  lane.tally.bytesDown += rest.length;
}

async function fill(lane: Lane, operation: Of<'local.download'>, temp: TempFile): Promise<void> {
  const { store } = lane.parts;
  const twin = temp.size === 0 && operation.size > 0 ? store.presentWithHash(operation.hash) : null;
  if (twin && (await copyTwin(lane, operation, temp, twin.path))) return;
  if (temp.size > operation.size)
    throw new Fault('hash-mismatch', `"${operation.path}" arrived too long.`, { retryable: true });
  if (temp.size === operation.size && operation.size > 0) return;
  const request = { rev: operation.rev, hash: operation.hash, size: operation.size, inPassing: true };
  for await (const chunk of lane.cloud.download(request, temp.size, endOf(lane, operation))) {
    await temp.write(chunk);
    lane.tally.bytesDown += chunk.byteLength;
  }
}

/** Small documents come to their end; large ones stop when there is other work, and go on from there in the next pass. */
function endOf({ options: { signal, others } }: Lane, { size }: Of<'local.download'>): AbortSignal | undefined {
  if (others === undefined || size <= LARGE) return signal;
  return signal === undefined ? others : AbortSignal.any([signal, others]);
}

/** False, with the temporary file as it was, when the twin turned out to be something else. */
async function copyTwin(lane: Lane, operation: Of<'local.download'>, temp: TempFile, from: RelPath): Promise<boolean> {
  const { disk } = lane.parts;
  const checked = await disk.hash(from).catch(() => null);
  if (checked?.hash !== operation.hash) return false;
  for await (const chunk of disk.read(from, 0)) await temp.write(chunk);
  return true;
}

/** Puts fetched content in its place and answers what to record. */
export async function placeContent(lane: Lane, operation: Of<'local.download'>, temp: TempFile): Promise<Done> {
  const remote =
    operation.remoteId === null
      ? (lane.copies.get(operation.remotePath) ?? null)
      : remoteEntry(lane, operation.remoteId);
  if (!remote || remote.hash !== operation.hash)
    throw new Fault('conflict', `"${operation.path}" has changed in Dropbox meanwhile.`);
  const parentId = knownParent(lane, operation.path);
  // What is brought back belongs to a document that lies where it lies, wherever Dropbox has it.
  if (operation.reason !== 'brought-back') expectInPlace(lane, operation, remote);
  const content = { hash: operation.hash, size: operation.size, modified: operation.modified };
  if (operation.localId === null) {
    const stamp = await placeHere(lane, temp, operation.path, {
      modified: operation.modified,
      replaces: null,
      trashKey: '',
    });
    return {
      effects: [
        {
          kind: 'local.add',
          parentId,
          entryKind: 'file',
          name: baseName(operation.path),
          present: true,
          stamp,
          ...content,
        },
        ...agreed(lane, operation, 'added', remote),
        linked(lane, 'added', operation),
        ...conflictOf(lane, operation),
      ],
      count: (tally) => tally.downloaded++,
      bytes: operation.size,
    };
  }
  const entry = localEntry(lane, operation.localId);
  if (entry.path !== operation.path || (entry.present && entry.hash !== operation.replacesHash))
    throw changedHere(operation.path);
  const key = trashKey(lane, operation.localId);
  const replaces = entry.present ? await expectContent(lane, operation.path, entry.stamp, entry.hash) : null;
  const { remoteId = null, rev = null } = lane.parts.store.syncedOf(lane.client.id, operation.localId) ?? {};
  if (replaces) {
    const kept = { localId: operation.localId, trashKey: key, reason: 'overwritten', remoteId, rev } as const;
    lane.parts.store.beginTrash(lane.client.id, kept);
  }
  const stamp = await placeHere(lane, temp, operation.path, { modified: operation.modified, replaces, trashKey: key });
  return {
    effects: [
      { kind: 'local.content', localId: operation.localId, stamp, ...content },
      ...(replaces
        ? [
            {
              kind: 'trash.add',
              trashKey: key,
              path: operation.path,
              reason: 'overwritten',
              hash: entry.hash,
              size: entry.size,
              remoteId,
              rev,
            } as const,
          ]
        : []),
      ...agreed(lane, operation, operation.localId, remote),
      linked(lane, operation.localId, operation),
      ...conflictOf(lane, operation),
    ],
    count: (tally) => tally.downloaded++,
    bytes: operation.size,
  };
}

/** What is replaced is what was synced: by its stamp, or, after a move of our own, by its content. */
async function expectContent(
  lane: Lane,
  path: RelPath,
  known: DiskStamp | null,
  hash: ContentHash | null,
): Promise<DiskStamp> {
  const found = await lane.parts.disk.stat(path);
  if (found?.kind !== 'file') throw changedHere(path);
  if (found.stamp.version === known?.version) return found.stamp;
  const read = await lane.parts.disk.hash(path);
  if (read === null || read.hash !== hash) throw changedHere(path);
  return read.stamp;
}

/** A disk that was taken away leaves an empty folder behind: what was written there is not in the documents folder. */
async function placeHere(lane: Lane, ...place: Parameters<DocumentsDisk['place']>): Promise<DiskStamp> {
  const stamp = await lane.parts.disk.place(...place);
  await lane.parts.disk.check();
  return stamp;
}
