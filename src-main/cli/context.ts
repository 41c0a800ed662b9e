// What every command gets: where to read and write, the global options, and the application service when it needs it.

import { resolve } from 'node:path';
import { defaultDataFolder } from '../infra/data-folder.ts';
import type { DocktideService } from '../app/docktide.ts';
import type { Io } from './io.ts';

export interface GlobalOptions {
  readonly data?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Exit codes of the command line (README, "Exit codes"). */
export const EXIT = { done: 0, error: 1, usage: 2, attention: 3 } as const;

/** A wrong argument that commander itself cannot see; ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Context {
  readonly io: Io;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly dataFolder: string;
  /** The result: JSON under --json, else the text. */
  answer(value: unknown, text: () => string): void;
  /** The result of an action; --quiet leaves its text out. */
  done(value: unknown, text: () => string): void;
  /** Words beside the result, on standard error. */
  note(text: string): void;
  withService<T>(work: (service: DocktideService) => T | Promise<T>): Promise<T>;
}

export function makeContext(io: Io, options: GlobalOptions): Context {
  const json = options.json ?? false;
  const quiet = options.quiet ?? false;
  const dataFolder =
    options.data === undefined ? defaultDataFolder(process.platform, io.env) : resolve(io.workingFolder, options.data);
  const answer = (value: unknown, text: () => string): void =>
    io.stdout(json ? `${JSON.stringify(value, null, 2)}\n` : text());
  return {
    io,
    json,
    quiet,
    dataFolder,
    answer,
    done(value, text) {
      if (json || !quiet) answer(value, text);
    },
    note(text) {
      if (!quiet) io.stderr(`${text}\n`);
    },
    async withService(work) {
      const { openDocktide } = await import('../compose.ts');
      const service = await openDocktide({ dataFolder, env: io.env });
      try {
        return await work(service);
      } finally {
        await service.close();
      }
    },
  };
}
