// Streams one large file into an upload session, chunk by chunk, and takes an interrupted one up again.
// In: an upload request; out: the id of a closed session that holds all of it, ready to be committed. Called by upload.ts.
// After a start of the program the file is read from its beginning, even when only the rest is sent: so the whole content
// is hashed, and a file that changed is noticed before it is committed. Sessions are sequential: unlike concurrent ones the server can say
// where to go on, and chunks of this size fill a line well enough.

import { hash } from 'node:crypto';

import { DropboxResponseError } from 'dropbox';

import { Fault, type UploadRequest } from '../../engine/ports.ts';
import { HASH_BLOCK } from './content-hash.ts';
import { isRecord, tagsOf } from './errors.ts';
import type { RootFolder } from './metadata.ts';
import { abortedFault, type Transport } from './transport.ts';

/** Bytes of one request: two blocks of the content hash. Smaller files go up whole. */
export const CHUNK = 2 * HASH_BLOCK;
/** Milliseconds that a request of a large file may take, and bytes that it has at least. */
const PIECE_TIME = 1_500;
const LEAST_PIECE = 512 * 1024;
/** Fresh starts for one file: an expired session, an offset that lies behind us. */
const RESTARTS = 3;

/** Remembers sessions over a restart of the program. Keys are content hash and path; entries older than 7 days are useless. */
export interface SessionMemory {
  get(key: string): { readonly sessionId: string; readonly offset: number } | null;
  put(key: string, session: { readonly sessionId: string; readonly offset: number }): void;
  delete(key: string): void;
}

export function sessionMemory(): SessionMemory {
  const sessions = new Map<string, { readonly sessionId: string; readonly offset: number }>();
  return {
    get: (key) => sessions.get(key) ?? null,
    put: (key, session) => void sessions.set(key, session),
    delete: (key) => void sessions.delete(key),
  };
}

export interface UploadContext {
  readonly transport: Transport;
  readonly root: RootFolder;
  readonly sessions: SessionMemory;
  /** What the server turned out not to know, and how many bytes a request of a large file has. */
  readonly features: { sharedAppends: boolean; piece: number };
  /** Hashes of the blocks of large files that were begun and left, by session key. */
  readonly hashed: Map<string, Buffer[]>;
}

export function sessionKey(request: UploadRequest): string {
  return `${request.hash}:${request.path}`;
}

export interface StreamHooks {
  readonly sent: (bytes: number) => void;
  readonly signal?: AbortSignal;
  /** Ends the stream after the piece that is under way. */
  readonly others?: AbortSignal;
}

interface Progress {
  sessionId: string | null;
  /** Bytes that the server has. */
  offset: number;
  closed: boolean;
}

type Appended =
  | { readonly kind: 'done' }
  /** The server has this much. */
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'closed' }
  | { readonly kind: 'gone' };

/** Answers the session's id. Faults: changed (content is not what the request promised), and those of transfer. */
export async function streamToSession(
  context: UploadContext,
  request: UploadRequest,
  hooks: StreamHooks,
): Promise<string> {
  const key = sessionKey(request);
  const known = context.sessions.get(key);
  const progress: Progress = { sessionId: known?.sessionId ?? null, offset: known?.offset ?? 0, closed: false };
  for (let starts = 0; starts <= RESTARTS; starts++) {
    if (await onePass(context, request, progress, hooks)) {
      if (progress.sessionId !== null) return progress.sessionId;
    }
  }
  throw new Fault('server', `Uploading "${request.path}" failed: Dropbox lost parts of it again and again.`, {
    retryable: true,
  });
}

/** Reads the file once and sends what the server lacks. False: the server is behind what was read; read again. */
async function onePass(
  context: UploadContext,
  request: UploadRequest,
  progress: Progress,
  hooks: StreamHooks,
): Promise<boolean> {
  const key = sessionKey(request);
  // What an earlier stream read and hashed need not be read again: what it sent is what the hash is of.
  const blocks = context.hashed.get(key)?.slice() ?? [];
  context.hashed.delete(key);
  blocks.splice(Math.floor(progress.offset / HASH_BLOCK));
  let position = blocks.length * HASH_BLOCK;
  const changed = (): Fault => {
    context.sessions.delete(key);
    return new Fault('changed', `"${request.path}" changed while it was read; it is uploaded in the next pass.`);
  };
  const { clock } = context.transport;
  for await (const chunk of chunksOf(request, position)) {
    blocks.push(...blocksOf(chunk));
    const end = position + chunk.length;
    if (end > request.size) throw changed();
    for (let fruitless = 0; !progress.closed && (progress.offset < end || end === request.size);) {
      if (hooks.others?.aborted) {
        context.hashed.set(key, blocks);
        throw abortedFault(`Uploading "${request.path}"`);
      }
      if (progress.offset < position || fruitless > RESTARTS) return false;
      const part = chunk.subarray(progress.offset - position).subarray(0, context.features.piece);
      const before = progress.offset;
      const started = clock.now();
      await sendPart(context, request, progress, part, before + part.length === request.size, hooks.signal);
      if (progress.offset > before) {
        hooks.sent(Math.min(progress.offset, end) - before);
        context.features.piece = pieceFor(part.length, clock.now() - started);
        fruitless = 0;
      } else fruitless++;
      if (progress.sessionId === null) return false;
    }
    position = end;
  }
  const overall = hash('sha256', Buffer.concat(blocks));
  if (position !== request.size || overall !== request.hash) throw changed();
  return progress.closed;
}

