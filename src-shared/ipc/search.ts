// Search over everything, while a person types.

import { z } from 'zod';
import { rowId } from './common.ts';

export const hitSchema = z.object({
  path: z.string(),
  kind: z.enum(['file', 'folder', 'record']),
  record: z.string().nullable(),
  id: rowId,
});
export type Hit = z.infer<typeof hitSchema>;

export const searchCalls = {
  search: { args: z.object({ text: z.string().max(500) }), result: z.array(hitSchema) },
} as const;
