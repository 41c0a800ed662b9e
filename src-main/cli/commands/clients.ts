// client: the Dropbox accounts, their login and their pauses.

import { reasonSentence } from '../../../src-shared/client-state.ts';
import { UsageError } from '../context.ts';
import { readLine, secretFrom } from '../secret-input.ts';
import { printable, sizeText, table, timeText } from '../text.ts';
import { word } from './words.ts';
import type { ClientSpaceView, ClientStatusView } from '../../../src-shared/client-views.ts';
import type { ClientOptions, Credentials } from '../../app/service.ts';
import type { ClientView } from '../../../src-shared/views.ts';
import type { Context } from '../context.ts';

type Words = readonly string[];

export interface AddOptions {
  readonly root: string;
  readonly appKey?: string;
  readonly appSecretEnv?: string;
  readonly appSecretStdin?: boolean;
  readonly accessToken?: string;
  readonly tokenEnv?: string;
  readonly teamMemberEmail?: string;
  readonly teamSpace?: boolean;
}

export async function clientAdd(context: Context, words: Words, options: AddOptions): Promise<void> {
  const credentials = await credentialsOf(context, options);
  const team: ClientOptions = {
    ...(options.teamMemberEmail === undefined ? {} : { teamMemberEmail: options.teamMemberEmail }),
    ...(options.teamSpace === undefined ? {} : { teamSpace: options.teamSpace }),
  };
  await context.withService((service) => {
    const client = service.addClient(word(words, 0), options.root, credentials, team);
    if (credentials.kind !== 'token-env' && service.tokensKept() === 'owner-only-file') {
      context.note(`Tokens are kept in ${service.dataFolder}/secrets.json, a file that only you can read.`);
    }
    if (credentials.kind === 'app-key') context.note(registerText(service.redirectAddresses()));
    context.done(client, () => {
      const next =
        credentials.kind === 'app-key' ? ` Log in with "docktide client connect ${printable(client.name)}".` : '';
      return `Added ${printable(client.name)} with the folder /${printable(client.root)} in Dropbox.${next}\n`;
    });
  });
}

async function credentialsOf(context: Context, options: AddOptions): Promise<Credentials> {
  const given = [options.appKey, options.accessToken, options.tokenEnv].filter((value) => value !== undefined);
  if (given.length !== 1) {
    throw new UsageError('Give exactly one of --app-key, --access-token and --token-env.');
  }
  const secret = { env: options.appSecretEnv, stdin: options.appSecretStdin };
  if (options.appKey !== undefined) {
    const appSecret = await secretFrom(context, 'app secret', '--app-secret-', secret);
    return { kind: 'app-key', appKey: options.appKey, ...(appSecret === null ? {} : { appSecret }) };
  }
  if (secret.env !== undefined || secret.stdin !== undefined) {
    throw new UsageError('An app secret belongs to an app key. Give --app-key, or leave the secret out.');
  }
  if (options.accessToken !== undefined) return { kind: 'access-token', token: options.accessToken };
  return { kind: 'token-env', variable: options.tokenEnv ?? '' };
}

export async function clientAppSecret(
  context: Context,
  words: Words,
  options: { env?: string; stdin?: boolean; remove?: boolean },
): Promise<void> {
  const secret = await secretFrom(context, 'app secret', '--', options);
  if ((secret === null) !== (options.remove ?? false)) {
    throw new UsageError('Give exactly one of --env, --stdin and --remove.');
  }
  await context.withService((service) => {
    const client = service.setAppSecret(word(words, 0), secret);
    context.done({ client: client.name, appSecret: secret !== null }, () =>
      secret === null
        ? `The app secret of ${printable(client.name)} is forgotten.\n`
        : `The app secret of ${printable(client.name)} is kept.\n`,
    );
  });
}

export async function clientToken(
  context: Context,
  words: Words,
  options: { env?: string; stdin?: boolean },
): Promise<void> {
  const token = await secretFrom(context, 'access token', '--', options);
  if (token === null) throw new UsageError('Give the new access token with --env or --stdin.');
  await context.withService(async (service) => {
    const client = await service.replaceToken(word(words, 0), token);
    context.done(client, () => `${printable(client.name)} uses the new token.\n`);
  });
}

/** Indented: these lines are no address to open. */
function registerText(addresses: readonly string[]): string {
  const list = addresses.map((address) => `  ${address}`).join('\n');
  return `Your Dropbox app needs these redirect addresses (App Console, Settings, OAuth 2, Redirect URIs):\n${list}`;
}

export interface ConnectArguments {
  readonly browser: boolean;
  readonly pasteCode?: boolean;
  readonly timeout?: number;
}

