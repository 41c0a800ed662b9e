// The tree of commands with their options, help and examples. Parsing only: what a command does stands in commands/,
// which is loaded when the command runs, so that `--help` and a typing error answer at once.

import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { makeContext, UsageError } from './context.ts';
import { addFolderPolicies, addKeeping, keepingCommands } from './keeping-program.ts';
import type { Context, GlobalOptions } from './context.ts';
import type { Io } from './io.ts';

/** Answers the exit code, or nothing for 0. */
type Action<Options> = (context: Context, words: readonly string[], options: Options) => Promise<number | void>;

export interface Spec<Options> {
  /** As commander reads it: `add <TYPE> <REF>`. */
  readonly usage: string;
  readonly summary: string;
  readonly example: string;
  readonly options?: (command: Command) => Command;
  /** The command's code, loaded when it runs. */
  readonly load: () => Promise<Action<Options>>;
}

export function makeProgram(io: Io, finish: (exitCode: number) => void): Command {
  const program = new Command('docktide');
  program
    .description("Keeps a company's documents and Dropbox the same, in both directions.")
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr, outputError: () => undefined })
    .configureHelp({ showGlobalOptions: false, sortSubcommands: false })
    .exitOverride()
    .helpCommand('help [COMMAND]', 'help for a command')
    .option('--version', 'print the version')
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError(true);
  addGlobals(program);
  program.action((_options: unknown, command: Command) => {
    const options: GlobalOptions & { version?: boolean } = command.opts();
    if (options.version) {
      const version = packageVersion();
      io.stdout(options.json ? `${JSON.stringify({ version })}\n` : `${version}\n`);
      return;
    }
    const [word] = command.args;
    if (word !== undefined) throw new UsageError(`There is no command "${word}". Run "docktide --help" for the list.`);
    throw new UsageError('A command is missing. Run "docktide --help" for the list.');
  });
  // Lets the action above see an unknown word.
  program.allowExcessArguments(true);

  const add = <Options>(parent: Command, spec: Spec<Options>): void => {
    const command = parent.command(spec.usage).description(spec.summary);
    spec.options?.(command);
    addGlobals(command);
    command.addHelpText('after', `\nExample:\n  ${spec.example}\n`).allowExcessArguments(false);
    command.action(async () => {
      const context = makeContext(io, command.optsWithGlobals<GlobalOptions>());
      await refuseForeignOrigin(io.env);
      const run = await spec.load();
      const code = await run(context, command.args, command.optsWithGlobals<Options & GlobalOptions>());
      finish(code ?? 0);
    });
  };
  const group = (name: string, summary: string): Command => {
    const command = program.command(name).description(summary).exitOverride();
    addGlobals(command);
    command.allowExcessArguments(true).action(() => {
      const [word] = command.args;
      throw new UsageError(
        word === undefined
          ? `"docktide ${name}" needs one more word. Run "docktide ${name} --help" for the list.`
          : `There is no command "${name} ${word}". Run "docktide ${name} --help" for the list.`,
      );
    });
    return command;
  };

  addSetUp(program, add);
  addCompany(group, add);
  addFiles(program, group, add);
  addSync(program, add);
  addKeeping(program, group, add);
  addExtras(program, add);
  return program;
}

export type Add = <Options>(parent: Command, spec: Spec<Options>) => void;
export type Group = (name: string, summary: string) => Command;

function addSetUp(program: Command, add: Add): void {
  add<{ documents: string }>(program, {
    usage: 'init',
    summary: 'set up the data folder and the documents folder',
    example: 'docktide init --documents ~/Documents/Company',
    options: (command) => command.requiredOption('--documents <DIR>', 'the folder that holds the documents'),
    load: async () => (await import('./commands/company.ts')).init,
  });
}

