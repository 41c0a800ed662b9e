// The dashboard's figures, as the service counts them (src-shared/figures-views.ts), and what can be done about them.

import { z } from 'zod';
import { name, none } from './common.ts';

const amount = z.object({ files: z.number(), bytes: z.number() });

const space = z.object({
  used: z.number(),
  allowed: z.number().nullable(),
  team: z.object({ used: z.number(), allowed: z.number() }).nullable(),
  /** ISO 8601, UTC: when Dropbox told it. */
  askedAt: z.string(),
});

const clientFigures = z.object({
  name: z.string(),
  state: z.enum(['draft', 'connected', 'paused', 'disconnected', 'resetting']),
  lastSync: z.string().nullable(),
  health: z.enum(['good', 'working', 'attention', 'stopped']),
  problems: z.array(z.enum(['disconnected', 'held', 'failed', 'conflicts', 'late', 'nearly-full'])),
  space: space.nullable(),
  documents: amount,
  pending: z.number(),
  held: z.number(),
  failed: z.number(),
  conflicts: z.number(),
});

const bucket = z.object({
  /** When the hour, day or month began. */
  start: z.string(),
  uploads: z.number(),
  downloads: z.number(),
  bytesUp: z.number(),
  bytesDown: z.number(),
  errors: z.number(),
});
export type Bucket = z.infer<typeof bucket>;

const file = z.object({ id: z.number(), path: z.string(), size: z.number(), local: z.boolean(), usedAt: z.string() });
export type FileFigureLine = z.infer<typeof file>;

export const figuresSchema = z.object({
  storage: z.object({ documents: amount, local: amount, freed: amount, freeable: amount, unassigned: amount }),
  clients: z.array(clientFigures),
  types: z.array(amount.extend({ type: z.string().nullable(), label: z.string().nullable() })),
  records: z.array(amount.extend({ record: z.string(), name: z.string(), folder: z.string().nullable() })),
  extensions: z.array(amount.extend({ extension: z.string() })),
  largest: z.array(file),
  oldest: z.array(file),
  activity: z.object({ hours: z.array(bucket), days: z.array(bucket), months: z.array(bucket) }),
  links: z.object({ count: z.number() }),
  duplicates: z.object({
    groups: z.number(),
    files: z.number(),
    wasted: z.number(),
    top: z.array(
      z.object({
        hash: z.string(),
        size: z.number(),
        files: z.number(),
        wasted: z.number(),
        places: z.array(z.object({ id: z.number(), path: z.string() })),
      }),
    ),
  }),
});
export type Figures = z.infer<typeof figuresSchema>;

export const dashboardCalls = {
  /** From tables that every write keeps right: no request to Dropbox. */
  'dashboard.figures': { args: none, result: figuresSchema },
  /** Asks Dropbox how much room there is; sentences of the clients that could not be asked. */
  'dashboard.refreshSpace': { args: none, result: z.array(z.object({ client: z.string(), message: z.string() })) },
  /** Frees bytes here by the policy of the folders, as a job; answers its id. */
  'dashboard.free': { args: z.object({ client: name.optional() }), result: z.object({ job: z.number() }) },
} as const;
