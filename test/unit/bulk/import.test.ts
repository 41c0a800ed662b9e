// Import from elsewhere in Dropbox: copied there, known here at once, nothing through this computer, nothing overwritten.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDocktide } from '../../../src-main/compose.ts';
import { serviceWorld, type ServiceWorld } from '../../support/service-world.ts';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld();
});
afterEach(() => world.close());

const put = (path: string, text: string): Promise<unknown> => world.emulator.control('write', { path, text });
const code = (work: Promise<unknown>) => work.catch((error: unknown) => (error as { code: string }).code);
const RECORD = { kind: 'record', type: 'sale.order', ref: 'SO001' } as const;
const P = { kind: 'folder', path: 'P' } as const;
const NOTHING = {
  uploaded: 0,
  downloaded: 0,
  moved: 0,
  adopted: 0,
  createdFolders: 0,
  deletedLocal: 0,
  deletedRemote: 0,
};
const thereOf = async (path: string): Promise<string> => (await world.emulator.content(path)).toString();
const underRoot = async (folder: string): Promise<string[]> =>
  Object.keys(await world.remote()).filter((path) => path.startsWith(`${folder}/`));

async function many(folder: string, count: number): Promise<void> {
  for (let number = 0; number < count; number++) await put(`${folder}/${number % 5}/${number}.txt`, `text ${number}`);
}

test('a folder with all that is in it; no content passes through here, and the next pass has nothing to do', async () => {
  const large = 'x'.repeat(500_000);
  await put('/Archive/Old 2019/Plan.PDF', large);
  await put('/Archive/Old 2019/In/Deep/note.txt', `note ${large}`);
  await world.emulator.control('mkdir', { path: '/Archive/Old 2019/Empty' });
  await world.sync();
  const told: number[] = [];
  let report: Awaited<ReturnType<typeof world.service.bulkImport>> | undefined;
  const { byEndpoint, bytesUp, bytesDown } = await world.counted(async () => {
    report = await world.service.bulkImport('/archive/old 2019/', RECORD, {
      onProgress: ({ done }) => told.push(done),
    });
  });
  expect(Object.keys(byEndpoint).filter((name) => /upload|download|export/.test(name))).toEqual([]);
  expect(byEndpoint['files/copy_batch_v2']).toBeGreaterThan(0);
  expect(bytesUp + bytesDown).toBeLessThan(20_000);
  expect(report).toMatchObject({
    kind: 'import',
    client: 'Office',
    sources: ['/archive/old 2019'],
    target: 'Quotations/SO001',
    state: 'done',
    total: 5,
    done: 5,
    skipped: 0,
    failed: 0,
    left: 0,
    bytesDone: 1_000_005,
    items: [],
  });
  expect(told.at(-1)).toBe(5);
  expect(world.service.list('Quotations/SO001').map(({ path, state }) => `${path} ${state}`)).toEqual(
    expect.arrayContaining([
      'Quotations/SO001/Empty synced',
      'Quotations/SO001/In/Deep synced',
      'Quotations/SO001/In/Deep/note.txt freed',
      'Quotations/SO001/Plan.PDF freed',
    ]),
  );
  expect(world.entry('Quotations/SO001/Plan.PDF')).toMatchObject({
    type: 'url',
    record: 'sale.order/SO001',
    url: expect.stringContaining('/home/ERP/') as string,
  });
  const after = await world.counted(async () => expect(await world.sync()).toMatchObject(NOTHING));
  expect(after.bytesDown).toBeLessThan(20_000);
  await world.service.open('Quotations/SO001/Plan.PDF');
  expect(world.read('Quotations/SO001/Plan.PDF')).toBe(large);
  expect(await thereOf('/Archive/Old 2019/Plan.PDF')).toBe(large);
  expect(world.service.search('note')).toHaveLength(1);
});

