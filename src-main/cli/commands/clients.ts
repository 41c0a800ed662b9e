// client: the Dropbox accounts, their login and their pauses.

import { UsageError } from '../context.ts';
import { printable, table, timeText } from '../text.ts';
import { word } from './words.ts';
import type { Credentials } from '../../app/service.ts';
import type { ClientView } from '../../../src-shared/views.ts';
import type { Context } from '../context.ts';

type Words = readonly string[];

interface AddOptions {
  readonly root: string;
  readonly appKey?: string;
  readonly accessToken?: string;
  readonly tokenEnv?: string;
}

export async function clientAdd(context: Context, words: Words, options: AddOptions): Promise<void> {
  const credentials = credentialsOf(options);
  await context.withService((service) => {
    const client = service.addClient(word(words, 0), options.root, credentials);
    if (credentials.kind !== 'token-env' && service.tokensKept() === 'owner-only-file') {
      context.note(`Tokens are kept in ${service.dataFolder}/secrets.json, a file that only you can read.`);
    }
    context.done(client, () => {
      const next =
        credentials.kind === 'app-key' ? ` Log in with "docktide client connect ${printable(client.name)}".` : '';
      return `Added ${printable(client.name)} with the folder /${printable(client.root)} in Dropbox.${next}\n`;
    });
  });
}

function credentialsOf(options: AddOptions): Credentials {
  const given = [options.appKey, options.accessToken, options.tokenEnv].filter((value) => value !== undefined);
  if (given.length !== 1) {
    throw new UsageError('Give exactly one of --app-key, --access-token and --token-env.');
  }
  if (options.appKey !== undefined) return { kind: 'app-key', appKey: options.appKey };
  if (options.accessToken !== undefined) return { kind: 'access-token', token: options.accessToken };
  return { kind: 'token-env', variable: options.tokenEnv ?? '' };
}

export async function clientConnect(context: Context, words: Words, options: { browser: boolean }): Promise<void> {
  const { openInBrowser } = await import('../../infra/browser.ts');
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await context.withService(async (service) => {
      const client = await service.connectClient(word(words, 0), {
        // The address is needed even with --quiet: without it nobody can go on.
        announce: (address) => context.io.stderr(`Open this address and allow access:\n${address}\n`),
        ...(options.browser ? { openBrowser: openInBrowser } : {}),
        askCode: () => readLine(context, stop.signal),
        signal: stop.signal,
      });
      context.done(client, () => `${printable(client.name)} is connected.\n`);
    });
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** One line of standard input. */
async function readLine(context: Context, signal: AbortSignal): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, signal });
  try {
    context.io.stderr('Paste the code that Dropbox shows: ');
    const { value, done } = await lines[Symbol.asyncIterator]().next();
    if (done === true) throw new UsageError('No code was given. Run the command again in a terminal.');
    return value;
  } finally {
    lines.close();
  }
}

export async function clientList(context: Context): Promise<void> {
  await context.withService((service) => {
    const clients = service.clients();
    context.answer(clients, () => clientTable(clients));
  });
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
  return client.reason === null ? client.state : `${client.state} (${client.reason})`;
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
