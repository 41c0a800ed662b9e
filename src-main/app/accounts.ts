// Clients: adding, logging in, pausing, removing. Rows go to the database, tokens to the secrets.

import { loginByBrowser, loginByCode, type Login, type LoginOptions } from '../cloud/dropbox/oauth.ts';
import { Fault } from '../engine/ports.ts';
import { credentialsSchema, secretName } from './clouds.ts';
import { tellClient } from './notices.ts';
import { refuseSharedRoot } from './roots.ts';
import { AppError } from './service.ts';
import { clientView } from './views-of.ts';
import type { KeptCredentials, KeptLogin } from './clouds.ts';
import type { ClientView } from '../../src-shared/views.ts';
import type { ClientDetails } from '../store/clients.ts';
import type { Workplace } from './docktide.ts';
import type { ConnectOptions, Credentials } from './service.ts';

/** Throws AppError 'duplicate', 'bad-name', 'bad-credentials', 'root-in-use'. */
export function addClient(place: Workplace, name: string, root: string, credentials: Credentials): ClientView {
  const { store, secrets, events } = place;
  const { kept, secret } = checkedCredentials(credentials);
  refuseSharedRoot(name, root, sameLogin(place, credentials));
  const client = store.clients.add({
    name,
    root,
    state: credentials.kind === 'app-key' ? 'draft' : 'connected',
    appKey: credentials.kind === 'app-key' ? credentials.appKey.trim() : null,
    credentials: kept,
  });
  if (secret !== null) {
    try {
      secrets.set(secretName(client.id), secret);
    } catch (error) {
      store.clients.remove(client.name);
      throw error;
    }
  }
  const view = viewOf(place, client);
  events.emit({ kind: 'client-changed', client: view });
  return view;
}

function checkedCredentials(credentials: Credentials): { kept: KeptCredentials; secret: string | null } {
  const refuse = (what: string): AppError => new AppError('bad-credentials', what);
  if (credentials.kind === 'access-token') {
    const token = credentials.token.trim();
    // What no HTTP header can carry is no token.
    if (!/^[\u0021-\u007e]+$/.test(token)) {
      throw refuse('The access token is empty or holds spaces or other signs that no token has. Copy it again.');
    }
    return { kept: { kind: 'access-token' }, secret: token };
  }
  if (credentials.kind === 'token-env') {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(credentials.variable)) {
      throw refuse(
        `"${credentials.variable}" is not the name of an environment variable. Write it as in DROPBOX_TOKEN.`,
      );
    }
    return { kept: { kind: 'token-env', variable: credentials.variable }, secret: null };
  }
  if (!/^[A-Za-z0-9_-]+$/.test(credentials.appKey.trim())) {
    throw refuse('The app key is empty or holds signs that no app key has. Copy it from the Dropbox app console.');
  }
  return { kept: { kind: 'app-key' }, secret: null };
}

/** Clients that surely log in to the same account, as far as that can be told without asking Dropbox. */
function sameLogin({ store, secrets }: Workplace, credentials: Credentials): { client: string; root: string }[] {
  const same = (other: ClientDetails): boolean => {
    const kept = credentialsSchema.safeParse(other.credentials).data;
    if (kept === undefined) return false;
    if (credentials.kind === 'token-env') return kept.kind === 'token-env' && kept.variable === credentials.variable;
    if (credentials.kind !== 'access-token' || kept.kind !== 'access-token') return false;
    return secrets.get(secretName(other.id)) === credentials.token.trim();
  };
  return store.clients
    .all()
    .filter(same)
    .map((other) => ({ client: other.name, root: other.root }));
}

/** Throws AppError 'not-an-app', 'scope-missing', and what the login answers. */
export async function connectClient(place: Workplace, name: string, options: ConnectOptions): Promise<ClientView> {
  const { store, secrets, clouds, origin, clock } = place;
  const client = store.clients.get(name);
  if (client.appKey === null) {
    throw new AppError('not-an-app', `The client "${name}" uses a ready token and needs no login.`);
  }
  const login = await logIn({ appKey: client.appKey, clock, ...(origin === null ? {} : { origin }) }, options);
  if (login.missingScopes.length > 0) {
    throw new AppError(
      'scope-missing',
      `The Dropbox app lacks permissions. Tick ${login.missingScopes.join(', ')} under Permissions in the Dropbox app console, submit, and connect again.`,
    );
  }
  const kept: KeptLogin = {
    refreshToken: login.refreshToken,
    accessToken: login.accessToken,
    expiresAt: login.expiresAt,
  };
  const others = store.clients.all().filter((other) => accountOf(other) === login.accountId && login.accountId !== '');
  refuseSharedRoot(
    name,
    client.root,
    others.map((other) => ({ client: other.name, root: other.root })),
  );
  secrets.set(secretName(client.id), JSON.stringify(kept));
  clouds.forget(client.id);
  store.clients.setAccount(client.id, await clouds.of(client).account());
  store.sync.signalClient(client.id, 'logged-in');
  tellClient(place, name);
  return viewOf(place, client);
}

async function logIn(app: LoginOptions, options: ConnectOptions): Promise<Login> {
  const show = async (address: string): Promise<void> => {
    options.announce(address);
    // Without a browser the person opens the announced address.
    await options.openBrowser?.(address).catch(() => undefined);
  };
  const signal = options.signal === undefined ? {} : { signal: options.signal };
  try {
    return await loginByBrowser({ ...app, ...signal, openBrowser: show });
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'busy' || options.askCode === undefined) throw error;
    const byCode = loginByCode(app);
    await show(byCode.address);
    return byCode.finish(await options.askCode(), options.signal);
  }
}

function accountOf(client: ClientDetails): string | null {
  const { account } = client;
  if (typeof account !== 'object' || account === null || !('accountId' in account)) return null;
  return typeof account.accountId === 'string' ? account.accountId : null;
}

/** Resuming a client that is not paused, and pausing a paused one, changes nothing. */
export function setPaused(place: Workplace, name: string, paused: boolean): ClientView {
  const { store } = place;
  const client = store.clients.get(name);
  if (paused) {
    if (client.state === 'draft') {
      throw new AppError('not-connected', `The client "${name}" is not connected yet, so there is nothing to pause.`);
    }
  }
  store.sync.signalClient(client.id, paused ? 'paused' : 'resumed');
  tellClient(place, name);
  return viewOf(place, client);
}

export function removeClient(place: Workplace, name: string): ClientView {
  const { store, secrets, clouds, events } = place;
  const view = viewOf(place, store.clients.get(name));
  const removed = store.clients.remove(name);
  secrets.remove(secretName(removed.id));
  clouds.forget(removed.id);
  events.emit({ kind: 'entries-changed' });
  return view;
}

function viewOf({ store }: Workplace, client: ClientDetails): ClientView {
  return clientView(store, store.sync.client(client.id) ?? client);
}
