// Reads what must not stand among the arguments: secrets from an environment variable or standard input, and the code that
// a person pastes. What is typed on a terminal as a secret is not shown.

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { AppError } from '../app/service.ts';
import { UsageError, type Context } from './context.ts';

/**
 * Null where neither is given. `options` names the two ways as the person wrote them: `${prefix}env` and `${prefix}stdin`.
 * Throws UsageError for both, an unset variable or an empty input.
 */
export async function secretFrom(
  context: Context,
  what: string,
  prefix: string,
  options: { readonly env?: string | undefined; readonly stdin?: boolean | undefined },
): Promise<string | null> {
  const { env, stdin } = options;
  if (env === undefined && stdin !== true) return null;
  if (env !== undefined && stdin === true) {
    throw new UsageError(`Give the ${what} with ${prefix}env or with ${prefix}stdin, not with both.`);
  }
  if (env === undefined) {
    const line = await readLine(context, `The ${what} (it is not shown): `, null, true);
    if (line.trim() === '') throw new UsageError(`The ${what} on standard input is empty.`);
    return line.trim();
  }
  const value = context.io.env[env] ?? '';
  if (value.trim() === '') throw new UsageError(`The environment variable ${env} is not set. Put the ${what} there.`);
  return value.trim();
}

/** One line of standard input. Throws UsageError where there is none, AppError 'interrupted' when the signal aborts. */
export async function readLine(
  context: Context,
  question: string,
  signal: AbortSignal | null,
  hidden = false,
): Promise<string> {
  const terminal = process.stdin.isTTY;
  if (terminal || !hidden) context.io.stderr(question);
  const lines = createInterface({
    input: process.stdin,
    ...(terminal && hidden ? { output: new Writable({ write: (_chunk, _encoding, done) => done() }), terminal } : {}),
  });
  try {
    return await new Promise<string>((resolve, reject) => {
      const interrupted = () => reject(new AppError('interrupted', 'The login was given up. Start it again any time.'));
      if (signal?.aborted === true) interrupted();
      signal?.addEventListener('abort', interrupted, { once: true });
      lines.once('line', resolve);
      lines.once('SIGINT', interrupted);
      lines.once('close', () => reject(new UsageError('Nothing was entered. Run the command again in a terminal.')));
    });
  } finally {
    lines.close();
    if (terminal && hidden) context.io.stderr('\n');
  }
}
