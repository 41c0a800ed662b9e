// What a program that died in the middle of an effect left behind, put right before the next look at the folder: bytes on
// their way to the trash, files with two names, unfinished downloads. In: store and disk; out: rows and disk that agree.
// Called by observer.ts, while no effect runs.

import { ROOT, baseName, joinPath, parentPath, type LocalId, type RelPath } from '../../../src-shared/domain.ts';
import { asideName } from '../../sync/aside.ts';
import type { Operation } from '../../sync/model.ts';
import { tempName, type StoreDisk } from '../disk/store-disk.ts';
import type { DocumentStore } from '../open-store.ts';

/**
 * What was begun and not written down: in the trash, or still at its place. What sync itself took away is no deletion by
 * a person, which would be carried to Dropbox.
 */
export async function settleTrash(store: DocumentStore, disk: StoreDisk): Promise<void> {
  const { keepsakes, entries, sync } = store;
  for (const begun of keepsakes.begunTrash()) {
    if (begun.trashKey === null || !(await disk.keeps(begun.trashKey))) {
      keepsakes.removeTrash(begun.id);
      continue;
    }
    if (begun.reason === 'overwritten' && (await isBetween(store, disk, begun.path))) {
      await disk.restore(begun.trashKey, ROOT, begun.path);
      keepsakes.removeTrash(begun.id);
      continue;
    }
    const localId = begun.reason === 'deleted' ? takenBySync(begun.trashKey) : null;
    const row = localId === null ? null : entries.get(localId);
    const isGone = row !== null && (await disk.stat(entries.pathOf(row.id))) === null;
    sync.batch(() => {
      keepsakes.settleTrash(begun.id);
      if (row === null || !isGone) return;
      if (begun.client !== null) sync.record(begun.client, [{ kind: 'synced.removeByLocal', localId: row.id }]);
      entries.remove(row.id);
    });
  }
}

/** What was to take the place of a document has not come there yet: nobody has deleted the document. */
async function isBetween({ entries }: DocumentStore, disk: StoreDisk, path: RelPath): Promise<boolean> {
  if (entries.entryAt(path) === null || (await disk.stat(path)) !== null) return false;
  return path === baseName(path) || (await disk.stat(parentPath(path)))?.kind === 'folder';
}

/** Of `trashKey` in engine/lane.ts; null for what the ERP or a person let go, which goes in Dropbox too. */
function takenBySync(trashKey: string): LocalId | null {
  if (/^(record|erp|conflict|deleted)-/.test(trashKey)) return null;
  const id = /^[0-9a-z]+-(\d+)-[0-9a-z]+$/.exec(trashKey)?.[1];
  return id === undefined ? null : (Number(id) as LocalId);
}

/**
 * Once in the life of a program: bytes in the trash that no row tells of (a power cut took the row) get one, and rows
 * whose bytes are gone (restored, and the program died) go, unless Dropbox has their version.
 */
export async function reconcileTrash({ keepsakes, sync }: DocumentStore, disk: StoreDisk): Promise<void> {
  const kept = new Map((await disk.trashed()).map((entry) => [entry.trashKey, entry]));
  for (const row of keepsakes.trashRows()) {
    if (row.trashKey === null || kept.delete(disk.keyInTrash(row.trashKey))) continue;
    keepsakes.removeTrash(row.id);
    if (row.rev === null) continue;
    const client = sync.clients().find(({ name }) => name === row.client)?.id ?? null;
    keepsakes.addTrash({ ...row, client, entryKind: row.kind, trashKey: null, contents: JSON.stringify(row.contents) });
  }
  for (const { trashKey, kind, size } of kept.values()) {
    const path = `Found again/${trashKey}` as RelPath;
    const unknown = { client: null, hash: null, remoteId: null, rev: null, contents: null };
    keepsakes.addTrash({ ...unknown, trashKey, path, entryKind: kind, reason: 'deleted', size });
  }
}

/** A file is moved by way of a second name; where the first one still stands, the move has not taken place. */
export async function settleMoves({ db, entries }: DocumentStore, disk: StoreDisk): Promise<void> {
  const running = db
    .prepare<[], { operation: string }>(
      `SELECT operation FROM queue WHERE live = 1 AND state = 'running' AND kind = 'local.move' AND operation IS NOT NULL`,
    )
    .all();
  for (const { operation } of running) {
    // Written by this program alone, by queue-rows.ts.
    const move = JSON.parse(operation) as Extract<Operation, { kind: 'local.move' }>;
    const from = entries.get(move.localId) === null ? null : entries.pathOf(move.localId);
    if (from === null) continue;
    const to = move.aside ? joinPath(parentPath(from), asideName(baseName(from), String(move.localId))) : move.path;
    if (from !== to) await disk.dropTwin(to, from);
  }
}

function placing(db: DocumentStore['db']): readonly { readonly path: RelPath; readonly rev: string }[] {
  return db
    .prepare<[], { path: RelPath; rev: string }>(
      `SELECT operation ->> 'path' AS path, operation ->> 'rev' AS rev FROM queue
       WHERE live = 1 AND state = 'running' AND kind = 'local.download' AND operation ->> 'rev' IS NOT NULL`,
    )
    .all();
}

/** What an interrupted download left behind, unless it is still to be resumed. */
export async function sweepTemps({ db }: DocumentStore, disk: StoreDisk): Promise<void> {
  // One that has its place already was about to lose its temporary name.
  for (const { path, rev } of placing(db)) await disk.dropTwin(joinPath(parentPath(path), tempName(rev)), path);
  const downloads = db
    .prepare<[], { rev: string | null }>(
      `SELECT operation ->> 'rev' AS rev FROM queue WHERE live = 1 AND kind = 'local.download'`,
    )
    .all();
  await disk.sweepTemps(downloads.flatMap(({ rev }) => rev ?? []));
}
