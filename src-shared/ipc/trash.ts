// What sync has removed or overwritten here and keeps for a while.

import { z } from 'zod';
import { none, rowId, undo } from './common.ts';

export const trashSchema = z.object({
  id: rowId,
  path: z.string(),
  kind: z.enum(['file', 'folder']),
  client: z.string().nullable(),
  reason: z.enum(['overwritten', 'deleted']),
  size: z.number(),
  /** ISO 8601, UTC. */
  removedAt: z.string(),
});
export type TrashLine = z.infer<typeof trashSchema>;

export const trashCalls = {
  /** Puts it back where it was; answers the relative path at which it lies now; `undo` puts it into the trash again. */
  'trash.restore': { args: z.object({ id: rowId }), result: z.object({ path: z.string(), undo }) },
} as const;

export const trashLists = {
  trash: { args: none, row: trashSchema },
} as const;
