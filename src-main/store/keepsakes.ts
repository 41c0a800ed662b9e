// What is written down about the past: log, trash and conflicts. Rows in, views for the application out.

import type { ClientId, ContentHash, EntryKind, LocalId, RelPath, RemoteId, Rev } from '../../src-shared/domain.ts';
import type { ConflictView, LogView } from '../../src-shared/views.ts';
import type { LogEntry } from '../engine/ports.ts';
import type { Db } from './database.ts';
import type { Entries } from './entries.ts';
import type { LogQuery, LogRows } from './log-rows.ts';

export interface TrashRow {
  readonly id: number;
  readonly trashKey: string | null;
  readonly client: string | null;
  readonly path: RelPath;
  readonly kind: EntryKind;
  readonly reason: 'overwritten' | 'deleted';
  readonly hash: ContentHash | null;
  readonly size: number;
  readonly remoteId: RemoteId | null;
  readonly rev: Rev | null;
  readonly contents: readonly TrashedEntry[] | null;
  /** Milliseconds since the epoch. */
  readonly removedAt: number;
}

/** One entry of a folder in the trash; `path` is below that folder. */
export interface TrashedEntry {
  readonly path: RelPath;
  readonly kind: EntryKind;
  readonly type: 'binary' | 'url' | null;
  readonly url: string | null;
  readonly hash: ContentHash | null;
  readonly size: number;
  readonly present: boolean;
  readonly remoteId: RemoteId | null;
  readonly rev: Rev | null;
}

/** Noted, and not known to be in the trash. */
export interface BegunTrash {
  readonly id: number;
  readonly trashKey: string | null;
  readonly client: ClientId | null;
  readonly path: RelPath;
  readonly reason: 'overwritten' | 'deleted';
}

/** What goes to the trash; the key tells its bytes from others. */
export interface TrashNote {
  readonly client: ClientId | null;
  /** Null where there were no bytes here. */
  readonly trashKey: string | null;
  readonly path: RelPath;
  readonly entryKind: EntryKind;
  readonly reason: 'overwritten' | 'deleted';
  readonly hash: ContentHash | null;
  readonly size: number;
  readonly remoteId: RemoteId | null;
  readonly rev: Rev | null;
  readonly contents: string | null;
}

interface ConflictRow {
  readonly id: number;
  readonly client: string;
  readonly path: RelPath;
  readonly copy_path: RelPath;
  readonly entry_id: LocalId | null;
  readonly copy_id: LocalId | null;
  readonly reason: string;
  readonly found_at: number;
}

export type Keepsakes = ReturnType<typeof createKeepsakes>;

