// "Sync now", from the button and from the keyboard: one pass over all clients, and a word about what it did.

import type { Summary } from '../../src-shared/ipc/sync.ts';
import { call, sentence } from '../bridge/bridge.ts';
import { tell, warn } from '../ui/notify.ts';
import { t } from '../ui/words.ts';

/** `agree` lets deletions go that were held back; of all clients, or of one. */
export async function syncNow(agree = false, client?: string): Promise<void> {
  try {
    tell(t('header.synced'), describe(await call('sync.now', { agree, ...(client !== undefined && { client }) })));
  } catch (error) {
    warn(t('header.syncFailed'), sentence(error));
  }
}

function describe(done: Summary): string {
  const other = done.moved + done.deletedLocal + done.deletedRemote + done.createdFolders + done.adopted;
  if (done.uploaded + done.downloaded + other === 0) return t('header.syncedNothing');
  return t('header.syncedSome', { up: done.uploaded, down: done.downloaded, other });
}
