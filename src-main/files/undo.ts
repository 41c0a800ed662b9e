// Taking back what was done by hand: each operation says what it changed (FileChange), and this does the opposite as far
// as nobody else has changed it since. What cannot be taken back is told; the rest is. Called by the application service
// under the pass lock.

import { assertNever, type LocalId, type RelPath } from '../../src-shared/domain.ts';
import type { FileChange } from '../../src-shared/files-views.ts';
import type { EntryRow } from '../store/entries.ts';
import { restoreFromTrash, type TrashParts } from '../keeping/trash.ts';
import type { FileParts } from './parts.ts';
import { moveBack } from './relocate.ts';
import { deleteEntries } from './remove.ts';
import { restoreVersion } from './versions.ts';

export interface Undone {
  readonly undone: readonly RelPath[];
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
  /** Takes the undoing back; null where that is done by other means. */
  readonly change: FileChange | null;
}

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
      await removeEmpty(parts, change.folders, tally);
      return null;
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
      const files: { id: number; path: string; contentHash: string }[] = [];
      let onlyFiles = true;
      for (const item of change.items) {
        await attempt(tally, item.path, async () => {
          const { path } = await restoreFromTrash(trash, item.trash);
          const row = rowAt(parts, path);
          if (row?.kind === 'file' && row.hash !== null) files.push({ id: row.id, path, contentHash: row.hash });
          else onlyFiles = false;
          return path;
        });
      }
      // What came back is deleted again as what was added is. A folder may hold other things by then: it is asked for anew.
      return onlyFiles && files.length > 0 ? { kind: 'uploaded', folders: [], files } : null;
    }
    case 'uploaded': {
      const items: { trash: number; path: string }[] = [];
      for (const { id, path, contentHash } of change.files) {
        await attempt(tally, path, async () => {
          const here = pathNow(parts, id, path);
          if (parts.store.entries.get(id as LocalId)?.hash !== contentHash) throw new Error('It was edited since.');
          for (const { trash: number } of await deleteEntries(parts, [id])) items.push({ trash: number, path: here });
          return here;
        });
      }
      await removeEmpty(parts, change.folders, tally);
      return items.length === 0 ? null : { kind: 'deleted', items };
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
        return (await restoreFromTrash(trash, number)).path;
      });
      return back;
    }
    default:
      return assertNever(change);
  }
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
): Promise<void> {
  for (const { id, path } of folders.toReversed()) {
    await attempt(tally, path, async () => {
      const here = pathNow(parts, id, path);
      const isEmpty =
        parts.store.entries.children(id as LocalId).length === 0 && (await parts.disk.list(here)).length === 0;
      if (!isEmpty) throw new Error('It is not empty any more.');
      await deleteEntries(parts, [id]);
      return here;
    });
  }
}

async function attempt(tally: Tally, path: string, work: () => Promise<RelPath>): Promise<void> {
  try {
    tally.undone.push(await work());
  } catch (error) {
    tally.failed.push({ path, reason: error instanceof Error ? error.message : String(error) });
  }
}
