// Names that somebody else has put into Dropbox, and links in the documents folder: nothing leaves the documents folder,
// nothing is lost, everything else goes on.

import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashOfBytes } from '../../src-main/infra/content-hash.ts';
import { refusedByDropbox } from '../../src-shared/names.ts';
import { Bench, ROOT } from '../support/cli.ts';
import { agreeWithPeerAfterEach } from '../support/peer-check.ts';
import type { EntryView, SyncSummary, TaskView } from '../../src-shared/views.ts';

const hashOf = (text: string): string => hashOfBytes(Buffer.from(text));

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
  await bench.setUp('folder', 'add', 'P', '--client', 'Office');
});
afterEach(() => bench.close());
agreeWithPeerAfterEach(() => [bench]);

const at = (path: string): string => join(bench.documents, path);
const readThere = async (path: string): Promise<string> =>
  (await bench.emulator.content(`/${ROOT}/${path}`)).toString('utf8');

/** Everything on the disk below the bench's folder but the documents and the data folder. */
function outside(): string[] {
  return readdirSync(bench.folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !name.startsWith('documents') && !name.startsWith('data'),
  );
}

/** Texts of all files in the documents folder, read byte for byte whatever their names. */
function textsHere(folder = bench.documents): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return textsHere(path);
    return entry.isFile() && entry.name !== '.docktide' ? [readFileSync(path, 'utf8')] : [];
  });
}

const NAMES: readonly string[] = [
  '...',
  '.. ',
  '..\\..\\etc\\passwd',
  '..%2f..%2fetc',
  'C:',
  'C:\\Windows\\System32',
  '\\\\server\\share',
  '~',
  '~root',
  '-rf',
  '$(touch hacked)',
  '`touch hacked`',
  'CON',
  'con.txt',
  'NUL',
  'LPT1.pdf',
  'aux.',
  'trailing dot.',
  'trailing space ',
  ' leading',
  'a:b*c?d"e<f>g|h',
  'line\nfeed\r\ttab',
  'bell\u0007 escape\u001b[31m',
  'null\u0000byte',
  'delete\u007f',
  'right to left \u202egnp.exe',
  'zero\u200bwidth',
  'x'.repeat(255),
  'ü'.repeat(255),
  '字'.repeat(200),
  `${'é'.repeat(124)}.longext`,
  '😀'.repeat(60),
  '.docktide',
  '.docktide-x.tmp',
  '.docktide-',
  '.docktideignore.txt',
  'name (conflicted copy from Dropbox, 2026-11-23).txt',
  '__proto__',
  'constructor',
];

test('hostile names from Dropbox stay inside, and each keeps its content on both sides', async () => {
  for (const [index, name] of NAMES.entries()) {
    // As a file and, with a document inside, as a folder.
    await bench.put(`P/Files/${name}`, `file ${index}`);
    await bench.put(`P/Folders/${name}/inside.txt`, `inside ${index}`);
  }
  await bench.put('P/plain.txt', 'plain');
  const before = await bench.emulator.tree();
  const first = await bench.json<SyncSummary>('sync');
  expect(outside()).toEqual([]);
  expect(readFileSync(at('.docktide'), 'utf8')).toContain('store');
  expect((await bench.view<TaskView[]>('queue')).map((task) => `${task.path}: ${task.error}`)).toEqual([]);
  const expected = ['plain', ...NAMES.flatMap((_, index) => [`file ${index}`, `inside ${index}`])];
  expect(textsHere().toSorted()).toEqual(expected.toSorted());
  expect(first).toMatchObject({ code: 0, value: { failed: 0, held: 0, conflicts: 0 } });
  // Nothing was renamed in Dropbox for their sake.
  expect(await bench.emulator.tree()).toEqual(before);
  const quiet = { uploaded: 0, downloaded: 0, moved: 0, deletedLocal: 0, deletedRemote: 0, conflicts: 0, failed: 0 };
  expect(await bench.settle()).toMatchObject(quiet);

  // Every one of them can be changed here, and the change reaches the document that it belongs to.
  const edit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) edit(path);
      else writeFileSync(path, `${readFileSync(path, 'utf8')} edited`);
    }
  };
  edit(at('P'));
  const edited = await bench.json<SyncSummary>('sync');
  // Dropbox's own API takes no document of such a name, however it has come there: told, and kept here.
  const refused = NAMES.filter((name) => refusedByDropbox(name) !== null);
  expect(edited.value).toMatchObject({ conflicts: 0, deletedRemote: 0, deletedLocal: 0, moved: 0 });
  expect(edited.value.failed > 0 === (edited.code === 3)).toBe(true);
  const after = await bench.emulator.tree();
  expect(after.map((row) => row.path)).toEqual(before.map((row) => row.path));
  const remote = await bench.remote();
  const stale = NAMES.flatMap((name, index) => {
    const isEdited =
      remote[`P/Files/${name}`] === hashOf(`file ${index} edited`) &&
      remote[`P/Folders/${name}/inside.txt`] === hashOf(`inside ${index} edited`);
    return isEdited ? [] : [name];
  });
  expect(stale.filter((name) => !refused.includes(name))).toEqual([]);
  expect(edited.value.failed).toBeLessThanOrEqual(2 * refused.length);
  expect(edited.value.failed).toBeGreaterThanOrEqual(stale.length);
  expect(textsHere().toSorted()).toEqual(expected.map((text) => `${text} edited`).toSorted());
  expect((await bench.json<SyncSummary>('sync')).value).toMatchObject({ ...quiet, failed: edited.value.failed });

  // And deleted there: gone here, still nothing outside.
  await bench.removeThere('P/Files');
  await bench.removeThere('P/Folders');
  await bench.json('sync', '--yes');
  // What could not be sent survives its deletion there, as an edit does.
  expect(textsHere()).toHaveLength(1 + edited.value.failed);
  expect(outside()).toEqual([]);
});

