// What a database that comes back from a backup must forget (SYNC.md §4.3): where it was in the changes of Dropbox, what
// it was about to do, and that its merge base is proof of anything. The pass that follows is a union.
// Called by backup/restore.ts and by the simulation, on the restored database before anybody works with it.

import type { Db } from './database.ts';

export function markRestored(db: Db): void {
  db.transaction(() => {
    db.exec(`
      UPDATE synced SET unproven = 1;
      UPDATE clients SET cursor = NULL, listing = 0, settled_local = 0, settled_remote = 0;
      DELETE FROM queue WHERE live = 1 OR looks > 0;
      DELETE FROM plans;
      DELETE FROM upload_sessions;`);
  }).immediate();
}
