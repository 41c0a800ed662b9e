// Conflicts: the list of open ones and their settlement.

import type { conflictCalls, conflictLists } from '../../src-shared/ipc/conflicts.ts';
import { serviceOf, type CallParts, type HandlersOf, type ListSources } from './parts.ts';

export function conflictSources(parts: Pick<CallParts, 'workspace'>): ListSources<keyof typeof conflictLists> {
  const service = serviceOf(parts);
  return { conflicts: () => service().conflicts() };
}

export function conflictHandlers(parts: CallParts): HandlersOf<typeof conflictCalls> {
  const service = serviceOf(parts);
  return {
    'conflict.settle': async ({ id, settlement }) => {
      const { kept } = await service().settleConflict(id, settlement);
      parts.state.changed();
      return { kept: [...kept] };
    },
  };
}
