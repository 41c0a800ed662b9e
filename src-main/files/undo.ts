// Taking back what was done by hand: each operation says what it changed (FileChange), and this does the opposite as far
// as nobody else has changed it since. What cannot be taken back is told; the rest is. Called by the application service
// under the pass lock.

import { createHash } from 'node:crypto';
import { assertNever, parentPath, type LocalId, type RelPath } from '../../src-shared/domain.ts';
import type { FileChange } from '../../src-shared/files-views.ts';
import type { EntryRow } from '../store/entries.ts';
import { restoreFromTrash, type Restored, type TrashParts } from '../keeping/trash.ts';
import { takeUp, type FileParts } from './parts.ts';
import { moveBack } from './relocate.ts';
import { deleteEntries } from './remove.ts';
import { restoreVersion } from './versions.ts';

export interface Undone {
  readonly undone: readonly RelPath[];
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
  /** Takes the undoing back; null where that is done by other means. */
  readonly change: FileChange | null;
}

interface TrashItem {
  readonly trash: number;
  readonly path: string;
}

type RestoredItem = Extract<FileChange, { kind: 'restored' }>['items'][number];

interface Tally {
  readonly undone: RelPath[];
  readonly failed: { path: string; reason: string }[];
}

export async function undoChange(parts: FileParts, trash: TrashParts, change: FileChange): Promise<Undone> {
  const tally: Tally = { undone: [], failed: [] };
  const back = await takeBack(parts, trash, change, tally);
  return { ...tally, change: back };
}

async function takeBack(
  parts: FileParts,
  trash: TrashParts,
  change: FileChange,
  tally: Tally,
): Promise<FileChange | null> {
  switch (change.kind) {
    case 'made':
      return deletedOf(await removeEmpty(parts, change.folders, tally));
    case 'moved': {
      const moves: { id: number; from: string; to: string }[] = [];
      for (const { id, from, to } of change.moves.toReversed()) {
        await attempt(tally, to, async () => {
          const path = pathNow(parts, id, to);
          const moved = await moveBack(parts, { id: id as LocalId, from: from as RelPath, to: path });
          moves.push({ id, from: moved.from, to: moved.to });
          return moved.to;
        });
      }
      return moves.length === 0 ? null : { kind: 'moved', moves };
    }
    case 'deleted': {
      const items: RestoredItem[] = [];
      let whole = true;
      for (const item of change.items) {
        await attempt(tally, item.path, async () => {
          const back = await restore(parts, trash, item.trash);
          if (back.item === null) whole = false;
          else items.push(back.item);
          return back.path;
        });
      }
      return whole ? restoredOf(items) : null;
    }
    case 'restored': {
      const items: TrashItem[] = [];
      // What lay in a folder that came back, too, goes before it.
      for (const { id, path, content } of change.items.toReversed()) {
        await attempt(tally, path, async () => {
          const here = pathNow(parts, id, path);
          await takeUp(parts, [parentPath(here), ...foldersAt(parts, id)]);
          if (contentOf(parts, id) !== content) throw new Error('It was edited since.');
          return trashed(parts, id, here, items);
        });
      }
      return deletedOf(items);
    }
    case 'uploaded': {
      const items: TrashItem[] = [];
      for (const { id, path, contentHash } of change.files) {
        await attempt(tally, path, async () => {
          const here = pathNow(parts, id, path);
          if (parts.store.entries.get(id as LocalId)?.hash !== contentHash) throw new Error('It was edited since.');
          return trashed(parts, id, here, items);
        });
      }
      return deletedOf([...items, ...(await removeEmpty(parts, change.folders, tally))]);
    }
    case 'version-restored': {
      const { id, path, rev, trash: number } = change;
      let back: FileChange | null = null;
      await attempt(tally, path, async () => {
        if (rev !== null) {
          const restored = await restoreVersion(parts, id, rev);
          back = restored.change;
          return restored.path;
        }
        // It was never in Dropbox: it comes back beside the present one.
        if (number === null) throw new Error('The former content is kept nowhere.');
        const restored = await restore(parts, trash, number);
        if (restored.item !== null) back = restoredOf([restored.item]);
        return restored.path;
      });
      return back;
    }
    default:
      return assertNever(change);
  }
}

