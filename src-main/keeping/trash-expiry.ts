// The end of the trash's 30 days (SYNC.md, guards 5 and 6): bytes go only where Dropbox, asked now, still has the same
// content among the versions of the document; all else stays. Called once a day by app/passes.ts.

import type { CloudStore } from '../engine/ports.ts';
import type { StoreDisk } from '../store/disk/store-disk.ts';
import type { TrashedEntry, TrashRow } from '../store/keepsakes.ts';
import type { DocumentStore } from '../store/open-store.ts';

export const TRASH_DAYS = 30;
const DAY = 24 * 60 * 60_000;
/** Documents that are asked for in one day: the others have their turn on the next ones. */
const ASKED_A_DAY = 500;

export interface ExpiryParts {
  readonly store: DocumentStore;
  readonly disk: StoreDisk;
  /** May throw: what cannot be asked is not known to be safe. */
  readonly cloudOf: (clientName: string) => CloudStore;
  readonly now: () => number;
}

/** Answers how many rows were removed. */
export async function emptyOldTrash({ store, disk, cloudOf, now }: ExpiryParts): Promise<number> {
  const time = now();
  const old = store.keepsakes.trashRows().filter((row) => row.removedAt < time - TRASH_DAYS * DAY);
  // What is never safe must not keep the others from their turn.
  const first = old.length === 0 ? 0 : (Math.floor(time / DAY) * ASKED_A_DAY) % old.length;
  let asked = 0;
  let removed = 0;
  for (const row of [...old.slice(first), ...old.slice(0, first)]) {
    const files = row.trashKey === null ? [] : filesOf(row);
    if (files.length > 0) {
      if (asked >= ASKED_A_DAY) continue;
      asked += files.length;
      if (!(await areSafe(cloudOf, row.client, files))) continue;
    }
    if (row.trashKey !== null) await disk.purge(row.trashKey);
    store.keepsakes.removeTrash(row.id);
    removed++;
  }
  return removed;
}

type Kept = Pick<TrashedEntry, 'hash' | 'remoteId'>;

/** Those whose bytes are in the trash; an empty document has none. */
function filesOf(row: TrashRow): readonly Kept[] {
  if (row.kind === 'file') return row.size === 0 ? [] : [row];
  return (row.contents ?? []).filter(({ kind, present, size }) => kind === 'file' && present && size > 0);
}

async function areSafe(
  cloudOf: ExpiryParts['cloudOf'],
  client: string | null,
  files: readonly Kept[],
): Promise<boolean> {
  if (client === null) return false;
  try {
    const cloud = cloudOf(client);
    for (const { hash, remoteId } of files) {
      if (hash === null || remoteId === null) return false;
      const versions = await cloud.versions(remoteId);
      if (!versions.some((version) => version.hash === hash)) return false;
    }
    return true;
  } catch {
    // No answer, or none about this document any more: tomorrow it is asked again.
    return false;
  }
}
