// Rows of folders and attachments: reading, placing, moving, removing. One table, one row an entry.
// In: ids, names, stamps; out: rows. Used by every other part of the store; knows no client but by id and no disk.

import type {
  AttachmentType,
  ClientId,
  ContentHash,
  EntryKind,
  FolderRole,
  LocalId,
  RelPath,
} from '../../src-shared/domain.ts';
import { nameKey } from '../../src-shared/names.ts';
import { Fault, type DiskStamp } from '../engine/ports.ts';
import type { LocalEntry } from '../sync/model.ts';
import type { Db } from './database.ts';

export interface EntryRow {
  readonly id: LocalId;
  readonly parent_id: LocalId | null;
  readonly kind: EntryKind;
  readonly role: FolderRole | null;
  readonly name: string;
  readonly key: string;
  /** Explicit assignment; inherited from the nearest folder above where null. */
  readonly client_id: ClientId | null;
  readonly rule_id: number | null;
  readonly record_id: number | null;
  readonly type: AttachmentType | null;
  readonly url: string | null;
  readonly hash: ContentHash | null;
  readonly size: number;
  readonly present: 0 | 1;
  readonly frozen: 0 | 1;
  readonly stamp_size: number | null;
  readonly stamp_modified: number | null;
  readonly file_id: string | null;
  readonly version: string | null;
  readonly modified: number;
  readonly changed_at: number;
  readonly created_at: number;
  /** When it was last opened through Docktide; 0 never. */
  readonly used_at: number;
}

export interface NewEntry {
  readonly parentId: LocalId | null;
  readonly kind: EntryKind;
  readonly name: string;
  /** Folders only; `manual` unless told. */
  readonly role?: FolderRole;
  readonly clientId?: ClientId | null;
  readonly ruleId?: number | null;
  readonly recordId?: number | null;
  readonly hash?: ContentHash | null;
  readonly size?: number;
  readonly present?: boolean;
  readonly stamp: DiskStamp | null;
  readonly modified?: number;
}

export interface Content {
  /** Null for a document that exists only in the cloud. */
  readonly hash: ContentHash | null;
  readonly size: number;
  /** Null where the bytes are not here. */
  readonly stamp: DiskStamp | null;
  readonly modified: number;
}

export type Entries = ReturnType<typeof createEntries>;

const OWNED = `
  WITH RECURSIVE owned (id) AS (
    SELECT id FROM entries WHERE client_id = ?
    UNION ALL
    SELECT below.id FROM owned CROSS JOIN entries below ON below.parent_id = owned.id WHERE below.client_id IS NULL
  )`;

