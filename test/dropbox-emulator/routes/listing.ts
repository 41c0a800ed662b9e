// files/list_folder and its family, and the longpoll that waits for changes.

import { anything, flag, integer, nullable, optional, struct, text, type Read } from '../arguments.ts';
import { EndpointError, MalformedCall, nest, tag } from '../answers.ts';
import type { Emulator, View } from '../emulator.ts';
import {
  decodeCursor,
  encodeCursor,
  firstCursor,
  hasChanges,
  latestCursor,
  nextPage,
  type Cursor,
  type ListOptions,
} from '../listing.ts';
import { LookupProblem, requireNode } from '../lookup.ts';
import { entryMetadata } from '../metadata.ts';
import { route, type Call, type Route } from '../route.ts';
import type { FolderNode } from '../tree.ts';
import { rootOrPath } from './fields.ts';

const MAX_PAGE = 2000;

const listArgument = struct({
  path: rootOrPath,
  recursive: optional(flag, false),
  include_media_info: optional(flag, false),
  include_deleted: optional(flag, false),
  include_has_explicit_shared_members: optional(flag, false),
  include_mounted_folders: optional(flag, true),
  limit: nullable(integer(1, MAX_PAGE)),
  shared_link: nullable(struct({ url: text(), password: nullable(text()) })),
  include_property_groups: anything,
  include_non_downloadable_files: optional(flag, true),
});

const cursorArgument = struct({ cursor: text({ min: 1 }) });

function listedFolder(view: View, path: string): FolderNode {
  if (path === '/') {
    throw new MalformedCall('request body: path: Specify the root folder as an empty string rather than as "/".');
  }
  try {
    const node = path === '' ? view.base : requireNode(view, path);
    if (node.kind === 'file') throw new LookupProblem(tag('not_folder'));
    return node;
  } catch (error) {
    if (error instanceof LookupProblem) throw new EndpointError(nest('path', error.error));
    throw error;
  }
}

function optionsOf(view: View, folder: FolderNode, argument: Read<typeof listArgument>): ListOptions {
  return {
    tellsFolder: folder !== view.base,
    recursive: argument.recursive,
    includeDeleted: argument.include_deleted,
    includeNonDownloadable: argument.include_non_downloadable_files,
    limit: argument.limit ?? MAX_PAGE,
  };
}

/** The folder that a shared link leads to, with the path below it. */
function linkedFolder(
  call: Call,
  link: { readonly url: string; readonly password: string | null },
  path: string,
): FolderNode {
  const found = call.view.emulator.links.open(link.url, link.password);
  const node = found === 'denied' || found === null ? null : call.view.emulator.tree.byId(found.entryId);
  if (node === null || node.kind === 'file') throw new EndpointError(tag('path', 'not_found'));
  return listedFolder({ ...call.view, base: node }, path);
}

function encode(emulator: Emulator, cursor: Cursor): string {
  return encodeCursor(cursor, emulator.cursorSecret, emulator.cursorEpoch);
}

/** The cursor of a text. Throws the 400 or the reset that the call is answered with. */
function decode(emulator: Emulator, text: string): Cursor {
  const cursor = decodeCursor(text, emulator.cursorSecret, emulator.cursorEpoch);
  if (cursor === 'malformed') throw new MalformedCall('request body: cursor: Invalid "cursor" parameter.');
  if (cursor === 'reset') throw new EndpointError(tag('reset'));
  return cursor;
}

function answerPage(call: Call, cursor: Cursor): Readonly<Record<string, unknown>> {
  const { emulator } = call.view;
  const { reorderPages, everyDeletion, pageSize } = emulator.faults.settings;
  const page = nextPage(emulator.tree, cursor, { reversed: reorderPages, everyDeletion, pageSize });
  if (page === null) throw new EndpointError(tag('path', 'not_found'));
  return {
    entries: page.entries.map((entry) => entryMetadata(call.view, entry)),
    cursor: encode(emulator, page.cursor),
    has_more: page.hasMore,
  };
}

async function longpoll(
  call: Call,
  cursor: Cursor,
  timeoutSeconds: number,
): Promise<Readonly<Record<string, unknown>>> {
  const { emulator } = call.view;
  const { longpollMs, longpollBackoff } = emulator.faults.settings;
  const wait = Math.min(timeoutSeconds * 1000, longpollMs ?? Number.POSITIVE_INFINITY);
  const epoch = emulator.cursorEpoch;
  const changes = await new Promise<boolean>((resolve) => {
    let seen = 0;
    const look = (): void => {
      if (emulator.cursorEpoch !== epoch || hasChanges(emulator.tree, cursor, seen)) finish(true);
      seen = emulator.tree.journal.end;
    };
    const finish = (found: boolean): void => {
      clearTimeout(timer);
      stop();
      call.signal.removeEventListener('abort', hungUp);
      resolve(found);
    };
    const hungUp = (): void => finish(false);
    const stop = emulator.tree.journal.listen(look);
    const timer = setTimeout(() => finish(false), wait);
    call.signal.addEventListener('abort', hungUp);
    look();
  });
  if (emulator.cursorEpoch !== epoch) throw new EndpointError(tag('reset'));
  return { changes, ...(longpollBackoff === null ? {} : { backoff: longpollBackoff }) };
}

export const listingRoutes: readonly Route[] = [
  route(
    'files/list_folder',
    'files.metadata.read',
    listArgument,
    (call, argument) => {
      const { tree } = call.view.emulator;
      if (argument.shared_link !== null && argument.recursive) {
        throw new MalformedCall('request body: recursive: Recursive mode is not supported for shared links.');
      }
      const folder =
        argument.shared_link === null
          ? listedFolder(call.view, argument.path)
          : linkedFolder(call, argument.shared_link, argument.path);
      return answerPage(call, firstCursor(folder, optionsOf(call.view, folder, argument), tree.journal.end));
    },
    { auth: 'app, user' },
  ),
  route(
    'files/list_folder/continue',
    'files.metadata.read',
    cursorArgument,
    (call, argument) => answerPage(call, decode(call.view.emulator, argument.cursor)),
    { auth: 'app, user' },
  ),
  route('files/list_folder/get_latest_cursor', 'files.metadata.read', listArgument, (call, argument) => {
    const { emulator } = call.view;
    const folder = listedFolder(call.view, argument.path);
    return {
      cursor: encode(emulator, latestCursor(folder, optionsOf(call.view, folder, argument), emulator.tree.journal.end)),
    };
  }),
  route(
    'files/list_folder/longpoll',
    null,
    struct({ cursor: text({ min: 1 }), timeout: optional(integer(30, 480), 30) }),
    (call, argument) => longpoll(call, decode(call.view.emulator, argument.cursor), argument.timeout),
    { auth: 'none' },
  ),
];
