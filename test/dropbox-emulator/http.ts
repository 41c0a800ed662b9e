// One API request from the wire to the answer: login, path root, argument, faults, the route, the response.
// Called by server.ts for everything under /2/. Every refusal has the status and body of the API.

import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { rootInfo, TEAM_MEMBER_ID } from './accounts.ts';
import {
  ApiFailure,
  LoginError,
  MalformedCall,
  nest,
  PathRootError,
  ServerTrouble,
  tag,
  Throttled,
} from './answers.ts';
import { ShapeProblem, text, union, type Shape } from './arguments.ts';
import { CutConnection, receiveBody, sendBody } from './bodies.ts';
import type { Emulator, View } from './emulator.ts';
import { namespaceFolder } from './lookup.ts';
import type { RequestCounts } from './request-counts.ts';
import { Download, type Call, type Route } from './route.ts';
import { pathDisplay, pathLower, type FolderNode } from './tree.ts';

/** Bytes of the largest JSON argument in a body. */
const MAX_JSON = 8 * 1024 * 1024;

/** Routes that commit and are under way; one at a time may run under the write lock. */
const busy = new WeakMap<Emulator, number>();

export async function serveApi(
  emulator: Emulator,
  routes: ReadonlyMap<string, Route>,
  counts: RequestCounts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const name = url.pathname.slice('/2/'.length);
  const { socket } = request;
  counts.request(name);
  try {
    const route = routes.get(name);
    if (emulator.faults.due('refuse', name) !== null) throw new CutConnection();
    if (emulator.faults.settings.latencyMs > 0) await sleep(emulator.faults.settings.latencyMs);
    if (route === undefined) throw new MalformedCall(`Unknown API function: "${name}"`);
    if (request.method !== 'POST') throw new MalformedCall(`Error in call to API function "${name}": expected POST`);
    strike(emulator, name);
    await serveRoute(emulator, route, counts, request, response, url);
  } catch (error) {
    if (error instanceof CutConnection || socket.destroyed) {
      socket.destroy();
      return;
    }
    if (error instanceof Throttled) counts.refuse();
    await refuse(request, response, name, error);
  }
}

/** Throttling and server trouble, where they are due. */
function strike(emulator: Emulator, name: string): void {
  const wait = emulator.faults.overRate(name, performance.now());
  if (wait !== null) throw new Throttled('too_many_requests', wait, false);
  const throttle = emulator.faults.due('rate429', name);
  if (throttle !== null) throw new Throttled(throttle.reason, throttle.retryAfter, throttle.plainText);
  const trouble = emulator.faults.due('status5xx', name);
  if (trouble !== null) throw new ServerTrouble(trouble.status);
}

async function serveRoute(
  emulator: Emulator,
  route: Route,
  counts: RequestCounts,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const token = authorize(emulator, route, request, url);
  const view = viewOf(emulator, request);
  const argument = await readArgument(emulator, route, counts, request, url);
  const hungUp = new AbortController();
  response.on('close', () => hungUp.abort());
  const call: Call = {
    view,
    endpoint: route.name,
    token,
    signal: hungUp.signal,
    range: request.headers.range ?? null,
    takeBody: (limit, seen) => receiveBody(emulator, counts, route.name, request, limit, seen),
  };
  const result = await exclusively(emulator, route, () => route.answer(call, argument));
  if (emulator.faults.due('loseAnswer', route.name) !== null) throw new CutConnection();
  if (result instanceof Download) await sendBody(emulator, counts, call, response, result);
  else sendJson(counts, response, 200, result);
}

/** Under the write lock, a write that meets another one is refused. */
async function exclusively(emulator: Emulator, route: Route, run: () => unknown): Promise<unknown> {
  if (!route.writes) return await run();
  const running = busy.get(emulator) ?? 0;
  if (emulator.faults.settings.writeLock && running > 0) {
    throw new Throttled('too_many_write_operations', 1, false);
  }
  busy.set(emulator, running + 1);
  try {
    return await run();
  } finally {
    busy.set(emulator, (busy.get(emulator) ?? 1) - 1);
  }
}

function authorize(emulator: Emulator, route: Route, request: IncomingMessage, url: URL): string {
  if (route.auth === 'none') return '';
  const header = request.headers.authorization ?? url.searchParams.get('authorization');
  if (header === null || header === undefined || header === '') {
    throw new MalformedCall('Must provide HTTP header "Authorization" or URL parameter "authorization".');
  }
  const [scheme, value] = header.trim().split(/\s+/, 2);
  if (scheme?.toLowerCase() === 'basic' && route.auth.includes('app')) return '';
  if (scheme?.toLowerCase() !== 'bearer' || value === undefined) {
    throw new MalformedCall(`Invalid authorization value in HTTP header "Authorization": expected "Bearer".`);
  }
  if (route.auth === 'app') throw new MalformedCall('This endpoint expects app authentication.');
  const { scopes, team } = emulator.login.check(value);
  checkBearer(route, team, request);
  if (route.scope !== null && scopes !== null && !scopes.includes(route.scope)) {
    throw new LoginError({ '.tag': 'missing_scope', required_scope: route.scope });
  }
  return value;
}