function addCompany(group: Group, add: Add): void {
  const company = () => import('./commands/company.ts');
  const type = group('type', 'document types: kinds of ERP objects');
  add<{ label: string }>(type, {
    usage: 'add <NAME>',
    summary: 'add a document type',
    example: 'docktide type add sale.order --label Quotations',
    options: (command) => command.requiredOption('--label <LABEL>', 'its name for people; names its folder'),
    load: async () => (await company()).typeAdd,
  });
  add(type, {
    usage: 'list',
    summary: 'list the document types',
    example: 'docktide type list --json',
    load: async () => (await company()).typeList,
  });

  const record = group('record', 'records: objects of a document type');
  add<{ name: string; field: string[] }>(record, {
    usage: 'add <TYPE> <REF>',
    summary: 'add a record',
    example: 'docktide record add sale.order SO001 --name SO001 --field state=sent --field partner="Müller GmbH"',
    options: (command) =>
      command
        .requiredOption('--name <NAME>', 'its name; names its folder')
        .option('--field <k=v>', 'a field for filters and patterns; may be repeated', collect, []),
    load: async () => (await company()).recordAdd,
  });
  add<{ name: string }>(record, {
    usage: 'rename <TYPE> <REF>',
    summary: 'give a record another name; its folder follows',
    example: 'docktide record rename sale.order SO001 --name "SO001 Müller"',
    options: (command) => command.requiredOption('--name <NAME>', 'the new name'),
    load: async () => (await company()).recordRename,
  });
  add(record, {
    usage: 'archive <TYPE> <REF>',
    summary: 'archive a record; its folder and files stay',
    example: 'docktide record archive sale.order SO001',
    load: async () => (await company()).recordArchive,
  });
  add(record, {
    usage: 'remove <TYPE> <REF>',
    summary: 'remove a record; its folder goes to the trash',
    example: 'docktide record remove sale.order SO001',
    load: async () => (await company()).recordRemove,
  });
  add(record, {
    usage: 'import <FILE.csv>',
    summary: 'add and update records from a CSV file (columns type, ref, name, then fields)',
    example: 'docktide record import quotations.csv',
    load: async () => (await company()).recordImport,
  });
  add<{ type?: string }>(record, {
    usage: 'list [TYPE]',
    summary: 'list the records, of one type or all',
    example: 'docktide record list sale.order',
    load: async () => (await company()).recordList,
  });

  addClients(group, add);

  const rule = group('rule', 'folder rules: which records get folders, and where');
  add<{ client: string; filter?: string; pattern?: string; subfolders?: string }>(rule, {
    usage: 'add <TYPE>',
    summary: 'give the records of a type folders that are kept in Dropbox',
    example: `docktide rule add sale.order --client Office --filter 'state=sent' --subfolders "Contracts,Drawings"`,
    options: (command) =>
      command
        .requiredOption('--client <NAME>', 'the client that keeps the folders')
        .option('--filter <CONDITIONS>', "only records that match, as in 'state=sent'")
        .option('--pattern <PATTERN>', "how a record's folder is named, as in '{name}'")
        .option('--subfolders <NAMES>', 'default subfolders, separated by commas'),
    load: async () => (await company()).ruleAdd,
  });
  add(rule, {
    usage: 'list',
    summary: 'list the folder rules',
    example: 'docktide rule list',
    load: async () => (await company()).ruleList,
  });
  add(rule, {
    usage: 'set-client <TYPE> <NAME>',
    summary: 'give the folders of a type to another client: first back, then there',
    example: 'docktide rule set-client sale.order Berlin',
    load: async () => (await keepingCommands()).ruleSetClient,
  });
}

