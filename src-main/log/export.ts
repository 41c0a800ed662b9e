// The log as a file: CSV for spreadsheets, JSON for programs, text for people. Page by page from the database, so that a
// log of any length takes no memory and holds up nobody. In: a store, a query, a format; out: pieces of the file.
// Called by app/log-service.ts and share.ts.

import type { LogFormat } from '../../src-shared/log-views.ts';
import type { LogView } from '../../src-shared/views.ts';
import type { LogQuery } from '../store/log-rows.ts';
import type { DocumentStore } from '../store/open-store.ts';
import { csvLine } from './csv.ts';

const PAGE = 1000;
const BYTE_ORDER_MARK = '\ufeff';

export const COLUMNS = [
  'id',
  'time',
  'level',
  'client',
  'direction',
  'kind',
  'path',
  'record',
  'bytes',
  'duration',
  'result',
  'reason',
  'actor',
] as const satisfies readonly (keyof LogView)[];

export interface ExportOptions {
  readonly format: LogFormat;
  /** CSV only: a byte order mark at the start, by which spreadsheets know UTF-8; true unless told. */
  readonly bom?: boolean;
  /** Words of a line as people read them. */
  readonly view: (row: LogView) => LogView;
}

/** The lines that match, oldest first; with `limit` the newest so many of them. */
export async function* logPages(store: DocumentStore, query: LogQuery): AsyncGenerator<readonly LogView[]> {
  const { limit, ...matching } = query;
  // Lines that are written meanwhile are not waited for.
  const before = Math.min(query.before ?? Number.MAX_SAFE_INTEGER, store.log.last() + 1);
  let after = limit === undefined ? (query.after ?? 0) : firstOf(store, { ...matching, before }, limit) - 1;
  for (;;) {
    const rows = store.log.next({ ...matching, after, before, limit: PAGE });
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.id ?? after;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Number of the first of the newest `limit` lines. */
function firstOf(store: DocumentStore, query: LogQuery, limit: number): number {
  return store.log.newest({ ...query, limit })[0]?.id ?? Number.MAX_SAFE_INTEGER;
}

export async function* exportedLog(
  store: DocumentStore,
  query: LogQuery,
  options: ExportOptions,
  counted: (rows: number) => void,
): AsyncGenerator<string> {
  const { format, view } = options;
  if (format === 'csv') yield `${(options.bom ?? true) ? BYTE_ORDER_MARK : ''}${csvLine(COLUMNS)}`;
  if (format === 'json') yield '[';
  let first = true;
  for await (const rows of logPages(store, query)) {
    counted(rows.length);
    const lines = rows.map(view);
    if (format === 'csv') yield lines.map((row) => csvLine(COLUMNS.map((column) => row[column]))).join('');
    else if (format === 'json') {
      yield lines.map((row, index) => `${first && index === 0 ? '' : ','}\n${JSON.stringify(inOrder(row))}`).join('');
    } else yield lines.map(textLine).join('');
    first = false;
  }
  if (format === 'json') yield '\n]\n';
}

function inOrder(row: LogView): Partial<LogView> {
  return Object.fromEntries(COLUMNS.map((column) => [column, row[column]]));
}

/** One line, whatever the names in it hold. */
export function textLine(row: LogView): string {
  const parts = [
    row.time,
    row.level.toUpperCase().padEnd(7),
    row.result.padEnd(6),
    row.kind,
    ...(row.client === null ? [] : [`[${row.client}]`]),
    ...(row.path === null ? [] : [`"${row.path}"`]),
    ...(row.record === null ? [] : [`(${row.record})`]),
    ...(row.bytes === null ? [] : [`${row.bytes} bytes`]),
    ...(row.duration === null ? [] : [`${row.duration} ms`]),
    `– ${row.reason}`,
    ...(row.actor === null ? [] : [`(by ${row.actor})`]),
  ];
  // oxlint-disable-next-line no-control-regex -- control characters are what is replaced
  return `${parts.join(' ').replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd')}\n`;
}