/** Sends one part at `progress.offset` and moves `progress` to what the server says it has. */
async function sendPart(
  context: UploadContext,
  request: UploadRequest,
  progress: Progress,
  part: Buffer,
  last: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const key = sessionKey(request);
  const what = `Uploading "${request.path}"`;
  const { api } = context.transport;
  const options = signal === undefined ? {} : { signal };
  const content_hash = hash('sha256', Buffer.concat(blocksOf(part)));
  const { sessionId, offset } = progress;
  if (sessionId === null) {
    const { result } = await context.transport.attempt(
      what,
      () => api.filesUploadSessionStart({ close: last, content_hash, contents: part }, options),
      signal,
    );
    Object.assign(progress, { sessionId: result.session_id, offset: part.length, closed: last });
  } else {
    const cursor = { session_id: sessionId, offset };
    const appended = await context.transport.attempt(
      what,
      () => appendedOf(api.filesUploadSessionAppendV2({ cursor, close: last, content_hash, contents: part }, options)),
      signal,
    );
    if (appended.kind === 'done') Object.assign(progress, { offset: offset + part.length, closed: last });
    else if (appended.kind === 'offset') progress.offset = appended.offset;
    else if (appended.kind === 'closed') Object.assign(progress, { offset: request.size, closed: true });
    else Object.assign(progress, { sessionId: null, offset: 0, closed: false });
  }
  if (progress.sessionId === null || progress.offset > request.size) {
    context.sessions.delete(key);
    Object.assign(progress, { sessionId: null, offset: 0, closed: false });
  } else {
    context.sessions.put(key, { sessionId: progress.sessionId, offset: progress.offset });
  }
}

/** What an append did, where the answer says it (files.UploadSessionAppendError); other errors are thrown on. */
async function appendedOf(call: Promise<unknown>): Promise<Appended> {
  try {
    await call;
    return { kind: 'done' };
  } catch (error) {
    if (!(error instanceof DropboxResponseError) || error.status !== 409) throw error;
    const body: unknown = error.error;
    const inner = isRecord(body) ? body['error'] : null;
    const tags = tagsOf(inner);
    if (tags.includes('incorrect_offset')) {
      const offset = correctOffset(inner);
      if (offset !== null) return { kind: 'offset', offset };
    }
    if (tags.includes('closed')) return { kind: 'closed' };
    if (tags.includes('not_found')) return { kind: 'gone' };
    throw error;
  }
}

function correctOffset(error: unknown): number | null {
  if (!isRecord(error)) return null;
  const offset = error['correct_offset'];
  if (typeof offset === 'number') return offset;
  const inner = error['lookup_failed'] ?? error['incorrect_offset'];
  return inner === undefined ? null : correctOffset(inner);
}

/** Bytes of the next request: on a slow line so many as go in a second or two, so that other work need not wait longer. */
function pieceFor(bytes: number, milliseconds: number): number {
  const inTime = (bytes / Math.max(1, milliseconds)) * PIECE_TIME;
  return Math.min(CHUNK, Math.max(LEAST_PIECE, Math.floor(inTime)));
}

/** The content in chunks of CHUNK, the last one shorter. One buffer serves all: a chunk is valid until the next. */
async function* chunksOf(request: UploadRequest, start: number): AsyncGenerator<Buffer, void, undefined> {
  const buffer = Buffer.allocUnsafe(CHUNK);
  let held = 0;
  for await (const bytes of request.read(start)) {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + CHUNK - held);
      buffer.set(part, held);
      at += part.length;
      held += part.length;
      if (held < CHUNK) continue;
      yield buffer;
      held = 0;
    }
  }
  if (held > 0) yield buffer.subarray(0, held);
}

/** The SHA-256 of each 4 MiB block. */
function blocksOf(bytes: Uint8Array): Buffer[] {
  const hashes: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += HASH_BLOCK) {
    hashes.push(hash('sha256', bytes.subarray(at, at + HASH_BLOCK), 'buffer'));
  }
  return hashes;
}
