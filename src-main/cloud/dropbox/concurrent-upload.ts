// Streams one large file into a concurrent upload session: pieces side by side, whole blocks of 4 MiB each but for the
// last one, which closes the session when all else has arrived and the content is what was promised.
// In: an upload request; out: the id of the closed session, or null where the line turns out to be too slow for it.
// The server cannot say what such a session holds. What is remembered is up to where everything has arrived: a piece that
// may be there already is sent again to its place, which changes nothing. Called by upload-session.ts.

import { hash } from 'node:crypto';

import { DropboxResponseError } from 'dropbox';

import type { Fault, UploadRequest } from '../../engine/ports.ts';
import { BLOCK_SIZE, hashesOfBlocks } from '../../infra/content-hash.ts';
import { isRecord, tagsOf } from './errors.ts';
import { PIECE } from './line-speed.ts';
import { abortedFault } from './transport.ts';
import { changedFault, lostFault, sessionKey, type StreamHooks, type UploadContext } from './upload-context.ts';

/** Marks remembered sessions of this kind. Dropbox's ids hold no space. */
const MARK = 'concurrent ';
/** Fresh starts for one file, of sessions that have gone. */
const RESTARTS = 3;
/** Milliseconds that the first piece on an unknown line may take, and between two looks at it. */
const FIRST_TIME = 4_000;
const LOOK = 250;

export function isConcurrent({ sessionId }: { readonly sessionId: string }): boolean {
  return sessionId.startsWith(MARK);
}

export async function streamConcurrently(
  context: UploadContext,
  request: UploadRequest,
  hooks: StreamHooks,
): Promise<string | null> {
  for (let starts = 0; starts <= RESTARTS; starts++) {
    const outcome = await new ConcurrentStream(context, request, hooks).run();
    if (outcome === 'slow') return null;
    if (outcome !== 'gone') return outcome.sessionId;
  }
  throw lostFault(request);
}

type Outcome = { readonly sessionId: string } | 'gone' | 'slow';

class ConcurrentStream {
  readonly #context: UploadContext;
  readonly #request: UploadRequest;
  readonly #hooks: StreamHooks;
  readonly #key: string;
  #sessionId: string | null = null;
  /** All bytes before this have arrived. */
  #arrived = 0;
  /** Pieces that arrived beyond that: start → end. */
  readonly #beyond = new Map<number, number>();
  readonly #blocks: Buffer[];
  readonly #underWay = new Set<Promise<void>>();
  /** What ended the stream; 'gone' for a session that the server has dropped. */
  #end: { readonly error: unknown } | 'gone' | 'slow' | null = null;

