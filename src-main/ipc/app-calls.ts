// Calls about the program as a whole: its state, addresses to open, pausing a client.

import type { appCalls } from '../../src-shared/ipc/app.ts';
import type { jobCalls } from '../../src-shared/ipc/jobs.ts';
import { done, serviceOf, type CallParts, type HandlersOf } from './parts.ts';

export function appHandlers(parts: CallParts): HandlersOf<typeof appCalls & typeof jobCalls> {
  const { workspace, state, desktop, jobs } = parts;
  const service = serviceOf(parts);
  return {
    'app.view': async () => state.view(),
    'app.openExternal': async ({ address }) => done(await desktop.openExternal(address)),
    'app.showDocuments': async () => done(await desktop.openFile(service().status().documents)),
    'client.pause': async ({ name }) => service().pauseClient(name),
    'client.resume': async ({ name }) => {
      const resumed = service().resumeClient(name);
      await workspace.watch();
      return resumed;
    },
    'job.cancel': async ({ id }) => done(jobs.cancel(id)),
  };
}
