// The queue: what is planned, running and done, and "Sync now".

import { z } from 'zod';
import { direction, rowId } from './common.ts';

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

export const syncCalls = {
  /** `agree` lets held deletions go. */
  'sync.now': { args: z.object({ agree: z.boolean() }), result: summarySchema },
  'queue.list': { args: z.object({ finished: z.boolean() }), result: z.array(taskSchema) },
} as const;

export const syncPushes = [z.object({ kind: z.literal('tasks'), tasks: z.array(taskSchema) })] as const;
