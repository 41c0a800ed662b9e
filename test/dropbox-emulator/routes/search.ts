// files/search_v2: by the words of names. A match has every word somewhere in its name.

import { choice, flag, integer, list, nullable, optional, struct, text, type Read } from '../arguments.ts';
import { EndpointError, nest, tag } from '../answers.ts';
import type { View } from '../emulator.ts';
import { LookupProblem, requireNode } from '../lookup.ts';
import { entryMetadata } from '../metadata.ts';
import { nameKey } from '../paths.ts';
import { route, type Call, type Route } from '../route.ts';
import { pathLower, subtree, type FolderNode, type Tombstone, type TreeNode } from '../tree.ts';
import { rootOrPath } from './fields.ts';

/** No search tells more matches than this, all pages together. */
const MAX_MATCHES = 10_000;

const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  image: ['jpg', 'jpeg', 'png', 'gif', 'webp', 'bmp', 'tiff', 'heic', 'svg'],
  document: ['doc', 'docx', 'odt', 'rtf', 'txt', 'md'],
  pdf: ['pdf'],
  spreadsheet: ['xls', 'xlsx', 'ods', 'csv'],
  presentation: ['ppt', 'pptx', 'odp'],
  audio: ['mp3', 'wav', 'flac', 'ogg', 'm4a'],
  video: ['mp4', 'mov', 'mkv', 'webm', 'avi'],
};

const searchOptions = struct({
  path: nullable(rootOrPath),
  max_results: optional(integer(1, 1000), 100),
  order_by: nullable(choice('relevance', 'last_modified_time')),
  file_status: optional(choice('active', 'deleted'), 'active' as const),
  filename_only: optional(flag, false),
  file_extensions: nullable(list(text())),
  file_categories: nullable(
    list(
      choice('image', 'document', 'pdf', 'spreadsheet', 'presentation', 'audio', 'video', 'folder', 'paper', 'others'),
    ),
  ),
  account_id: nullable(text({ min: 40, max: 40 })),
});
type SearchOptions = Read<typeof searchOptions>;

const searchArgument = struct({
  query: text({ max: 1000 }),
  options: nullable(searchOptions),
  match_field_options: nullable(struct({ include_highlights: optional(flag, false) })),
  include_highlights: nullable(flag),
});

const NO_OPTIONS: SearchOptions = searchOptions.read({}, '');

function startFolder(view: View, path: string | null): FolderNode {
  if (path === null || path === '' || path === '/') return view.base;
  try {
    const node = requireNode(view, path);
    if (node.kind === 'file') throw new LookupProblem(tag('not_folder'));
    return node;
  } catch (error) {
    if (error instanceof LookupProblem) throw new EndpointError(nest('path', error.error));
    throw error;
  }
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}

function categoryOf(entry: TreeNode | Tombstone): string {
  if (entry.kind === 'folder') return 'folder';
  if (entry.kind === 'file' && entry.version.paper !== null) return 'paper';
  const extension = extensionOf(entry.name);
  return Object.keys(CATEGORIES).find((name) => CATEGORIES[name]?.includes(extension)) ?? 'others';
}

function matches(entry: TreeNode | Tombstone, words: readonly string[], options: SearchOptions): boolean {
  const key = nameKey(entry.name);
  if (!words.every((word) => key.includes(word))) return false;
  const { file_extensions: extensions, file_categories: categories } = options;
  if (
    extensions !== null &&
    !extensions.some((one) => one.replace(/^\./, '').toLowerCase() === extensionOf(entry.name))
  ) {
    return false;
  }
  return categories === null || categories.some((one) => one === categoryOf(entry));
}

function* candidates(view: View, options: SearchOptions): Generator<TreeNode | Tombstone> {
  const folder = startFolder(view, options.path);
  if (options.file_status === 'deleted') {
    const prefix = `${pathLower(folder)}/`;
    for (const tombstone of view.emulator.tree.tombstones.values()) {
      if (!tombstone.purged && tombstone.pathLower.startsWith(prefix)) yield tombstone;
    }
  } else {
    for (const node of subtree(folder)) if (node !== folder) yield node;
  }
}

function search(call: Call, query: string, options: SearchOptions, start: number): unknown {
  const words = nameKey(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) throw new EndpointError({ '.tag': 'invalid_argument', invalid_argument: 'query is empty' });
  const found: (TreeNode | Tombstone)[] = [];
  for (const entry of candidates(call.view, options)) {
    if (matches(entry, words, options)) found.push(entry);
    if (found.length === MAX_MATCHES) break;
  }
  if (options.order_by === 'last_modified_time') found.sort((a, b) => modified(b) - modified(a));
  const end = start + options.max_results;
  const hasMore = end < found.length;
  return {
    matches: found.slice(start, end).map((entry) => ({
      metadata: { '.tag': 'metadata', metadata: entryMetadata(call.view, entry) },
      match_type: { '.tag': 'filename' },
    })),
    has_more: hasMore,
    ...(hasMore ? { cursor: encode({ query, options, start: end }) } : {}),
  };
}

function modified(entry: TreeNode | Tombstone): number {
  return entry.kind === 'file' ? entry.version.serverModified : 0;
}

interface SearchCursor {
  readonly query: string;
  readonly options: SearchOptions;
  readonly start: number;
}

function encode(cursor: SearchCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function decode(text: string): SearchCursor {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as SearchCursor;
  } catch {
    throw new EndpointError({ '.tag': 'invalid_argument', invalid_argument: 'cursor' });
  }
}

export const searchRoutes: readonly Route[] = [
  route('files/search_v2', 'files.metadata.read', searchArgument, (call, argument) =>
    search(call, argument.query, argument.options ?? NO_OPTIONS, 0),
  ),
  route('files/search/continue_v2', 'files.metadata.read', struct({ cursor: text({ min: 1 }) }), (call, argument) => {
    const { query, options, start } = decode(argument.cursor);
    return search(call, query, options, start);
  }),
];
