// The command line's entry: arguments in, exit code out (called by bin/docktide.mjs). Runs the command that program.ts
// finds, and turns every error into a sentence and an exit code; under --json into one JSON document.

import { CommanderError } from 'commander';
import { endWithParent } from '../infra/parent.ts';
import { withoutSecrets } from '../infra/redact.ts';
import { EXIT, UsageError } from './context.ts';
import { processIo } from './io.ts';
import { makeProgram } from './program.ts';
import type { Io } from './io.ts';

export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  endWithParent();
  const json = asksForJson(argv);
  let exitCode: number = EXIT.done;
  const program = makeProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, json, io);
  }
}

/** Whether --json stands among the options, even where the rest of the line cannot be understood. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json');
}

function explain(error: unknown, json: boolean, io: Io): number {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
  const { exitCode, code, message } = described(error);
  if (json) io.stdout(`${JSON.stringify({ error: { code, message } })}\n`);
  io.stderr(`docktide: ${message}\n`);
  if (io.env['DOCKTIDE_DEBUG'] && error instanceof Error) io.stderr(`${withoutSecrets(error.stack ?? '')}\n`);
  return exitCode;
}

/** What the parser has to say, as a sentence that tells where to look. */
function sentenceOf(text: string): string {
  const said = text.replace(/^error: /, '').replace(/\n\((Did you mean .+\?)\)$/, '. $1');
  const sentence = `${said.charAt(0).toUpperCase()}${said.slice(1)}`;
  return `${sentence}${/[.?!]$/.test(sentence) ? '' : '.'} Run the command with --help to see how it is written.`;
}

function described(error: unknown): { exitCode: number; code: string; message: string } {
  if (error instanceof CommanderError) {
    return { exitCode: EXIT.usage, code: 'usage', message: sentenceOf(error.message) };
  }
  if (error instanceof UsageError) return { exitCode: EXIT.usage, code: 'usage', message: error.message };
  if (error instanceof Error) {
    const code = (error as { code?: unknown }).code;
    return {
      exitCode: EXIT.error,
      code: typeof code === 'string' ? code : 'internal',
      message: withoutSecrets(error.message),
    };
  }
  return { exitCode: EXIT.error, code: 'internal', message: withoutSecrets(String(error)) };
}
