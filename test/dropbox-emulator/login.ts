// Tokens and authorisation codes: which bearer tokens are good, what they may do, when they expire; OAuth with PKCE.
// http.ts checks each request here; routes/oauth.ts issues; the control endpoint revokes and expires.

import { createHash, randomBytes } from 'node:crypto';
import { LoginError, MalformedCall, tag } from './answers.ts';

export const ALL_SCOPES = [
  'account_info.read',
  'files.metadata.read',
  'files.metadata.write',
  'files.content.read',
  'files.content.write',
  'sharing.read',
  'sharing.write',
  'team_info.read',
  'team_data.member',
  'members.read',
] as const;

/** What a token carries. `null` scopes are all scopes; `null` expiry is never. */
export interface Grant {
  readonly scopes: readonly string[] | null;
  readonly expires: number | null;
  /** The refresh token it came from; revoking one revokes all. */
  readonly refreshToken: string | null;
  /** Whether it stands for a whole team or for one account; where nothing is said it is taken for either. */
  readonly team?: boolean;
}

interface Refresh {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly team?: boolean;
}

/** The Dropbox app as its owner has set it up in the console. */
export interface AppSettings {
  /** Registered redirect addresses; null accepts any that the rules allow. */
  readonly redirectUris: readonly string[] | null;
  /** Permissions that are ticked; null is all. */
  readonly scopes: readonly string[] | null;
  /** A wrong secret is refused; null accepts any. */
  readonly appSecret: string | null;
  /** Logins without a secret are refused, as Dropbox does where there is no code challenge. */
  readonly needsSecret: boolean;
  /** Whether its logins stand for a whole team. */
  readonly team: boolean;
  /** Lifetime of an authorisation code. */
  readonly codeSeconds: number;
  /** The browser is led back with a state that nobody gave. */
  readonly strangeState: boolean;
}

export const UNTOUCHED_APP: AppSettings = {
  redirectUris: null,
  scopes: null,
  appSecret: null,
  needsSecret: false,
  team: false,
  codeSeconds: 600,
  strangeState: false,
};

interface PendingCode {
  readonly clientId: string;
  readonly redirectUri: string | null;
  readonly challenge: string | null;
  readonly challengeMethod: 'S256' | 'plain';
  readonly offline: boolean;
  readonly scopes: readonly string[];
  readonly expires: number;
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  /** Seconds. */
  readonly expiresIn: number;
  readonly scopes: readonly string[];
}

export type LoginRecord =
  | { readonly kind: 'access'; readonly token: string; readonly grant: Grant }
  | { readonly kind: 'refresh'; readonly token: string; readonly refresh: Refresh }
  | { readonly kind: 'revoked'; readonly token: string };

