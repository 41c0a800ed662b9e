// The log: pages of it for the window, and the files that it is written to.

import { basename } from 'node:path';
import type { z } from 'zod';
import { createLogReading } from '../../src-shared/log-reading.ts';
import type { logCalls } from '../../src-shared/ipc/log.ts';
import type { LogFilter } from '../app/service.ts';
import { serviceOf, type CallParts, type HandlersOf } from './parts.ts';

/** Milliseconds that a search takes for its first answer, whatever is found by then; the window asks on from there. */
const FIRST = 200;
/** Endings of the exported files. */
const ENDINGS = { csv: 'csv', json: 'json', text: 'txt' } as const;

export function logHandlers(parts: CallParts): HandlersOf<typeof logCalls> {
  const service = serviceOf(parts);
  const { desktop } = parts;
  const reading = createLogReading(parts.words);
  /** Words that were typed are looked for in what the window shows. */
  const asRead = (filter: z.output<(typeof logCalls)['log.list']['args']>): LogFilter => ({
    ...defined(filter),
    ...(filter.text === undefined ? {} : { reads: reading(filter.text) }),
  });
  return {
    'log.list': async (filter) => {
      if (!service().initialised()) return { rows: [], before: null, upTo: 0, lines: 0 };
      const { rows, ...more } = await service().findLog(asRead(filter), FIRST);
      return { rows: [...rows], ...more };
    },
    'log.export': async ({ filter, format }) => {
      const out = await desktop.chooseSave(`docktide-log-${today()}.${ENDINGS[format]}`);
      if (out === null) return null;
      const { file, rows, bytes } = await service().exportLog(out, { ...asRead(filter), format });
      return { file: basename(file), rows, bytes };
    },
    'log.share': async ({ hideNames }) => {
      const out = await desktop.chooseSave(`docktide-help-${today()}.zip`);
      if (out === null) return null;
      const { file, rows, bytes, contents } = await service().shareLog(out, { hideNames });
      desktop.showFile(file);
      return { file: basename(file), rows, bytes, contents: [...contents] };
    },
    'log.keep': async () => service().logKeep(),
    'log.setKeep': async (keep) => service().setLogKeep(keep),
  };
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** The schema allows `undefined`, the service does not know it. */
function defined<T extends object>(fields: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
}
