// Document types on the command line: renamed with their folders on both sides, removed where no record hangs on them, and
// new subfolders of a rule for records that have a folder already. Nothing is lost and nothing else moves.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TypeUse } from '../../src-main/app/service.ts';
import { Bench } from '../support/cli.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
  await bench.setUp('type', 'add', 'sale.order', '--label', 'Quotations');
  await bench.setUp('record', 'add', 'sale.order', 'SO001', '--name', 'SO001');
  await bench.setUp('rule', 'add', 'sale.order', '--client', 'Office', '--subfolders', 'Contracts');
  writeFileSync(join(bench.documents, 'Quotations/SO001/Contracts/Signed.txt'), 'signed');
  writeFileSync(join(bench.documents, 'Quotations/Template.txt'), 'template');
  await bench.settle();
});
afterEach(() => bench.close());

const ids = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await bench.emulator.tree()).map(({ path, id }) => [path.replace('/ERP Documents/', ''), id]));

test('a new label renames the folder on both sides, as one move, with all that is in it', async () => {
  const before = await ids();
  const { value } = await bench.json<TypeUse>('type', 'rename', 'sale.order', '--label', 'Offers');
  expect(value).toEqual({
    name: 'sale.order',
    label: 'Offers',
    records: 1,
    rules: 1,
    folders: ['Offers'],
    documents: 2,
  });
  await bench.emulator.control('requests/reset');
  await bench.settle();
  const { byEndpoint } = await bench.emulator.requests();
  expect(Object.keys(byEndpoint).filter((name) => /upload|download|delete/.test(name))).toEqual([]);
  const renamed = Object.entries(before).map(([path, id]) => [path.replace(/^Quotations/, 'Offers'), id]);
  expect(await ids()).toEqual(Object.fromEntries(renamed));
  expect(await bench.local()).toEqual(await bench.remote());

  // The technical name is another thing: the record goes by it from then on, and no folder moves.
  const text = (await bench.inside('type', 'rename', 'sale.order', '--name', 'sale.offer')).stdout;
  expect(text).toBe('sale.order is now sale.offer, called Offers; its folder is Offers.\n');
  expect((await bench.json('record', 'list', 'sale.order')).value).toMatchObject({ error: { code: 'unknown-type' } });
  expect(await bench.view('record', 'list', 'sale.offer')).toMatchObject([{ ref: 'SO001', folder: 'Offers/SO001' }]);
  expect(await bench.view('rule', 'list')).toMatchObject([{ type: 'sale.offer' }]);
  await bench.settle();
  expect(await ids()).toEqual(Object.fromEntries(renamed));
  expect(await bench.view('log')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ reason: 'Document type "sale.order" is now called "Offers"' }),
      expect.objectContaining({ reason: 'Document type "sale.order" is now "sale.offer", called "Offers"' }),
    ]),
  );
});

test('names that are taken, empty or not to be written are refused, and everything stays', async () => {
  await bench.setUp('type', 'add', 'account.move', '--label', 'Invoices');
  const refused = async (...words: string[]) => (await bench.json('type', 'rename', ...words)).value;
  expect(await refused('sale.order', '--name', 'account.move')).toMatchObject({ error: { code: 'duplicate' } });
  expect(await refused('sale.order', '--label', ' ')).toMatchObject({ error: { code: 'bad-name' } });
  expect(await refused('sale.order', '--name', 'a/b')).toMatchObject({ error: { code: 'bad-name' } });
  expect(await refused('sale.ordr', '--label', 'X')).toMatchObject({ error: { code: 'unknown-type' } });
  expect((await bench.inside('type', 'rename', 'sale.order')).code).toBe(2);
  expect(await bench.view('type', 'list')).toMatchObject([{ label: 'Invoices' }, { label: 'Quotations' }]);
  // A folder of people with the new name keeps it; that of the type gets another, and is told.
  await bench.setUp('folder', 'add', 'Offers', '--client', 'Office');
  writeFileSync(join(bench.documents, 'Offers/Own.txt'), 'own');
  const { value } = await bench.json<TypeUse>('type', 'rename', 'sale.order', '--label', 'Offers');
  expect(value.folders).toEqual(['Offers (Office)']);
  await bench.settle();
  const there = await bench.remote();
  expect(Object.keys(there)).toEqual(
    expect.arrayContaining(['Offers/Own.txt', 'Offers (Office)/SO001/Contracts/Signed.txt']),
  );
});

test('a type with records stays; without them it goes, and its folder and documents do not', async () => {
  const use = await bench.view<TypeUse>('type', 'remove', 'sale.order', '--dry-run');
  expect(use).toMatchObject({ records: 1, rules: 1, folders: ['Quotations'], documents: 2 });
  const { code, value } = await bench.json('type', 'remove', 'sale.order');
  expect({ code, value }).toMatchObject({
    code: 1,
    value: {
      error: {
        code: 'type-in-use',
        message:
          'The document type "sale.order" is in use: records 1, documents 2. ' +
          'Remove the records first (docktide record remove sale.order REF), then the type. Nothing was removed.',
      },
    },
  });
  expect(await bench.view('type', 'list')).toHaveLength(1);

  await bench.setUp('record', 'remove', 'sale.order', 'SO001');
  await bench.settle();
  const before = await bench.remote();
  const text = (await bench.inside('type', 'remove', 'sale.order')).stdout;
  expect(text).toBe('Removed the document type sale.order; Quotations with 1 document stays.\n');
  await bench.settle();
  expect(await bench.remote()).toEqual(before);
  expect(Object.keys(before)).toContain('Quotations/Template.txt');
  expect([await bench.view('type', 'list'), await bench.view('rule', 'list')]).toEqual([[], []]);
  // From now on it is a folder like any other: people may rename it in Dropbox.
  await bench.emulator.control('move', { from: '/ERP Documents/Quotations', to: '/ERP Documents/Old papers' });
  await bench.settle();
  expect(Object.keys(await bench.local())).toEqual(['Old papers', 'Old papers/Template.txt']);
});

test('new subfolders reach records that have a folder already only where somebody asks for it', async () => {
  await bench.setUp('rule', 'edit', '1', '--subfolders', 'Contracts,Plans/Old');
  await bench.settle();
  expect(Object.keys(await bench.remote())).not.toContain('Quotations/SO001/Plans');
  // What a person took away stays away until it is asked for.
  const before = await ids();
  await bench.setUp('rule', 'edit', '1', '--existing');
  await bench.settle();
  const after = await ids();
  expect(Object.keys(after).filter((path) => !(path in before))).toEqual([
    'Quotations/SO001/Plans',
    'Quotations/SO001/Plans/Old',
  ]);
  expect(after).toMatchObject(before);
  expect(await bench.local()).toEqual(await bench.remote());
  // Once: a folder that is taken away afterwards does not come back by itself.
  await bench.emulator.control('delete', { path: '/ERP Documents/Quotations/SO001/Plans/Old' });
  await bench.settle();
  await bench.setUp('record', 'add', 'sale.order', 'SO002', '--name', 'SO002');
  await bench.settle();
  const there = Object.keys(await bench.remote());
  expect(there).not.toContain('Quotations/SO001/Plans/Old');
  expect(there).toContain('Quotations/SO002/Plans/Old');
});
