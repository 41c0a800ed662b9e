// Records by what a person types: in name, reference and fields, without accents and case, the nearest first.

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
