// What is set for the document store: connected accounts, document types and folder rules, folders, patterns of what is
// never synced, and what people are told.

import { z } from 'zod';
import { LEAST_BANDWIDTH } from '../bandwidth-views.ts';
import { NOTICE_KINDS } from '../notify-views.ts';
import { clientSchema } from './app.ts';
import { done, name, none } from './common.ts';

export const accountSchema = z.object({
  client: clientSchema,
  /** What the state means and what to do; null where all is well. */
  reasonText: z.string().nullable(),
  account: z
    .object({
      name: z.string(),
      email: z.string(),
      kind: z.enum(['basic', 'pro', 'business']),
      team: z.string().nullable(),
    })
    .nullable(),
  space: z.object({ used: z.number(), allowed: z.number().nullable() }).nullable(),
  missingScopes: z.array(z.string()),
  login: z.enum(['app-key', 'access-token', 'token-env']),
  /** Where its token is kept. */
  tokenKept: z.enum(['owner-only-file', 'keyring', 'environment']),
  links: z.enum(['on', 'on-request', 'off']),
  notices: z.array(z.enum(NOTICE_KINDS)),
});
export type Account = z.infer<typeof accountSchema>;

export const ruleSchema = z.object({
  id: z.number(),
  type: z.string(),
  client: z.string(),
  filter: z.string().nullable(),
  pattern: z.string(),
  subfolders: z.array(z.string()),
});
export type Rule = z.infer<typeof ruleSchema>;

export const typeSchema = z.object({ name: z.string(), label: z.string(), records: z.number() });
export type DocumentType = z.infer<typeof typeSchema>;

/** What hangs on a document type; `documents` lie in the folders of its rules and records. */
const typeUseSchema = typeSchema.extend({ rules: z.number(), folders: z.array(z.string()), documents: z.number() });
export type TypeUse = z.infer<typeof typeUseSchema>;

const catalogSchema = z.object({ types: z.array(typeSchema), rules: z.array(ruleSchema) });
export type Catalog = z.infer<typeof catalogSchema>;

const ruleDraft = z.object({
  type: name,
  filter: z.string().max(1_000),
  pattern: z.string().max(200),
  subfolders: z.array(name).max(50),
});

const rulePreviewSchema = z.object({
  /** Records that match, of all records of the type. */
  matched: z.number(),
  total: z.number(),
  /** Names of the first folders that they get. */
  folders: z.array(z.string()),
  /** What is wrong with the filter or the pattern. */
  problem: z.string().nullable(),
});
export type RulePreview = z.infer<typeof rulePreviewSchema>;

export const policySchema = z.object({
  path: z.string(),
  /** `always`, `links` or `days:N`; null: as the folder above. */
  keep: z.string().nullable(),
  flow: z.enum(['both', 'up', 'down', 'off']).nullable(),
});
export type Policy = z.infer<typeof policySchema>;

const rate = z.number().int().min(LEAST_BANDWIDTH).nullable();
/** Bytes a second over all accounts; null: as fast as the line. */
export const bandwidthSchema = z.object({ up: rate, down: rate });

const scheduleSchema = z.object({ minutes: z.number().int().min(1).max(1_440) });

export const settingsCalls = {
  /** `ask` asks Dropbox about each account. */
  'settings.accounts': { args: z.object({ ask: z.boolean() }), result: z.array(accountSchema) },
  /** The login in the browser once more, for an account that was connected by an app key. */
  'client.reconnect': { args: z.object({ name }), result: clientSchema },
  /** Another ready token of the same account, for an account that was connected by one. */
  'client.token': { args: z.object({ name, token: z.string().trim().min(1).max(4_000) }), result: clientSchema },
  'client.remove': { args: z.object({ name }), result: done },
  /** Everything comes back from Dropbox, then the account is detached. */
  'client.reset': { args: z.object({ name }), result: done },
  'client.links': { args: z.object({ name, mode: z.enum(['on', 'on-request', 'off']) }), result: done },
  'client.notices': { args: z.object({ name, kinds: z.array(z.enum(NOTICE_KINDS)) }), result: done },

  'catalog.view': { args: none, result: catalogSchema },
  'catalog.addType': { args: z.object({ name, label: name }), result: typeSchema },
  'catalog.typeUse': { args: z.object({ name }), result: typeUseSchema },
  /** The folders of its rules are renamed on both sides after the label. */
  'catalog.renameType': { args: z.object({ name, newName: name, label: name }), result: typeUseSchema },
  /** Its rules go with it, their folders stay; a type with records is refused. */
  'catalog.removeType': { args: z.object({ name }), result: typeUseSchema },
  'rule.preview': { args: ruleDraft, result: rulePreviewSchema },
  'rule.add': { args: ruleDraft.extend({ client: name }), result: ruleSchema },
  /** `existing`: records that have a folder already get the subfolders, too. */
  'rule.update': {
    args: ruleDraft.omit({ type: true }).extend({ id: z.number().int(), existing: z.boolean() }),
    result: ruleSchema,
  },
  /** Its folders stay where they are. */
  'rule.remove': { args: z.object({ id: z.number().int() }), result: done },
  /** Its folders go to another account: first back, then there. */
  'rule.setClient': { args: z.object({ type: name, client: name }), result: z.object({ folders: z.number() }) },

  /** Folders that a person gave to an account, beside those of the rules. */
  'folder.assigned': {
    args: none,
    result: z.array(
      z.object({ path: z.string(), client: z.string().nullable(), files: z.number(), bytes: z.number() }),
    ),
  },
  'folder.assign': { args: z.object({ path: z.string().min(1).max(1_000), client: name }), result: done },
  /** To another account: first back, then there. Answers how many folders are on their way. */
  'folder.setClient': {
    args: z.object({ path: z.string().min(1), client: name }),
    result: z.object({ folders: z.number() }),
  },
  'folder.policies': { args: none, result: z.array(policySchema) },
  /** `inherit` takes the setting away. */
  'folder.setPolicy': {
    args: z.object({ path: z.string().min(1), keep: z.string().optional(), flow: z.string().optional() }),
    result: policySchema,
  },
  'bandwidth.view': { args: none, result: bandwidthSchema },
  /** What is left out stays as it is. */
  'bandwidth.set': { args: bandwidthSchema.partial(), result: bandwidthSchema },
  /** `why`: null where it is synced; `patterns` are those of the form, kept or not. A folder ends with `/`. */
  'ignore.check': {
    args: z.object({ path: z.string().min(1).max(1_000), patterns: z.array(z.string().max(500)).max(1_000) }),
    result: z.object({
      path: z.string(),
      why: z
        .discriminatedUnion('kind', [
          z.object({ kind: z.literal('name') }),
          z.object({ kind: z.literal('pattern'), pattern: z.string() }),
          z.object({ kind: z.literal('file') }),
        ])
        .nullable(),
    }),
  },
  /** How often everything is looked at while Docktide runs, in minutes. */
  'schedule.view': { args: none, result: scheduleSchema },
  'schedule.set': { args: scheduleSchema, result: scheduleSchema },
  /** Null forgets the secret of the Dropbox app. */
  'client.appSecret': { args: z.object({ name, secret: z.string().trim().min(1).max(200).nullable() }), result: done },
  /** Freeing by the policies of the folders: how many documents and bytes would go. */
  'free.preview': { args: none, result: z.object({ files: z.number(), bytes: z.number() }) },
  'ignore.list': { args: none, result: z.array(z.string()) },
  'ignore.set': { args: z.object({ patterns: z.array(z.string().max(500)).max(1_000) }), result: z.array(z.string()) },
} as const;
