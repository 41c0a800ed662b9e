// Several Dropboxes in one documents folder: each keeps its own, also where two of them have the same names.

import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench, TOKEN } from '../support/cli.ts';
import { agreeWithPeerAfterEach } from '../support/peer-check.ts';
import type { EntryView } from '../../src-shared/views.ts';

const SECOND = 'Other Root';
const QUIET = { uploaded: 0, downloaded: 0, moved: 0, deletedLocal: 0, deletedRemote: 0, conflicts: 0, failed: 0 };

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
  await bench.setUp('client', 'add', 'Second', '--root', SECOND, '--access-token', TOKEN);
});
afterEach(() => bench.close());
agreeWithPeerAfterEach(() => [bench]);

const at = (path: string): string => join(bench.documents, path);
const read = (path: string): string => readFileSync(at(path), 'utf8');
const putThere = (path: string, text: string) => bench.emulator.control('write', { path: `/${SECOND}/${path}`, text });
const readThere = async (root: string, path: string) => (await bench.emulator.content(`/${root}/${path}`)).toString();

test('one name in two Dropboxes has a place here for each, and every change finds its own', async () => {
  await bench.put('Shared/a.txt', 'a of Office');
  await bench.put('Shared/both.txt', 'both of Office');
  await putThere('Shared/b.txt', 'b of Second');
  await putThere('Shared/both.txt', 'both of Second');
  const office = await bench.remote();
  const second = await bench.remote(SECOND);
  expect(await bench.sync()).toMatchObject({ ...QUIET, downloaded: 4 });
  // Nothing was renamed or mixed in Dropbox for the sake of the names here.
  expect(await bench.remote()).toEqual(office);
  expect(await bench.remote(SECOND)).toEqual(second);
  const folders = (await bench.view<EntryView[]>('folder', 'list')).map(({ path, client }) => ({ path, client }));
  expect(folders).toEqual([
    { path: 'Shared', client: 'Office' },
    { path: 'Shared (Second)', client: 'Second' },
  ]);
  expect(['a.txt', 'both.txt'].map((name) => read(`Shared/${name}`))).toEqual(['a of Office', 'both of Office']);
  expect(['b.txt', 'both.txt'].map((name) => read(`Shared (Second)/${name}`))).toEqual([
    'b of Second',
    'both of Second',
  ]);
  expect(await bench.settle()).toMatchObject(QUIET);

  // Edits, new documents, moves and deletions of both sides.
  writeFileSync(at('Shared/both.txt'), 'edited for Office');
  appendFileSync(at('Shared (Second)/both.txt'), ', edited');
  mkdirSync(at('Shared (Second)/New'));
  writeFileSync(at('Shared (Second)/New/here.txt'), 'new here');
  renameSync(at('Shared/a.txt'), at('Shared/renamed.txt'));
  await bench.put('Shared/there.txt', 'new in Office');
  await bench.emulator.control('delete', { path: `/${SECOND}/Shared/b.txt` });
  await bench.sync();
  expect(Object.keys(await bench.remote())).toEqual([
    'Shared',
    'Shared/both.txt',
    'Shared/renamed.txt',
    'Shared/there.txt',
  ]);
  expect(Object.keys(await bench.remote(SECOND))).toEqual([
    'Shared',
    'Shared/New',
    'Shared/New/here.txt',
    'Shared/both.txt',
  ]);
  expect(await readThere(SECOND, 'Shared/both.txt')).toBe('both of Second, edited');
  expect(await bench.settle()).toMatchObject(QUIET);

  // The first name is given up: the other one does not follow, nothing is deleted there.
  rmSync(at('Shared'), { recursive: true });
  await bench.sync('--yes');
  expect(await bench.remote()).toEqual({});
  expect(Object.keys(await bench.remote(SECOND))).toHaveLength(4);
  expect(await bench.settle()).toMatchObject(QUIET);
  expect(read('Shared (Second)/New/here.txt')).toBe('new here');
});

test('a document moved from the folders of one client to those of another goes along, and is nowhere twice', async () => {
  await bench.setUp('folder', 'add', 'Mine', '--client', 'Office');
  await bench.setUp('folder', 'add', 'Yours', '--client', 'Second');
  mkdirSync(at('Mine/Dir'));
  writeFileSync(at('Mine/Dir/in.txt'), 'in the folder');
  writeFileSync(at('Mine/file.txt'), 'a file');
  await bench.settle();
  renameSync(at('Mine/Dir'), at('Yours/Dir'));
  renameSync(at('Mine/file.txt'), at('Yours/file.txt'));
  await bench.sync('--yes');
  expect(await bench.settle('--yes')).toMatchObject({ ...QUIET });
  expect(Object.keys(await bench.remote())).toEqual(['Mine']);
  expect(Object.keys(await bench.remote(SECOND))).toEqual(['Yours', 'Yours/Dir', 'Yours/Dir/in.txt', 'Yours/file.txt']);
  expect(Object.keys(await bench.local())).toEqual([
    'Mine',
    'Yours',
    'Yours/Dir',
    'Yours/Dir/in.txt',
    'Yours/file.txt',
  ]);
});
