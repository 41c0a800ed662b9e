// Documents that were changed on both sides: the version here, the other one kept beside it, and the decision.

import { z } from 'zod';
import { none, rowId } from './common.ts';

export const conflictSchema = z.object({
  id: rowId,
  client: z.string(),
  /** Relative paths of both versions. */
  path: z.string(),
  copy: z.string(),
  /** ISO 8601, UTC. */
  foundAt: z.string(),
  reason: z.string(),
});
export type Conflict = z.infer<typeof conflictSchema>;

export const conflictCalls = {
  /** What gives way goes to the trash. `kept`: relative paths of what lies there now. */
  'conflict.settle': {
    args: z.object({ id: rowId, settlement: z.enum(['keep-here', 'keep-dropbox', 'keep-both']) }),
    result: z.object({ kept: z.array(z.string()) }),
  },
} as const;

export const conflictLists = {
  conflicts: { args: none, row: conflictSchema },
} as const;
