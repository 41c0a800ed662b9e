// The log as rows: everything that was done, by whom, when, with how many bytes and with what result. Written by the
// engine, the application and the store itself, each line in the transaction of what it tells; read by keepsakes.ts
// (the newest), by log/ (export, share, pruning) and by the window.

import type { Direction, LocalId, RelPath } from '../../src-shared/domain.ts';
import { folded } from '../../src-shared/folded.ts';
import type { LogView } from '../../src-shared/views.ts';
import type { LogEntry } from '../engine/ports.ts';
import { personAsking } from '../infra/person.ts';
import { transact, type Db } from './database.ts';
import type { EntryRow } from './entries.ts';
import { localPeriods } from './local-periods.ts';
import { COUNT_LAST_LOG } from './migrations/figures.ts';

export interface LogQuery {
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly until?: number;
  readonly client?: string;
  /** This level and above. */
  readonly level?: LogView['level'];
  /** Kinds, or their beginnings up to a dot: `remote` stands for `remote.upload` and its like. */
  readonly kinds?: readonly string[];
  readonly direction?: Direction;
  readonly result?: LogView['result'];
  /** Text that path or record must hold, in any case. */
  readonly path?: string;
  /** Text that the record must hold, as `TYPE/REF`, in any case. */
  readonly record?: string;
  /** Text that path, record or reason must hold, in any case. */
  readonly text?: string;
  /** With `text`: tells, by a line's kind and reason, whether it holds it as people read it; the reason kept may be a code. */
  readonly reads?: (kind: string, reason: string) => boolean;
  /** Only lines after this one. */
  readonly after?: number;
  /** Only lines before this one. */
  readonly before?: number;
  /** The newest so many; 1,000 unless told. */
  readonly limit?: number;
}

/** A query between two lines of the log. */
export type Reach = LogQuery & Required<Pick<LogQuery, 'after' | 'before'>>;

interface LogRow extends Omit<LogView, 'time'> {
  readonly time: number;
}

export type LogRows = ReturnType<typeof createLogRows>;

const LEVELS: readonly LogView['level'][] = ['info', 'warning', 'error'];
const DEFAULT_LIMIT = 1000;

const MATCHES = `
  id > @after AND id < @before AND time >= @since AND time <= @until AND (@client IS NULL OR client = @client)
  AND (@levels IS NULL OR level IN (SELECT value FROM json_each(@levels)))
  AND (@direction IS NULL OR direction = @direction) AND (@result IS NULL OR result = @result)
  AND (@kinds IS NULL OR EXISTS (
    SELECT 1 FROM json_each(@kinds) WHERE kind = value OR substr(kind, 1, length(value) + 1) = value || '.'))
  AND (@path IS NULL OR instr(fold(ifnull(path, '') || char(10) || ifnull(record, '')), @path) > 0)
  AND (@record IS NULL OR instr(fold(ifnull(record, '')), @record) > 0)
  AND (@text IS NULL OR instr(fold(ifnull(path, '') || char(10) || ifnull(record, '')), @text) > 0
    OR CASE WHEN @reads THEN reads(kind, reason) ELSE instr(fold(reason), @text) > 0 END)`;

