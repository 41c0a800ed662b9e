// Hundreds of real files through the real command line, changed on both sides in several rounds. After each the
// documents folder, `ls` and Dropbox agree by content hash, and one more sync does nothing with one request at most.

import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench, ROOT } from '../support/cli.ts';
import { agreeWithPeerAfterEach } from '../support/peer-check.ts';
import { contentOf, nameOf, seeded, writeFiles, writeLargeFile } from '../support/cli-files.ts';

let bench: Bench;
const paths: string[] = [];
const FOLDERS = [
  'Quotations/SO001',
  'Quotations/SO001/Contracts',
  'Quotations/SO002/Drawings',
  'Quotations/SO003 Grüße 🏗',
  'Archive/2025/Über mich',
  'Archive/2026/deep/deeper/deepest',
];

beforeAll(async () => {
  bench = await Bench.open();
  await bench.setUp('type', 'add', 'sale.order', '--label', 'Quotations');
  await bench.setUp('rule', 'add', 'sale.order', '--client', 'Office', '--subfolders', 'Contracts,Drawings');
  for (const name of ['SO001', 'SO002', 'SO003 Grüße 🏗']) {
    await bench.setUp('record', 'add', 'sale.order', name.slice(0, 5), '--name', name);
  }
  await bench.setUp('folder', 'add', 'Archive', '--client', 'Office');
});
afterAll(() => bench.close());
agreeWithPeerAfterEach(() => [bench]);

const at = (path: string): string => join(bench.documents, path);

/** Local, listed and remote trees are one, and a further pass does nothing. */
async function agree(): Promise<Record<string, string | null>> {
  const local = await bench.local();
  expect(await bench.remote()).toEqual(local);
  expect(await bench.listed()).toEqual(local);
  const again = await bench.sync();
  const { requests, seconds: _seconds, bytesUp: _up, bytesDown: _down, ...work } = again;
  expect(Object.values(work).flat()).toEqual(Object.values(work).flat().fill(0));
  expect(requests).toBeLessThanOrEqual(1);
  return local;
}

test('520 files and one of 300 MB go up', async () => {
  paths.push(...writeFiles(bench.documents, FOLDERS, 520, 1));
  writeLargeFile(at('Archive/large.mov'), 300 * 1024 * 1024);
  const summary = await bench.sync();
  expect(summary).toMatchObject({ uploaded: 521, downloaded: 0, failed: 0, held: 0, conflicts: 0 });
  const tree = await agree();
  expect(Object.values(tree).filter((hash) => hash !== null)).toHaveLength(521);
});

test('120 files from Dropbox come down', async () => {
  const random = seeded(2);
  for (let index = 0; index < 120; index++) {
    const { extension, bytes } = contentOf(index, random);
    await bench.put(`${FOLDERS[index % FOLDERS.length]}/there ${nameOf(index)}${index}${extension}`, bytes);
  }
  await bench.emulator.control('mkdir', { path: `/${ROOT}/Archive/empty/in empty` });
  expect(await bench.sync()).toMatchObject({ uploaded: 0, downloaded: 120, createdFolders: 2, conflicts: 0 });
  await agree();
});

test('edits on both sides, of the same size too', async () => {
  for (const path of paths.slice(0, 40)) appendFileSync(at(path), 'edited here');
  writeFileSync(at('Quotations/SO001/same size.txt'), 'aaaa');
  await bench.settle();
  const then = new Date('2026-01-02T03:04:05Z');
  utimesSync(at('Quotations/SO001/same size.txt'), then, then);
  await bench.settle();
  writeFileSync(at('Quotations/SO001/same size.txt'), 'bbbb');
  utimesSync(at('Quotations/SO001/same size.txt'), then, then);
  for (const path of paths.slice(40, 80)) await bench.put(path, `edited there ${path}`);
  expect(await bench.sync()).toMatchObject({ uploaded: 1, downloaded: 40, conflicts: 0 });
  const tree = await agree();
  expect(tree['Quotations/SO001/same size.txt']).toBeTruthy();
});

test('renames and moves of files and folders are moves, not transfers', async () => {
  for (const path of paths.slice(80, 100)) renameSync(at(path), at(`${path} renamed`));
  mkdirSync(at('Archive/moved'), { recursive: true });
  renameSync(at('Archive/2026'), at('Archive/moved/2026'));
  renameSync(at('Archive/large.mov'), at('Quotations/SO001/Contracts/Großer Film.mov'));
  for (const path of paths.slice(100, 110)) {
    if (!path.startsWith('Archive/2026')) await bench.moveThere(path, `Archive/from there/${path.split('/').at(-1)}`);
  }
  await bench.moveThere('Archive/2025/Über mich', 'Archive/2025/About me');
  const summary = await bench.sync();
  expect(summary).toMatchObject({ uploaded: 0, downloaded: 0, bytesUp: 0, bytesDown: 0, conflicts: 0, failed: 0 });
  await agree();
});