export function createEntries(db: Db, now: () => number) {
  const select = {
    byId: db.prepare<[number], EntryRow>('SELECT * FROM entries WHERE id = ?'),
    byPlace: db.prepare<[number, string], EntryRow>(
      'SELECT * FROM entries WHERE ifnull(parent_id, 0) = ? AND name = ?',
    ),
    step: db.prepare<[number, string], { id: LocalId }>(
      'SELECT id FROM entries WHERE ifnull(parent_id, 0) = ? AND name = ?',
    ),
    children: db.prepare<[number], EntryRow>('SELECT * FROM entries WHERE ifnull(parent_id, 0) = ? + 0 ORDER BY name'),
    byKey: db.prepare<[number | null, string], EntryRow>('SELECT * FROM entries WHERE parent_id IS ? AND key = ?'),
    up: db.prepare<
      [number],
      {
        parent_id: LocalId | null;
        name: string;
        client_id: ClientId | null;
        record_id: number | null;
        role: FolderRole | null;
      }
    >('SELECT parent_id, name, client_id, record_id, role FROM entries WHERE id = ?'),
    byFileId: db.prepare<[string, string], EntryRow>(
      `SELECT * FROM entries WHERE file_id = ? || '' AND kind = ? || '' ORDER BY id`,
    ),
    below: db.prepare<[number, number], EntryRow>(`
      WITH RECURSIVE below (id) AS (
        SELECT id FROM entries WHERE parent_id = ?
        UNION ALL
        SELECT child.id FROM below CROSS JOIN entries child ON child.parent_id = below.id
      ) SELECT entries.* FROM below CROSS JOIN entries USING (id) LIMIT ? + 0`),
    owned: db.prepare<[number], EntryRow>(`${OWNED} SELECT entries.* FROM owned CROSS JOIN entries USING (id)`),
    withHash: db.prepare<[string], { id: LocalId }>(
      `SELECT id FROM entries WHERE hash = ? AND kind = 'file' AND present = 1 AND frozen = 0 LIMIT 1`,
    ),
  };
  const write = {
    insert: db.prepare(`
      INSERT INTO entries (parent_id, kind, role, name, key, client_id, rule_id, record_id, type, hash, size, present,
        stamp_size, stamp_modified, file_id, version, modified, changed_at, created_at)
      VALUES (@parentId, @kind, @role, @name, @key, @clientId, @ruleId, @recordId, @type, @hash, @size, @present,
        @stampSize, @stampModified, @fileId, @version, @modified, @now, @now)`),
    content: db.prepare(`
      UPDATE entries SET hash = @hash, size = @size, present = @present, frozen = 0, stamp_size = @stampSize,
        stamp_modified = @stampModified, file_id = @fileId, version = @version, modified = @modified,
        changed_at = CASE WHEN hash IS @hash THEN changed_at ELSE @now END
      WHERE id = @id`),
    stamp: db.prepare(`
      UPDATE entries SET stamp_size = @stampSize, stamp_modified = @stampModified, file_id = @fileId, version = @version
      WHERE id = @id`),
    place: db.prepare('UPDATE entries SET parent_id = ?, name = ?, key = ? WHERE id = ?'),
    assign: db.prepare('UPDATE entries SET client_id = @client WHERE id = @id AND client_id IS NOT @client'),
    // What lies in a folder comes to a client with it, or leaves it, without a change of its own row.
    assigned: db.prepare(`
      INSERT INTO local_changes (entry_id) SELECT 0 WHERE EXISTS (SELECT 1 FROM entries WHERE parent_id = ?)`),
    linked: db.prepare(`UPDATE entries SET type = 'url', url = ? WHERE id = ? AND kind = 'file'`),
    binary: db.prepare(`UPDATE entries SET type = 'binary', url = NULL WHERE id = ? AND kind = 'file' AND present = 1`),
    frozen: db.prepare('UPDATE entries SET frozen = ? WHERE id = ?'),
    present: db.prepare('UPDATE entries SET present = ? WHERE id = ?'),
    role: db.prepare('UPDATE entries SET role = ?, rule_id = ?, record_id = ? WHERE id = ?'),
    remove: db.prepare('DELETE FROM entries WHERE id = ?'),
  };

  const get = (id: LocalId): EntryRow | null => select.byId.get(id) ?? null;
  const at = (parentId: LocalId | null, name: string): EntryRow | null =>
    select.byPlace.get(parentId ?? 0, name) ?? null;

  /** The first value above (or at) an entry that `pick` answers. */
  function nearest<T>(
    id: LocalId | null,
    pick: (row: NonNullable<ReturnType<typeof select.up.get>>) => T | null,
  ): T | null {
    for (let row = id === null ? undefined : select.up.get(id); row !== undefined;) {
      const found = pick(row);
      if (found !== null) return found;
      row = row.parent_id === null ? undefined : select.up.get(row.parent_id);
    }
    return null;
  }

  const clientOf = (id: LocalId | null): ClientId | null => nearest(id, (row) => row.client_id);

  function place(id: LocalId, parentId: LocalId | null, name: string): void {
    const there = select.step.get(parentId ?? 0, name);
    if (there !== undefined && there.id !== id) {
      throw new Fault(
        'place-taken',
        `"${name}" is taken by another entry of the document store. The next pass looks again.`,
      );
    }
    write.place.run(parentId, name, nameKey(name), id);
  }

  return {
    get,
    at,
    clientOf,
    place,
    children: (parentId: LocalId | null): EntryRow[] => select.children.all(parentId ?? 0),
    /** Entries of a folder that Dropbox takes for one name. */
    byKey: (parentId: LocalId | null, key: string): EntryRow[] => select.byKey.all(parentId, key),
    byFileId: (fileId: string, kind: EntryKind): EntryRow[] => select.byFileId.all(fileId, kind),
    /** Everything below an entry, in no order; so many at most. */
    below: (id: LocalId, limit = -1): EntryRow[] => select.below.all(id, limit),
    /** Entries of a client (SyncStore.localTree). */
    owned: (client: ClientId): EntryRow[] => select.owned.all(client),
    withHash: (hash: ContentHash): LocalId | null => select.withHash.get(hash)?.id ?? null,

    pathOf(id: LocalId | null): RelPath {
      const names: string[] = [];
      nearest(id, (row) => {
        names.push(row.name);
        return null;
      });
      return names.reverse().join('/') as RelPath;
    },

    entryAt(path: RelPath): LocalId | null {
      if (path === '') return null;
      let id: LocalId | null = null;
      for (const name of path.split('/')) {
        const found = select.step.get(id ?? 0, name);
        if (found === undefined) return null;
        id = found.id;
      }
      return id;
    },

    /** The record of the nearest record folder at or above an entry. */
    recordOf: (id: LocalId | null): number | null =>
      nearest(id, (row) => (row.role === 'record' ? row.record_id : null)),

    insert(entry: NewEntry): LocalId {
      const result = write.insert.run({
        parentId: entry.parentId,
        kind: entry.kind,
        role: entry.kind === 'folder' ? (entry.role ?? 'manual') : null,
        name: entry.name,
        key: nameKey(entry.name),
        clientId: entry.clientId ?? null,
        ruleId: entry.ruleId ?? null,
        recordId: entry.recordId ?? null,
        type: entry.kind === 'file' ? 'binary' : null,
        hash: entry.hash ?? null,
        size: entry.size ?? 0,
        present: (entry.present ?? true) ? 1 : 0,
        ...stampColumns(entry.stamp),
        modified: entry.modified ?? entry.stamp?.modified ?? 0,
        now: now(),
      });
      return Number(result.lastInsertRowid) as LocalId;
    },

    setContent(id: LocalId, content: Content): void {
      write.content.run({
        id,
        hash: content.hash,
        size: content.size,
        present: content.stamp === null ? 0 : 1,
        ...stampColumns(content.stamp),
        modified: content.modified,
        now: now(),
      });
    },
    setStamp: (id: LocalId, stamp: DiskStamp): void => void write.stamp.run({ id, ...stampColumns(stamp) }),
    setFrozen: (id: LocalId, frozen: boolean): void => void write.frozen.run(frozen ? 1 : 0, id),
    setPresent: (id: LocalId, present: boolean): void => void write.present.run(present ? 1 : 0, id),
    setRole: (id: LocalId, role: FolderRole, ruleId: number | null, recordId: number | null): void =>
      void write.role.run(role, ruleId, recordId, id),
    assign(id: LocalId, client: ClientId | null): void {
      if (write.assign.run({ id, client }).changes > 0) write.assigned.run(id);
    },
    /** Its bytes are here and nowhere else that the store knows of. */
    setBinary: (id: LocalId): void => void write.binary.run(id),
    setLinked: (id: LocalId, url: string): void => void write.linked.run(url, id),
    /** With everything below. */
    remove: (id: LocalId): boolean => write.remove.run(id).changes > 0,
  };
}

function stampColumns(stamp: DiskStamp | null) {
  return {
    stampSize: stamp?.size ?? null,
    stampModified: stamp?.modified ?? null,
    fileId: stamp?.fileId ?? null,
    version: stamp?.version ?? null,
  };
}

export function stampOfRow(row: EntryRow): DiskStamp | null {
  if (row.version === null || row.file_id === null) return null;
  return { size: row.stamp_size ?? 0, modified: row.stamp_modified ?? 0, fileId: row.file_id, version: row.version };
}

export function toLocalEntry(row: EntryRow): LocalEntry {
  return {
    id: row.id,
    parentId: row.parent_id,
    kind: row.kind,
    name: row.name,
    // A record's folder that no rule asks for is its people's, not the ERP's.
    role: row.role === 'record' && row.rule_id === null ? 'manual' : row.role,
    hash: row.hash,
    size: row.size,
    present: row.present === 1,
    frozen: row.frozen === 1,
    modified: row.modified,
  };
}
