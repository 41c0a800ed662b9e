// record import: records from a CSV file.

import { resolve } from 'node:path';
import {
  ENCODINGS,
  type Encoding,
  type ImportChange,
  type ImportProblem,
  type ImportReport,
} from '../../../src-shared/import-views.ts';
import { EXIT, UsageError } from '../context.ts';
import { count, printable, table } from '../text.ts';
import { word } from './words.ts';
import type { Context } from '../context.ts';

export interface ImportArguments {
  readonly type?: string;
  readonly map?: string;
  readonly preview?: boolean;
  readonly encoding: string;
  readonly delimiter: string;
  readonly skipErrors?: boolean;
}

export async function recordImport(
  context: Context,
  words: readonly string[],
  options: ImportArguments,
): Promise<number> {
  const file = resolve(context.io.workingFolder, word(words, 0));
  const delimiter = delimiterOf(options.delimiter);
  const chosen = {
    encoding: encodingOf(options.encoding),
    preview: options.preview ?? false,
    skipErrors: options.skipErrors ?? false,
    ...(options.type === undefined ? {} : { type: options.type }),
    ...(options.map === undefined ? {} : { map: mapOf(options.map) }),
    ...(delimiter === null ? {} : { delimiter }),
  };
  return context.withService(async (service) => {
    const report = await service.importRecords(file, chosen);
    const text = () => (report.preview === true ? previewText(report) : doneText(report));
    if (report.preview === true) context.answer(report, text);
    else context.done(report, text);
    return (report.skipped ?? 0) > 0 && report.preview !== true ? EXIT.attention : EXIT.done;
  });
}

function encodingOf(text: string): Encoding {
  const encoding = ENCODINGS.find((known) => known === text.toLowerCase());
  if (encoding !== undefined) return encoding;
  throw new UsageError(`"${text}" for --encoding is not known. Take ${ENCODINGS.join(', ')}.`);
}

function delimiterOf(text: string): string | null {
  if (text === 'auto') return null;
  if (text === 'tab' || text === '\\t') return '\t';
  if (text.length === 1 && text !== '"') return text;
  throw new UsageError(`"${text}" for --delimiter is not one sign. Take a comma, a semicolon or tab.`);
}

/** `ref=Number,name="Customer, name",field.city=City` */
export function mapOf(text: string): Record<string, string> {
  const map: Record<string, string> = {};
  const part = /\s*([^=,]+?)\s*=\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/y;
  while (part.lastIndex < text.length) {
    const at = part.lastIndex;
    const found = part.exec(text);
    const title = (found?.[2]?.replaceAll('""', '"') ?? found?.[3] ?? '').trim();
    if (found === null || title === '') {
      throw new UsageError(
        `"${text.slice(at)}" for --map is not understood. Write it as in ref=Number,name="Customer name",field.city=City.`,
      );
    }
    const name = found[1] ?? '';
    if (Object.hasOwn(map, name)) throw new UsageError(`--map names "${name}" twice.`);
    map[name] = title;
  }
  if (Object.keys(map).length === 0) throw new UsageError('--map is empty. Write it as in ref=Number,name=Customer.');
  return map;
}

function doneText({ added, updated, unchanged = 0, skipped = 0, errors = [] }: ImportReport): string {
  const same = unchanged > 0 ? `, ${unchanged} were the same` : '';
  const left = skipped > 0 ? ` ${count(skipped, 'line')} left out:\n${problemTable(errors)}` : '\n';
  return `Added ${added} and updated ${updated} records${same}.${left}`;
}

function previewText({ added, updated, unchanged = 0, errors = [], changes = [], skipped = 0 }: ImportReport): string {
  const head = `Would add ${added} and update ${updated} records; ${unchanged} are the same; ${count(skipped, 'line')} wrong.\n`;
  const list = table<ImportChange>(
    changes,
    [
      { title: 'Line', value: (row) => row.line, align: 'right' },
      { title: 'What', value: (row) => row.change },
      { title: 'Record', value: (row) => row.record },
      { title: 'Name', value: (row) => row.name },
    ],
    '',
  );
  return `${head}${changes.length > 0 ? list : ''}${errors.length > 0 ? problemTable(errors) : ''}`;
}

function problemTable(errors: readonly ImportProblem[]): string {
  return errors.map(({ message }) => `  ${printable(message)}\n`).join('');
}
