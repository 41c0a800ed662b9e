// Bad days of a disk, through the real process: full, read-only, removed while it runs, files that change while they are
// read, closed files, clocks that jump. Nothing is lost, nothing is half done, and it goes on by itself afterwards.

import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bench, until, type StartOptions } from '../support/cli.ts';
import { DAY, shiftedClock } from '../support/cli-clock.ts';
import { waitForPass } from '../support/cli-waits.ts';
import { agreeWithPeerAfterEach } from '../support/peer-check.ts';
import type { StatusView, SyncSummary, TaskView } from '../../src-shared/views.ts';

const KIB = 1024;
let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
  await bench.setUp('folder', 'add', 'P', '--client', 'Office');
});
afterEach(() => bench.close());
agreeWithPeerAfterEach(() => [bench]);

const at = (path: string): string => join(bench.documents, path);
const filled = (size: number, mark: string): Buffer => Buffer.alloc(size, mark);

type Answer = Partial<SyncSummary> & { readonly error?: { readonly code: string; readonly message: string } };

async function sync(options: StartOptions = {}): Promise<Answer & { readonly code: number | null }> {
  const { code, stdout, stderr } = await bench.start(['sync', '--yes', '--json'], options).ended;
  try {
    return { code, ...(JSON.parse(stdout) as Answer) };
  } catch {
    throw new Error(`sync printed no JSON (exit ${code}):\n${stdout}\n${stderr}`);
  }
}

const QUIET = { uploaded: 0, downloaded: 0, moved: 0, deletedLocal: 0, deletedRemote: 0, conflicts: 0, failed: 0 };

async function agree(): Promise<void> {
  const local = await bench.local();
  expect(await bench.remote()).toEqual(local);
  expect(await sync()).toMatchObject({ code: 0, ...QUIET });
}

