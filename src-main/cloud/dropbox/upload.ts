// Uploads many files at once. In: upload requests; out: one `settled` for each, as soon as its commit is known.
// Small files go up side by side, many in one request, into closed upload sessions, large ones stream into sessions that
// can be resumed, and one finish_batch_v2 commits what is ready: one commit instead of hundreds, and no fight for the one
// write lock that a Dropbox namespace has. A file alone takes a single plain upload. Called by client.ts.

import type { files } from 'dropbox';
import PQueue from 'p-queue';

import { Fault, type Outcome, type UploadHooks, type UploadRequest } from '../../engine/ports.ts';
import type { RemoteEntry } from '../../sync/model.ts';
import { faultOf, faultOfTags, tagsOf } from './errors.ts';
import { entryBelow, fullPath, type LiveMetadata, type RootFolder } from './metadata.ts';
import {
  contentOf,
  groupsOf,
  outcomeOf,
  SessionPool,
  stageGroup,
  type Indexed,
  type StagedSession,
} from './staging.ts';
import { metadataOf } from './tree-calls.ts';
import { abortedFault } from './transport.ts';
import { CHUNK, sessionKey, type UploadContext } from './upload-context.ts';
import { streamToSession } from './upload-session.ts';

/** Requests under way at once. More than a dozen gains nothing on real lines and provokes rate limits. */
const SMALL_AT_ONCE = 12;
/** They share the client's buffers. */
const LARGE_AT_ONCE = 2;
/** Bytes of small files in memory at once. */
const SMALL_BYTES_AT_ONCE = 12 * 1024 * 1024;
/** What is ready is committed when this many files (all that one call takes) or bytes wait, or nothing small is left. */
const COMMIT_FILES = 1000;
const COMMIT_BYTES = 64 * 1024 * 1024;
/** Rounds for the entries of a batch that the server was too busy to commit. */
const COMMIT_ROUNDS = 8;

interface Staged {
  readonly index: number;
  readonly request: UploadRequest;
  readonly sessionId: string;
}

export async function uploadAll(
  context: UploadContext,
  requests: readonly UploadRequest[],
  hooks: UploadHooks,
): Promise<void> {
  const [only] = requests;
  if (requests.length === 1 && only !== undefined && only.size <= CHUNK) {
    hooks.started?.(0);
    return hooks.settled(0, await outcomeOf(only, () => uploadAlone(context, only, hooks)));
  }
  const indexed = requests.map((request, index) => ({ index, request }));
  const smallFiles = indexed.filter(({ request }) => request.size <= CHUNK);
  const largeFiles = indexed.filter(({ request }) => request.size > CHUNK);
  const committer = new Committer(context, hooks, smallFiles.length);
  const pool = new SessionPool(context, smallFiles.length);
  const small = new PQueue({ concurrency: SMALL_AT_ONCE });
  const large = new PQueue({ concurrency: LARGE_AT_ONCE });
  const budget = new ByteBudget(SMALL_BYTES_AT_ONCE);
  const work = [
    ...groupsOf(smallFiles).map((group) =>
      small.add(async () => {
        const bytes = group.reduce((sum, { request }) => sum + request.size, 0);
        const staged = isAborted(hooks)
          ? group.map(abortedSession)
          : await budget.hold(bytes, () => stageGroup(context, group, pool, hooks));
        await takeStaged(staged, committer, hooks, staged.length);
      }),
    ),
    ...largeFiles.map((one) =>
      large.add(async () => {
        const staged =
          isAborted(hooks) || hooks.others?.aborted === true
            ? abortedSession(one)
            : await stageLarge(context, one, hooks);
        await takeStaged([staged], committer, hooks, 0);
      }),
    ),
  ];
  await Promise.all(work);
  await committer.end();
}

async function stageLarge(context: UploadContext, one: Indexed, hooks: UploadHooks): Promise<StagedSession> {
  const { index, request } = one;
  hooks.started?.(index);
  const sent = (bytes: number): void => hooks.sent?.(index, bytes);
  const outcome = await outcomeOf(request, () => streamToSession(context, request, { ...hooks, sent }));
  return { index, request, outcome };
}

/** Hands what is staged to the committer and settles what is not. `small`: how many of them were awaited as small files. */
async function takeStaged(
  sessions: readonly StagedSession[],
  committer: Committer,
  hooks: UploadHooks,
  small: number,
): Promise<void> {
  const staged = sessions.flatMap(({ index, request, outcome }) =>
    outcome.ok ? [{ index, request, sessionId: outcome.value }] : [],
  );
  committer.add(staged, small);
  for (const { index, outcome } of sessions) if (!outcome.ok) await hooks.settled(index, outcome);
}

