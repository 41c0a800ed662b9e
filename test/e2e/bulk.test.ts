// Bulk import and export through the real process: reports, Ctrl+C, a cancel from beside, and a process that is killed.

import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench, ROOT, readTree, until } from '../support/cli.ts';
import type { BulkJobView, BulkReport } from '../../src-shared/bulk-views.ts';
import type { EntryView } from '../../src-shared/views.ts';

let bench: Bench;
const disk = (path = ''): string => join(bench.folder, 'usb', path);
const put = (path: string, text: string): Promise<unknown> => bench.emulator.control('write', { path, text });

async function value<T>(...args: string[]): Promise<T> {
  const answer = await bench.json<T>(...args);
  expect({ args, code: answer.code, stderr: answer.stderr }).toMatchObject({ code: 0 });
  return answer.value;
}

beforeAll(async () => {
  bench = await Bench.open();
  await bench.ok('type', 'add', 'sale.order', '--label', 'Quotations');
  await bench.ok('record', 'add', 'sale.order', 'SO001', '--name', 'SO001');
  await bench.ok('rule', 'add', 'sale.order', '--client', 'Office');
  await bench.ok('folder', 'add', 'P', '--client', 'Office');
});
afterAll(() => bench.close());

test('a folder of Dropbox becomes documents of a record without passing through here', async () => {
  await bench.sync();
  await put('/Archive/Kitchen/Offer.pdf', 'x'.repeat(300_000));
  await put('/Archive/Kitchen/In/plan.dwg', 'y'.repeat(300_000));
  await bench.emulator.control('requests/reset');
  const report = await value<BulkReport>('bulk', 'import', '/Archive/Kitchen', '--to-record', 'sale.order/SO001');
  const { byEndpoint, bytesUp, bytesDown } = await bench.emulator.requests();
  expect(report).toMatchObject({
    id: 1,
    kind: 'import',
    client: 'Office',
    state: 'done',
    total: 3,
    done: 3,
    skipped: 0,
    failed: 0,
    left: 0,
    bytesTotal: 600_000,
    bytesDone: 600_000,
    error: null,
    items: [],
  });
  expect(bytesUp + bytesDown).toBeLessThan(20_000);
  expect(Object.keys(byEndpoint).filter((name) => /upload|download/.test(name))).toEqual([]);
  const entries = await value<EntryView[]>('ls', 'Quotations/SO001');
  expect(entries.map(({ path, type, state }) => [path, type, state])).toEqual([
    ['Quotations/SO001', null, 'synced'],
    ['Quotations/SO001/In', null, 'synced'],
    ['Quotations/SO001/In/plan.dwg', 'url', 'freed'],
    ['Quotations/SO001/Offer.pdf', 'url', 'freed'],
  ]);
  expect(await bench.sync()).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, createdFolders: 0 });
  const again = await bench.json<BulkReport>('bulk', 'import', 'Archive/Kitchen', '--to', 'Quotations/SO001');
  expect(again).toMatchObject({
    code: 0,
    value: { done: 1, skipped: 2, items: [{ state: 'skipped' }, { state: 'skipped' }] },
  });
});

test('killed in the middle it is shown as interrupted, and a resume completes it without a half or a second file', async () => {
  for (let number = 0; number < 12; number++) {
    await put(`/${ROOT}/P/Far/${String(number).padStart(2, '0')}.bin`, String(number % 10).repeat(300_000));
  }
  await bench.ok('file', 'mkdir', 'P/Far');
  await bench.ok('folder', 'keep', 'P/Far', 'links');
  await bench.sync();
  await bench.emulator.control('faults', { bandwidthBytesPerSecond: 600_000 });
  const exporting = ['bulk', 'export', 'P/Far', '--to-disk', disk()];
  const running = bench.start(exporting);
  const files = () => (existsSync(disk('Far')) ? readdirSync(disk('Far')) : []);
  const whole = () => files().filter((name) => !name.startsWith('.'));
  await until('some documents are there', () => whole().length >= 2 && files().length > whole().length, running.output);
  running.child.kill('SIGKILL');
  await running.ended;
  await bench.emulator.control('faults', { clear: true });
  expect(whole().every((name) => statSync(disk(`Far/${name}`)).size === 300_000)).toBe(true);
  const [job] = await value<BulkJobView[]>('bulk', 'list');
  expect(job).toMatchObject({ kind: 'export-disk', state: 'interrupted', total: 13, failed: 0 });
  expect(job?.left).toBeGreaterThan(1);
  const resumed = await value<BulkReport>('bulk', 'resume', String(job?.id));
  expect(resumed).toMatchObject({ state: 'done', total: 13, failed: 0, left: 0 });
  expect(files().toSorted()).toEqual(Array.from({ length: 12 }, (_, n) => `${String(n).padStart(2, '0')}.bin`));
  expect(Object.keys(await readTree(disk('Far')))).toHaveLength(12);
  expect(readFileSync(disk('Far/07.bin'), 'utf8')).toBe('7'.repeat(300_000));
});