export async function clientConnect(context: Context, words: Words, options: ConnectArguments): Promise<void> {
  const { openInBrowser } = await import('../../infra/browser.ts');
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await context.withService(async (service) => {
      const client = await service.connectClient(word(words, 0), {
        // The address is needed even with --quiet: without it nobody can go on.
        announce: (address) => {
          if (options.pasteCode !== true) context.note(registerText(service.redirectAddresses()));
          context.io.stderr(`Open this address and allow access (Ctrl+C gives up):\n${address}\n`);
        },
        ...(options.browser ? { openBrowser: openInBrowser } : {}),
        ...(options.pasteCode === undefined ? {} : { byCode: options.pasteCode }),
        ...(options.timeout === undefined ? {} : { timeoutSeconds: options.timeout }),
        explain: (message) => context.note(message),
        askCode: () => readLine(context, 'Paste the code that Dropbox shows: ', stop.signal),
        signal: stop.signal,
      });
      context.done(client, () => `${printable(client.name)} is connected.\n`);
    });
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

export async function clientStatus(context: Context, words: Words, options: { offline?: boolean }): Promise<void> {
  await context.withService(async (service) => {
    const status = await service.clientStatus(word(words, 0), options);
    context.answer(status, () => statusText(status));
  });
}

function statusText(status: ClientStatusView): string {
  const { account, login } = status;
  const rows: [string, string][] = [['State', stateText(status)]];
  const row = (title: string, value: string | null): void => {
    if (value !== null) rows.push([title, value]);
  };
  row('', status.reasonText);
  row('Checked', status.checked?.ok === false ? status.checked.message : null);
  row('Account', account === null ? null : `${account.name}, ${account.email} (${kindText(account)})`);
  row('Works as', status.teamMemberEmail);
  row('Folder', `/${status.root}${status.teamSpace ? ' in the team space' : ''}`);
  row('Space', status.space === null ? null : spaceText(status.space));
  row('Last sync', timeText(status.lastSync));
  row(
    'Open',
    `${status.pending} pending, ${status.held} held, ${status.failed} failed, ${status.conflicts} in conflict`,
  );
  row('Permissions', status.scopes === null ? null : status.scopes.join(', '));
  row('Missing', status.missingScopes.length === 0 ? null : status.missingScopes.join(', '));
  row('App key', login.appKey === null ? null : `${login.appKey}${login.appSecret ? ' with an app secret' : ''}`);
  row('Token', keptText(status));
  if (login.kind === 'app-key') {
    status.redirectAddresses.forEach((address, index) => row(index === 0 ? 'Redirects' : '', address));
  }
  const lines = rows.map(([title, value]) => `${title.padEnd(12)}${printable(value)}\n`);
  return `${printable(status.name)}\n${lines.join('')}`;
}

function kindText({ kind, team }: NonNullable<ClientStatusView['account']>): string {
  return team === null ? `personal account, ${kind}` : `team ${team}`;
}

function spaceText({ used, allowed, team }: ClientSpaceView): string {
  const own = allowed === null ? `${sizeText(used)} used` : `${sizeText(used)} of ${sizeText(allowed)} used`;
  return team === null ? own : `${own}; the team uses ${sizeText(team.used)} of ${sizeText(team.allowed)}`;
}

function keptText({ tokenKept }: ClientStatusView): string {
  switch (tokenKept.kind) {
    case 'environment':
      return `in the environment variable ${tokenKept.place}, at each run`;
    case 'keyring':
      return `in ${tokenKept.place}, encrypted with the system's keyring`;
    case 'owner-only-file':
      return `in ${tokenKept.place}, a file that only you can read`;
  }
}

export async function clientList(context: Context): Promise<void> {
  await context.withService((service) => {
    const clients = service.clients();
    context.answer(clients, () => clientTable(clients) + troubleText(clients));
  });
}

function troubleText(clients: readonly ClientView[]): string {
  return clients
    .filter((client) => client.state === 'disconnected')
    .map((client) => `${printable(client.name)}: ${reasonSentence(client.reason) ?? ''}\n`)
    .join('');
}

export function clientTable(clients: readonly ClientView[]): string {
  return table<ClientView>(
    clients,
    [
      { title: 'Client', value: (client) => client.name },
      { title: 'State', value: stateText },
      { title: 'Folder in Dropbox', value: (client) => `/${client.root}` },
      { title: 'Last sync', value: (client) => timeText(client.lastSync) },
      { title: 'Pending', value: (client) => client.pending, align: 'right' },
      { title: 'Held', value: (client) => client.held, align: 'right' },
      { title: 'Failed', value: (client) => client.failed, align: 'right' },
      { title: 'Conflicts', value: (client) => client.conflicts, align: 'right' },
    ],
    'There are no clients yet. Add one with "docktide client add".',
  );
}

function stateText(client: ClientView): string {
  return client.state === 'disconnected' && client.reason !== null
    ? `${client.state} (${client.reason.replaceAll('-', ' ')})`
    : client.state;
}

export async function clientPause(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const client = service.pauseClient(word(words, 0));
    context.done(client, () => `${printable(client.name)} is paused.\n`);
  });
}

export async function clientResume(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const client = service.resumeClient(word(words, 0));
    context.done(client, () => `${printable(client.name)} goes on.\n`);
  });
}

export async function clientRemove(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const client = service.removeClient(word(words, 0));
    context.done(client, () => `Removed ${printable(client.name)}; its files stay where they are.\n`);
  });
}
