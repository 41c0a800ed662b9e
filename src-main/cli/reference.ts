// The reference of all commands as Markdown, made from the tree of commands itself. Called by scripts/cli-docs.mjs, which
// writes docs/cli.md, and by the test that holds that file to the commands.

import type { Command, Option } from 'commander';
import { makeProgram } from './program.ts';
import type { Io } from './io.ts';

const GLOBAL: readonly string[] = ['--data', '--json', '--quiet', '--help', '--version'];

export function commandReference(): string {
  const silent: Io = { stdout: () => undefined, stderr: () => undefined } as unknown as Io;
  const program = makeProgram(silent, () => undefined);
  const commands = program.commands.filter((command) => command.name() !== 'help');
  return [
    '# Commands',
    '',
    'Made from the commands themselves by `npm run cli-docs`. Each command takes `--data DIR` (folder of database,',
    'settings and logs), `--json` (one JSON document on standard output: lists are arrays, actions are objects that say',
    'what was done, errors are `{"error":{"code","message"}}`), `--quiet` and `--help`.',
    '',
    'Exit codes: 0 done, 1 error, 2 wrong usage, 3 done but something is held, failed or in conflict.',
    '',
    ...commands.flatMap((command) => section(command)),
  ].join('\n');
}

/** A group says what it is for; what is in it follows, group by group. */
function section(command: Command, level = 2): string[] {
  const title = `${'#'.repeat(level)} ${fullName(command)}`;
  const inner = command.commands.filter((one) => one.name() !== 'help');
  if (inner.length === 0) return [title, '', ...described(command)];
  const below = Math.min(level + 1, 3);
  return [title, '', sentence(command.description()), '', ...inner.flatMap((one) => section(one, below))];
}

function described(command: Command): string[] {
  const options = command.options.filter((option) => !GLOBAL.includes(option.long ?? ''));
  const example = exampleOf(command);
  return [
    sentence(command.description()),
    '',
    '```',
    [
      fullName(command),
      ...command.registeredArguments.map(argumentText),
      ...(options.length > 0 ? ['[options]'] : []),
    ].join(' '),
    '```',
    '',
    ...(options.length === 0 ? [] : [...options.map(optionLine), '']),
    ...(example === null ? [] : ['Example:', '', '```', example, '```', '']),
  ];
}

function optionLine(option: Option): string {
  const required = option.mandatory ? ' (required)' : '';
  return `- \`${option.flags}\`${required}: ${option.description}`;
}

function argumentText(argument: Command['registeredArguments'][number]): string {
  const name = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${name}>` : `[${name}]`;
}

function fullName(command: Command): string {
  const above = command.parent === null ? '' : `${fullName(command.parent)} `;
  return `${above}${command.name()}`;
}

/** Examples are added after the help; commander gives them out only with it. */
function exampleOf(command: Command): string | null {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return /\nExample:\n {2}(.*(?:\n {2}.*)*)/.exec(text)?.[1]?.replaceAll('\n  ', '\n') ?? null;
}

function sentence(text: string): string {
  const first = `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
  return /[.:)]$/.test(first) ? first : `${first}.`;
}
