// Conflicts: the list of open ones and their settlement.

import type { conflictCalls, conflictLists } from '../../src-shared/ipc/conflicts.ts';
import type { EntryView } from '../../src-shared/views.ts';
import { toRow } from './listings.ts';
import { serviceOf, type CallParts, type HandlersOf, type ListSources } from './parts.ts';

export function conflictSources(parts: Pick<CallParts, 'workspace'>): ListSources<keyof typeof conflictLists> {
  const service = serviceOf(parts);
  return { conflicts: () => service().conflicts() };
}

export function conflictHandlers(parts: CallParts): HandlersOf<typeof conflictCalls> {
  const service = serviceOf(parts);
  const version = (entry: EntryView | null) => entry && { ...toRow(entry), path: entry.path };
  return {
    'conflict.versions': async ({ id }) => {
      const { here, dropbox, same, changedBy, account } = service().conflictVersions(id);
      return { id, here: version(here), dropbox: version(dropbox), same, changedBy, account };
    },
    'conflict.reopen': async ({ id }) => {
      const { path, copy } = await service().reopenConflict(id);
      parts.state.changed();
      return { path, copy };
    },
    'conflict.settle': async ({ id, settlement }) => {
      const { kept } = await service().settleConflict(id, settlement);
      parts.state.changed();
      return { kept: [...kept] };
    },
  };
}
