import { beforeEach, describe, expect, test } from 'vitest';
import type { RelPath } from '../../../src-shared/domain.ts';
import type { ErpConnector, ErpRecord } from '../../../src-main/erp/connector.ts';
import { createEmbeddedConnector } from '../../../src-main/erp/embedded.ts';
import { pullRecords, type CursorPlace } from '../../../src-main/erp/pull-records.ts';
import { ObservedStore } from '../../support/observed-store.ts';

let world: ObservedStore;
let connector: ErpConnector;

beforeEach(async () => {
  world = new ObservedStore();
  const { catalog } = world.store;
  catalog.addType('sale.order', 'Quotations');
  catalog.addRecord({ type: 'sale.order', ref: 'SO001', name: 'Acme', fields: { state: 'sent' } });
  catalog.addRule({ type: 'sale.order', client: 'main', subfolders: ['Drawings'] });
  await world.observe();
  connector = createEmbeddedConnector(world.store, world.disk, (work) => work());
});

async function* bytes(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}
async function text(source: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
const offer = (name = 'offer.pdf') =>
  connector.addAttachment({ type: 'sale.order', ref: 'SO001', name, modified: 1000, bytes: bytes('of', 'fer') });

describe('the store as its own ERP', () => {
  test('adds, reads, replaces, links and removes attachments of a record', async () => {
    const added = await offer();
    expect(added).toMatchObject({ type: 'sale.order', ref: 'SO001', name: 'offer.pdf', kind: 'binary', size: 5 });
    expect(world.disk.person.read('Quotations/Acme/offer.pdf')).toBe('offer');
    expect((await world.observe()).changed).toBe(0);
    expect(await text(connector.readAttachment(added.id))).toBe('offer');

    const replaced = await connector.replaceAttachment(added.id, bytes('new'), added.hash, 2000);
    expect(replaced.id).toBe(added.id);
    expect(world.disk.person.read('Quotations/Acme/offer.pdf')).toBe('new');
    expect(world.store.keepsakes.trashRows()).toMatchObject([{ reason: 'overwritten', hash: added.hash }]);
    await expect(connector.replaceAttachment(added.id, bytes('x'), added.hash, 3000)).rejects.toMatchObject({
      code: 'conflict',
    });

    expect(await connector.linkAttachment(added.id, 'https://example/x')).toMatchObject({ kind: 'url' });
    await connector.removeAttachment(added.id);
    await connector.removeAttachment(added.id);
    expect(world.disk.person.exists('Quotations/Acme/offer.pdf')).toBe(false);
    expect(await connector.attachments('sale.order', 'SO001')).toEqual([]);
  });

  test('a taken name gets a free one; nothing is overwritten', async () => {
    world.disk.person.write('Quotations/Acme/OFFER.pdf', 'mine');
    expect((await offer()).name).toBe('offer (2).pdf');
    expect(world.disk.person.read('Quotations/Acme/OFFER.pdf')).toBe('mine');
  });

  test('bytes that break off leave nothing behind', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('the line went dead');
    }
    const attempt = connector.addAttachment({
      type: 'sale.order',
      ref: 'SO001',
      name: 'f',
      modified: 0,
      bytes: broken(),
    });
    await expect(attempt).rejects.toThrow('the line went dead');
    expect(Object.keys(world.disk.tree())).toEqual(['Quotations', 'Quotations/Acme', 'Quotations/Acme/Drawings']);
  });

  test('files that any program put into the folder are attachments', async () => {
    world.disk.person.write('Quotations/Acme/Drawings/plan.dwg', 'P');
    await world.observe();
    expect(await connector.attachments('sale.order', 'SO001')).toMatchObject([{ name: 'plan.dwg', size: 1 }]);
    await expect(connector.attachments('sale.order', 'none')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('feeds changes by cursor, missing none that fall into the same moment', async () => {
    const refs = (page: { readonly records: readonly ErpRecord[] }): string[] =>
      page.records.map((record) => record.ref);
    const first = await connector.changedRecords('sale.order', null);
    expect(refs(first)).toEqual(['SO001']);
    world.store.catalog.putRecords(
      Array.from({ length: 1200 }, (_, index) => ({ type: 'sale.order', ref: `R${index}`, name: 'N', fields: {} })),
    );
    world.store.db.prepare('UPDATE records SET changed_at = 2e15 WHERE ref LIKE ?').run('R%');
    const seen = new Set<string>();
    let page = await connector.changedRecords('sale.order', first.cursor);
    for (; page.hasMore; page = await connector.changedRecords('sale.order', page.cursor))
      refs(page).forEach((ref) => seen.add(ref));
    refs(page).forEach((ref) => seen.add(ref));
    expect(seen.size).toBeGreaterThanOrEqual(1200);
    world.store.db.prepare('UPDATE records SET changed_at = 2e15 WHERE ref = ?').run('SO001');
    const again = new Set<string>();
    for (let next = page; ;) {
      next = await connector.changedRecords('sale.order', next.cursor);
      refs(next).forEach((ref) => again.add(ref));
      if (!next.hasMore) break;
    }
    expect(again).toContain('SO001');
  });
});

describe('pulling records from an ERP', () => {
  test('follows types, changes, archiving and deletions; a second pull does nothing', async () => {
    const other = new ObservedStore().store.catalog;
    const kept = new Map<string, string>();
    const cursors: CursorPlace = {
      get: (type) => kept.get(type) ?? null,
      set: (type, cursor) => void kept.set(type, cursor),
    };
    const pull = () => pullRecords(connector, other, cursors, ['sale.order']);
    const { catalog } = world.store;
    catalog.addRecord({ type: 'sale.order', ref: 'SO002', name: 'Beta', fields: {} });
    expect(await pull()).toEqual({ added: 2, updated: 0, removed: 0 });
    expect(other.types()).toMatchObject([{ name: 'sale.order', label: 'Quotations', records: 2 }]);
    catalog.renameRecord('sale.order', 'SO001', 'Acme Ltd');
    catalog.archiveRecord('sale.order', 'SO001');
    catalog.removeRecord('sale.order', 'SO002');
    catalog.setTypeLabel('sale.order', 'Offers');
    expect(await pull()).toEqual({ added: 0, updated: 1, removed: 1 });
    expect(other.records()).toMatchObject([{ ref: 'SO001', name: 'Acme Ltd', archived: true }]);
    expect(other.types()[0]?.label).toBe('Offers');
    expect(await pull()).toEqual({ added: 0, updated: 0, removed: 0 });
  });
});

test('a path of an attachment follows its row', async () => {
  const added = await offer();
  world.disk.person.rename('Quotations/Acme/offer.pdf', 'Quotations/Acme/Drawings/signed.pdf');
  await world.observe(['Quotations/Acme/offer.pdf', 'Quotations/Acme/Drawings/signed.pdf']);
  expect(String(world.store.entries.entryAt('Quotations/Acme/Drawings/signed.pdf' as RelPath))).toBe(added.id);
  expect(await text(connector.readAttachment(added.id))).toBe('offer');
});
