// The dashboard: figures without a request, the room in Dropbox on demand, and freeing bytes as a job.

import { figuresSchema, type dashboardCalls } from '../../src-shared/ipc/dashboard.ts';
import { serviceOf, type CallParts, type HandlersOf } from './parts.ts';

export function dashboardHandlers(parts: CallParts): HandlersOf<typeof dashboardCalls> {
  const service = serviceOf(parts);
  return {
    // The schema leaves out what the window does not show.
    'dashboard.figures': async () => figuresSchema.parse(service().figures()),
    'dashboard.refreshSpace': async () => [...(await service().refreshSpace())],
    'dashboard.free': async ({ client }) => ({
      job: parts.jobs.start('free', client ?? '', () =>
        service().free({ dryRun: false, ...(client !== undefined && { client }) }),
      ),
    }),
  };
}
