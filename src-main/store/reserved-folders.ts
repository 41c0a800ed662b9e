// Folders in Dropbox that hold backups: known by their id, or by the marker file in them (another computer's, or this
// one's from before its database was lost). In: rows of the remote tree; out: the folders that the engine leaves alone.
// What both sides have agreed upon as a folder of documents stays one, whatever file somebody drops into it.
// Called by remote-rows.ts and sync-store.ts.

import type { ClientId, EntryKind, RelPath, RemoteId } from '../../src-shared/domain.ts';
import { BACKUP_MARKER_NAME } from '../../src-shared/names.ts';
import type { Db } from './database.ts';

export interface ReservedFolder {
  readonly id: RemoteId;
  readonly pathLower: RelPath;
  readonly name: string;
  readonly kind: EntryKind;
}

export type ReservedFolders = ReturnType<typeof createReservedFolders>;

export function createReservedFolders(db: Db) {
  const marked = `SELECT substr(path_lower, 1, length(path_lower) - ${BACKUP_MARKER_NAME.length + 1}) FROM remote
    WHERE client_id = @client AND name = '${BACKUP_MARKER_NAME}' AND instr(path_lower, '/') > 0`;
  // Nearly always there are none: asked for at every step, answered by two look-ups.
  const any = db.prepare<[number, number], { found: number }>(`
    SELECT EXISTS (SELECT 1 FROM backup_folders WHERE client_id = ?)
      OR EXISTS (SELECT 1 FROM remote WHERE client_id = ? AND name = '${BACKUP_MARKER_NAME}') AS found`);
  const folders = db.prepare<[{ client: number }], ReservedFolder>(`
    SELECT id, path_lower AS pathLower, name, kind FROM remote
    WHERE client_id = @client AND kind = 'folder'
      AND (id IN (SELECT remote_id FROM backup_folders WHERE client_id = @client) OR path_lower IN (${marked}))
      AND NOT EXISTS (SELECT 1 FROM synced WHERE client_id = @client AND remote_id = remote.id)
    ORDER BY path_lower`);
  const remember = db.prepare<[number, string]>('INSERT INTO backup_folders VALUES (?, ?) ON CONFLICT DO NOTHING');
  return {
    of: (client: ClientId): ReservedFolder[] => (any.get(client, client)?.found === 1 ? folders.all({ client }) : []),
    /** Stays reserved even where its marker goes. */
    remember: (client: ClientId, id: RemoteId): void => void remember.run(client, id),
  };
}
