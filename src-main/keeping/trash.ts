// The store's trash (B3): what sync deleted or overwrote here, for 30 days. Restoring puts the bytes back at their place
// (or beside it where that is taken); what had no bytes here is restored in Dropbox by its rev and comes back with the
// next pass. Called by the application service.

import { baseName, joinPath, parentPath, type RelPath } from '../../src-shared/domain.ts';
import { markedName, nameKey } from '../../src-shared/names.ts';
import type { LocalGate } from '../engine/local-gate.ts';
import { type CloudStore, Fault, type Observer } from '../engine/ports.ts';
import type { StoreDisk } from '../store/disk/store-disk.ts';
import { StoreError } from '../store/errors.ts';
import type { TrashRow } from '../store/keepsakes.ts';
import type { DocumentStore } from '../store/open-store.ts';

export const TRASH_DAYS = 30;

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
  /** `dropbox`: restored there; the next pass brings it here. */
  readonly from: 'trash' | 'dropbox';
}

/** Throws StoreError 'unknown-trash'; Fault 'gone' where nothing is kept any more. */
export async function restoreFromTrash(parts: TrashParts, id: number): Promise<Restored> {
  const { store, disk, observer, gate } = parts;
  const row = store.keepsakes.trashRow(id);
  if (!row)
    throw new StoreError(
      'unknown-trash',
      `There is nothing with the number ${id} in the trash. See "docktide trash list".`,
    );
  await disk.check();
  if (row.trashKey === null) return restoreThere(parts, row);
  const key = row.trashKey;
  const path = await gate.effect(async () => {
    await makeFolders(disk, parentPath(row.path));
    const to = await freePlace(disk, row.path);
    await disk.restore(key, '' as RelPath, to);
    return to;
  });
  store.keepsakes.removeTrash(id);
  await gate.scan(() => observer.observe([parentPath(path), path]));
  return { id, path, from: 'trash' };
}

async function restoreThere({ store, cloudOf }: TrashParts, row: TrashRow): Promise<Restored> {
  if (row.client === null || row.rev === null) {
    throw new Fault('gone', `Nothing of "${row.path}" is kept: it had no bytes here, and its client is gone.`);
  }
  await cloudOf(row.client).restore(row.path, row.rev);
  store.keepsakes.removeTrash(row.id);
  return { id: row.id, path: row.path, from: 'dropbox' };
}

/** Removes what is older than 30 days; answers how many. */
export async function emptyOldTrash({ store, disk, now }: Pick<TrashParts, 'store' | 'disk' | 'now'>): Promise<number> {
  const limit = now() - TRASH_DAYS * 24 * 60 * 60_000;
  let removed = 0;
  for (const row of store.keepsakes.trashRows()) {
    if (row.removedAt >= limit) continue;
    if (row.trashKey !== null) await disk.purge(row.trashKey);
    store.keepsakes.removeTrash(row.id);
    removed++;
  }
  return removed;
}

async function makeFolders(disk: StoreDisk, path: RelPath): Promise<void> {
  if (path === '' || (await disk.stat(path))?.kind === 'folder') return;
  await makeFolders(disk, parentPath(path));
  await disk.makeFolder(path);
}

async function freePlace(disk: StoreDisk, path: RelPath): Promise<RelPath> {
  const folder = parentPath(path);
  const taken = new Set((await disk.list(folder)).map((entry) => nameKey(entry.name)));
  const name = baseName(path);
  return taken.has(nameKey(name))
    ? joinPath(
        folder,
        markedName(name, 'restored', (key) => taken.has(key)),
      )
    : path;
}
