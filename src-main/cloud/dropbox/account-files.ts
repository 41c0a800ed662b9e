// AccountFiles over the Dropbox API: the whole account as one folder, copies in batches, revisions, renderings.
// In: paths of the account, ids and revs; out: entries, or Faults. Opened by client.ts, beside the CloudStore.

import { DropboxResponseError, type files } from 'dropbox';

import { Fault, type Outcome } from '../../engine/ports.ts';
import type { RemoteEntry } from '../../sync/model.ts';
import type { ContentHash, Cursor, RelPath, RemoteId, Rev } from '../../../src-shared/domain.ts';
import type { AccountFiles, CopyRequest, Rendering, Revision, ThumbnailSize } from '../account-files.ts';
import { changePage, listLevel } from './changes.ts';
import { faultOf, faultOfTags, tagsOf } from './errors.ts';
import { fullPath, rootFolder, type LiveMetadata } from './metadata.ts';
import { abortedFault, type Transport } from './transport.ts';
import { createFolders, entryOf, finished, lookUp, metadataOf, outcomeOf } from './tree-calls.ts';

/** Entries of one copy_batch_v2 call. */
const BATCH = 1000;
const WHOLE = rootFolder('');
const THUMBNAIL_ADDRESS = 'https://content.dropboxapi.com/2/files/get_thumbnail_v2';
const PREVIEW_ADDRESS = 'https://content.dropboxapi.com/2/files/get_preview';

export function accountFiles(transport: Transport): AccountFiles {
  return {
    find: async (path) =>
      path === '' ? { kind: 'folder' } : ((await lookUp(transport, WHOLE, { path }))?.entry ?? null),
    list: (path) => listLevel(transport, WHOLE, path),
    walk: (path, signal) => walk(transport, path, signal),
    makeFolders: (paths) => makeFolders(transport, paths),
    copyAll: (requests) => copyAll(transport, requests),
    revisions: (id) => revisions(transport, id),
    thumbnail: (rev, size, signal) => thumbnail(transport, rev, size, signal),
    preview: (rev, signal) => rendering(transport, PREVIEW_ADDRESS, { path: `rev:${rev}` }, 'Making a preview', signal),
  };
}

async function* walk(transport: Transport, path: RelPath, signal?: AbortSignal): AsyncGenerator<RemoteEntry[]> {
  const root = rootFolder(path);
  let cursor: Cursor | null = null;
  for (let more = true; more;) {
    if (signal?.aborted === true) throw abortedFault(`Listing "${path}"`);
    const page: Awaited<ReturnType<typeof changePage>> = await changePage(transport, root, cursor).catch(
      (error: unknown) => {
        if (!(error instanceof Fault) || error.code !== 'root-gone') throw error;
        throw new Fault('not-found', `There is no folder "${path}" in Dropbox.`, { cause: error });
      },
    );
    yield page.changes.flatMap((change) => (change.kind === 'put' ? [change.entry] : []));
    cursor = page.cursor;
    more = page.hasMore;
  }
}

async function makeFolders(transport: Transport, paths: readonly RelPath[]): Promise<Outcome<RemoteEntry>[]> {
  const outcomes = await createFolders(transport, WHOLE, paths);
  return Promise.all(
    outcomes.map(async (outcome, index) => {
      const path = paths[index];
      if (outcome.ok || outcome.fault.code !== 'conflict' || path === undefined) return outcome;
      const there = await lookUp(transport, WHOLE, { path });
      return there?.entry.kind === 'folder' ? { ok: true, value: there.entry } : outcome;
    }),
  );
}

async function copyAll(transport: Transport, requests: readonly CopyRequest[]): Promise<Outcome<RemoteEntry>[]> {
  const outcomes: Outcome<RemoteEntry>[] = [];
  for (let at = 0; at < requests.length; at += BATCH) {
    outcomes.push(...(await copyBatch(transport, requests.slice(at, at + BATCH))));
  }
  return outcomes;
}

