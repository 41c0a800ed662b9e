import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ClientId, ContentHash, LocalId, RelPath, RemoteId, Rev } from '../../../src-shared/domain.ts';
import {
  FIGURE_PARTS,
  type FigureOptions,
  type FigurePart,
  type FiguresView,
} from '../../../src-shared/figures-views.ts';
import { figures } from '../../../src-main/stats/figures.ts';
import { figureDifferences, recountFigures } from '../../../src-main/stats/recount.ts';
import { migrate } from '../../../src-main/store/database.ts';
import { MIGRATIONS } from '../../../src-main/store/migrations.ts';
import { FIGURES } from '../../../src-main/store/migrations/figures.ts';
import { createStore, type DocumentStore } from '../../../src-main/store/open-store.ts';
import { replaceQueue } from '../../support/queue.ts';

const DAY = 86_400_000;
const NOW = new Date(2026, 10, 23, 15, 30).getTime();

let store: DocumentStore;
let time: number;
let office: ClientId;
let berlin: ClientId;
let quotations: LocalId;

const addClient = (name: string): ClientId =>
  store.clients.add({ name, root: name, state: 'connected', appKey: null, credentials: {} }).id;

beforeEach(() => {
  time = NOW;
  store = createStore({ file: ':memory:', now: () => time });
  office = addClient('Office');
  berlin = addClient('Berlin');
  store.catalog.addType('sale.order', 'Quotations');
  const rule = store.catalog.addRule({ type: 'sale.order', client: 'Office' });
  quotations = folder(null, 'Quotations', { role: 'rule', ruleId: rule.id, clientId: office });
});

function folder(parentId: LocalId | null, name: string, more: object = {}): LocalId {
  return store.entries.insert({ parentId, kind: 'folder', name, stamp: null, ...more });
}

function recordFolder(ref: string): LocalId {
  const record = store.catalog.addRecord({ type: 'sale.order', ref, name: `Name ${ref}`, fields: {} });
  return folder(quotations, ref, { role: 'record', recordId: record.id });
}

function file(parentId: LocalId | null, name: string, size: number, more: object = {}): LocalId {
  const hash = `${name}-${size}` as ContentHash;
  return store.entries.insert({ parentId, kind: 'file', name, size, hash, stamp: null, ...more });
}

function agree(client: ClientId, id: LocalId): void {
  const row = store.entries.get(id)!;
  store.sync.record(client, [
    {
      kind: 'synced.put',
      localId: id,
      remoteId: `id:${id}` as RemoteId,
      entryKind: 'file',
      localParentId: row.parent_id,
      localName: row.name,
      remoteName: row.name,
      rev: 'r' as Rev,
      hash: row.hash,
      size: row.size,
    },
  ]);
}

function part<P extends FigurePart>(name: P, options: FigureOptions = {}): FiguresView[P] {
  return figures({ store, now: time, spaceOf: () => null }, [name], options)[name];
}