test('nothing is overwritten: equal content is left out, another gets a number, here and there', async () => {
  await put('/Src/same.txt', 'same');
  await put('/Src/other.txt', 'from Dropbox');
  await put('/Src/local.txt', 'from Dropbox too');
  await put('/Src/twin.txt', 'twin');
  await put('/Src/Dir/in.txt', 'in');
  await put('/Src/file', 'a file');
  world.write('P/same.txt', 'same');
  world.write('P/Other.TXT', 'mine');
  world.write('P/dir/own.txt', 'own');
  world.write('P/file/x.txt', 'x');
  await world.sync();
  // Here alone, not seen by any pass.
  world.write('P/local.txt', 'unsynced');
  world.write('P/twin.txt', 'twin');
  await world.service.sync({ prepareOnly: true });
  const report = await world.service.bulkImport('Src', P);
  expect(report).toMatchObject({ state: 'done', total: 7, done: 6, skipped: 1, failed: 0 });
  expect(report.items.map(({ target, state }) => `${target} ${state}`).toSorted()).toEqual([
    'P/file (2) done',
    'P/local (2).txt done',
    'P/other (2).txt done',
    'P/same.txt skipped',
  ]);
  expect(report.items.every(({ reason }) => reason !== null)).toBe(true);
  await world.sync();
  await world.sync();
  expect([world.read('P/local.txt'), world.read('P/Other.TXT'), world.read('P/twin.txt')]).toEqual([
    'unsynced',
    'mine',
    'twin',
  ]);
  expect([await thereOf('/ERP/P/other (2).txt'), await thereOf('/ERP/P/local (2).txt')]).toEqual([
    'from Dropbox',
    'from Dropbox too',
  ]);
  expect(await underRoot('P/dir')).toEqual(['P/dir/in.txt', 'P/dir/own.txt']);
  expect(world.service.conflicts()).toEqual([]);
  expect(await world.sync()).toMatchObject(NOTHING);
  // Once more: everything is there.
  expect(await world.service.bulkImport('Src', P)).toMatchObject({ done: 1, skipped: 6 });
  expect(await world.sync()).toMatchObject(NOTHING);
});

test('one file, names that no disk takes, documents of the cloud, and what is never kept', async () => {
  await put('/Src/one.txt', 'one');
  await put('/Src/.DS_Store', 'x');
  await world.emulator.control('paper', { path: '/Src/Plan.paper' });
  world.service.setIgnorePatterns(['*.tmp']);
  await put('/Src/x.tmp', 'x');
  expect(await world.service.bulkImport('/Src/one.txt', P)).toMatchObject({ total: 1, done: 1 });
  const report = await world.service.bulkImport('/Src', { kind: 'folder', path: 'P/New/Inner' });
  expect(report).toMatchObject({ total: 4, done: 2, skipped: 2 });
  expect(world.entry('P/New/Inner/Plan.paper')).toMatchObject({ type: 'url', contentHash: null });
  expect(await world.sync()).toMatchObject({ ...NOTHING, createdFolders: expect.any(Number) as number });
  expect(await underRoot('P')).toEqual([
    'P/New',
    'P/New/Inner',
    'P/New/Inner/Plan.paper',
    'P/New/Inner/one.txt',
    'P/one.txt',
  ]);
});

test('what cannot be is said, and leaves no job behind', async () => {
  await put('/Src/a.txt', 'a');
  await put('/ERP/P/b.txt', 'b');
  world.service.addClient('Second', 'Other', { kind: 'access-token', token: 'service-token' });
  expect([
    await code(world.service.bulkImport('/nope', P)),
    await code(world.service.bulkImport('/ERP/P', RECORD)),
    await code(world.service.bulkImport('/erp', RECORD)),
    await code(world.service.bulkImport('/', RECORD)),
    await code(world.service.bulkImport('/Src', { kind: 'folder', path: '' })),
    await code(world.service.bulkImport('/Src', { kind: 'folder', path: 'Nobody' })),
    await code(world.service.bulkImport('/Src', P, { client: 'Second' })),
    await code(world.service.bulkImport('/Src', P, { client: 'nope' })),
    await code(world.service.bulkReport(99)),
    await code(world.service.bulkResume(99)),
  ]).toEqual([
    'unknown-path',
    'inside-root',
    'inside-root',
    'inside-root',
    'bad-path',
    'outside-clients',
    'other-client',
    'unknown-client',
    'unknown-job',
    'unknown-job',
  ]);
  expect(await world.service.bulkJobs()).toEqual([]);
  expect(
    await world.service.bulkImport('/Src', { kind: 'folder', path: 'Nobody' }, { client: 'Second' }),
  ).toMatchObject({
    client: 'Second',
    done: 1,
  });
  await world.sync();
  expect(Object.keys(await world.remote('Other'))).toContain('Nobody/a.txt');
});

