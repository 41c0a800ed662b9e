// Opens the Dropbox side of a client: its credentials become a CloudStore, once for each client while the program runs.
// Tokens come from the secrets file or, for clients made that way, from an environment variable at each use.

import { z } from 'zod';
import { Bandwidth } from '../cloud/dropbox/bandwidth.ts';
import { openDropbox, type DropboxClient } from '../cloud/dropbox/client.ts';
import { Fault } from '../engine/ports.ts';
import type { ClientId, ContentHash } from '../../src-shared/domain.ts';
import type { AccessToken, DropboxCredentials } from '../cloud/dropbox/tokens.ts';
import type { Clock, Random } from '../engine/ports.ts';
import type { Secrets } from '../infra/secrets.ts';
import type { ClientDetails } from '../store/clients.ts';
import type { DocumentStore } from '../store/open-store.ts';

/** As whom a client works in a team, and where its paths begin; the ids are learnt from Dropbox. */
const teamSchema = {
  teamMemberEmail: z.string().optional(),
  teamMemberId: z.string().optional(),
  teamSpace: z.boolean().optional(),
  rootNamespace: z.string().optional(),
};

/** What the database says about a client's login; the secret parts are kept elsewhere. */
export const credentialsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('access-token'), ...teamSchema }),
  z.object({ kind: z.literal('token-env'), variable: z.string(), ...teamSchema }),
  /** `scopes`: what the last login may do. */
  z.object({ kind: z.literal('app-key'), scopes: z.array(z.string()).optional(), ...teamSchema }),
]);
export type KeptCredentials = z.infer<typeof credentialsSchema>;

/** What a browser login leaves in the secrets. */
const loginSchema = z.object({ refreshToken: z.string(), accessToken: z.string(), expiresAt: z.number() });
export type KeptLogin = z.infer<typeof loginSchema>;

export interface CloudParts {
  readonly store: DocumentStore;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly random: Random;
  readonly env: NodeJS.ProcessEnv;
  /** The value of DOCKTIDE_DROPBOX_ORIGIN or of the demonstration; null is Dropbox itself. */
  readonly origin: string | null;
}

export interface Clouds {
  /** Fault login-lost where there is no login. */
  of(client: { readonly id: ClientId; readonly name: string }): DropboxClient;
  /** Dropbox with a login that is not kept yet; `learnt` is called with what the credentials lack. */
  withLogin(client: ClientDetails, login: KeptLogin | ReadyToken, learnt: (more: Learnt) => void): DropboxClient;
  /** Forgets the open connection, so that the next use takes new credentials. */
  forget(id: ClientId): void;
}

/** A token that a person has made in the Dropbox App Console. */
export interface ReadyToken {
  readonly token: string;
}

/** Ids that Dropbox told for a team's e-mail and space. */
export type Learnt = Pick<KeptCredentials, 'teamMemberId' | 'rootNamespace'>;

export function secretName(id: ClientId): string {
  return `client-${id}`;
}

export function appSecretName(id: ClientId): string {
  return `client-${id}-app`;
}

export function openClouds(parts: CloudParts): Clouds {
  const open = new Map<ClientId, { readonly cloud: DropboxClient; readonly login: string | null }>();
  const bandwidth = new Bandwidth(parts.clock, () => parts.store.bandwidth.limits());
  return {
    of({ id, name }) {
      const login = loginIn(parts.secrets, id);
      const known = open.get(id);
      // Another process may have been given another login meanwhile.
      if (known !== undefined && known.login === login) return known.cloud;
      const client = parts.store.clients.get(name);
      const kept = credentialsSchema.parse(client.credentials);
      const cloud = dropboxOf({ ...parts, bandwidth }, client, kept, credentialsOf(parts, client, kept), (more) =>
        keep(parts, name, more),
      );
      open.set(id, { cloud, login });
      return cloud;
    },
    withLogin(client, login, learnt) {
      const kept = credentialsSchema.parse(client.credentials);
      // Whom and where is asked anew: the login may be that of another team.
      const { teamMemberId: _member, rootNamespace: _root, ...rest } = kept;
      return dropboxOf(
        { ...parts, bandwidth },
        client,
        rest,
        'token' in login
          ? { kind: 'access-token', token: login.token }
          : refreshing(parts, client, login, () => undefined),
        learnt,
      );
    },
    forget: (id) => void open.delete(id),
  };
}

