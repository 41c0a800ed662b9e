// Effects in Dropbox (here → Dropbox): folders, uploads, moves, copies, deletions, restores.
// Each function checks the operation's expectation, does the effect, and answers what to record; a world that is not as
// expected throws a Fault that makes the task stale. Called by runner.ts.

import { baseName, joinPath, parentPath, type LocalId, type RelPath } from '../../src-shared/domain.ts';
import { BACKUP_MARKER_NAME } from '../../src-shared/names.ts';
import { asideName } from '../sync/aside.ts';
import type { Operation, RemoteEntry } from '../sync/model.ts';
import {
  agreed,
  agreedPlace,
  conflictOf,
  linked,
  localEntry,
  remoteEntry,
  siblingPath,
  type Done,
  type Lane,
} from './lane.ts';
import { bringBytesOf } from './leaving.ts';
import { LARGE } from './effects-backward.ts';
import { type Effect, Fault, type Outcome, type UploadRequest } from './ports.ts';

type Of<K extends Operation['kind']> = Extract<Operation, { kind: K }>;

/** Bytes of one read of a large document. */
const READ_AT_ONCE = 1024 * 1024;

/** A folder that is there already (made by another computer) is adopted. */
export async function recordFolder(
  lane: Lane,
  operation: Of<'remote.folder'>,
  outcome: Outcome<RemoteEntry>,
): Promise<Done> {
  let entry: RemoteEntry;
  let created = true;
  if (outcome.ok) entry = outcome.value;
  else {
    if (outcome.fault.code !== 'conflict') throw outcome.fault;
    const found = await lane.cloud.lookup({ path: operation.remotePath });
    if (found?.entry.kind !== 'folder') throw outcome.fault;
    // Backups, of which the feed has yet to tell, are no peer of a folder of documents.
    if ((await lane.cloud.lookup({ path: joinPath(operation.remotePath, BACKUP_MARKER_NAME) })) !== null)
      throw outcome.fault;
    entry = found.entry;
    created = false;
  }
  const agreement = agreedHere(lane, operation, operation.localId, entry);
  return {
    effects: [{ kind: 'remote.put', entry }, ...agreement, ...conflictOf(lane, operation)],
    doubtful: agreement.length === 0,
    count: (tally) => {
      if (created) tally.createdFolders++;
      else tally.adopted++;
    },
  };
}

/** What goes out for an upload; reading fails with 'changed' or 'gone' where the file is not what was planned. */
export function uploadRequest(lane: Lane, operation: Of<'remote.upload'>): UploadRequest {
  const entry = localEntry(lane, operation.localId);
  if (entry.hash !== operation.hash || entry.path !== operation.path || !entry.stamp) {
    throw new Fault('changed', `"${operation.path}" has changed here meanwhile.`);
  }
  const { version } = entry.stamp;
  return {
    path: operation.remotePath,
    replaces: operation.replaces?.rev ?? null,
    size: operation.size,
    hash: operation.hash,
    modified: entry.modified,
    read: (start) =>
      // What a large document is read into is used again and again: so much garbage would hold everything up.
      readUnchanged(
        lane,
        entry.path,
        version,
        start,
        operation.size > LARGE ? new Uint8Array(READ_AT_ONCE) : undefined,
      ),
  };
}

/** A file that changes while it is read is not uploaded in this pass (guard 7). */
async function* readUnchanged(
  lane: Lane,
  path: RelPath,
  version: string,
  start: number,
  into: Uint8Array | undefined,
): AsyncIterable<Uint8Array> {
  const { disk } = lane.parts;
  await expectVersion(lane, path, version);
  for await (const chunk of disk.read(path, start, into)) yield chunk;
  await expectVersion(lane, path, version);
}

async function expectVersion(lane: Lane, path: RelPath, version: string): Promise<void> {
  const found = await lane.parts.disk.stat(path);
  if (!found || found.kind !== 'file') throw new Fault('gone', `"${path}" is no longer here.`);
  if (found.stamp.version !== version) throw new Fault('changed', `"${path}" has changed while it was read.`);
}