/** The last that went comes back first: a folder before what lay in it. */
function deletedOf(items: readonly TrashItem[]): FileChange | null {
  return items.length === 0 ? null : { kind: 'deleted', items: items.toReversed() };
}

function restoredOf(items: readonly RestoredItem[]): FileChange | null {
  return items.length === 0 ? null : { kind: 'restored', items };
}

/**
 * Out of the trash; `change` takes it back into it, and is null where not all of it is here yet, so that nobody can tell
 * later whether it is still the same. Throws as `restoreFromTrash`.
 */
export async function restoreKept(
  parts: FileParts,
  trash: TrashParts,
  number: number,
): Promise<Restored & { readonly change: FileChange | null }> {
  const restored = await restoreFromTrash(trash, number);
  const item = itemOf(parts, restored);
  return { ...restored, change: item === null ? null : restoredOf([item]) };
}

async function restore(
  parts: FileParts,
  trash: TrashParts,
  number: number,
): Promise<{ readonly path: RelPath; readonly item: RestoredItem | null }> {
  const restored = await restoreFromTrash(trash, number);
  return { path: restored.path, item: itemOf(parts, restored) };
}

function itemOf(parts: FileParts, { path, from, missing }: Restored): RestoredItem | null {
  const row = rowAt(parts, path);
  if (row === null || from === 'dropbox' || missing.length > 0) return null;
  const content = contentOf(parts, row.id);
  return content === null ? null : { id: row.id, path, content };
}

async function trashed(parts: FileParts, id: number, path: RelPath, items: TrashItem[]): Promise<RelPath> {
  for (const { trash } of await deleteEntries(parts, [id])) items.push({ trash, path });
  return path;
}

/** The folder itself and all below it; nothing for a file. */
function foldersAt({ store }: FileParts, id: number): RelPath[] {
  const top = store.entries.get(id as LocalId);
  if (top?.kind !== 'folder') return [];
  return [top, ...store.entries.below(top.id).filter(({ kind }) => kind === 'folder')].map((row) =>
    store.entries.pathOf(row.id),
  );
}

/** The same text for the same content, of a folder with all below it; null where some of it is not known yet. */
function contentOf({ store }: FileParts, id: number): string | null {
  const top = store.entries.get(id as LocalId);
  if (top === null) return null;
  const start = store.entries.pathOf(top.id).length;
  const lines: string[] = [];
  for (const row of [top, ...(top.kind === 'folder' ? store.entries.below(top.id) : [])]) {
    if (row.kind === 'file' && row.hash === null) return null;
    lines.push(`${store.entries.pathOf(row.id).slice(start)}\0${row.hash ?? ''}`);
  }
  return createHash('sha256').update(lines.toSorted().join('\n')).digest('base64url');
}

function rowAt({ store }: FileParts, path: RelPath): EntryRow | null {
  const id = store.entries.entryAt(path);
  return id === null ? null : store.entries.get(id);
}

/** Where an entry is, which must be where the operation put it. */
function pathNow({ store }: FileParts, id: number, path: string): RelPath {
  const row = store.entries.get(id as LocalId);
  if (row === null) throw new Error('It is no longer there.');
  const now = store.entries.pathOf(row.id);
  if (now !== path) throw new Error(`It is "${now}" now.`);
  return now;
}

/** From the bottom up; a folder that holds something stays. */
async function removeEmpty(
  parts: FileParts,
  folders: readonly { readonly id: number; readonly path: string }[],
  tally: Tally,
): Promise<readonly TrashItem[]> {
  const items: TrashItem[] = [];
  for (const { id, path } of folders.toReversed()) {
    await attempt(tally, path, async () => {
      const here = pathNow(parts, id, path);
      const isEmpty =
        parts.store.entries.children(id as LocalId).length === 0 && (await parts.disk.list(here)).length === 0;
      if (!isEmpty) throw new Error('It is not empty any more.');
      return trashed(parts, id, here, items);
    });
  }
  return items;
}

async function attempt(tally: Tally, path: string, work: () => Promise<RelPath>): Promise<void> {
  try {
    tally.undone.push(await work());
  } catch (error) {
    tally.failed.push({ path, reason: error instanceof Error ? error.message : String(error) });
  }
}