test('a rename of case only, and of Unicode form only', async () => {
  writeFileSync(at('Archive/readme.txt'), 'case');
  writeFileSync(at('Archive/caf\u00e9.txt'), 'form');
  await bench.settle();
  renameSync(at('Archive/readme.txt'), at('Archive/README.txt'));
  expect(await bench.sync()).toMatchObject({ uploaded: 0, downloaded: 0, moved: 1 });
  const tree = await agree();
  expect(tree).toHaveProperty(['Archive/README.txt']);
  expect(tree).not.toHaveProperty(['Archive/readme.txt']);
  renameSync(at('Archive/caf\u00e9.txt'), at('Archive/cafe\u0301.txt'));
  expect(await bench.sync()).toMatchObject({ uploaded: 0, downloaded: 0, deletedLocal: 0, deletedRemote: 0 });
  expect(await agree()).toHaveProperty(['Archive/cafe\u0301.txt']);
});

test('deletions on both sides', async () => {
  const files = Object.entries(await bench.local()).filter(([, hash]) => hash !== null);
  const gone = files.map(([path]) => path).filter((path) => path.startsWith('Quotations/SO002/'));
  for (const path of gone.slice(0, 10)) rmSync(at(path));
  for (const path of gone.slice(10, 20)) await bench.removeThere(path);
  rmSync(at('Archive/empty'), { recursive: true });
  const summary = await bench.sync();
  expect(summary).toMatchObject({ deletedLocal: 10, held: 0, conflicts: 0 });
  expect(summary.deletedRemote).toBeGreaterThanOrEqual(10);
  const tree = await agree();
  for (const path of gone.slice(0, 20)) expect(tree).not.toHaveProperty([path]);
});

test('both sides change the same file, and neither version is lost', async () => {
  writeFileSync(at('Archive/both.txt'), 'first');
  await bench.settle();
  writeFileSync(at('Archive/both.txt'), 'from here');
  await bench.put('Archive/both.txt', 'from there');
  const { code, value } = await bench.json<{ conflicts: number }>('sync');
  expect({ code, conflicts: value.conflicts }).toEqual({ code: 3, conflicts: 1 });
  const conflicts = await bench.view<{ path: string; copy: string; client: string }[]>('conflicts');
  expect(conflicts).toMatchObject([{ client: 'Office', path: 'Archive/both.txt' }]);
  const tree = await agree();
  const copy = conflicts[0]?.copy ?? '';
  expect(copy).toMatch(/^Archive\/both \(conflicted copy from Dropbox, \d{4}-\d\d-\d\d\)\.txt$/);
  expect((await bench.emulator.content(`/${ROOT}/Archive/both.txt`)).toString()).toBe('from here');
  expect((await bench.emulator.content(`/${ROOT}/${copy}`)).toString()).toBe('from there');
  expect(tree[copy]).toBeTruthy();
});

test('a deletion of very much is held until a person agrees, and all else goes on', async () => {
  rmSync(at('Quotations/SO003 Grüße 🏗'), { recursive: true });
  rmSync(at('Archive/moved'), { recursive: true });
  rmSync(at('Archive/2025'), { recursive: true });
  writeFileSync(at('Archive/meanwhile.txt'), 'goes up');
  const before = Object.keys(await bench.remote()).length;
  const { code, value } = await bench.json<{ held: number; deletedRemote: number; uploaded: number }>('sync');
  expect({ code, deleted: value.deletedRemote, uploaded: value.uploaded }).toEqual({
    code: 3,
    deleted: 0,
    uploaded: 1,
  });
  expect(value.held).toBeGreaterThan(0);
  expect(Object.keys(await bench.remote())).toHaveLength(before + 1);
  const status = await bench.view<{ counts: { held: number } }>('status');
  expect(status.counts.held).toBe(value.held);
  expect((await bench.sync('--yes')).deletedRemote).toBeGreaterThan(100);
  const tree = await agree();
  // The record's folder is the ERP's: it is there, empty but for its default subfolders.
  expect(Object.keys(tree).filter((path) => path.startsWith('Quotations/SO003'))).toHaveLength(3);
});
