import { describe, expect, test } from 'vitest';
import { observed } from '../../support/observed-store.ts';
import type { Operation } from '../../../src-main/sync/model.ts';
import type { RelPath } from '../../../src-shared/domain.ts';
import { replaceQueue } from '../../support/queue.ts';

describe('listing', () => {
  test('is sorted by path, whatever signs the names hold', async () => {
    const world = await observed({ 'a/x': '1', 'a b': '2', 'a-1/y': '3', Z: '4', ä: '5' });
    const paths = world.paths();
    expect(paths).toEqual([...paths].sort((a, b) => (a < b ? -1 : 1)));
    expect(paths).toHaveLength(7);
  });

  test('one level, one branch, one entry', async () => {
    const world = await observed({ 'd/a': '1', 'd/s/b': '2', c: '3' });
    const { listing } = world.store;
    expect(listing.children(null).map((entry) => entry.path)).toEqual(['c', 'd']);
    expect(listing.children(world.id('d')).map((entry) => entry.path)).toEqual(['d/a', 'd/s']);
    expect(listing.listBelow(world.id('d')).map((entry) => entry.path)).toEqual(['d', 'd/a', 'd/s', 'd/s/b']);
    expect(listing.view(world.id('d/s/b'))).toEqual(listing.list().find((entry) => entry.path === 'd/s/b'));
  });

  test('tells the state of each entry', async () => {
    const world = await observed({ done: '1', new: '2', edited: '3', held: '4', up: '5', bad: '6', renamed: '7' });
    for (const path of ['done', 'edited', 'renamed']) world.markSynced(path);
    world.free('freed', 'x');
    world.markSynced('freed');
    world.disk.person.write('edited', 'changed');
    world.disk.person.rename('renamed', 'renamed 2');
    await world.observe();
    const [client] = world.store.sync.clients();
    const operation = (path: string, held = false): Operation => ({
      kind: 'remote.upload',
      key: path,
      direction: 'direct',
      priority: 2,
      reason: 'new-here',
      path: path as RelPath,
      remotePath: path as RelPath,
      dependsOn: [],
      held,
      localId: world.id(path),
      replaces: null,
      hash: world.row(path).hash!,
      size: 1,
    });
    const rows = replaceQueue(
      world.store.sync,
      client!.id,
      [operation('held', true), operation('up'), operation('bad')],
      [],
      1,
    );
    world.store.sync.updateTask(rows[1]!.id, { state: 'running' });
    world.store.sync.updateTask(rows[2]!.id, { state: 'failed' });
    const states = Object.fromEntries(world.store.listing.list().map((entry) => [entry.path, entry.state]));
    expect(states).toEqual({
      done: 'synced',
      new: 'pending',
      edited: 'pending',
      'renamed 2': 'pending',
      held: 'held',
      up: 'uploading',
      bad: 'failed',
      freed: 'freed',
    });
    expect(world.store.listing.clientCounts(client!.id, 'main')).toEqual({
      pending: 1,
      held: 1,
      failed: 1,
      conflicts: 0,
    });
    expect(world.store.listing.counts()).toMatchObject({ files: 8, folders: 0, bytes: 14 });
  });
});

