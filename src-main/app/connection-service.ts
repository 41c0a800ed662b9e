// The part of the application service that tells how a client is connected: account, space, permissions, where the token
// is kept. Asks Dropbox unless told not to; what it answers, or not, is a signal for the client's state.

import { join } from 'node:path';
import { reasonSentence } from '../../src-shared/client-state.ts';
import { ACCOUNT_SCOPES, redirectAddresses, TEAM_SCOPES } from '../cloud/dropbox/oauth.ts';
import { signalOf } from '../engine/retry.ts';
import { Fault, type AccountInfo } from '../engine/ports.ts';
import { SECRETS_FILE } from '../infra/secrets.ts';
import { iso } from '../store/keepsakes.ts';
import { accountPhoto } from './account-photo.ts';
import { setAppSecret } from './accounts.ts';
import { appSecretName, credentialsSchema, type KeptCredentials } from './clouds.ts';
import { asAppError } from './errors.ts';
import { tellClient } from './notices.ts';
import { accountOf, spaceOf } from './roots.ts';
import { AppError } from './service.ts';
import { clientView } from './views-of.ts';
import type { ClientSpaceView, ClientStatusView } from '../../src-shared/client-views.ts';
import type { ClientView } from '../../src-shared/views.ts';
import type { ClientDetails } from '../store/clients.ts';
import type { Workplace } from './docktide.ts';

export interface ConnectionService {
  /** With two requests to Dropbox; with `offline` what is known already. A Dropbox that does not answer is no error. */
  clientStatus(name: string, options?: { readonly offline?: boolean }): Promise<ClientStatusView>;
  /** The picture of the client's account, as a `data:` address; null where there is none. */
  clientPhoto(name: string): Promise<string | null>;
  /** The addresses to register with the Dropbox app. */
  redirectAddresses(): readonly string[];
  /** Replaces or, with null, forgets the secret of the client's Dropbox app. */
  setAppSecret(name: string, secret: string | null): ClientView;
}

export function connectionOf(
  use: () => Workplace,
  where: { readonly dataFolder: string; readonly tokensKept: () => 'owner-only-file' | 'keyring' },
): ConnectionService {
  return {
    redirectAddresses,
    clientPhoto: async (name) => {
      const { store, origin } = use();
      return accountPhoto(accountOf(store.clients.get(name))?.photoUrl ?? null, origin);
    },
    setAppSecret: (name, secret) => setAppSecret(use(), name, secret),
    async clientStatus(name, options = {}) {
      const place = use();
      const before = place.store.clients.get(name);
      const asks = options.offline !== true && before.state !== 'draft';
      const checked = asks ? await ask(place, before) : null;
      return statusOf(place, name, checked, where);
    },
  };
}

/** Asks Dropbox for account and space, and keeps what it tells. */
async function ask(place: Workplace, client: ClientDetails): Promise<NonNullable<ClientStatusView['checked']>> {
  const { store, clouds } = place;
  try {
    const cloud = clouds.of(client);
    const account = await cloud.account();
    refuseOther(client, account);
    const space: ClientSpaceView = { ...(await cloud.space()), askedAt: iso(store.now()) };
    store.clients.setAccount(client.id, { ...account, space });
    signal(place, client, 'answered');
    return { ok: true };
  } catch (error) {
    const said = error instanceof Fault ? signalOf(error.code) : null;
    if (said !== null) signal(place, client, said);
    const { code, message } = asAppError(error);
    return { ok: false, code, message };
  }
}

function signal(
  place: Workplace,
  client: ClientDetails,
  what: Parameters<Workplace['store']['sync']['signalClient']>[1],
) {
  if (place.store.sync.signalClient(client.id, what)) tellClient(place, client.name);
}

/** As where the variable that holds the token holds somebody else's now. */
function refuseOther(client: ClientDetails, account: AccountInfo): void {
  const before = accountOf(client);
  if (client.rootId === null || before === null || before.accountId === account.accountId) return;
  throw new AppError(
    'other-account',
    `The token is that of ${account.name} (${account.email}), but this client keeps its documents in the Dropbox of ${before.name} (${before.email}).`,
  );
}

function statusOf(
  place: Workplace,
  name: string,
  checked: ClientStatusView['checked'],
  where: { readonly dataFolder: string; readonly tokensKept: () => 'owner-only-file' | 'keyring' },
): ClientStatusView {
  const { store, secrets } = place;
  const client = store.clients.get(name);
  const view = clientView(store, store.sync.client(client.id) ?? client);
  const kept = credentialsSchema.parse(client.credentials);
  const account = accountOf(client);
  const scopes = kept.kind === 'app-key' ? (kept.scopes ?? null) : null;
  const wanted = kept.teamMemberEmail === undefined ? ACCOUNT_SCOPES : TEAM_SCOPES;
  const accountView = account === null ? null : { ...pick(account), team: account.team?.name ?? null };
  return {
    ...view,
    reasonText:
      view.state === 'draft'
        ? `It is not logged in to Dropbox yet. Run: docktide client connect "${name}".`
        : reasonSentence(view.reason),
    account: accountView,
    space: spaceOf(client),
    scopes,
    missingScopes: scopes === null ? [] : wanted.filter((scope) => !scopes.includes(scope)),
    teamMemberEmail: kept.teamMemberEmail ?? null,
    teamSpace: kept.teamSpace ?? false,
    login: { kind: kept.kind, appKey: client.appKey, appSecret: secrets.has(appSecretName(client.id)) },
    tokenKept: tokenKept(kept, where),
    redirectAddresses: redirectAddresses(),
    checked,
  };
}

function pick({ accountId, name, email, kind }: AccountInfo) {
  return { id: accountId, name, email, kind };
}

function tokenKept(
  kept: KeptCredentials,
  where: { readonly dataFolder: string; readonly tokensKept: () => 'owner-only-file' | 'keyring' },
): ClientStatusView['tokenKept'] {
  if (kept.kind === 'token-env') return { kind: 'environment', place: kept.variable };
  return { kind: where.tokensKept(), place: join(where.dataFolder, SECRETS_FILE) };
}
