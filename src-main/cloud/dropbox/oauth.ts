// Logging in to Dropbox: authorisation code with PKCE (S256), in the system's browser. In: the app's key; out: a refresh
// token and what it may do. `loginByBrowser` receives the code on a loopback address; `loginByCode` lets a person paste
// it, for where no port is free. Rules: RFC 7636, RFC 8252 and Dropbox's OAuth guide. Called by the application service.

import { createHash, randomBytes } from 'node:crypto';

import { SCOPE_BOXES } from '../../../src-shared/dropbox-scopes.ts';
import type { Speech } from '../../../src-shared/said.ts';
import { Fault, type Clock } from '../../engine/ports.ts';
import { addressFor, loopbackOrigin } from './origin.ts';
import { LOOPBACK_PORTS, listenForRedirect, redirectUri } from './redirect-listener.ts';
import type { Page } from './redirect-page.ts';
import { postTokenForm } from './tokens.ts';

const AUTHORIZE_ADDRESS = 'https://www.dropbox.com/oauth2/authorize';

/** What has to be ticked under Permissions of the Dropbox app. */
export const ACCOUNT_SCOPES: readonly string[] = SCOPE_BOXES.filter((box) => !box.team).map((box) => box.scope);
export const TEAM_SCOPES: readonly string[] = SCOPE_BOXES.map((box) => box.scope);

export interface LoginOptions {
  readonly appKey: string;
  readonly appSecret?: string;
  /** Asks for what a team account needs, too. */
  readonly team?: boolean;
  /** A loopback origin that stands for all of Dropbox. */
  readonly origin?: string;
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
}

export interface BrowserLoginOptions extends LoginOptions {
  /** Opens the system's browser at the address. */
  readonly openBrowser: (address: string) => void | Promise<void>;
  readonly ports?: readonly number[];
  /** Default ten minutes. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
  /** The language of the pages that the browser shows at the end, asked for each; English unless told. */
  readonly speech?: () => Speech;
  /**
   * Looks at the login before the browser is told that all is well. What it throws is shown there, so its message is a
   * sentence for people; it keeps nothing, as the login may still be given up.
   */
  readonly accept?: (login: Login) => Promise<void>;
}

export interface Login {
  readonly refreshToken: string;
  readonly accessToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Empty for a team's login. */
  readonly accountId: string;
  readonly teamId: string | null;
  readonly scopes: readonly string[];
  /** Permissions that the Dropbox app lacks; sync will fail where it needs them. */
  readonly missingScopes: readonly string[];
}

/** The redirect addresses to register with the Dropbox app. */
export function redirectAddresses(): readonly string[] {
  return LOOPBACK_PORTS.map(redirectUri);
}

/** Faults: busy (no port is free), no-permission (declined), aborted, network, and what the exchange answers. */
export async function loginByBrowser(options: BrowserLoginOptions): Promise<Login> {
  const proof = newProof();
  const ended = new AbortController();
  const signal = options.signal === undefined ? ended.signal : AbortSignal.any([options.signal, ended.signal]);
  const { promise, resolve, reject } = Promise.withResolvers<Login>();
  let used = false;
  const visit = async (query: URLSearchParams): Promise<Page> => {
    if (query.get('state') !== proof.state || used) return STRANGE_VISIT;
    used = true;
    try {
      const login = await exchange(options, proof, codeOf(query), listener.redirectUri, signal);
      await options.accept?.(login);
      resolve(login);
      return CONNECTED;
    } catch (error) {
      reject(error);
      const text = error instanceof Error ? error.message : 'Something unexpected happened.';
      return {
        status: 400,
        tone: 'bad',
        title: 'Dropbox is not connected',
        text: [text, 'You can close this window.'],
      };
    }
  };
  const listener = await listenForRedirect(options.ports ?? LOOPBACK_PORTS, visit, options.speech);
  try {
    const limit = (options.timeoutSeconds ?? 600) * 1000;
    const timeout = options.clock.sleep(limit, signal).then(
      () => Promise.reject(new Fault('aborted', 'Nobody logged in to Dropbox in time. Start the connection again.')),
      () => Promise.reject(new Fault('aborted', 'The login to Dropbox was ended.')),
    );
    timeout.catch(() => undefined);
    promise.catch(() => undefined);
    await options.openBrowser(authorizeAddress(options, proof, listener.redirectUri));
    return await Promise.race([promise, timeout]);
  } finally {
    ended.abort();
    listener.close();
  }
}

