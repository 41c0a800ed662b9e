// Logging a client in to Dropbox: through the browser, with a code that a person copies, or with another ready token. It is looked at before
// it is kept: its permissions, its team, its account, and that no other client keeps the same folder. The browser is told
// what comes of it. Called by docktide.ts.

import { tickSentence } from '../../src-shared/dropbox-scopes.ts';
import { loginByBrowser, loginByCode, type Login, type LoginOptions } from '../cloud/dropbox/oauth.ts';
import { Fault, type AccountInfo } from '../engine/ports.ts';
import { checkedToken } from './accounts.ts';
import { appSecretName, credentialsSchema, secretName } from './clouds.ts';
import { asAppError } from './errors.ts';
import { tellClient } from './notices.ts';
import { accountOf, refuseSharedAccount } from './roots.ts';
import { AppError } from './service.ts';
import { clientView } from './views-of.ts';
import type { ClientView } from '../../src-shared/views.ts';
import type { ClientDetails } from '../store/clients.ts';
import type { KeptCredentials, KeptLogin, Learnt, ReadyToken } from './clouds.ts';
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
  const { store, secrets, origin, clock } = place;
  const client = store.clients.get(name);
  const kept = credentialsSchema.parse(client.credentials);
  if (client.appKey === null || kept.kind !== 'app-key') {
    throw new AppError(
      'not-an-app',
      kept.kind === 'access-token'
        ? `The client "${name}" uses a ready token and needs no login. Give it a new token: docktide client token "${name}" --stdin.`
        : `The client "${name}" uses a ready token and needs no login.`,
    );
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
  return connected(place, client, account);
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
  const seen = await lookAt(place, client, kept, keptLogin);
  refuseOtherAccount(client, seen.account, loginElsewhere);
  return { ...seen, login: keptLogin, credentials: { ...seen.credentials, scopes: [...login.scopes] } };
}

/** Asks Dropbox whose login it is; nothing is kept. Throws AppError 'root-in-use' and what Dropbox answers. */
async function lookAt<Kept extends KeptCredentials>(
  place: Workplace,
  client: ClientDetails,
  kept: Kept,
  login: KeptLogin | ReadyToken,
): Promise<{ readonly account: AccountInfo; readonly credentials: Kept }> {
  let learnt: Learnt = {};
  const cloud = place.clouds.withLogin(client, login, (more) => {
    learnt = { ...learnt, ...more };
  });
  try {
    const account = await cloud.account();
    const credentials = { ...kept, ...learnt };
    refuseSharedAccount(place.store, client, account, credentials);
    return { account, credentials };
  } catch (error) {
    throw asAppError(error);
  }
}

/**
 * Another token in the place of the one with which the client was added; its documents, rules and folders stay as they
 * are. Throws AppError 'not-a-token', 'bad-credentials', 'other-account', 'root-in-use', and what Dropbox answers. Nothing
 * is kept then.
 */
export async function replaceToken(place: Workplace, name: string, text: string): Promise<ClientView> {
  const { store, secrets } = place;
  const client = store.clients.get(name);
  const kept = credentialsSchema.parse(client.credentials);
  if (kept.kind === 'app-key') {
    throw new AppError(
      'not-a-token',
      `The client "${name}" logs in with an app key and has no token to replace. Log in again: docktide client connect "${name}".`,
    );
  }
  if (kept.kind === 'token-env') {
    throw new AppError(
      'not-a-token',
      `The client "${name}" takes its token from the environment variable ${kept.variable} at each run. Put the new token there.`,
    );
  }
  const token = checkedToken(text);
  const { account, credentials } = await lookAt(place, client, kept, { token }).catch(tokenRefused);
  refuseOtherAccount(client, account, tokenElsewhere);
  secrets.set(secretName(client.id), token);
  store.clients.setCredentials(client.id, credentials, null);
  return connected(place, client, account);
}

/** A token that has just been given was never connected: nothing was revoked, it was not copied whole or it has ended. */
function tokenRefused(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== 'login-lost') throw error;
  throw new AppError(
    'login-lost',
    'Dropbox does not know this access token: it was not copied whole, or it is no longer valid. Make a new one in the ' +
      'Dropbox App Console (Settings, Generate), copy it and enter it again. Nothing was changed.',
    { cause: error },
  );
}

/** What follows once a login is kept. */
function connected(place: Workplace, { id, name }: ClientDetails, account: AccountInfo): ClientView {
  const { store, clouds } = place;
  store.clients.setAccount(id, account);
  clouds.forget(id);
  store.sync.signalClient(id, 'logged-in');
  tellClient(place, name);
  const client = store.clients.get(name);
  return clientView(store, store.sync.client(id) ?? client);
}

/** A client that has synchronised knows the ids of one account; another one has none of them. */
function refuseOtherAccount(
  client: ClientDetails,
  account: AccountInfo,
  sentence: (client: ClientDetails, account: AccountInfo, before: AccountInfo) => string,
): void {
  const before = accountOf(client);
  if (client.rootId === null || before === null || before.accountId === account.accountId) return;
  throw new AppError('other-account', sentence(client, account, before));
}

function tokenElsewhere(client: ClientDetails, account: AccountInfo, before: AccountInfo): string {
  return (
    `The token is that of ${account.name} (${account.email}), but the client "${client.name}" keeps its documents in the ` +
    `Dropbox of ${before.name} (${before.email}). Make a token there; for another account bring everything back first ` +
    `(docktide client reset "${client.name}"), or add another client.`
  );
}

function loginElsewhere(client: ClientDetails, account: AccountInfo, before: AccountInfo): string {
  return (
    `This is the Dropbox of ${account.name} (${account.email}), but the client "${client.name}" keeps its documents in the ` +
    `Dropbox of ${before.name} (${before.email}). Log in there as ${before.email}; for another account bring everything ` +
    `back first (docktide client reset "${client.name}"), or add another client.`
  );
}
