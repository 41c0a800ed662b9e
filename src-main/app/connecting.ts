// Logging a client in to Dropbox: through the browser or with a code that a person copies. The login is looked at before
// it is kept: its permissions, its team, its account, and that no other client keeps the same folder. The browser is told
// what comes of it. Called by docktide.ts.

import { tickSentence } from '../../src-shared/dropbox-scopes.ts';
import { loginByBrowser, loginByCode, type Login, type LoginOptions } from '../cloud/dropbox/oauth.ts';
import { Fault, type AccountInfo } from '../engine/ports.ts';
import { appSecretName, credentialsSchema, secretName } from './clouds.ts';
import { asAppError } from './errors.ts';
import { tellClient } from './notices.ts';
import { accountOf, refuseSharedAccount } from './roots.ts';
import { AppError } from './service.ts';
import { clientView } from './views-of.ts';
import type { ClientView } from '../../src-shared/views.ts';
import type { ClientDetails } from '../store/clients.ts';
import type { KeptCredentials, KeptLogin, Learnt } from './clouds.ts';
import type { Workplace } from './docktide.ts';
import type { ConnectOptions } from './service.ts';

/** What is kept once the login has come about. */
interface Accepted {
  readonly login: KeptLogin;
  readonly credentials: KeptCredentials;
  readonly account: AccountInfo;
}

/**
 * Throws AppError 'not-an-app', 'scope-missing', 'other-account', 'root-in-use', 'login-timeout', 'interrupted', and what
 * the login answers. Nothing is kept then, and a client that was connected stays so.
 */
export async function connectClient(place: Workplace, name: string, options: ConnectOptions): Promise<ClientView> {
  const { store, secrets, clouds, origin, clock } = place;
  const client = store.clients.get(name);
  const kept = credentialsSchema.parse(client.credentials);
  if (client.appKey === null || kept.kind !== 'app-key') {
    throw new AppError('not-an-app', `The client "${name}" uses a ready token and needs no login.`);
  }
  const appSecret = secrets.get(appSecretName(client.id));
  const app: LoginOptions = {
    appKey: client.appKey,
    clock,
    team: kept.teamMemberEmail !== undefined,
    ...(appSecret === null ? {} : { appSecret }),
    ...(origin === null ? {} : { origin }),
  };
  const { login, credentials, account } = await logIn(app, options, (login) => accepted(place, client, kept, login));
  secrets.set(secretName(client.id), JSON.stringify(login));
  store.clients.setCredentials(client.id, credentials, client.appKey);
  store.clients.setAccount(client.id, account);
  clouds.forget(client.id);
  store.sync.signalClient(client.id, 'logged-in');
  tellClient(place, name);
  return clientView(store, store.sync.client(client.id) ?? client);
}

async function logIn(
  app: LoginOptions,
  options: ConnectOptions,
  look: (login: Login) => Promise<Accepted>,
): Promise<Accepted> {
  const show = async (address: string): Promise<void> => {
    options.announce(address);
    // Without a browser the person opens the announced address.
    await options.openBrowser?.(address).catch(() => undefined);
  };
  const byCode = async (askCode: () => Promise<string>): Promise<Accepted> => {
    const login = loginByCode(app);
    await show(login.address);
    return look(await login.finish(await askCode(), options.signal));
  };
  let found: Accepted | null = null;
  try {
    if (options.byCode === true && options.askCode !== undefined) return await byCode(options.askCode);
    await loginByBrowser({
      ...app,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.timeoutSeconds === undefined ? {} : { timeoutSeconds: options.timeoutSeconds }),
      ...(options.speech === undefined ? {} : { speech: options.speech }),
      openBrowser: show,
      accept: async (login) => {
        found = await look(login);
      },
    });
  } catch (error) {
    const known = error instanceof Fault ? error.code : null;
    if (known === 'busy' && options.askCode !== undefined) {
      options.explain?.((error as Fault).message);
      return byCode(options.askCode);
    }
    if (known === 'aborted' && options.signal?.aborted !== true) {
      throw new AppError('login-timeout', (error as Fault).message, { cause: error });
    }
    throw error;
  }
  if (found === null) throw new AppError('internal', 'The login ended without an answer. Start it again.');
  return found;
}

/** Looks at a login; what it throws is a sentence that the browser shows as well. */
async function accepted(
  place: Workplace,
  client: ClientDetails,
  kept: Extract<KeptCredentials, { kind: 'app-key' }>,
  login: Login,
): Promise<Accepted> {
  if (login.missingScopes.length > 0) throw new AppError('scope-missing', tickSentence(login.missingScopes));
  const { refreshToken, accessToken, expiresAt } = login;
  const keptLogin: KeptLogin = { refreshToken, accessToken, expiresAt };
  let learnt: Learnt = {};
  const cloud = place.clouds.withLogin(client, keptLogin, (more) => {
    learnt = { ...learnt, ...more };
  });
  try {
    const account = await cloud.account();
    refuseOtherAccount(client, account);
    const credentials = { ...kept, ...learnt, scopes: [...login.scopes] };
    refuseSharedAccount(place.store, client, account, credentials);
    return { login: keptLogin, credentials, account };
  } catch (error) {
    throw asAppError(error);
  }
}

/** A client that has synchronised knows the ids of one account; another one has none of them. */
function refuseOtherAccount(client: ClientDetails, account: AccountInfo): void {
  const before = accountOf(client);
  if (client.rootId === null || before === null || before.accountId === account.accountId) return;
  throw new AppError(
    'other-account',
    `This is the Dropbox of ${account.name} (${account.email}), but the client "${client.name}" keeps its documents in the ` +
      `Dropbox of ${before.name} (${before.email}). Log in there as ${before.email}; for another account bring everything ` +
      `back first (docktide client reset "${client.name}"), or add another client.`,
  );
}
