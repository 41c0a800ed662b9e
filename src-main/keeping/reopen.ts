// Taking back the settlement of a conflict: what gave way comes out of the trash again, and the conflict stands as
// before. Each step is one that people can do by themselves, so a crash in between leaves both versions, here or in the
// trash. In: the number of a settled conflict; out: where both versions lie. Called by the application service.

import { parentPath, type ContentHash, type RelPath } from '../../src-shared/domain.ts';
import { Fault } from '../engine/ports.ts';
import { StoreError } from '../store/errors.ts';
import type { DocumentStore } from '../store/open-store.ts';
import { replace, trashPrefix, type ConflictParts } from './conflicts.ts';
import { restoreFromTrash, type TrashParts } from './trash.ts';

export interface ReopenedConflict {
  readonly id: number;
  readonly path: RelPath;
  readonly copy: RelPath;
}

/** Throws StoreError 'unknown-conflict'; Fault 'gone' where the trash has been emptied meanwhile. */
export async function reopenConflict(parts: ConflictParts & TrashParts, id: number): Promise<ReopenedConflict> {
  const { store, gate } = parts;
  const settled = store.keepsakes.settledConflict(id);
  if (settled === null) {
    throw new StoreError('unknown-conflict', `There is no settled conflict ${id} that could be taken back.`);
  }
  const { path } = settled;
  const prefix = trashPrefix(id);
  const trashed = store.keepsakes.trashRows().filter((row) => row.trashKey?.startsWith(prefix) === true);
  const discarded = trashed.find((row) => row.reason === 'deleted');
  const overwritten = trashed.find((row) => row.reason === 'overwritten');
  if (discarded === undefined && store.entries.entryAt(settled.copy) === null) {
    throw new Fault('gone', `Nothing of "${settled.copy}" is kept any more, so this cannot be taken back.`);
  }
  if (overwritten !== undefined) checkUnchanged(store, path, discarded?.hash ?? null);
  const copy = discarded === undefined ? settled.copy : (await restoreFromTrash(parts, discarded.id)).path;
  if (overwritten !== undefined) {
    const beside = (await restoreFromTrash(parts, overwritten.id)).path;
    // Keys of its own: what is replaced now is no part of the settlement.
    if (beside !== path) await gate.effect(() => replace(parts, `reopened-${id}-`, path, beside));
    await gate.scan(() => parts.observer.observe([parentPath(path), path, beside]));
  }
  store.keepsakes.reopenConflict(id, copy);
  return { id, path, copy };
}

/** What somebody has written since then is not to be replaced. */
function checkUnchanged(store: DocumentStore, path: RelPath, hash: ContentHash | null): void {
  const id = store.entries.entryAt(path);
  const row = id === null ? null : store.entries.get(id);
  if (row === null || (row.present === 1 && row.hash === hash)) return;
  throw new Fault(
    'changed',
    `"${path}" has been changed since then. Take the version from here out of the trash instead.`,
  );
}
