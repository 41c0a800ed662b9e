// Where an interrupted large upload goes on: the session that Dropbox keeps for seven days, by client and content.

import type { ClientId, ContentHash } from '../../src-shared/domain.ts';
import type { Db } from './database.ts';

export interface UploadPlace {
  readonly sessionId: string;
  /** Bytes that Dropbox has. */
  readonly offset: number;
}

/** Dropbox forgets sessions after seven days; an hour is left for the clocks. */
const LIFETIME = (7 * 24 - 1) * 3_600_000;

export type UploadMemory = ReturnType<typeof createUploadMemory>;

export function createUploadMemory(db: Db, now: () => number) {
  const get = db.prepare<[number, string, number], UploadPlace>(
    'SELECT session_id AS sessionId, offset FROM upload_sessions WHERE client_id = ? AND hash = ? AND started_at > ?',
  );
  const put = db.prepare(`
    INSERT INTO upload_sessions (client_id, hash, session_id, offset, started_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (client_id, hash) DO UPDATE SET offset = excluded.offset, session_id = excluded.session_id,
      started_at = CASE WHEN session_id = excluded.session_id THEN started_at ELSE excluded.started_at END`);
  const remove = db.prepare('DELETE FROM upload_sessions WHERE client_id = ? AND hash = ?');
  return {
    get: (client: ClientId, hash: ContentHash): UploadPlace | null => get.get(client, hash, now() - LIFETIME) ?? null,
    put: (client: ClientId, hash: ContentHash, place: UploadPlace): void =>
      void put.run(client, hash, place.sessionId, place.offset, now()),
    remove: (client: ClientId, hash: ContentHash): void => void remove.run(client, hash),
  };
}
