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
        { announce: (address) => state.setLogin(address), openBrowser: desktop.openLogin, speech: parts.speech },
        attempt.signal,
      );
      await workspace.watch();
      // The person is in the browser: what they came for is here.
      desktop.show();
      return connected;
    } finally {
      if (connecting === attempt) connecting = null;
      state.setLogin(null);
      state.changed();
    }
  };
  return {
    'setup.folder': async () => {
      const settled = service().initialised();
      const documents = settled ? service().status().documents : state.chosen();
      const seen = await service().inspectDocuments(documents);
      // The store's own folder is where it is; what keeps others away does not concern it.
      return { ...seen, problem: settled ? null : seen.problem, settled };
    },
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
    'setup.copy': async ({ text }) => done(await desktop.copyText(text)),
    'setup.tryDemo': async () => {
      await workspace.startDemo();
      return state.view();
    },
    'setup.leaveDemo': async () => {
      await workspace.leaveDemo();
      return state.view();
    },

    'account.card': async ({ name }) => {
      const { account, space } = await service().clientStatus(name);
      return account === null ? null : { ...account, space };
    },
    'account.photo': async ({ name }) => ({ image: await service().clientPhoto(name) }),
    'sets.view': async ({ language }) =>
      (await service().typeSets(language)).map((set) => ({
        ...set,
        types: set.types.map((type) => ({ ...type, subfolders: [...type.subfolders] })),
      })),
    'sets.add': async ({ client, types }) => {
      const added = await service().addTypes(client, types);
      state.changed();
      return { types: added.types.length, rules: added.rules.length };
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