test('names like those of entries set aside or of our own files mapped, and nothing is lost', async () => {
  const names = [
    '.dt-aside-7-name.txt',
    '.dt-aside-8-name.txt',
    '.dt-aside-7-',
    '.dt-aside-1-.docktide',
    '.dt-aside-',
    '.docktide',
    '_.docktide',
  ];
  await bench.put('P/name.txt', 'name.txt');
  for (const name of names) {
    await bench.put(`P/${name}`, name);
    await bench.put(`P/Folders/${name}/inside.txt`, `inside ${name}`);
  }
  await bench.json('sync');
  await bench.json('sync');
  const expected = ['name.txt', ...names, ...names.map((name) => `inside ${name}`)].toSorted();
  expect(textsHere().toSorted()).toEqual(expected);
  const remote = Object.entries(await bench.remote()).filter(([, hash]) => hash !== null);
  expect((await Promise.all(remote.map(([path]) => readThere(path)))).toSorted()).toEqual(expected);
  expect(readFileSync(at('.docktide'), 'utf8')).toContain('store');
  expect(await bench.sync()).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, failed: 0 });
});

test.each(['.', '..', 'a/b', '../../evil', '/etc/evil', ''])(
  'a server that tells the name "%s", which Dropbox never would, does not lead outside',
  async (name) => {
    await bench.put('P/file.txt', 'hostile file');
    await bench.put('P/folder/inside.txt', 'hostile inside');
    await bench.put('P/plain.txt', 'plain');
    const { tree } = bench.emulator.state;
    const rows = await bench.emulator.tree();
    const folder = tree.byId(rows.find((row) => row.path.endsWith('/P'))?.id ?? '');
    for (const path of ['P/file.txt', 'P/folder']) {
      const id = rows.find((row) => row.path === `/${ROOT}/${path}`)?.id ?? '';
      tree.apply({ op: 'move', id, parent: folder?.id ?? '', name, revsAfter: null, at: 0 });
      // The second one would replace the first: each comes alone.
      const report = await bench.json<SyncSummary>('sync', '--yes');
      expect(report.value).toMatchObject({ deletedRemote: 0 });
      expect(outside()).toEqual([]);
      tree.apply({ op: 'move', id, parent: folder?.id ?? '', name: `healed ${path.slice(2)}`, revsAfter: null, at: 0 });
    }
    await bench.settle('--yes');
    expect(textsHere().toSorted()).toEqual(['hostile file', 'hostile inside', 'plain']);
    expect(outside()).toEqual([]);
  },
);

test('names equal but for case or Unicode form', async () => {
  const local = [
    'Straße.txt',
    'STRASSE.txt',
    'Ä.txt',
    'caf\u00e9.txt',
    'İ.txt',
    'ı.txt',
    'ﬁ.txt',
    'fi.txt',
    'ſ.txt',
    's.txt',
  ];
  for (const name of local) await bench.put(`P/${name}`, name);
  // To Dropbox these are the same name; here they are two files.
  writeFileSync(at('P/Same.txt'), 'one');
  writeFileSync(at('P/same.TXT'), 'two');
  writeFileSync(at('P/nfc \u00e9.txt'), 'composed');
  writeFileSync(at('P/nfc e\u0301.txt'), 'decomposed');
  mkdirSync(at('P/Dir'));
  mkdirSync(at('P/dIR'));
  writeFileSync(at('P/Dir/a.txt'), 'in Dir');
  writeFileSync(at('P/dIR/b.txt'), 'in dIR');
  const first = await bench.json<SyncSummary>('sync', '--yes');
  expect(first.value).toMatchObject({ deletedLocal: 0, deletedRemote: 0 });
  await bench.json('sync', '--yes');
  await bench.json('sync', '--yes');
  const texts = textsHere().toSorted();
  expect(texts).toEqual([...local, 'one', 'two', 'composed', 'decomposed', 'in Dir', 'in dIR'].toSorted());
  // Each content is in Dropbox once as well.
  const remote = Object.entries(await bench.remote()).filter(([, hash]) => hash !== null);
  const thereTexts = await Promise.all(remote.map(([path]) => readThere(path)));
  expect(thereTexts.toSorted()).toEqual(texts);
  expect(await bench.json('sync')).toMatchObject({
    value: { uploaded: 0, downloaded: 0, moved: 0, deletedLocal: 0, deletedRemote: 0 },
  });
});

