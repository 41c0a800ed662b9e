// What Dropbox has below a client's root, kept as rows: pages of the change feed go in, the remote tree comes out.
// Rules of DROPBOX.md, Changes: entries are applied in order; a file drops what was below its path, a folder keeps it;
// a deletion takes the subtree along, an unknown one is ignored; a move is a deletion and a put in any order.
// Called by sync-store.ts, always inside a transaction.

import type { ClientId, ContentHash, Cursor, EntryKind, RelPath, RemoteId, Rev } from '../../src-shared/domain.ts';
import type { FeedState, SyncStore } from '../engine/ports.ts';
import type { RemoteEntry } from '../sync/model.ts';
import type { Db } from './database.ts';
import { createOwnMoves, isWithin, noteDeletion, notePut, type OwnMove } from './own-moves.ts';
import type { ReservedFolders } from './reserved-folders.ts';

interface RemoteRow {
  readonly id: RemoteId;
  readonly path_lower: RelPath;
  readonly name: string;
  readonly kind: EntryKind;
  readonly rev: Rev | null;
  readonly hash: ContentHash | null;
  readonly size: number;
  readonly downloadable: 0 | 1;
  readonly modified: number;
  readonly generation: number;
}

interface FeedRow {
  readonly cursor: Cursor | null;
  /** 2: under way, and a page of it was applied in part. */
  readonly listing: 0 | 1 | 2;
  readonly generation: number;
  readonly root_id: RemoteId | null;
}

/** Before the key of a path among the ids of what a client has left behind: known by its place alone. */
export const LEFT_AT = 'at:';

export type RemoteRows = ReturnType<typeof createRemoteRows>;

/** Everything below `@path` (`0` follows `/`). */
const BELOW = `path_lower >= @path || '/' AND path_lower < @path || '0'`;

