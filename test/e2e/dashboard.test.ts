// The dashboard through the command line: figures of a real store against a Dropbox, its room, parts, and the check.

import Database from 'better-sqlite3';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FigureDifference, FiguresView } from '../../src-shared/figures-views.ts';
import { Bench } from '../support/cli.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.open();
  await bench.ok('type', 'add', 'sale.order', '--label', 'Quotations');
  await bench.ok('rule', 'add', 'sale.order', '--client', 'Office', '--subfolders', 'Drawings');
  await bench.ok('record', 'add', 'sale.order', 'SO001', '--name', 'SO001');
  const put = (path: string, text: string): void => {
    mkdirSync(join(bench.documents, path, '..'), { recursive: true });
    writeFileSync(join(bench.documents, path), text);
  };
  put('Quotations/SO001/Drawings/plan.dwg', 'x'.repeat(3000));
  put('Quotations/SO001/offer.pdf', 'offer');
  put('Archive/offer again.pdf', 'offer');
  put('Archive/old.txt', 'y'.repeat(200));
  await bench.sync();
  await bench.ok('folder', 'keep', 'Archive', 'links');
  await bench.ok('free');
  await bench.put('Archive/new.txt', 'from Dropbox');
  await bench.sync();
});
afterAll(() => bench.close());

const dashboard = async (...args: string[]): Promise<FiguresView> =>
  (await bench.json<FiguresView>('dashboard', ...args)).value;

test('every part, without a request to Dropbox', async () => {
  const before = (await bench.emulator.requests()).total;
  const view = await dashboard();
  expect((await bench.emulator.requests()).total).toBe(before);
  expect(Object.keys(view)).toEqual([
    'storage',
    'clients',
    'types',
    'records',
    'extensions',
    'largest',
    'oldest',
    'activity',
    'queue',
    'links',
    'duplicates',
  ]);
  expect(view.storage).toEqual({
    documents: { files: 5, bytes: 3222 },
    local: { files: 2, bytes: 3005 },
    freed: { files: 3, bytes: 217 },
    freeable: { files: 0, bytes: 0 },
    unassigned: { files: 0, bytes: 0 },
  });
  expect(view.clients).toMatchObject([
    {
      name: 'Office',
      health: 'good',
      problems: [],
      space: { used: 3210, allowed: expect.any(Number) as number, team: null },
      documents: { files: 5, bytes: 3222 },
    },
  ]);
  expect(view.types.map((row) => [row.type, row.files])).toEqual([
    ['sale.order', 2],
    [null, 3],
  ]);
  expect(view.records).toMatchObject([
    { record: 'sale.order/SO001', files: 2, bytes: 3005, folder: 'Quotations/SO001' },
  ]);
  expect(view.extensions.map((row) => row.extension)).toEqual(['dwg', 'txt', 'pdf']);
  expect(view.largest[0]).toMatchObject({ path: 'Quotations/SO001/Drawings/plan.dwg', size: 3000, local: true });
  expect(view.oldest).toHaveLength(5);
  expect(view.activity.hours.reduce((sum, hour) => sum + hour.uploads, 0)).toBe(4);
  expect(view.activity.months.at(-1)).toMatchObject({ uploads: 4, bytesUp: 3210, errors: 0 });
  expect(view.queue.find((row) => row.state === 'done')?.tasks).toBeGreaterThan(4);
  expect(view.links.count).toBe(0);
  expect(view.duplicates).toMatchObject({ groups: 1, files: 2, wasted: 5 });
  // What other commands say is the same.
  const { value: status } = await bench.json<{ counts: { files: number; bytes: number } }>('status');
  expect(status.counts).toMatchObject(view.storage.documents);
});

test('parts, clients and how many', async () => {
  expect(Object.keys(await dashboard('--part', 'largest, queue', '--top', '1'))).toEqual(['largest', 'queue']);
  expect((await dashboard('--part', 'largest', '--top', '1')).largest).toHaveLength(1);
  expect((await dashboard('--client', 'Office')).storage.documents.files).toBe(5);
  expect(await bench.run('dashboard', '--part', 'weather')).toMatchObject({ code: 2, stdout: '' });
  expect(await bench.run('dashboard', '--client', 'Nobody')).toMatchObject({ code: 1, stdout: '' });
  const page = await bench.ok('dashboard');
  for (const words of ['Room in Dropbox', 'Quotations/SO001/Drawings/plan.dwg', 'Unused for longest', 'By month']) {
    expect(page.stdout).toContain(words);
  }
});

test('what can be freed is what freeing frees', async () => {
  await bench.ok('folder', 'keep', 'Quotations', '0');
  const { freeable } = (await dashboard('--part', 'storage')).storage;
  const { value: due } = await bench.json<{ freed: number; bytes: number }>('free', '--dry-run');
  expect(freeable).toEqual({ files: due.freed, bytes: due.bytes });
  expect(freeable.files).toBe(2);
});

test('the room in Dropbox is asked for anew on request', async () => {
  await bench.emulator.control('write', { path: '/elsewhere.bin', base64: Buffer.alloc(5000).toString('base64') });
  expect((await dashboard('--part', 'clients')).clients[0]?.space?.used).toBe(3210);
  expect((await dashboard('--part', 'clients', '--refresh')).clients[0]?.space?.used).toBe(3222 + 5000);
  expect((await dashboard('--part', 'clients')).clients[0]?.space?.used).toBe(3222 + 5000);
});

test('the check finds nothing to mend, and mends what was damaged', async () => {
  expect((await bench.json('dashboard', '--check')).value).toEqual([]);
  const db = new Database(join(bench.data, 'docktide.sqlite'));
  db.exec('UPDATE totals SET bytes = bytes + 1000');
  db.close();
  const { value: found } = await bench.json<FigureDifference[]>('dashboard', '--check');
  expect(found.map(({ table }) => table)).toEqual(['totals']);
  expect((await bench.json('dashboard', '--check')).value).toEqual([]);
  expect((await dashboard('--part', 'storage')).storage.documents.bytes).toBe(3222);
});
