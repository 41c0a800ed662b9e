// What a person chooses above the log, and the filter that comes of it. Pure.

import type { LogFilter, LogLine } from '../../../src-shared/ipc/log.ts';

export const SPANS = ['all', 'hour', 'day', 'week', 'month', 'own'] as const;
export type Span = (typeof SPANS)[number];

/** Groups of kinds as people think of them; a kind ends at a dot or is the whole word. */
export const GROUPS = {
  uploads: ['remote.upload', 'remote.copy'],
  downloads: ['local.download', 'local.link'],
  moves: ['remote.move', 'local.move', 'file.move', 'file.rename'],
  deletions: ['remote.delete', 'local.trash', 'file.delete', 'held-allowed', 'held-refused', 'local.free'],
  folders: ['remote.folder', 'local.folder', 'file.folder', 'erp-folder'],
  conflicts: ['conflict'],
  people: ['file', 'local.attach', 'record', 'trash', 'settings', 'client', 'link', 'conflict', 'held-allowed'],
  links: ['link'],
  backups: ['backup'],
  passes: ['pass', 'audit', 'watch', 'reverse', 'planned'],
} as const;
export type Group = keyof typeof GROUPS;

export interface Choice {
  readonly text: string;
  readonly record: string;
  readonly span: Span;
  /** Days, as `2026-11-20`, of the span `own`; empty: open. */
  readonly from: string;
  readonly to: string;
  /** Empty: all. */
  readonly client: string;
  readonly direction: '' | NonNullable<LogLine['direction']>;
  readonly group: '' | Group;
  readonly level: LogLine['level'];
}

export const EVERYTHING: Choice = {
  text: '',
  record: '',
  span: 'all',
  from: '',
  to: '',
  client: '',
  direction: '',
  group: '',
  level: 'info',
};

const HOUR = 3_600_000;
const HOURS: Readonly<Record<Exclude<Span, 'all' | 'own'>, number>> = {
  hour: 1,
  day: 24,
  week: 24 * 7,
  month: 24 * 30,
};

/** `now`: milliseconds since the epoch. */
export function filterOf(choice: Choice, now: number): LogFilter {
  const { text, record, client, direction, group, level } = choice;
  return {
    ...timesOf(choice, now),
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    ...(record.trim() === '' ? {} : { record: record.trim() }),
    ...(client === '' ? {} : { client }),
    ...(direction === '' ? {} : { direction }),
    ...(group === '' ? {} : { kinds: [...GROUPS[group]] }),
    ...(level === 'info' ? {} : { level }),
  };
}

function timesOf({ span, from, to }: Choice, now: number): Pick<LogFilter, 'since' | 'until'> {
  if (span === 'all') return {};
  if (span !== 'own') return { since: new Date(now - HOURS[span] * HOUR).toISOString() };
  const [since, until] = [new Date(`${from}T00:00:00`), new Date(`${to}T23:59:59.999`)];
  return {
    ...(Number.isNaN(since.getTime()) ? {} : { since: since.toISOString() }),
    ...(Number.isNaN(until.getTime()) ? {} : { until: until.toISOString() }),
  };
}

/** What another screen asks for: `navigate('log', { level: 'error', client: 'Office' })`. */
export function choiceOf(params: Readonly<Record<string, string>>): Choice {
  const one = <T extends string>(key: string, values: readonly T[], otherwise: T): T =>
    values.find((value) => value === params[key]) ?? otherwise;
  return {
    text: params['text'] ?? '',
    record: params['record'] ?? '',
    span: one('span', SPANS, params['from'] === undefined && params['to'] === undefined ? 'all' : 'own'),
    from: params['from'] ?? '',
    to: params['to'] ?? '',
    client: params['client'] ?? '',
    direction: one('direction', ['', 'direct', 'backward', 'reverse'] as const, ''),
    group: one('group', ['', ...(Object.keys(GROUPS) as Group[])], ''),
    level: one('level', ['info', 'warning', 'error'] as const, 'info'),
  };
}

export function isEverything(choice: Choice): boolean {
  return (Object.keys(EVERYTHING) as (keyof Choice)[]).every((key) => choice[key] === EVERYTHING[key]);
}