export function createLogRows(db: Db, now: () => number) {
  // SQLite's own lower() knows only the letters of English.
  db.function('fold', { deterministic: true }, (text: unknown) => folded(String(text)));
  /** That of the query which runs: each of them ends before the next begins. */
  let reads: LogQuery['reads'];
  db.function('reads', (kind: unknown, reason: unknown) => (reads?.(String(kind), String(reason)) === true ? 1 : 0));
  const insert = db.prepare(`
    INSERT INTO log (time, level, client, direction, kind, path, record, bytes, duration, result, reason, actor)
    VALUES (@time, @level, ifnull(@client, (SELECT name FROM clients WHERE id = @clientId)), @direction, @kind, @path,
      @record, @bytes, @duration, @result, @reason, @actor)`);
  const countLast = db.prepare(COUNT_LAST_LOG);
  /** Less than the whole row: it is asked for each folder on the way of every line. */
  const onPath = db.prepare<[number, string], Pick<EntryRow, 'id' | 'role' | 'record_id'>>(
    'SELECT id, role, record_id FROM entries WHERE ifnull(parent_id, 0) = ? AND name = ?',
  );
  const recordName = db.prepare<[number], { name: string }>(
    `SELECT types.name || '/' || records.ref AS name FROM records JOIN types ON types.id = type_id WHERE records.id = ?`,
  );
  const newest = db.prepare<[Record<string, unknown>], LogRow>(
    `SELECT * FROM (SELECT * FROM log WHERE ${MATCHES} ORDER BY id DESC LIMIT @limit) ORDER BY id`,
  );
  const newestFirst = db.prepare<[Record<string, unknown>], LogRow>(
    `SELECT * FROM log WHERE ${MATCHES} ORDER BY id DESC`,
  );
  const next = db.prepare<[Record<string, unknown>], LogRow>(
    `SELECT * FROM log WHERE ${MATCHES} ORDER BY id LIMIT @limit`,
  );
  const ofPath = db.prepare<[Record<string, unknown>], LogRow>(
    `SELECT * FROM log WHERE path = @path AND time <= @until ORDER BY id DESC LIMIT @limit`,
  );
  const last = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM log');
  const count = db.prepare<[], { lines: number }>('SELECT count(*) AS lines FROM log');
  const periodsOf = localPeriods();

  /** The record whose folder lies on a path, as `TYPE/REF`; the path itself may be gone already. */
  function recordOnPath(path: RelPath | null): string | null {
    let record: number | null = null;
    let id: LocalId | null = null;
    for (const name of path === null || path === '' ? [] : path.split('/')) {
      const row = onPath.get(id ?? 0, name);
      if (row === undefined) break;
      if (row.role === 'record') record = row.record_id;
      id = row.id;
    }
    return record === null ? null : (recordName.get(record)?.name ?? null);
  }

  function found(statement: typeof newest, query: LogQuery): LogView[] {
    reads = query.reads;
    return statement.all(parametersOf(query)).map(toView);
  }

  return {
    /** Answers the number of the line. */
    add(entry: LogEntry): number {
      const time = now();
      const { actor = personAsking(), client = null, record = recordOnPath(entry.path), ...columns } = entry;
      return transact(db, () => {
        const { lastInsertRowid } = insert.run({ ...columns, actor, client, record, time });
        countLast.run(periodsOf(time));
        return Number(lastInsertRowid);
      });
    },

    /** The newest that match, oldest first. */
    newest: (query: LogQuery = {}): LogView[] => found(newest, query),
    /** The first that match after `query.after`, oldest first: page by page through the whole log. */
    next: (query: LogQuery): LogView[] => found(next, query),
    /**
     * The newest that match between `after` and `before`, newest first, until `enough` says so, which is asked after each
     * line that all but the text leaves. `before`: the last line that was looked at, or the one behind `after`.
     */
    lookThrough(query: Reach, enough: () => boolean): { readonly rows: readonly LogView[]; readonly before: number } {
      const { text, reads: asRead, limit = DEFAULT_LIMIT, ...rest } = query;
      const holds = text === undefined ? () => true : textIn(text, asRead);
      const rows: LogView[] = [];
      for (const row of newestFirst.iterate(parametersOf(rest))) {
        if (holds(row)) rows.push(toView(row));
        if (rows.length >= limit || enough()) return { rows, before: row.id };
      }
      return { rows, before: query.after + 1 };
    },
    /** What happened at exactly this path until a time (milliseconds since the epoch), newest first. */
    ofPath: (path: string, until: number, limit: number): LogView[] => ofPath.all({ path, until, limit }).map(toView),
    /** Number of the last line; 0 where there is none. */
    last: (): number => last.get()?.id ?? 0,
    /** How many lines there are. */
    count: (): number => count.get()?.lines ?? 0,
  };
}

function parametersOf(query: LogQuery): Record<string, unknown> {
  const levels = query.level === undefined ? null : LEVELS.slice(LEVELS.indexOf(query.level));
  return {
    after: query.after ?? 0,
    before: query.before ?? Number.MAX_SAFE_INTEGER,
    since: query.since ?? 0,
    until: query.until ?? Number.MAX_SAFE_INTEGER,
    client: query.client ?? null,
    levels: levels === null ? null : JSON.stringify(levels),
    kinds: query.kinds === undefined ? null : JSON.stringify(query.kinds),
    direction: query.direction ?? null,
    result: query.result ?? null,
    path: query.path === undefined ? null : folded(query.path),
    record: query.record === undefined ? null : folded(query.record),
    text: query.text === undefined ? null : folded(query.text),
    reads: query.reads === undefined ? 0 : 1,
    limit: query.limit ?? DEFAULT_LIMIT,
  };
}

/** As the condition of the database; what it costs to say a sentence is known only once it is said. */
function textIn(text: string, reads: LogQuery['reads']): (row: LogRow) => boolean {
  const wanted = folded(text);
  return ({ path, record, kind, reason }) =>
    folded(`${path ?? ''}\n${record ?? ''}`).includes(wanted) ||
    (reads === undefined ? folded(reason).includes(wanted) : reads(kind, reason));
}

function toView(row: LogRow): LogView {
  return { ...row, time: new Date(row.time).toISOString() };
}
