// The one way out to Dropbox. `fetch` is handed to the `dropbox` package: it rewrites the origin, sets the token, the
// team member and the path root, counts traffic, renews an expired token and follows a changed root. `attempt` repeats
// a call after transient faults, with back-off and jitter, obeying Retry-After. Called by every file of this folder.

import { ReadableStream as ByteStream } from 'node:stream/web';

import { Dropbox, DropboxResponseError } from 'dropbox';

import { Fault, type Clock, type Random } from '../../engine/ports.ts';
import type { Bandwidth } from './bandwidth.ts';
import { faultOf, isRecord, neverSent } from './errors.ts';
import { addressFor } from './origin.ts';
import { Pace } from './pace.ts';
import { memberIdOf, notATeam, rootNamespaceOf } from './team.ts';
import type { TokenSource } from './tokens.ts';

export interface RetryPolicy {
  /** Tries of one call, the first included. */
  readonly attempts: number;
  /** Tries where no connection can be made at all: nobody is helped by waiting long for a network that is not there. */
  readonly connectAttempts: number;
  /** Milliseconds; doubled at each try, of which a random part between a half and the whole is waited. */
  readonly firstDelay: number;
  readonly maxDelay: number;
  /** Seconds; a server that asks for more leaves the waiting to the caller. */
  readonly maxRetryAfter: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 6,
  connectAttempts: 3,
  firstDelay: 400,
  maxDelay: 20_000,
  maxRetryAfter: 60,
};

export interface TransportOptions {
  readonly tokens: TokenSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly retry: RetryPolicy;
  readonly origin: string | null;
  /** Team member id for `Dropbox-API-Select-User`. */
  readonly selectUser: string | null;
  /** Where only the member's e-mail is known, the id is asked for before the first request. */
  readonly memberEmail: string | null;
  readonly onMemberKnown: ((memberId: string) => void) | null;
  /** Namespace id for `Dropbox-API-Path-Root`. */
  readonly pathRoot: string | null;
  /** The whole team space is meant: where its namespace is not known yet, it is asked for before the first request. */
  readonly teamSpace: boolean;
  readonly onPathRootChanged: ((namespace: string) => void) | null;
  readonly fetch: typeof fetch;
  /** Shared by all clients of this process. */
  readonly bandwidth: Bandwidth;
}

/** What one try of a call may know about the tries before it. */
export interface Try {
  /** An earlier try got no answer, so that it may have taken effect. */
  readonly lost: boolean;
}

/** Milliseconds; a request that takes longer counts as a network fault. Uploads and downloads may take their time. */
const ANSWER_TIMEOUT = { rpc: 120_000, poll: 290_000, content: 900_000 };

/** Bytes from which on a body goes out in slices, and of each of them. */
const LARGE_BODY = 1024 * 1024;
const SLICE = 256 * 1024;

