// First run: choosing the documents folder, connecting the first client, the demonstration.

import type { setupCalls } from '../../src-shared/ipc/setup.ts';
import type { settingsCalls } from '../../src-shared/ipc/settings.ts';
import { AppError } from '../app/service.ts';
import type { ClientView } from '../../src-shared/views.ts';
import { connectClient, type LoginParts } from './connect.ts';
import { done, serviceOf, type CallParts, type HandlersOf } from './parts.ts';

export function setupHandlers(
  parts: CallParts,
): HandlersOf<typeof setupCalls & Pick<typeof settingsCalls, 'client.reconnect'>> {
  const { workspace, state, desktop } = parts;
  const service = serviceOf(parts);
  let connecting: AbortController | null = null;
  /** One login at a time: a new one gives up the one that still waits. */
  const login = async (
    connect: (parts: LoginParts, signal: AbortSignal) => Promise<ClientView>,
  ): Promise<ClientView> => {
    connecting?.abort();
    const attempt = new AbortController();
    connecting = attempt;
    try {
      const connected = await connect(
        { announce: (address) => state.setLogin(address), openBrowser: desktop.openLogin },
        attempt.signal,
      );
      await workspace.watch();
      return connected;
    } finally {
      if (connecting === attempt) connecting = null;
      state.setLogin(null);
      state.changed();
    }
  };
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

    'client.connect': (form) => login((parts, signal) => connectClient(service(), form, parts, signal)),
    'client.reconnect': ({ name }) => login((parts, signal) => service().connectClient(name, { ...parts, signal })),
    'client.cancelConnect': async () => done(connecting?.abort()),
    'client.openLogin': async () => {
      const address = state.login();
      if (address === null) throw new AppError('no-login', 'No login is waiting any more.');
      return done(await desktop.openLogin(address));
    },
  };
}
