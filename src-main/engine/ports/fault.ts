// What every port answers or throws where something went wrong.

export type FaultCode =
  // Dropbox
  | 'cursor-reset'
  | 'root-gone'
  | 'not-found'
  | 'conflict'
  | 'hash-mismatch'
  | 'no-space'
  | 'name-refused'
  | 'no-permission'
  | 'rate-limited'
  | 'busy'
  | 'login-lost'
  | 'scope-missing'
  | 'network'
  | 'server'
  | 'not-downloadable'
  | 'too-many-files'
  | 'bad-request'
  // documents folder
  | 'documents-missing'
  | 'marker-missing'
  | 'read-only'
  | 'disk-full'
  | 'place-taken'
  | 'gone'
  | 'changed'
  | 'unreadable'
  | 'not-empty'
  | 'path-too-long'
  // anywhere
  | 'aborted'
  | 'internal';

/** The error value of every port. `message` is a sentence that names what is wrong and what to do, without secrets. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly retryable: boolean;
  /** Seconds that the server asked to wait, where it did. */
  readonly retryAfter: number | null;
  constructor(
    code: FaultCode,
    message: string,
    options: { retryable?: boolean; retryAfter?: number | null; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfter = options.retryAfter ?? null;
  }
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };
