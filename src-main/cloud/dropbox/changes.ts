// The change feed: list_folder with cursors, and the long poll that says when to look. In: a cursor (null starts a full
// listing); out: pages of entries below the client's root, to be applied in order. Called by client.ts.
// Rules: DROPBOX.md, "Changes". Case-only renames never appear here, which the engine has to know.

import type { files } from 'dropbox';

import { Fault, type ChangePage, type RemoteChange } from '../../engine/ports.ts';
import type { RemoteEntry } from '../../sync/model.ts';
import type { Cursor, RelPath, RemoteId } from '../../../src-shared/domain.ts';
import { entryBelow, fullPath, kindOf, pathBelow, type LiveMetadata, type RootFolder } from './metadata.ts';
import type { Transport } from './transport.ts';

/** The most that list_folder takes. */
const PAGE_LIMIT = 2000;
/** Seconds. Dropbox takes 30 to 480 and adds up to 90 of its own; Node's fetch gives up on an answer after 300. */
const POLL_SHORTEST = 30;
const POLL_LONGEST = 180;

/** Faults: cursor-reset, root-gone. */
export async function changePage(transport: Transport, root: RootFolder, cursor: Cursor | null): Promise<ChangePage> {
  const what = 'Reading the changes in Dropbox';
  try {
    const { result } = await transport.attempt(what, () =>
      cursor === null
        ? transport.api.filesListFolder({ path: fullPath(root, '' as RelPath), recursive: true, limit: PAGE_LIMIT })
        : transport.api.filesListFolderContinue({ cursor }),
    );
    return pageOf(root, result);
  } catch (error) {
    if (error instanceof Fault && error.code === 'not-found') {
      throw new Fault('root-gone', `The folder "${root.path}" is no longer in Dropbox.`, { cause: error });
    }
    // A cursor that Dropbox does not even understand is as good as one that it has forgotten.
    if (cursor !== null && error instanceof Fault && error.code === 'bad-request') {
      throw new Fault('cursor-reset', 'Dropbox does not know the position in its changes any more.', { cause: error });
    }
    throw error;
  }
}

function pageOf(root: RootFolder, result: files.ListFolderResult): ChangePage {
  const changes: RemoteChange[] = [];
  let rootId: RemoteId | null = null;
  for (const metadata of checkedPage(result).entries) {
    const pathLower = pathBelow(root, metadata.path_lower);
    if (pathLower === null) continue;
    const kind = kindOf(metadata);
    if (pathLower === '') {
      // The root was deleted and made again: what was below it is gone without a word, so only a full listing tells.
      if (kind === null) throw new Fault('cursor-reset', `The folder "${root.path}" was made again in Dropbox.`);
      if ('id' in metadata) rootId = metadata.id as RemoteId;
      continue;
    }
    if (kind === null) changes.push({ kind: 'deleted', pathLower });
    else {
      const entry = entryBelow(root, metadata as LiveMetadata, kind);
      if (entry !== null) changes.push({ kind: 'put', entry });
    }
  }
  const page = { changes, cursor: result.cursor as Cursor, hasMore: result.has_more };
  return rootId === null ? page : { ...page, rootId };
}

function checkedPage(result: files.ListFolderResult | null): files.ListFolderResult {
  if (Array.isArray(result?.entries) && typeof result.cursor === 'string') return result;
  throw new Fault('server', 'Dropbox sent a listing that makes no sense; it is tried again.', { retryable: true });
}

/** One level of a folder. Faults: not-found. */
export async function listLevel(transport: Transport, root: RootFolder, path: RelPath): Promise<RemoteEntry[]> {
  const entries: RemoteEntry[] = [];
  for (let cursor: string | null = null; ;) {
    const from = cursor;
    const result: files.ListFolderResult = await transport.attempt(`Listing "${path}" in Dropbox`, async () => {
      const answer =
        from === null
          ? await transport.api.filesListFolder({ path: fullPath(root, path), limit: PAGE_LIMIT })
          : await transport.api.filesListFolderContinue({ cursor: from });
      return answer.result;
    });
    for (const metadata of checkedPage(result).entries) {
      const kind = kindOf(metadata);
      const entry = kind === null ? null : entryBelow(root, metadata as LiveMetadata, kind);
      if (entry !== null) entries.push(entry);
    }
    if (!result.has_more) return entries;
    cursor = result.cursor;
  }
}

/** Waits on the notify host, without a token. Not repeated inside: whoever waits decides when to wait again. */
export async function longPoll(
  transport: Transport,
  cursor: Cursor,
  timeoutSeconds: number,
  signal: AbortSignal,
): Promise<{ changed: boolean; backoff: number }> {
  const timeout = Math.round(Math.min(POLL_LONGEST, Math.max(POLL_SHORTEST, timeoutSeconds)));
  const { result } = await transport.once(
    'Waiting for changes in Dropbox',
    () => transport.api.filesListFolderLongpoll({ cursor, timeout }, { signal }),
    signal,
  );
  return { changed: result.changes, backoff: result.backoff ?? 0 };
}