describe('on a bad day', () => {
  test('answers that are lost, a server that is busy and jobs that take their time: each document once', async () => {
    await many('/Src', 60);
    await world.emulator.control('faults', {
      loseAnswer: { every: 2, endpoints: ['files/copy_batch_v2', 'files/create_folder_v2'] },
      failEntries: { every: 7 },
      jobPolls: 2,
      forceAsync: true,
    });
    const report = await world.service.bulkImport('/Src', P);
    expect(report).toMatchObject({ state: 'done', total: 65, failed: 0, left: 0 });
    // What a copy whose answer was lost has brought already is found there, and left out.
    expect(report.done + report.skipped).toBe(65);
    await world.emulator.control('faults', { clear: true });
    expect((await underRoot('P')).filter((path) => path.endsWith('.txt'))).toHaveLength(60);
    await world.sync();
    expect(await world.sync()).toMatchObject(NOTHING);
    expect(world.service.list('P').filter(({ kind }) => kind === 'file')).toHaveLength(60);
  });

  test('an account that is full ends the job, which goes on when there is room', async () => {
    await many('/Src', 300);
    const { used } = (await (await fetch(`${world.emulator.origin}/_control/account`)).json()) as { used: number };
    await world.emulator.control('quota', { allocated: used + 1_500 });
    const report = await world.service.bulkImport('/Src', P);
    expect(report).toMatchObject({ state: 'failed', error: expect.stringContaining('full') as string });
    expect(report.done).toBeGreaterThan(5);
    expect(report.left).toBeGreaterThan(5);
    await world.emulator.control('quota', { allocated: 10 ** 9 });
    await world.reopen();
    expect(await world.service.bulkResume(report.id)).toMatchObject({
      state: 'done',
      total: 305,
      failed: 0,
      left: 0,
      error: null,
    });
    expect((await underRoot('P')).filter((path) => path.endsWith('.txt'))).toHaveLength(300);
    await world.sync();
    expect(await world.sync()).toMatchObject(NOTHING);
  });

  test('beside passes of the same program', async () => {
    await many('/Src', 250);
    const stop = new AbortController();
    const watching = world.service.watch(stop.signal);
    const report = await world.service.bulkImport('/Src', RECORD);
    expect(report).toMatchObject({ state: 'done', total: 255, failed: 0 });
    await world.sync();
    stop.abort();
    await watching;
    expect(await world.sync()).toMatchObject(NOTHING);
    const files = world.service.list('Quotations/SO001').filter(({ kind }) => kind === 'file');
    expect(files).toHaveLength(250);
    expect(files.every(({ state }) => state === 'freed' || state === 'synced')).toBe(true);
    expect((await underRoot('Quotations/SO001')).filter((path) => path.endsWith('.txt'))).toHaveLength(250);
    expect(world.service.conflicts()).toEqual([]);
  });

  test('a document that is gone meanwhile fails alone, and is tried again by a resume', async () => {
    await put('/Src/a.txt', 'a');
    await put('/Src/b.txt', 'b');
    await world.emulator.control('faults', { latencyMs: 60 });
    const work = world.service.bulkImport('/Src', P, {
      onProgress: ({ total, done }) => {
        if (total === 2 && done === 0) void world.emulator.control('delete', { path: '/Src/b.txt' });
      },
    });
    const report = await work;
    await world.emulator.control('faults', { clear: true });
    expect(report).toMatchObject({
      state: 'done',
      done: 1,
      failed: 1,
      items: [{ source: '/Src/b.txt', state: 'failed' }],
    });
    expect(await world.service.bulkResume(report.id)).toMatchObject({ state: 'done', done: 1, failed: 1 });
  });
});

describe('stopping and going on', () => {
  test('by the signal', async () => {
    await many('/Src', 450);
    const stop = new AbortController();
    const report = await world.service.bulkImport('/Src', P, {
      signal: stop.signal,
      onProgress: ({ done }) => done > 100 && stop.abort(),
    });
    expect(report.state).toBe('stopped');
    expect(report.left).toBeGreaterThan(50);
    expect(await world.service.bulkResume(report.id)).toMatchObject({ state: 'done', total: 455, left: 0, failed: 0 });
    expect((await underRoot('P')).filter((path) => path.endsWith('.txt'))).toHaveLength(450);
  });

  test('by another process; while one runs, no other starts', async () => {
    await many('/Src', 450);
    const env = { DOCKTIDE_DROPBOX_ORIGIN: world.emulator.origin };
    const other = await openDocktide({ dataFolder: world.dataFolder, env });
    try {
      let id = 0;
      const started = Promise.withResolvers<void>();
      await world.emulator.control('faults', { latencyMs: 30 });
      const work = world.service.bulkImport('/Src', P, {
        onStart: (job) => (id = job),
        onProgress: ({ done }) => done > 0 && started.resolve(),
      });
      await started.promise;
      expect(await other.bulkJobs()).toMatchObject([{ id, state: 'running' }]);
      expect(await code(other.bulkImport('/Src', RECORD))).toBe('job-running');
      expect(await code(world.service.bulkImport('/Src', RECORD))).toBe('job-running');
      expect(await other.bulkCancel(id)).toMatchObject({ state: 'cancelled' });
      expect(await work).toMatchObject({ state: 'cancelled' });
      await world.emulator.control('faults', { clear: true });
      expect(await other.bulkResume(id)).toMatchObject({ state: 'done', left: 0 });
      expect((await other.bulkReport(id, true)).items).toHaveLength(455);
      expect(await other.bulkCancel(id)).toMatchObject({ state: 'done' });
    } finally {
      await other.close();
    }
  });
});
