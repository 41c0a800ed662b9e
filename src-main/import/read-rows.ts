// Rows of a CSV file as people export it from spreadsheets and ERPs: UTF-8 (with or without a byte order mark), UTF-16 or
// Windows-1252; comma, semicolon or tab; quoted cells with line breaks in them. Streamed: the file is never whole in
// memory. In: a file; out: one row after another with its line. Called by read-records.ts.

import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Encoding } from '../../src-shared/import-views.ts';

export interface CsvRow {
  /** From 1, as editors count: where the row begins. */
  readonly line: number;
  readonly cells: readonly string[];
  /** What is wrong with its quotes or signs, as a clause; null where nothing is. */
  readonly fault: string | null;
}

/** The file ends in a way that no further row can be read from it. `line`: where. */
export class BadCsv extends Error {
  override readonly name = 'BadCsv';
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const MAX_CELLS_BYTES = 8 * 1024 * 1024;

/** Throws the file system's error. */
export async function encodingOf(file: string, wanted: Encoding): Promise<string> {
  if (wanted !== 'auto') return wanted;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let first = true;
  try {
    for await (const chunk of createReadStream(file)) {
      const bytes = chunk as Uint8Array;
      if (first && bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
      if (first && bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
      first = false;
      decoder.decode(bytes, { stream: true });
    }
    decoder.decode();
    return 'utf-8';
  } catch (error) {
    if (error instanceof TypeError) return 'windows-1252';
    throw error;
  }
}

/** Text piece by piece, without a byte order mark. */
async function* textOf(file: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(file)) yield decoder.decode(chunk as Uint8Array, { stream: true });
  yield decoder.decode();
}

/** The sign that the header line uses most, outside of quotes; a comma where it uses none. */
export function delimiterOf(header: string): string {
  const plain = header.replace(/"[^"]*"?/g, '');
  const counts = [',', ';', '\t'].map((sign) => ({ sign, count: plain.split(sign).length }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).sign;
}

async function headerLine(file: string, encoding: string): Promise<string> {
  let text = '';
  for await (const piece of textOf(file, encoding)) {
    text += piece;
    const end = text.trimStart().search(/\r|\n/);
    if (end >= 0 || text.length > MAX_CELLS_BYTES) return text.trimStart().slice(0, end < 0 ? undefined : end);
  }
  return text.trimStart();
}

/** Rows without the empty ones. Throws BadCsv, or the file system's error. */
export async function* csvRows(
  file: string,
  options: { readonly encoding: Encoding; readonly delimiter: string | null },
): AsyncGenerator<CsvRow> {
  const encoding = await encodingOf(file, options.encoding);
  const delimiter = options.delimiter ?? delimiterOf(await headerLine(file, encoding));
  const parser = Readable.from(textOf(file, encoding)).pipe(
    parse({
      delimiter,
      info: true,
      raw: true,
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: MAX_CELLS_BYTES,
    }),
  );
  let line = 1;
  try {
    for await (const one of parser) {
      const { record, raw } = one as { readonly record: readonly string[]; readonly raw: string };
      const start = line;
      line += raw.split(/\r\n|\n|\r/).length - 1;
      if (record.every((cell) => cell.trim() === '')) continue;
      // What a person says is UTF-8 and is not would become names that nobody wrote.
      const isForeign = options.encoding === 'utf-8' && raw.includes('\ufffd');
      const fault = isForeign ? 'is not UTF-8; leave --encoding out, or try windows-1252' : quoteFault(raw, delimiter);
      yield { line: start, cells: record, fault };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw error.code === 'CSV_QUOTE_NOT_CLOSED'
      ? new BadCsv(line, 'opens a quote that is never closed')
      : new BadCsv(line, `cannot be read (${error.message})`);
  }
}

/** Text after a closing quote: what belongs to the cell and what does not cannot be told. */
function quoteFault(raw: string, delimiter: string): string | null {
  for (let at = 0; at < raw.length;) {
    if (raw[at] !== '"') {
      const next = raw.indexOf(delimiter, at);
      if (next < 0) return null;
      at = next + delimiter.length;
      continue;
    }
    for (at++; at < raw.length; at++) {
      if (raw[at] !== '"') continue;
      if (raw[at + 1] !== '"') break;
      at++;
    }
    at++;
    if (at >= raw.length || /^[\r\n]/.test(raw.slice(at))) return null;
    if (!raw.startsWith(delimiter, at)) return 'has text after a closing quote';
    at += delimiter.length;
  }
  return null;
}
