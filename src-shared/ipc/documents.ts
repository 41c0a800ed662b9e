// Folders and documents. The window names them by row id; it never sees an absolute path.

import { z } from 'zod';
import { done, folderId, name, rowId, syncState, undo } from './common.ts';

/** One file or folder of a folder's listing. */
export const rowSchema = z.object({
  id: rowId,
  kind: z.enum(['file', 'folder']),
  name: z.string(),
  /** Bytes; null for folders. */
  size: z.number().nullable(),
  /** ISO 8601, UTC. */
  changedAt: z.string().nullable(),
  state: syncState,
  client: z.string().nullable(),
  record: z.string().nullable(),
  role: z.enum(['rule', 'record', 'subfolder', 'manual']).nullable(),
  /** Address of the document in Dropbox, where it has one. */
  url: z.string().nullable(),
});
export type Row = z.infer<typeof rowSchema>;

/** `folder:12` or `file:12`: folders and files are numbered apart. */
export type RowKey = `${'file' | 'folder'}:${number}`;

export function rowKey(row: { readonly kind: 'file' | 'folder'; readonly id: number }): RowKey {
  return `${row.kind}:${row.id}`;
}

/** `folders` for a node of the tree, `all` for the listing beside it. */
export const scope = z.enum(['all', 'folders']);
export type Scope = z.infer<typeof scope>;

export const crumb = z.object({ id: rowId, name: z.string() });
export type Crumb = z.infer<typeof crumb>;

export const documentCalls = {
  /** First rows of a folder; the others and all later changes come as `rows` events until `folder.unwatch`. */
  'folder.watch': {
    args: z.object({ folderId, scope }),
    result: z.object({ rows: z.array(rowSchema), total: z.number() }),
  },
  'folder.unwatch': { args: z.object({ folderId, scope }), result: done },
  /** `parents`: the folders from the top down to the one that gets the new one. */
  'folder.add': { args: z.object({ parents: z.array(rowId), name, client: name }), result: z.object({ undo }) },
  /** The folders from the top down to the entry at `path` (relative); the last one is the entry itself where it is a folder. */
  'entry.locate': {
    args: z.object({ path: z.string() }),
    result: z.object({ folders: z.array(crumb), file: rowId.nullable() }),
  },
} as const;

export const documentPushes = [
  z.object({
    kind: z.literal('rows'),
    folderId,
    scope,
    upserts: z.array(rowSchema),
    removed: z.array(z.string()),
    total: z.number(),
  }),
] as const;

/** Files dropped on the window: the preload script turns them into paths; a page cannot send this itself. */
export const dropSchema = z.object({
  folderId: rowId,
  paths: z.array(z.string().min(1)).min(1).max(10_000),
});
