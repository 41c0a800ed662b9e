// Two clients must not keep the same folder of one Dropbox account, nor one inside the other: what one brings here the
// other would send back. Compared as Dropbox compares names.

import { z } from 'zod';
import { nameKey } from '../../src-shared/names.ts';
import { credentialsSchema, type KeptCredentials } from './clouds.ts';
import { AppError } from './service.ts';
import type { ClientSpaceView } from '../../src-shared/client-views.ts';
import type { AccountInfo } from '../engine/ports.ts';
import type { ClientDetails } from '../store/clients.ts';
import type { DocumentStore } from '../store/open-store.ts';

export interface RootInUse {
  readonly client: string;
  readonly root: string;
}

/** Throws AppError 'root-in-use'. `others` are the clients of the same account. */
export function refuseSharedRoot(name: string, root: string, others: readonly RootInUse[]): void {
  for (const other of others) {
    if (other.client === name) continue;
    const [mine, theirs] = [rootKey(root), rootKey(other.root)];
    if (mine === theirs) {
      throw new AppError(
        'root-in-use',
        `The client "${other.client}" keeps the folder "/${other.root}" of the same Dropbox account already. Choose another root folder.`,
      );
    }
    if (mine.startsWith(`${theirs}/`) || theirs.startsWith(`${mine}/`)) {
      throw new AppError(
        'root-in-use',
        `The folders "/${root}" and "/${other.root}" of the client "${other.client}" lie inside each other in the same Dropbox account. Choose another root folder.`,
      );
    }
  }
}

function rootKey(root: string): string {
  return root
    .split('/')
    .filter((name) => name !== '')
    .map(nameKey)
    .join('/');
}

/** What a client's row may know of its account; older rows know less. */
const accountSchema = z.object({
  accountId: z.string(),
  name: z.string(),
  email: z.string(),
  kind: z.enum(['basic', 'pro', 'business']),
  photoUrl: z.string().nullable().default(null),
  rootNamespace: z.string(),
  homeNamespace: z.string().default(''),
  homePath: z.string().nullable().default(null),
  team: z.object({ id: z.string(), name: z.string() }).nullable().default(null),
});

const spaceSchema = z.object({
  space: z.object({
    used: z.number(),
    allowed: z.number().nullable(),
    team: z.object({ used: z.number(), allowed: z.number() }).nullable(),
    askedAt: z.string(),
  }),
});

/** The room in the account as Dropbox last told it; null before. */
export function spaceOf(client: Pick<ClientDetails, 'account'>): ClientSpaceView | null {
  return spaceSchema.safeParse(client.account).data?.space ?? null;
}

/** Null before the account was learnt. */
export function accountOf(client: Pick<ClientDetails, 'account'>): AccountInfo | null {
  return accountSchema.safeParse(client.account).data ?? null;
}

/** Throws AppError 'root-in-use' where another client keeps the same folder of the same account or team space. */
export function refuseSharedAccount(
  store: DocumentStore,
  client: Pick<ClientDetails, 'name' | 'root'>,
  account: AccountInfo,
  credentials: KeptCredentials,
): void {
  const inTeamSpace = credentials.teamSpace === true;
  const others = store.clients.all().filter((other) => {
    const theirs = accountOf(other);
    if (theirs === null) return false;
    const space = credentialsSchema.safeParse(other.credentials).data?.teamSpace === true;
    if (inTeamSpace !== space) return false;
    return space ? theirs.rootNamespace === account.rootNamespace : theirs.accountId === account.accountId;
  });
  refuseSharedRoot(
    client.name,
    client.root,
    others.map((other) => ({ client: other.name, root: other.root })),
  );
}
