// The technical log for support: one JSON line an event in logs/docktide.log in the data folder, kept small, without
// tokens. What people read is the sync log in the database; this file adds errors and timings of the program itself.

import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { withoutSecrets } from './redact.ts';

const MAX_BYTES = 8 * 1024 * 1024;

export interface LogFile {
  write(level: 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, unknown>>): void;
  close(): void;
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

/** Written synchronously, so that a killed process loses no line. The previous file is kept as docktide.1.log. */
export function openLogFile(dataFolder: string): LogFile {
  const folder = join(dataFolder, 'logs');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'docktide.log');
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_BYTES) {
    renameSync(path, join(folder, 'docktide.1.log'));
  }
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
  return {
    write: (level, message, fields = {}) => logger[level](fields, message),
    close: () => destination.end(),
  };
}
