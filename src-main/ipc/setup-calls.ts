// First run: choosing the documents folder, connecting the first client, the demonstration.

import type { setupCalls } from '../../src-shared/ipc/setup.ts';
import { AppError } from '../app/service.ts';
import { connectClient } from './connect.ts';
import { done, serviceOf, type CallParts, type HandlersOf } from './parts.ts';

export function setupHandlers(parts: CallParts): HandlersOf<typeof setupCalls> {
  const { workspace, state, desktop } = parts;
  const service = serviceOf(parts);
  let connecting: AbortController | null = null;
  return {
    'setup.chooseFolder': async () => {
      const documents = await desktop.chooseFolder(state.chosen());
      if (documents === null) return null;
      state.choose(documents);
      state.changed();
      return { documents };
    },
    'setup.init': async () => {
      if (!service().initialised()) await service().init(state.chosen());
      await workspace.watch();
      return state.view();
    },
    'setup.tryDemo': async () => {
      await workspace.startDemo();
      return state.view();
    },
    'setup.leaveDemo': async () => {
      await workspace.leaveDemo();
      return state.view();
    },

    'client.connect': async (form) => {
      connecting?.abort();
      const attempt = new AbortController();
      connecting = attempt;
      try {
        const connected = await connectClient(
          service(),
          form,
          { announce: (address) => state.setLogin(address), openBrowser: desktop.openLogin },
          attempt.signal,
        );
        await workspace.watch();
        return connected;
      } finally {
        connecting = null;
        state.setLogin(null);
        state.changed();
      }
    },
    'client.cancelConnect': async () => done(connecting?.abort()),
    'client.openLogin': async () => {
      const address = state.login();
      if (address === null) throw new AppError('no-login', 'No login is waiting any more.');
      return done(await desktop.openLogin(address));
    },
  };
}
