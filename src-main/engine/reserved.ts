// Folders that hold backups lie at the top of a client's root, beside the documents, and keep out of their way: where a
// document (or folder) here wants the name, the backups' folder takes another one. Renamed by its id, nothing is lost.
// Called by pass.ts before each plan; the planner never sees these folders (SyncStore.remoteTree leaves them out).

import { ROOT, type RelPath } from '../../src-shared/domain.ts';
import { BACKUP_FOLDER_NAMES, nameKey } from '../../src-shared/names.ts';
import { type ClientRow, type CloudStore, Fault, type SyncStore } from './ports.ts';

export async function keepBackupsAside(store: SyncStore, cloud: CloudStore, client: ClientRow): Promise<void> {
  const folders = store.reservedFolders(client.id);
  if (folders.length === 0) return;
  const here = store.topKeys();
  for (const folder of folders) {
    store.rememberReserved(client.id, folder.id);
    if (!folder.pathLower.includes('/') && !here.has(nameKey(folder.name))) continue;
    const there = new Set(store.remoteChildren(client.id, ROOT).map((entry) => nameKey(entry.name)));
    const name = freeBackupName((key) => here.has(key) || there.has(key));
    try {
      const moved = await cloud.move(folder.id, name);
      store.record(client.id, [{ kind: 'remote.move', id: folder.id, pathLower: moved.pathLower, name: moved.name }]);
      store.log({
        level: 'info',
        clientId: client.id,
        direction: 'direct',
        kind: 'backup',
        path: null,
        bytes: null,
        duration: null,
        result: 'note',
        reason: `The folder of the backups in Dropbox is called "${name}" from now on, because documents need its place.`,
      });
    } catch (error) {
      // Somebody was faster: the next look at Dropbox tells.
      if (!(error instanceof Fault) || (error.code !== 'conflict' && error.code !== 'not-found')) throw error;
    }
  }
}

/** The first name for the folder of the backups that nothing has. */
export function freeBackupName(taken: (key: string) => boolean): RelPath {
  for (let number = 0; ; number++) {
    const last = BACKUP_FOLDER_NAMES[BACKUP_FOLDER_NAMES.length - 1] ?? '';
    const name = BACKUP_FOLDER_NAMES[number] ?? `${last} ${number}`;
    if (!taken(nameKey(name))) return name as RelPath;
  }
}
