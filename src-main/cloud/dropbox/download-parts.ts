// Streams one revision of a large file from Dropbox: parts of it come side by side, and go on in order. In: rev, size,
// first byte; out: the bytes from there to the end, each chunk valid until the next is asked for. All parts are of the
// same revision, whatever becomes of the file meanwhile. A part whose connection breaks is taken up where it broke.
// A server that gives no parts is asked for the whole. Called by client.ts; whoever consumes the bytes verifies the hash.

import { Fault, type DownloadRequest } from '../../engine/ports.ts';
import { BLOCK_SIZE } from '../../infra/content-hash.ts';
import { answerFor, downloadRevision, FRUITLESS_LIMIT, WHAT } from './download.ts';
import { faultOf } from './errors.ts';
import { PIECE, type Buffers, type LineSpeed } from './line-speed.ts';
import { abortedFault, type Transport } from './transport.ts';

/** Bytes below which one answer is as fast. */
const LEAST = 4 * PIECE;
/** Bytes handed on of a part that comes alone, on a slow line: what was handed on is not lost when it ends. */
const STEP = 1024 * 1024;

export interface DownloadContext {
  readonly transport: Transport;
  readonly speed: LineSpeed;
  readonly buffers: Buffers;
}

export function isWorthParts({ size }: DownloadRequest, start: number): boolean {
  return size - start > LEAST;
}

export async function* downloadInParts(
  context: DownloadContext,
  request: DownloadRequest,
  start: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { transport, speed, buffers } = context;
  const leaving = new AbortController();
  const ended = signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal]);
  const parts: Part[] = [];
  let asked = start;
  let at = start;
  const askForMore = (): void => {
    while (parts.length < speed.atOnce && asked < request.size) {
      // One part can always come, whatever else is under way.
      const shared = buffers.tryTake();
      if (shared === null && parts.length > 0) return;
      const buffer = shared ?? Buffer.allocUnsafeSlow(PIECE);
      // Whole blocks of the file, so that they can be hashed as they come.
      const end = Math.min(request.size, asked - (asked % BLOCK_SIZE) + PIECE);
      parts.push(
        new Part(context, request, {
          start: asked,
          end,
          buffer,
          isShared: shared !== null,
          atOnce: parts.length + 1,
          signal: ended,
        }),
      );
      asked = end;
    }
  };
  try {
    while (at < request.size) {
      askForMore();
      const [first] = parts;
      if (first === undefined) break;
      const bytes = await first.next(parts.length === 1 ? STEP : PIECE);
      at += bytes.length;
      if (bytes.length > 0) yield bytes;
      if (first.isUnranged) break;
      if (first.failure !== null && !first.hasMore) throw first.failure;
      if (first.isGiven) {
        parts.shift();
        first.release();
      }
    }
  } finally {
    leaving.abort();
    await Promise.all(parts.map((part) => part.ended));
    for (const part of parts) part.release();
  }
  if (at < request.size) yield* downloadRevision(transport, request, at, signal);
}

interface PartOptions {
  readonly start: number;
  readonly end: number;
  readonly buffer: Buffer;
  readonly isShared: boolean;
  /** How many were under way when it began, itself included. */
  readonly atOnce: number;
  readonly signal: AbortSignal;
}

class Part {
  readonly #context: DownloadContext;
  readonly #request: DownloadRequest;
  readonly #options: PartOptions;
  readonly #length: number;
  #filled = 0;
  #given = 0;
  #isOver = false;
  #wake: (() => void) | null = null;
  failure: Fault | null = null;
  /** The server answered with something else than the part that was asked for. */
  isUnranged = false;
  /** Resolves when nothing is written to its buffer any more. */
  readonly ended: Promise<void>;

  constructor(context: DownloadContext, request: DownloadRequest, options: PartOptions) {
    this.#context = context;
    this.#request = request;
    this.#options = options;
    this.#length = options.end - options.start;
    this.ended = this.#run();
  }

  get isGiven(): boolean {
    return this.#given === this.#length;
  }

  get hasMore(): boolean {
    return this.#given < this.#filled;
  }

  release(): void {
    if (this.#options.isShared) this.#context.buffers.give(this.#options.buffer);
  }

  /** What has come and was not given yet, once it is so much or nothing more comes. */
  async next(least: number): Promise<Uint8Array> {
    while (!this.#isOver && this.#filled - this.#given < least) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const bytes = this.#options.buffer.subarray(this.#given, this.#filled);
    this.#given = this.#filled;
    return bytes;
  }

  async #run(): Promise<void> {
    const { transport, speed } = this.#context;
    const { signal, atOnce } = this.#options;
    const started = transport.clock.now();
    try {
      for (let fruitless = 0; this.#filled < this.#length && !this.isUnranged;) {
        const before = this.#filled;
        try {
          await this.#take();
        } catch (error) {
          const fault = signal.aborted ? abortedFault(WHAT) : faultOf(error, WHAT);
          if (this.#filled > before) fruitless = 0;
          if (fault.code !== 'network' || ++fruitless >= FRUITLESS_LIMIT) throw fault;
          await transport.pause(fruitless, fault, signal);
        }
      }
      if (!this.isUnranged) speed.note(this.#length, transport.clock.now() - started, atOnce);
    } catch (error) {
      this.failure = faultOf(error, WHAT);
    } finally {
      this.#isOver = true;
      this.#wake?.();
    }
  }

  /** One answer. Throws where it breaks off. */
  async #take(): Promise<void> {
    const { transport } = this.#context;
    const { start, end, buffer, signal } = this.#options;
    const from = start + this.#filled;
    const response = await transport.attempt(
      WHAT,
      () => answerFor(transport, this.#request, `bytes=${from}-${end - 1}`, signal),
      signal,
    );
    if (response.status !== 206) {
      this.isUnranged = true;
      await response.body?.cancel();
      return;
    }
    this.#expect(response, from);
    for await (const chunk of response.body ?? []) {
      await transport.received(chunk.length, signal);
      if (this.#filled + chunk.length > this.#length) {
        throw new Fault('server', `${WHAT} failed: Dropbox sent more than was asked for.`, { retryable: true });
      }
      buffer.set(chunk, this.#filled);
      this.#filled += chunk.length;
      this.#wake?.();
    }
    if (this.#filled < this.#length) throw new Fault('network', `${WHAT} broke off.`, { retryable: true });
  }

  #expect(response: Response, from: number): void {
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? [];
    if (first !== undefined && Number(first) !== from) {
      throw new Fault('server', `${WHAT} failed: Dropbox sent another part of the file than was asked for.`);
    }
    if (total !== undefined && total !== '*' && Number(total) !== this.#request.size) {
      throw new Fault('hash-mismatch', `${WHAT} failed: the file is of another size than Dropbox said.`);
    }
  }
}
