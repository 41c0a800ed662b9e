// What a route is: its name, where its argument comes from, whom it wants to know, what it answers.
// The files in routes/ declare them; http.ts carries them out.

import type { Shape } from './arguments.ts';
import type { View } from './emulator.ts';
import type { Segment } from './blobs.ts';

/** A request as a route sees it. */
export interface Call {
  readonly view: View;
  readonly endpoint: string;
  /** Bearer token; '' where the route wants none. */
  readonly token: string;
  /** Aborted when the caller hangs up. */
  readonly signal: AbortSignal;
  /** Value of the Range header. */
  readonly range: string | null;
  /** Takes the body of an upload. `limit` is the most bytes it may have; null is answered where it has more. */
  readonly takeBody: (limit: number, seen: (chunk: Buffer) => void) => Promise<Segment | null>;
}

/** An answer of a download route: a body of its own, the JSON in a header. */
export class Download {
  readonly result: Readonly<Record<string, unknown>>;
  readonly size: number;
  /** Bytes from `start` to `end` (exclusive). */
  readonly read: (start: number, end: number) => AsyncIterable<Buffer>;
  readonly etag: string | null;
  readonly contentType: string;
  constructor(
    result: Readonly<Record<string, unknown>>,
    size: number,
    read: (start: number, end: number) => AsyncIterable<Buffer>,
    options: { readonly etag?: string; readonly contentType?: string } = {},
  ) {
    this.result = result;
    this.size = size;
    this.read = read;
    this.etag = options.etag ?? null;
    this.contentType = options.contentType ?? 'application/octet-stream';
  }

  /** The same bytes with another result in the header. */
  withResult(result: Readonly<Record<string, unknown>>): Download {
    const etag = this.etag === null ? {} : { etag: this.etag };
    return new Download(result, this.size, this.read, { ...etag, contentType: this.contentType });
  }
}

export interface Route {
  readonly name: string;
  readonly style: 'rpc' | 'upload' | 'download';
  readonly auth: 'user' | 'team' | 'app' | 'app, user' | 'none';
  /** Permission that the token must have; null for none. */
  readonly scope: string | null;
  /** Whether it changes the namespace, so that one at a time may run. */
  readonly writes: boolean;
  readonly argument: Shape<unknown>;
  readonly answer: (call: Call, argument: unknown) => unknown;
}

interface RouteOptions {
  readonly style?: Route['style'];
  readonly auth?: Route['auth'];
  readonly writes?: boolean;
}

export function route<T>(
  name: string,
  scope: string | null,
  argument: Shape<T>,
  answer: (call: Call, argument: T) => unknown,
  options: RouteOptions = {},
): Route {
  return {
    name,
    style: options.style ?? 'rpc',
    auth: options.auth ?? 'user',
    scope,
    writes: options.writes ?? false,
    argument,
    answer: (call, value) => answer(call, value as T),
  };
}
