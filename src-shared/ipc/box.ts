// The attachment box: a record with its subfolders and files, found by typing.

import { z } from 'zod';
import { name, rowId, syncState } from './common.ts';

export const boxRecordSchema = z.object({
  type: z.string(),
  ref: z.string(),
  name: z.string(),
  /** Relative path of its folder; null where no rule gives it one. */
  folder: z.string().nullable(),
});
export type BoxRecord = z.infer<typeof boxRecordSchema>;

export const boxRowSchema = z.object({
  /** `file:12` or `folder:12`. */
  id: z.string(),
  row: rowId,
  kind: z.enum(['file', 'folder']),
  /** Row id of the folder that it lies in; null at the top. */
  parent: rowId.nullable(),
  name: z.string(),
  /** Below the record's folder; empty for that folder itself. */
  path: z.string(),
  size: z.number().nullable(),
  changedAt: z.string().nullable(),
  state: syncState,
});
export type BoxRow = z.infer<typeof boxRowSchema>;

export const boxCalls = {
  /** The first records of a type whose name, reference or fields have every word of `text`. */
  'box.records': {
    args: z.object({ type: name, text: z.string().max(200) }),
    result: z.object({ records: z.array(boxRecordSchema), total: z.number() }),
  },
} as const;

export const boxLists = {
  /** The folder of a record with all that is below it, by path. */
  box: { args: z.object({ folder: z.string().min(1) }), row: boxRowSchema },
} as const;
