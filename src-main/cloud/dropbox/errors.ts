// From what Dropbox or the network answers to Fault codes with a sentence. In: anything thrown by a request; out: Fault.
// Error shapes: the API specification (auth, common and the route's own error unions). Called by the transport and by
// the calls that receive an error for each entry of a batch.

import { DropboxResponseError } from 'dropbox';

import { tickSentence } from '../../../src-shared/dropbox-scopes.ts';
import { Fault, type FaultCode } from '../../engine/ports.ts';

/** The tags of an error union, outermost first: `path`, `conflict`, `file`. */
export function tagsOf(error: unknown): readonly string[] {
  const tags: string[] = [];
  let at = error;
  while (isRecord(at) && tags.length < 8) {
    const tag = at['.tag'];
    if (typeof tag !== 'string') {
      at = at['reason'] ?? at['error'];
      continue;
    }
    tags.push(tag);
    at = at[tag] ?? at['reason'];
  }
  return tags;
}

interface Meaning {
  readonly code: FaultCode;
  readonly sentence: string;
  readonly retryable?: boolean;
}

/** First match wins; the order puts what a person must act on before what is merely general. */
const MEANINGS: readonly (readonly [readonly string[], Meaning])[] = [
  [
    ['too_many_write_operations', 'in_progress', 'locked'],
    { code: 'busy', sentence: 'Dropbox is busy with other changes; it is tried again.', retryable: true },
  ],
  [
    [
      'insufficient_space',
      'insufficient_quota',
      'team_folder_insufficient_space',
      'member_folder_insufficient_space',
      'team_folder_insufficient_quota',
      'member_folder_insufficient_quota',
    ],
    { code: 'no-space', sentence: 'This Dropbox account is full. Free some space in Dropbox, then go on.' },
  ],
  [['reset'], { code: 'cursor-reset', sentence: 'Dropbox asks for a new full listing.' }],
  [
    ['content_hash_mismatch'],
    { code: 'hash-mismatch', sentence: 'The content was damaged on its way to Dropbox.', retryable: true },
  ],
  [
    ['disallowed_name', 'malformed_path'],
    { code: 'name-refused', sentence: 'Dropbox does not take this name. Rename the file or folder.' },
  ],
  [
    [
      'conflict',
      'shared_link_already_exists',
      'cant_move_folder_into_itself',
      'duplicated_or_nested_paths',
      'cant_nest_shared_folder',
    ],
    { code: 'conflict', sentence: 'Something else is at this place in Dropbox, or it changed meanwhile.' },
  ],
  [
    ['unsupported_file', 'unsupported_content_type'],
    { code: 'not-downloadable', sentence: 'This document exists only in Dropbox and can only be exported.' },
  ],
  [
    ['not_found', 'shared_link_not_found', 'not_file', 'not_folder', 'invalid_revision'],
    { code: 'not-found', sentence: 'It is not in Dropbox (any more).' },
  ],
  [
    ['too_many_files'],
    { code: 'too-many-files', sentence: 'There are too many files in it for one operation in Dropbox.' },
  ],
  [
    ['upload_traffic_limit_reached'],
    { code: 'no-permission', sentence: 'The upload limit of this Dropbox team is reached for this month.' },
  ],
  [
    ['settings_error', 'access_denied', 'shared_link_access_denied', 'email_not_verified', 'banned_member'],
    {
      code: 'no-permission',
      sentence:
        'This account may not make links to this document. See the sharing settings of Dropbox, or switch links off.',
    },
  ],
  [['internal_error'], { code: 'server', sentence: 'Dropbox had an internal error.', retryable: true }],
  [
    [
      'no_write_permission',
      'access_restricted',
      'restricted_content',
      'team_folder',
      'operation_suppressed',
      'cant_transfer_ownership',
      'cant_move_shared_folder',
      'cant_copy_shared_folder',
      'cant_move_into_vault',
      'cant_move_into_family',
    ],
    { code: 'no-permission', sentence: 'Dropbox does not permit this here; ask the owner of the folder.' },
  ],
];

/** The Fault for the error union of a route or of one entry of a batch. `what` names the work, as in `Uploading "a.txt"`. */
export function faultOfTags(tags: readonly string[], what: string): Fault {
  for (const [names, meaning] of MEANINGS) {
    if (tags.some((tag) => names.includes(tag))) {
      return new Fault(meaning.code, `${what} failed: ${meaning.sentence}`, { retryable: meaning.retryable ?? false });
    }
  }
  const detail = tags.length === 0 ? 'without a reason' : `with "${tags.join('/')}"`;
  return new Fault('server', `${what} failed: Dropbox refused it ${detail}.`);
}