test('deep trees and long paths', async () => {
  const deep = Array.from({ length: 120 }, (_, index) => `level ${index}`).join('/');
  await bench.put(`P/${deep}/bottom.txt`, 'bottom');
  // Longer than a path may be on this disk: told, and all else goes on.
  const long = Array.from({ length: 20 }, (_, index) => `${index}${'y'.repeat(240)}`).join('/');
  await bench.put(`P/Long/${long}/too deep.txt`, 'too deep');
  await bench.put('P/plain.txt', 'plain');
  const report = await bench.json<SyncSummary>('sync');
  expect(readFileSync(at(`P/${deep}/bottom.txt`), 'utf8')).toBe('bottom');
  expect(readFileSync(at('P/plain.txt'), 'utf8')).toBe('plain');
  expect(report).toMatchObject({ code: 3, value: { deletedRemote: 0 } });
  expect(report.value.failed).toBeGreaterThan(0);
  const again = await bench.json<SyncSummary>('sync', '--yes');
  expect(again.value).toMatchObject({ uploaded: 0, downloaded: 0, deletedRemote: 0, deletedLocal: 0, moved: 0 });
  expect(await readThere(`P/Long/${long}/too deep.txt`)).toBe('too deep');
  expect(outside()).toEqual([]);
});

test('F12: links in the documents folder are not followed, whichever side writes below them', async () => {
  const secret = join(bench.folder, 'secret');
  mkdirSync(join(secret, 'deep'), { recursive: true });
  writeFileSync(join(secret, 'passwords.txt'), 'secret');
  await bench.put('P/known/f.txt', 'known');
  await bench.settle();
  symlinkSync(secret, at('P/d'));
  symlinkSync(join(secret, 'passwords.txt'), at('P/file link'));
  symlinkSync('/', at('P/root'));
  symlinkSync(at('P'), at('P/known/loop'));
  symlinkSync(secret, at('Top'));
  await bench.put('P/d/f.txt', 'below a link');
  await bench.put('P/file link', 'over a link');
  await bench.put('P/root/etc/evil.txt', 'evil');
  await bench.put('P/other.txt', 'other');
  await bench.put('Top/t.txt', 'top');
  await bench.json('sync', '--yes');
  const second = await bench.json<SyncSummary>('sync', '--yes');
  expect(second.value).toMatchObject({ deletedRemote: 0, deletedLocal: 0, moved: 0, uploaded: 0 });
  expect(readdirSync(secret, { recursive: true, encoding: 'utf8' }).toSorted()).toEqual(['deep', 'passwords.txt']);
  expect(readFileSync(join(secret, 'passwords.txt'), 'utf8')).toBe('secret');
  for (const link of ['P/d', 'P/file link', 'P/root', 'P/known/loop', 'Top']) {
    expect(lstatSync(at(link)).isSymbolicLink()).toBe(true);
  }
  expect(readFileSync(at('P/other.txt'), 'utf8')).toBe('other');
  // What lies in Dropbox at those names stays there, and nothing behind the links was sent.
  const remote = await bench.remote();
  expect(Object.keys(remote).filter((path) => remote[path] !== null)).toEqual(
    ['P/d/f.txt', 'P/file link', 'P/known/f.txt', 'P/other.txt', 'P/root/etc/evil.txt', 'Top/t.txt'].toSorted(),
  );
  expect(await readThere('P/file link')).toBe('over a link');
  const listed = (await bench.view<EntryView[]>('ls')).map((entry) => entry.path);
  expect(listed).not.toContain('P/d/deep');
});

test('a folder that becomes a link while it is known is not read as deleted, nor written through', async () => {
  await bench.put('P/d/f.txt', 'f');
  await bench.put('P/d/g.txt', 'g');
  await bench.settle();
  const away = join(bench.folder, 'away');
  renameSync(at('P/d'), away);
  symlinkSync(away, at('P/d'));
  await bench.put('P/d/f.txt', 'f edited there');
  await bench.put('P/d/new.txt', 'new there');
  const report = await bench.json<SyncSummary>('sync', '--yes');
  expect(report.value).toMatchObject({ deletedRemote: 0 });
  expect(readFileSync(join(away, 'f.txt'), 'utf8')).toBe('f');
  expect(readdirSync(away).toSorted()).toEqual(['f.txt', 'g.txt']);
  expect(await readThere('P/d/g.txt')).toBe('g');
});
