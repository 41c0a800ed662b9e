// Links as rows: what Dropbox tells is all there is, but for what was made meanwhile; what counts as out in the world.

import { beforeEach, expect, test } from 'vitest';
import type { LocalId, RelPath, RemoteId } from '../../../src-shared/domain.ts';
import { homeAddresses } from '../../../src-main/app/home-address.ts';
import type { NewLink } from '../../../src-main/store/links.ts';
import { belowRoot } from '../../../src-main/store/links.ts';
import { createStore, type DocumentStore } from '../../../src-main/store/open-store.ts';

let store: DocumentStore;
let time = 0;
beforeEach(() => {
  time = 1_000;
  store = createStore({ file: ':memory:', now: () => time });
  for (const name of ['Office', 'Berlin']) {
    store.clients.add({ name, root: name, state: 'connected', appKey: null, credentials: {} });
  }
});

const office = () => store.clients.get('Office').id;
const link = (name: string, more: Partial<NewLink> = {}): NewLink => ({
  url: `https://www.dropbox.com/scl/fi/${name}`,
  remoteId: `id:${name}` as RemoteId,
  pathLower: `/office/${name}`,
  name,
  kind: 'file',
  audience: 'public',
  password: false,
  expires: null,
  inside: true,
  ...more,
});
const names = () => store.links.all().map((row) => row.name);

test('what Dropbox no longer tells is gone; what was made while it was asked stays', () => {
  store.links.made(office(), link('old'));
  store.links.made(office(), link('kept'));
  time = 2_000;
  const asked = time;
  store.links.made(office(), link('meanwhile'));
  const gone = store.links.replaceAll(office(), [link('kept', { password: true }), link('found')], asked);
  expect(gone.map((row) => row.name)).toEqual(['old']);
  expect(names()).toEqual(['found', 'kept', 'meanwhile']);
  const kept = store.links.all().find((row) => row.name === 'kept');
  expect(kept).toMatchObject({ password: true, madeAt: 1_000, seenAt: 2_000 });
  expect(store.links.all().find((row) => row.name === 'found')).toMatchObject({ madeAt: null });
  expect(store.links.checkedAt(office())).toBe(2_000);
});

test('links of one client are none of another, and go with it', () => {
  store.links.made(office(), link('a'));
  expect(store.links.replaceAll(store.clients.get('Berlin').id, [link('b')], 5_000)).toEqual([]);
  expect(store.links.count(null)).toBe(2);
  expect(store.links.count(office())).toBe(1);
  store.clients.remove('Office');
  expect(names()).toEqual(['b']);
});

test('what has expired or leads elsewhere is not counted', () => {
  store.links.found(office(), link('over', { expires: 999 }));
  store.links.found(office(), link('open', { expires: 1_001 }));
  store.links.found(office(), link('elsewhere', { inside: false }));
  expect(store.links.count(null)).toBe(1);
});

test('the mode of a client is on request until somebody chooses', () => {
  expect(store.links.mode(office())).toBe('on-request');
  for (const mode of ['on', 'off', 'on-request'] as const) {
    store.links.setMode(office(), mode);
    expect(store.links.mode(office())).toBe(mode);
    expect(store.sync.client(office())?.links).toBe(mode === 'on');
  }
});

test('a link leads to an entry only where that is in Dropbox', () => {
  expect(store.links.entryOf({ clientId: office(), remoteId: 'id:a' as RemoteId })).toBeNull();
  expect(store.links.entryOf({ clientId: office(), remoteId: null })).toBeNull();
  expect(store.links.shownBy('https://www.dropbox.com/scl/fi/a')).toEqual([]);
  expect(store.links.recordOf(12 as LocalId)).toBeNull();
});

test.each([
  ['erp documents', '/erp documents/a/b', 'a/b'],
  ['erp documents', '/erp documents', ''],
  ['erp documents', '/erp documents 2/a', null],
  ['work/erp', '/work/erp/a', 'a'],
  ['erp', '/other/erp/a', null],
])('below %s: %s', (root, path, expected) => {
  expect(belowRoot(root, path)).toBe(expected);
});

test("the address on dropbox.com begins where Dropbox's pages begin", () => {
  const address = () => homeAddresses(store)({ id: office(), root: 'ERP Documents' }, 'Offers/a & b.pdf' as RelPath);
  expect(address()).toBe('https://www.dropbox.com/home/ERP%20Documents/Offers/a%20%26%20b.pdf');
  const account = { accountId: 'x', homePath: '/Anna Example' };
  store.clients.setAccount(office(), account);
  expect(address()).toBe('https://www.dropbox.com/home/Anna%20Example/ERP%20Documents/Offers/a%20%26%20b.pdf');
  store.clients.setCredentials(office(), { kind: 'access-token', teamSpace: true }, null);
  expect(address()).toBe('https://www.dropbox.com/home/ERP%20Documents/Offers/a%20%26%20b.pdf');
});
