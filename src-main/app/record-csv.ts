// `record import`: a CSV file with the columns type, ref, name and then fields becomes records; all of them or none.

import { readFileSync } from 'node:fs';
import { CsvError, parseCsv } from './csv.ts';
import { AppError } from './service.ts';
import type { RecordInput } from '../store/catalog.ts';

/** Throws AppError 'missing-file', 'unreadable-file' or 'bad-csv', which names the line. */
export function readRecordFile(file: string): readonly RecordInput[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof TypeError) throw new AppError('bad-csv', `${file} is not UTF-8 text. Save it as CSV UTF-8.`);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new AppError('missing-file', `There is no file ${file}. Check the path.`);
    }
    throw new AppError('unreadable-file', `${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  return recordsOf(text, file);
}

export function recordsOf(text: string, file: string): readonly RecordInput[] {
  const bad = (why: string): AppError => new AppError('bad-csv', `${file}: ${why}. Nothing was imported.`);
  let rows;
  try {
    rows = parseCsv(text);
  } catch (error) {
    if (error instanceof CsvError) throw bad(error.message);
    throw error;
  }
  const [header, ...lines] = rows;
  const columns = (header?.cells ?? []).map((title) => title.trim());
  const fields = columns.slice(3);
  const [type, ref, name] = columns.map((title) => title.toLowerCase());
  if (type !== 'type' || ref !== 'ref' || name !== 'name') {
    throw bad('the first line must begin with type,ref,name');
  }
  if (fields.some((field) => field === '') || new Set(fields).size !== fields.length) {
    throw bad('the first line has a column without a name, or the same name twice');
  }
  const seen = new Set<string>();
  return lines.map(({ line, cells }) => {
    if (cells.length > columns.length) throw bad(`line ${line} has more cells than the first line`);
    const [typeCell = '', refCell = '', nameCell = '', ...values] = cells.map((cell) => cell.trim());
    if (typeCell === '' || refCell === '' || nameCell === '') throw bad(`line ${line} lacks type, ref or name`);
    const key = `${typeCell}/${refCell}`;
    if (seen.has(key)) throw bad(`line ${line} names ${key} a second time`);
    seen.add(key);
    const present = fields.flatMap((field, index) => {
      const value = values[index];
      return value === undefined || value === '' ? [] : [[field, value] as const];
    });
    return { type: typeCell, ref: refCell, name: nameCell, fields: Object.fromEntries(present) };
  });
}
