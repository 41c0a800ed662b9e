// Bodies on the wire, both ways: counted, slowed down to the bandwidth that is set, cut or damaged where a fault says so,
// ranges answered. Used by http.ts and the pages behind links.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Segment } from './blobs.ts';
import type { Emulator } from './emulator.ts';
import type { RequestCounts } from './request-counts.ts';
import type { Download } from './route.ts';

/** The connection is to be dropped without an answer. */
export class CutConnection extends Error {}

/** Takes a request's body. Answers null, the rest read and forgotten, where it has more than `limit` bytes. */
export async function receiveBody(
  emulator: Emulator,
  counts: RequestCounts,
  endpoint: string,
  request: IncomingMessage,
  limit: number,
  seen: (chunk: Buffer) => void,
): Promise<Segment | null> {
  const cut = emulator.faults.settings.cutBody?.direction === 'up' ? emulator.faults.due('cutBody', endpoint) : null;
  let size = 0;
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      counts.up(chunk.length);
      if (cut !== null && size > cut.afterBytes) throw new CutConnection();
      await pace(emulator, chunk.length);
      if (size <= limit) yield chunk;
    }
    if (cut !== null) throw new CutConnection();
  };
  const segment = await emulator.blobs.receive(chunks(), seen);
  if (size <= limit) return segment;
  emulator.blobs.discard([segment]);
  return null;
}

/** Waits for as long as so many bytes take on the line. */
async function pace(emulator: Emulator, bytes: number): Promise<void> {
  const { bandwidthBytesPerSecond: bandwidth } = emulator.faults.settings;
  if (bandwidth > 0) await new Promise((resolve) => setTimeout(resolve, (bytes / bandwidth) * 1000));
}

interface Range {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** `bytes=a-b`, `bytes=a-`, `bytes=-n`; null for none, `unsatisfiable` where nothing is there. */
export function parseRange(header: string | null, size: number): Range | 'unsatisfiable' | null {
  const match = header === null ? null : /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (match === null) return null;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return null;
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  const start = Number(from);
  const end = to === '' ? size : Math.min(Number(to) + 1, size);
  if (to !== '' && Number(to) < start) return null;
  return start >= size ? 'unsatisfiable' : { start, end };
}

/** What a sender needs to know of the request. */
export interface Sending {
  readonly endpoint: string;
  readonly range: string | null;
  readonly signal: AbortSignal;
}

/** Sends a download: all of it, a range of it, or 416. */
export async function sendBody(
  emulator: Emulator,
  counts: RequestCounts,
  sending: Sending,
  response: ServerResponse,
  download: Download,
): Promise<void> {
  const range = parseRange(sending.range, download.size);
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${download.size}`, 'content-type': 'text/plain' });
    response.end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: download.size };
  response.writeHead(range === null ? 200 : 206, {
    'content-type': download.contentType,
    'content-length': end - start,
    'accept-ranges': 'bytes',
    ...(range === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${download.size}` }),
    ...(download.etag === null ? {} : { etag: `W/"${download.etag}"` }),
    'dropbox-api-result': headerJson(download.result),
  });
  const cut =
    emulator.faults.settings.cutBody?.direction === 'down' ? emulator.faults.due('cutBody', sending.endpoint) : null;
  const corrupt = emulator.faults.due('corruptBody', sending.endpoint) !== null;
  let sent = 0;
  for await (const chunk of download.read(start, end)) {
    if (sending.signal.aborted) return;
    await pace(emulator, chunk.length);
    const piece = cut === null ? chunk : chunk.subarray(0, Math.max(cut.afterBytes - sent, 0));
    const bytes = corrupt && sent === 0 ? damaged(piece) : piece;
    sent += bytes.length;
    counts.down(bytes.length);
    if (!response.write(bytes)) await drained(response, sending.signal);
    if (cut !== null && sent >= cut.afterBytes) break;
  }
  if (cut === null) response.end();
  else {
    // Gives the receiver the time to take what was written: a break that comes with the bytes makes many drop both.
    await new Promise((resolve) => setTimeout(resolve, 20));
    throw new CutConnection();
  }
}

function damaged(chunk: Buffer): Buffer {
  const copy = Buffer.from(chunk);
  if (copy.length > 0) copy[0] = (copy[0] ?? 0) ^ 0xff;
  return copy;
}

function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    response.once('drain', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** JSON that may stand in a header: every character above U+007E escaped. */
export function headerJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
