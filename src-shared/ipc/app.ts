// The small state that the whole window shows, and what the program itself can be asked for.

import { z } from 'zod';
import { done, name, none, problemSchema } from './common.ts';

export const clientSchema = z.object({
  name: z.string(),
  state: z.enum(['draft', 'connected', 'paused', 'disconnected', 'resetting']),
  reason: z
    .enum(['login-revoked', 'permission-missing', 'no-network', 'account-full', 'root-gone', 'paused-by-person'])
    .nullable(),
  root: z.string(),
  lastSync: z.string().nullable(),
  pending: z.number(),
  held: z.number(),
  failed: z.number(),
  conflicts: z.number(),
});
export type ClientLine = z.infer<typeof clientSchema>;

const countsSchema = z.object({
  types: z.number(),
  records: z.number(),
  folders: z.number(),
  files: z.number(),
  bytes: z.number(),
  pending: z.number(),
  held: z.number(),
  failed: z.number(),
  conflicts: z.number(),
});

/** Everything small that the whole window needs; sent anew when a part of it changes. */
export const appSchema = z.object({
  phase: z.enum(['first-run', 'ready']),
  demo: z.boolean(),
  version: z.string(),
  platform: z.string(),
  /** The documents folder, for display; before `setup.init` the one that would be taken. */
  documents: z.string(),
  clients: z.array(clientSchema),
  counts: countsSchema,
  /** Names of the clients that a pass works on now. */
  passing: z.array(z.string()),
  /** What went wrong last, by client; `''` stands for the whole store. */
  problems: z.array(problemSchema.extend({ client: z.string() })),
  /** Where tokens are kept. */
  tokensKept: z.enum(['owner-only-file', 'keyring']),
  /** To be registered with the Dropbox app, for the login in the browser. */
  redirectAddresses: z.array(z.string()),
  /** A login waits for the person in the browser. */
  loginWaits: z.boolean(),
});
export type AppView = z.infer<typeof appSchema>;

export const appCalls = {
  'app.view': { args: none, result: appSchema },
  'app.openExternal': { args: z.object({ address: z.string() }), result: done },
  'app.showDocuments': { args: none, result: done },
  'client.pause': { args: z.object({ name }), result: clientSchema },
  'client.resume': { args: z.object({ name }), result: clientSchema },
} as const;

export const appPushes = [
  z.object({ kind: z.literal('app'), app: appSchema }),
  z.object({
    kind: z.literal('progress'),
    client: z.string(),
    done: z.number(),
    total: z.number(),
    bytesUp: z.number(),
    bytesDown: z.number(),
  }),
  /** Another screen is asked for, by tray, notification or a second start. */
  z.object({ kind: z.literal('navigate'), screen: z.string(), params: z.record(z.string(), z.string()) }),
] as const;
