// The technical log for support: one JSON line an event in logs/docktide.log in the data folder, kept small, without
// tokens. What people read is the sync log in the database; this file adds errors and timings of the program itself.

import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { withoutSecrets } from './redact.ts';

const MAX_BYTES = 8 * 1024 * 1024;
/** Lines between two looks at the size of the file. */
const LOOK_EVERY = 200;

/** The present one first; the one before it is kept. */
export const LOG_FILES = ['docktide.log', 'docktide.1.log'] as const;

export interface LogFile {
  write(level: 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, unknown>>): void;
  close(): void;
}

export function logFolder(dataFolder: string): string {
  return join(dataFolder, 'logs');
}

/** Opens the file with the first line: a program that has nothing to say leaves no file. */
export function lazyLogFile(dataFolder: string): LogFile {
  let file: LogFile | null = null;
  return {
    write: (...line) => (file ??= openLogFile(dataFolder)).write(...line),
    close() {
      file?.close();
      file = null;
    },
  };
}

/** Written synchronously, so that a killed process loses no line. `maxBytes`: from there on a new file begins. */
export function openLogFile(dataFolder: string, maxBytes = MAX_BYTES): LogFile {
  const folder = logFolder(dataFolder);
  mkdirSync(folder, { recursive: true });
  const [path, former] = [join(folder, LOG_FILES[0]), join(folder, LOG_FILES[1])];
  const isFull = (): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxBytes;
  if (isFull()) renameSync(path, former);
  const destination = pino.destination({ dest: path, sync: true, append: true, mode: 0o600 });
  const logger = pino(
    {
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: withoutSecrets },
    },
    destination,
  );
  let lines = 0;
  return {
    write(level, message, fields = {}) {
      logger[level](fields, message);
      // A continuous run goes on for months.
      if (++lines % LOOK_EVERY !== 0 || !isFull()) return;
      renameSync(path, former);
      destination.reopen();
    },
    close: () => destination.end(),
  };
}
