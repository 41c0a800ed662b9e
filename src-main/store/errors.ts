// The errors of the document store that are no Fault of a port: what a person asked for and the store refuses.

export type StoreErrorCode =
  | 'database-corrupt'
  | 'database-newer'
  | 'database-unreachable'
  | 'not-initialised'
  | 'duplicate'
  | 'type-in-use'
  | 'unknown-type'
  | 'unknown-record'
  | 'unknown-client'
  | 'unknown-rule'
  | 'unknown-folder'
  | 'unknown-file'
  | 'bad-name'
  | 'bad-filter'
  | 'bad-pattern'
  | 'other-client'
  | 'bad-policy'
  | 'unknown-conflict'
  | 'unknown-trash'
  | 'bad-date'
  | 'bad-path'
  | 'unknown-path'
  | 'unknown-version'
  | 'unknown-operation'
  | 'unknown-job'
  | 'place-taken'
  | 'erp-folder'
  | 'no-folder'
  | 'missing-file'
  | 'unreadable-file'
  | 'out-exists'
  | 'not-in-dropbox'
  | 'inside-root'
  | 'outside-clients'
  | 'job-running'
  | 'no-client'
  | 'no-link'
  | 'no-team'
  | 'links-off';

/** `message` is a sentence: what is wrong and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
  }
}