  constructor(context: UploadContext, request: UploadRequest, hooks: StreamHooks) {
    this.#context = context;
    this.#request = request;
    this.#hooks = hooks;
    this.#key = sessionKey(request);
    const known = context.sessions.get(this.#key);
    if (known !== null && isConcurrent(known) && isPlace(known.offset, request.size)) {
      this.#sessionId = known.sessionId.slice(MARK.length);
      this.#arrived = known.offset;
    }
    // What an earlier stream read and hashed need not be read again: what it sent is what the hash is of.
    this.#blocks = context.hashed.get(this.#key)?.slice(0, Math.floor(this.#arrived / BLOCK_SIZE)) ?? [];
    context.hashed.delete(this.#key);
  }

  async run(): Promise<Outcome> {
    const { size, hash: expected } = this.#request;
    let position = this.#blocks.length * BLOCK_SIZE;
    const pieces = new PieceReader(this.#request.read(position));
    let last: Piece | null = null;
    try {
      await this.#open();
      while (position < size && this.#end === null) {
        if (this.#hooks.others?.aborted === true) return await this.#leave(position);
        const piece = await this.#read(pieces, position);
        if (piece === null) continue;
        position += piece.bytes.length;
        if (position === size) last = piece;
        else this.#launch(piece);
      }
      await Promise.all(this.#underWay);
      if (this.#end === null) {
        if (last !== null) await this.#hash(last);
        const overall = hash('sha256', Buffer.concat(this.#blocks));
        // Read to its end, so that whoever reads can tell of a change.
        if (!(await pieces.isAtEnd()) || overall !== expected) throw this.#changed();
        if (last !== null) await this.#send(last, true);
      }
    } finally {
      await Promise.all(this.#underWay);
      if (last !== null) this.#context.buffers.give(last.buffer);
      await pieces.end();
    }
    return this.#outcome();
  }

  /** For other work: what is under way arrives first. */
  async #leave(position: number): Promise<never> {
    await Promise.all(this.#underWay);
    if (this.#end === null && this.#arrived >= position) this.#context.hashed.set(this.#key, this.#blocks);
    throw abortedFault(this.#what);
  }

  #outcome(): Outcome {
    const end = this.#end;
    if (end === 'gone' || end === 'slow') {
      this.#context.sessions.delete(this.#key);
      return end;
    }
    if (end !== null) throw end.error;
    if (this.#sessionId === null) throw lostFault(this.#request);
    return { sessionId: this.#sessionId };
  }

  get #what(): string {
    return `Uploading "${this.#request.path}"`;
  }

  #changed(): Fault {
    this.#context.sessions.delete(this.#key);
    return changedFault(this.#request);
  }

  async #open(): Promise<void> {
    if (this.#sessionId !== null) return;
    const { transport, sessions } = this.#context;
    const { signal } = this.#hooks;
    const { result } = await transport.attempt(
      this.#what,
      () =>
        transport.api.filesUploadSessionStart(
          { session_type: { '.tag': 'concurrent' }, contents: Buffer.alloc(0) },
          signal === undefined ? {} : { signal },
        ),
      signal,
    );
    this.#sessionId = result.session_id;
    sessions.put(this.#key, { sessionId: MARK + result.session_id, offset: 0 });
  }

  /** Null where it was waited for and something else has come up. Throws Fault 'changed' where the file is another. */
  async #read(pieces: PieceReader, position: number): Promise<Piece | null> {
    const { speed, buffers } = this.#context;
    if (this.#underWay.size >= speed.atOnce) {
      await Promise.race(this.#underWay);
      return null;
    }
    const buffer = await buffers.take();
    try {
      const bytes = await pieces.fill(buffer);
      if (bytes.length === 0 || position + bytes.length > this.#request.size) throw this.#changed();
      // Only the end of the file is less than a block.
      if (bytes.length < PIECE && position + bytes.length < this.#request.size) throw this.#changed();
      return { start: position, bytes, buffer };
    } catch (error) {
      buffers.give(buffer);
      throw error;
    }
  }

  #launch(piece: Piece): void {
    const task = this.#send(piece, false)
      .catch((error: unknown) => void (this.#end ??= { error }))
      .finally(() => {
        this.#underWay.delete(task);
        this.#context.buffers.give(piece.buffer);
      });
    this.#underWay.add(task);
  }

  async #hash({ start, bytes }: Piece): Promise<Buffer> {
    const [digest = Buffer.alloc(0)] = await hashesOfBlocks(bytes);
    this.#blocks[start / BLOCK_SIZE] = digest;
    return digest;
  }

  async #send(piece: Piece, close: boolean): Promise<void> {
    const content_hash = hash('sha256', await this.#hash(piece));
    const offset = piece.start;
    const contents = piece.bytes;
    const end = offset + contents.length;
    if (end <= this.#arrived || this.#end !== null) return;
    const { transport, speed } = this.#context;
    const atOnce = Math.max(1, this.#underWay.size);
    const started = transport.clock.now();
    const watch = speed.isKnown ? null : this.#watch(started);
    const signals = [this.#hooks.signal, watch?.signal].filter((one) => one !== undefined);
    const signal = signals.length === 0 ? undefined : AbortSignal.any(signals);
    const cursor = { session_id: this.#sessionId ?? '', offset };
    let appended: 'done' | 'closed' | 'gone';
    try {
      appended = await transport.attempt(
        this.#what,
        () =>
          appendedOf(
            transport.api.filesUploadSessionAppendV2(
              { cursor, close, content_hash, contents },
              signal === undefined ? {} : { signal },
            ),
          ),
        signal,
      );
    } catch (error) {
      const isSlow = watch?.signal.aborted === true && this.#hooks.signal?.aborted !== true;
      if (!isSlow) throw error;
      speed.note(contents.length, transport.clock.now() - started);
      this.#end ??= 'slow';
      return;
    } finally {
      watch?.stop();
    }
    speed.note(contents.length, transport.clock.now() - started, atOnce);
    if (appended === 'gone') {
      this.#end ??= 'gone';
      return;
    }
    this.#hooks.sent(contents.length);
    // A closed session holds everything: it is closed last of all.
    this.#note(offset, appended === 'closed' ? this.#request.size : end);
  }

  /** Ends the first piece where the line is too slow for it. */
  #watch(started: number): { readonly signal: AbortSignal; stop(): void } {
    const ending = new AbortController();
    const { clock } = this.#context.transport;
    const timer = setInterval(() => {
      if (clock.now() - started > FIRST_TIME) ending.abort(new Error('too slow'));
    }, LOOK);
    return { signal: ending.signal, stop: () => clearInterval(timer) };
  }

  #note(start: number, end: number): void {
    this.#beyond.set(start, end);
    const before = this.#arrived;
    for (let next = this.#beyond.get(this.#arrived); next !== undefined; next = this.#beyond.get(this.#arrived)) {
      this.#beyond.delete(this.#arrived);
      this.#arrived = next;
    }
    if (this.#arrived === before) return;
    this.#context.sessions.put(this.#key, { sessionId: MARK + (this.#sessionId ?? ''), offset: this.#arrived });
  }
}

function isPlace(offset: number, size: number): boolean {
  return offset === size || (offset < size && offset % BLOCK_SIZE === 0);
}

interface Piece {
  readonly start: number;
  readonly bytes: Buffer;
  /** What `bytes` is a part of. */
  readonly buffer: Buffer;
}

/** Cuts a stream into pieces that are copied out of it: a chunk of it need only be valid until the next. */
class PieceReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  #ended = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The part of `target` that was filled: all of it but at the end. */
  async fill(target: Buffer): Promise<Buffer> {
    let filled = 0;
    while (filled < target.length && (await this.#more())) {
      const part = this.#rest.subarray(0, target.length - filled);
      target.set(part, filled);
      filled += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return target.subarray(0, filled);
  }

  async isAtEnd(): Promise<boolean> {
    return !(await this.#more());
  }

  async #more(): Promise<boolean> {
    while (this.#rest.length === 0 && !this.#ended) {
      const next = await this.#chunks.next();
      if (next.done === true) this.#ended = true;
      else this.#rest = next.value;
    }
    return this.#rest.length > 0;
  }

  async end(): Promise<void> {
    if (!this.#ended) await this.#chunks.return?.();
    this.#ended = true;
  }
}

/** What an append did, where the answer says it (files.UploadSessionAppendError); other errors are thrown on. */
async function appendedOf(call: Promise<unknown>): Promise<'done' | 'closed' | 'gone'> {
  try {
    await call;
    return 'done';
  } catch (error) {
    if (!(error instanceof DropboxResponseError) || error.status !== 409) throw error;
    const body: unknown = error.error;
    const tags = tagsOf(isRecord(body) ? body['error'] : null);
    if (tags.includes('closed')) return 'closed';
    if (tags.some((tag) => tag === 'not_found' || tag.startsWith('concurrent_session_'))) return 'gone';
    throw error;
  }
}
