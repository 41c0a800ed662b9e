// Access tokens: where they come from and how they are renewed. In: credentials; out: a bearer token for each request.
// A refresh is one form post to /oauth2/token (no secret ever stands in a query string), shared by concurrent callers.
// Called by the transport; `postTokenForm` also by oauth.ts.

import { Fault, type Clock } from '../../engine/ports.ts';
import { faultOf, isRecord } from './errors.ts';
import { addressFor } from './origin.ts';

export type DropboxCredentials =
  | { readonly kind: 'access-token'; readonly token: string }
  /** Read again for every request, as from an environment variable or a file. */
  | { readonly kind: 'token'; readonly read: () => string }
  | {
      readonly kind: 'refresh';
      readonly appKey: string;
      readonly appSecret?: string;
      readonly refreshToken: string;
      /** A token from the login, to start with. */
      readonly access?: AccessToken;
      readonly onRefreshed?: (access: AccessToken) => void;
    };

export interface AccessToken {
  readonly accessToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface TokenSource {
  /** The token to send now; renewed first where it is about to expire. */
  current(): Promise<string>;
  /** A token other than `stale`, which the server refused; null where there is none to be had. */
  renew(stale: string): Promise<string | null>;
}

/** Milliseconds before its end at which a token is renewed. */
const RENEW_BEFORE = 60_000;
const LOGGING_IN = 'Logging in to Dropbox';
const TOKEN_ADDRESS = 'https://api.dropboxapi.com/oauth2/token';

export interface TokenRequestOptions {
  readonly origin: string | null;
  readonly fetch: typeof fetch;
}

export function tokenSource(
  credentials: DropboxCredentials,
  options: TokenRequestOptions & { readonly clock: Clock },
): TokenSource {
  if (credentials.kind === 'access-token') {
    return { current: async () => credentials.token, renew: async () => null };
  }
  if (credentials.kind === 'token') {
    const read = credentials.read;
    return {
      current: async () => read(),
      renew: async (stale) => {
        const token = read();
        return token === stale ? null : token;
      },
    };
  }
  return refreshingSource(credentials, options);
}

function refreshingSource(
  credentials: Extract<DropboxCredentials, { kind: 'refresh' }>,
  options: TokenRequestOptions & { readonly clock: Clock },
): TokenSource {
  let access = credentials.access ?? null;
  let pending: Promise<AccessToken> | null = null;
  const refresh = (): Promise<AccessToken> => {
    pending ??= refreshAccess(credentials, options)
      .then((fresh) => {
        access = fresh;
        credentials.onRefreshed?.(fresh);
        return fresh;
      })
      .finally(() => {
        pending = null;
      });
    return pending;
  };
  return {
    current: async () => {
      const usable = access !== null && access.expiresAt - RENEW_BEFORE > options.clock.now();
      return (usable && access !== null ? access : await refresh()).accessToken;
    },
    renew: async (stale) => {
      if (access !== null && access.accessToken !== stale) return access.accessToken;
      return (await refresh()).accessToken;
    },
  };
}

async function refreshAccess(
  credentials: Extract<DropboxCredentials, { kind: 'refresh' }>,
  options: TokenRequestOptions & { readonly clock: Clock },
): Promise<AccessToken> {
  const answer = await postTokenForm(
    {
      grant_type: 'refresh_token',
      refresh_token: credentials.refreshToken,
      client_id: credentials.appKey,
      ...(credentials.appSecret === undefined ? {} : { client_secret: credentials.appSecret }),
    },
    options,
  );
  return { accessToken: answer.accessToken, expiresAt: options.clock.now() + answer.expiresIn * 1000 };
}

export interface TokenAnswer {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** Seconds. */
  readonly expiresIn: number;
  readonly accountId: string;
  readonly teamId: string | null;
  readonly scopes: readonly string[];
}

/** Posts a form to /oauth2/token. Faults: login-lost (refused), network, server, rate-limited, bad-request. */
export async function postTokenForm(
  form: Readonly<Record<string, string>>,
  options: TokenRequestOptions & { readonly signal?: AbortSignal },
): Promise<TokenAnswer> {
  const what = form['grant_type'] === 'refresh_token' ? 'Renewing the login' : LOGGING_IN;
  let response: Response;
  let text: string;
  try {
    response = await options.fetch(addressFor(TOKEN_ADDRESS, options.origin), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
      redirect: 'error',
      signal: options.signal ?? null,
    });
    text = await response.text();
  } catch (error) {
    throw faultOf(error, what);
  }
  const body = parsed(text);
  if (!response.ok) throw refusal(response, body, what);
  const accessToken = textOf(body, 'access_token');
  if (accessToken === null) throw new Fault('server', `${what} failed: Dropbox sent no token.`, { retryable: true });
  const expiresIn = body?.['expires_in'];
  return {
    accessToken,
    refreshToken: textOf(body, 'refresh_token'),
    expiresIn: typeof expiresIn === 'number' ? expiresIn : 14_400,
    accountId: textOf(body, 'account_id') ?? '',
    teamId: textOf(body, 'team_id'),
    scopes: (textOf(body, 'scope') ?? '').split(' ').filter((scope) => scope !== ''),
  };
}

function refusal(response: Response, body: Record<string, unknown> | null, what: string): Fault {
  if (response.status === 429 || response.status >= 500) {
    const wait = Number(response.headers.get('retry-after') ?? '');
    return new Fault(
      response.status === 429 ? 'rate-limited' : 'server',
      `${what} failed: Dropbox is not ready (${response.status}); it is tried again.`,
      { retryable: true, retryAfter: Number.isFinite(wait) && wait > 0 ? wait : null },
    );
  }
  const reason = textOf(body, 'error');
  if (reason === 'invalid_client' || reason === 'invalid_client_id') {
    return new Fault('login-lost', `${what} failed: Dropbox does not know this app key, or the app secret is wrong.`);
  }
  if (reason === 'invalid_grant' && what === LOGGING_IN) {
    return new Fault(
      'login-lost',
      `${what} failed: the code that Dropbox gave is no longer good; it was used already or has expired. Start the connection again.`,
    );
  }
  if (reason === 'invalid_grant') {
    return new Fault('login-lost', `${what} failed: Dropbox no longer accepts this login. Connect again.`);
  }
  return new Fault('bad-request', `${what} failed: Dropbox refused it (${reason ?? response.status}).`);
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function textOf(body: Record<string, unknown> | null, key: string): string | null {
  const value = body?.[key];
  return typeof value === 'string' ? value : null;
}
