// Moves that the engine made in Dropbox and of which the feed has yet to tell: until then it tells of what happened below
// a moved folder by the path that the folder had before. Kept as rows, because the program may end before the feed has
// told. In: moves and what the feed names; out: the moves that are still open. Called by remote-rows.ts.

import type { ClientId, RelPath, RemoteId } from '../../src-shared/domain.ts';
import type { RemoteEntry } from '../sync/model.ts';
import type { Db } from './database.ts';

export interface OwnMove {
  readonly row: number;
  readonly id: RemoteId;
  readonly from: RelPath;
  readonly to: RelPath;
  /** What the feed has named at its new place; the entry itself once it has named it anywhere. */
  readonly confirmed: Set<RemoteId>;
  /** Complete looks at the feed since. */
  readonly looks: number;
}

interface OwnMoveRow extends Omit<OwnMove, 'confirmed'> {
  readonly confirmed: string;
}

/** Dropbox's feed may be late; one that never names what was moved must not stand for it for ever. */
const LATE_LOOKS = 20;

export type OwnMoves = ReturnType<typeof createOwnMoves>;

export function createOwnMoves(db: Db) {
  const all = db.prepare<[number], OwnMoveRow>(
    `SELECT id AS row, remote_id AS id, from_path AS "from", to_path AS "to", confirmed, looks
     FROM own_moves WHERE client_id = ? ORDER BY id`,
  );
  const insert = db.prepare('INSERT INTO own_moves (client_id, remote_id, from_path, to_path) VALUES (?, ?, ?, ?)');
  const update = db.prepare('UPDATE own_moves SET confirmed = ?, looks = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM own_moves WHERE id = ?');
  const forget = db.prepare('DELETE FROM own_moves WHERE client_id = ?');
  return {
    of: (client: ClientId): OwnMove[] =>
      all.all(client).map((move) => {
        // Written by this file alone.
        return { ...move, confirmed: new Set(JSON.parse(move.confirmed) as RemoteId[]) };
      }),
    add: (client: ClientId, id: RemoteId, from: RelPath, to: RelPath): void => void insert.run(client, id, from, to),
    /** After a page; `complete`: the last one for now. Of a move that was told, all that had happened before it was, too. */
    told(moves: readonly OwnMove[], complete: boolean): void {
      for (const { row, id, confirmed, looks } of moves) {
        const now = complete ? looks + 1 : looks;
        if (complete && (confirmed.has(id) || now >= LATE_LOOKS)) remove.run(row);
        else if (complete || confirmed.size > 0) update.run(JSON.stringify([...confirmed]), now, row);
      }
    },
    /** All is told anew, at the places where it is now. */
    forget: (client: ClientId): void => void forget.run(client),
  };
}

export function notePut(moves: readonly OwnMove[], { id, pathLower }: Pick<RemoteEntry, 'id' | 'pathLower'>): void {
  for (const move of moves) if (id === move.id || isWithin(pathLower, move.to)) move.confirmed.add(id);
}

export function noteDeletion(moves: readonly OwnMove[], path: RelPath): void {
  for (const move of moves) if (isWithin(move.to, path)) move.confirmed.add(move.id);
}

export function isWithin(path: RelPath, folder: RelPath): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