describe('search', () => {
  async function office() {
    const world = await observed({});
    const { catalog } = world.store;
    catalog.addType('sale.order', 'Quotations');
    catalog.addRecord({
      type: 'sale.order',
      ref: 'SO001',
      name: 'Müller & Söhne',
      fields: { city: 'Köln', state: 'sent' },
    });
    catalog.addRule({ type: 'sale.order', client: 'main', subfolders: ['Drawings'] });
    world.disk.person.write('Quotations/Müller & Söhne/Drawings/floor-plan_v2.dwg', 'P');
    await world.observe();
    world.disk.person.write('Quotations/Müller & Söhne/Drawings/floor-plan_v2.dwg', 'P');
    await world.observe();
    return world;
  }

  test('finds files, folders and records by the beginnings of words, without regard to accents and case', async () => {
    const world = await office();
    const found = (text: string): string[] => world.store.search({ text }).map((hit) => `${hit.kind} ${hit.path}`);
    expect(found('FLOOR')).toEqual(['file Quotations/Müller & Söhne/Drawings/floor-plan_v2.dwg']);
    expect(found('floor-plan')).toHaveLength(1);
    expect(found('plan floor')).toHaveLength(1);
    expect(found('dwg')).toHaveLength(1);
    expect(found('muller soh').toSorted()).toEqual([
      'folder Quotations/Müller & Söhne',
      'record Quotations/Müller & Söhne',
    ]);
    expect(found('so001')).toEqual(['record Quotations/Müller & Söhne']);
    expect(found('koln')).toEqual(['record Quotations/Müller & Söhne']);
    expect(found('nothing')).toEqual([]);
    expect(world.store.search({ text: 'floor' })[0]).toMatchObject({ record: 'sale.order/SO001', kind: 'file' });
    expect(world.store.search({ text: 'quot', limit: 0 })).toEqual([]);
  });

  test('follows renames, removals and changed fields', async () => {
    const world = await office();
    const { catalog } = world.store;
    catalog.setRecordFields('sale.order', 'SO001', { city: 'Bonn' });
    catalog.renameRecord('sale.order', 'SO001', 'Schmidt');
    await world.observe();
    expect([world.store.search({ text: 'köln' }), world.store.search({ text: 'müller' })]).toEqual([[], []]);
    expect(world.store.search({ text: 'bonn' })).toHaveLength(1);
    expect(world.store.search({ text: 'schmidt' })).toHaveLength(2);
    catalog.removeRecord('sale.order', 'SO001');
    await world.observe();
    expect(world.store.search({ text: 'schmidt' })).toEqual([]);
    expect(world.store.search({ text: 'floor' })).toEqual([]);
  });

  test.each([
    '"',
    '*',
    '""',
    'a"b',
    'NEAR(',
    'name:floor',
    'floor OR x',
    '-floor',
    '^',
    "'; DROP TABLE entries; --",
    '(',
    '\u0000',
    '☃',
    'AND',
    '{',
    '"floor',
  ])('takes %j as plain words', async (text) => {
    const world = await office();
    expect(() => world.store.search({ text })).not.toThrow();
    expect(world.store.listing.counts().files).toBe(1);
  });

  test('words that mean something to the index mean nothing', async () => {
    const world = await office();
    expect(world.store.search({ text: 'floor OR nothing' })).toEqual([]);
    expect(world.store.search({ text: 'name:floor' })).toEqual([]);
    expect(world.store.search({ text: '"floor' })).toHaveLength(1);
  });
});

describe('log', () => {
  test('is filtered by time, client, level and words, newest kept, oldest first', async () => {
    const world = await observed({});
    const [client] = world.store.sync.clients();
    const line = (path: string, level: 'info' | 'error'): void =>
      world.store.sync.log({
        level,
        clientId: client!.id,
        direction: 'direct',
        kind: 'remote.upload',
        path: path as RelPath,
        bytes: 1,
        duration: 1,
        result: 'done',
        reason: 'because',
      });
    line('a', 'info');
    line('b', 'error');
    line('C', 'info');
    const logRows: typeof world.store.keepsakes.logRows = (query) => world.store.keepsakes.logRows(query);
    expect(logRows().map((row) => row.path)).toEqual(['a', 'b', 'C']);
    expect(logRows({ limit: 2 }).map((row) => row.path)).toEqual(['b', 'C']);
    expect(logRows({ level: 'error' }).map((row) => row.path)).toEqual(['b']);
    expect(logRows({ text: 'c BEC' }).map((row) => row.path)).toEqual([]);
    expect(logRows({ text: 'c' }).map((row) => row.path)).toContain('C');
    expect(logRows({ client: 'other' })).toEqual([]);
    const since = Date.parse(logRows()[1]!.time);
    expect(logRows({ since }).map((row) => row.path)).toEqual(['b', 'C']);
  });
});

