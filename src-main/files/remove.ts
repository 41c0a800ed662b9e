// Deleting by hand: to the store's trash, from which it can be restored; the next pass deletes it in Dropbox. What had no
// bytes here is kept by its id and rev in Dropbox. Called by the application service under the pass lock.

import { parentPath, type LocalId, type RelPath } from '../../src-shared/domain.ts';
import type { FileRef } from '../../src-shared/files-views.ts';
import { Fault } from '../engine/ports.ts';
import type { EntryRow } from '../store/entries.ts';
import type { TrashNote } from '../store/keepsakes.ts';
import { trashedBelow } from '../store/trashed-below.ts';
import { expectOwn, takeUp, topmost, type FileParts } from './parts.ts';

export interface Deleted {
  readonly id: LocalId;
  readonly path: RelPath;
  /** Its number in the trash. */
  readonly trash: number;
}

type Located = EntryRow & { readonly path: RelPath };

/** All or nothing is checked first. Throws StoreError 'unknown-path', 'erp-folder'; Faults of the disk. */
export async function deleteEntries(parts: FileParts, refs: readonly FileRef[]): Promise<Deleted[]> {
  const rows = topmost(parts, refs);
  for (const row of rows) expectOwn(parts, row, 'deleted');
  await parts.disk.check();
  const deleted: Deleted[] = [];
  try {
    for (const row of rows) deleted.push({ id: row.id, path: row.path, trash: await trashEntry(parts, row) });
  } finally {
    await takeUp(parts, [...new Set(rows.map((row) => parentPath(row.path)))]);
  }
  return deleted;
}

async function trashEntry(parts: FileParts, row: Located): Promise<number> {
  const { store, disk, engine } = parts;
  return engine.gate.effect(async () => {
    const now = store.entries.get(row.id);
    if (now === null || store.entries.pathOf(row.id) !== row.path) {
      throw new Fault('changed', `"${row.path}" has changed its place meanwhile. Look again.`);
    }
    const isHere = row.kind === 'folder' || now.present === 1;
    const key = `deleted-${engine.clock.now().toString(36)}-${row.id}`;
    const note = noteOf(parts, now, row.path, isHere ? key : null);
    if (isHere) {
      store.keepsakes.beginTrash(note);
      await disk.trash(row.path, key);
    }
    return store.sync.batch(() => {
      const trash = store.keepsakes.addTrash(note);
      store.entries.remove(row.id);
      store.sync.log({
        level: 'info',
        clientId: note.client,
        direction: null,
        kind: 'file.delete',
        path: row.path,
        bytes: row.kind === 'file' ? now.size : null,
        duration: null,
        result: 'done',
        reason: 'Deleted here by a person; it is in the trash.',
      });
      return trash;
    });
  });
}

function noteOf({ store }: FileParts, row: EntryRow, path: RelPath, trashKey: string | null): TrashNote {
  const client = store.entries.clientOf(row.id);
  const syncedOf = (id: LocalId) => (client === null ? null : store.sync.syncedOf(client, id));
  const synced = syncedOf(row.id);
  return {
    client,
    trashKey,
    path,
    entryKind: row.kind,
    reason: 'deleted',
    hash: row.hash,
    size: row.size,
    remoteId: synced?.remoteId ?? null,
    rev: synced?.rev ?? null,
    contents: row.kind === 'folder' ? JSON.stringify(trashedBelow(store.entries, row.id, syncedOf)) : null,
  };
}
