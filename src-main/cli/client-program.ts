// The commands for clients: hooked into the tree by program.ts; their code stands in commands/clients.ts and
// commands/keeping.ts and is loaded when one of them runs.

import { keepingCommands } from './keeping-program.ts';
import { positiveInteger } from './values.ts';
import type { AddOptions, ConnectArguments } from './commands/clients.ts';
import type { Add, Group } from './program.ts';

export function addClients(group: Group, add: Add): void {
  const clients = () => import('./commands/clients.ts');
  const client = group('client', 'clients: connected Dropbox accounts');
  add<AddOptions>(client, {
    usage: 'add <NAME>',
    summary: 'add a Dropbox account and its root folder',
    example: 'docktide client add Office --root "ERP Documents" --app-key abc123def456ghi',
    options: (command) =>
      command
        .requiredOption('--root <FOLDER>', 'the folder in Dropbox that holds everything')
        .option('--app-key <KEY>', 'key of your Dropbox app; log in with "client connect"')
        .option(
          '--app-secret-env <VAR>',
          "the environment variable that holds the app's secret now, where it needs one",
        )
        .option('--app-secret-stdin', "or read the app's secret from standard input")
        .option('--access-token <TOKEN>', 'a ready token')
        .option('--token-env <VAR>', 'the environment variable that holds a token at each run')
        .option('--team-member-email <E-MAIL>', 'for a team: the user as whom everything is done')
        .option('--team-space', "the root folder lies in the team space (with a team's user it does)")
        .option('--no-team-space', "the root folder lies in the user's own folder"),
    load: async () => (await clients()).clientAdd,
  });
  add<ConnectArguments>(client, {
    usage: 'connect <NAME>',
    summary: 'log in to Dropbox in the browser',
    example: 'docktide client connect Office',
    options: (command) =>
      command
        .option('--no-browser', 'only print the address')
        .option('--paste-code', 'copy a code from the browser, as where the browser is on another computer')
        .option('--timeout <SECONDS>', 'how long to wait for the login (600)', positiveInteger),
    load: async () => (await clients()).clientConnect,
  });
  add<{ offline?: boolean }>(client, {
    usage: 'status <NAME>',
    summary: 'how a client is connected: state, account, space, permissions, where the token is kept',
    example: 'docktide client status Office --json',
    options: (command) => command.option('--offline', 'tell what is known without asking Dropbox'),
    load: async () => (await clients()).clientStatus,
  });
  add<{ env?: string; stdin?: boolean; remove?: boolean }>(client, {
    usage: 'app-secret <NAME>',
    summary: "keep another secret of the client's Dropbox app, or forget it",
    example: 'docktide client app-secret Office --stdin < secret.txt',
    options: (command) =>
      command
        .option('--env <VAR>', 'the environment variable that holds it now')
        .option('--stdin', 'read it from standard input')
        .option('--remove', 'forget it'),
    load: async () => (await clients()).clientAppSecret,
  });
  add<{ env?: string; stdin?: boolean }>(client, {
    usage: 'token <NAME>',
    summary: 'give a client that uses a ready token a new one of the same account; everything else stays',
    example: 'docktide client token Office --stdin < token.txt',
    options: (command) =>
      command
        .option('--env <VAR>', 'the environment variable that holds it now')
        .option('--stdin', 'read it from standard input'),
    load: async () => (await clients()).clientToken,
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
    usage: 'links <NAME> <on|on-request|off>',
    summary: 'a shared link for every document, for those that are asked for (the default), or no links to Dropbox',
    example: 'docktide client links Office on',
    load: async () => (await import('./commands/links.ts')).clientLinks,
  });
}