/** Why the token endpoint refuses (RFC 6749, section 5.2). */
export class GrantProblem extends Error {
  readonly code: 'invalid_grant' | 'invalid_request' | 'invalid_client' | 'unsupported_grant_type';
  constructor(code: GrantProblem['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export class Login {
  readonly #required: string | null;
  readonly #now: () => number;
  readonly #access = new Map<string, Grant>();
  readonly #refresh = new Map<string, Refresh>();
  readonly #revoked = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #codes = new Map<string, PendingCode>();
  app: AppSettings = UNTOUCHED_APP;
  /** Called for each change that must survive a restart. */
  recorded: (record: LoginRecord) => void = () => {};

  /** `required` is the only token that is good beside issued ones; null accepts any. */
  constructor(required: string | null, now: () => number) {
    this.#required = required;
    this.#now = now;
  }

  /** Applies a kept record. */
  restore(record: LoginRecord): void {
    if (record.kind === 'access') this.#access.set(record.token, record.grant);
    else if (record.kind === 'refresh') this.#refresh.set(record.token, record.refresh);
    else this.#revoked.add(record.token);
  }

  #record(record: LoginRecord): void {
    this.restore(record);
    this.recorded(record);
  }

  /** The grant of a token; throws what a request with it is answered. */
  check(token: string): Grant {
    if (!/^[\w.\-+/=~:]+$/.test(token)) throw new MalformedCall('The given OAuth 2 access token is malformed.');
    this.#seen.add(token);
    if (this.#revoked.has(token)) throw new LoginError(tag('invalid_access_token'));
    const issued = this.#access.get(token);
    if (issued !== undefined) {
      if (issued.expires !== null && issued.expires <= this.#now()) throw new LoginError(tag('expired_access_token'));
      return issued;
    }
    if (this.#required !== null && token !== this.#required) throw new LoginError(tag('invalid_access_token'));
    return { scopes: null, expires: null, refreshToken: null };
  }

  /** Makes a token useless for ever, together with the refresh token it came from. */
  revoke(token: string): void {
    const refreshToken = this.#access.get(token)?.refreshToken ?? (this.#refresh.has(token) ? token : null);
    const family = [...this.#access].filter(
      ([, grant]) => refreshToken !== null && grant.refreshToken === refreshToken,
    );
    for (const one of new Set([token, ...family.map(([name]) => name)])) this.#record({ kind: 'revoked', token: one });
    if (refreshToken !== null) this.#record({ kind: 'revoked', token: refreshToken });
  }

  /** Revokes every token that was issued or used so far. */
  revokeAll(): void {
    for (const token of new Set([...this.#seen, ...this.#access.keys(), ...this.#refresh.keys()])) this.revoke(token);
  }

  /** Lets access tokens expire now: one, or all that were issued. */
  expire(token: string | null): void {
    for (const [name, grant] of this.#access) {
      if (token === null || name === token) {
        this.#record({ kind: 'access', token: name, grant: { ...grant, expires: this.#now() } });
      }
    }
    if (token !== null && !this.#access.has(token)) {
      this.#record({ kind: 'access', token, grant: { scopes: null, expires: this.#now(), refreshToken: null } });
    }
  }

  /** Gives a token a set of permissions. */
  limit(token: string, scopes: readonly string[]): void {
    const grant = this.#access.get(token) ?? { expires: null, refreshToken: null };
    this.#record({ kind: 'access', token, grant: { ...grant, scopes } });
  }

  /** Says whether a token stands for a whole team or for one account. */
  declare(token: string, team: boolean): void {
    const grant = this.#access.get(token) ?? { scopes: null, expires: null, refreshToken: null };
    this.#record({ kind: 'access', token, grant: { ...grant, team } });
  }

  /** A code for the redirect; good once, for ten minutes unless told. */
  issueCode(request: Omit<PendingCode, 'expires'>): string {
    const code = randomBytes(32).toString('base64url');
    this.#codes.set(code, { ...request, expires: this.#now() + this.app.codeSeconds * 1000 });
    return code;
  }

  redeemCode(
    code: string,
    caller: {
      readonly clientId: string;
      readonly redirectUri: string | null;
      readonly verifier: string | null;
      readonly secret: string | null;
    },
    lifetimeSeconds: number,
  ): IssuedTokens {
    this.#checkSecret(caller.secret);
    const pending = this.#codes.get(code);
    this.#codes.delete(code);
    if (pending === undefined) throw new GrantProblem('invalid_grant', "code doesn't exist or has expired");
    if (pending.expires <= this.#now()) throw new GrantProblem('invalid_grant', 'code has expired');
    if (pending.clientId !== caller.clientId) throw new GrantProblem('invalid_grant', 'client_id mismatch');
    if (pending.redirectUri !== caller.redirectUri) throw new GrantProblem('invalid_grant', 'redirect_uri mismatch');
    if (pending.challenge === null) {
      if (caller.verifier !== null) throw new GrantProblem('invalid_grant', 'no code challenge was given');
      if (caller.secret === null)
        throw new GrantProblem('invalid_client', 'No auth function available for given request');
    } else if (caller.verifier === null) throw new GrantProblem('invalid_grant', 'code_verifier is missing');
    else if (challengeOf(caller.verifier, pending.challengeMethod) !== pending.challenge) {
      throw new GrantProblem('invalid_grant', 'invalid code verifier');
    }
    const refreshToken = pending.offline ? randomBytes(48).toString('base64url') : null;
    if (refreshToken !== null) {
      const refresh = { clientId: pending.clientId, scopes: pending.scopes, team: this.app.team };
      this.#record({ kind: 'refresh', token: refreshToken, refresh });
    }
    return this.#issue(pending.scopes, refreshToken, lifetimeSeconds, this.app.team);
  }

  redeemRefreshToken(
    token: string,
    clientId: string,
    secret: string | null,
    scopes: readonly string[] | null,
    lifetimeSeconds: number,
  ): IssuedTokens {
    this.#checkSecret(secret);
    const refresh = this.#refresh.get(token);
    if (refresh === undefined || this.#revoked.has(token) || refresh.clientId !== clientId) {
      throw new GrantProblem('invalid_grant', 'refresh token is invalid or revoked');
    }
    if (scopes !== null && scopes.some((scope) => !refresh.scopes.includes(scope))) {
      throw new GrantProblem('invalid_request', 'scope was not granted');
    }
    return this.#issue(scopes ?? refresh.scopes, token, lifetimeSeconds, refresh.team ?? false);
  }

  #checkSecret(secret: string | null): void {
    const { appSecret, needsSecret } = this.app;
    if (secret === null ? needsSecret : appSecret !== null && secret !== appSecret) {
      throw new GrantProblem('invalid_client', 'Invalid client_id or client_secret');
    }
  }

  #issue(scopes: readonly string[], refreshToken: string | null, expiresIn: number, team: boolean): IssuedTokens {
    const accessToken = `sl.${randomBytes(96).toString('base64url')}`;
    const grant = { scopes, expires: this.#now() + expiresIn * 1000, refreshToken, team };
    this.#record({ kind: 'access', token: accessToken, grant });
    return { accessToken, refreshToken, expiresIn, scopes };
  }
}

function challengeOf(verifier: string, method: 'S256' | 'plain'): string {
  return method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
}
