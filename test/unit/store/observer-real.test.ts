import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RelPath } from '../../../src-shared/domain.ts';
import type { Observer } from '../../../src-main/engine/ports.ts';
import { hashOfBytes } from '../../../src-main/infra/content-hash.ts';
import { NodeDisk, initDocuments } from '../../../src-main/store/disk/node-disk.ts';
import { createObserver } from '../../../src-main/store/observer.ts';
import { createStore, type DocumentStore } from '../../../src-main/store/open-store.ts';

// The rules of identity where a real file system has its own mind: inodes that are used again at once, birth times,
// dates put back, names of raw bytes.

let base: string;
let root: string;
let store: DocumentStore;
let observer: Observer;

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'docktide-real-'));
  root = join(base, 'documents');
  store = createStore({ file: ':memory:', now: () => Date.now() });
  store.clients.add({ name: 'main', root: 'R', state: 'connected', appKey: null, credentials: {} });
  await initDocuments(root, store.id);
  const disk = new NodeDisk({ root, trashFolder: join(base, 'trash'), storeId: store.id });
  observer = createObserver({ store, disk });
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const at = (path: string): string => join(root, path);
const write = (path: string, text: string): void => {
  mkdirSync(join(at(path), '..'), { recursive: true });
  writeFileSync(at(path), text);
};
const id = (path: string): number | null => store.entries.entryAt(path as RelPath);
const paths = (): string[] => store.listing.list().map((entry) => entry.path);
const agrees = (): void => {
  for (const entry of store.listing.list()) {
    if (entry.kind === 'file') expect(entry.contentHash).toBe(hashOfBytes(readFileSync(at(entry.path))));
  }
};

describe('on a real disk', () => {
  test('an inode that is used again at once is not the old file', async () => {
    write('old.txt', 'old content');
    await observer.observe('everything');
    const before = id('old.txt');
    unlinkSync(at('old.txt'));
    write('new.txt', 'other content');
    await observer.observe('everything');
    expect(paths()).toEqual(['new.txt']);
    expect(id('new.txt')).not.toBe(before);
    agrees();
  });

  test('safe-save, swap, rename with edit, folder rename', async () => {
    for (const path of ['doc', 'a', 'b', 'x', 'd/s/f']) write(path, `content of ${path}`);
    await observer.observe('everything');
    const [doc, a, b, x, d, f] = ['doc', 'a', 'b', 'x', 'd', 'd/s/f'].map(id);
    write('doc.tmp', 'saved');
    renameSync(at('doc'), at('doc.bak'));
    renameSync(at('doc.tmp'), at('doc'));
    unlinkSync(at('doc.bak'));
    renameSync(at('a'), at('t'));
    renameSync(at('b'), at('a'));
    renameSync(at('t'), at('b'));
    renameSync(at('x'), at('d/y'));
    writeFileSync(at('d/y'), 'edited');
    renameSync(at('d'), at('e'));
    const result = await observer.observe('everything');
    expect([id('doc'), id('b'), id('a'), id('e/y'), id('e'), id('e/s/f')]).toEqual([doc, a, b, x, d, f]);
    expect(paths()).toHaveLength(7);
    expect(result.problems).toEqual([]);
    agrees();
    expect((await observer.observe('everything')).changed).toBe(0);
  });

  test('an edit with the date put back is found', async () => {
    write('f', 'AAAA');
    const date = new Date(1_600_000_000_000);
    utimesSync(at('f'), date, date);
    await observer.observe('everything');
    writeFileSync(at('f'), 'BBBB');
    utimesSync(at('f'), date, date);
    expect((await observer.observe('everything')).hashed).toBe(1);
    agrees();
  });

  test('a copy with its date, and the removal of the first, is a move', async () => {
    write('f', 'some unique bytes');
    await observer.observe('everything');
    const before = id('f');
    copyFileSync(at('f'), at('g'));
    unlinkSync(at('f'));
    await observer.observe('everything');
    expect(id('g')).toBe(before);
  });

  test('a name of raw bytes and a symlink to the outside are reported; the rest goes on; a rename heals', async () => {
    const raw = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x66, 0xfc, 0x72])]);
    writeFileSync(raw, 'x');
    symlinkSync('/etc', at('etc'));
    write('ok', 'O');
    const { problems } = await observer.observe('everything');
    expect(problems.map((problem) => problem.code).toSorted((one, other) => (one < other ? -1 : 1))).toEqual([
      'not-utf8',
      'symlink',
    ]);
    expect(paths()).toEqual(['ok']);
    renameSync(raw, at('für'));
    await observer.observe('everything');
    expect(paths()).toEqual(['für', 'ok']);
  });

  test('decomposed names stay as they are', async () => {
    const name = 'fo\u0301lder';
    write(`${name}/f`, 'F');
    await observer.observe('everything');
    expect(paths()).toEqual([name, `${name}/f`]);
    expect((await observer.observe('everything')).changed).toBe(0);
  });

  test('an unmounted folder changes nothing', async () => {
    write('d/f', 'F');
    await observer.observe('everything');
    renameSync(root, `${root}.away`);
    await expect(observer.observe('everything')).rejects.toMatchObject({ code: 'documents-missing' });
    mkdirSync(root);
    await expect(observer.observe('everything')).rejects.toMatchObject({ code: 'marker-missing' });
    rmSync(root, { recursive: true });
    renameSync(`${root}.away`, root);
    expect((await observer.observe('everything')).changed).toBe(0);
    expect(paths()).toEqual(['d', 'd/f']);
  });

  test('a folder that came back from a backup has other inodes and the same entries', async () => {
    write('d/s/f', 'F');
    write('g', 'G');
    await observer.observe('everything');
    const before = ['d', 'd/s', 'd/s/f', 'g'].map(id);
    rmSync(at('d'), { recursive: true });
    unlinkSync(at('g'));
    write('g', 'G');
    write('d/s/f', 'F');
    await observer.observe('everything');
    expect(['d', 'd/s', 'd/s/f', 'g'].map(id)).toEqual(before);
  });
});
