// Exports to another folder of Dropbox (copied there) and to a disk (whole files or none), with clashes, bad days,
// stopping and going on.

import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serviceWorld, type ServiceWorld } from '../../support/service-world.ts';
import { readTree } from '../../support/cli.ts';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld();
});
afterEach(() => world.close());

const code = (work: Promise<unknown>) => work.catch((error: unknown) => (error as { code: string }).code);
const thereOf = async (path: string): Promise<string> => (await world.emulator.content(path)).toString();
const disk = (path = ''): string => join(world.folder, 'usb', path);
const toDisk = {
  kind: 'disk',
  get folder() {
    return disk();
  },
} as const;

async function free(...folders: string[]): Promise<void> {
  for (const folder of folders) world.service.setFolderKeep(folder, 'links');
  await world.service.free({ dryRun: false });
}

describe('to Dropbox', () => {
  test('records and folders under their own names, freed documents too; nothing passes through here', async () => {
    const large = 'x'.repeat(400_000);
    world.write('Quotations/SO001/offer.pdf', large);
    world.write('Quotations/SO001/Drawings/plan.dwg', `plan ${large}`);
    world.write('P/Dir/a.txt', 'a');
    world.write('P/one.txt', 'one');
    await world.sync();
    await free('Quotations/SO001/Drawings');
    let report: Awaited<ReturnType<typeof world.service.bulkExport>> | undefined;
    const { byEndpoint, bytesUp, bytesDown } = await world.counted(async () => {
      report = await world.service.bulkExport(['Quotations/SO001', world.entry('P/Dir').id, 'P/one.txt'], {
        kind: 'dropbox',
        path: '/Audit/2026/',
      });
    });
    expect(Object.keys(byEndpoint).filter((name) => /upload|download|export/.test(name))).toEqual([]);
    expect(bytesUp + bytesDown).toBeLessThan(20_000);
    expect(report).toMatchObject({
      kind: 'export-dropbox',
      client: 'Office',
      target: '/Audit/2026',
      state: 'done',
      total: 7,
      done: 7,
    });
    const there = (await world.emulator.tree('/Audit/2026')).map(({ path }) => path);
    expect(there).toEqual(
      expect.arrayContaining([
        '/Audit/2026/Dir/a.txt',
        '/Audit/2026/SO001/Drawings/plan.dwg',
        '/Audit/2026/SO001/offer.pdf',
        '/Audit/2026/one.txt',
      ]),
    );
    expect(await thereOf('/Audit/2026/SO001/offer.pdf')).toBe(large);
    expect(world.entry('Quotations/SO001/Drawings/plan.dwg').state).toBe('freed');
    expect(await world.sync()).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, deletedRemote: 0 });
  });

  test('equal content is left out, another gets a number; what is not there as it is here is told and resumed', async () => {
    world.write('P/Dir/same.txt', 'same');
    world.write('P/Dir/other.txt', 'other');
    world.write('P/Dir/edited.txt', 'first');
    await world.sync();
    await world.emulator.control('write', { path: '/Out/Dir/same.txt', text: 'same' });
    await world.emulator.control('write', { path: '/Out/dir/OTHER.txt', text: 'theirs' });
    world.write('P/Dir/edited.txt', 'second');
    world.write('P/Dir/new.txt', 'new');
    await world.service.sync({ prepareOnly: true });
    const report = await world.service.bulkExport(['P/Dir'], { kind: 'dropbox', path: 'Out' });
    expect(report).toMatchObject({ state: 'done', total: 5, done: 2, skipped: 1, failed: 2 });
    expect(report.items.map(({ target, state }) => `${target} ${state}`)).toEqual([
      '/Out/Dir/edited.txt failed',
      '/Out/Dir/new.txt failed',
      '/Out/Dir/other (2).txt done',
      '/Out/Dir/same.txt skipped',
    ]);
    expect([await thereOf('/Out/Dir/OTHER.txt'), await thereOf('/Out/Dir/other (2).txt')]).toEqual(['theirs', 'other']);
    await world.sync();
    expect(await world.service.bulkResume(report.id)).toMatchObject({ state: 'done', done: 4, skipped: 1, failed: 0 });
    expect(await thereOf('/Out/Dir/edited.txt')).toBe('second');
  });

  test('what cannot be is said', async () => {
    world.write('P/a.txt', 'a');
    await world.sync();
    world.service.addClient('Second', 'Other', { kind: 'access-token', token: 'service-token' });
    await world.service.addFolder('Q', 'Second');
    await world.service.makeFolder('Nobody');
    const to = (path: string) => ({ kind: 'dropbox', path }) as const;
    expect([
      await code(world.service.bulkExport(['P'], to('/ERP/Copy'))),
      await code(world.service.bulkExport(['P'], to('/erp'))),
      await code(world.service.bulkExport(['P', 'Q'], to('/Out'))),
      await code(world.service.bulkExport(['Nobody'], to('/Out'))),
      await code(world.service.bulkExport(['nope'], to('/Out'))),
      await code(world.service.bulkExport([], to('/Out'))),
    ]).toEqual(['inside-root', 'inside-root', 'other-client', 'outside-clients', 'unknown-path', 'unknown-path']);
    expect(await world.service.bulkJobs()).toEqual([]);
    expect(await world.service.bulkExport(['P/a.txt'], to('/'))).toMatchObject({ state: 'done', done: 1 });
    expect(await thereOf('/a.txt')).toBe('a');
  });
});

