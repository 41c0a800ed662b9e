// Search through the real process: words, filters, sizes and days as people write them, and what is refused.

import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench } from '../support/cli.ts';
import type { SearchResult } from '../../src-shared/search-views.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.open();
  await bench.ok('type', 'add', 'sale.order', '--label', 'Quotations');
  await bench.ok('record', 'add', 'sale.order', 'SO001', '--name', 'Küche Weiß', '--field', 'city=Köln');
  await bench.ok('rule', 'add', 'sale.order', '--client', 'Office', '--subfolders', 'Drawings');
  await bench.ok('folder', 'add', 'General', '--client', 'Office');
  const write = (path: string, size: number, day: string): void => {
    mkdirSync(dirname(join(bench.documents, path)), { recursive: true });
    writeFileSync(join(bench.documents, path), Buffer.alloc(size, path));
    utimesSync(join(bench.documents, path), new Date(`${day}T12:00:00`), new Date(`${day}T12:00:00`));
  };
  write('Quotations/Küche Weiß/offer Müller.pdf', 2_000, '2026-02-01');
  write('Quotations/Küche Weiß/Drawings/plan.dwg', 3_000_000, '2026-03-01');
  write('General/Müller offer.docx', 10, '2026-04-01');
  await bench.sync();
  write('General/new offer.pdf', 20, '2026-05-01');
  await bench.ok('plan');
  await bench.ok('sync', '--prepare-only');
});
afterAll(() => bench.close());

async function found(...args: string[]): Promise<string[]> {
  const { code, value } = await bench.json<SearchResult[]>('search', ...args);
  expect({ args, code }).toEqual({ args, code: 0 });
  return value.map((hit) => hit.path);
}

test('words and filters', async () => {
  const { value } = await bench.json<SearchResult[]>('search', 'mueller', 'OFFER', '--type', 'sale.order');
  expect(value).toEqual([
    {
      path: 'Quotations/Küche Weiß/offer Müller.pdf',
      kind: 'file',
      record: 'sale.order/SO001',
      id: expect.any(Number) as number,
      name: 'offer Müller.pdf',
      type: 'sale.order',
      size: 2_000,
      modifiedAt: new Date('2026-02-01T12:00:00').toISOString(),
      state: 'synced',
      client: 'Office',
    },
  ]);
  expect(await found('offer', '--kind', 'file')).toEqual([
    'Quotations/Küche Weiß/offer Müller.pdf',
    'General/new offer.pdf',
    'General/Müller offer.docx',
  ]);
  expect(await found('weiss', '--kind', 'record,folder')).toHaveLength(2);
  expect(await found('--record', 'SO001', '--min-size', '2.5MB')).toEqual(['Quotations/Küche Weiß/Drawings/plan.dwg']);
  expect(await found('offer', '--folder', 'General/', '--since', '2026-04-01', '--until', '2026-04-01')).toEqual([
    'General/Müller offer.docx',
  ]);
  expect(await found('--state', 'pending', '--ext', 'pdf', '--ext', 'docx,dwg')).toEqual(['General/new offer.pdf']);
});

test('a table for people, and clear refusals', async () => {
  const { stdout } = await bench.ok('search', 'plan');
  expect(stdout).toMatch(/Kind +Path.*\nfile +Quotations\/Küche Weiß\/Drawings\/plan\.dwg +2\.9 MB .*synced/);
  expect((await bench.ok('search', 'x"y OR *')).stdout).toBe('Nothing was found.\n');
  for (const [args, words] of [
    [['search'], /words of a name, or a filter/],
    [['search', 'a', '--min-size', 'big'], /1\.5MB/],
    [['search', 'a', '--since', '2026-02-31'], /2026-11-23/],
    [['search', 'a', '--state', 'lost'], /one of synced/],
  ] as const) {
    const { code, stderr } = await bench.run(...args);
    expect({ args, code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(words) as string });
  }
  expect(await bench.json('search', 'a', '--type', 'nope')).toMatchObject({
    code: 1,
    value: { error: { code: 'unknown-type', message: expect.stringContaining('type list') as string } },
  });
  expect((await bench.run('search', 'a', '--folder', '../x')).stderr).toContain('not a path inside');
});
