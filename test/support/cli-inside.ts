// Runs the command line inside the test's own process, for the many calls of a test that need no process of their own:
// the same program with the same words, its output collected. What a process alone shows (signals, standard input, exit
// codes of the shell) is tested through `Bench.run`.

import { main } from '../../src-main/cli/main.ts';
import type { Bench, Ended } from './cli.ts';

export async function inside(
  bench: Bench,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const code = await main(['--data', bench.data, ...args], {
    stdout: (text) => void (stdout += text),
    stderr: (text) => void (stderr += text),
    terminal: false,
    columns: 100,
    env: { ...bench.env, ...env },
    workingFolder: bench.folder,
  });
  return { code, stdout, stderr };
}

/** Its one JSON document, whatever the exit code. */
export async function jsonInside<T>(
  bench: Bench,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly value: T; readonly stderr: string }> {
  const { code, stdout, stderr } = await inside(bench, [...args, '--json'], env);
  try {
    return { code, value: JSON.parse(stdout) as T, stderr };
  } catch {
    throw new Error(`docktide ${args.join(' ')} --json printed no JSON (exit ${code}):\n${stdout}\n${stderr}`);
  }
}