export class Transport {
  /** The `dropbox` package's client; its errors go through `attempt`. */
  readonly api: Dropbox;
  readonly #options: TransportOptions;
  #pathRoot: string | null;
  #selectUser: string | null;
  #learning: Promise<void> | null = null;
  readonly #pace: Pace;
  /** Until when (clock time) no request goes out, because the server asked to slow down. */
  #quietUntil = 0;
  #requests = 0;
  #bytesUp = 0;
  #bytesDown = 0;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#pace = new Pace(options.clock);
    this.#pathRoot = options.pathRoot;
    this.#selectUser = options.selectUser;
    this.api = new Dropbox({
      // Replaced by the present token in `send`; without any, the package sends no Authorization header at all.
      accessToken: 'set-by-transport',
      fetch: (address: string, init: RequestInit) => this.#answer(address, init),
    });
  }

  traffic(): { readonly requests: number; readonly bytesUp: number; readonly bytesDown: number } {
    return { requests: this.#requests, bytesUp: this.#bytesUp, bytesDown: this.#bytesDown };
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /**
   * Runs a call until it succeeds, fails for good, or has been tried often enough. `what` names the work in messages.
   * The call must be safe to repeat, or use `Try.lost` to find out whether an earlier try took effect after all.
   */
  async attempt<T>(what: string, call: (state: Try) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const policy = this.#options.retry;
    let lost = false;
    for (let tries = 1; ; tries++) {
      try {
        await this.#quiet(signal);
        return await call({ lost });
      } catch (error) {
        const fault = signal?.aborted === true ? abortedFault(what) : faultOf(error, what);
        const unsent = neverSent(fault);
        if ((fault.code === 'network' || fault.code === 'server') && !unsent) lost = true;
        const limit = unsent ? policy.connectAttempts : policy.attempts;
        if (!fault.retryable || tries >= limit || (fault.retryAfter ?? 0) > policy.maxRetryAfter) throw fault;
        await this.pause(tries, fault, signal);
      }
    }
  }

  /** A call that is not repeated; its errors become Faults. */
  async once<T>(what: string, call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw signal?.aborted === true ? abortedFault(what) : faultOf(error, what);
    }
  }

  /** Waits before the next try: as long as the server asked for, else exponentially with jitter. */
  async pause(tries: number, fault: Fault, signal?: AbortSignal): Promise<void> {
    const { firstDelay, maxDelay } = this.#options.retry;
    const backoff = Math.min(maxDelay, firstDelay * 2 ** (tries - 1)) * (0.5 + this.#options.random() / 2);
    const asked = fault.retryAfter === null ? 0 : fault.retryAfter * 1000;
    // The whole client slows down, not only this call.
    if (asked > 0) this.#quietUntil = Math.max(this.#quietUntil, this.#options.clock.now() + asked);
    const wait = asked > 0 ? asked + backoff / 10 : backoff;
    try {
      await this.#options.clock.sleep(wait, signal);
    } catch {
      throw abortedFault('The transfer');
    }
  }

  /** One request to Dropbox, its body unread. Only transport matters are handled: token, root, count. */
  async send(address: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    const authorised = headers.has('authorization');
    if (!authorised) return this.#once(address, init, headers);
    await this.#learn();
    return this.#authorised(address, init, headers, true);
  }

  /** With a token that holds; as the team's member unless the request is about the team itself. */
  async #authorised(address: string, init: RequestInit, headers: Headers, asMember: boolean): Promise<Response> {
    headers.delete('dropbox-api-path-root');
    if (asMember && this.#selectUser !== null) headers.set('dropbox-api-select-user', this.#selectUser);
    let token = checkedToken(await this.#options.tokens.current());
    for (let renewed = false, rerooted = false; ;) {
      headers.set('authorization', `Bearer ${token}`);
      if (asMember && this.#pathRoot !== null) headers.set('dropbox-api-path-root', pathRootHeader(this.#pathRoot));
      const response = await this.#once(address, init, headers);
      if (response.status === 401 && !renewed) {
        const text = await response.text();
        const fresh = text.includes('expired_access_token') ? await this.#options.tokens.renew(token) : null;
        if (fresh === null) return rebuilt(response, text);
        token = checkedToken(fresh);
        renewed = true;
      } else if (response.status === 422 && this.#pathRoot !== null && !rerooted) {
        const text = await response.text();
        const root = newRoot(text);
        if (root === null || root === this.#pathRoot) return rebuilt(response, text);
        this.#pathRoot = root;
        this.#options.onPathRootChanged?.(root);
        rerooted = true;
      } else {
        return response;
      }
    }
  }

  /** Before the first request: as whom, and where paths begin. Once for all that ask at the same time. */
  async #learn(): Promise<void> {
    const { memberEmail, teamSpace } = this.#options;
    const known = this.#selectUser !== null || memberEmail === null;
    if (known && (this.#pathRoot !== null || !teamSpace)) return;
    this.#learning ??= this.#learnNow().finally(() => {
      this.#learning = null;
    });
    await this.#learning;
  }

  async #learnNow(): Promise<void> {
    const { memberEmail, teamSpace, onMemberKnown, onPathRootChanged } = this.#options;
    if (this.#selectUser === null && memberEmail !== null) {
      try {
        const members = [{ '.tag': 'email', email: memberEmail }];
        this.#selectUser = memberIdOf(await this.#ask('team/members/get_info_v2', { members }, false), memberEmail);
      } catch (error) {
        throw notATeam(error, memberEmail);
      }
      onMemberKnown?.(this.#selectUser);
    }
    if (this.#pathRoot === null && teamSpace) {
      this.#pathRoot = rootNamespaceOf(await this.#ask('users/get_current_account', null, true));
      if (this.#pathRoot !== null) onPathRootChanged?.(this.#pathRoot);
    }
  }

  /** A call beside the package: throws what the package would throw. */
  async #ask(route: string, argument: unknown, asMember: boolean): Promise<unknown> {
    const headers = new Headers({ 'content-type': 'application/json' });
    const init = { method: 'POST', body: JSON.stringify(argument) };
    const response = await this.#authorised(`https://api.dropboxapi.com/2/${route}`, init, headers, asMember);
    const text = await response.text();
    this.#bytesDown += text.length;
    if (!response.ok) throw new DropboxResponseError(response.status, response.headers, jsonOrText(text));
    return jsonOrText(text);
  }

  /** Counts what a streamed body brought, and resolves when more may come. */
  received(bytes: number, signal?: AbortSignal): Promise<void> {
    this.#bytesDown += bytes;
    return this.#options.bandwidth.down.take(bytes, signal);
  }

  async #quiet(signal?: AbortSignal): Promise<void> {
    for (;;) {
      const rest = this.#quietUntil - this.#options.clock.now();
      if (rest <= 0) return;
      await this.#options.clock.sleep(rest, signal);
    }
  }

  /** For the package: the whole answer, counted. */
  async #answer(address: string, init: RequestInit): Promise<Response> {
    const response = await this.send(address, init);
    const bytes = await response.arrayBuffer();
    await this.received(bytes.byteLength, init.signal ?? undefined);
    if (response.ok && !looksLikeJson(bytes)) {
      // As from a hotel's login page that answers for every host.
      throw new Fault('server', 'Something else than Dropbox answered. Check the network.', { retryable: true });
    }
    return rebuilt(response, bytes);
  }

  async #once(address: string, init: RequestInit, headers: Headers): Promise<Response> {
    const kind = kindOf(address);
    // A poll waits for changes; it is no work.
    if (kind === 'poll') return this.#fetch(address, init, headers, kind);
    await this.#pace.enter(init.signal);
    let refused: number | undefined;
    try {
      const response = await this.#fetch(address, init, headers, kind);
      if (response.status === 429) refused = Number(response.headers.get('retry-after') ?? 1) || 1;
      return response;
    } finally {
      this.#pace.leave(refused);
    }
  }

  #fetch(address: string, init: RequestInit, headers: Headers, kind: keyof typeof ANSWER_TIMEOUT): Promise<Response> {
    this.#requests++;
    this.#bytesUp += sizeOf(init.body);
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT[kind]);
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    const fetchNow = this.#options.fetch;
    const paced = kind === 'poll' ? {} : this.#pacedBody(init, headers);
    return fetchNow(addressFor(address, this.#options.origin), {
      ...init,
      ...paced,
      headers,
      signal,
      redirect: 'error',
    });
  }

  /** Under a limit the body goes out in slices, and so does a large one, of which `fetch` would make a copy. */
  #pacedBody({ body, signal }: RequestInit, headers: Headers): RequestInit {
    const { up } = this.#options.bandwidth;
    if (body === null || body === undefined) return {};
    const isLarge = body instanceof Uint8Array && body.length >= LARGE_BODY;
    if (!up.isLimited && !isLarge) return {};
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    if (!(bytes instanceof Uint8Array) || bytes.length === 0) return {};
    // Servers want to know how much is to come.
    headers.set('content-length', String(bytes.length));
    const slices = ByteStream.from(up.isLimited ? up.slices(bytes, signal ?? undefined) : slicesOf(bytes));
    // The type of Node's streams is another than that of its fetch, which takes them.
    const streamed: RequestInit & { duplex: 'half' } = { body: slices as unknown as BodyInit, duplex: 'half' };
    return streamed;
  }
}