describe('to a disk', () => {
  test('documents with their times, those that are in Dropbox alone too, which stay there', async () => {
    world.write('P/Dir/near.txt', 'near');
    world.write('P/Dir/Far/far.bin', 'far'.repeat(50_000));
    mkdirSync(world.at('P/Dir/Empty'));
    await world.emulator.control('paper', { path: '/ERP/P/Dir/Plan.paper', text: '# Plan' });
    await world.sync();
    await free('P/Dir/Far');
    const { mtimeMs } = statSync(world.at('P/Dir/near.txt'));
    const report = await world.service.bulkExport(['P/Dir'], toDisk);
    expect(report).toMatchObject({
      kind: 'export-disk',
      client: null,
      target: disk(),
      state: 'done',
      failed: 0,
      left: 0,
    });
    expect(Object.keys(await readTree(disk()))).toEqual([
      'Dir',
      'Dir/Empty',
      'Dir/Far',
      'Dir/Far/far.bin',
      'Dir/Plan.md',
      'Dir/near.txt',
    ]);
    expect(readFileSync(disk('Dir/Far/far.bin'), 'utf8')).toBe('far'.repeat(50_000));
    expect(Math.abs(statSync(disk('Dir/near.txt')).mtimeMs - mtimeMs)).toBeLessThan(2);
    expect(world.exists('P/Dir/Far/far.bin')).toBe(false);
  });

  test('nothing is overwritten; the same again is left out', async () => {
    world.write('P/Dir/a.txt', 'a');
    world.write('P/Dir/b.txt', 'b');
    world.write('P/Dir/c', 'c');
    await world.sync();
    mkdirSync(disk('dir/c'), { recursive: true });
    writeFileSync(disk('dir/A.txt'), 'mine');
    writeFileSync(disk('dir/b.txt'), 'b');
    const report = await world.service.bulkExport(['P/Dir'], toDisk);
    expect(report).toMatchObject({ state: 'done', done: 3, skipped: 1, failed: 0 });
    expect(readdirSync(disk('dir')).toSorted()).toEqual(['A.txt', 'a (2).txt', 'b.txt', 'c', 'c (2)']);
    expect([readFileSync(disk('dir/A.txt'), 'utf8'), readFileSync(disk('dir/a (2).txt'), 'utf8')]).toEqual([
      'mine',
      'a',
    ]);
    expect(await world.service.bulkExport(['P/Dir'], toDisk)).toMatchObject({ skipped: 3, done: 1 });
    // An edit that no pass has seen yet is another content.
    world.write('P/Dir/b.txt', 'B');
    expect(await world.service.bulkExport(['P/Dir/b.txt'], { kind: 'disk', folder: disk('dir') })).toMatchObject({
      done: 1,
    });
    expect(readFileSync(disk('dir/b (2).txt'), 'utf8')).toBe('B');
  });

  test('folders that Docktide works with are refused, also by way of a link', async () => {
    world.write('P/a.txt', 'a');
    await world.sync();
    symlinkSync(world.documents, join(world.folder, 'link'));
    writeFileSync(join(world.folder, 'file'), 'x');
    for (const folder of [
      world.at('P/Out'),
      join(world.folder, 'link', 'Out'),
      join(world.dataFolder, 'x'),
      join(world.folder, 'file', 'x'),
    ]) {
      expect(await code(world.service.bulkExport(['P'], { kind: 'disk', folder }))).toBe('bad-path');
    }
    expect([existsSync(world.at('P/Out')), existsSync(join(world.dataFolder, 'x'))]).toEqual([false, false]);
  });

  test('a damaged answer is asked for again', async () => {
    for (const name of ['a', 'b', 'c']) world.write(`P/Far/${name}.txt`, name.repeat(2_000));
    await world.sync();
    await free('P/Far');
    await world.emulator.control('faults', { corruptBody: { next: 1, endpoints: ['files/download'] } });
    const report = await world.service.bulkExport(['P/Far'], toDisk);
    expect(report).toMatchObject({ state: 'done', done: 4, failed: 0 });
    expect(Object.keys(await readTree(disk('Far')))).toEqual(['a.txt', 'b.txt', 'c.txt']);
    expect(readFileSync(disk('Far/a.txt'), 'utf8')).toBe('a'.repeat(2_000));
  });

  test('stopped in the middle of a document: no half file, and it goes on from there after a new start', async () => {
    for (let number = 0; number < 6; number++) world.write(`P/Far/${number}.bin`, `${number}`.repeat(400_000));
    await world.sync();
    await free('P/Far');
    await world.emulator.control('faults', { bandwidthBytesPerSecond: 1_500_000 });
    const stop = new AbortController();
    const report = await world.service.bulkExport(['P/Far'], toDisk, {
      signal: stop.signal,
      onProgress: ({ bytesDone }) => bytesDone > 1_000_000 && stop.abort(),
    });
    expect(report).toMatchObject({ state: 'stopped', failed: 0 });
    expect(report.left).toBeGreaterThan(1);
    const files = readdirSync(disk('Far'));
    expect(files.filter((name) => name.startsWith('.'))).toEqual([]);
    expect(files.every((name) => statSync(disk(`Far/${name}`)).size === 400_000)).toBe(true);
    await world.emulator.control('faults', { clear: true });
    await world.reopen();
    const { byEndpoint } = await world.counted(async () =>
      expect(await world.service.bulkResume(report.id)).toMatchObject({ state: 'done', total: 7, left: 0, failed: 0 }),
    );
    expect(byEndpoint['files/download']).toBe(6 - files.length);
    expect(readdirSync(disk('Far'))).toHaveLength(6);
  });

  test('a lost login ends the job with the reason; a resume goes on', async () => {
    for (let number = 0; number < 4; number++) world.write(`P/Far/${number}.txt`, `${number}`);
    await world.sync();
    await free('P/Far');
    await world.emulator.control('revoke', { token: 'service-token' });
    const report = await world.service.bulkExport(['P/Far'], toDisk);
    expect(report).toMatchObject({
      state: 'failed',
      left: 4,
      error: expect.stringContaining('Connect again') as string,
    });
    expect(await world.service.bulkJobs()).toMatchObject([{ id: report.id, state: 'failed' }]);
  });
});
