// Records by what a person types: in name, reference and fields, without accents and case, the nearest first.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findRecords } from '../../../src-main/app/find-records.ts';
import { createStore, type DocumentStore } from '../../../src-main/store/open-store.ts';

let store: DocumentStore;
beforeEach(() => {
  store = createStore({ file: ':memory:', now: () => 1_000 });
  store.catalog.addType('sale.order', 'Quotations');
  store.catalog.addType('res.partner', 'Contacts');
  const add = (type: string, ref: string, name: string, fields = {}) =>
    store.catalog.addRecord({ type, ref, name, fields });
  add('res.partner', 'moewe', 'Café Möwe', { city: 'Hamburg' });
  add('sale.order', 'SO001', 'Counter for Café Möwe', { state: 'sent' });
  add('sale.order', 'SO002', 'Möwe, second order', { state: 'draft' });
  add('sale.order', 'SO003', 'Old order');
  store.catalog.archiveRecord('sale.order', 'SO003');
});
afterEach(() => store.close());

const compare = (a: string, b: string) => (a < b ? -1 : 1);
const refs = (text: string, type?: string, limit = 10) => {
  const { records, total } = findRecords(store, { text, limit, ...(type === undefined ? {} : { type }) });
  return { refs: records.map(({ ref }) => ref), total };
};

test.each<[string, readonly string[]]>([
  ['mowe', ['SO002', 'moewe', 'SO001']],
  ['MÖWE order', ['SO002']],
  ['café hamburg', ['moewe']],
  ['so001', ['SO001']],
  ['sent', ['SO001']],
  ['nothing of it', []],
  ['', ['moewe', 'SO001', 'SO002']],
])('%s', (text, expected) => {
  const found = refs(text);
  expect(found.refs.toSorted(compare)).toEqual([...expected].toSorted(compare));
});

test('what begins as it was typed stands before what only holds it', () => {
  expect(refs('so').refs.slice(0, 2)).toEqual(['SO001', 'SO002']);
  expect(refs('möwe').refs[0]).toBe('SO002');
});

test('of one type only, no more than asked for, and all of them counted', () => {
  expect(refs('mowe', 'res.partner').refs).toEqual(['moewe']);
  expect(refs('', undefined, 2)).toMatchObject({ total: 3 });
  expect(refs('', undefined, 2).refs).toHaveLength(2);
  const [found] = findRecords(store, { text: 'so002', limit: 1 }).records;
  expect(found).toMatchObject({ type: 'sale.order', name: 'Möwe, second order', folder: null });
});

test('what was found before is not remembered past a change, by whoever makes it', () => {
  expect(refs('so003').total).toBe(0);
  store.catalog.archiveRecord('sale.order', 'SO003', false);
  expect(refs('so003').total).toBe(1);
  store.catalog.renameRecord('sale.order', 'SO003', 'Bridge');
  expect(refs('bridge').refs).toEqual(['SO003']);
  store.catalog.setRecordFields('sale.order', 'SO003', { city: 'Kiel' });
  expect(refs('kiel').refs).toEqual(['SO003']);
  store.catalog.addRecord({ type: 'sale.order', ref: 'SO004', name: 'Harbour', fields: {} });
  expect(refs('harbour').refs).toEqual(['SO004']);
  store.catalog.removeRecord('sale.order', 'SO004');
  expect(refs('harbour').refs).toEqual([]);
});

test('a record that another process has written is found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-find-'));
  const file = join(folder, 'docktide.sqlite');
  const [mine, other] = [createStore({ file, now: () => 1 }), createStore({ file, now: () => 1 })];
  try {
    mine.catalog.addType('sale.order', 'Quotations');
    const total = () => findRecords(mine, { text: 'so', limit: 1 }).total;
    expect(total()).toBe(0);
    other.catalog.addRecord({ type: 'sale.order', ref: 'SO001', name: 'Counter', fields: {} });
    expect(total()).toBe(1);
    other.catalog.removeRecord('sale.order', 'SO001');
    expect(total()).toBe(0);
  } finally {
    mine.close();
    other.close();
    rmSync(folder, { recursive: true });
  }
});
