// The log as the window reads it: page by page from the newest line on, in steps, whatever the filter leaves of it.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RelPath } from '../../../src-shared/domain.ts';
import { logOf, type LogService } from '../../../src-main/app/log-service.ts';
import type { Workplace } from '../../../src-main/app/docktide.ts';
import { createStore, type DocumentStore } from '../../../src-main/store/open-store.ts';

/** More than are looked through in one step. */
const LINES = 9_500;

let store: DocumentStore;
let log: LogService;

beforeEach(() => {
  store = createStore({ file: ':memory:', now: () => Date.UTC(2026, 10, 23) });
  const place = { store } as unknown as Workplace;
  log = logOf(() => place, { dataFolder: '/nowhere', tokensKept: () => 'owner-only-file' });
  store.sync.batch(() => {
    for (let n = 1; n <= LINES; n++) note(n % 1_000 === 0 ? 'error' : 'info', `A/${n}.pdf`);
  });
});

function note(level: 'info' | 'error', path: string, record: string | null = null): void {
  store.log.add({
    level,
    clientId: null,
    direction: null,
    kind: 'note',
    path: path as RelPath,
    record,
    bytes: null,
    duration: null,
    result: 'note',
    reason: 'why',
  });
}

afterEach(() => vi.restoreAllMocks());

async function all(filter: Parameters<LogService['findLog']>[0]): Promise<number[]> {
  const ids: number[] = [];
  let before: number | null = LINES + 10;
  while (before !== null) {
    const page = await log.findLog({ ...filter, before });
    ids.push(...page.rows.map((row) => row.id));
    before = page.before;
  }
  return ids;
}

test('all of it in pages, newest first, each line once', async () => {
  const first = await log.findLog();
  expect([first.rows.length, first.rows[0]?.id, first.before, first.lines]).toEqual([500, LINES, LINES - 499, LINES]);
  expect(await all({})).toEqual(Array.from({ length: LINES }, (_, n) => LINES - n));
  // A page of several steps: none is lost between two of them.
  expect(await all({ limit: LINES - 1 })).toEqual(Array.from({ length: LINES }, (_, n) => LINES - n));
});

test('the few that match far apart, and the end is known', async () => {
  const page = await log.findLog({ level: 'error' });
  expect(page.rows.map((row) => row.path)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1].map((n) => `A/${n}000.pdf`));
  expect(page.before).toBeNull();
  expect(await all({ level: 'error', limit: 2 })).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1].map((n) => n * 1_000));
  expect(await log.findLog({ text: 'nowhere' })).toEqual({ rows: [], before: null, upTo: LINES, lines: LINES });
});

test('only what came after a line, and of one record', async () => {
  note('info', 'B/x', 'sale.order/SO001');
  const { rows, before } = await log.findLog({ after: LINES });
  expect([rows.map((row) => row.path), before]).toEqual([['B/x'], null]);
  expect((await log.findLog({ record: 'so001' })).rows.map((row) => row.path)).toEqual(['B/x']);
  expect((await log.findLog({ record: 'x' })).rows).toEqual([]);
});

test('a search that costs a lot at each line lets others have their turn, and answers with what it has so far', async () => {
  let clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  const others: number[] = [];
  let looked = 0;
  /** Three milliseconds for every line, as where each says something else. */
  const reads = (kind: string): boolean => {
    clock += 3;
    looked++;
    return kind === 'note' && looked % 50 === 0;
  };
  const inTurn = (): void => {
    others.push(clock);
    if (others.length < 200) setImmediate(inTurn);
  };
  setImmediate(inTurn);
  const page = await log.findLog({ text: 'whatever', reads }, 200);
  const waits = others.slice(1).map((time, n) => time - (others[n] ?? 0));
  expect(Math.max(...waits)).toBeLessThanOrEqual(24);
  expect(page.rows.map(({ id }) => id)).toEqual([LINES - 49]);
  expect(page).toMatchObject({ before: LINES - looked + 1, upTo: LINES });
  expect(looked).toBeLessThan(80);
  // From there on it goes on, and no line is looked at twice.
  const next = await log.findLog({ text: 'whatever', reads, before: page.before ?? 0 }, 200);
  expect(next).toMatchObject({ before: LINES - looked + 1 });
});
