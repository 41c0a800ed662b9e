// Opens the Dropbox side of a client: its credentials become a CloudStore, once for each client while the program runs.
// Tokens come from the secrets file or, for clients made that way, from an environment variable at each use.

import { z } from 'zod';
import { openDropbox } from '../cloud/dropbox/client.ts';
import { Fault } from '../engine/ports.ts';
import type { ClientId, ContentHash } from '../../src-shared/domain.ts';
import type { DropboxCredentials } from '../cloud/dropbox/tokens.ts';
import type { Clock, CloudStore, Random } from '../engine/ports.ts';
import type { Secrets } from '../infra/secrets.ts';
import type { ClientDetails } from '../store/clients.ts';
import type { DocumentStore } from '../store/open-store.ts';

/** What the database says about a client's login; the secret part is kept elsewhere. */
export const credentialsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('access-token') }),
  z.object({ kind: z.literal('token-env'), variable: z.string() }),
  z.object({ kind: z.literal('app-key') }),
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
  of(client: { readonly id: ClientId; readonly name: string }): CloudStore;
  /** Forgets the open connection, so that the next use takes new credentials. */
  forget(id: ClientId): void;
}

export function secretName(id: ClientId): string {
  return `client-${id}`;
}

export function openClouds(parts: CloudParts): Clouds {
  const open = new Map<ClientId, CloudStore>();
  return {
    of({ id, name }) {
      const known = open.get(id);
      if (known !== undefined) return known;
      const client = parts.store.clients.get(name);
      const cloud = openDropbox({
        root: client.root,
        credentials: credentialsOf(parts, client),
        clock: parts.clock,
        random: parts.random,
        ...(parts.origin === null ? {} : { origin: parts.origin }),
        sessions: {
          get: (key) => parts.store.uploads.get(id, key as ContentHash),
          put: (key, session) => parts.store.uploads.put(id, key as ContentHash, session),
          delete: (key) => parts.store.uploads.remove(id, key as ContentHash),
        },
      });
      open.set(id, cloud);
      return cloud;
    },
    forget: (id) => void open.delete(id),
  };
}

function credentialsOf(parts: CloudParts, client: ClientDetails): DropboxCredentials {
  const kept = credentialsSchema.parse(client.credentials);
  if (kept.kind === 'token-env') return { kind: 'token', read: () => tokenFrom(parts.env, kept.variable, client.name) };
  const secret = parts.secrets.get(secretName(client.id));
  if (secret === null) {
    throw new Fault(
      'login-lost',
      kept.kind === 'app-key'
        ? `The client "${client.name}" is not logged in to Dropbox. Run: docktide client connect "${client.name}".`
        : `The token of the client "${client.name}" is missing from secrets.json. Remove the client and add it again.`,
    );
  }
  if (kept.kind === 'access-token') return { kind: 'access-token', token: secret };
  const login = loginSchema.parse(JSON.parse(secret));
  return {
    kind: 'refresh',
    appKey: client.appKey ?? '',
    refreshToken: login.refreshToken,
    access: { accessToken: login.accessToken, expiresAt: login.expiresAt },
    // Kept, so that the next run needs no request of its own to log in.
    onRefreshed: (access) => parts.secrets.set(secretName(client.id), JSON.stringify({ ...login, ...access })),
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
