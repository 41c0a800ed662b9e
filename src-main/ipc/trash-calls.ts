// The trash: what sync removed or overwrote here, and how it comes back.

import type { trashCalls, trashLists } from '../../src-shared/ipc/trash.ts';
import { serviceOf, type CallParts, type HandlersOf, type ListSources } from './parts.ts';

export function trashSources(parts: Pick<CallParts, 'workspace'>): ListSources<keyof typeof trashLists> {
  const service = serviceOf(parts);
  return { trash: () => service().trash() };
}

export function trashHandlers(parts: CallParts): HandlersOf<typeof trashCalls> {
  const service = serviceOf(parts);
  return {
    'trash.restore': async ({ id }) => {
      const { path, undo } = await service().restore(id);
      return { path, undo: undo?.number ?? null };
    },
  };
}
