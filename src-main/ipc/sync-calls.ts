// The queue and the log, and "Sync now".

import type { logCalls } from '../../src-shared/ipc/log.ts';
import type { syncCalls } from '../../src-shared/ipc/sync.ts';
import { serviceOf, type CallParts, type HandlersOf } from './parts.ts';

const FINISHED_TASKS = 200;
const LIVE_TASKS = 2_000;
const LOG_LINES = 500;

export function syncHandlers(parts: CallParts): HandlersOf<typeof syncCalls & typeof logCalls> {
  const service = serviceOf(parts);
  return {
    'sync.now': async ({ agree }) => service().sync({ yes: agree }),
    'queue.list': async ({ finished }) => [
      ...service().queue({ finished, limit: finished ? FINISHED_TASKS : LIVE_TASKS }),
    ],
    'log.list': async () => (service().initialised() ? [...service().log({ limit: LOG_LINES })] : []),
  };
}