async function copyBatch(transport: Transport, requests: readonly CopyRequest[]): Promise<Outcome<RemoteEntry>[]> {
  let anyLost = false;
  const what = `Copying ${requests.length} entries in Dropbox`;
  const entries = await transport.attempt(what, async ({ lost }) => {
    anyLost = lost;
    const { result } = await transport.api.filesCopyBatchV2({
      entries: requests.map(({ from, to }) => ({ from_path: from, to_path: fullPath(WHOLE, to) })),
      autorename: false,
    });
    const done = await finished<files.RelocationBatchV2Result>(transport, result, what, (id) =>
      transport.api.filesCopyBatchCheckV2({ async_job_id: id }),
    );
    return done.entries;
  });
  const outcomes: Outcome<RemoteEntry>[] = [];
  for (const [index, request] of requests.entries()) {
    const entry = entries[index];
    if (entry?.['.tag'] === 'success') {
      outcomes.push({ ok: true, value: entryOf(WHOLE, entry.success as LiveMetadata) });
      continue;
    }
    const fault = faultOfTags(
      tagsOf(entry?.['.tag'] === 'failure' ? entry.failure : undefined),
      `Copying to "${request.to}"`,
    );
    const taken = fault.code === 'conflict' && anyLost ? await copied(transport, request) : null;
    if (taken !== null) outcomes.push({ ok: true, value: taken });
    else if (fault.retryable) outcomes.push(await outcomeOf(() => copyOne(transport, request)));
    else outcomes.push({ ok: false, fault });
  }
  return outcomes;
}

async function copyOne(transport: Transport, request: CopyRequest): Promise<RemoteEntry> {
  return transport.attempt(`Copying to "${request.to}"`, async ({ lost }) => {
    try {
      const { result } = await transport.api.filesCopyV2({
        from_path: request.from,
        to_path: fullPath(WHOLE, request.to),
        autorename: false,
      });
      return entryOf(WHOLE, result.metadata as LiveMetadata);
    } catch (error) {
      const there = lost ? await copied(transport, request) : null;
      if (there !== null) return there;
      throw error;
    }
  });
}

/** What an earlier try, whose answer was lost, has put at the place. */
async function copied(transport: Transport, { to, hash }: CopyRequest): Promise<RemoteEntry | null> {
  const there = await metadataOf(transport, fullPath(WHOLE, to));
  if (there === null) return null;
  const entry = entryOf(WHOLE, there);
  return entry.kind === 'folder' || (hash !== null && entry.hash === hash) ? entry : null;
}

async function revisions(transport: Transport, id: RemoteId): Promise<Revision[]> {
  const { result } = await transport.attempt('Looking up earlier versions', () =>
    transport.api.filesListRevisions({ path: id, mode: { '.tag': 'id' }, limit: 100 }),
  );
  return result.entries.map((entry) => ({
    rev: entry.rev as Rev,
    hash: (entry.content_hash ?? null) as ContentHash | null,
    size: entry.size,
    modified: timeOf(entry.client_modified),
    saved: timeOf(entry.server_modified),
  }));
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  return Number.isNaN(time) ? 0 : time;
}

const SIZE_TAGS: Readonly<Record<ThumbnailSize, string>> = {
  64: 'w64h64',
  128: 'w128h128',
  256: 'w256h256',
  480: 'w480h320',
  640: 'w640h480',
  960: 'w960h640',
  1024: 'w1024h768',
  2048: 'w2048h1536',
};

function thumbnail(transport: Transport, rev: Rev, size: ThumbnailSize, signal?: AbortSignal): Promise<Rendering> {
  const argument = {
    resource: { '.tag': 'path', path: `rev:${rev}` },
    format: 'jpeg',
    size: SIZE_TAGS[size],
    mode: 'bestfit',
  };
  return rendering(transport, THUMBNAIL_ADDRESS, argument, 'Making a picture', signal);
}

/** The package would hold the whole answer in memory, so the request is made here. */
async function rendering(
  transport: Transport,
  address: string,
  argument: unknown,
  what: string,
  signal?: AbortSignal,
): Promise<Rendering> {
  try {
    return await transport.attempt(
      what,
      async () => {
        const response = await transport.send(address, {
          method: 'POST',
          // Replaced by the present token.
          headers: { authorization: 'Bearer', 'dropbox-api-arg': JSON.stringify(argument) },
          signal: signal ?? null,
        });
        if (!response.ok) {
          throw new DropboxResponseError(response.status, response.headers, parsed(await response.text()));
        }
        const length = response.headers.get('content-length');
        return {
          mime: (response.headers.get('content-type') ?? 'application/octet-stream').split(';')[0]?.trim() ?? '',
          size: length === null || !/^\d+$/.test(length) ? null : Number(length),
          bytes: counted(transport, response.body),
        };
      },
      signal,
    );
  } catch (error) {
    const fault = faultOf(error, what);
    if (fault.retryable || ['not-found', 'login-lost', 'scope-missing', 'aborted'].includes(fault.code)) throw fault;
    throw new Fault('not-downloadable', `${what} failed: Dropbox has none for this kind of document.`, {
      cause: error,
    });
  }
}

async function* counted(transport: Transport, body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  for await (const chunk of body) {
    await transport.received(chunk.length);
    yield chunk;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