export function recordUpload(lane: Lane, operation: Of<'remote.upload'>, entry: RemoteEntry): Done {
  const local = lane.parts.store.entry(operation.localId);
  // Where it has vanished here meanwhile, it is for interrupted.ts to say where it was agreed upon.
  const agreement = local === null ? [] : agreed(lane, operation, operation.localId, entry, local);
  return {
    effects: [
      { kind: 'remote.put', entry },
      ...agreement,
      ...(local === null ? [] : [linked(lane, operation.localId, operation)]),
      ...conflictOf(lane, operation),
    ],
    doubtful: agreement.length === 0,
    count: (tally) => {
      tally.uploaded++;
    },
    bytes: operation.size,
  };
}

/** As `agreed`, unless the entry has vanished here meanwhile: then it is for interrupted.ts to say where it was agreed upon. */
function agreedHere(lane: Lane, operation: Operation, localId: LocalId, entry: RemoteEntry) {
  return lane.parts.store.entry(localId) ? agreed(lane, operation, localId, entry) : [];
}

export async function copyRemote(lane: Lane, operation: Of<'remote.copy'>): Promise<Done> {
  const entry = await lane.cloud.copy(operation.from.rev, operation.remotePath);
  if (entry.hash !== operation.hash)
    throw new Fault('conflict', `"${operation.fromPath}" has changed in Dropbox meanwhile.`);
  lane.copies.set(operation.remotePath, entry);
  return { effects: [{ kind: 'remote.put', entry }, ...conflictOf(lane, operation)], count: () => {} };
}

export async function moveRemote(lane: Lane, operation: Of<'remote.move'>): Promise<Done> {
  const now = remoteEntry(lane, operation.remoteId);
  const { remoteId } = operation;
  const mark = remoteId.replaceAll(/[^a-zA-Z0-9]/g, '').slice(-6);
  let entry: RemoteEntry;
  if (operation.aside) entry = await lane.cloud.move(remoteId, siblingPath(now.pathLower, asideName(now.name, mark)));
  else if (operation.respell) {
    // Dropbox takes both spellings for one place: the way leads over a third name.
    await lane.cloud.move(remoteId, siblingPath(operation.remotePath, asideName(baseName(operation.remotePath), mark)));
    entry = await lane.cloud.move(remoteId, operation.remotePath);
  } else entry = await lane.cloud.move(remoteId, operation.remotePath);
  return recordMove(lane, operation, now, entry);
}

/** `now`: the entry as it was before. */
export function recordMove(lane: Lane, operation: Of<'remote.move'>, now: RemoteEntry, entry: RemoteEntry): Done {
  const { remoteId } = operation;
  const local = operation.localId === null ? null : lane.parts.store.entry(operation.localId);
  const atPlace = !operation.aside && local?.path === operation.path;
  return {
    effects: [
      { kind: 'remote.move', id: remoteId, pathLower: entry.pathLower, name: entry.name },
      ...movedBack(operation),
      ...(atPlace
        ? agreedPlace(lane, operation, operation.localId, { ...now, name: entry.name, pathLower: entry.pathLower })
        : []),
      ...conflictOf(lane, operation),
    ],
    count: (tally) => {
      if (!operation.aside) tally.moved++;
    },
  };
}

/** That another computer moves it away again is noticed by that. */
function movedBack({ reason, aside, remoteId }: Of<'remote.move'>): Effect[] {
  return reason === 'erp-folder-moved-back' && !aside ? [{ kind: 'synced.movedBack', remoteId }] : [];
}

/**
 * A deletion stands only while the document is still missing here and the documents folder is really there; that of a
 * document whose content lives on in a copy, only while the copy has it.
 */
export async function expectStillGone(lane: Lane, operation: Of<'remote.delete'>): Promise<void> {
  if (operation.keptAs !== null) {
    const copy = await lane.cloud.lookup({ id: operation.keptAs.id });
    if (!copy?.inside || copy.entry.hash !== operation.keptAs.hash)
      throw new Fault('conflict', `The copy of "${operation.remotePath}" has changed in Dropbox meanwhile.`);
    return;
  }
  await bringBytesOf(lane, operation.covers);
  if (lane.parts.store.entryAt(operation.path) !== null) return;
  const { disk } = lane.parts;
  const found = await disk.stat(operation.path);
  if (found?.kind !== operation.entryKind) return;
  // Where two spellings are one name, another document may have taken the place under its own.
  const name = baseName(operation.path);
  if ((await disk.list(parentPath(operation.path))).some((entry) => entry.name === name)) {
    throw new Fault('changed', `"${operation.path}" is here again.`);
  }
}

