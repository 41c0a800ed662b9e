import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../../../src-shared/import-views.ts';
import { importRecords } from '../../../src-main/app/record-import.ts';
import { mapOf } from '../../../src-main/cli/commands/record-import.ts';
import { csvRows, delimiterOf } from '../../../src-main/import/read-rows.ts';
import { createStore, type DocumentStore } from '../../../src-main/store/open-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'docktide-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let number = 0;

function write(content: string | Uint8Array): string {
  const file = join(folder, `${++number}.csv`);
  writeFileSync(file, content);
  return file;
}

async function rows(content: string | Uint8Array): Promise<(readonly [number, readonly string[]])[]> {
  const found: (readonly [number, readonly string[]])[] = [];
  for await (const { line, cells } of csvRows(write(content), { encoding: 'auto', delimiter: null })) {
    found.push([line, cells]);
  }
  return found;
}

describe('rows', () => {
  test.each([
    [
      'a,b\n1,2\n',
      [
        [1, ['a', 'b']],
        [2, ['1', '2']],
      ],
    ],
    [
      'a,b\r\n1,2',
      [
        [1, ['a', 'b']],
        [2, ['1', '2']],
      ],
    ],
    [
      '\ufeffa;b\n1,5;2\n',
      [
        [1, ['a', 'b']],
        [2, ['1,5', '2']],
      ],
    ],
    [
      'a\tb\n1\t2\n',
      [
        [1, ['a', 'b']],
        [2, ['1', '2']],
      ],
    ],
    [
      'a,b\n"x ""y"", z",\n',
      [
        [1, ['a', 'b']],
        [2, ['x "y", z', '']],
      ],
    ],
    [
      'a\n"1\n2"\n\nb\n',
      [
        [1, ['a']],
        [2, ['1\n2']],
        [5, ['b']],
      ],
    ],
    [
      'a\r\n"1\r\n2"\r\n\r\nb\r\n',
      [
        [1, ['a']],
        [2, ['1\r\n2']],
        [5, ['b']],
      ],
    ],
    [
      'a,b\n,,\n5" pipe,2\n',
      [
        [1, ['a', 'b']],
        [3, ['5" pipe', '2']],
      ],
    ],
    ['', []],
  ])('%j', async (text, expected) => {
    expect(await rows(text)).toEqual(expected);
  });

  test('the sign that separates is found outside of quotes', () => {
    expect(delimiterOf('"a;b;c",d,e')).toBe(',');
    expect(delimiterOf('a;b')).toBe(';');
    expect(delimiterOf('a')).toBe(',');
  });

  test('bytes that are no UTF-8 are Windows-1252, and UTF-16 is known by its mark', async () => {
    expect(await rows(Buffer.from('n;M\xfcller\x80\n', 'latin1'))).toEqual([[1, ['n', 'Müller€']]]);
    expect(await rows(Buffer.from('n;Müller €\n'))).toEqual([[1, ['n', 'Müller €']]]);
    expect(await rows(Buffer.from('\ufeffn;Müller\n', 'utf16le'))).toEqual([[1, ['n', 'Müller']]]);
  });

  test('what is written quoted is read back', async () => {
    const cell = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1 }), async (table) => {
        const lines = table.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
        expect((await rows(`a,b,c\r\n${lines.join('\r\n')}`)).slice(1).map(([, cells]) => cells)).toEqual(table);
      }),
      { numRuns: 40 },
    );
  });
});