function temporaries(): string[] {
  return readdirSync(bench.documents, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'));
}

// ---------------------------------------------------------------- a small disk of its own

function mountRefusal(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-mount-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { encoding: 'utf8' });
  if (mounted.status === 0) spawnSync('umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
  return mounted.status === 0 ? null : (mounted.stderr ?? String(mounted.error)).trim();
}

const refusal = mountRefusal();
if (refusal !== null) process.stderr.write(`Tests with a disk of their own are skipped: mount says "${refusal}".\n`);

describe.skipIf(refusal !== null)('a small disk', () => {
  const mounts: string[] = [];
  afterEach(() => {
    for (const folder of mounts.splice(0)) execFileSync('umount', ['-l', folder]);
  });

  /** Puts a folder with all it holds on a disk of `size` bytes. */
  function onSmallDisk(folder: string, size: number): void {
    const aside = `${folder} aside`;
    renameSync(folder, aside);
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
    mounts.push(folder);
    execFileSync('cp', ['-a', `${aside}/.`, folder]);
    rmSync(aside, { recursive: true });
  }
  const remount = (folder: string, options: string): void =>
    void execFileSync('mount', ['-o', `remount,${options}`, folder]);

  test('the documents folder is full: what fits comes, the rest waits, uploads go on', async () => {
    onSmallDisk(bench.documents, 400 * KIB);
    writeFileSync(at('P/mine.txt'), 'mine');
    await bench.settle();
    for (let index = 0; index < 6; index++) await bench.put(`P/big ${index}.bin`, filled(100 * KIB, `${index}`));
    await bench.put('P/mine.txt', filled(300 * KIB, 'm'));
    writeFileSync(at('P/up.txt'), 'goes up');
    const full = await sync();
    expect(full).toMatchObject({ code: 3, uploaded: 1, deletedRemote: 0, deletedLocal: 0, conflicts: 0 });
    const queue = await bench.view<TaskView[]>('queue');
    expect(queue.length).toBeGreaterThan(0);
    expect(queue.every((task) => task.error === null || /full/.test(task.error))).toBe(true);
    // Whatever has its name is whole.
    const remote = await bench.remote();
    const local = await bench.local();
    const whole = Object.keys(local).filter((path) => path !== 'P/mine.txt' && local[path] !== null);
    expect(whole.filter((path) => local[path] !== remote[path])).toEqual([]);
    expect(existsSync(at('P/mine.txt'))).toBe(true);
    remount(bench.documents, `size=${4096 * KIB}`);
    expect(await sync()).toMatchObject({ code: 0, failed: 0, deletedRemote: 0 });
    await agree();
    expect(temporaries()).toEqual([]);
  });

  test('the data folder is full: an error in a sentence, and all goes on when there is room', async () => {
    writeFileSync(at('P/a.txt'), 'a');
    await bench.settle();
    const used = Number(execFileSync('du', ['-sk', bench.data], { encoding: 'utf8' }).split('\t')[0]) * KIB;
    onSmallDisk(bench.data, used + 64 * KIB);
    for (let index = 0; index < 300; index++) writeFileSync(at(`P/many ${index} ${'n'.repeat(100)}.txt`), `${index}`);
    await bench.put('P/there.txt', 'there');
    const full = await sync();
    expect(full.code).not.toBe(0);
    expect(full.error?.message ?? 'full').toMatch(/full/);
    remount(bench.data, `size=${64 * 1024 * KIB}`);
    expect(await sync()).toMatchObject({ code: 0, failed: 0, deletedLocal: 0, deletedRemote: 0, conflicts: 0 });
    expect(Object.keys(await bench.remote())).toHaveLength(303);
    await agree();
  });

  test('the trash has no room for what would be overwritten: it is not overwritten', async () => {
    writeFileSync(at('P/big.bin'), filled(600 * KIB, 'here'));
    await bench.settle();
    const used = Number(execFileSync('du', ['-sk', bench.data], { encoding: 'utf8' }).split('\t')[0]) * KIB;
    onSmallDisk(bench.data, used + 500 * KIB);
    await bench.put('P/big.bin', filled(10, 'there'));
    const full = await sync();
    expect(full).toMatchObject({ code: 3, downloaded: 0, uploaded: 0 });
    expect(readFileSync(at('P/big.bin')).equals(filled(600 * KIB, 'here'))).toBe(true);
    remount(bench.data, `size=${64 * 1024 * KIB}`);
    expect(await sync()).toMatchObject({ code: 0, downloaded: 1 });
    await agree();
    const [row] = await bench.view<{ id: number }[]>('trash', 'list');
    await bench.ok('trash', 'restore', String(row?.id));
    expect(readFileSync(at('P/big (restored).bin')).equals(filled(600 * KIB, 'here'))).toBe(true);
  });

  test.each(['documents', 'data'] as const)('the disk of the %s folder becomes read-only', async (which) => {
    onSmallDisk(bench[which], 64 * 1024 * KIB);
    writeFileSync(at('P/a.txt'), 'a');
    await bench.settle();
    await bench.put('P/there.txt', 'there');
    await bench.removeThere('P/a.txt');
    remount(bench[which], 'ro');
    const closed = await sync();
    expect(closed.code).toBe(1);
    expect(closed.error?.message).toMatch(/\.$/);
    expect(closed.error?.code).not.toBe('internal');
    remount(bench[which], 'rw');
    expect(await sync()).toMatchObject({ code: 0, downloaded: 1, deletedLocal: 1, deletedRemote: 0 });
    await agree();
  });

  test('unmounted while a pass runs: no deletion, and all is there when it is mounted again', async () => {
    for (let index = 0; index < 30; index++) writeFileSync(at(`P/${index}.txt`), `content ${index}`);
    await bench.settle();
    const before = await bench.remote();
    const aside = `${bench.documents} disk`;
    renameSync(bench.documents, aside);
    mkdirSync(bench.documents);
    execFileSync('mount', ['--bind', aside, bench.documents]);
    mounts.push(bench.documents);
    await bench.emulator.control('faults', { latencyMs: 150 });
    for (let index = 0; index < 10; index++) await bench.put(`P/new ${index}.txt`, 'new');
    const running = bench.start(['sync', '--yes', '--json']);
    await waitForPass(bench, running);
    execFileSync('umount', ['-l', mounts.pop() ?? '']);
    await running.ended;
    await bench.emulator.control('faults', { clear: true });
    expect(await bench.remote()).toMatchObject(before);
    // What was written beside the mount point, if anything, is not taken for the documents.
    expect((await sync()).code).toBe(1);
    rmSync(bench.documents, { recursive: true });
    renameSync(aside, bench.documents);
    expect(await sync()).toMatchObject({ code: 0, deletedRemote: 0, deletedLocal: 0, conflicts: 0 });
    await agree();
    expect(Object.keys(await bench.remote())).toHaveLength(41);
  });
});

// ---------------------------------------------------------------- removed while it runs

test('the documents folder is removed while it watches: nothing is deleted, and it goes on when it is back', async () => {
  for (let index = 0; index < 15; index++) writeFileSync(at(`P/${index}.txt`), `content ${index}`);
  await bench.settle();
  const before = await bench.remote();
  const watching = bench.start(['watch']);
  try {
    await until('watching', () => watching.output().includes('Watching'), watching.output);
    writeFileSync(at('P/first.txt'), 'first');
    await until('the first', async () => 'P/first.txt' in (await bench.remote()), watching.output);
    renameSync(bench.documents, `${bench.documents} away`);
    await bench.put('P/meanwhile.txt', 'meanwhile');
    await until('the sentence', () => watching.output().includes('is missing'), watching.output);
    // An empty folder in its place is no better.
    mkdirSync(bench.documents);
    await bench.put('P/more.txt', 'more');
    await until('the marker', () => watching.output().includes('does not hold the file'), watching.output);
    expect(await bench.remote()).toMatchObject(before);
    expect(readdirSync(bench.documents)).toEqual([]);
    rmSync(bench.documents, { recursive: true });
    renameSync(`${bench.documents} away`, bench.documents);
    await bench.put('P/last.txt', 'last');
    await until(
      'what came meanwhile',
      () => ['meanwhile', 'more', 'last'].every((name) => existsSync(at(`P/${name}.txt`))),
      watching.output,
    );
  } finally {
    watching.child.kill('SIGTERM');
    await watching.ended;
  }
  expect(await sync()).toMatchObject({ code: 0, deletedRemote: 0, deletedLocal: 0 });
  await agree();
});

// ---------------------------------------------------------------- files that change, closed files

test('a file that grows while it is uploaded arrives whole, never torn', async () => {
  writeFileSync(at('P/grows.log'), filled(9 * 1024 * KIB, 'g'));
  await bench.emulator.control('faults', { bandwidthBytesPerSecond: 12 * 1024 * KIB });
  const running = bench.start(['sync', '--json']);
  const grow = setInterval(() => appendFileSync(at('P/grows.log'), filled(64 * KIB, 'h')), 25);
  await running.ended;
  clearInterval(grow);
  const seen = (await bench.emulator.tree()).find((row) => row.path.endsWith('grows.log'));
  const bytes = readFileSync(at('P/grows.log'));
  // What was committed, if anything, is what the file was at one moment.
  const committed = seen === undefined ? Buffer.alloc(0) : await bench.emulator.content(seen.path);
  expect(bytes.subarray(0, committed.length).equals(committed)).toBe(true);
  await bench.emulator.control('faults', { clear: true });
  expect((await sync()).code).toBe(0);
  expect((await bench.emulator.content(seen?.path ?? '/ERP Documents/P/grows.log')).equals(bytes)).toBe(true);
  await agree();
});

test('a file that is edited here while its new version comes down keeps the edit', async () => {
  writeFileSync(at('P/doc.txt'), 'base');
  await bench.settle();
  await bench.put('P/doc.txt', filled(6 * 1024 * KIB, 'there'));
  await bench.emulator.control('faults', { bandwidthBytesPerSecond: 8 * 1024 * KIB });
  const running = bench.start(['sync', '--json']);
  await until('the download', () => temporaries().length > 0, running.output);
  writeFileSync(at('P/doc.txt'), 'edited here');
  await running.ended;
  await bench.emulator.control('faults', { clear: true });
  await sync();
  const texts = readdirSync(at('P')).map((name) => readFileSync(at(`P/${name}`)));
  expect(texts.map((text) => text.length).toSorted((a, b) => a - b)).toEqual([11, 6 * 1024 * KIB]);
  expect(readFileSync(at('P/doc.txt'), 'utf8')).toBe('edited here');
  expect(await bench.remote()).toEqual(await bench.local());
});

const NOBODY = 65534;

test('closed files and folders wait for a person; all else goes on', async () => {
  for (const path of ['open.txt', 'closed.txt', 'Dir/in.txt']) {
    mkdirSync(join(at(`P/${path}`), '..'), { recursive: true });
    writeFileSync(at(`P/${path}`), path);
  }
  await bench.settle();
  const give = (path: string): void => {
    chownSync(path, NOBODY, NOBODY);
    if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) give(join(path, name));
  };
  const isRoot = process.getuid?.() === 0;
  if (isRoot) give(bench.folder);
  const as: StartOptions = isRoot
    ? { through: ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] }
    : {};
  writeFileSync(at('P/closed.txt'), 'edited');
  chmodSync(at('P/closed.txt'), 0);
  chmodSync(at('P/Dir'), 0);
  writeFileSync(at('P/open.txt'), 'edited');
  await bench.put('P/Dir/from there.txt', 'from there');
  const closed = await sync(as);
  expect(closed).toMatchObject({ code: 3, uploaded: 1, deletedRemote: 0, deletedLocal: 0 });
  expect(Object.keys(await bench.remote())).toEqual(
    ['P', 'P/Dir', 'P/Dir/from there.txt', 'P/Dir/in.txt', 'P/closed.txt', 'P/open.txt'].toSorted(),
  );
  const { stdout } = await bench.start(['queue', '--json'], as).ended;
  const queue = JSON.parse(stdout) as TaskView[];
  expect(queue.map((task) => task.path)).toEqual(expect.arrayContaining(['P/closed.txt', 'P/Dir']));
  chmodSync(at('P/closed.txt'), 0o644);
  chmodSync(at('P/Dir'), 0o755);
  expect(await sync(as)).toMatchObject({ code: 0, uploaded: 1, downloaded: 1, failed: 0 });
  expect(await bench.remote()).toEqual(await bench.local());
});