export function recordDelete(operation: Of<'remote.delete'>, outcome: Outcome<null>): Done {
  if (!outcome.ok && outcome.fault.code !== 'not-found') throw outcome.fault;
  return {
    effects: [
      { kind: 'synced.removeByRemote', remoteId: operation.remoteId },
      { kind: 'remote.remove', id: operation.remoteId },
    ],
    count: (tally) => (tally.deletedRemote += operation.covers.length),
  };
}

async function restoreByWayOf(lane: Lane, operation: Of<'remote.restore'>): Promise<RemoteEntry> {
  const there = await lane.cloud.lookup({ path: operation.fromPath });
  if (!there) {
    const missing = await missingFolders(lane, operation.fromPath);
    const back = await lane.cloud.restore(operation.fromPath, operation.rev);
    const moved = await lane.cloud.move(back.id, operation.remotePath);
    await removeEmptied(lane, missing);
    return moved;
  }
  // The former place has been taken: the bytes go by way of this computer.
  const { hash, size, modified } = localEntry(lane, operation.localId);
  if (hash === null) throw new Fault('not-found', `"${operation.path}" cannot be restored: its content is not known.`);
  const content = { rev: operation.rev, hash, size };
  let outcome: Outcome<RemoteEntry> | null = null;
  await lane.cloud.upload(
    [
      {
        path: operation.remotePath,
        replaces: null,
        size,
        hash,
        modified,
        read: (start) => lane.cloud.download(content, start, lane.options.signal),
      },
    ],
    { settled: (_index, settled) => void (outcome = settled) },
  );
  return valueOf(outcome);
}

/** Folders above a place that Dropbox does not have now, the lowest first. */
async function missingFolders({ cloud }: Lane, path: RelPath): Promise<RelPath[]> {
  const missing: RelPath[] = [];
  for (let at = parentPath(path); at !== '' && !(await cloud.lookup({ path: at })); at = parentPath(at))
    missing.push(at);
  return missing;
}

/** What came back with the document on its way goes again, unless somebody has put something into it meanwhile. */
async function removeEmptied({ cloud }: Lane, folders: readonly RelPath[]): Promise<void> {
  for (const path of folders) {
    const folder = await cloud.lookup({ path });
    if (folder?.entry.kind !== 'folder' || (await cloud.list(path)).length > 0) return;
    await cloud.remove([{ id: folder.entry.id, rev: null }]);
  }
}

function valueOf(outcome: Outcome<RemoteEntry> | null): RemoteEntry {
  if (outcome?.ok) return outcome.value;
  throw outcome?.fault ?? new Fault('aborted', 'The upload was ended.');
}

/**
 * Brings deleted content back in Dropbox at the place that its freed attachment has here; where the service restores
 * only to the former path, by way of that.
 */
export async function restoreRemote(lane: Lane, operation: Of<'remote.restore'>): Promise<Done> {
  let entry: RemoteEntry;
  // Dropbox restores over whatever has the place by now, and knows no condition for it.
  const there = await lane.cloud.lookup({ path: operation.remotePath });
  if (there !== null && there.entry.id !== operation.remoteId)
    throw new Fault('conflict', `"${operation.remotePath}" is taken in Dropbox by another document.`);
  try {
    entry = await lane.cloud.restore(operation.remotePath, operation.rev);
  } catch (error) {
    if (!(error instanceof Fault) || error.retryable || operation.fromPath === operation.remotePath) throw error;
    entry = await restoreByWayOf(lane, operation);
  }
  return {
    effects: [
      { kind: 'remote.put', entry },
      ...agreedHere(lane, operation, operation.localId, entry),
      linked(lane, operation.localId, operation),
    ],
    count: (tally) => {
      tally.moved++;
    },
  };
}

/** The document opens by its shared link from now on. */
export async function linkRemote(lane: Lane, operation: Of<'remote.link'>): Promise<Done> {
  const link = await lane.cloud.link(operation.remoteId);
  const made: Effect[] = [{ kind: 'link.made', link }];
  const gone = lane.parts.store.entry(operation.localId) === null;
  const shown: Effect[] = gone ? [] : [{ kind: 'local.linked', localId: operation.localId, url: link.url }];
  return { effects: [...made, ...shown], count: () => {} };
}
