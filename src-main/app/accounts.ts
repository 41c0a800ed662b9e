// Clients: adding, pausing, removing. Rows go to the database, tokens and app secrets to the secrets. Logging in:
// connecting.ts.

import { appSecretName, credentialsSchema, secretName } from './clouds.ts';
import { tellClient } from './notices.ts';
import { refuseSharedRoot } from './roots.ts';
import { AppError } from './service.ts';
import { clientView } from './views-of.ts';
import type { KeptCredentials } from './clouds.ts';
import type { ClientView } from '../../src-shared/views.ts';
import type { ClientDetails } from '../store/clients.ts';
import type { Workplace } from './docktide.ts';
import type { ClientOptions, Credentials } from './service.ts';

/** Throws AppError 'duplicate', 'bad-name', 'bad-credentials', 'bad-email', 'root-in-use'. */
export function addClient(
  place: Workplace,
  name: string,
  root: string,
  credentials: Credentials,
  options: ClientOptions = {},
): ClientView {
  const { store, secrets, events } = place;
  const { kept, secret, appSecret } = checkedCredentials(credentials);
  const team = teamOf(options);
  refuseSharedRoot(name, root, sameLogin(place, credentials, team.teamMemberEmail));
  const client = store.clients.add({
    name,
    root,
    state: credentials.kind === 'app-key' ? 'draft' : 'connected',
    appKey: credentials.kind === 'app-key' ? credentials.appKey.trim() : null,
    credentials: { ...kept, ...team },
  });
  try {
    if (secret !== null) secrets.set(secretName(client.id), secret);
    if (appSecret !== null) secrets.set(appSecretName(client.id), appSecret);
  } catch (error) {
    store.clients.remove(client.name);
    throw error;
  }
  const view = viewOf(place, client);
  events.emit({ kind: 'client-changed', client: view });
  return view;
}

/** With a team's user the whole team space is meant, unless the person says otherwise. */
function teamOf({ teamMemberEmail, teamSpace }: ClientOptions): Pick<KeptCredentials, 'teamMemberEmail' | 'teamSpace'> {
  const email = teamMemberEmail?.trim();
  if (email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw new AppError(
      'bad-email',
      `"${email}" is not an e-mail address. Give the one with which the user is in Dropbox.`,
    );
  }
  const space = teamSpace ?? email !== undefined;
  return { ...(email === undefined ? {} : { teamMemberEmail: email }), ...(space ? { teamSpace: true } : {}) };
}

/** Replaces or, with null, forgets the secret of the client's Dropbox app. Throws AppError 'not-an-app', 'bad-credentials'. */
export function setAppSecret(place: Workplace, name: string, secret: string | null): ClientView {
  const { store, secrets, clouds } = place;
  const client = store.clients.get(name);
  if (client.appKey === null) {
    throw new AppError('not-an-app', `The client "${name}" uses a ready token and has no app secret.`);
  }
  if (secret === null) secrets.remove(appSecretName(client.id));
  else secrets.set(appSecretName(client.id), checkedAppSecret(secret));
  clouds.forget(client.id);
  return viewOf(place, client);
}

function checkedAppSecret(text: string): string {
  const secret = text.trim();
  if (/^[\u0021-\u007e]+$/.test(secret)) return secret;
  throw new AppError(
    'bad-credentials',
    'The app secret is empty or holds signs that no app secret has. Copy it from the Dropbox App Console, or leave it out.',
  );
}

/** Throws AppError 'bad-credentials' for what no HTTP header can carry: that is no token. */
export function checkedToken(text: string): string {
  const token = text.trim();
  if (/^[\u0021-\u007e]+$/.test(token)) return token;
  throw new AppError(
    'bad-credentials',
    'The access token is empty or holds spaces or other signs that no token has. Copy it again.',
  );
}

interface Checked {
  readonly kept: KeptCredentials;
  readonly secret: string | null;
  readonly appSecret: string | null;
}

function checkedCredentials(credentials: Credentials): Checked {
  const refuse = (what: string): AppError => new AppError('bad-credentials', what);
  if (credentials.kind === 'access-token') {
    return { kept: { kind: 'access-token' }, secret: checkedToken(credentials.token), appSecret: null };
  }
  if (credentials.kind === 'token-env') {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(credentials.variable)) {
      throw refuse(
        `"${credentials.variable}" is not the name of an environment variable. Write it as in DROPBOX_TOKEN.`,
      );
    }
    return { kept: { kind: 'token-env', variable: credentials.variable }, secret: null, appSecret: null };
  }
  if (!/^[A-Za-z0-9_-]+$/.test(credentials.appKey.trim())) {
    throw refuse('The app key is empty or holds signs that no app key has. Copy it from the Dropbox App Console.');
  }
  const appSecret = credentials.appSecret === undefined ? null : checkedAppSecret(credentials.appSecret);
  return { kept: { kind: 'app-key' }, secret: null, appSecret };
}

/** Clients that surely log in to the same account, as far as that can be told without asking Dropbox. */
function sameLogin(
  { store, secrets }: Workplace,
  credentials: Credentials,
  teamMemberEmail: string | undefined,
): { client: string; root: string }[] {
  const same = (other: ClientDetails): boolean => {
    const kept = credentialsSchema.safeParse(other.credentials).data;
    if (kept === undefined || kept.teamMemberEmail?.toLowerCase() !== teamMemberEmail?.toLowerCase()) return false;
    if (credentials.kind === 'token-env') return kept.kind === 'token-env' && kept.variable === credentials.variable;
    if (credentials.kind !== 'access-token' || kept.kind !== 'access-token') return false;
    return secrets.get(secretName(other.id)) === credentials.token.trim();
  };
  return store.clients
    .all()
    .filter(same)
    .map((other) => ({ client: other.name, root: other.root }));
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
  secrets.remove(appSecretName(removed.id));
  clouds.forget(removed.id);
  events.emit({ kind: 'entries-changed' });
  return view;
}

function viewOf({ store }: Workplace, client: ClientDetails): ClientView {
  return clientView(store, store.sync.client(client.id) ?? client);
}
