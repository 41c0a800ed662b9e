// Brings the content of small files into closed upload sessions, ready to be committed. In: requests with their index;
// out: a session id or a Fault for each. Files of up to half a MiB share a request (append_batch): the time for many
// small files is the time of their requests, not of their bytes. Called by upload.ts.

import type { files } from 'dropbox';

import { Fault, type Outcome, type UploadHooks, type UploadRequest } from '../../engine/ports.ts';
import { hashOfBytes } from '../../infra/content-hash.ts';
import { faultOf, tagsOf } from './errors.ts';
import type { UploadContext } from './upload-context.ts';

export interface Indexed {
  readonly index: number;
  readonly request: UploadRequest;
}

export interface StagedSession extends Indexed {
  readonly outcome: Outcome<string>;
}

/** Bytes up to which a file shares a request with others. */
const SHARED_FILE = 512 * 1024;
/** Bytes and files of one shared request. Its argument travels in a header, of which servers take about 16 KiB. */
const SHARED_BYTES = 2 * 1024 * 1024;
const SHARED_FILES = 40;
/** Fewer than this go up faster one by one. */
const SHARED_LEAST = 4;

/** Requests that go up together; those too large to share stand alone. */
export function groupsOf(small: readonly Indexed[]): readonly (readonly Indexed[])[] {
  const sharing = small.filter(({ request }) => request.size <= SHARED_FILE);
  if (sharing.length < SHARED_LEAST) return small.map((one) => [one]);
  const groups: Indexed[][] = [];
  let bytes = 0;
  let group: Indexed[] = [];
  for (const one of sharing) {
    if (group.length === 0 || group.length === SHARED_FILES || bytes + one.request.size > SHARED_BYTES) {
      groups.push((group = []));
      bytes = 0;
    }
    group.push(one);
    bytes += one.request.size;
  }
  const alone = small.filter(({ request }) => request.size > SHARED_FILE).map((one) => [one]);
  return [...groups, ...alone];
}

/** Sessions for shared requests, started by the thousand. */
export class SessionPool {
  readonly #context: UploadContext;
  #free: string[] = [];
  #expected: number;
  #filling: Promise<void> | null = null;

  constructor(context: UploadContext, expected: number) {
    this.#context = context;
    this.#expected = expected;
  }

  async take(count: number): Promise<readonly string[]> {
    while (this.#free.length < count) {
      this.#filling ??= this.#fill(count).finally(() => (this.#filling = null));
      await this.#filling;
    }
    return this.#free.splice(0, count);
  }

  async #fill(least: number): Promise<void> {
    const count = Math.min(1000, Math.max(least, this.#expected));
    this.#expected -= count;
    const { transport } = this.#context;
    const { result } = await transport.attempt('Starting uploads', () =>
      transport.api.filesUploadSessionStartBatch({ num_sessions: count }),
    );
    this.#free.push(...result.session_ids);
  }
}

export async function stageGroup(
  context: UploadContext,
  group: readonly Indexed[],
  pool: SessionPool,
  hooks: UploadHooks,
): Promise<readonly StagedSession[]> {
  const failed: StagedSession[] = [];
  const read: (Indexed & { readonly content: Buffer })[] = [];
  const buffer = Buffer.allocUnsafe(group.reduce((sum, { request }) => sum + request.size, 0));
  let end = 0;
  for (const one of group) {
    hooks.started?.(one.index);
    const content = await outcomeOf(one.request, () => contentOf(one.request, buffer.subarray(end)));
    if (content.ok) {
      read.push({ ...one, content: content.value });
      end += one.request.size;
    } else failed.push({ ...one, outcome: content });
  }
  const shared = read.length > 1 ? await stageShared(context, read, buffer.subarray(0, end), pool, hooks) : null;
  const staged: StagedSession[] = [];
  for (const [at, one] of read.entries()) {
    const session = shared?.[at];
    const outcome =
      session === undefined || session === null
        ? await outcomeOf(one.request, () => stageOne(context, one, one.content, hooks))
        : session;
    staged.push({ index: one.index, request: one.request, outcome });
    if (outcome.ok) hooks.sent?.(one.index, one.request.size);
  }
  return [...failed, ...staged];
}

/** One request for all; null entries (and null for all) are to be sent one by one. */
async function stageShared(
  context: UploadContext,
  read: readonly Indexed[],
  contents: Buffer,
  pool: SessionPool,
  hooks: UploadHooks,
): Promise<readonly (Outcome<string> | null)[] | null> {
  const { transport, features } = context;
  if (!features.sharedAppends) return null;
  const what = `Uploading ${read.length} files`;
  const options = hooks.signal === undefined ? {} : { signal: hooks.signal };
  try {
    const sessions = await pool.take(read.length);
    const entries = read.map(({ request }, at) => ({
      cursor: { session_id: sessions[at] ?? '', offset: 0 },
      length: request.size,
      close: true,
    }));
    const { result } = await transport.attempt(
      what,
      () =>
        transport.api.filesUploadSessionAppendBatch(
          { entries, content_hash: hashOfBytes(contents), contents },
          options,
        ),
      hooks.signal,
    );
    return read.map((_, at) => {
      const sessionId = sessions[at];
      return sessionId !== undefined && isAppended(result.entries[at]) ? { ok: true, value: sessionId } : null;
    });
  } catch (error) {
    const fault = faultOf(error, what);
    // Not every Dropbox-like server knows shared appends; all know single ones.
    if (fault.code !== 'bad-request') return read.map(() => ({ ok: false, fault }));
    features.sharedAppends = false;
    return null;
  }
}

/** `closed`: an earlier try, whose answer was lost, appended and closed it. */
function isAppended(entry: files.UploadSessionAppendBatchResultEntry | undefined): boolean {
  if (entry === undefined) return false;
  return entry['.tag'] === 'success' || tagsOf(entry.failure).includes('closed');
}

async function stageOne(
  context: UploadContext,
  { request }: Indexed,
  contents: Buffer,
  hooks: UploadHooks,
): Promise<string> {
  const { transport } = context;
  const options = hooks.signal === undefined ? {} : { signal: hooks.signal };
  const { result } = await transport.attempt(
    `Uploading "${request.path}"`,
    () => transport.api.filesUploadSessionStart({ close: true, content_hash: request.hash, contents }, options),
    hooks.signal,
  );
  return result.session_id;
}

/** The whole content, at the start of `target`, checked against what the request promises. Faults: changed, and those of `read`. */
export async function contentOf(
  request: UploadRequest,
  target: Buffer = Buffer.allocUnsafe(request.size),
): Promise<Buffer> {
  const content = target.subarray(0, request.size);
  let size = 0;
  for await (const chunk of request.read(0)) {
    if (size + chunk.length <= request.size) content.set(chunk, size);
    size += chunk.length;
    if (size > request.size) break;
  }
  if (size !== request.size || hashOfBytes(content) !== request.hash) {
    throw new Fault('changed', `"${request.path}" changed while it was read; it is uploaded in the next pass.`);
  }
  return content;
}

export async function outcomeOf<T>(request: UploadRequest, work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, fault: faultOf(error, `Uploading "${request.path}"`) };
  }
}
