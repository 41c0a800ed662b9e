// Ready-made sets of document types on the command line: listed in a language, added with their rules, and their folders
// in Dropbox.

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AddedTypes } from '../../src-main/app/type-sets.ts';
import type { TypeSetView } from '../../src-shared/type-sets.ts';
import { Bench } from '../support/cli.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
});
afterEach(() => bench.close());

test('a set gives records their folders, in the language of the company; what is there stays', async () => {
  const sets = await bench.view<TypeSetView[]>('type', 'sets', '--language', 'de');
  expect(sets.map(({ id, title }) => [id, title])).toEqual([
    ['sales', 'Verkauf'],
    ['purchasing', 'Einkauf'],
    ['accounting', 'Buchhaltung'],
    ['hr', 'Personal'],
    ['projects', 'Projekte'],
  ]);
  expect(sets.flatMap(({ types }) => types).every(({ present }) => !present)).toBe(true);
  // A type of its own, with a rule of its own.
  await bench.setUp('type', 'add', 'res.partner', '--label', 'Kunden');
  await bench.setUp('rule', 'add', 'res.partner', '--client', 'Office', '--subfolders', 'Alles');

  const added = (await bench.json<AddedTypes>('type', 'add-set', 'sales', '--client', 'Office', '--language', 'de'))
    .value;
  expect(added).toMatchObject({
    set: 'sales',
    client: 'Office',
    types: [{ name: 'sale.order', label: 'Angebote' }],
    rules: [{ type: 'sale.order', client: 'Office', subfolders: ['Verträge', 'Zeichnungen', 'Schriftverkehr'] }],
    kept: ['res.partner'],
  });
  await bench.setUp('record', 'add', 'sale.order', 'AN1', '--name', 'AN1');
  await bench.settle();
  const there = Object.keys(await bench.remote());
  expect(there).toEqual(expect.arrayContaining(['Angebote/AN1/Verträge', 'Angebote/AN1/Zeichnungen']));
  const again = await bench.json<AddedTypes>('type', 'add-set', 'sales', '--client', 'Office');
  expect(again.value).toMatchObject({ types: [], rules: [], kept: ['sale.order', 'res.partner'] });
  const text = (await bench.inside('type', 'add-set', 'hr', '--client', 'Office', '--only', 'hr.applicant')).stdout;
  expect(text).toBe('Added Applicants (hr.applicant).\n');
  const present = (await bench.view<TypeSetView[]>('type', 'sets')).flatMap(({ types }) => types);
  expect(present.filter((type) => type.present).map(({ name }) => name)).toEqual([
    'sale.order',
    'res.partner',
    'hr.applicant',
  ]);
});

test('what cannot be added is refused, and nothing is', async () => {
  const refused = async (...words: string[]) => (await bench.json('type', 'add-set', ...words)).value;
  expect(await refused('marketing', '--client', 'Office')).toMatchObject({ error: { code: 'unknown-set' } });
  expect(await refused('sales', '--client', 'Nobody')).toMatchObject({ error: { code: 'unknown-client' } });
  const strange = await refused('sales', '--client', 'Office', '--only', 'hr.employee');
  expect(strange).toMatchObject({ error: { code: 'unknown-type' } });
  expect(await bench.view('type', 'list')).toEqual([]);
  expect((await bench.inside('type', 'sets', '--language', 'tlh')).code).toBe(2);
});