test('documents by place, client, type, record and ending', () => {
  const [one, two] = [recordFolder('SO1'), recordFolder('SO2')];
  file(one, 'a.pdf', 100);
  file(folder(one, 'Contracts'), 'b.PDF', 200, { present: false });
  file(two, 'c.docx', 50);
  file(quotations, 'price list', 7);
  const marketing = folder(null, 'Marketing');
  store.entries.assign(marketing, berlin);
  file(marketing, 'logo.png', 1000);
  file(null, '.hidden', 3);

  expect(part('storage')).toMatchObject({
    documents: { files: 6, bytes: 1360 },
    local: { files: 5, bytes: 1160 },
    freed: { files: 1, bytes: 200 },
    unassigned: { files: 1, bytes: 3 },
  });
  expect(part('storage', { client: 'Berlin' }).documents).toEqual({ files: 1, bytes: 1000 });
  expect(part('clients').map(({ name, documents, freed }) => [name, documents.bytes, freed.bytes])).toEqual([
    ['Office', 357, 200],
    ['Berlin', 1000, 0],
  ]);
  expect(part('types')).toEqual([
    { type: null, label: null, files: 2, bytes: 1003, local: { files: 2, bytes: 1003 } },
    { type: 'sale.order', label: 'Quotations', files: 4, bytes: 357, local: { files: 3, bytes: 157 } },
  ]);
  expect(part('records')).toEqual([
    { record: 'sale.order/SO1', name: 'Name SO1', files: 2, bytes: 300, folder: 'Quotations/SO1', folderId: one },
    { record: 'sale.order/SO2', name: 'Name SO2', files: 1, bytes: 50, folder: 'Quotations/SO2', folderId: two },
  ]);
  expect(part('records', { top: 1 })).toHaveLength(1);
  expect(part('records', { client: 'Berlin' })).toEqual([]);
  expect(part('extensions').map((row) => [row.extension, row.files, row.bytes])).toEqual([
    ['png', 1, 1000],
    ['pdf', 2, 300],
    ['docx', 1, 50],
    ['', 2, 10],
  ]);
  expect(part('largest', { top: 2 })).toMatchObject([
    { path: 'Marketing/logo.png', size: 1000, client: 'Berlin', record: null, local: true },
    { path: 'Quotations/SO1/Contracts/b.PDF', record: 'sale.order/SO1', local: false },
  ]);
  expect(part('largest', { client: 'Office', top: 1 })).toMatchObject([{ path: 'Quotations/SO1/Contracts/b.PDF' }]);
  // A record's folder that moves to another client takes its documents along.
  store.entries.assign(one, berlin);
  expect(part('storage', { client: 'Berlin' }).documents).toEqual({ files: 3, bytes: 1300 });
  store.catalog.removeRecord('sale.order', 'SO1');
  expect(part('records').map((row) => row.record)).toEqual(['sale.order/SO2']);
  expect(() => part('storage', { client: 'Nobody' })).toThrow(/Nobody/);
});

test('unused for longest, whether the bytes are here or not', () => {
  const ids = [3, 1, 2].map((day) => {
    time = NOW - day * DAY;
    return file(null, `${day}.txt`, day, { present: day !== 2 });
  });
  expect(part('oldest').map((row) => row.path)).toEqual(['3.txt', '2.txt', '1.txt']);
  expect(part('oldest')[0]?.usedAt).toBe(new Date(NOW - 3 * DAY).toISOString());
  time = NOW;
  store.keeping.used(ids[0]!, NOW);
  expect(part('oldest', { top: 2 }).map((row) => row.path)).toEqual(['2.txt', '1.txt']);
});

describe('what could be freed now', () => {
  const freeable = (): number => part('storage').freeable.bytes;

  test('follows the policy of the folder, the last use, and what Dropbox has', () => {
    const top = folder(null, 'F', { clientId: office });
    time = NOW - 40 * DAY;
    const old = file(top, 'old', 10);
    expect(freeable()).toBe(0);
    agree(office, old);
    time = NOW;
    expect(freeable()).toBe(10);
    agree(office, file(top, 'new', 100));
    expect(freeable()).toBe(10);
    store.keeping.setKeep(top, { kind: 'links' });
    expect(freeable()).toBe(110);
    store.keeping.setKeep(top, { kind: 'always' });
    expect(freeable()).toBe(0);
    store.keeping.setKeep(top, { kind: 'days', days: 0 });
    expect([freeable(), part('clients')[0]?.freeable]).toEqual([110, { files: 2, bytes: 110 }]);
    // Edited here, and not in Dropbox yet.
    store.entries.setContent(old, { hash: 'other' as ContentHash, size: 11, stamp: null, modified: 1 });
    store.entries.setPresent(old, true);
    expect(freeable()).toBe(100);
    store.sync.signalClient(office, 'paused');
    expect(freeable()).toBe(0);
  });

  test('to the minute, on the day that is due in part', () => {
    const top = folder(null, 'F', { clientId: office });
    const noon = Math.floor(NOW / DAY) * DAY + DAY / 2;
    for (const minutes of [-1, 0, 1]) {
      time = noon - 30 * DAY + minutes * 60_000;
      agree(office, file(top, `${minutes}`, 10 ** (minutes + 1)));
    }
    time = noon;
    expect(freeable()).toBe(11);
    time = noon + 60_000;
    expect(freeable()).toBe(111);
  });
});

