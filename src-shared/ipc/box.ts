// The attachment box: a record with its subfolders and files, found by typing.

import { z } from 'zod';
import { name, rowId, syncState } from './common.ts';

export const boxRecordSchema = z.object({
  type: z.string(),
  /** The type's name for people. */
  typeLabel: z.string(),
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

/** A place in a record's folder that takes documents: the folder itself or a folder below it. */
export const boxPlaceSchema = z.object({
  row: rowId,
  /** Below the record's folder; empty for that folder itself. */
  path: z.string(),
  files: z.number(),
});
export type BoxPlace = z.infer<typeof boxPlaceSchema>;

export const boxCalls = {
  /** The first records whose name, reference or fields have every word of `text`; of all types where none is named. */
  'box.records': {
    args: z.object({ type: name.nullable(), text: z.string().max(200) }),
    result: z.object({ records: z.array(boxRecordSchema), total: z.number() }),
  },
  'box.record': { args: z.object({ type: name, ref: name }), result: boxRecordSchema },
  /** Where documents of a record can go; nothing where it has no folder. */
  'box.places': { args: z.object({ type: name, ref: name }), result: z.array(boxPlaceSchema) },
} as const;

export const boxLists = {
  /** The folder of a record with all that is below it, by path. */
  box: { args: z.object({ folder: z.string().min(1) }), row: boxRowSchema },
} as const;
