// The queue, "Sync now", the preview of a pass, and deletions that wait for a person.

import type { Preview, syncCalls, syncLists } from '../../src-shared/ipc/sync.ts';
import { serviceOf, type CallParts, type HandlersOf, type ListSources } from './parts.ts';

const FINISHED_TASKS = 200;
const LIVE_TASKS = 2_000;
/** Steps of each client that a preview shows. */
const PREVIEW_STEPS = 1_000;

export function syncSources(parts: Pick<CallParts, 'workspace'>): ListSources<keyof typeof syncLists> {
  const service = serviceOf(parts);
  return {
    held: () =>
      service()
        .held()
        .map((one) => ({ ...one, id: `${one.client}:${one.side}:${one.path}` })),
  };
}

export function syncHandlers(parts: CallParts): HandlersOf<typeof syncCalls> {
  const service = serviceOf(parts);
  return {
    'sync.now': async ({ agree, client }) => service().sync({ yes: agree, ...(client !== undefined && { client }) }),
    'sync.refuse': async ({ client }) => {
      const refused = await service().refuseHeld(client);
      parts.state.changed();
      return {
        here: refused.reduce((sum, one) => sum + one.here, 0),
        dropbox: refused.reduce((sum, one) => sum + one.dropbox, 0),
        missing: refused.flatMap((one) => [...one.missing]),
      };
    },
    'sync.preview': async ({ client }) => previewOf(await service().plan(client)),
    'queue.list': async ({ finished }) => [
      ...service().queue({ finished, limit: finished ? FINISHED_TASKS : LIVE_TASKS }),
    ],
  };
}

type Plans = Awaited<ReturnType<ReturnType<ReturnType<typeof serviceOf>>['plan']>>;

function previewOf(plans: Plans): Preview {
  return {
    steps: plans.flatMap(({ client, operations }) =>
      operations
        .slice(0, PREVIEW_STEPS)
        .map((operation, index) => ({ ...operation, client, id: `${client}:${index}` })),
    ),
    total: plans.reduce((sum, plan) => sum + plan.operations.length, 0),
    held: plans.reduce((sum, plan) => sum + plan.held, 0),
    problems: plans.flatMap(({ client, problems }) => problems.map((problem) => ({ client, ...problem }))),
  };
}
