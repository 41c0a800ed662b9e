// The demonstration's Dropbox, shown beside the documents.

import { z } from 'zod';
import { none } from './common.ts';

/** One entry of the demonstration's Dropbox. */
export const remoteSchema = z.object({
  /** Below the client's root. */
  path: z.string(),
  kind: z.enum(['file', 'folder']),
  size: z.number(),
  contentHash: z.string().nullable(),
});
export type RemoteEntry = z.infer<typeof remoteSchema>;

export const demoCalls = {
  'demo.remote': { args: none, result: z.array(remoteSchema) },
  /** Changes something in the demonstration's Dropbox and says what. */
  'demo.change': { args: none, result: z.object({ path: z.string(), what: z.enum(['edited', 'added']) }) },
} as const;

export const demoPushes = [
  z.object({ kind: z.literal('remote'), upserts: z.array(remoteSchema), removed: z.array(z.string()) }),
] as const;
