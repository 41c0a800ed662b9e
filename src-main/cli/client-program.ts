// The commands for clients: hooked into the tree by program.ts; their code stands in commands/clients.ts and
// commands/keeping.ts and is loaded when one of them runs.

import { keepingCommands } from './keeping-program.ts';
import type { Add, Group } from './program.ts';

export function addClients(group: Group, add: Add): void {
  const clients = () => import('./commands/clients.ts');
  const client = group('client', 'clients: connected Dropbox accounts');
  add<{ root: string; appKey?: string; accessToken?: string; tokenEnv?: string }>(client, {
    usage: 'add <NAME>',
    summary: 'add a Dropbox account and its root folder',
    example: 'docktide client add Office --root "ERP Documents" --app-key abc123def456ghi',
    options: (command) =>
      command
        .requiredOption('--root <FOLDER>', 'the folder in Dropbox that holds everything')
        .option('--app-key <KEY>', 'key of your Dropbox app; log in with "client connect"')
        .option('--access-token <TOKEN>', 'a ready token')
        .option('--token-env <VAR>', 'the environment variable that holds a token at each run'),
    load: async () => (await clients()).clientAdd,
  });
  add<{ browser: boolean }>(client, {
    usage: 'connect <NAME>',
    summary: 'log in to Dropbox in the browser',
    example: 'docktide client connect Office',
    options: (command) => command.option('--no-browser', 'only print the address'),
    load: async () => (await clients()).clientConnect,
  });
  add(client, {
    usage: 'list',
    summary: 'list the clients',
    example: 'docktide client list',
    load: async () => (await clients()).clientList,
  });
  add(client, {
    usage: 'pause <NAME>',
    summary: 'stop synchronising a client for a while',
    example: 'docktide client pause Office',
    load: async () => (await clients()).clientPause,
  });
  add(client, {
    usage: 'resume <NAME>',
    summary: 'go on with a paused client',
    example: 'docktide client resume Office',
    load: async () => (await clients()).clientResume,
  });
  add(client, {
    usage: 'remove <NAME>',
    summary: 'forget a client; files stay where they are on both sides',
    example: 'docktide client remove Office',
    load: async () => (await clients()).clientRemove,
  });
  add(client, {
    usage: 'reset <NAME>',
    summary: 'bring everything back from Dropbox, then detach; Dropbox keeps its files',
    example: 'docktide client reset Office',
    load: async () => (await keepingCommands()).clientReset,
  });
  add(client, {
    usage: 'links <NAME> <on|off>',
    summary: 'shared links for its documents, or no links to Dropbox (the default)',
    example: 'docktide client links Office on',
    load: async () => (await keepingCommands()).clientLinks,
  });
}
