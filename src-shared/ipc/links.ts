// Links that are out in the world: the list, and taking them back.

import { z } from 'zod';
import { done } from './common.ts';

export const linkSchema = z.object({
  url: z.string(),
  /** Relative path of the document or folder here; null where it is not here. */
  path: z.string().nullable(),
  name: z.string(),
  kind: z.enum(['file', 'folder']),
  client: z.string(),
  record: z.string().nullable(),
  audience: z.enum(['public', 'team', 'members', 'nobody', 'other']),
  password: z.boolean(),
  /** ISO 8601, UTC. */
  expires: z.string().nullable(),
  expired: z.boolean(),
  /** When Docktide made it; null where somebody else did. */
  madeAt: z.string().nullable(),
});
export type LinkLine = z.infer<typeof linkSchema>;

export const linkListSchema = z.object({
  links: z.array(linkSchema),
  /** Accounts that could not be asked; their links are as they were known last. */
  unchecked: z.array(z.object({ client: z.string(), message: z.string() })),
});
export type LinkList = z.infer<typeof linkListSchema>;

const revokedSchema = z.object({
  revoked: z.number(),
  failed: z.array(z.object({ url: z.string(), message: z.string() })),
});
export type RevokedLinks = z.infer<typeof revokedSchema>;

export const linkCalls = {
  /** `ask` asks Dropbox; else the links are as they were known last. */
  'links.list': { args: z.object({ ask: z.boolean() }), result: linkListSchema },
  /** Puts the address into the clipboard. */
  'links.copy': { args: z.object({ url: z.url() }), result: done },
  /** Takes back these links: their addresses lead nowhere from then on. */
  'links.revoke': {
    args: z.object({ urls: z.array(z.string().max(2_000)).min(1).max(10_000) }),
    result: revokedSchema,
  },
} as const;
