// How each list that the window watches is read, composed from the features' files.

import { backupSources } from './backups-calls.ts';
import { boxSources } from './box-calls.ts';
import { conflictSources } from './conflicts-calls.ts';
import type { CallParts, ListSources } from './parts.ts';
import { syncSources } from './sync-calls.ts';
import { trashSources } from './trash-calls.ts';

export function createListSources(parts: Pick<CallParts, 'workspace'>): ListSources {
  return {
    ...backupSources(parts),
    ...boxSources(parts),
    ...conflictSources(parts),
    ...syncSources(parts),
    ...trashSources(parts),
  };
}
