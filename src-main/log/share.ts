// `docktide log share`: one zip that can be sent to somebody who helps, with the log, versions, settings, the last plan
// and the queue, and how the clients are. Everything goes through scrub.ts, so that no secret is in it; what is written
// is chosen field by field, so that what others add one day is left out until somebody thinks about it.
// In: what the application gathered; out: pieces of the zip. Called by app/log-service.ts.

import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import yazl from 'yazl';
import type { LogView } from '../../src-shared/views.ts';
import type { Names } from './scrub.ts';

export interface SharedFile {
  readonly name: string;
  readonly pieces: () => AsyncIterable<string>;
}

/** A file of one JSON value. */
export function jsonFile(name: string, value: unknown): SharedFile {
  return {
    name,
    async *pieces() {
      yield `${JSON.stringify(value, null, 2)}\n`;
    },
  };
}

/** The lines of the log, one JSON object a line. */
export function logFile(
  pages: () => AsyncIterable<readonly LogView[]>,
  names: Names,
  counted: (rows: number) => void,
): SharedFile {
  return {
    name: 'log.jsonl',
    async *pieces() {
      for await (const rows of pages()) {
        counted(rows.length);
        yield rows.map((row) => `${JSON.stringify(hiddenLine(row, names))}\n`).join('');
      }
    },
  };
}

export function hiddenLine(row: LogView, names: Names): LogView {
  return {
    ...row,
    client: row.client === null ? null : names.name(row.client),
    path: names.pathOrNull(row.path),
    record: names.pathOrNull(row.record),
    reason: names.text(row.reason, [row.path, row.record, row.client]),
    actor: row.actor === null ? null : names.name(row.actor),
  };
}

/** A technical log of the program, line by line; its texts may name documents. Nothing where it is not there. */
export function programLog(file: string, name: string, names: Names): SharedFile[] {
  if (!existsSync(file)) return [];
  return [
    {
      name,
      async *pieces() {
        const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
        for await (const line of lines) {
          const clean = programLine(line, names);
          if (clean !== null) yield `${clean}\n`;
        }
      },
    },
  ];
}

function programLine(line: string, names: Names): string | null {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    // A line that a crash cut short.
    return null;
  }
  if (typeof fields !== 'object' || fields === null) return null;
  const known = Object.entries(fields).map(([key, value]) => [key, cleanField(key, value, names)] as const);
  return JSON.stringify(Object.fromEntries(known));
}

/** Fields with words of the program's own. */
const OWN_FIELDS: readonly string[] = ['level', 'time', 'code', 'pid'];

function cleanField(key: string, value: unknown, names: Names): unknown {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || OWN_FIELDS.includes(key))
    return value;
  if (key === 'client' && typeof value === 'string') return names.name(value);
  return names.text(typeof value === 'string' ? value : JSON.stringify(value));
}

/** The pieces of the zip, each text scrubbed on its way in. */
export async function* zipped(
  files: readonly SharedFile[],
  scrub: (text: string) => string,
): AsyncGenerator<Uint8Array> {
  const zip = new yazl.ZipFile();
  const out = zip.outputStream;
  // A failed piece ends the zip: half of one would look whole.
  zip.on('error', (error: Error) => void (out as Readable).destroy(error));
  for (const { name, pieces } of files) {
    zip.addReadStreamLazy(name, (taken) => taken(null, Readable.from(scrubbed(pieces(), scrub))));
  }
  zip.end();
  for await (const chunk of out) yield chunk as Uint8Array;
}

/** Pieces end at ends of lines: no secret is cut in two. */
async function* scrubbed(pieces: AsyncIterable<string>, scrub: (text: string) => string): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(scrub(piece));
}