export interface CodeLogin {
  /** To be opened in a browser; Dropbox shows the code there. */
  readonly address: string;
  /** Faults: bad-request (no code), and what the exchange answers. */
  finish(code: string, signal?: AbortSignal): Promise<Login>;
}

/** The way without a redirect: a person copies the code from the browser. */
export function loginByCode(options: LoginOptions): CodeLogin {
  const proof = newProof();
  return {
    address: authorizeAddress(options, proof, null),
    finish: async (code, signal) => {
      const text = code.trim();
      if (text === '') throw new Fault('bad-request', 'The code is empty. Copy the code that Dropbox shows.');
      return exchange(options, proof, text, null, signal);
    },
  };
}

const CONNECTED: Page = {
  status: 200,
  tone: 'good',
  title: 'Dropbox is connected',
  text: ['You can close this window and return to Docktide.'],
};
const STRANGE_VISIT: Page = {
  status: 400,
  tone: 'bad',
  title: 'This login is not known',
  text: [
    'Docktide did not start it, or it was used already. Start the connection in Docktide again.',
    'You can close this window.',
  ],
};

interface Proof {
  readonly state: string;
  readonly verifier: string;
}

function newProof(): Proof {
  return { state: randomBytes(24).toString('base64url'), verifier: randomBytes(48).toString('base64url') };
}

/** Without `scope` Dropbox grants all that the app has ticked; asking for more would end on an error page of Dropbox. */
function authorizeAddress(options: LoginOptions, proof: Proof, redirect: string | null): string {
  const query = new URLSearchParams({
    client_id: options.appKey,
    response_type: 'code',
    token_access_type: 'offline',
    code_challenge: createHash('sha256').update(proof.verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(redirect === null ? {} : { redirect_uri: redirect, state: proof.state }),
  });
  return addressFor(`${AUTHORIZE_ADDRESS}?${query.toString()}`, originOf(options));
}

function codeOf(query: URLSearchParams): string {
  const code = query.get('code');
  if (code !== null && code !== '') return code;
  if (query.get('error') === 'access_denied') {
    throw new Fault('no-permission', 'The connection was declined in the browser.');
  }
  const reason = query.get('error_description') ?? query.get('error') ?? 'it sent no code';
  throw new Fault('bad-request', `Dropbox did not connect: ${reason}. Start the connection again.`);
}

async function exchange(
  options: LoginOptions,
  proof: Proof,
  code: string,
  redirect: string | null,
  signal?: AbortSignal,
): Promise<Login> {
  const answer = await postTokenForm(
    {
      grant_type: 'authorization_code',
      code,
      client_id: options.appKey,
      code_verifier: proof.verifier,
      ...(options.appSecret === undefined ? {} : { client_secret: options.appSecret }),
      ...(redirect === null ? {} : { redirect_uri: redirect }),
    },
    { origin: originOf(options), fetch: options.fetch ?? fetch, ...(signal === undefined ? {} : { signal }) },
  );
  if (answer.refreshToken === null) {
    throw new Fault('login-lost', 'Dropbox sent no lasting login. Start the connection again.');
  }
  return {
    refreshToken: answer.refreshToken,
    accessToken: answer.accessToken,
    expiresAt: options.clock.now() + answer.expiresIn * 1000,
    accountId: answer.accountId,
    teamId: answer.teamId,
    scopes: answer.scopes,
    missingScopes: wantedScopes(options).filter((scope) => !answer.scopes.includes(scope)),
  };
}

function wantedScopes(options: LoginOptions): readonly string[] {
  return options.team === true ? TEAM_SCOPES : ACCOUNT_SCOPES;
}

function originOf(options: LoginOptions): string | null {
  return options.origin === undefined ? null : loopbackOrigin(options.origin);
}
