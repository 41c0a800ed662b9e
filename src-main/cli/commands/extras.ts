// emulator and demo: Docktide without an account.

import { resolve } from 'node:path';
import { UsageError } from '../context.ts';
import type { Context, GlobalOptions } from '../context.ts';

type Words = readonly string[];

interface EmulatorArguments extends GlobalOptions {
  readonly port?: number;
  readonly token?: string;
}

/** Here --data is the folder that keeps the emulator's own state; without it nothing is kept. */
export async function emulator(context: Context, _words: Words, options: EmulatorArguments): Promise<number> {
  const port = options.port ?? 0;
  if (port > 65_535) throw new UsageError(`${port} for --port is no port. Take 0 to 65535.`);
  const { runEmulatorCommand } = await import('../../../test/dropbox-emulator/command.ts');
  return runEmulatorCommand({
    port,
    data: options.data === undefined ? null : resolve(context.io.workingFolder, options.data),
    token: options.token ?? null,
  });
}

export async function demo(context: Context): Promise<number> {
  const { runDemo } = await import('../../demo/terminal.ts');
  return runDemo(context);
}