/** Starts an export of slow documents; answers when the first is being written. */
async function begun(to: string): Promise<ReturnType<typeof bench.start>> {
  const running = bench.start(['bulk', 'export', 'P/Far', '--to-disk', disk(to), '--json']);
  const hasFiles = () => existsSync(disk(`${to}/Far`)) && readdirSync(disk(`${to}/Far`)).length > 0;
  await until('it has begun', hasFiles, running.output);
  return running;
}

async function endOf({ ended }: ReturnType<typeof bench.start>): Promise<BulkReport> {
  const { code, stdout } = await ended;
  expect(code).toBe(1);
  return JSON.parse(stdout) as BulkReport;
}

test('Ctrl+C and a cancel from beside end it with a report; both can be resumed', async () => {
  await bench.emulator.control('faults', { bandwidthBytesPerSecond: 600_000 });
  const first = await begun('first');
  first.child.kill('SIGINT');
  const stopped = await endOf(first);
  const second = await begun('second');
  const [job] = await value<BulkJobView[]>('bulk', 'list');
  expect(job).toMatchObject({ state: 'running' });
  expect((await bench.json('bulk', 'import', '/Archive', '--to', 'P')).value).toMatchObject({
    error: { code: 'job-running' },
  });
  expect((await bench.ok('bulk', 'cancel', String(job?.id))).stdout).toContain('is cancelled');
  const cancelled = await endOf(second);
  await bench.emulator.control('faults', { clear: true });
  expect([stopped.state, cancelled.state]).toEqual(['stopped', 'cancelled']);
  for (const { id, left } of [stopped, cancelled]) {
    expect(left).toBeGreaterThan(0);
    expect(await value<BulkReport>('bulk', 'resume', String(id))).toMatchObject({ state: 'done', left: 0, failed: 0 });
  }
  for (const to of ['first', 'second']) expect(readdirSync(disk(`${to}/Far`))).toHaveLength(12);
});

test('records go to another folder of Dropbox; what failed is shown, and the exit code tells it', async () => {
  mkdirSync(join(bench.documents, 'Quotations/SO001'), { recursive: true });
  writeFileSync(join(bench.documents, 'Quotations/SO001/new.txt'), 'new');
  await bench.ok('sync', '--prepare-only');
  const { code, value: report } = await bench.json<BulkReport>(
    'bulk',
    'export',
    '--record',
    'sale.order/SO001',
    '--to-dropbox',
    '/Audit',
  );
  expect({ code, state: report.state, done: report.done, failed: report.failed }).toEqual({
    code: 3,
    state: 'done',
    done: 4,
    failed: 1,
  });
  expect(report.items).toMatchObject([{ target: '/Audit/SO001/new.txt', state: 'failed' }]);
  const shown = await bench.ok('bulk', 'show', String(report.id), '--all');
  expect(shown.stdout).toMatch(/failed +Quotations\/SO001\/new\.txt.*docktide sync/);
  expect(shown.stdout).toMatch(/done +Quotations\/SO001\/Offer\.pdf +\/Audit\/SO001\/Offer\.pdf/);
  await bench.sync();
  expect(await value<BulkReport>('bulk', 'resume', String(report.id))).toMatchObject({ done: 5, failed: 0 });
  expect((await bench.emulator.tree('/Audit')).map(({ path }) => path)).toContain('/Audit/SO001/new.txt');
  expect((await bench.ok('bulk', 'list')).stdout).toMatch(/export-dropbox +Quotations\/SO001 +\/Audit +done/);
  for (const [args, exit, words] of [
    [['bulk', 'export', 'P'], 2, /exactly one of --to-dropbox/],
    [['bulk', 'export', '--to-disk', 'x'], 2, /Name what is to be exported/],
    [['bulk', 'import', '/Archive'], 2, /exactly one of --to FOLDER/],
    [['bulk', 'import', `/${ROOT}/P`, '--to', 'P'], 1, /synced already/],
    [['bulk', 'resume', '99'], 1, /docktide bulk list/],
    [['bulk', 'cancel', 'x'], 2, /not a number/],
    [['bulk', 'export', 'P', '--to-disk', dirname(bench.documents)], 0, /^$/],
  ] as const) {
    const ended = await bench.run(...args);
    expect({ args, code: ended.code, stderr: ended.stderr }).toMatchObject({
      code: exit,
      stderr: expect.stringMatching(words) as string,
    });
  }
});