// ---------------------------------------------------------------- clocks

test('dates far in the past and in the future move nothing and hide no edit', async () => {
  const names = ['past.txt', 'future.txt', 'epoch.txt'];
  for (const name of names) writeFileSync(at(`P/${name}`), 'first');
  const set = (shift: number): void => {
    for (const name of names) {
      const date = name === 'epoch.txt' ? new Date(0) : new Date(Date.now() + (name === 'past.txt' ? -shift : shift));
      utimesSync(at(`P/${name}`), date, date);
    }
  };
  set(DAY);
  await bench.settle();
  // Dates alone are no change.
  set(2 * DAY);
  expect(await bench.settle()).toMatchObject(QUIET);
  // An edit of the same size and with the very same date is seen.
  const before = names.map((name) => lstatSync(at(`P/${name}`)).mtime);
  for (const [index, name] of names.entries()) {
    writeFileSync(at(`P/${name}`), 'other');
    const date = before[index] ?? new Date();
    utimesSync(at(`P/${name}`), date, date);
  }
  expect(await bench.sync()).toMatchObject({ ...QUIET, uploaded: 3 });
  await bench.emulator.control('write', {
    path: '/ERP Documents/P/from the future.txt',
    text: 'future',
    clientModified: '2099-12-31T23:59:59Z',
  });
  expect(await bench.sync()).toMatchObject({ ...QUIET, downloaded: 1 });
  await agree();
});

test('a clock that jumps a day back and forth loses nothing and holds nothing up', async () => {
  const shifts = [0, DAY, -DAY, 0, 400 * DAY, 0];
  for (const [round, shift] of shifts.entries()) {
    writeFileSync(at(`P/here ${round}.txt`), `here ${round}`);
    await bench.put(`P/there ${round}.txt`, `there ${round}`);
    if (round > 0) {
      writeFileSync(at('P/here 0.txt'), `edited in round ${round}`);
      await bench.put('P/there 0.txt', `edited there in round ${round}`);
      rmSync(at(`P/there ${round - 1}.txt`), { force: round === 1 });
    }
    // A failure makes the task wait until a time that the next jump moves.
    await bench.emulator.control('faults', { status5xx: { next: 3, endpoints: ['files/download'] } });
    await sync(shiftedClock(shift));
    await bench.emulator.control('faults', { clear: true });
    const status = await bench.view<StatusView>('status');
    expect(status.clients[0]).toMatchObject({ state: 'connected', held: 0 });
  }
  expect(await sync()).toMatchObject({ code: 0, failed: 0, held: 0, conflicts: 0 });
  expect(readFileSync(at('P/here 0.txt'), 'utf8')).toBe('edited in round 5');
  await agree();
});
