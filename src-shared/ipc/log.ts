// The log of everything that sync did.

import { z } from 'zod';
import { direction, none, rowId } from './common.ts';

export const logSchema = z.object({
  id: rowId,
  time: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  client: z.string().nullable(),
  direction: direction.nullable(),
  kind: z.string(),
  path: z.string().nullable(),
  record: z.string().nullable(),
  bytes: z.number().nullable(),
  duration: z.number().nullable(),
  result: z.enum(['done', 'held', 'retry', 'failed', 'note']),
  reason: z.string(),
});
export type LogLine = z.infer<typeof logSchema>;

export const logCalls = {
  'log.list': { args: none, result: z.array(logSchema) },
} as const;

export const logPushes = [z.object({ kind: z.literal('log'), rows: z.array(logSchema) })] as const;