/** The Fault for anything that a request throws. */
export function faultOf(error: unknown, what: string): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof DropboxResponseError) return faultOfResponse(error, what);
  const name = error instanceof Error ? error.name : '';
  if (name === 'AbortError') return new Fault('aborted', `${what} was ended.`, { cause: error });
  if (name === 'TimeoutError' || isFetchError(error) || networkCode(error) !== null) {
    const code = networkCode(error);
    const sentence = `${what} failed: Dropbox cannot be reached${code === null ? '' : ` (${code})`}. Check the network.`;
    return new Fault('network', sentence, { retryable: true, cause: error });
  }
  return new Fault('internal', `${what} failed unexpectedly.`, { cause: error });
}

/** How Node's fetch reports a connection that failed or broke; any other TypeError is a mistake of the program. */
function isFetchError(error: unknown): boolean {
  return error instanceof TypeError && (error.cause !== undefined || /^(fetch failed|terminated)$/.test(error.message));
}

/** True where the request never reached a server, so that nothing can have happened there. */
export function neverSent(fault: Fault): boolean {
  const code = networkCode(fault.cause);
  return code !== null && ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'].includes(code);
}

function networkCode(error: unknown): string | null {
  let at = error;
  for (let depth = 0; depth < 5 && at instanceof Error; depth++) {
    if ('code' in at && typeof at.code === 'string' && /^(E[A-Z]|UND_ERR)/.test(at.code)) return at.code;
    at = at instanceof AggregateError ? at.errors[0] : at.cause;
  }
  return null;
}

function faultOfResponse(error: DropboxResponseError<unknown>, what: string): Fault {
  const body = isRecord(error.error) ? error.error : null;
  const tags = tagsOf(body?.['error']);
  const retryAfter = retryAfterOf(error);
  const transient = { retryable: true, retryAfter, cause: error };
  if (error.status === 401) return loginFault(tags, body, what);
  if (error.status === 409) return faultOfTags(tags, what);
  if (error.status === 429) {
    const busy = tags.includes('too_many_write_operations');
    const sentence = busy ? 'Dropbox is busy with other changes' : 'Dropbox asks to slow down';
    return new Fault(busy ? 'busy' : 'rate-limited', `${what} waits: ${sentence}; it is tried again.`, transient);
  }
  if (error.status >= 500) {
    return new Fault(
      'server',
      `${what} failed: Dropbox is out of order (${error.status}); it is tried again.`,
      transient,
    );
  }
  if (error.status === 403 || error.status === 422) {
    return new Fault('no-permission', `${what} failed: this Dropbox account does not permit it.`);
  }
  const text = typeof error.error === 'string' ? error.error : '';
  if (error.status === 400 && /access token is malformed|invalid_grant/i.test(text)) return loginFault([], null, what);
  return new Fault('bad-request', `${what} failed: Dropbox did not understand the request (${error.status}).`, {
    cause: error,
  });
}

function loginFault(tags: readonly string[], body: Record<string, unknown> | null, what: string): Fault {
  const inner = body?.['error'];
  if (tags.includes('missing_scope')) {
    const scope = isRecord(inner) && typeof inner['required_scope'] === 'string' ? inner['required_scope'] : '';
    return new Fault('scope-missing', `${what} failed. ${tickSentence([scope])}`);
  }
  if (tags.includes('invalid_select_user') || tags.includes('invalid_select_admin')) {
    return new Fault('no-permission', `${what} failed: the team member of this client is not in the Dropbox team.`);
  }
  if (tags.includes('route_access_denied')) {
    return new Fault('no-permission', `${what} failed: this Dropbox app may not use this function.`);
  }
  return new Fault(
    'login-lost',
    `${what} failed: the connection to Dropbox was revoked or has expired. Connect again.`,
  );
}

/** Seconds: the `Retry-After` header, else `retry_after` of the body, else null. */
function retryAfterOf(error: DropboxResponseError<unknown>): number | null {
  const headers: unknown = error.headers;
  const header = headers instanceof Headers ? headers.get('retry-after') : null;
  if (header !== null && header !== '' && Number.isFinite(Number(header))) return Math.max(0, Number(header));
  const body = isRecord(error.error) ? error.error['error'] : null;
  const seconds = isRecord(body) ? body['retry_after'] : null;
  return typeof seconds === 'number' ? Math.max(0, seconds) : null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
