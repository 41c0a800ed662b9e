// Records from a CSV file through the real process: columns by a mapping, an old encoding, a preview that writes nothing,
// updates by reference, errors by line, and folders that follow.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench } from '../support/cli.ts';
import type { ImportReport } from '../../src-shared/import-views.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
  await bench.setUp('type', 'add', 'res.partner', '--label', 'Contacts');
  await bench.setUp('rule', 'add', 'res.partner', '--client', 'Office', '--pattern', '{name}');
});
afterAll(() => bench.close());

function file(name: string, bytes: string | Uint8Array): string {
  const path = join(bench.folder, name);
  writeFileSync(path, bytes);
  return path;
}

const MAP = 'ref=Number,name="Customer name",field.city=City';

test('an export of another program: semicolons, Windows-1252, quotes with line breaks; preview, then import', async () => {
  const text = 'Number;Customer name;City\r\nC1;"Müller; Söhne";Köln\r\nC2;"Two\r\nlines";Aachen\r\n';
  const path = file('customers.csv', Buffer.from(text, 'latin1'));
  const options = [path, '--type', 'res.partner', '--map', MAP];
  const preview = await bench.json<ImportReport>('record', 'import', ...options, '--preview');
  expect(preview).toMatchObject({ code: 0, value: { added: 2, updated: 0, unchanged: 0, preview: true } });
  expect(preview.value.changes?.map(({ record, name, change }) => [record, name, change])).toEqual([
    ['res.partner/C1', 'Müller; Söhne', 'add'],
    ['res.partner/C2', 'Two\r\nlines', 'add'],
  ]);
  expect((await bench.json('record', 'list', 'res.partner')).value).toEqual([]);

  expect((await bench.json('record', 'import', ...options)).value).toMatchObject({ added: 2, updated: 0 });
  const { value } = await bench.json<{ ref: string; fields: Record<string, string>; folder: string | null }[]>(
    'record',
    'list',
    'res.partner',
  );
  expect(value.map(({ ref, fields }) => [ref, fields['city']])).toEqual([
    ['C1', 'Köln'],
    ['C2', 'Aachen'],
  ]);
  expect(value[0]?.folder).toBe('Contacts/Müller; Söhne');
});

test('by reference: what changed is updated, what did not stays', async () => {
  const path = file('again.csv', '\uFEFFNumber,Customer name,City\nC1,Müller & Söhne,Köln\nC3,New,Bonn\n');
  const { value } = await bench.json<ImportReport>('record', 'import', path, '--type', 'res.partner', '--map', MAP);
  expect(value).toMatchObject({ added: 1, updated: 1 });
});

test('errors name their lines; nothing is imported unless the right lines alone are asked for', async () => {
  const path = file('wrong.csv', 'type,ref,name\nres.partner,C4,Four\nno.such,C5,Five\nres.partner,,Six\n');
  const refused = await bench.run('record', 'import', path);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/line 3/i);
  expect((await bench.json<{ ref: string }[]>('record', 'list', 'res.partner')).value).toHaveLength(3);
  const { value } = await bench.json<ImportReport>('record', 'import', path, '--skip-errors');
  expect(value).toMatchObject({ added: 1, skipped: 2 });
  expect(value.errors?.map(({ line }) => line)).toEqual([3, 4]);
});

test('bad words for encoding and mapping, a file that is not there', async () => {
  const path = file('fine.csv', 'type,ref,name\nres.partner,C9,Nine\n');
  for (const words of [
    [path, '--encoding', 'utf-7'],
    [path, '--map', 'ref=Nowhere'],
    [path, '--map', 'nonsense'],
    [join(bench.folder, 'missing.csv')],
  ]) {
    const ended = await bench.run('record', 'import', ...words);
    expect({ words, code: ended.code === 0 }).toEqual({ words, code: false });
    expect(ended.stderr.trim()).toMatch(/^docktide: .+\.$/s);
  }
});
