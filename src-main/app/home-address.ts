// The address of a document on Dropbox's own pages. They show the whole team space, so that what lies in a member's own
// folder begins with the name of that folder. Called by compose.ts for the engine and the links.

import { joinPath, type RelPath } from '../../src-shared/domain.ts';
import type { ClientRow } from '../engine/ports.ts';
import type { DocumentStore } from '../store/open-store.ts';

/** `path` is below the client's root folder. */
export function homeAddresses({
  db,
}: DocumentStore): (client: Pick<ClientRow, 'id' | 'root'>, path: RelPath) => string {
  const above = db.prepare<[number], { home: string | null }>(`
    SELECT CASE WHEN json_extract(credentials, '$.teamSpace') THEN NULL ELSE json_extract(account, '$.homePath') END AS home
    FROM clients WHERE id = ?`);
  return (client, path) => {
    const names = joinPath(above.get(client.id)?.home?.replace(/^\//, '') ?? '', client.root, path).split('/');
    return `https://www.dropbox.com/home/${names.map(encodeURIComponent).join('/')}`;
  };
}