/** A login of a team acts as one of its members, named in a header; one of an account cannot ask about the team. */
function checkBearer(route: Route, team: boolean | undefined, request: IncomingMessage): void {
  const selected = request.headers['dropbox-api-select-user'];
  if (team === false && route.auth === 'team') {
    throw new MalformedCall(
      'This API function operates on a team, but the OAuth 2 access token you provided is for an individual Dropbox account.',
    );
  }
  if (team === false && selected !== undefined) {
    throw new MalformedCall('HTTP header "Dropbox-API-Select-User": the access token is not a team token.');
  }
  if (team === true && route.auth === 'team' && selected !== undefined) {
    throw new MalformedCall('HTTP header "Dropbox-API-Select-User": unexpected for a function about the team.');
  }
  if (team === true && route.auth.includes('user') && selected === undefined) {
    throw new MalformedCall(
      'This API function operates on a single Dropbox account, but the OAuth 2 access token you provided is for an ' +
        'entire Dropbox Business team. Specify the user with the "Dropbox-API-Select-User" HTTP header.',
    );
  }
  if (team === true && selected !== undefined && selected !== TEAM_MEMBER_ID) {
    throw new LoginError(tag('invalid_select_user'));
  }
}

const pathRoot = union({ home: null, root: text({}), namespace_id: text({}) });

/** Where `/` is: the member's home, unless Dropbox-API-Path-Root names the team space or another namespace. */
function viewOf(emulator: Emulator, request: IncomingMessage): View {
  const { settings } = emulator.accounts;
  const selected = request.headers['dropbox-api-select-user'] ?? request.headers['dropbox-api-select-admin'];
  if (selected !== undefined && settings.team === null) {
    throw new MalformedCall('HTTP header "Dropbox-API-Select-User": the access token is not a team token.');
  }
  const home = emulator.tree.byId(settings.homeFolderId);
  let base: FolderNode = home?.kind === 'folder' ? home : emulator.tree.root;
  const header = request.headers['dropbox-api-path-root'];
  if (typeof header === 'string') {
    const value = readShape(
      pathRoot,
      parseJson(header, 'HTTP header "Dropbox-API-Path-Root"'),
      'HTTP header "Dropbox-API-Path-Root"',
    );
    if (value.tag === 'root' && value.value !== settings.rootNamespace) {
      throw new PathRootError(nest('invalid_root', rootInfo(settings)));
    }
    if (value.tag === 'root') base = emulator.tree.root;
    if (value.tag === 'namespace_id') {
      const folder = namespaceFolder(viewAt(emulator, base), value.value);
      if (folder === null) throw new PathRootError(tag('no_permission'));
      base = folder;
    }
  }
  return viewAt(emulator, base);
}

export function viewAt(emulator: Emulator, base: FolderNode): View {
  return { emulator, base, prefixLower: pathLower(base), prefixDisplay: pathDisplay(base) };
}

async function readArgument(
  emulator: Emulator,
  route: Route,
  counts: RequestCounts,
  request: IncomingMessage,
  url: URL,
): Promise<unknown> {
  const header = request.headers['dropbox-api-arg'];
  const parameter = url.searchParams.get('arg');
  if (route.style !== 'rpc') {
    const where = typeof header === 'string' ? 'HTTP header "Dropbox-API-Arg"' : 'URL parameter "arg"';
    const value = typeof header === 'string' ? header : parameter;
    if (value === null) {
      throw new MalformedCall('Must provide HTTP header "Dropbox-API-Arg" or URL parameter "arg".');
    }
    return readShape(route.argument, parseJson(value, where), where);
  }
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const segment = await receiveBody(emulator, counts, route.name, request, MAX_JSON, () => {});
  if (segment === null || segment.kind !== 'memory') throw new MalformedCall('request body: too large');
  const body = Buffer.concat(segment.chunks).toString();
  if (body !== '' && !/^(application\/json|text\/plain)$/.test(type)) {
    const shown = type === '' ? 'no content type' : `"${type}"`;
    throw new MalformedCall(
      `Bad HTTP "Content-Type" header: ${shown}. Expecting one of "application/json", ` +
        '"application/json; charset=utf-8", "text/plain; charset=dropbox-cors-hack".',
    );
  }
  if (body === '' && parameter !== null)
    return readShape(route.argument, parseJson(parameter, 'URL parameter "arg"'), 'URL parameter "arg"');
  return readShape(route.argument, body === '' ? null : parseJson(body, 'request body'), 'request body');
}

function parseJson(value: string, where: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new MalformedCall(`${where}: could not decode input as JSON`);
  }
}

function readShape<T>(shape: Shape<T>, value: unknown, where: string): T {
  try {
    return shape.read(value, '');
  } catch (error) {
    if (error instanceof ShapeProblem) throw new MalformedCall(`${where}: ${error.message}`);
    throw error;
  }
}

function sendJson(counts: RequestCounts, response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  counts.down(body.length);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-dropbox-request-id': requestId(),
  });
  response.end(body);
}

async function refuse(request: IncomingMessage, response: ServerResponse, name: string, error: unknown): Promise<void> {
  const failure = error instanceof ApiFailure ? error : new ServerTrouble(500);
  if (failure !== error) process.stderr.write(`Dropbox emulator, ${name}: ${String((error as Error).stack)}\n`);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // What was sent is read to the end, so that the caller gets to the answer.
  if (!(await readToEnd(request))) return;
  const value = failure.body();
  const textual = typeof value === 'string';
  const prefixed =
    failure instanceof MalformedCall && !failure.message.startsWith('Unknown API function')
      ? `Error in call to API function "${name}": ${failure.message}`
      : value;
  response.writeHead(failure.status, {
    'content-type': textual ? 'text/plain; charset=utf-8' : 'application/json',
    'x-dropbox-request-id': requestId(),
    ...(failure.retryAfter === null ? {} : { 'retry-after': String(failure.retryAfter) }),
  });
  response.end(textual ? String(prefixed) : JSON.stringify(value));
}

/** Answers false where the caller hung up meanwhile. */
async function readToEnd(request: IncomingMessage): Promise<boolean> {
  try {
    if (!request.readableEnded) for await (const _ of request);
    return true;
  } catch {
    return false;
  }
}

export function requestId(): string {
  return randomBytes(16).toString('hex');
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
