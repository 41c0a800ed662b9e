// The log of everything that sync and people did: a filtered list in pages, the file that it is exported to, the zip for
// somebody who helps, and how long lines are kept.

import { z } from 'zod';
import { LOG_FORMATS } from '../log-views.ts';
import { direction, none, rowId } from './common.ts';

export const LEVELS = ['info', 'warning', 'error'] as const;

export const logSchema = z.object({
  id: rowId,
  time: z.string(),
  level: z.enum(LEVELS),
  client: z.string().nullable(),
  direction: direction.nullable(),
  kind: z.string(),
  path: z.string().nullable(),
  record: z.string().nullable(),
  bytes: z.number().nullable(),
  duration: z.number().nullable(),
  result: z.enum(['done', 'held', 'retry', 'failed', 'note']),
  reason: z.string(),
  /** The person of this computer who asked for it; null: Docktide by itself. */
  actor: z.string().nullable(),
});
export type LogLine = z.infer<typeof logSchema>;

/** All that is given must hold; texts in any case. */
export const logFilterSchema = z.object({
  /** ISO 8601. */
  since: z.string().optional(),
  until: z.string().optional(),
  client: z.string().optional(),
  direction: direction.optional(),
  /** Kinds, or their beginnings up to a dot. */
  kinds: z.array(z.string().max(60)).max(40).optional(),
  /** This level and above. */
  level: z.enum(LEVELS).optional(),
  result: logSchema.shape.result.optional(),
  record: z.string().max(500).optional(),
  text: z.string().max(500).optional(),
});
export type LogFilter = z.infer<typeof logFilterSchema>;

const keepSchema = z.object({ days: z.number().int().min(1), megabytes: z.number().int().min(1) });
export type LogKeep = z.infer<typeof keepSchema>;

export const logCalls = {
  /**
   * Newest first; a search that takes long answers with what it has found so far. `before`: where the next page begins; null
   * where there is nothing more. `upTo`: the newest line there was. `lines`: of the whole log.
   */
  'log.list': {
    args: logFilterSchema.extend({
      after: rowId.optional(),
      before: rowId.optional(),
      limit: z.number().int().min(1).max(2_000).optional(),
    }),
    result: z.object({ rows: z.array(logSchema), before: rowId.nullable(), upTo: z.number(), lines: z.number() }),
  },
  /** Asks where to; null where the person cancels. `file`: its name. */
  'log.export': {
    args: z.object({ filter: logFilterSchema, format: z.enum(LOG_FORMATS) }),
    result: z.object({ file: z.string(), rows: z.number(), bytes: z.number() }).nullable(),
  },
  /** The zip for somebody who helps, shown in the system's file manager afterwards; null where the person cancels. */
  'log.share': {
    args: z.object({ hideNames: z.boolean() }),
    result: z
      .object({ file: z.string(), rows: z.number(), bytes: z.number(), contents: z.array(z.string()) })
      .nullable(),
  },
  'log.keep': { args: none, result: keepSchema },
  /** Older lines go with the next daily run. */
  'log.setKeep': { args: keepSchema, result: keepSchema },
} as const;

export const logPushes = [z.object({ kind: z.literal('log'), rows: z.array(logSchema) })] as const;