function* slicesOf(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE);
}

function kindOf(address: string): keyof typeof ANSWER_TIMEOUT {
  if (address.startsWith('https://notify.')) return 'poll';
  return address.startsWith('https://content.') ? 'content' : 'rpc';
}

export function abortedFault(what: string): Fault {
  return new Fault('aborted', `${what} was ended.`);
}

/** A token that cannot stand in a header is a wrong token, not a fault of the network. */
function checkedToken(token: string): string {
  if (/^[\u0021-\u007e]+$/.test(token)) return token;
  throw new Fault('login-lost', 'The access token for Dropbox is empty or not a token. Enter it again.');
}

function pathRootHeader(namespace: string): string {
  return JSON.stringify({ '.tag': 'root', root: namespace });
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The namespace that a 422 names (common.PathRootError, `invalid_root`). */
function newRoot(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    const error = isRecord(body) ? body['error'] : null;
    const inner = isRecord(error) ? error['invalid_root'] : null;
    const info = isRecord(inner) ? inner : error;
    const root = isRecord(info) ? info['root_namespace_id'] : null;
    return typeof root === 'string' ? root : null;
  } catch {
    return null;
  }
}

function rebuilt(response: Response, body: string | ArrayBuffer): Response {
  const bodiless = response.status === 204 || response.status === 304;
  return new Response(bodiless ? null : body, { status: response.status, headers: response.headers });
}

/** Empty, or beginning as an object or `null` does: whatever the content type says. */
function looksLikeJson(bytes: ArrayBuffer): boolean {
  const first = new Uint8Array(bytes, 0, Math.min(bytes.byteLength, 1))[0];
  return first === undefined || first === '{'.charCodeAt(0) || first === 'n'.charCodeAt(0);
}

function sizeOf(body: BodyInit | null | undefined): number {
  if (typeof body === 'string') return Buffer.byteLength(body);
  return body instanceof Uint8Array ? body.byteLength : 0;
}