function isAborted(hooks: UploadHooks): boolean {
  return hooks.signal?.aborted === true;
}

function abortedSession({ index, request }: Indexed): StagedSession {
  return { index, request, outcome: { ok: false, fault: abortedFault(`Uploading "${request.path}"`) } };
}

async function uploadAlone(context: UploadContext, request: UploadRequest, hooks: UploadHooks): Promise<RemoteEntry> {
  const contents = await contentOf(request);
  const options = hooks.signal === undefined ? {} : { signal: hooks.signal };
  const { transport, root } = context;
  return transport.attempt(
    `Uploading "${request.path}"`,
    async ({ lost }) => {
      try {
        const { result } = await transport.api.filesUpload(
          { ...commitOf(root, request), content_hash: request.hash, contents },
          options,
        );
        hooks.sent?.(0, contents.length);
        return committedEntry(root, request, result);
      } catch (error) {
        const there = lost ? await committedBefore(context, request) : null;
        if (there !== null) return there;
        throw error;
      }
    },
    hooks.signal,
  );
}

// ---------------------------------------------------------------- commits

/** Gathers what is uploaded and commits it in batches, one after the other. */
class Committer {
  readonly #context: UploadContext;
  readonly #hooks: UploadHooks;
  #smallLeft: number;
  #waiting: Staged[] = [];
  #waitingBytes = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(context: UploadContext, hooks: UploadHooks, smallFiles: number) {
    this.#context = context;
    this.#hooks = hooks;
    this.#smallLeft = smallFiles;
  }

  /** `small`: how many small files this settles, be it by failing. */
  add(staged: readonly Staged[], small: number): void {
    this.#smallLeft -= small;
    this.#waiting.push(...staged);
    for (const { request } of staged) this.#waitingBytes += request.size;
    const enough = this.#waiting.length >= COMMIT_FILES || this.#waitingBytes >= COMMIT_BYTES;
    if (enough || this.#smallLeft === 0) this.#flush();
  }

  async end(): Promise<void> {
    this.#flush();
    await this.#running;
  }

  /** In batches that one call takes; what is too much for it is refused as a whole. */
  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (let start = 0; start < waiting.length; start += COMMIT_FILES) {
      this.#commit(waiting.slice(start, start + COMMIT_FILES));
    }
  }

  #commit(batch: readonly Staged[]): void {
    this.#running = this.#running.then(() => commitBatch(this.#context, batch, this.#hooks));
    // Seen by `end`; without this a failing hook would count as unhandled until then.
    this.#running.catch(() => undefined);
  }
}

async function commitBatch(context: UploadContext, batch: readonly Staged[], hooks: UploadHooks): Promise<void> {
  const { transport } = context;
  let open = batch;
  let uncertain = false;
  for (let round = 1; open.length > 0; round++) {
    const entries = await finishBatch(context, open, hooks.signal, () => (uncertain = true));
    const again: Staged[] = [];
    const results: (readonly [number, Outcome<RemoteEntry>])[] = [];
    let busy: Fault | null = null;
    for (const [at, staged] of open.entries()) {
      const outcome = entries.ok ? await outcomeOfCommit(context, staged, entries.value[at], uncertain) : entries;
      if (!outcome.ok && entries.ok && outcome.fault.code === 'busy' && round < COMMIT_ROUNDS) {
        again.push(staged);
        busy = outcome.fault;
        continue;
      }
      if (outcome.ok && staged.request.size > CHUNK) context.sessions.delete(sessionKey(staged.request));
      results.push([staged.index, outcome]);
    }
    await settleAll(hooks, results);
    open = again;
    if (busy !== null) await transport.pause(round, busy, hooks.signal).catch(() => undefined);
  }
}

async function settleAll(
  hooks: UploadHooks,
  results: readonly (readonly [number, Outcome<RemoteEntry>])[],
): Promise<void> {
  if (hooks.settledTogether !== undefined) await hooks.settledTogether(results);
  else for (const [index, outcome] of results) await hooks.settled(index, outcome);
}

