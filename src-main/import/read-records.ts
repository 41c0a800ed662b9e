// Rows of a CSV file as records: which column is what, by the titles of the first line or by a person's mapping; each
// wrong line with a sentence. In: a file and options; out: records and problems, in the order of the file. Pure but for
// reading the file. Called by app/record-import.ts.

import type { ImportOptions, ImportProblem } from '../../src-shared/import-views.ts';
import type { RecordInput } from '../store/catalog.ts';
import { BadCsv, csvRows } from './read-rows.ts';

export interface ReadRecord {
  readonly line: number;
  readonly record: RecordInput;
}

export type ReadLine = ReadRecord | ImportProblem;

/** Where each part of a record stands: index of its column. */
interface Columns {
  readonly count: number;
  readonly type: number | null;
  readonly ref: number;
  readonly name: number;
  readonly fields: readonly (readonly [field: string, index: number])[];
}

/** A first line from which nothing can be read; `message` is a clause. */
export class BadHeader extends Error {
  override readonly name = 'BadHeader';
}

/** The titles of the first line, without the empty ones. Throws BadHeader, or the file system's error. */
export async function readColumns(file: string, options: ImportOptions): Promise<readonly string[]> {
  try {
    for await (const { cells, fault } of csvRows(file, rowOptions(options))) {
      if (fault !== null) throw new BadHeader(`the first line ${fault}`);
      return [...new Set(cells.map((title) => title.trim()).filter((title) => title !== ''))];
    }
  } catch (error) {
    throw error instanceof BadCsv ? new BadHeader(`line ${error.line} ${error.message}`) : error;
  }
  throw new BadHeader('the file is empty');
}

function rowOptions({ encoding, delimiter }: ImportOptions) {
  return { encoding: encoding ?? 'auto', delimiter: delimiter ?? null };
}

/** Throws BadHeader, or the file system's error. */
export async function* readRecords(file: string, options: ImportOptions): AsyncGenerator<ReadLine> {
  let columns: Columns | null = null;
  const seen = new Map<string, number>();
  const rows = csvRows(file, rowOptions(options));
  try {
    for await (const { line, cells, fault } of rows) {
      if (columns === null) {
        if (fault !== null) throw new BadHeader(`the first line ${fault}`);
        columns = columnsOf(
          cells.map((title) => title.trim()),
          options,
        );
        continue;
      }
      const read = fault === null ? recordOf(cells, columns, options.type ?? null) : fault;
      if (typeof read === 'string') {
        yield { line, message: `line ${line} ${read}` };
        continue;
      }
      const key = `${read.type}/${read.ref}`;
      const before = seen.get(key);
      if (before !== undefined) {
        yield { line, message: `line ${line} names ${key} a second time (first in line ${before})` };
        continue;
      }
      seen.set(key, line);
      yield { line, record: read };
    }
  } catch (error) {
    if (!(error instanceof BadCsv)) throw error;
    yield { line: error.line, message: `line ${error.line} ${error.message}` };
  }
  if (columns === null) throw new BadHeader('the file is empty');
}

function columnsOf(titles: readonly string[], { map, type }: ImportOptions): Columns {
  if (titles.length === 1 && titles[0] === '') throw new BadHeader('the file is empty');
  return map === undefined ? columnsByTitle(titles, type !== undefined) : columnsByMap(titles, map, type !== undefined);
}

/** `type,ref,name` and then fields; with one type for all `ref,name` will do. */
function columnsByTitle(titles: readonly string[], typed: boolean): Columns {
  const lower = titles.map((title) => title.toLowerCase());
  const start = lower[0] === 'type' ? 1 : 0;
  if ((start === 0 && !typed) || lower[start] !== 'ref' || lower[start + 1] !== 'name') {
    throw new BadHeader(
      typed
        ? 'the first line must begin with ref,name (or type,ref,name), or tell with --map which columns to take'
        : 'the first line must begin with type,ref,name, or tell with --type and --map what to take',
    );
  }
  const fields = titles.slice(start + 2);
  if (fields.some((field) => field === '') || new Set(fields).size !== fields.length) {
    throw new BadHeader('the first line has a column without a name, or the same name twice');
  }
  return {
    count: titles.length,
    type: start === 1 && !typed ? 0 : null,
    ref: start,
    name: start + 1,
    fields: fields.map((field, index) => [field, start + 2 + index]),
  };
}

function columnsByMap(titles: readonly string[], map: Readonly<Record<string, string>>, typed: boolean): Columns {
  const find = (title: string): number => {
    const exact = titles.indexOf(title.trim());
    const index = exact >= 0 ? exact : titles.findIndex((one) => one.toLowerCase() === title.trim().toLowerCase());
    if (index < 0) {
      throw new BadHeader(
        `there is no column "${title}"; the columns are ${titles.map((one) => `"${one}"`).join(', ')}`,
      );
    }
    return index;
  };
  for (const part of Object.keys(map)) {
    if (part !== 'type' && part !== 'ref' && part !== 'name' && !/^field\..+/.test(part)) {
      throw new BadHeader(`"${part}" cannot be mapped; take type, ref, name or field.NAME`);
    }
  }
  const { ref, name, type } = map;
  if (ref === undefined) throw new BadHeader('the mapping does not say which column is the reference (ref=COLUMN)');
  if (type === undefined && !typed) {
    throw new BadHeader('the mapping does not say which column is the type (type=COLUMN), and no --type is given');
  }
  return {
    count: titles.length,
    type: type === undefined || typed ? null : find(type),
    ref: find(ref),
    // A record without another name is called by its reference.
    name: find(name ?? ref),
    fields: Object.entries(map).flatMap(([part, title]) =>
      part.startsWith('field.') ? [[part.slice('field.'.length), find(title)] as const] : [],
    ),
  };
}

/** The record, or what is wrong, as a clause. */
function recordOf(cells: readonly string[], columns: Columns, type: string | null): RecordInput | string {
  if (cells.length > columns.count) return 'has more cells than the first line';
  const cell = (index: number): string => (cells[index] ?? '').trim();
  const found = {
    type: type ?? (columns.type === null ? '' : cell(columns.type)),
    ref: cell(columns.ref),
    name: cell(columns.name),
  };
  if (found.type === '' || found.ref === '' || found.name === '') return 'lacks type, ref or name';
  const fields = columns.fields.flatMap(([field, index]) =>
    cell(index) === '' ? [] : [[field, cell(index)] as const],
  );
  return { ...found, fields: Object.fromEntries(fields) };
}
