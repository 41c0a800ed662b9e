// Streams one revision of a file from Dropbox. In: rev, size, first byte; out: the bytes from there to the end.
// A connection that breaks is taken up again where it broke (Range), with back-off, as long as there is progress.
// The package's own filesDownload holds the whole file in memory, so the request is made here. Called by client.ts;
// whoever consumes the bytes verifies the content hash.

import { DropboxResponseError } from 'dropbox';

import type { RemoteId } from '../../../src-shared/domain.ts';
import { Fault, type DownloadRequest, type HashedContent } from '../../engine/ports.ts';
import { hashOfBytes } from '../../infra/content-hash.ts';
import { faultOf } from './errors.ts';
import { abortedFault, type Transport } from './transport.ts';
import { contentsOfZip } from './zip.ts';

const DOWNLOAD_ADDRESS = 'https://content.dropboxapi.com/2/files/download';
const FOLDER_ADDRESS = 'https://content.dropboxapi.com/2/files/download_zip';
const EXPORT_ADDRESS = 'https://content.dropboxapi.com/2/files/export';
export const WHAT = 'Downloading from Dropbox';
/** Breaks in a row without a single new byte. */
export const FRUITLESS_LIMIT = 5;
/** Bytes up to which a body is taken as a whole. */
const WHOLE = 256 * 1024;
/** Bytes of names, headers and directory of an archive at most. */
const FRAMES = 4 * 1024 * 1024;

export async function* downloadRevision(
  transport: Transport,
  request: DownloadRequest,
  start: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  let position = start;
  for (let fruitless = 0; position < request.size;) {
    try {
      const body = await transport.attempt(WHAT, () => openAt(transport, request, position, signal), signal);
      for await (const chunk of body) {
        position += chunk.length;
        fruitless = 0;
        if (position > request.size) {
          throw new Fault('hash-mismatch', `${WHAT} failed: the file is longer than Dropbox said.`);
        }
        yield chunk;
      }
      if (position < request.size) {
        throw new Fault('network', `${WHAT} broke off.`, { retryable: true });
      }
    } catch (error) {
      const fault = signal?.aborted === true ? abortedFault(WHAT) : faultOf(error, WHAT);
      if (fault.code !== 'network' || ++fruitless >= FRUITLESS_LIMIT) throw fault;
      await transport.pause(fruitless, fault, signal);
    }
  }
}

/**
 * The contents of a folder as one archive (files/download_zip). Tried once: whoever asks gets each file by itself where
 * this fails. Refused where the archive turns out to be much larger than the files it should hold.
 */
export async function downloadFolder(
  transport: Transport,
  folder: RemoteId,
  bytes: number,
  signal?: AbortSignal,
): Promise<readonly HashedContent[]> {
  const limit = 2 * bytes + FRAMES;
  return transport.once(
    'Downloading a folder',
    async () => {
      const response = await transport.send(FOLDER_ADDRESS, {
        method: 'POST',
        headers: { authorization: 'Bearer', 'dropbox-api-arg': JSON.stringify({ path: folder }) },
        signal: signal ?? null,
      });
      if (!response.ok) {
        throw new DropboxResponseError(response.status, response.headers, parsed(await response.text()));
      }
      const parts: Uint8Array[] = [];
      let size = 0;
      for await (const part of counted(transport, response.body, 0, signal)) {
        size += part.length;
        if (size > limit) throw new Fault('server', 'Dropbox sent a larger folder than it told of.');
        parts.push(part);
      }
      return (await contentsOfZip(Buffer.concat(parts), bytes)).map((content) => ({
        hash: hashOfBytes(content),
        bytes: content,
      }));
    },
    signal,
  );
}

/** Exports a document that exists only in the cloud, in the format that Dropbox prefers (files/export). */
export async function exportDocument(
  transport: Transport,
  id: RemoteId,
): Promise<{ readonly name: string; readonly bytes: AsyncIterable<Uint8Array> }> {
  const what = 'Exporting from Dropbox';
  try {
    return await transport.attempt(what, async () => {
      const response = await transport.send(EXPORT_ADDRESS, {
        method: 'POST',
        headers: { authorization: 'Bearer', 'dropbox-api-arg': JSON.stringify({ path: id }) },
      });
      if (!response.ok) {
        throw new DropboxResponseError(response.status, response.headers, parsed(await response.text()));
      }
      return { name: exportedName(response), bytes: counted(transport, response.body, 0) };
    });
  } catch (error) {
    const fault = faultOf(error, what);
    if (fault.retryable || fault.code === 'not-found') throw fault;
    throw new Fault(
      'not-downloadable',
      'Dropbox cannot export this document. Open it there and save it in another format.',
      {
        cause: error,
      },
    );
  }
}

function exportedName(response: Response): string {
  const told = parsed(response.headers.get('dropbox-api-result') ?? '');
  if (typeof told === 'object' && told !== null && 'export_metadata' in told) {
    const { export_metadata: metadata } = told;
    if (typeof metadata === 'object' && metadata !== null && 'name' in metadata && typeof metadata.name === 'string') {
      return metadata.name;
    }
  }
  return 'exported document';
}

async function openAt(
  transport: Transport,
  request: DownloadRequest,
  position: number,
  signal?: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const response = await answerFor(transport, request, position > 0 ? `bytes=${position}-` : null, signal);
  const skip = response.status === 206 ? skipOf(response, position) : position;
  // A small body is there at once: to stream it would cost more than to fetch it.
  if (request.size - position <= WHOLE) return wholeBody(transport, response, skip, signal);
  return counted(transport, response.body, skip, signal);
}

/** The answer to files/download of a revision. Throws what the package would throw. */
export async function answerFor(
  transport: Transport,
  request: DownloadRequest,
  range: string | null,
  signal?: AbortSignal,
): Promise<Response> {
  const response = await transport.send(DOWNLOAD_ADDRESS, {
    method: 'POST',
    headers: {
      // Replaced by the present token.
      authorization: 'Bearer',
      'dropbox-api-arg': JSON.stringify({ path: `rev:${request.rev}` }),
      ...(range === null ? {} : { range }),
    },
    signal: signal ?? null,
  });
  if (!response.ok) {
    const text = await response.text();
    throw new DropboxResponseError(response.status, response.headers, parsed(text));
  }
  return response;
}

async function* wholeBody(
  transport: Transport,
  response: Response,
  skip: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  await transport.received(bytes.length, signal);
  if (bytes.length > skip) yield bytes.subarray(skip);
}

/** How many bytes before `position` a partial answer starts. */
function skipOf(response: Response, position: number): number {
  const first = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  const skip = position - Number(first ?? position);
  if (skip < 0) throw new Fault('server', `${WHAT} failed: Dropbox sent another part of the file than was asked for.`);
  return skip;
}

async function* counted(
  transport: Transport,
  body: ReadableStream<Uint8Array> | null,
  skip: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  let left = skip;
  for await (const chunk of body) {
    await transport.received(chunk.length, signal);
    const rest = chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
    if (rest.length > 0) yield rest;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
