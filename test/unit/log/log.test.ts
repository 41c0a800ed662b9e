import { beforeEach, describe, expect, test } from 'vitest';
import type { RelPath } from '../../../src-shared/domain.ts';
import type { LogView } from '../../../src-shared/views.ts';
import type { LogEntry } from '../../../src-main/engine/ports.ts';
import { exportedLog, logPages } from '../../../src-main/log/export.ts';
import { isPruningDue, logKeep, pruneLog, setLogKeep } from '../../../src-main/log/prune.ts';
import { figureDifferences } from '../../../src-main/stats/recount.ts';
import { activityFigures } from '../../../src-main/stats/activity.ts';
import type { LogQuery } from '../../../src-main/store/log-rows.ts';
import { createStore, type DocumentStore } from '../../../src-main/store/open-store.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 23, 12, 30);

let store: DocumentStore;
let time: number;

beforeEach(() => {
  time = START;
  store = createStore({ file: ':memory:', now: () => time });
  store.clients.add({ name: 'Office', root: 'ERP', state: 'connected', appKey: null, credentials: {} });
});

function note(more: Partial<Omit<LogEntry, 'path'>> & { readonly path?: string } = {}): number {
  const { path = null, ...rest } = more;
  return store.log.add({
    level: 'info',
    clientId: null,
    direction: null,
    kind: 'note',
    bytes: null,
    duration: null,
    result: 'note',
    reason: 'why',
    ...rest,
    path: path as RelPath | null,
  });
}

describe('filters', () => {
  const found = (query: LogQuery): number[] => store.log.newest(query).map((row) => row.id);

  test('each of them, and together', () => {
    const client = store.clients.get('Office').id;
    note({ clientId: client, kind: 'remote.upload', direction: 'direct', result: 'done', path: 'A/Müller.pdf' });
    time += 1000;
    note({ level: 'warning', kind: 'remote.delete', result: 'held', path: 'B/x' });
    time += 1000;
    note({ level: 'error', kind: 'remotely', result: 'failed', reason: 'ÄRGER with B' });
    time += 1000;
    note({ record: 'sale.order/SO7', kind: 'record.add', actor: 'anna' });
    expect(found({})).toEqual([1, 2, 3, 4]);
    expect(found({ since: START + 1000, until: START + 2000 })).toEqual([2, 3]);
    expect(found({ client: 'Office' })).toEqual([1]);
    expect(found({ level: 'warning' })).toEqual([2, 3]);
    expect(found({ level: 'error' })).toEqual([3]);
    expect(found({ kinds: ['remote'] })).toEqual([1, 2]);
    expect(found({ kinds: ['remote.upload', 'record'] })).toEqual([1, 4]);
    expect(found({ direction: 'direct' })).toEqual([1]);
    expect(found({ result: 'held' })).toEqual([2]);
    expect(found({ path: 'MÜLLER' })).toEqual([1]);
    expect(found({ path: 'so7' })).toEqual([4]);
    expect(found({ path: 'b' })).toEqual([2]);
    expect(found({ text: 'ärger WITH' })).toEqual([3]);
    expect(found({ text: 'b' })).toEqual([2, 3]);
    expect(found({ after: 1, before: 4 })).toEqual([2, 3]);
    expect(found({ limit: 2 })).toEqual([3, 4]);
    expect(found({ level: 'warning', kinds: ['remote'], path: '%' })).toEqual([]);
    expect(store.log.newest({ after: 3 })).toMatchObject([{ actor: 'anna', record: 'sale.order/SO7' }]);
  });

  test('a line keeps the name of a client that is gone', () => {
    note({ client: 'Former' });
    note({ clientId: store.clients.get('Office').id });
    store.clients.remove('Office');
    expect(store.log.newest().map((row) => row.client)).toEqual(['Former', 'Office']);
  });
});

