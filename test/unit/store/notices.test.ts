// What people are told: each change once, however many passes meet it.

import { beforeEach, describe, expect, test } from 'vitest';
import type { RelPath } from '../../../src-shared/domain.ts';
import { noticeMessage } from '../../../src-shared/notify-views.ts';
import { createStore, type DocumentStore } from '../../../src-main/store/open-store.ts';
import { replaceQueue } from '../../support/queue.ts';

let store: DocumentStore;
let time = 1_000;
beforeEach(() => {
  time = 1_000;
  store = createStore({ file: ':memory:', now: () => time });
});

const office = () => store.clients.find('Office') ?? add('Office');
function add(name: string) {
  return store.clients.add({ name, root: name, state: 'connected', appKey: null, credentials: {} });
}
const told = () => store.notices.rows().map((row) => noticeMessage(row));
const failing = (...paths: readonly string[]) =>
  replaceQueue(
    store.sync,
    office().id,
    [],
    paths.map((path) => ({ key: `bad:${path}`, path: path as RelPath, code: 'bad', message: `"${path}" is bad.` })),
    time,
  );

describe('changes of a client', () => {
  test('are told once each, with the reason', () => {
    const { id } = office();
    expect(store.sync.signalClient(id, 'login-revoked')).toBe(true);
    expect(store.sync.signalClient(id, 'login-revoked')).toBe(false);
    expect(store.sync.signalClient(id, 'no-network')).toBe(false);
    expect(store.sync.client(id)).toMatchObject({ state: 'disconnected', reason: 'login-revoked' });
    store.sync.signalClient(id, 'logged-in');
    store.sync.signalClient(id, 'pass-succeeded');
    expect(told()).toEqual([
      'Office is disconnected. Dropbox no longer accepts the login. Connect the client again.',
      'Office is connected.',
    ]);
  });

  test('that are rolled back are not told', () => {
    const { id } = office();
    expect(() =>
      store.sync.batch(() => {
        store.sync.signalClient(id, 'paused');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(store.notices.takeFresh()).toEqual([]);
    expect(store.sync.client(id)?.state).toBe('connected');
  });

  test('stay written down when the client is gone', () => {
    store.sync.signalClient(office().id, 'paused');
    store.clients.remove('Office');
    expect(store.notices.rows()).toMatchObject([{ client: 'Office', kind: 'paused' }]);
  });
});

describe('what stands after a pass', () => {
  test('is told once, however often it is met, and again when it has been away', () => {
    const { id } = office();
    const pass = (...paths: readonly string[]) => {
      failing(...paths);
      store.notices.tellStanding(id);
    };
    pass('a.txt');
    pass('a.txt');
    pass('a.txt', 'b.txt', 'c.txt');
    pass();
    pass('b.txt');
    expect(told()).toEqual([
      'Office: "a.txt" could not be synchronised. "a.txt" is bad.',
      'Office: 2 documents could not be synchronised, among them "b.txt".',
      'Office: "b.txt" could not be synchronised. "b.txt" is bad.',
    ]);
    expect(store.notices.rows()[1]).toMatchObject({ level: 'error', count: 2, paths: ['b.txt', 'c.txt'] });
  });

  test('is told for each client apart', () => {
    failing('a.txt');
    add('Berlin');
    store.notices.tellStanding(store.clients.get('Berlin').id);
    expect(told()).toEqual([]);
    store.notices.tellStanding(office().id);
    expect(store.notices.rows({ client: 'Berlin' })).toEqual([]);
    expect(store.notices.rows({ client: 'Office' })).toHaveLength(1);
  });

  test('names twenty paths of many and counts all', () => {
    failing(...Array.from({ length: 50 }, (_, index) => `${index}.txt`));
    store.notices.tellStanding(office().id);
    const [notice] = store.notices.rows();
    expect(notice?.count).toBe(50);
    expect(notice?.paths).toHaveLength(20);
  });

  test('a conflict is told when it is found', () => {
    const { id } = office();
    const found = (path: string) =>
      store.keepsakes.addConflict(id, {
        path: path as RelPath,
        copyPath: `${path} 2` as RelPath,
        reason: 'both-changed',
      });
    found('a.txt');
    store.notices.tellStanding(id);
    store.notices.tellStanding(id);
    found('b.txt');
    store.notices.tellStanding(id);
    expect(store.notices.rows().map((row) => [row.kind, row.paths])).toEqual([
      ['conflict', ['a.txt']],
      ['conflict', ['b.txt']],
    ]);
  });

  test('what stops whole passes is told once until a pass comes to its end', () => {
    const { id } = office();
    const trouble = { code: 'documents-missing', message: 'The documents folder is missing.' };
    for (const one of [trouble, trouble, null, null, trouble]) store.notices.passEnded(id, one);
    expect(told()).toEqual(Array(2).fill('Office could not be synchronised. The documents folder is missing.'));
  });
});

describe('subscriptions', () => {
  test('are everything that waits for a person, until somebody chooses', () => {
    const { id } = office();
    const wanted = () =>
      (['disconnected', 'connected', 'failed', 'held', 'conflict', 'backup', 'paused'] as const).filter((kind) =>
        store.notices.wants(id, kind),
      );
    expect(wanted()).toEqual(['disconnected', 'failed', 'held', 'conflict', 'backup']);
    store.notices.choose(id, ['paused', 'held']);
    expect(wanted()).toEqual(['held', 'paused']);
    store.notices.choose(id, []);
    expect(wanted()).toEqual([]);
    store.notices.choose(id, null);
    expect(wanted()).toHaveLength(5);
  });

  test('end with the client', () => {
    store.notices.choose(office().id, []);
    store.clients.remove('Office');
    expect(store.db.prepare('SELECT count(*) AS n FROM subscriptions').get()).toEqual({ n: 0 });
  });
});

test('only so many are kept', () => {
  for (let index = 0; index < 5_010; index++) store.notices.add({ client: null, kind: 'backup', level: 'info' });
  expect(store.db.prepare('SELECT count(*) AS n FROM notices').get()).toEqual({ n: 5_000 });
  expect(store.notices.rows({ limit: 1 })).toMatchObject([{ id: 5_010 }]);
});
