// Routes that bring bytes: single uploads and upload sessions, one by one and in batches.

import { choice, flag, integer, list, nullable, optional, size, struct, text, type Read } from '../arguments.ts';
import { EndpointError, nest, tag, type Tagged } from '../answers.ts';
import type { Segment } from '../blobs.ts';
import { ContentHasher } from '../content-hash.ts';
import { LookupProblem } from '../lookup.ts';
import { fileMetadata } from '../metadata.ts';
import { route, type Call, type Route } from '../route.ts';
import { FinishProblem, SessionProblem, type Incoming } from '../sessions.ts';
import { commitFile, WriteProblem, type Commit, type Content } from '../writes.ts';
import { BUSY, check, isBusy, launch } from './batches.ts';
import { commitFields, commitInfo, contentHash } from './fields.ts';

const SCOPE = 'files.content.write';
/** Bytes of the largest body: 150 MiB. */
const MAX_BODY = 150 * 1024 * 1024;

const cursor = struct({ session_id: text(), offset: size });
const sessionType = nullable(choice('sequential', 'concurrent'));

function commitOf(argument: Read<typeof commitInfo>): Commit {
  return {
    path: argument.path,
    mode: argument.mode,
    autorename: argument.autorename,
    clientModified: argument.client_modified,
    strictConflict: argument.strict_conflict,
  };
}

/** Takes the whole body through `hasher` and holds it against the hash that the caller gave. */
async function takeBody(call: Call, hasher: ContentHasher, expected: string | null): Promise<Segment> {
  const own = hasher.isFresh ? hasher : new ContentHasher();
  const segment = await call.takeBody(MAX_BODY, (chunk) => {
    hasher.update(chunk);
    if (expected !== null && own !== hasher) own.update(chunk);
  });
  if (segment === null) throw new EndpointError(tag('payload_too_large'));
  const damaged = call.view.emulator.faults.due('hashMismatch', call.endpoint) !== null;
  if (expected !== null && (damaged || own.hex() !== expected)) {
    call.view.emulator.blobs.discard([segment]);
    throw new EndpointError(tag('content_hash_mismatch'));
  }
  return segment;
}

/** A WriteError of a commit; an unknown `id:` has none of its own. */
function commitError(error: unknown): Tagged {
  if (error instanceof WriteProblem) return error.error;
  if (error instanceof LookupProblem) return tag('malformed_path');
  throw error;
}

async function upload(call: Call, argument: Commit, expected: string | null): Promise<unknown> {
  const { blobs, sessions } = call.view.emulator;
  const hasher = new ContentHasher();
  const segment = await takeBody(call, hasher, expected);
  const content: Content = { hash: hasher.hex(), size: segment.size };
  await blobs.put(content.hash, [segment]);
  try {
    return fileMetadata(call.view, commitFile(call.view, argument, content));
  } catch (error) {
    const reason = commitError(error);
    // The bytes are kept in a session, so that the commit can be tried again without them.
    const session = sessions.start(false);
    sessions.append(session, 0, { hasher }, { kind: 'blob', ...content }, true);
    throw new EndpointError({ '.tag': 'path', reason, upload_session_id: session });
  }
}

function sessionError(error: unknown, wrap: (inner: Tagged) => Tagged): unknown {
  return error instanceof SessionProblem && !(error instanceof FinishProblem)
    ? new EndpointError(wrap(error.error))
    : error instanceof FinishProblem
      ? new EndpointError(error.error)
      : error;
}

async function startSession(
  call: Call,
  concurrent: boolean,
  close: boolean,
  expected: string | null,
): Promise<unknown> {
  const { sessions, blobs } = call.view.emulator;
  if (concurrent && close) throw new EndpointError(tag('concurrent_session_close_not_allowed'));
  const hasher = new ContentHasher();
  const segment = await takeBody(call, hasher, expected);
  if (concurrent && segment.size > 0) {
    blobs.discard([segment]);
    throw new EndpointError(tag('concurrent_session_data_not_allowed'));
  }
  const id = sessions.start(concurrent);
  if (!concurrent) sessions.append(id, 0, { hasher }, segment, close);
  return { session_id: id };
}

async function append(call: Call, at: Read<typeof cursor>, close: boolean, expected: string | null): Promise<null> {
  const { sessions } = call.view.emulator;
  try {
    const incoming = sessions.expect(at.session_id, at.offset);
    const segment = await takeBody(call, incoming.hasher, expected);
    sessions.append(at.session_id, at.offset, incoming, segment, close);
    return null;
  } catch (error) {
    throw sessionError(error, (inner) => inner);
  }
}

/** Appends what the body holds, if anything, and commits. */
async function finish(call: Call, at: Read<typeof cursor>, commit: Commit, expected: string | null): Promise<unknown> {
  const { sessions } = call.view.emulator;
  try {
    const concurrent = sessions.isConcurrent(at.session_id);
    const incoming: Incoming = concurrent
      ? { hasher: new ContentHasher() }
      : sessions.expectAtFinish(at.session_id, at.offset);
    const segment = await takeBody(call, incoming.hasher, expected);
    if (concurrent && segment.size > 0) throw new FinishProblem(tag('concurrent_session_data_not_allowed'));
    if (segment.size > 0) sessions.append(at.session_id, at.offset, incoming, segment, false);
    return await commitSession(call, at.session_id, at.offset + segment.size, commit, false);
  } catch (error) {
    throw sessionError(error, (inner) => nest('lookup_failed', inner));
  }
}

