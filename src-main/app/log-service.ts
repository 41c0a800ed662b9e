// The part of the application service that reads the log, exports it, packs it for somebody who helps, and says how long
// it is kept.

import { dirname } from 'node:path';
import { existsSync, statSync } from 'node:fs';
import {
  LOG_FORMATS,
  type LogExportView,
  type LogFormat,
  type LogKeepView,
  type LogPruneView,
  type LogShareView,
} from '../../src-shared/log-views.ts';
import { folded } from '../../src-shared/folded.ts';
import type { LogView } from '../../src-shared/views.ts';
import { writeWholeFile } from '../infra/whole-file.ts';
import { exportedLog } from '../log/export.ts';
import { historyOf, staysOf, type HistoryLine, type Stay } from '../log/history.ts';
import { logKeep, pruneLog, setLogKeep } from '../log/prune.ts';
import type { LogQuery } from '../store/log-rows.ts';
import type { Workplace } from './docktide.ts';
import { reasonText } from './reasons.ts';
import { AppError, type LogFilter } from './service.ts';
import { shareLog } from './share-log.ts';
import { logView } from './views-of.ts';

export interface ExportLogOptions extends LogFilter {
  readonly format: LogFormat;
  /** CSV only; true unless told. */
  readonly bom?: boolean;
}

export interface ShareLogOptions extends LogFilter {
  /** Replaces the names of documents, records, clients and people. */
  readonly hideNames?: boolean;
}

export interface LogPage {
  readonly rows: readonly LogView[];
  /** The number before which the next page begins; null where there is nothing more. */
  readonly before: number | null;
  /** The last line of the log when the search began: `after` it nothing has been looked at. */
  readonly upTo: number;
  /** Lines of the whole log. */
  readonly lines: number;
}

export interface LogService {
  /** The newest that match, oldest first. Throws AppError 'unknown-client', 'bad-time'. */
  log(filter?: LogFilter): readonly LogView[];
  /**
   * The newest that match, newest first, in small steps that hold up nobody, however few there are among many. After about
   * `within` milliseconds what is found so far is the answer.
   */
  findLog(filter?: LogFilter, within?: number): Promise<LogPage>;
  /** What happened to one document or folder, newest first, under its former names, too. */
  history(path: string, limit: number): readonly HistoryLine[];
  /** All that match, without a limit unless one is given. `file` is absolute; an older one is replaced when it is done. */
  exportLog(file: string, options: ExportLogOptions): Promise<LogExportView>;
  /** A zip without secrets: log, versions, settings, plan, queue, clients. The newest 50,000 lines unless told. */
  shareLog(file: string, options?: ShareLogOptions): Promise<LogShareView>;
  logKeep(): LogKeepView;
  /** Whole numbers from 1 on. Older lines go with the next daily run, or with `pruneLog`. */
  setLogKeep(keep: Partial<LogKeepView>): LogKeepView;
  pruneLog(): Promise<LogPruneView>;
}

export function logOf(
  use: () => Workplace,
  where: { readonly dataFolder: string; readonly tokensKept: () => 'owner-only-file' | 'keyring' },
): LogService {
  return {
    log: (filter = {}) => use().store.log.newest(queryOf(use(), filter)).map(logView),
    findLog: (filter = {}, within = Number.POSITIVE_INFINITY) => findLog(use(), filter, within),
    history(path, limit) {
      const { store } = use();
      const linesOf = (stay: Stay, most: number) => store.log.ofPath(stay.path, stay.until, most).map(logView);
      return historyOf(staysOf(path, store.fileChanges.all()), linesOf, limit);
    },
    async exportLog(file, { format, bom, ...filter }) {
      const { store } = use();
      if (!LOG_FORMATS.includes(format)) {
        throw new AppError(
          'bad-format',
          `"${String(format)}" is no format of the log. Take ${LOG_FORMATS.join(', ')}.`,
        );
      }
      const query = queryOf(use(), filter);
      checkTarget(file);
      let rows = 0;
      const options = { format, view: logView, ...(bom === undefined ? {} : { bom }) };
      const bytes = await written(
        file,
        exportedLog(store, query, options, (more) => (rows += more)),
      );
      return { file, format, rows, bytes };
    },
    async shareLog(file, { hideNames = false, ...filter } = {}) {
      const place = use();
      const query = queryOf(place, filter);
      checkTarget(file);
      const shared = shareLog(place, where, query, hideNames);
      const bytes = await written(file, shared.pieces);
      return { file, bytes, contents: shared.contents, rows: shared.rows(), namesHidden: hideNames };
    },
    logKeep: () => logKeep(use().store),
    setLogKeep(keep) {
      const { store } = use();
      for (const [name, value] of Object.entries(keep)) {
        if (!Number.isSafeInteger(value) || value < 1) {
          throw new AppError('bad-limit', `${value} ${name} is no limit for the log. Give a whole number from 1 on.`);
        }
      }
      setLogKeep(store, { ...logKeep(store), ...keep });
      return logKeep(store);
    },
    pruneLog: () => pruneLog(use().store),
  };
}

/** Lines that are looked through at once, at most; milliseconds after which others have their turn. */
const STEP = 4_000;
const LONG = 20;
const PAGE = 500;

async function findLog(place: Workplace, filter: LogFilter, within: number): Promise<LogPage> {
  const { log } = place.store;
  const { limit = PAGE, after = 0, ...query } = queryOf(place, filter);
  const rows: LogView[] = [];
  const upTo = log.last();
  let before = Math.min(query.before ?? Number.MAX_SAFE_INTEGER, upTo + 1);
  const end = performance.now() + within;
  while (before > after + 1 && rows.length < limit && performance.now() < end) {
    const turn = performance.now() + LONG;
    const reach = { ...query, after: Math.max(after, before - STEP - 1), before, limit: limit - rows.length };
    const found = log.lookThrough(reach, () => performance.now() >= turn);
    rows.push(...found.rows.map(logView));
    before = found.before;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { rows, before: before > after + 1 ? before : null, upTo, lines: log.count() };
}

export function queryOf({ store }: Workplace, filter: LogFilter): LogQuery {
  const { since, until, text, reads = inEnglish(text ?? ''), ...rest } = filter;
  // A client that was removed still has its lines.
  if (filter.client !== undefined && store.log.newest({ client: filter.client, limit: 1 }).length === 0) {
    store.clients.get(filter.client);
  }
  return {
    ...rest,
    ...(text === undefined ? {} : { text, reads: (kind, reason) => reads(kind, reasonText(reason)) }),
    ...(since === undefined ? {} : { since: timeOf(since) }),
    ...(until === undefined ? {} : { until: timeOf(until) }),
  };
}

function inEnglish(text: string): NonNullable<LogFilter['reads']> {
  const wanted = folded(text);
  return (_kind, reason) => folded(reason).includes(wanted);
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new AppError('bad-time', `"${text}" is not a time. Write it as in 2026-11-23T08:00:00Z.`);
  return time;
}

function checkTarget(file: string): void {
  const folder = dirname(file);
  if (!existsSync(folder)) {
    throw new AppError(
      'missing-folder',
      `There is no folder ${folder}. Make it first, or choose another for the file.`,
    );
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new AppError('not-a-file', `${file} is a folder. Name a file in it.`);
  }
}

async function written(file: string, pieces: AsyncIterable<string | Uint8Array>): Promise<number> {
  try {
    // What happened here is nobody else's business until its owner sends it.
    return await writeWholeFile(file, pieces, 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) throw error;
    throw new AppError(
      'unwritable-file',
      `${file} cannot be written (${code}). Check that there is room and that you may write there.`,
      { cause: error },
    );
  }
}
