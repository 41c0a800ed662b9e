// First run: the documents folder, the first client, ready-made document types, the demonstration.

import { z } from 'zod';
import { LANGUAGES } from '../languages.ts';
import { SET_IDS } from '../type-sets.ts';
import { appSchema, clientSchema } from './app.ts';
import { done, name, none, problemSchema } from './common.ts';

export const documentsSchema = z.object({
  /** The folder's own path, which the window shows. */
  documents: z.string(),
  exists: z.boolean(),
  files: z.number(),
  folders: z.number(),
  /** There is more than was counted. */
  more: z.boolean(),
  /** Free bytes of its disk; null where the system does not say. */
  free: z.number().nullable(),
  /** Why it cannot be the documents folder. */
  problem: problemSchema.nullable(),
  /** The store keeps its documents there already: it is no longer chosen. */
  settled: z.boolean(),
});
export type DocumentsChoice = z.infer<typeof documentsSchema>;

export const typeDraftSchema = z.object({
  name: z.string().min(1).max(120),
  label: z.string().min(1).max(120),
  subfolders: z.array(z.string().min(1).max(200)).max(50),
});

const typeSetSchema = z.object({
  id: z.enum(SET_IDS),
  title: z.string(),
  types: z.array(typeDraftSchema.extend({ present: z.boolean() })),
});
export type SetView = z.infer<typeof typeSetSchema>;

export const connectFormSchema = z.object({
  name,
  root: name,
  method: z.enum(['app-key', 'access-token']),
  secret: name,
  /** Of the Dropbox app, where it has one and wants it. */
  appSecret: z.string().max(200).optional(),
  /** The user of a team as whom everything is done; the team space is then the root. */
  teamMemberEmail: z.string().max(254).optional(),
});

const connectedSchema = z.object({
  name: z.string(),
  email: z.string(),
  kind: z.enum(['basic', 'pro', 'business']),
  team: z.string().nullable(),
  space: z.object({ used: z.number(), allowed: z.number().nullable() }).nullable(),
});
export type ConnectedAccount = z.infer<typeof connectedSchema>;

export const setupCalls = {
  /** The chosen documents folder, looked at. */
  'setup.folder': { args: none, result: documentsSchema },
  /** Asks for the documents folder with the system's dialog; null where the person cancels. */
  'setup.chooseFolder': { args: none, result: z.object({ documents: z.string() }).nullable() },
  /** Starts a document store in the chosen folder. */
  'setup.init': { args: none, result: appSchema },
  /** Puts a text that the window shows on the clipboard. */
  'setup.copy': { args: z.object({ text: z.string().max(500) }), result: done },
  'setup.tryDemo': { args: none, result: appSchema },
  'setup.leaveDemo': { args: none, result: appSchema },

  'client.connect': { args: connectFormSchema, result: clientSchema },
  'client.cancelConnect': { args: none, result: done },
  /** Opens the page of the waiting login once more. */
  'client.openLogin': { args: none, result: done },
  /** Whose Dropbox it is, asked of Dropbox; null where it does not answer. */
  'account.card': { args: z.object({ name }), result: connectedSchema.nullable() },
  /** The account's picture as an address that holds it; null where there is none. */
  'account.photo': { args: z.object({ name }), result: z.object({ image: z.string().nullable() }) },

  'sets.view': { args: z.object({ language: z.enum(LANGUAGES) }), result: z.array(typeSetSchema) },
  /** Adds document types with their folder rules; answers how many. */
  'sets.add': {
    args: z.object({ client: name, types: z.array(typeDraftSchema).min(1).max(100) }),
    result: z.object({ types: z.number(), rules: z.number() }),
  },
} as const;
