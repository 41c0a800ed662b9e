// Records made by hand: one at a time, or from a CSV file that a person chooses. The page names the chosen file by its name
// alone; where it lies is known to the main process only.

import { z } from 'zod';
import { boxRecordSchema } from './box.ts';
import { done, name, none } from './common.ts';

/** `type`: of all lines; null where a column tells it. `map`: part of a record to the title of its column. */
const choice = z.object({
  type: name.nullable(),
  map: z.record(z.string().min(1).max(200), z.string().max(1_000)),
});

const problem = z.object({ line: z.number(), message: z.string() });
const reportSchema = z.object({
  added: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  /** Lines that are wrong, and the first of them. */
  skipped: z.number(),
  errors: z.array(problem),
  /** The first changes; of a preview only. */
  changes: z.array(
    z.object({ line: z.number(), record: z.string(), name: z.string(), change: z.enum(['add', 'update']) }),
  ),
});
export type RecordsReport = z.infer<typeof reportSchema>;

export const recordCalls = {
  'records.add': { args: z.object({ type: name, ref: name, name }), result: boxRecordSchema },
  /** Its folder follows, here and in Dropbox. */
  'records.rename': { args: z.object({ type: name, ref: name, name }), result: boxRecordSchema },
  /** Its folder goes to the trash with all that is in it. */
  'records.remove': { args: z.object({ type: name, ref: name }), result: done },
  /** Asks for a CSV file; null where the person cancels. `columns` are the titles of its first line. */
  'records.chooseFile': {
    args: none,
    result: z.object({ file: z.string(), columns: z.array(z.string()) }).nullable(),
  },
  /** What an import of the chosen file would do; writes nothing. */
  'records.preview': { args: choice, result: reportSchema },
  /** Imports the chosen file: all lines, or those that are right where `skipErrors` is true. */
  'records.import': { args: choice.extend({ skipErrors: z.boolean() }), result: reportSchema },
} as const;