export function createKeepsakes(db: Db, entries: Entries, logRows: LogRows, now: () => number) {
  const insertTrash = db.prepare(`
    INSERT INTO trash (trash_key, client_id, path, kind, reason, hash, size, remote_id, rev, contents, removed_at, begun)
    VALUES (@trashKey, @client, @path, @entryKind, @reason, @hash, @size, @remoteId, @rev, @contents, @now, @begun)`);
  const forgetBegun = db.prepare('DELETE FROM trash WHERE trash_key = ?');
  const begun = db.prepare<[], BegunTrash>(
    'SELECT id, trash_key AS trashKey, client_id AS client, path, reason FROM trash WHERE begun = 1',
  );
  const settle = db.prepare('UPDATE trash SET begun = 0 WHERE id = ?');
  const selectTrash = `
    SELECT trash.id, trash_key AS trashKey, clients.name AS client, path, kind, trash.reason, hash, size,
      remote_id AS remoteId, rev, contents, removed_at AS removedAt
    FROM trash LEFT JOIN clients ON clients.id = client_id`;
  const trashRows = db.prepare<[], TrashTableRow>(
    `${selectTrash} WHERE begun = 0 ORDER BY removed_at DESC, trash.id DESC`,
  );
  const trashRow = db.prepare<[number], TrashTableRow>(`${selectTrash} WHERE trash.id = ?`);
  const removeTrash = db.prepare('DELETE FROM trash WHERE id = ?');
  const insertConflict = db.prepare(`
    INSERT INTO conflicts (client_id, path, copy_path, entry_id, copy_id, reason, found_at)
    VALUES (@client, @path, @copyPath, @entryId, @copyId, @reason, @now)`);
  const known = db.prepare<[number, string], { id: number }>(
    'SELECT id FROM conflicts WHERE client_id = ? AND copy_path = ? AND resolved_at IS NULL LIMIT 1',
  );
  const refreshConflict = db.prepare(
    'UPDATE conflicts SET path = @path, entry_id = @entryId, copy_id = @copyId, reason = @reason WHERE id = @id',
  );
  const openConflicts = db.prepare<[], ConflictRow>(`
    SELECT conflicts.*, clients.name AS client FROM conflicts JOIN clients ON clients.id = client_id
    WHERE resolved_at IS NULL ORDER BY found_at, conflicts.id`);
  const resolve = db.prepare('UPDATE conflicts SET resolved_at = ? WHERE id = ?');
  const settledConflict = db.prepare<[number], { path: RelPath; copy: RelPath; entryId: LocalId | null }>(
    'SELECT path, copy_path AS copy, entry_id AS entryId FROM conflicts WHERE id = ? AND resolved_at IS NOT NULL',
  );
  const reopen = db.prepare('UPDATE conflicts SET resolved_at = NULL, copy_path = ?, copy_id = ? WHERE id = ?');

  function insert(row: TrashNote, isBegun: 0 | 1): number {
    const { client, trashKey, path, entryKind, reason, hash, size, remoteId, rev, contents } = row;
    if (trashKey !== null) forgetBegun.run(trashKey);
    const columns = { client, trashKey, path, entryKind, reason, hash, size, remoteId, rev, contents };
    return Number(insertTrash.run({ ...columns, now: now(), begun: isBegun }).lastInsertRowid);
  }

  return {
    log: (entry: LogEntry): void => void logRows.add(entry),
    /** Oldest first. */
    logRows: (query: LogQuery = {}): LogView[] => logRows.newest(query),

    /** Before the bytes move: what a crash leaves in the trash is then known by this row. */
    beginTrash: (row: TrashNote): void => void insert(row, 1),
    /** The bytes are in the trash (or there were none here); ends what was begun under the same key. Answers its number. */
    addTrash: (row: TrashNote): number => insert(row, 0),
    begunTrash: (): BegunTrash[] => begun.all(),
    settleTrash: (id: number): void => void settle.run(id),
    trashRows: (): TrashRow[] => trashRows.all().map(toTrashRow),
    trashRow: (id: number): TrashRow | null => {
      const row = trashRow.get(id);
      return row === undefined ? null : toTrashRow(row);
    },
    removeTrash: (id: number): void => void removeTrash.run(id),

    addConflict(
      client: ClientId,
      conflict: { readonly path: RelPath; readonly copyPath: RelPath; readonly reason: string },
    ): void {
      const { path, copyPath, reason } = conflict;
      const ids = { entryId: entries.entryAt(path), copyId: entries.entryAt(copyPath) };
      const noted = known.get(client, copyPath);
      // The first operation that made it stand has noted it; a later one knows both versions.
      if (noted === undefined) insertConflict.run({ client, path, copyPath, reason, ...ids, now: now() });
      else refreshConflict.run({ id: noted.id, path, reason, ...ids });
    },
    /** Conflicts that stand: neither settled by a person nor ended by the removal of the copy. */
    openConflicts(): (ConflictView & { readonly entryId: LocalId | null; readonly copyId: LocalId | null })[] {
      return openConflicts.all().flatMap((row) => {
        const copyId =
          row.copy_id !== null && entries.get(row.copy_id) !== null ? row.copy_id : entries.entryAt(row.copy_path);
        if (copyId === null) return [];
        const entryId =
          row.entry_id !== null && entries.get(row.entry_id) !== null ? row.entry_id : entries.entryAt(row.path);
        return [
          {
            id: row.id,
            client: row.client,
            path: entryId === null ? row.path : entries.pathOf(entryId),
            copy: entries.pathOf(copyId),
            foundAt: iso(row.found_at),
            reason: row.reason,
            entryId,
            copyId,
          },
        ];
      });
    },
    resolveConflict: (id: number): void => void resolve.run(now(), id),
    /** Where both versions of a settled conflict lay; the document may have another name meanwhile. */
    settledConflict(id: number): { readonly path: RelPath; readonly copy: RelPath } | null {
      const row = settledConflict.get(id);
      if (row === undefined) return null;
      const { path, copy, entryId } = row;
      return { copy, path: entryId !== null && entries.get(entryId) !== null ? entries.pathOf(entryId) : path };
    },
    reopenConflict: (id: number, copy: RelPath): void => void reopen.run(copy, entries.entryAt(copy), id),
  };
}

type TrashTableRow = Omit<TrashRow, 'contents'> & { readonly contents: string | null };

function toTrashRow(row: TrashTableRow): TrashRow {
  // Written by this program alone, by effects.ts.
  return { ...row, contents: row.contents === null ? null : (JSON.parse(row.contents) as TrashedEntry[]) };
}

export function iso(time: number): string {
  return new Date(time).toISOString();
}
