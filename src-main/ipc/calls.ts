// What each call of the window does, composed from the features' files. Checked arguments come in from the router; views
// go out.

import type { ListName } from '../../src-shared/ipc-contract.ts';
import { appHandlers } from './app-calls.ts';
import { backupHandlers } from './backups-calls.ts';
import { boxHandlers } from './box-calls.ts';
import { conflictHandlers } from './conflicts-calls.ts';
import { dashboardHandlers } from './dashboard-calls.ts';
import { demoHandlers } from './demo-calls.ts';
import { desktopHandlers } from './desktop-calls.ts';
import { documentHandlers } from './documents-calls.ts';
import { linkHandlers } from './links-calls.ts';
import { fileHandlers } from './files-calls.ts';
import { logHandlers } from './log-calls.ts';
import { done, type CallParts } from './parts.ts';
import { preferenceHandlers } from './preferences-calls.ts';
import { recordHandlers } from './records-calls.ts';
import type { Handlers } from './router.ts';
import { settingsHandlers } from './settings-calls.ts';
import { setupHandlers } from './setup-calls.ts';
import { syncHandlers } from './sync-calls.ts';
import { trashHandlers } from './trash-calls.ts';
import type { WatchedLists } from './watched-lists.ts';

export function createCalls(parts: CallParts, lists: WatchedLists): Handlers {
  return {
    'list.watch': async ({ list, args }: { list: ListName; args?: unknown }) => lists.watch(list, args),
    'list.unwatch': async ({ list, args }: { list: ListName; args?: unknown }) => done(lists.unwatch(list, args)),
    ...appHandlers(parts),
    ...backupHandlers(parts),
    ...boxHandlers(parts),
    ...conflictHandlers(parts),
    ...dashboardHandlers(parts),
    ...demoHandlers(parts),
    ...desktopHandlers(parts),
    ...documentHandlers(parts),
    ...linkHandlers(parts),
    ...logHandlers(parts),
    ...fileHandlers(parts),
    ...preferenceHandlers(parts),
    ...recordHandlers(parts),
    ...settingsHandlers(parts),
    ...setupHandlers(parts),
    ...syncHandlers(parts),
    ...trashHandlers(parts),
  };
}
