// What a route throws instead of answering: the error forms of the Dropbox API. Tagged errors travel as 409 with an
// `error_summary`; a malformed call as 400 in plain text; login problems as 401; throttling as 429.
// http.ts turns them into responses.

/** A value of a union: its tag, and what belongs to it. */
export interface Tagged {
  readonly '.tag': string;
  readonly [key: string]: unknown;
}

/** `tag('path', 'conflict', 'file')` is path/conflict/file: each value inside the one before. */
export function tag(...names: readonly [string, ...string[]]): Tagged {
  const [first, second, ...rest] = names;
  return second === undefined ? { '.tag': first } : { '.tag': first, [first]: tag(second, ...rest) };
}

/** A union value that holds another one. */
export function nest(name: string, inner: Tagged): Tagged {
  return { '.tag': name, [name]: inner };
}

export abstract class ApiFailure extends Error {
  abstract readonly status: number;
  /** A string is sent as plain text, anything else as JSON. */
  abstract body(): unknown;
  /** Seconds for the Retry-After header. */
  readonly retryAfter: number | null = null;
}

/** 409: an error that the route declares. */
export class EndpointError extends ApiFailure {
  override readonly status: number = 409;
  readonly error: Tagged;
  constructor(error: Tagged) {
    super(errorSummary(error));
    this.error = error;
  }
  override body(): unknown {
    return { error_summary: this.message, error: this.error };
  }
}

/** 401: expired_access_token, invalid_access_token, missing_scope … */
export class LoginError extends EndpointError {
  override readonly status: number = 401;
}

/** 422: the path root that the caller named is not the current one. */
export class PathRootError extends EndpointError {
  override readonly status: number = 422;
}

/** 400 in plain text: the call itself is malformed. */
export class MalformedCall extends ApiFailure {
  override readonly status: number = 400;
  constructor(message: string) {
    super(message);
  }
  override body(): unknown {
    return this.message;
  }
}

/** 429. The body is JSON or, as some front ends answer, plain text. */
export class Throttled extends ApiFailure {
  override readonly status: number = 429;
  override readonly retryAfter: number;
  readonly #plainText: boolean;
  constructor(reason: 'too_many_requests' | 'too_many_write_operations', retryAfter: number, plainText: boolean) {
    super(reason);
    this.retryAfter = retryAfter;
    this.#plainText = plainText;
  }
  override body(): unknown {
    if (this.#plainText) return this.message;
    return {
      error_summary: `${this.message}/..`,
      error: { reason: { '.tag': this.message }, retry_after: this.retryAfter },
    };
  }
}

/** 5xx in plain text. */
export class ServerTrouble extends ApiFailure {
  override readonly status: number;
  constructor(status: number) {
    super('The server has either erred or is incapable of performing the requested operation.');
    this.status = status;
  }
  override body(): unknown {
    return this.message;
  }
}

/** The tags from the outside in. A tagged value with several fields is a struct: its tag is none of the error's. */
function errorSummary(error: Tagged): string {
  const names: string[] = [];
  for (let at: unknown = error; isTagged(at) && (at === error || Object.keys(at).length <= 2);) {
    const name = at['.tag'];
    names.push(name);
    at = at[name] ?? at['reason'];
  }
  return `${names.join('/')}/..`;
}

function isTagged(value: unknown): value is Tagged {
  return typeof value === 'object' && value !== null && typeof (value as Tagged)['.tag'] === 'string';
}
