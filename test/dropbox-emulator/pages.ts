// Pages for browsers: the OAuth consent page and token endpoint, and the addresses of shared and temporary links.
// Called by server.ts for everything outside /2/ and /_control/.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { displayName } from './accounts.ts';
import { sendBody } from './bodies.ts';
import type { Emulator } from './emulator.ts';
import { viewAt } from './http.ts';
import { revisionOf } from './lookup.ts';
import { ALL_SCOPES, GrantProblem, type IssuedTokens } from './login.ts';
import { escapeHtml } from './paper.ts';
import type { RequestCounts } from './request-counts.ts';
import { downloadOf } from './routes/reading.ts';

/** Serves a page; answers false where the address means none. */
export async function servePage(
  emulator: Emulator,
  counts: RequestCounts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> {
  if (url.pathname === '/oauth2/authorize') await authorize(emulator, request, response, url);
  else if (url.pathname === '/oauth2/token') {
    counts.request('oauth2/token');
    await token(emulator, request, response, url);
  } else if (url.pathname.startsWith('/temporary/'))
    await serveLink(emulator, counts, request, response, temporary(emulator, url));
  else if (url.pathname.startsWith('/scl/'))
    await serveLink(emulator, counts, request, response, shared(emulator, url));
  else return false;
  return true;
}

// ---------------------------------------------------------------- consent

interface Consent {
  readonly clientId: string;
  readonly redirectUri: string | null;
  readonly state: string | null;
  readonly challenge: string | null;
  readonly challengeMethod: 'S256' | 'plain';
  readonly offline: boolean;
  readonly scopes: readonly string[];
}

/** What the page is asked for, or why it refuses. Refusals are shown, never redirected: the address is not trusted. */
function readConsent(emulator: Emulator, query: URLSearchParams): Consent | string {
  const clientId = query.get('client_id') ?? '';
  const redirectUri = query.get('redirect_uri');
  if (clientId === '') return 'Missing client_id.';
  if (query.get('response_type') !== 'code') return 'Invalid response_type: must be "code".';
  if (redirectUri !== null && !isAllowedRedirect(emulator, redirectUri)) {
    return "Invalid redirect_uri. It must exactly match one of the redirect URIs you've pre-configured for your app (including the path).";
  }
  const method = query.get('code_challenge_method') ?? 'plain';
  if (method !== 'S256' && method !== 'plain') return 'Invalid code_challenge_method.';
  const challenge = query.get('code_challenge');
  if (challenge !== null && !/^[\w.~-]{43,128}$/.test(challenge)) return 'Invalid code_challenge.';
  const access = query.get('token_access_type') ?? 'online';
  if (!['offline', 'online', 'legacy'].includes(access)) return 'Invalid token_access_type.';
  const ticked: readonly string[] = emulator.login.app.scopes ?? ALL_SCOPES;
  const scopes = query
    .get('scope')
    ?.split(/\s+/)
    .filter((scope) => scope !== '') ?? [...ticked];
  const unknown = scopes.find((scope) => !ticked.includes(scope));
  if (unknown !== undefined) return `Invalid scope: ${unknown}.`;
  const state = query.get('state');
  return { clientId, redirectUri, state, challenge, challengeMethod: method, offline: access === 'offline', scopes };
}

/** One of the registered addresses, exactly; plain http only to this computer. */
function isAllowedRedirect(emulator: Emulator, address: string): boolean {
  const registered = emulator.login.app.redirectUris;
  if (registered !== null && !registered.includes(address)) return false;
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return false;
  }
  return url.protocol === 'https:' || (url.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname));
}

async function authorize(
  emulator: Emulator,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const consent = readConsent(emulator, url.searchParams);
  if (typeof consent === 'string') {
    html(
      response,
      400,
      'Error (400)',
      `<h1>It seems the app you were using submitted a bad request</h1><p>${escapeHtml(consent)}</p>`,
    );
    return;
  }
  const { autoApprove, autoDeny } = emulator.faults.settings;
  const posted = request.method === 'POST' ? new URLSearchParams(await readText(request)).get('decision') : null;
  if (autoDeny || posted === 'deny') deny(emulator, response, consent);
  else if (autoApprove || posted === 'allow') approve(emulator, response, consent);
  else {
    html(
      response,
      200,
      'Connect to Dropbox',
      `<h1>${escapeHtml(consent.clientId)} would like access to the Dropbox of ${escapeHtml(displayName(emulator.accounts.settings))}</h1>
<ul>${consent.scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('')}</ul>
<form method="post"><button name="decision" value="deny">Deny</button> <button name="decision" value="allow">Allow</button></form>`,
    );
  }
}

function approve(emulator: Emulator, response: ServerResponse, consent: Consent): void {
  const { state, ...request } = consent;
  const code = emulator.login.issueCode(request);
  if (consent.redirectUri === null) {
    html(response, 200, 'Access code', `<p>Enter this code in the app:</p><input id="code" readonly value="${code}">`);
  } else redirect(response, consent.redirectUri, { code, state: stateFor(emulator, state) });
}

function stateFor(emulator: Emulator, state: string | null): string | null {
  return emulator.login.app.strangeState ? 'a state that nobody gave' : state;
}

function deny(emulator: Emulator, response: ServerResponse, consent: Consent): void {
  if (consent.redirectUri === null) html(response, 200, 'Denied', '<p>The app was not given access.</p>');
  else {
    redirect(response, consent.redirectUri, {
      error: 'access_denied',
      error_description: 'The user chose not to give your app access to their Dropbox account.',
      state: stateFor(emulator, consent.state),
    });
  }
}

function redirect(
  response: ServerResponse,
  address: string,
  parameters: Readonly<Record<string, string | null>>,
): void {
  const target = new URL(address);
  for (const [name, value] of Object.entries(parameters)) if (value !== null) target.searchParams.set(name, value);
  response.writeHead(302, { location: target.href });
  response.end();
}

// ---------------------------------------------------------------- tokens

async function token(emulator: Emulator, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  try {
    if (request.method !== 'POST') throw new GrantProblem('invalid_request', 'expected POST');
    const parameters = await tokenParameters(request, url);
    json(response, 200, redeem(emulator, parameters));
  } catch (error) {
    if (!(error instanceof GrantProblem)) throw error;
    const status = error.code === 'invalid_client' ? 401 : 400;
    json(response, status, { error: error.code, error_description: error.message });
  }
}

/** From the body as a form or JSON, the address, and HTTP basic authentication. */
async function tokenParameters(request: IncomingMessage, url: URL): Promise<URLSearchParams> {
  const parameters = new URLSearchParams(url.search);
  const body = await readText(request);
  if (body.startsWith('{')) {
    for (const [name, value] of Object.entries(JSON.parse(body) as Record<string, unknown>)) {
      parameters.set(name, String(value));
    }
  } else for (const [name, value] of new URLSearchParams(body)) parameters.set(name, value);
  const basic = /^basic (.*)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':');
    parameters.set('client_id', id);
    parameters.set('client_secret', secret);
  }
  return parameters;
}

function required(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name) ?? '';
  if (value === '') throw new GrantProblem('invalid_request', `missing required field "${name}"`);
  return value;
}

function redeem(emulator: Emulator, parameters: URLSearchParams): Readonly<Record<string, unknown>> {
  const { login, faults } = emulator;
  const lifetime = faults.settings.accessTokenSeconds;
  const clientId = required(parameters, 'client_id');
  switch (parameters.get('grant_type')) {
    case 'authorization_code': {
      const issued = login.redeemCode(
        required(parameters, 'code'),
        {
          clientId,
          redirectUri: parameters.get('redirect_uri'),
          verifier: parameters.get('code_verifier'),
          secret: secretOf(parameters),
        },
        lifetime,
      );
      return firstAnswer(emulator, issued);
    }
    case 'refresh_token': {
      const scopes = parameters.get('scope')?.split(/\s+/) ?? null;
      const issued = login.redeemRefreshToken(
        required(parameters, 'refresh_token'),
        clientId,
        secretOf(parameters),
        scopes,
        lifetime,
      );
      return { access_token: issued.accessToken, token_type: 'bearer', expires_in: issued.expiresIn };
    }
    default:
      throw new GrantProblem('unsupported_grant_type', 'grant_type must be authorization_code or refresh_token');
  }
}

function secretOf(parameters: URLSearchParams): string | null {
  const secret = parameters.get('client_secret') ?? '';
  return secret === '' ? null : secret;
}

function firstAnswer(emulator: Emulator, issued: IssuedTokens): Readonly<Record<string, unknown>> {
  const { team, accountId } = emulator.accounts.settings;
  return {
    access_token: issued.accessToken,
    token_type: 'bearer',
    expires_in: issued.expiresIn,
    ...(issued.refreshToken === null ? {} : { refresh_token: issued.refreshToken }),
    scope: issued.scopes.join(' '),
    uid: '10000001',
    // A login of a whole team belongs to no account.
    ...(emulator.login.app.team && team !== null ? { team_id: team.id } : { account_id: accountId }),
  };
}

// ---------------------------------------------------------------- links

interface Linked {
  readonly status: 200 | 403 | 404 | 410;
  readonly rev: string | null;
}

function temporary(emulator: Emulator, url: URL): Linked {
  const rev = emulator.links.temporaryRev(url.pathname.slice('/temporary/'.length));
  return rev === null ? { status: 410, rev: null } : { status: 200, rev };
}

function shared(emulator: Emulator, url: URL): Linked {
  // What a person types into the password field of the page.
  const password = url.searchParams.get('password');
  const address = `https://www.dropbox.com${url.pathname}${url.search.replace(/&password=[^&]*/, '')}`;
  const link = emulator.links.open(address, password);
  if (link === 'denied') return { status: 403, rev: null };
  const node = link === null ? null : emulator.tree.byId(link.entryId);
  if (node === null || node.kind === 'folder') return { status: 404, rev: null };
  return { status: 200, rev: revisionOf(node).rev };
}

async function serveLink(
  emulator: Emulator,
  counts: RequestCounts,
  request: IncomingMessage,
  response: ServerResponse,
  linked: Linked,
): Promise<void> {
  const revision = linked.rev === null ? null : emulator.tree.revision(linked.rev);
  if (revision === null) {
    html(response, linked.status === 200 ? 404 : linked.status, 'Not available', '<p>This link is not available.</p>');
    return;
  }
  const hungUp = new AbortController();
  response.on('close', () => hungUp.abort());
  const sending = { endpoint: 'link', range: request.headers.range ?? null, signal: hungUp.signal };
  await sendBody(emulator, counts, sending, response, downloadOf(viewAt(emulator, emulator.tree.root), revision));
}

// ---------------------------------------------------------------- answers

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

function html(response: ServerResponse, status: number, title: string, body: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><body>${body}</body></html>`,
  );
}