describe('import', () => {
  let store: DocumentStore;
  beforeEach(() => {
    store = createStore({ file: ':memory:', now: () => 1 });
    store.catalog.addType('t', 'T');
  });
  const run = (text: string, options: ImportOptions = {}) => importRecords(store, write(text), options);
  const known = () => store.catalog.records().map(({ ref, name, fields }) => ({ ref, name, fields }));

  test('type, ref, name and fields; empty cells are no field; unchanged ones are told', async () => {
    expect(await run('Type,Ref,Name,state,city\nt,1,One,sent,\nt,2, Two \n')).toEqual({ added: 2, updated: 0 });
    expect(known()).toEqual([
      { ref: '1', name: 'One', fields: { state: 'sent' } },
      { ref: '2', name: 'Two', fields: {} },
    ]);
    expect(await run('type,ref,name,city\nt,1,One,Rom\nt,2,Two,\n')).toEqual({ added: 0, updated: 1, unchanged: 1 });
    expect(known()[0]?.fields).toEqual({ state: 'sent', city: 'Rom' });
  });

  test('columns by a mapping', async () => {
    const text = 'Status;Customer name;Number;Other\nopen;Müller GmbH;K-1;x\n;Only;K-2;\n';
    const map = mapOf('ref=Number, name="Customer name",field.state=status');
    expect(await run(text, { type: 't', map })).toEqual({ added: 2, updated: 0 });
    expect(known()).toEqual([
      { ref: 'K-1', name: 'Müller GmbH', fields: { state: 'open' } },
      { ref: 'K-2', name: 'Only', fields: {} },
    ]);
    await expect(run(text, { type: 't', map: { ref: 'Nummer' } })).rejects.toThrow(
      /no column "Nummer".*"Customer name"/,
    );
    await expect(run(text, { map: { ref: 'Number' } })).rejects.toThrow(/type/);
    await expect(run(text, { type: 't', map: { name: 'Number' } })).rejects.toThrow(/reference/);
    await expect(run(text, { type: 't', map: { ref: 'Number', colour: 'Other' } })).rejects.toThrow(/"colour"/);
    expect(mapOf('ref="a ""b"", c",name=x y')).toEqual({ ref: 'a "b", c', name: 'x y' });
    for (const wrong of ['ref', 'ref=', 'ref=a,,name=b', 'ref=a,ref=b', ''])
      expect(() => mapOf(wrong)).toThrow(/--map/);
  });

  test('a preview writes nothing', async () => {
    await run('type,ref,name\nt,1,One\nt,2,Two\n');
    expect(await run('type,ref,name\nt,1,One\nt,2,Second\nt,3,Three\nt,,x\n', { preview: true })).toEqual({
      added: 1,
      updated: 1,
      unchanged: 1,
      skipped: 1,
      errors: [{ line: 5, message: 'line 5 lacks type, ref or name' }],
      changes: [
        { line: 3, record: 't/2', name: 'Second', change: 'update' },
        { line: 4, record: 't/3', name: 'Three', change: 'add' },
      ],
      preview: true,
    });
    expect(known().map(({ name }) => name)).toEqual(['One', 'Two']);
  });

  test.each([
    ['ref,type,name\n', /begin with type,ref,name/],
    ['type,ref,name,a,a\n', /same name twice/],
    ['', /empty/],
    ['type,ref,name\nt,1\n', /line 2 lacks/],
    ['type,ref,name\nt,1,x,y\n', /line 2 has more cells/],
    ['type,ref,name\nt,1,x\n\nt,1,y\n', /line 4 names t\/1 a second time/],
    ['type,ref,name\nt,1,"x"y\nt,2,z\n', /line 2 has text after a closing quote/],
    ['type,ref,name\nt,1,a\nt,2,"open\n\n', /line 3 opens a quote that is never closed/],
    ['type,ref,name\nu,1,a\nt\n', /line 2 names the unknown document type "u"; line 3 lacks/],
  ])('%j is refused and says where', async (text, words) => {
    await expect(run(text)).rejects.toThrow(
      expect.objectContaining({ code: 'bad-csv', message: expect.stringMatching(words) as string }),
    );
    expect(known()).toEqual([]);
  });

  test('what is said to be UTF-8 and is not is refused, line by line; a folder is no file', async () => {
    const file = write(Buffer.from('type,ref,name\nt,1,One\nt,2,M\xfcller\n', 'latin1'));
    const asUtf8 = { encoding: 'utf-8' } as const;
    await expect(importRecords(store, file, asUtf8)).rejects.toThrow(/line 3 is not UTF-8.*windows-1252/);
    expect(known()).toEqual([]);
    expect(await importRecords(store, file, { ...asUtf8, skipErrors: true })).toMatchObject({ added: 1, skipped: 1 });
    const header = write(Buffer.from('type,ref,name,stra\xdfe\nt,1,One,x\n', 'latin1'));
    await expect(importRecords(store, header, asUtf8)).rejects.toThrow(/the first line is not UTF-8/);
    await expect(importRecords(store, folder, {})).rejects.toThrow(/is a folder/);
  });

  test('the right lines alone, where a person wants that', async () => {
    const report = await run('type,ref,name\nt,1,One\nt,,x\nu,2,y\nt,3,Three\n', { skipErrors: true });
    expect(report).toMatchObject({ added: 2, updated: 0, skipped: 2, errors: [{ line: 3 }, { line: 4 }] });
    expect(known().map(({ ref }) => ref)).toEqual(['1', '3']);
  });

  test('many lines', async () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `t,R${index},"Name, ${index}",open`);
    expect(await run(`type,ref,name,state\n${lines.join('\n')}\n`)).toEqual({ added: 10_000, updated: 0 });
    expect(store.listing.counts().records).toBe(10_000);
  });
});