test('a name that means nothing: what can be added is to be added first, for the rest there are lists', async () => {
  const { catalog, clients } = (await observed({})).store;
  catalog.addType('sale.order', 'Quotations');
  const said = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      return (error as Error).message;
    }
    return 'nothing';
  };
  const list = 'There is no document type "sale.ordr". Did you mean "sale.order"? See "docktide type list".';
  expect(said(() => catalog.removeType('sale.ordr'))).toBe(list);
  expect(said(() => catalog.renameType('sale.ordr', { label: 'X' }))).toBe(list);
  expect(said(() => catalog.removeRecord('sale.ordr', '1'))).toBe(list);
  const add = /Did you mean "sale.order"\? Add it first: docktide type add sale.ordr --label LABEL\.$/;
  expect(said(() => catalog.addRecord({ type: 'sale.ordr', ref: '1', name: 'A', fields: {} }))).toMatch(add);
  expect(said(() => catalog.addRule({ type: 'sale.ordr', client: 'main' }))).toMatch(add);
  for (const work of [
    () => catalog.removeRecord('sale.order', 'SO9'),
    () => catalog.renameRecord('sale.order', 'SO9', 'X'),
    () => catalog.archiveRecord('sale.order', 'SO9', true),
  ]) {
    expect(said(work)).toBe('There is no record "SO9" of type "sale.order". See "docktide record list".');
  }
  expect(said(() => catalog.record('sale.order', 'SO9', 'add'))).toMatch(/Check the reference, or add it first\.$/);
  expect(said(() => clients.get('Offce'))).toBe('There is no client "Offce". See "docktide client list".');
  expect(said(() => catalog.addRule({ type: 'sale.order', client: 'Offce' }))).toMatch(/or add it first\.$/);
});

test('the catalog refuses what it cannot take, each in its own words', async () => {
  const { catalog, clients } = (await observed({})).store;
  catalog.addType('sale.order', 'Quotations');
  catalog.addRecord({ type: 'sale.order', ref: '1', name: 'A', fields: {} });
  const refused = (work: () => unknown, code: string): void =>
    expect(work).toThrow(expect.objectContaining({ name: 'StoreError', code }));
  refused(() => catalog.addType('sale.order', 'Again'), 'duplicate');
  refused(() => catalog.addType('', 'Label'), 'bad-name');
  refused(() => catalog.addType('a/b', 'Label'), 'bad-name');
  refused(() => catalog.addRecord({ type: 'sale.order', ref: '1', name: 'B', fields: {} }), 'duplicate');
  refused(() => catalog.addRecord({ type: 'none', ref: '1', name: 'B', fields: {} }), 'unknown-type');
  refused(() => catalog.renameRecord('sale.order', '2', 'B'), 'unknown-record');
  refused(() => catalog.addRule({ type: 'sale.order', client: 'none' }), 'unknown-client');
  refused(() => catalog.addRule({ type: 'sale.order', client: 'main', filter: 'state==x' }), 'bad-filter');
  refused(() => catalog.addRule({ type: 'sale.order', client: 'main', pattern: 'x' }), 'bad-pattern');
  refused(() => clients.add({ name: 'main', root: 'R', state: 'draft', appKey: null, credentials: {} }), 'duplicate');
  refused(() => clients.add({ name: 'x', root: '//', state: 'draft', appKey: null, credentials: {} }), 'bad-name');
  refused(() => clients.add({ name: 'x', root: 'a/b.', state: 'draft', appKey: null, credentials: {} }), 'bad-name');
  refused(
    () =>
      catalog.putRecords([
        { type: 'sale.order', ref: '7', name: 'ok', fields: {} },
        { type: 'sale.order', ref: '8', name: ' ', fields: {} },
      ]),
    'bad-name',
  );
  expect(catalog.records().map((record) => record.ref)).toEqual(['1']);
  expect(catalog.rules()).toEqual([]);
});
