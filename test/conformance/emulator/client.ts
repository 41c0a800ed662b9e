// What the emulator's tests share: the npm client pointed at an emulator, and a way to look at refusals.

import { Dropbox, DropboxResponseError, type DropboxOptions } from 'dropbox';
import type { TestEmulator } from '../../support/emulator.ts';

export function connect(emulator: TestEmulator, options: Partial<DropboxOptions> = {}): Dropbox {
  return new Dropbox({ accessToken: 'test-token', fetch: emulator.fetch, ...options });
}

export interface Refusal {
  readonly status: number;
  /** Tags of the error, joined with `/`; the whole text of a plain answer. */
  readonly summary: string;
  readonly error: unknown;
  readonly retryAfter: string | null;
}

/** The refusal that a call must meet; fails where the call succeeds. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof DropboxResponseError)) throw error;
    const body: unknown = error.error;
    const summary = (body as { error_summary?: string }).error_summary;
    return {
      status: error.status,
      summary: summary === undefined ? String(body) : summary.replace(/\/\.*$/, ''),
      error: (body as { error?: unknown }).error ?? null,
      retryAfter: (error.headers as Headers).get('retry-after'),
    };
  }
  throw new Error('The call was answered, but a refusal was expected.');
}

/** A call without the client, for what the client would not send. */
export async function rawCall(
  emulator: TestEmulator,
  route: string,
  init: {
    readonly body?: string | Buffer;
    readonly headers?: Readonly<Record<string, string>>;
    readonly query?: string;
  },
): Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }> {
  const response = await fetch(`${emulator.origin}/2/${route}${init.query ?? ''}`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-token', 'content-type': 'application/json', ...init.headers },
    ...(init.body === undefined ? {} : { body: new Uint8Array(Buffer.from(init.body)) }),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** A call with a JSON argument. */
export function rawRpc(emulator: TestEmulator, route: string, argument: unknown): ReturnType<typeof rawCall> {
  return rawCall(emulator, route, { body: JSON.stringify(argument) });
}

/** Bytes of a download that the client answered. */
export function bytesOf(result: object): Promise<Buffer> {
  const { fileBlob, fileBinary } = result as { fileBlob?: Blob; fileBinary?: Buffer };
  if (fileBinary !== undefined) return Promise.resolve(fileBinary);
  if (fileBlob === undefined) throw new Error('The answer has no body.');
  return fileBlob.arrayBuffer().then((buffer) => Buffer.from(buffer));
}

/** Bytes that differ from block to block, the same in each run. */
export function patternBytes(size: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0, value = seed; at + 4 <= size; at += 4) {
    value = (Math.imul(value, 1664525) + 1013904223) >>> 0;
    bytes.writeUInt32LE(value, at);
  }
  return bytes;
}