/** What tells one login from another: a renewed one is the same. */
function loginIn(secrets: Secrets, id: ClientId): string | null {
  const secret = secrets.get(secretName(id));
  if (secret === null || !secret.startsWith('{')) return secret;
  return loginSchema.parse(JSON.parse(secret)).refreshToken;
}

function dropboxOf(
  parts: CloudParts & { readonly bandwidth: Bandwidth },
  client: ClientDetails,
  kept: KeptCredentials,
  credentials: DropboxCredentials,
  learnt: (more: Learnt) => void,
): DropboxClient {
  const { id } = client;
  return openDropbox({
    root: client.root,
    credentials,
    clock: parts.clock,
    random: parts.random,
    bandwidth: parts.bandwidth,
    ...(parts.origin === null ? {} : { origin: parts.origin }),
    ...(kept.teamMemberEmail === undefined ? {} : { memberEmail: kept.teamMemberEmail }),
    ...(kept.teamMemberId === undefined ? {} : { selectUser: kept.teamMemberId }),
    ...(kept.rootNamespace === undefined ? {} : { pathRoot: kept.rootNamespace }),
    teamSpace: kept.teamSpace ?? false,
    onMemberKnown: (teamMemberId) => learnt({ teamMemberId }),
    onPathRootChanged: (rootNamespace) => learnt({ rootNamespace }),
    sessions: {
      get: (key) => parts.store.uploads.get(id, key as ContentHash),
      put: (key, session) => parts.store.uploads.put(id, key as ContentHash, session),
      delete: (key) => parts.store.uploads.remove(id, key as ContentHash),
    },
  });
}

/** So that the next run need not ask again. */
function keep({ store }: CloudParts, name: string, more: Learnt): void {
  const client = store.clients.find(name);
  if (client === null) return;
  const kept = credentialsSchema.parse(client.credentials);
  store.clients.setCredentials(client.id, { ...kept, ...more }, client.appKey);
  if (more.rootNamespace === undefined || kept.rootNamespace === undefined) return;
  store.sync.log({
    level: 'warning',
    clientId: client.id,
    direction: null,
    kind: 'pass',
    path: null,
    bytes: null,
    duration: null,
    result: 'note',
    reason: 'Dropbox has given the team space another root; Docktide goes on there.',
  });
}

function credentialsOf(parts: CloudParts, client: ClientDetails, kept: KeptCredentials): DropboxCredentials {
  if (kept.kind === 'token-env') return { kind: 'token', read: () => tokenFrom(parts.env, kept.variable, client.name) };
  const secret = parts.secrets.get(secretName(client.id));
  if (secret === null) {
    throw new Fault(
      'login-lost',
      kept.kind === 'app-key'
        ? `The client "${client.name}" is not logged in to Dropbox. Run: docktide client connect "${client.name}".`
        : `The token of the client "${client.name}" is missing from secrets.json. Give it a new one: docktide client token "${client.name}" --stdin.`,
    );
  }
  if (kept.kind === 'access-token') return { kind: 'access-token', token: secret };
  const login = loginSchema.parse(JSON.parse(secret));
  // Kept, so that the next run needs no request of its own to log in.
  return refreshing(parts, client, login, (access) =>
    parts.secrets.set(secretName(client.id), JSON.stringify({ ...login, ...access })),
  );
}

function refreshing(
  parts: CloudParts,
  client: ClientDetails,
  login: KeptLogin,
  onRefreshed: (access: AccessToken) => void,
): DropboxCredentials {
  const appSecret = parts.secrets.get(appSecretName(client.id));
  return {
    kind: 'refresh',
    appKey: client.appKey ?? '',
    ...(appSecret === null ? {} : { appSecret }),
    refreshToken: login.refreshToken,
    access: { accessToken: login.accessToken, expiresAt: login.expiresAt },
    onRefreshed,
  };
}

function tokenFrom(env: NodeJS.ProcessEnv, variable: string, client: string): string {
  const token = env[variable];
  if (token !== undefined && token !== '') return token;
  throw new Fault(
    'login-lost',
    `The environment variable ${variable}, which holds the token of the client "${client}", is not set. Set it and try again.`,
  );
}
