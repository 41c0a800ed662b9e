// log, log follow, log export, log share and log keep.

import { resolve } from 'node:path';
import { LOG_FORMATS, type LogFormat } from '../../../src-shared/log-views.ts';
import { EXIT, UsageError } from '../context.ts';
import { count, printable, sizeText, table, timeText } from '../text.ts';
import { nameList, timeOf } from './words.ts';
import { firstMoment, lastMoment } from '../values.ts';
import type { Direction } from '../../../src-shared/domain.ts';
import type { LogView } from '../../../src-shared/views.ts';
import type { LogFilter } from '../../app/service.ts';
import type { Context } from '../context.ts';

type Words = readonly string[];

export interface FilterArguments {
  readonly since?: string;
  readonly until?: string;
  readonly client?: string;
  readonly level?: string;
  readonly kind?: string;
  readonly direction?: string;
  readonly result?: string;
  readonly path?: string;
  readonly record?: string;
  readonly text?: string;
  readonly limit?: number;
}

/** Lines that are listed unless told. */
const SHOWN = 1_000;

export async function log(context: Context, _words: Words, options: FilterArguments): Promise<void> {
  const filter = filterOf(options);
  await context.withService((service) => {
    const rows = service.log({ limit: SHOWN, ...filter });
    if (options.limit === undefined && rows.length === SHOWN) {
      context.note(`These are the newest ${SHOWN} lines. --limit N lists more, "docktide log export" writes all.`);
    }
    context.answer(rows, () =>
      table<LogView>(
        rows,
        [
          { title: 'Time', value: (row) => timeText(row.time) },
          { title: 'Level', value: (row) => row.level },
          { title: 'Client', value: (row) => row.client ?? '' },
          { title: 'What', value: (row) => row.kind },
          { title: 'Path', value: (row) => row.path ?? row.record ?? '' },
          { title: 'Size', value: (row) => sizeText(row.bytes), align: 'right' },
          { title: 'Took', value: (row) => durationText(row.duration), align: 'right' },
          { title: 'Result', value: (row) => row.result },
          { title: 'Who', value: (row) => row.actor ?? '' },
          { title: 'Why', value: (row) => row.reason },
        ],
        Object.keys(filter).length > 0 ? 'No line of the log is like that.' : 'The log is empty.',
      ),
    );
  });
}

function durationText(milliseconds: number | null): string {
  if (milliseconds === null) return '';
  return milliseconds < 10_000 ? `${milliseconds} ms` : `${Math.round(milliseconds / 1000)} s`;
}

/** Lines shown before the first new one. */
const FIRST_LINES = 10;
/** Milliseconds between two looks. */
const LOOK = 500;

export async function follow(context: Context, _words: Words, options: FilterArguments): Promise<number> {
  const filter = filterOf(options);
  return context.withService(async (service) => {
    const stop = new AbortController();
    const end = () => stop.abort();
    process.once('SIGINT', end).once('SIGTERM', end).once('SIGHUP', end);
    try {
      let rows = service.log({ limit: FIRST_LINES, ...filter });
      let last = 0;
      while (!stop.signal.aborted) {
        for (const row of rows) context.io.stdout(context.json ? `${JSON.stringify(row)}\n` : `${followedLine(row)}\n`);
        last = rows.at(-1)?.id ?? last;
        await pause(LOOK, stop.signal);
        const { limit: _limit, ...matching } = filter;
        rows = stop.signal.aborted ? [] : service.log({ ...matching, after: last });
      }
      return EXIT.done;
    } finally {
      process.off('SIGINT', end).off('SIGTERM', end).off('SIGHUP', end);
    }
  });
}

function followedLine(row: LogView): string {
  const what = row.path ?? row.record;
  return [
    timeText(row.time),
    row.level === 'info' ? row.result : `${row.level}: ${row.result}`,
    row.kind,
    ...(row.client === null ? [] : [`[${printable(row.client)}]`]),
    ...(what === null ? [] : [printable(what)]),
    `(${printable(row.reason)})`,
  ].join('  ');
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      done();
    }
  });
}