function addClients(group: Group, add: Add): void {
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

function addFiles(program: Command, group: Group, add: Add): void {
  const files = () => import('./commands/files.ts');
  const folder = group('folder', 'manual folders: folders beside those of the rules');
  add<{ client: string }>(folder, {
    usage: 'add <PATH>',
    summary: 'assign a folder to a client, creating it where it is missing',
    example: 'docktide folder add "Marketing/Photos" --client Office',
    options: (command) => command.requiredOption('--client <NAME>', 'the client that keeps it'),
    load: async () => (await files()).folderAdd,
  });
  add(folder, {
    usage: 'list',
    summary: 'list the folders that were assigned by hand',
    example: 'docktide folder list',
    load: async () => (await files()).folderList,
  });
  addFolderPolicies(folder, add);
  add<{ record?: string; folder?: string; sub?: string }>(program, {
    usage: 'attach <FILE...>',
    summary: 'copy files into the folder of a record or a manual folder',
    example: 'docktide attach offer.pdf plan.png --record sale.order/SO001 --sub Contracts',
    options: (command) =>
      command
        .option('--record <TYPE/REF>', 'the record')
        .option('--folder <PATH>', 'or the folder')
        .option('--sub <NAME>', 'a subfolder of it'),
    load: async () => (await files()).attach,
  });
  add(program, {
    usage: 'ls [PATH]',
    summary: 'list files and folders with their state',
    example: 'docktide ls Quotations/SO001 --json',
    load: async () => (await files()).ls,
  });
  add<{ limit?: number }>(program, {
    usage: 'search <TEXT...>',
    summary: 'find files, folders and records by name',
    example: 'docktide search offer müller',
    options: (command) => command.option('--limit <N>', 'at most so many hits', positiveInteger),
    load: async () => (await files()).search,
  });
}

function addSync(program: Command, add: Add): void {
  const sync = () => import('./commands/sync.ts');
  const oversight = () => import('./commands/oversight.ts');
  add<{ client?: string; prepareOnly?: boolean; yes?: boolean; full?: boolean; wait?: number }>(program, {
    usage: 'sync',
    summary: 'one complete pass in both directions',
    example: 'docktide sync --client Office',
    options: (command) =>
      command
        .option('--client <NAME>', 'only this client')
        .option('--prepare-only', 'write the queue, run nothing')
        .option('--yes', 'let held deletions go')
        .option('--full', 'compare every folder with Dropbox itself')
        .option('--wait <SECONDS>', 'how long to wait for a pass of another process', wholeNumber),
    load: async () => (await sync()).syncOnce,
  });
  add(program, {
    usage: 'watch',
    summary: 'synchronise until it is stopped (Ctrl+C or SIGTERM)',
    example: 'docktide watch',
    load: async () => (await sync()).watch,
  });
  add<{ client?: string }>(program, {
    usage: 'plan',
    summary: 'show what a pass would do, changing nothing',
    example: 'docktide plan',
    options: (command) => command.option('--client <NAME>', 'only this client'),
    load: async () => (await sync()).plan,
  });
  add(program, {
    usage: 'status',
    summary: 'documents folder, clients and counts',
    example: 'docktide status --json',
    load: async () => (await oversight()).status,
  });
  add<{ all?: boolean; limit?: number }>(program, {
    usage: 'queue',
    summary: 'the tasks that are planned, running, held or failed',
    example: 'docktide queue',
    options: (command) =>
      command.option('--all', 'with the finished ones').option('--limit <N>', 'at most so many', positiveInteger),
    load: async () => (await oversight()).queue,
  });
  add<{ since?: string; client?: string; level?: string; limit?: number }>(program, {
    usage: 'log',
    summary: 'what synchronisation did',
    example: 'docktide log --since 2026-11-23T08:00:00Z --level warning',
    options: (command) =>
      command
        .option('--since <ISO>', 'from this time on (ISO 8601)')
        .option('--client <NAME>', 'only this client')
        .option('--level <LEVEL>', 'this level and above: info, warning, error')
        .option('--limit <N>', 'at most so many, the newest', positiveInteger),
    load: async () => (await oversight()).log,
  });
  add(program, {
    usage: 'conflicts',
    summary: 'conflicts that were settled by keeping both versions',
    example: 'docktide conflicts',
    load: async () => (await oversight()).conflicts,
  });
}

function addExtras(program: Command, add: Add): void {
  add<{ port?: number; data?: string; token?: string }>(program, {
    usage: 'emulator',
    summary: 'run a Dropbox of your own on this machine, to try and test with',
    example: 'docktide emulator --port 8912 --data /tmp/dropbox --token secret',
    options: (command) =>
      command
        .option('--port <N>', 'the port on loopback; 0 takes a free one', wholeNumber)
        .option('--token <T>', 'an access token that it shall take'),
    load: async () => (await import('./commands/extras.ts')).emulator,
  });
  add(program, {
    usage: 'demo',
    summary: 'show both directions at work in temporary folders, without an account',
    example: 'docktide demo',
    load: async () => (await import('./commands/extras.ts')).demo,
  });
}

function addGlobals(command: Command): void {
  command
    .option('--data <DIR>', 'folder of database, settings and logs')
    .option('--json', 'one JSON document on standard output')
    .option('--quiet', 'no progress and no messages beside the result');
}

const EXIT_CODES = `
Exit codes: 0 done, 1 error, 2 wrong usage, 3 done but something is held, failed or in conflict.
`;

function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}

function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(value);
}

function positiveInteger(value: string): number {
  const number = wholeNumber(value);
  if (number === 0) throw new InvalidArgumentError('It must be 1 or more.');
  return number;
}

/** DOCKTIDE_DROPBOX_ORIGIN gets all traffic, tokens included: what is not this machine is refused before all else. */
async function refuseForeignOrigin(env: NodeJS.ProcessEnv): Promise<void> {
  const origin = env['DOCKTIDE_DROPBOX_ORIGIN'];
  if (origin === undefined || origin === '') return;
  const { checkedOrigin } = await import('../app/origin.ts');
  checkedOrigin(origin);
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
