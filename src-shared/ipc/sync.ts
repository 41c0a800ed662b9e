// The queue: what is planned, running and done, and "Sync now".

import { z } from 'zod';
import { direction, name, none, rowId } from './common.ts';

export const taskSchema = z.object({
  id: rowId,
  client: z.string(),
  kind: z.string(),
  direction,
  path: z.string(),
  from: z.string().nullable(),
  reason: z.string(),
  state: z.enum(['planned', 'blocked', 'running', 'done', 'stale', 'retry', 'held', 'failed']),
  attempts: z.number(),
  nextAttempt: z.string().nullable(),
  error: z.string().nullable(),
  errorCode: z.string().nullable(),
  bytes: z.number(),
  bytesDone: z.number(),
  plannedAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
});
export type Task = z.infer<typeof taskSchema>;

const summarySchema = z.object({
  uploaded: z.number(),
  downloaded: z.number(),
  moved: z.number(),
  deletedLocal: z.number(),
  deletedRemote: z.number(),
  createdFolders: z.number(),
  adopted: z.number(),
  conflicts: z.number(),
  held: z.number(),
  failed: z.number(),
});
export type Summary = z.infer<typeof summarySchema>;

/** A deletion that waits for a person's agreement. */
export const heldSchema = z.object({
  /** Client, side and path: the same while it waits. */
  id: z.string(),
  client: z.string(),
  /** Where it would be deleted; on the other side somebody deleted it. */
  side: z.enum(['here', 'dropbox']),
  path: z.string(),
  kind: z.enum(['file', 'folder']),
  /** Files that go with it, itself included, and their bytes. */
  files: z.number(),
  bytes: z.number(),
});
export type Held = z.infer<typeof heldSchema>;

/** One step of a pass that has not begun. */
export const plannedSchema = z.object({
  id: z.string(),
  client: z.string(),
  kind: z.string(),
  direction,
  path: z.string(),
  from: z.string().nullable(),
  reason: z.string(),
  bytes: z.number(),
});
export type Planned = z.infer<typeof plannedSchema>;

export const previewSchema = z.object({
  /** The first steps of each client. */
  steps: z.array(plannedSchema),
  /** How many steps there are in all. */
  total: z.number(),
  held: z.number(),
  /** What cannot be done, in a sentence each. */
  problems: z.array(z.object({ client: z.string(), path: z.string(), reason: z.string() })),
});
export type Preview = z.infer<typeof previewSchema>;

export const syncCalls = {
  /** `agree` lets held deletions go. A pass that a person asks for tries again what waits, too. */
  'sync.now': { args: z.object({ agree: z.boolean(), client: name.optional() }), result: summarySchema },
  /** Held deletions do not happen; the next pass brings back what is missing. Files of each side, and what nobody has. */
  'sync.refuse': {
    args: z.object({ client: name.optional() }),
    result: z.object({ here: z.number(), dropbox: z.number(), missing: z.array(z.string()) }),
  },
  /** What a pass would do now, changing nothing. */
  'sync.preview': { args: z.object({ client: name.optional() }), result: previewSchema },
  'queue.list': { args: z.object({ finished: z.boolean() }), result: z.array(taskSchema) },
} as const;

export const syncLists = {
  held: { args: none, row: heldSchema },
} as const;

export const syncPushes = [z.object({ kind: z.literal('tasks'), tasks: z.array(taskSchema) })] as const;
