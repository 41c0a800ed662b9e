// The tree of commands with their options, help and examples. Parsing only: what a command does stands in commands/,
// which is loaded when the command runs, so that `--help` and a typing error answer at once.

import { Command } from 'commander';
import { closeName } from '../../src-shared/close-name.ts';
import { programVersion } from '../infra/version.ts';
import { addBackups } from './backup-program.ts';
import { addBulk } from './bulk-program.ts';
import { addClients } from './client-program.ts';
import { addCompany, addRules } from './company-program.ts';
import { makeContext, UsageError } from './context.ts';
import { addFigures } from './figures-program.ts';
import { addFile } from './file-program.ts';
import { addFiles } from './files-program.ts';
import { addKeeping } from './keeping-program.ts';
import { addLinks } from './links-program.ts';
import { addLog } from './log-program.ts';
import { addNotify } from './notify-program.ts';
import { addExtras, addSync } from './sync-program.ts';
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
    .helpCommand(false)
    .option('--version', 'print the version')
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError(true);
  addGlobals(program);
  program.action((_options: unknown, command: Command) => {
    const options: GlobalOptions & { version?: boolean } = command.opts();
    if (options.version) {
      const version = programVersion();
      io.stdout(options.json ? `${JSON.stringify({ version })}\n` : `${version}\n`);
      return;
    }
    const [word] = command.args;
    if (word !== undefined) throw unknownCommand(program, '', word);
    throw new UsageError('A command is missing. Run "docktide --help" for the list.');
  });
  // Lets the action above see an unknown word.
  program.allowExcessArguments(true);

  const add = <Options>(parent: Command, spec: Spec<Options>): Command => {
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
    return command;
  };
  const group = (name: string, summary: string, parent: Command = program): Command => {
    const command = parent.command(name).description(summary).exitOverride();
    const full = parent === program ? name : `${parent.name()} ${name}`;
    addGlobals(command);
    command.allowExcessArguments(true).action(() => {
      const [word] = command.args;
      if (word !== undefined) throw unknownCommand(command, `${full} `, word);
      throw new UsageError(`"docktide ${full}" needs one more word. Run "docktide ${full} --help" for the list.`);
    });
    return command;
  };

  addSetUp(program, add);
  addCompany(group, add);
  addClients(group, add);
  addRules(group, add);
  addFiles(program, group, add);
  addFile(program, group, add);
  addBulk(program, group, add);
  addSync(program, add);
  addKeeping(program, group, add);
  addLinks(group, add);
  addNotify(group, add);
  addLog(program, add);
  addFigures(program, add);
  addBackups(group, add);
  addExtras(program, add);
  program
    .command('help [COMMAND...]')
    .description('help for a command')
    .action((words: readonly string[]) => commandAt(program, words).outputHelp());
  return program;
}

/** Throws UsageError. */
function commandAt(program: Command, words: readonly string[]): Command {
  let found = program;
  for (const [index, word] of words.entries()) {
    const next = found.commands.find((command) => command.name() === word);
    if (next === undefined)
      throw unknownCommand(
        found,
        words
          .slice(0, index)
          .map((above) => `${above} `)
          .join(''),
        word,
      );
    found = next;
  }
  return found;
}

/** `above`: the words before it, with a space at the end. */
function unknownCommand(parent: Command, above: string, word: string): UsageError {
  const close = closeName(
    word,
    parent.commands.map((command) => command.name()),
  );
  const meant = close === null ? '' : ` Did you mean "docktide ${above}${close}"?`;
  return new UsageError(`There is no command "${above}${word}".${meant} Run "docktide ${above}--help" for the list.`);
}

/** Answers the command, which may have others below it. */
export type Add = <Options>(parent: Command, spec: Spec<Options>) => Command;
/** `parent`: a group inside that group. */
export type Group = (name: string, summary: string, parent?: Command) => Command;

function addSetUp(program: Command, add: Add): void {
  add<{ documents: string }>(program, {
    usage: 'init',
    summary: 'set up the data folder and the documents folder',
    example: 'docktide init --documents ~/Documents/Company',
    options: (command) => command.requiredOption('--documents <DIR>', 'the folder that holds the documents'),
    load: async () => (await import('./commands/company.ts')).init,
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

/** DOCKTIDE_DROPBOX_ORIGIN gets all traffic, tokens included: what is not this machine is refused before all else. */
async function refuseForeignOrigin(env: NodeJS.ProcessEnv): Promise<void> {
  const origin = env['DOCKTIDE_DROPBOX_ORIGIN'];
  if (origin === undefined || origin === '') return;
  const { checkedOrigin } = await import('../app/origin.ts');
  checkedOrigin(origin);
}
