// Backups of the document store: the list, what is set, making, verifying, restoring and removing old ones.

import { z } from 'zod';
import { done, none } from './common.ts';

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
});
export type BackupLine = z.infer<typeof backupSchema>;

const keep = z.object({ last: z.number(), daily: z.number(), weekly: z.number(), monthly: z.number() });

export const backupSettingsSchema = z.object({
  /** Cron expression in local time; null: only by hand. */
  schedule: z.string().nullable(),
  next: z.string().nullable(),
  /** The account that backups go to now; null: they stay here. */
  client: z.string().nullable(),
  verify: z.boolean(),
  keep,
  passphrase: z.boolean(),
});
export type BackupSettingsLine = z.infer<typeof backupSettingsSchema>;

const job = z.object({ job: z.number() });

export const backupCalls = {
  'backups.settings': { args: none, result: backupSettingsSchema },
  'backups.setSchedule': { args: z.object({ schedule: z.string().max(200).nullable() }), result: backupSettingsSchema },
  /** Null: backups are not encrypted from now on. */
  'backups.setPassphrase': {
    args: z.object({ passphrase: z.string().max(1_000).nullable() }),
    result: backupSettingsSchema,
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
    result: z.object({ madeAt: z.string(), notes: z.array(z.string()) }),
  },
} as const;

export const backupLists = {
  backups: { args: none, row: backupSchema },
} as const;
