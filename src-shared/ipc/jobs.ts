// Long work that a person started (a download as zip, an export): its progress, and the way to stop it.

import { z } from 'zod';
import { done, problemSchema } from './common.ts';

export const jobSchema = z.object({
  id: z.number().int(),
  /** What is done: the key of its words, `jobs.what.<kind>`. */
  kind: z.string(),
  /** The document or folder it is about. */
  subject: z.string(),
  /** Of `total` in the job's own unit; total 0 where it is not known. */
  done: z.number(),
  total: z.number(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  problem: problemSchema.nullable(),
});
export type Job = z.infer<typeof jobSchema>;

export const jobCalls = {
  'job.cancel': { args: z.object({ id: z.number().int() }), result: done },
} as const;

export const jobPushes = [z.object({ kind: z.literal('job'), job: jobSchema })] as const;
