// Effects in the documents folder for documents that have no bytes here. Nothing on the disk stands for them, so that what
// people put at their place, or do with its folder, is looked for right before and right after they are recorded.
// Called by runner.ts and effects-backward.ts inside the local gate.

import { baseName, parentPath, type RelPath } from '../../src-shared/domain.ts';
import type { LocalEntry, Operation } from '../sync/model.ts';
import {
  agreed,
  changedHere,
  conflictOf,
  expectInPlace,
  knownParent,
  linked,
  localEntry,
  remoteEntry,
  type Done,
  type Lane,
} from './lane.ts';
import { type Effect, Fault } from './ports.ts';

type Link = Extract<Operation, { kind: 'local.link' }>;

export async function linkLocal(lane: Lane, operation: Link): Promise<Done> {
  const remote = remoteEntry(lane, operation.remoteId);
  const parentId = knownParent(lane, operation.path);
  expectInPlace(lane, operation, remote);
  const known = operation.localId === null ? null : localEntry(lane, operation.localId);
  // Another lane's scan may have found bytes since the plan was made.
  if ((known?.present ? known.hash : null) !== operation.replacesHash) throw changedHere(operation.path);
  // A link has no bytes here: what a person has put at its place meanwhile is another document.
  if (!known?.present) await expectFree(lane, operation.path);
  const content = { hash: remote.hash, size: remote.size, stamp: null, modified: remote.modified };
  const localId = operation.localId ?? 'added';
  const agreement = agreed(lane, operation, localId, remote);
  const base = operation.localId === null ? null : lane.parts.store.syncedOf(lane.client.id, operation.localId);
  const takenBack = async (): Promise<readonly Effect[]> => {
    if (await isFree(lane, operation.path)) return [];
    if (known !== null) {
      const { id, hash, size, modified } = known;
      return [
        { kind: 'local.content', localId: id, hash, size, modified, stamp: null },
        ...agreement.map((effect) =>
          base !== null && effect.kind === 'synced.put'
            ? { ...effect, rev: base.rev, hash: base.hash, size: base.size }
            : ({ kind: 'synced.removeByLocal', localId: id } as const),
        ),
      ];
    }
    const added = lane.parts.store.entryAt(operation.path);
    if (added === null) return [];
    return [
      { kind: 'synced.removeByLocal', localId: added },
      { kind: 'local.remove', localId: added, trashKey: null, remoteId: null, rev: null },
    ];
  };
  return {
    effects: [
      operation.localId === null
        ? { kind: 'local.add', parentId, entryKind: 'file', name: baseName(operation.path), present: false, ...content }
        : { kind: 'local.content', localId: operation.localId, ...content },
      ...agreement,
      linked(lane, localId, operation),
      ...conflictOf(lane, operation),
    ],
    count: (tally) => tally.downloaded++,
    ...(known?.present ? {} : { checked: true, takenBack }),
  };
}

/** Throws where somebody has put something there in the instant before it was recorded: it would be taken for an edit. */
export async function moveLink(
  lane: Lane,
  { id: localId, parentId, name }: Pick<LocalEntry, 'id' | 'parentId' | 'name'>,
  place: Pick<LocalEntry, 'parentId' | 'name'>,
  to: RelPath,
): Promise<void> {
  await expectFree(lane, to);
  const { store } = lane.parts;
  store.record(lane.client.id, [{ kind: 'local.move', localId, ...place, stamp: null }]);
  if (await isFree(lane, to)) return;
  store.record(lane.client.id, [{ kind: 'local.move', localId, parentId, name, stamp: null }]);
  throw changedHere(to);
}

/** Where only a link is to stand nothing may lie on the disk: it would be taken for an edit of the document. */
async function expectFree(lane: Lane, path: RelPath): Promise<void> {
  const { disk } = lane.parts;
  await disk.check();
  // In a folder that a person has just removed it would go with the folder, unseen.
  if ((await disk.stat(parentPath(path)))?.kind !== 'folder') throw changedHere(path);
  // Last of all: from here on nothing waits until it is recorded.
  if ((await disk.stat(path)) !== null) throw changedHere(path);
}

/** The same, asked again once it is recorded: what is put there later is an edit of what is recorded by then. */
async function isFree({ parts: { disk } }: Lane, path: RelPath): Promise<boolean> {
  try {
    return (await disk.stat(path)) === null && (await disk.stat(parentPath(path)))?.kind === 'folder';
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return false;
  }
}