async function commitSession(
  call: Call,
  id: string,
  offset: number,
  commit: Commit,
  mustBeClosed: boolean,
): Promise<Readonly<Record<string, unknown>>> {
  const { sessions } = call.view.emulator;
  const content = await sessions.complete(id, offset, mustBeClosed);
  try {
    const metadata = fileMetadata(call.view, commitFile(call.view, commit, content));
    sessions.end(id);
    return metadata;
  } catch (error) {
    throw new EndpointError(nest('path', commitError(error)));
  }
}

const finishArgument = struct({ cursor, commit: commitInfo, content_hash: contentHash });
const finishBatchArgument = struct({ entries: list(finishArgument, { max: 1000 }) });

/** Commits all sessions, in order; each entry has its own result. */
async function finishAll(
  call: Call,
  entries: Read<typeof finishBatchArgument>['entries'],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const results: Readonly<Record<string, unknown>>[] = [];
  for (const entry of entries) {
    if (isBusy(call)) {
      results.push({ '.tag': 'failure', failure: BUSY });
      continue;
    }
    try {
      const file = await commitSession(
        call,
        entry.cursor.session_id,
        entry.cursor.offset,
        commitOf(entry.commit),
        true,
      );
      results.push({ '.tag': 'success', ...file });
    } catch (error) {
      const known = sessionError(error, (inner) => nest('lookup_failed', inner));
      if (!(known instanceof EndpointError)) throw error;
      results.push({ '.tag': 'failure', failure: known.error });
    }
  }
  return results;
}

const appendEntry = struct({ cursor, length: size, close: optional(flag, false) });

/** One body that holds the bytes of many sessions, one after the other. */
async function appendBatch(
  call: Call,
  entries: readonly Read<typeof appendEntry>[],
  expected: string | null,
): Promise<unknown> {
  const { sessions, blobs } = call.view.emulator;
  const hasher = new ContentHasher();
  const segment = await takeBody(call, hasher, expected);
  const total = entries.reduce((sum, entry) => sum + entry.length, 0);
  if (total !== segment.size) {
    blobs.discard([segment]);
    throw new EndpointError(tag('length_mismatch'));
  }
  const hash = hasher.hex();
  await blobs.put(hash, [segment]);
  const results: unknown[] = [];
  let start = 0;
  for (const { cursor: at, length, close } of entries) {
    const from = start;
    start += length;
    try {
      const incoming = sessions.expect(at.session_id, at.offset);
      const part = await blobs.receive(blobs.read(hash, from, start), (chunk) => incoming.hasher.update(chunk));
      sessions.append(at.session_id, at.offset, incoming, part, close);
      results.push({ '.tag': 'success' });
    } catch (error) {
      if (!(error instanceof SessionProblem)) throw error;
      results.push({ '.tag': 'failure', failure: error.error });
    }
  }
  return { entries: results };
}

const UPLOAD = { style: 'upload' } as const;

export const uploadRoutes: readonly Route[] = [
  route(
    'files/upload',
    SCOPE,
    struct({ ...commitFields, content_hash: contentHash }),
    (call, argument) => upload(call, commitOf(argument), argument.content_hash),
    { style: 'upload', writes: true },
  ),
  route(
    'files/upload_session/start',
    SCOPE,
    struct({ close: optional(flag, false), session_type: sessionType, content_hash: contentHash }),
    (call, argument) =>
      startSession(call, argument.session_type === 'concurrent', argument.close, argument.content_hash),
    UPLOAD,
  ),
  route(
    'files/upload_session/append_v2',
    SCOPE,
    struct({ cursor, close: optional(flag, false), content_hash: contentHash }),
    (call, argument) => append(call, argument.cursor, argument.close, argument.content_hash),
    UPLOAD,
  ),
  route(
    'files/upload_session/append',
    SCOPE,
    struct({ session_id: text(), offset: size }),
    (call, argument) => append(call, argument, false, null),
    UPLOAD,
  ),
  route(
    'files/upload_session/append_batch',
    SCOPE,
    struct({ entries: list(appendEntry, { max: 1000 }), content_hash: contentHash }),
    (call, argument) => appendBatch(call, argument.entries, argument.content_hash),
    UPLOAD,
  ),
  route(
    'files/upload_session/finish',
    SCOPE,
    finishArgument,
    (call, argument) => finish(call, argument.cursor, commitOf(argument.commit), argument.content_hash),
    { style: 'upload', writes: true },
  ),
  route(
    'files/upload_session/start_batch',
    SCOPE,
    struct({ session_type: sessionType, num_sessions: integer(1, 1000) }),
    (call, argument) => ({
      session_ids: Array.from({ length: argument.num_sessions }, () =>
        call.view.emulator.sessions.start(argument.session_type === 'concurrent'),
      ),
    }),
  ),
  route(
    'files/upload_session/finish_batch_v2',
    SCOPE,
    finishBatchArgument,
    async (call, argument) => ({ entries: await finishAll(call, argument.entries) }),
    { writes: true },
  ),
  route(
    'files/upload_session/finish_batch',
    SCOPE,
    finishBatchArgument,
    async (call, argument) => launch(call, await finishAll(call, argument.entries)),
    { writes: true },
  ),
  check('files/upload_session/finish_batch/check'),
];