export function createRemoteRows(db: Db, reserved: ReservedFolders) {
  const ownMoves = createOwnMoves(db);
  const all = db.prepare<[number], RemoteRow>('SELECT * FROM remote WHERE client_id = ? + 0 ORDER BY path_lower');
  const detached = db.prepare<[number], { id: RemoteId }>('SELECT remote_id AS id FROM detached WHERE client_id = ?');
  const nameDetached = db.prepare(`
    UPDATE OR REPLACE detached SET remote_id = (
      SELECT id FROM remote WHERE client_id = detached.client_id AND path_lower = substr(remote_id, length('${LEFT_AT}') + 1))
    WHERE client_id = @client AND remote_id LIKE '${LEFT_AT}%' AND substr(remote_id, length('${LEFT_AT}') + 1) IN (
      SELECT path_lower FROM remote WHERE client_id = @client)`);
  const forgetUnnamed = db.prepare(`DELETE FROM detached WHERE client_id = ? AND remote_id LIKE '${LEFT_AT}%'`);
  const byId = db.prepare<[number, string], RemoteRow>('SELECT * FROM remote WHERE client_id = ? AND id = ?');
  const byPath = db.prepare<[number, string], RemoteRow>('SELECT * FROM remote WHERE client_id = ? AND path_lower = ?');
  const topRows = db.prepare<[number], RemoteRow>(
    `SELECT * FROM remote WHERE client_id = ? AND instr(path_lower, '/') = 0`,
  );
  const childRows = db.prepare<[{ client: number; path: string }], RemoteRow>(
    `SELECT * FROM remote WHERE client_id = @client AND ${BELOW} AND instr(substr(path_lower, length(@path) + 2), '/') = 0`,
  );
  const removeId = db.prepare<[number, string]>('DELETE FROM remote WHERE client_id = ? AND id = ?');
  const removePath = db.prepare<[number, string]>('DELETE FROM remote WHERE client_id = ? AND path_lower = ?');
  const removeBelow = db.prepare<[{ client: number; path: string }]>(
    `DELETE FROM remote WHERE client_id = @client AND ${BELOW}`,
  );
  const below = db.prepare<[{ client: number; path: string; limit: number }], RemoteRow>(
    `SELECT * FROM remote WHERE client_id = @client AND ${BELOW} LIMIT @limit + 0`,
  );
  /** Rows as a whole would take several times as long, and there may be ten thousand. */
  const idsBelow = db.prepare<[{ client: number; path: string }], { id: RemoteId }>(
    `SELECT id FROM remote WHERE client_id = @client AND ${BELOW}`,
  );
  const removeOlder = db.prepare<[number, number]>('DELETE FROM remote WHERE client_id = ? AND generation < ?');
  const confirm = db.prepare<[number, number, string]>(
    'UPDATE remote SET generation = ? WHERE client_id = ? AND id = ?',
  );
  const upsert = db.prepare(`
    INSERT INTO remote (client_id, id, path_lower, name, kind, rev, hash, size, downloadable, modified, generation)
    VALUES (@client, @id, @pathLower, @name, @kind, @rev, @hash, @size, @downloadable, @modified, @generation)
    ON CONFLICT (client_id, id) DO UPDATE SET path_lower = excluded.path_lower, name = excluded.name,
      kind = excluded.kind, rev = excluded.rev, hash = excluded.hash, size = excluded.size,
      downloadable = excluded.downloadable, modified = excluded.modified, generation = excluded.generation`);
  const moveBelow = db.prepare<[{ client: number; path: string; to: string }]>(
    `UPDATE remote SET path_lower = @to || substr(path_lower, length(@path) + 1) WHERE client_id = @client AND ${BELOW}`,
  );
  const moveOne = db.prepare('UPDATE remote SET path_lower = ?, name = ? WHERE client_id = ? AND id = ?');
  const feedOf = db.prepare<[number], FeedRow>('SELECT cursor, listing, generation, root_id FROM clients WHERE id = ?');
  const saveCursor = db.prepare('UPDATE clients SET cursor = ?, listing = ? WHERE id = ?');
  const beginListing = db.prepare(
    'UPDATE clients SET cursor = NULL, listing = 1, generation = generation + 1, root_id = ? WHERE id = ?',
  );
  const bump = db.prepare<[number]>('UPDATE clients SET remote_epoch = remote_epoch + 1 WHERE id = ?');

  /** Answers how many rows changed. */
  function put(client: ClientId, entry: RemoteEntry, generation: number): number {
    let changed = 0;
    const there = byPath.get(client, entry.pathLower);
    if (there !== undefined && there.id !== entry.id) changed += removeId.run(client, there.id).changes;
    if (entry.kind === 'file') changed += removeBelow.run({ client, path: entry.pathLower }).changes;
    const known = byId.get(client, entry.id);
    if (known !== undefined && isSame(known, entry)) {
      if (known.generation !== generation) confirm.run(generation, client, entry.id);
      return changed;
    }
    upsert.run({ client, ...entry, downloadable: entry.downloadable ? 1 : 0, generation });
    return changed + 1;
  }

  /**
   * The feed tells of a deletion below a folder by the path that the folder had before the engine moved it: what was
   * deleted there is then gone at the new place, unless the feed has named it there already.
   */
  function removeMoved(client: ClientId, moves: readonly OwnMove[], deleted: RelPath): number {
    let changed = 0;
    let path = deleted;
    for (const move of moves) {
      if (!isWithin(path, move.from)) continue;
      path = (move.to + path.slice(move.from.length)) as RelPath;
      for (const row of [byPath.get(client, path), ...idsBelow.all({ client, path })]) {
        // What was moved itself is no longer at its former place, and that is all that the deletion tells of it.
        if (row === undefined || row.id === move.id || move.confirmed.has(row.id)) continue;
        changed += removeId.run(client, row.id).changes;
      }
    }
    return changed;
  }

  /** Where the folders lie that the client left behind when another one took them over, and those of the backups. */
  const leftBehind = (client: ClientId): RelPath[] => [
    ...detached.all(client).flatMap(({ id }) => byId.get(client, id)?.path_lower ?? []),
    ...reserved.of(client).map(({ pathLower }) => pathLower),
  ];

  function removeTree(client: ClientId, path: RelPath): number {
    return removePath.run(client, path).changes + removeBelow.run({ client, path }).changes;
  }

  return {
    /** Without backups, and without what the client left behind when another one took it over. */
    tree(client: ClientId): RemoteEntry[] {
      const left = leftBehind(client);
      const rows = all.all(client);
      const own = left.length === 0 ? rows : rows.filter((row) => !left.some((path) => isWithin(row.path_lower, path)));
      return own.map(toRemoteEntry);
    },
    leftBehind,
    /** Everything below a folder, what was left behind included; so many at most. */
    below: (client: ClientId, path: RelPath, limit: number): RemoteEntry[] =>
      below.all({ client, path, limit }).map(toRemoteEntry),
    /** One level below a folder. */
    children: (client: ClientId, folder: RelPath): RemoteEntry[] =>
      (folder === '' ? topRows.all(client) : childRows.all({ client, path: folder })).map(toRemoteEntry),
    get: (client: ClientId, id: RemoteId): RemoteEntry | null => optional(byId.get(client, id)),
    at: (client: ClientId, path: RelPath): RemoteEntry | null => optional(byPath.get(client, path)),
    removeTree,

    feed(client: ClientId): FeedState {
      const row = feedOf.get(client);
      return {
        cursor: row?.cursor ?? null,
        listing: (row?.listing ?? 0) > 0,
        torn: row?.listing === 2,
        rootId: row?.root_id ?? null,
      };
    },

    startListing(client: ClientId, rootId: RemoteId): void {
      ownMoves.forget(client);
      beginListing.run(rootId, client);
    },

    applyPage(client: ClientId, page: Parameters<SyncStore['applyPage']>[1]): { readonly changed: number } {
      const feed = feedOf.get(client);
      if (feed === undefined) return { changed: 0 };
      let changed = 0;
      const moves = ownMoves.of(client);
      for (const change of page.changes) {
        if (change.kind === 'put') {
          notePut(moves, change.entry);
          changed += put(client, change.entry, feed.generation);
        } else {
          changed += removeTree(client, change.pathLower) + removeMoved(client, moves, change.pathLower);
          noteDeletion(moves, change.pathLower);
        }
      }
      ownMoves.told(moves, !page.hasMore);
      const isListing = feed.listing > 0;
      if (isListing && !page.hasMore) {
        changed += removeOlder.run(client, feed.generation).changes;
        nameDetached.run({ client });
        forgetUnnamed.run(client);
      }
      const torn = page.cursor === feed.cursor ? 2 : 1;
      saveCursor.run(page.cursor, isListing && page.hasMore ? torn : 0, client);
      if (changed > 0) bump.run(client);
      return { changed };
    },

    put(client: ClientId, entry: RemoteEntry): void {
      if (put(client, entry, feedOf.get(client)?.generation ?? 0) > 0) bump.run(client);
    },

    remove(client: ClientId, id: RemoteId): void {
      const row = byId.get(client, id);
      if (row !== undefined && removeTree(client, row.path_lower) > 0) bump.run(client);
    },

    /** With everything below; what an outdated row holds at the new place gives way. */
    move(client: ClientId, id: RemoteId, path: RelPath, name: string): void {
      const row = byId.get(client, id);
      if (row === undefined) return;
      const from = row.path_lower;
      if (from !== path) {
        ownMoves.add(client, id, from, path);
        if (isWithin(from, path) || isWithin(path, from)) {
          // Through a place that no path can have, so that no two rows meet half-way.
          const aside = `\u0001${id}`;
          moveBelow.run({ client, path: from, to: aside });
          moveOne.run(aside, name, client, id);
          if (isWithin(from, path)) removePath.run(client, path);
          else removeTree(client, path);
          moveBelow.run({ client, path: aside, to: path });
        } else {
          removeTree(client, path);
          moveBelow.run({ client, path: from, to: path });
        }
      }
      moveOne.run(path, name, client, id);
      bump.run(client);
    },
  };
}

function isSame(row: RemoteRow, entry: RemoteEntry): boolean {
  return (
    row.path_lower === entry.pathLower &&
    row.name === entry.name &&
    row.kind === entry.kind &&
    row.rev === entry.rev &&
    row.hash === entry.hash &&
    row.size === entry.size &&
    (row.downloadable === 1) === entry.downloadable &&
    row.modified === entry.modified
  );
}

function optional(row: RemoteRow | undefined): RemoteEntry | null {
  return row === undefined ? null : toRemoteEntry(row);
}

function toRemoteEntry(row: RemoteRow): RemoteEntry {
  return {
    id: row.id,
    pathLower: row.path_lower,
    kind: row.kind,
    name: row.name,
    rev: row.rev,
    hash: row.hash,
    size: row.size,
    downloadable: row.downloadable === 1,
    modified: row.modified,
  };
}
