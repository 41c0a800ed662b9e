// What a person does with folders and documents: all of it by row id. `undo` is the number by which an operation is taken
// back, null where there was nothing to do.

import { z } from 'zod';
import { crumb, rowSchema } from './documents.ts';
import { done, folderId, none, rowId, undo } from './common.ts';

const ids = z.array(rowId).min(1).max(50_000);
const fileName = z.string().min(1).max(255);

export const uploadSchema = z.object({
  /** Relative paths of what is there now. */
  added: z.array(z.string()),
  /** What was left out and why, in sentences. */
  problems: z.array(z.object({ name: z.string(), reason: z.string() })),
  undo,
});
export type UploadResult = z.infer<typeof uploadSchema>;

export const versionSchema = z.object({
  rev: z.string(),
  /** ISO 8601, UTC. */
  modifiedAt: z.string(),
  savedAt: z.string(),
  size: z.number(),
  current: z.boolean(),
  here: z.boolean(),
});
export type Version = z.infer<typeof versionSchema>;

export const detailsSchema = z.object({
  row: rowSchema,
  /** Relative path. */
  path: z.string(),
  type: z.enum(['binary', 'url']).nullable(),
  folders: z.array(crumb),
  /** What is in a folder; null for files. */
  inside: z.object({ files: z.number(), folders: z.number(), bytes: z.number() }).nullable(),
  /** What happened to it, newest first. */
  history: z.array(
    z.object({
      id: rowId,
      time: z.string(),
      level: z.enum(['info', 'warning', 'error']),
      kind: z.string(),
      reason: z.string(),
      from: z.string().nullable(),
    }),
  ),
});
export type Details = z.infer<typeof detailsSchema>;

export const foundSchema = z.object({
  id: rowId,
  /** Row id of the document or folder; null for a record without a folder. */
  entryId: rowId.nullable(),
  kind: z.enum(['file', 'folder', 'record']),
  name: z.string(),
  path: z.string(),
  record: z.string().nullable(),
  type: z.string().nullable(),
  size: z.number().nullable(),
  modifiedAt: z.string(),
  state: rowSchema.shape.state.nullable(),
  client: z.string().nullable(),
  /** The document or folder as it stands in its own folder; null for a record. */
  row: rowSchema.nullable(),
});
export type Found = z.infer<typeof foundSchema>;

export const querySchema = z.object({
  text: z.string().max(500),
  kinds: z.array(foundSchema.shape.kind).optional(),
  extensions: z.array(z.string().max(20)).optional(),
  /** Name of a document type. */
  type: z.string().optional(),
  /** A folder and all that is in it. */
  folder: rowId.optional(),
  states: z.array(rowSchema.shape.state).optional(),
  minSize: z.number().optional(),
  maxSize: z.number().optional(),
  since: z.string().optional(),
  until: z.string().optional(),
});
export type Query = z.infer<typeof querySchema>;

export const fileCalls = {
  'files.rename': { args: z.object({ id: rowId, name: fileName }), result: z.object({ undo }) },
  'files.move': { args: z.object({ ids, folderId }), result: z.object({ moved: z.number(), undo }) },
  'files.copy': { args: z.object({ ids, folderId: rowId }), result: uploadSchema },
  'files.delete': { args: z.object({ ids }), result: z.object({ deleted: z.number(), undo }) },
  /** Takes an operation back; answers sentences about what could not be. */
  'files.undo': {
    args: z.object({ number: z.number().int() }),
    result: z.object({ undone: z.number(), failed: z.array(z.string()), undo }),
  },
  /** `program`: it would run, and was not opened; the person is warned. */
  'files.open': { args: z.object({ id: rowId }), result: z.object({ opened: z.enum(['here', 'program']) }) },
  'files.openInDropbox': { args: z.object({ id: rowId }), result: done },
  /** Shows it in the system's file manager. */
  'files.show': { args: z.object({ id: rowId }), result: done },
  /** Asks where to, then writes one document as it is, or several as a zip; a job. False where the person cancels. */
  'files.download': { args: z.object({ ids }), result: z.object({ started: z.boolean() }) },
  /** Brings bytes that are only in Dropbox back; a job. */
  'files.keepHere': { args: z.object({ ids }), result: done },
  /** Removes bytes here of what is safely in Dropbox; answers how many bytes, and sentences about what was kept. */
  'files.free': {
    args: z.object({ ids }),
    result: z.object({ freed: z.number(), bytes: z.number(), kept: z.array(z.string()) }),
  },
  /** Puts the link to it into the clipboard. `made`: a shared link that anybody with the address may open. */
  'files.copyLink': {
    args: z.object({ id: rowId }),
    result: z.object({ url: z.string(), notes: z.array(z.string()) }),
  },
  /** The same with limits, where the account allows them. */
  'files.share': {
    args: z.object({
      id: rowId,
      audience: z.enum(['public', 'team']).optional(),
      /** The last day, as `2027-01-31`. */
      expires: z.iso.date().optional(),
      password: z.string().min(1).max(200).optional(),
    }),
    result: z.object({ url: z.string(), notes: z.array(z.string()) }),
  },
  /** What a person should know before a link is made, in sentences. */
  'files.shareRisks': { args: z.object({ id: rowId }), result: z.array(z.string()) },
  'files.details': { args: z.object({ id: rowId }), result: detailsSchema },
  'files.versions': { args: z.object({ id: rowId }), result: z.array(versionSchema) },
  'files.restoreVersion': { args: z.object({ id: rowId, rev: z.string() }), result: z.object({ undo }) },
  /** Asks for files with the system's dialog and puts them into the folder. */
  'files.choose': { args: z.object({ folderId: rowId }), result: uploadSchema },
  /** Asks for a folder with the system's dialog and puts it into the folder. */
  'files.chooseFolder': { args: z.object({ folderId: rowId }), result: uploadSchema },
  /** A drag out of the window begins: from here on the system carries the files. */
  'files.dragOut': { args: z.object({ ids }), result: done },
  'files.find': { args: querySchema, result: z.array(foundSchema) },
  /** What previews are loaded with; other pages do not know it. */
  'files.previewKey': { args: none, result: z.string() },
} as const;

/** Where the page loads the preview or the small picture of a document from. */
export function previewAddress(key: string, id: number, version: string): string {
  return `/preview/${key}/${id}?v=${encodeURIComponent(version)}`;
}

export function versionAddress(key: string, id: number, rev: string): string {
  return `/version/${key}/${id}/${encodeURIComponent(rev)}`;
}

export function thumbnailAddress(key: string, id: number, version: string): string {
  return `/thumbnail/${key}/${id}?v=${encodeURIComponent(version)}`;
}