describe('export', () => {
  async function exported(format: 'csv' | 'json' | 'text', query: LogQuery = {}, bom = true): Promise<string> {
    let text = '';
    let rows = 0;
    const pieces = exportedLog(store, query, { format, bom, view: (row) => row }, (more) => (rows += more));
    for await (const piece of pieces) text += piece;
    expect(rows).toBe(store.log.newest({ limit: 1e9, ...query }).length);
    return text;
  }

  test('page by page, all of a long log, and nothing that comes meanwhile', async () => {
    store.sync.batch(() => {
      for (let number = 0; number < 2500; number++) note({ path: `f${number}` });
    });
    const seen: LogView[] = [];
    for await (const page of logPages(store, {})) {
      seen.push(...page);
      note({ path: 'meanwhile' });
    }
    expect(seen.map((row) => row.path)).toEqual(Array.from({ length: 2500 }, (_, number) => `f${number}`));
    const newest: LogView[] = [];
    for await (const page of logPages(store, { limit: 1200, path: 'f' })) newest.push(...page);
    expect([newest.length, newest[0]?.path, newest.at(-1)?.path]).toEqual([1200, 'f1300', 'f2499']);
  });

  test('CSV with a byte order mark, formulas disarmed', async () => {
    note({ path: '=cmd|x', reason: 'a "quoted", text', bytes: 5, duration: 7, actor: 'anna' });
    expect(await exported('csv')).toBe(
      '\ufeffid,time,level,client,direction,kind,path,record,bytes,duration,result,reason,actor\r\n' +
        `1,2026-11-23T12:30:00.000Z,info,,,note,'=cmd|x,,5,7,note,"a ""quoted"", text",anna\r\n`,
    );
    expect((await exported('csv', {}, false)).startsWith('id,')).toBe(true);
  });

  test('JSON is an array, also an empty one', async () => {
    expect(JSON.parse(await exported('json'))).toEqual([]);
    store.sync.batch(() => {
      for (let number = 0; number < 1001; number++) note({ path: `f${number}` });
    });
    expect(JSON.parse(await exported('json'))).toEqual(store.log.newest({ limit: 2000 }));
    expect(JSON.parse(await exported('json', { path: 'f100' }))).toHaveLength(2);
  });

  test('text is one line a line, whatever names hold', async () => {
    note({ path: 'evil\nname\u2028\u001b[31m', reason: 'r' });
    const text = await exported('text');
    expect(text.split('\n')).toHaveLength(2);
    expect(text).not.toContain('\u001b');
  });
});

describe('what is kept', () => {
  test('older lines go, and the activity stays', async () => {
    time = START - 200 * DAY;
    note({ kind: 'remote.upload', result: 'done', bytes: 10 });
    time = START - 10 * DAY;
    note({ kind: 'remote.upload', result: 'done', bytes: 20 });
    time = START;
    expect(isPruningDue(store)).toBe(true);
    expect(await pruneLog(store)).toEqual({ days: 180, megabytes: 200, removed: 1, rows: 1 });
    expect(isPruningDue(store)).toBe(false);
    time += DAY;
    expect(isPruningDue(store)).toBe(true);
    expect(store.log.newest().map((row) => row.bytes)).toEqual([20]);
    const { months } = activityFigures(store.db, time, null);
    expect(months.reduce((sum, month) => sum + month.bytesUp, 0)).toBe(30);
    setLogKeep(store, { days: 5, megabytes: 1 });
    expect([logKeep(store), (await pruneLog(store)).rows]).toEqual([{ days: 5, megabytes: 1 }, 0]);
  });

  test('the oldest go where the log is too large', async () => {
    setLogKeep(store, { days: 1000, megabytes: 1 });
    const size = (): number =>
      store.db.prepare<[], { value: number }>(`SELECT value FROM tallies WHERE name = 'log.bytes'`).get()?.value ?? 0;
    store.sync.batch(() => {
      for (let number = 0; number < 9000; number++) note({ path: `${number}/${'x'.repeat(100)}` });
    });
    expect(size()).toBeGreaterThan(2 * 1024 * 1024);
    const { removed, rows } = await pruneLog(store);
    expect(removed + rows).toBe(9000);
    expect(size()).toBeLessThanOrEqual(1024 * 1024);
    // Not much more than had to go.
    expect(size()).toBeGreaterThan(900 * 1024);
    expect(store.log.newest({ limit: 10_000 })[0]?.path).toMatch(new RegExp(`^${removed}/`));
    expect(figureDifferences(store.db)).toEqual([]);
  });
});