export async function exportLog(
  context: Context,
  _words: Words,
  options: FilterArguments & { readonly format: string; readonly out: string; readonly bom: boolean },
): Promise<void> {
  const filter = filterOf(options);
  const format = formatOf(options.format);
  const file = resolve(context.io.workingFolder, options.out);
  await context.withService(async (service) => {
    const done = await service.exportLog(file, { ...filter, format, bom: options.bom });
    context.done(done, () => `Wrote ${count(done.rows, 'line')} to ${printable(file)} (${sizeText(done.bytes)}).\n`);
  });
}

function formatOf(text: string): LogFormat {
  const format = LOG_FORMATS.find((known) => known === text);
  if (format !== undefined) return format;
  throw new UsageError(`"${text}" for --format is no format. Take ${LOG_FORMATS.join(', ')}.`);
}

export async function share(
  context: Context,
  _words: Words,
  options: FilterArguments & { readonly out: string; readonly hideNames?: boolean },
): Promise<void> {
  const filter = filterOf(options);
  const file = resolve(context.io.workingFolder, options.out);
  await context.withService(async (service) => {
    const done = await service.shareLog(file, { ...filter, hideNames: options.hideNames ?? false });
    context.done(
      done,
      () =>
        `Wrote ${printable(file)} (${sizeText(done.bytes)}) with ${count(done.rows, 'line')} of the log and without secrets. ` +
        (done.namesHidden
          ? 'Names are replaced.\n'
          : 'Names of documents and records are in it; --hide-names replaces them.\n'),
    );
  });
}

export async function keep(
  context: Context,
  _words: Words,
  options: { readonly days?: number; readonly megabytes?: number; readonly prune?: boolean },
): Promise<void> {
  const { days, megabytes } = options;
  await context.withService(async (service) => {
    const kept =
      days === undefined && megabytes === undefined
        ? service.logKeep()
        : service.setLogKeep({
            ...(days === undefined ? {} : { days }),
            ...(megabytes === undefined ? {} : { megabytes }),
          });
    const limits = `The log is kept for ${count(kept.days, 'day')}, up to ${kept.megabytes} MB.`;
    if (options.prune !== true) {
      context.answer(kept, () => `${limits}\n`);
      return;
    }
    const pruned = await service.pruneLog();
    context.answer(pruned, () => `${limits} ${count(pruned.removed, 'line')} removed, ${pruned.rows} left.\n`);
  });
}

function filterOf(options: FilterArguments): LogFilter {
  const { since, until, client, level, kind, direction, result, path, record, text, limit } = options;
  return {
    ...(since === undefined ? {} : { since: timeOf(since, '--since', firstMoment) }),
    ...(until === undefined ? {} : { until: timeOf(until, '--until', lastMoment) }),
    ...(client === undefined ? {} : { client }),
    ...(level === undefined ? {} : { level: oneOf(level, '--level', 'level', LEVELS) }),
    ...(kind === undefined ? {} : { kinds: nameList(kind) }),
    ...(direction === undefined ? {} : { direction: oneOf(direction, '--direction', 'direction', DIRECTIONS) }),
    ...(result === undefined ? {} : { result: oneOf(result, '--result', 'result', RESULTS) }),
    ...(path === undefined ? {} : { path }),
    ...(record === undefined ? {} : { record }),
    ...(text === undefined ? {} : { text }),
    ...(limit === undefined ? {} : { limit }),
  };
}

const LEVELS: readonly LogView['level'][] = ['info', 'warning', 'error'];
const DIRECTIONS: readonly Direction[] = ['direct', 'backward', 'reverse'];
const RESULTS: readonly LogView['result'][] = ['done', 'held', 'retry', 'failed', 'note'];

function oneOf<T extends string>(text: string, option: string, what: string, values: readonly T[]): T {
  const value = values.find((known) => known === text);
  if (value !== undefined) return value;
  throw new UsageError(`"${text}" for ${option} is not a ${what}. Take ${values.join(', ')}.`);
}