test('activity by hour, day and month of here, without gaps', () => {
  const log = (kind: string, at: number, more: object = {}) => {
    time = at;
    const row = { level: 'info', clientId: office, direction: null, path: null, bytes: 10, duration: null } as const;
    store.sync.log({ ...row, kind, result: 'done', reason: 'r', ...more });
  };
  log('remote.upload', NOW);
  log('remote.upload', new Date(2026, 10, 23, 15, 1).getTime());
  log('local.download', new Date(2026, 10, 23, 14, 59).getTime());
  log('remote.upload', NOW, { result: 'failed', level: 'error' });
  log('local.trash', new Date(2026, 10, 1, 0, 0).getTime());
  log('remote.move', new Date(2026, 9, 31, 23, 59).getTime());
  log('remote.upload', new Date(2025, 10, 30).getTime());
  time = NOW;
  log('remote.upload', NOW, { clientId: berlin });
  const { hours, days, months } = part('activity');
  expect([hours.length, days.length, months.length]).toEqual([48, 31, 12]);
  expect(hours.at(-1)).toEqual({
    start: new Date(2026, 10, 23, 15).toISOString(),
    uploads: 3,
    downloads: 0,
    bytesUp: 30,
    bytesDown: 0,
    moves: 0,
    deletions: 0,
    warnings: 0,
    errors: 1,
  });
  expect(hours.at(-2)).toMatchObject({ downloads: 1, bytesDown: 10 });
  expect(days.at(-1)).toMatchObject({ start: new Date(2026, 10, 23).toISOString(), uploads: 3, downloads: 1 });
  expect(days.find((day) => day.deletions === 1)?.start).toBe(new Date(2026, 10, 1).toISOString());
  expect(months.at(-1)).toMatchObject({ start: new Date(2026, 10, 1).toISOString(), uploads: 3, deletions: 1 });
  expect(months.at(-2)).toMatchObject({ moves: 1 });
  // A year ago is out of sight.
  expect(months.reduce((sum, month) => sum + month.uploads, 0)).toBe(3);
  expect(part('activity', { client: 'Berlin' }).days.at(-1)?.uploads).toBe(1);
});

test('the queue by state, and how the clients are', () => {
  const operation = (key: string, held = false) => ({
    kind: 'remote.upload' as const,
    key,
    direction: 'direct' as const,
    priority: 2 as const,
    reason: 'new-here' as const,
    path: key as RelPath,
    remotePath: key as RelPath,
    dependsOn: [],
    held,
    localId: 1 as LocalId,
    replaces: null,
    hash: 'h' as ContentHash,
    size: 5,
  });
  const health = () => part('clients').map((client) => [client.name, client.health, client.problems]);
  expect(health()).toEqual([
    ['Office', 'working', []],
    ['Berlin', 'working', []],
  ]);
  store.sync.setLastSync(office, NOW);
  store.sync.setLastSync(berlin, NOW - 2 * DAY);
  expect(health()).toEqual([
    ['Office', 'good', []],
    ['Berlin', 'attention', ['late']],
  ]);
  const tasks = replaceQueue(store.sync, office, [operation('a'), operation('b'), operation('c', true)], [], NOW);
  store.sync.updateTask(tasks[0]!.id, { state: 'failed' });
  expect(part('queue')).toEqual([
    { client: 'Office', state: 'failed', tasks: 1, bytes: 5 },
    { client: 'Office', state: 'held', tasks: 1, bytes: 5 },
    { client: 'Office', state: 'planned', tasks: 1, bytes: 5 },
  ]);
  store.sync.signalClient(berlin, 'login-revoked');
  expect(health()).toEqual([
    ['Office', 'attention', ['held', 'failed']],
    ['Berlin', 'stopped', ['disconnected']],
  ]);
  expect(part('clients')[0]).toMatchObject({ pending: 1, held: 1, failed: 1, conflicts: 0, state: 'connected' });
  const space = { used: 97, allowed: 100, team: null, askedAt: '2026-11-23T00:00:00Z' };
  const [full] = figures({ store, now: NOW, spaceOf: () => space }, ['clients']).clients;
  expect([full?.problems, full?.space]).toEqual([['held', 'failed', 'nearly-full'], space]);
});

