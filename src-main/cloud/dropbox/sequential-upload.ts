// Streams one large file into a sequential upload session, piece by piece, and takes an interrupted one up again: for slow
// lines, where a piece must be smaller than the blocks of a concurrent session.
// In: an upload request; out: the id of a closed session that holds all of it. Called by upload-session.ts.
// After a start of the program the file is read from its beginning, even when only the rest is sent: so the whole content
// is hashed, and a file that changed is noticed before it is committed.

import { hash } from 'node:crypto';

import { DropboxResponseError } from 'dropbox';

import type { UploadRequest } from '../../engine/ports.ts';
import { BLOCK_SIZE } from '../../infra/content-hash.ts';
import { isRecord, tagsOf } from './errors.ts';
import { abortedFault } from './transport.ts';
import { changedFault, CHUNK, lostFault, sessionKey, type StreamHooks, type UploadContext } from './upload-context.ts';

/** Bytes that a request has at least. */
const LEAST_PIECE = 512 * 1024;
/** Fresh starts for one file: an expired session, an offset that lies behind us. */
const RESTARTS = 3;

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
export async function streamInOrder(
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
  throw lostFault(request);
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
  blocks.splice(Math.floor(progress.offset / BLOCK_SIZE));
  let position = blocks.length * BLOCK_SIZE;
  const changed = (): Error => {
    context.sessions.delete(key);
    return changedFault(request);
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
      const part = chunk.subarray(progress.offset - position).subarray(0, pieceOf(context));
      const before = progress.offset;
      const started = clock.now();
      await sendPart(context, request, progress, part, before + part.length === request.size, hooks.signal);
      if (progress.offset > before) {
        hooks.sent(Math.min(progress.offset, end) - before);
        context.speed.note(part.length, clock.now() - started);
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

/** Bytes of the next request: so many as go in a second or two, so that other work need not wait longer. */
function pieceOf({ speed }: UploadContext): number {
  return Math.min(CHUNK, Math.max(LEAST_PIECE, speed.inTime));
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
  for (let at = 0; at < bytes.length; at += BLOCK_SIZE) {
    hashes.push(hash('sha256', bytes.subarray(at, at + BLOCK_SIZE), 'buffer'));
  }
  return hashes;
}
