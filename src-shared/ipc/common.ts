// What several parts of the contract between window and main process share: names, ids, small shapes.

import { z } from 'zod';

export const none = z.object({});
export const done = z.null();
export const name = z.string().trim().min(1).max(200);
/** Row id of a folder; null is the top. */
export const folderId = z.number().int().nullable();
export const rowId = z.number().int();
export const direction = z.enum(['direct', 'backward', 'reverse']);
export const syncState = z.enum([
  'synced',
  'pending',
  'uploading',
  'downloading',
  'held',
  'failed',
  'conflict',
  'freed',
  'ignored',
  'unassigned',
]);

/** A refusal: `code` for the program, `message` a sentence for the person. */
export const problemSchema = z.object({ code: z.string(), message: z.string() });
export type Problem = z.infer<typeof problemSchema>;

/** One call: its arguments are one object, its result is what the promise resolves to. */
export interface Contract {
  readonly args: z.ZodType;
  readonly result: z.ZodType;
}

/** One list that the window watches: rows come at once, later changes as `list` events. */
export interface ListContract {
  readonly args: z.ZodType;
  readonly row: z.ZodType;
}

/** The number by which an operation is taken back; null where there was nothing to do. */
export const undo = z.number().int().nullable();
