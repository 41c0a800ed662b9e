// The merge base as rows: what both sides agreed about last. Called by sync-store.ts and effects.ts inside transactions.

import type { ClientId, ContentHash, EntryKind, LocalId, RemoteId, Rev, SyncedId } from '../../src-shared/domain.ts';
import type { SyncedEntry } from '../sync/model.ts';
import type { Db } from './database.ts';

interface SyncedRow {
  readonly id: SyncedId;
  readonly parent_id: SyncedId | null;
  readonly kind: EntryKind;
  readonly local_id: LocalId;
  readonly remote_id: RemoteId;
  readonly local_name: string;
  readonly remote_name: string;
  readonly rev: Rev | null;
  readonly hash: ContentHash | null;
  readonly size: number;
  readonly unproven: 0 | 1;
  readonly moved_back: number;
  readonly moved_back_at: number;
}

/** Moves back within this time, in milliseconds, are one quarrel. */
const QUARREL = 24 * 60 * 60_000;

export type SyncedRows = ReturnType<typeof createSyncedRows>;

export function createSyncedRows(db: Db, now: () => number) {
  const all = db.prepare<[number], SyncedRow>('SELECT * FROM synced WHERE client_id = ? + 0 ORDER BY id');
  const byLocal = db.prepare<[number, number], SyncedRow>('SELECT * FROM synced WHERE client_id = ? AND local_id = ?');
  const byRemote = db.prepare<[number, string], SyncedRow>(
    'SELECT * FROM synced WHERE client_id = ? AND remote_id = ?',
  );
  const byId = db.prepare<[number], SyncedRow>('SELECT * FROM synced WHERE id = ?');
  const below = db.prepare<[number, number], SyncedRow>(`
    WITH RECURSIVE below (id) AS (
      SELECT id FROM synced WHERE parent_id = ?
      UNION ALL
      SELECT child.id FROM below CROSS JOIN synced child ON child.parent_id = below.id
    ) SELECT synced.* FROM below CROSS JOIN synced USING (id) LIMIT ? + 0`);
  const lostFolders = db.prepare<[number], SyncedRow>(`
    SELECT * FROM synced INDEXED BY synced_audit WHERE client_id = ? + 0 AND kind = 'folder' AND NOT EXISTS (
      SELECT 1 FROM remote WHERE remote.client_id = synced.client_id AND remote.id = synced.remote_id)`);
  const folders = db.prepare<[number], SyncedRow>(
    `SELECT * FROM synced INDEXED BY synced_audit WHERE client_id = ? + 0 AND kind = 'folder'`,
  );
  const countFolders = db.prepare<[number, number], { folders: number }>(`
    SELECT count(*) AS folders FROM (
      SELECT 1 FROM synced INDEXED BY synced_audit WHERE client_id = ? + 0 AND kind = 'folder' LIMIT ? + 0)`);
  const count = db.prepare<[number], { entries: number }>('SELECT count(*) AS entries FROM synced WHERE client_id = ?');
  const remove = db.prepare<[number, number]>('DELETE FROM synced WHERE client_id = ? AND id = ?');
  const adoptChildren = db.prepare('UPDATE synced SET parent_id = ? WHERE parent_id = ?');
  const columns = `parent_id = @parentId, kind = @kind, local_id = @localId, remote_id = @remoteId,
    local_name = @localName, remote_name = @remoteName, rev = @rev, hash = @hash, size = @size, unproven = 0,
    moved_back = iif(remote_id = @remoteId, moved_back, 0)`;
  const update = db.prepare(`UPDATE synced SET ${columns} WHERE id = @id`);
  const insert = db.prepare(`
    INSERT INTO synced (client_id, parent_id, kind, local_id, remote_id, local_name, remote_name, rev, hash, size)
    VALUES (@client, @parentId, @kind, @localId, @remoteId, @localName, @remoteName, @rev, @hash, @size)`);

  const movedBack = db.prepare(`
    UPDATE synced SET moved_back = iif(moved_back_at > @now - ${QUARREL}, moved_back, 0) + 1, moved_back_at = @now
    WHERE client_id = @client AND remote_id = @remoteId`);
  const prove = db.prepare<[number]>(`
    UPDATE synced SET unproven = 0 WHERE client_id = ? AND unproven = 1
      AND EXISTS (SELECT 1 FROM entries WHERE entries.id = local_id AND (synced.kind = 'folder' OR entries.hash = synced.hash))
      AND EXISTS (SELECT 1 FROM remote
        WHERE remote.client_id = synced.client_id AND remote.id = remote_id AND remote.rev IS synced.rev)`);

  const doubt = db.prepare('UPDATE synced SET unproven = 1 WHERE client_id = ? AND local_id = ?');

  const entryOf = (row: SyncedRow): SyncedEntry => toSyncedEntry(row, now());
  const optional = (row: SyncedRow | undefined): SyncedEntry | null => (row === undefined ? null : entryOf(row));

  return {
    /** What both sides have as it was agreed upon is agreed upon again. */
    prove: (client: ClientId): void => void prove.run(client),
    doubt: (client: ClientId, id: LocalId): void => void doubt.run(client, id),
    /** A folder of the ERP was moved back to its place in Dropbox. */
    movedBack: (client: ClientId, remoteId: RemoteId): void => void movedBack.run({ client, remoteId, now: now() }),
    tree: (client: ClientId): SyncedEntry[] => all.all(client).map(entryOf),
    /** Folders; `lost`: only those that Dropbox no longer has. */
    folders: (client: ClientId, which: 'all' | 'lost'): SyncedEntry[] =>
      (which === 'lost' ? lostFolders : folders).all(client).map(entryOf),
    /** Counted no further than `atMost`. */
    countFolders: (client: ClientId, atMost: number): number => countFolders.get(client, atMost)?.folders ?? 0,
    ofLocal: (client: ClientId, id: LocalId): SyncedEntry | null => optional(byLocal.get(client, id)),
    ofRemote: (client: ClientId, id: RemoteId): SyncedEntry | null => optional(byRemote.get(client, id)),
    get: (id: SyncedId): SyncedEntry | null => optional(byId.get(id)),
    /** Everything below an entry, in no order; so many at most. */
    below: (id: SyncedId, limit: number): SyncedEntry[] => below.all(id, limit).map(entryOf),
    count: (client: ClientId): number => count.get(client)?.entries ?? 0,
    /** With everything below. */
    remove: (client: ClientId, id: SyncedId): void => void remove.run(client, id),

    /** Alone: what lies below it stays, as what both sides still agree about. */
    forget(client: ClientId, id: SyncedId): void {
      adoptChildren.run(null, id);
      remove.run(client, id);
    },

    /**
     * Its parent is the synced entry of `localParentId`; none where that folder is not agreed upon (or the top).
     * An entry that either side was paired with before gives way, and what lay below it stays below the new pair.
     */
    put(
      client: ClientId,
      entry: Omit<SyncedEntry, 'id' | 'parentId'> & { readonly localParentId: LocalId | null },
    ): void {
      const { localParentId, ...columnsOf } = entry;
      const parentId = localParentId === null ? null : (byLocal.get(client, localParentId)?.id ?? null);
      const known = byLocal.get(client, entry.localId);
      const rival = byRemote.get(client, entry.remoteId);
      const kept = known ?? rival;
      if (kept === undefined) {
        insert.run({ client, parentId, ...columnsOf });
        return;
      }
      if (rival !== undefined && rival.id !== kept.id) {
        adoptChildren.run(kept.id, rival.id);
        remove.run(client, rival.id);
      }
      update.run({ id: kept.id, parentId: parentId === kept.id ? null : parentId, ...columnsOf });
    },
  };
}

function toSyncedEntry(row: SyncedRow, now: number): SyncedEntry {
  return {
    id: row.id,
    parentId: row.parent_id,
    kind: row.kind,
    localId: row.local_id,
    remoteId: row.remote_id,
    localName: row.local_name,
    remoteName: row.remote_name,
    rev: row.rev,
    hash: row.hash,
    size: row.size,
    ...(row.unproven === 1 ? { unproven: true } : {}),
    ...(row.moved_back > 0 && row.moved_back_at > now - QUARREL ? { movedBack: row.moved_back } : {}),
  };
}