test('contents that are there more than once, those that waste most first', () => {
  const same = (name: string, hash: string, size: number) => file(null, name, size, { hash });
  same('a', 'X', 10);
  same('b', 'X', 10);
  same('c', 'X', 10);
  same('d', 'Y', 100);
  same('e', 'Y', 100);
  same('f', 'Z', 5);
  same('g', 'E', 0);
  same('h', 'E', 0);
  expect(part('duplicates')).toEqual({
    groups: 2,
    files: 5,
    wasted: 120,
    top: [
      {
        hash: 'Y',
        size: 100,
        files: 2,
        wasted: 100,
        places: [
          { id: 5, path: 'd' },
          { id: 6, path: 'e' },
        ],
      },
      { hash: 'X', size: 10, files: 3, wasted: 20, places: [2, 3, 4].map((id) => ({ id, path: 'abc'[id - 2] })) },
    ],
  });
});

test('all parts are there, and an empty store has figures too', () => {
  const empty = createStore({ file: ':memory:', now: () => NOW });
  const view = figures({ store: empty, now: NOW, spaceOf: () => null }, FIGURE_PARTS);
  expect(Object.keys(view).sort()).toEqual([...FIGURE_PARTS].sort());
  expect(view.storage.documents).toEqual({ files: 0, bytes: 0 });
});

describe('stores from before', () => {
  test('get their figures with the migration', () => {
    const db = new Database(':memory:');
    migrate(db, MIGRATIONS.slice(0, MIGRATIONS.indexOf(FIGURES)));
    db.exec(`
      INSERT INTO types VALUES (1, 't', 'T', 0);
      INSERT INTO records VALUES (1, 1, 'r', 'R', '{}', 0, 0, 0);
      INSERT INTO clients (id, name, root, state, credentials, created_at) VALUES (1, 'c', 'C', 'connected', '{}', 0);
      INSERT INTO entries (id, kind, role, name, key, client_id, record_id, changed_at, created_at)
        VALUES (1, 'folder', 'record', 'r', 'r', 1, 1, 5, 5);
      INSERT INTO entries (id, parent_id, kind, name, key, type, hash, size, changed_at, created_at)
        VALUES (2, 1, 'file', 'a.pdf', 'a.pdf', 'binary', 'h', 7, 5, 5), (3, 1, 'file', 'b.pdf', 'b.pdf', 'url', 'h', 7, 5, 5);
      INSERT INTO synced (client_id, kind, local_id, remote_id, local_name, remote_name, hash, size)
        VALUES (1, 'file', 3, 'id:3', 'b.pdf', 'b.pdf', 'h', 7);
      INSERT INTO log (time, level, client, kind, bytes, result, reason)
        VALUES (${NOW}, 'info', 'c', 'remote.upload', 7, 'done', 'new-here'), (${NOW}, 'error', 'c', 'pass', NULL, 'failed', 'x');
      INSERT INTO queue (client_id, key, kind, direction, priority, position, path, reason, state, bytes, planned_at)
        VALUES (1, 'k', 'remote.upload', 'direct', 2, 0, 'p', 'new-here', 'planned', 7, 0);`);
    migrate(db);
    expect(figureDifferences(db)).toEqual([]);
    const all = (table: string): unknown[] => db.prepare(`SELECT * FROM ${table}`).all();
    expect(all('totals')).toEqual([{ client_id: 1, type_id: 1, extension: 'pdf', present: 1, files: 2, bytes: 14 }]);
    expect(all('freeable')).toEqual([{ client_id: 1, keep: 'days:30', day: 0, files: 1, bytes: 7 }]);
    expect(all('duplicates')).toMatchObject([{ hash: 'h', files: 2, wasted: 7 }]);
    expect(all('queue_totals')).toHaveLength(1);
    expect(all('activity')).toHaveLength(3);
    const day = new Date(2026, 10, 23).getTime();
    expect(all('activity')).toContainEqual(
      expect.objectContaining({ scale: 'day', start: day, uploads: 1, errors: 1 }),
    );
    db.close();
  });

  test('figures that something else has damaged are found and mended', () => {
    file(folder(null, 'F', { clientId: office }), 'a.txt', 5);
    expect(figureDifferences(store.db)).toEqual([]);
    store.db.exec(
      `UPDATE totals SET bytes = 99; DELETE FROM folder_facts; UPDATE tallies SET value = 7 WHERE name = 'folders'`,
    );
    const damaged = figureDifferences(store.db).map(({ table }) => table);
    expect(damaged).toEqual(expect.arrayContaining(['folder_facts', 'totals', 'tallies']));
    recountFigures(store.db);
    expect([figureDifferences(store.db), part('storage').documents]).toEqual([[], { files: 1, bytes: 5 }]);
  });
});
