// Backups of the document store: the list, what is set, making, verifying, restoring and removing old ones.

import { z } from 'zod';
import { done, name, none } from './common.ts';

export const backupSchema = z.object({
  id: z.string(),
  /** ISO 8601, UTC. */
  madeAt: z.string(),
  /** Bytes of its file. */
  size: z.number(),
  state: z.enum(['unverified', 'verified', 'failed']),
  verifiedAt: z.string().nullable(),
  /** What is wrong with it, as a sentence. */
  error: z.string().nullable(),
  encrypted: z.boolean(),
  where: z.enum(['dropbox', 'here', 'both']),
  client: z.string().nullable(),
  cause: z.enum(['hand', 'schedule', 'found']),
  /** What is in it; null where nobody has looked into it yet. */
  content: z
    .object({
      version: z.string(),
      computer: z.string(),
      records: z.number(),
      files: z.number(),
      databaseSize: z.number(),
      sources: z.array(z.object({ name: z.string(), files: z.number(), bytes: z.number() })),
    })
    .nullable(),
});
export type BackupLine = z.infer<typeof backupSchema>;

const count = z.number().int().min(0).max(1_000);
const keep = z.object({ last: count, daily: count, weekly: count, monthly: count });
export type BackupKeep = z.infer<typeof keep>;

export const backupSettingsSchema = z.object({
  /** Cron expression in local time; null: only by hand. */
  schedule: z.string().nullable(),
  next: z.string().nullable(),
  /** The account that a person has chosen; null: the only one there is. */
  target: z.string().nullable(),
  /** The account that backups go to now; null: they stay here. */
  client: z.string().nullable(),
  verify: z.boolean(),
  keep,
  passphrase: z.boolean(),
});
export type BackupSettingsLine = z.infer<typeof backupSettingsSchema>;

/** A file or folder that goes into every backup beside the database. */
export const backupSourceSchema = z.object({
  name: z.string(),
  kind: z.enum(['file', 'folder', 'missing']),
  addedAt: z.string(),
});
export type BackupSource = z.infer<typeof backupSourceSchema>;

const sources = z.array(backupSourceSchema);

const job = z.object({ job: z.number() });

export const backupCalls = {
  'backups.settings': { args: none, result: backupSettingsSchema },
  'backups.setSchedule': { args: z.object({ schedule: z.string().max(200).nullable() }), result: backupSettingsSchema },
  /** Null: backups are not encrypted from now on. */
  'backups.setPassphrase': {
    args: z.object({ passphrase: z.string().max(1_000).nullable() }),
    result: backupSettingsSchema,
  },
  'backups.setTarget': { args: z.object({ client: name.nullable() }), result: backupSettingsSchema },
  'backups.setKeep': { args: keep, result: backupSettingsSchema },
  'backups.setVerify': { args: z.object({ on: z.boolean() }), result: backupSettingsSchema },
  'backups.sources': { args: none, result: sources },
  /** Asks for a file or a folder with the system's dialog; all sources there are then. */
  'backups.addSource': { args: z.object({ kind: z.enum(['file', 'folder']) }), result: sources },
  'backups.removeSource': { args: z.object({ name: z.string() }), result: sources },
  /** Restores it to a temporary place and compares; `error` says what is wrong with it. */
  'backups.check': {
    args: z.object({ id: z.string(), passphrase: z.string().max(1_000).nullable() }),
    result: z.object({ ok: z.boolean(), error: z.string().nullable() }),
  },
  /** Looks into Dropbox for what other computers have put there. */
  'backups.refresh': { args: none, result: done },
  /** Jobs: they go on in the background, and their ids come at once. */
  'backups.make': { args: none, result: job },
  'backups.verify': { args: z.object({ id: z.string() }), result: job },
  'backups.prune': { args: z.object({ dryRun: z.boolean() }), result: z.object({ removed: z.number() }) },
  /** Puts the store back as it was; the present database is kept aside. Notes are for the person. */
  'backups.restore': {
    args: z.object({ id: z.string(), passphrase: z.string().max(1_000).nullable() }),
    /** `previous`: name of the file that the present database was kept as. */
    result: z.object({ madeAt: z.string(), previous: z.string().nullable(), notes: z.array(z.string()) }),
  },
} as const;

export const backupLists = {
  backups: { args: none, row: backupSchema },
} as const;
