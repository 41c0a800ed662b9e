// Documents that were changed on both sides: the version here, the other one kept beside it, and the decision.

import { z } from 'zod';
import { none, rowId } from './common.ts';
import { rowSchema } from './documents.ts';

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

const versionSchema = rowSchema.extend({
  /** Relative path. */
  path: z.string(),
});

export const conflictVersionsSchema = z.object({
  id: rowId,
  /** The version from here keeps the name; null where it is gone. */
  here: versionSchema.nullable(),
  /** The version from Dropbox, kept beside it. */
  dropbox: versionSchema.nullable(),
  /** Both have the same content. */
  same: z.boolean(),
  /** Who changed it here; null where that is not known. */
  changedBy: z.string().nullable(),
  /** Whose Dropbox it is. */
  account: z.object({ name: z.string(), email: z.string() }).nullable(),
});
export type ConflictVersions = z.infer<typeof conflictVersionsSchema>;

export const SETTLEMENTS = ['keep-here', 'keep-dropbox', 'keep-both'] as const;
export type Settlement = (typeof SETTLEMENTS)[number];

export const conflictCalls = {
  'conflict.versions': { args: z.object({ id: rowId }), result: conflictVersionsSchema },
  /** What gives way goes to the trash. `kept`: relative paths of what lies there now. */
  'conflict.settle': {
    args: z.object({ id: rowId, settlement: z.enum(SETTLEMENTS) }),
    result: z.object({ kept: z.array(z.string()) }),
  },
  /** Takes a settlement back; answers the relative paths of both versions. */
  'conflict.reopen': { args: z.object({ id: rowId }), result: z.object({ path: z.string(), copy: z.string() }) },
} as const;

export const conflictLists = {
  conflicts: { args: none, row: conflictSchema },
} as const;