async function finishBatch(
  context: UploadContext,
  batch: readonly Staged[],
  signal: AbortSignal | undefined,
  onLost: () => void,
): Promise<Outcome<readonly files.UploadSessionFinishBatchResultEntry[]>> {
  const { transport, root } = context;
  const entries = batch.map(({ request, sessionId }) => ({
    cursor: { session_id: sessionId, offset: request.size },
    commit: commitOf(root, request),
  }));
  const what = batch.length === 1 ? `Uploading "${batch[0]?.request.path}"` : `Uploading ${batch.length} files`;
  try {
    // Not to be cut by the signal: a commit that is on its way is better known than not.
    if (signal?.aborted === true) throw abortedFault(what);
    const { result } = await transport.attempt(what, ({ lost }) => {
      if (lost) onLost();
      return transport.api.filesUploadSessionFinishBatchV2({ entries });
    });
    return { ok: true, value: result.entries };
  } catch (error) {
    return { ok: false, fault: faultOf(error, what) };
  }
}

async function outcomeOfCommit(
  context: UploadContext,
  staged: Staged,
  entry: files.UploadSessionFinishBatchResultEntry | undefined,
  uncertain: boolean,
): Promise<Outcome<RemoteEntry>> {
  const { request } = staged;
  const what = `Uploading "${request.path}"`;
  if (entry?.['.tag'] === 'success') {
    return outcomeOf(request, async () => committedEntry(context.root, request, entry));
  }
  const tags = tagsOf(entry?.failure);
  // A concurrent session tells only now that it lacks something.
  const sessionGone = tags[0] === 'lookup_failed' || tags[0]?.startsWith('concurrent_session_') === true;
  const fault = sessionGone
    ? new Fault('server', `${what} failed: Dropbox has dropped the upload; it is sent again.`, { retryable: true })
    : faultOfTags(tags, what);
  if (sessionGone) context.sessions.delete(sessionKey(request));
  // An earlier try, whose answer was lost, may have committed it: then the session is used up or its place is taken by it.
  if (uncertain && (sessionGone || fault.code === 'conflict')) {
    const there = await outcomeOf(request, () => committedBefore(context, request));
    if (!there.ok) return there;
    if (there.value !== null) return { ok: true, value: there.value };
  }
  return { ok: false, fault };
}

function commitOf(root: RootFolder, request: UploadRequest): files.CommitInfo {
  return {
    path: fullPath(root, request.path),
    mode: request.replaces === null ? { '.tag': 'add' } : { '.tag': 'update', update: request.replaces },
    autorename: false,
    // Without it an update would also write where the file was deleted or moved away. Adding stays lenient: identical
    // content at the place is what was wanted.
    strict_conflict: request.replaces !== null,
    client_modified: wholeSeconds(request.modified),
  };
}

/** `2026-11-23T11:50:32Z`, the only form that the API takes. */
function wholeSeconds(milliseconds: number): string {
  const latest = Date.UTC(9999, 0, 1);
  const time = Number.isFinite(milliseconds) ? Math.min(latest, Math.max(0, milliseconds)) : 0;
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** What is at the request's place, if it is the request's content: an earlier try did it. */
async function committedBefore(context: UploadContext, request: UploadRequest): Promise<RemoteEntry | null> {
  const there = await metadataOf(context.transport, fullPath(context.root, request.path));
  if (there === null || !('rev' in there) || there.content_hash !== request.hash) return null;
  return entryBelow(context.root, there, 'file');
}

function committedEntry(root: RootFolder, request: UploadRequest, metadata: files.FileMetadata): RemoteEntry {
  const entry = entryBelow(root, metadata as LiveMetadata, 'file');
  if (entry === null || entry.hash !== request.hash) {
    throw new Fault('hash-mismatch', `Uploading "${request.path}" failed: Dropbox holds other content than was sent.`);
  }
  return entry;
}

/** Lets work wait until its bytes fit; first come, first served. */
class ByteBudget {
  #free: number;
  readonly #waiting: { readonly bytes: number; readonly start: () => void }[] = [];

  constructor(bytes: number) {
    this.#free = bytes;
  }

  async hold<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || this.#free < bytes) {
      await new Promise<void>((start) => this.#waiting.push({ bytes, start }));
    } else {
      this.#free -= bytes;
    }
    try {
      return await work();
    } finally {
      this.#free += bytes;
      for (let next = this.#waiting[0]; next !== undefined && next.bytes <= this.#free; next = this.#waiting[0]) {
        this.#waiting.shift();
        this.#free -= next.bytes;
        next.start();
      }
    }
  }
}
