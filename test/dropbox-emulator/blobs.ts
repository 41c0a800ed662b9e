// Contents by content hash: equal bytes are kept once. In memory, or below a folder where one is given; there, bodies
// above SPILL_SIZE go to files while they arrive. Streams in and out are never joined into one buffer.
// Used by the upload routes and sessions (in), the download routes and the control endpoint (out).

import { createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { contentHashOf } from './content-hash.ts';

/** Bytes above which a body goes to a file where a folder is given. */
const SPILL_SIZE = 1024 * 1024;
/** Bytes below which the chunks of a body are joined, so that they do not hold on to larger network buffers. */
const JOIN_SIZE = 1024 * 1024;

export type Segment =
  | { readonly kind: 'memory'; readonly chunks: readonly Buffer[]; readonly size: number }
  | { readonly kind: 'file'; readonly path: string; readonly size: number }
  /** A content that the store holds already. */
  | { readonly kind: 'blob'; readonly hash: string; readonly size: number };

interface Blob {
  readonly size: number;
  readonly segments: readonly Segment[];
}

export class BlobStore {
  readonly #blobs = new Map<string, Blob>();
  readonly #folder: string | null;
  #temporary = 0;

  constructor(dataFolder: string | null) {
    this.#folder = dataFolder === null ? null : join(dataFolder, 'blobs');
    if (this.#folder !== null) {
      mkdirSync(this.#folder, { recursive: true });
      for (const name of readdirSync(this.#folder)) if (name.startsWith('tmp-')) rmSync(join(this.#folder, name));
    }
    this.#blobs.set(contentHashOf(Buffer.alloc(0)), { size: 0, segments: [] });
  }

  has(hash: string): boolean {
    return this.#blobs.has(hash) || (this.#folder !== null && existsSync(join(this.#folder, hash)));
  }

  /** Receives a stream; `seen` is called with each chunk as it passes. Rejects when the stream breaks off. */
  async receive(stream: AsyncIterable<Buffer>, seen: (chunk: Buffer) => void): Promise<Segment> {
    const chunks: Buffer[] = [];
    let size = 0;
    const iterator = stream[Symbol.asyncIterator]();
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      seen(next.value);
      size += next.value.length;
      chunks.push(next.value);
      if (this.#folder !== null && size > SPILL_SIZE) return this.#spill(chunks, iterator, seen, this.#folder);
    }
    return { kind: 'memory', chunks: size < JOIN_SIZE ? [Buffer.concat(chunks)] : chunks, size };
  }

  async #spill(
    head: readonly Buffer[],
    rest: AsyncIterator<Buffer>,
    seen: (chunk: Buffer) => void,
    folder: string,
  ): Promise<Segment> {
    const path = join(folder, `tmp-${process.pid}-${++this.#temporary}`);
    let size = 0;
    async function* all(): AsyncGenerator<Buffer> {
      for (const chunk of head) {
        size += chunk.length;
        yield chunk;
      }
      for (let next = await rest.next(); !next.done; next = await rest.next()) {
        seen(next.value);
        size += next.value.length;
        yield next.value;
      }
    }
    try {
      await pipeline(Readable.from(all(), { objectMode: false }), createWriteStream(path));
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    }
    return { kind: 'file', path, size };
  }

  /** Keeps the segments, in order, as the content of `hash`. Answers the content as one segment. */
  async put(hash: string, segments: readonly Segment[]): Promise<Segment> {
    const size = segments.reduce((sum, segment) => sum + segment.size, 0);
    if (this.has(hash)) this.discard(segments);
    else if (this.#folder === null) this.#blobs.set(hash, { size, segments });
    else await this.#keep(this.#folder, hash, segments, size);
    return { kind: 'blob', hash, size };
  }

  async #keep(folder: string, hash: string, segments: readonly Segment[], size: number): Promise<void> {
    const target = join(folder, hash);
    const only = segments[0];
    const temporary = join(folder, `tmp-${process.pid}-${++this.#temporary}`);
    if (segments.length === 1 && only?.kind === 'file') renameSync(only.path, target);
    else {
      if (size <= SPILL_SIZE) await writeFile(temporary, await collect(this.#readSegments(segments, 0, size)));
      else await pipeline(this.#readSegments(segments, 0, size), createWriteStream(temporary));
      renameSync(temporary, target);
      this.discard(segments);
    }
  }

  async putBytes(hash: string, bytes: Buffer): Promise<void> {
    await this.put(hash, [{ kind: 'memory', chunks: [bytes], size: bytes.length }]);
  }

  /** Removes the files of segments that nobody will commit. */
  discard(segments: readonly Segment[]): void {
    for (const segment of segments) if (segment.kind === 'file') rmSync(segment.path, { force: true });
  }

  /** Bytes `start` (inclusive) to `end` (exclusive) of a content that is held. */
  async *read(hash: string, start: number, end: number): AsyncGenerator<Buffer> {
    const blob = this.#blobs.get(hash);
    if (blob !== undefined) yield* this.#readSegments(blob.segments, start, end);
    else if (this.#folder !== null && end > start) {
      yield* this.#readSegments([{ kind: 'file', path: join(this.#folder, hash), size: end }], start, end);
    }
  }

  bytes(hash: string, size: number): Promise<Buffer> {
    return collect(this.read(hash, 0, size));
  }

  async *#readSegments(segments: readonly Segment[], start: number, end: number): AsyncGenerator<Buffer> {
    let base = 0;
    for (const segment of segments) {
      const from = Math.max(start - base, 0);
      const to = Math.min(end - base, segment.size);
      base += segment.size;
      if (to <= from) continue;
      if (segment.kind === 'memory') yield* readChunks(segment.chunks, from, to);
      else if (segment.kind === 'blob') yield* this.read(segment.hash, from, to);
      else yield* readFileRange(segment.path, from, to);
    }
  }
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function readFileRange(path: string, from: number, to: number): AsyncIterable<Buffer> {
  return createReadStream(path, { start: from, end: to - 1, highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>;
}

function* readChunks(chunks: readonly Buffer[], from: number, to: number): Generator<Buffer> {
  let base = 0;
  for (const chunk of chunks) {
    const first = Math.max(from - base, 0);
    const last = Math.min(to - base, chunk.length);
    base += chunk.length;
    if (last > first) yield chunk.subarray(first, last);
    if (base >= to) return;
  }
}
