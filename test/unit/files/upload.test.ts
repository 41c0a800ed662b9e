// Uploading files and whole folders: names, clashes, what is left out, stopping, taking it back.

import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { validName } from '../../../src-main/files/valid-name.ts';
import { refusedByDropbox } from '../../../src-shared/names.ts';
import { serviceWorld, type ServiceWorld } from '../../support/service-world.ts';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld();
});
afterEach(() => world.close());

function source(path: string, content: string): string {
  const file = join(world.folder, 'desk', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}
const desk = (path = ''): string => join(world.folder, 'desk', path);
const P = { kind: 'folder', path: 'P' } as const;
const temporaries = (): string[] =>
  (readdirSync(world.documents, { recursive: true }) as string[]).filter((name) => name.includes('.docktide-'));

test('a folder with all that is in it, as it is; system files and links are left out and told', async () => {
  source('Photos/a.jpg', 'a');
  source('Photos/2026/b.jpg', 'b');
  source('Photos/.DS_Store', 'x');
  source('Photos/~$open.docx', 'x');
  mkdirSync(desk('Photos/Empty'));
  symlinkSync(desk('Photos/a.jpg'), desk('Photos/link.jpg'));
  utimesSync(desk('Photos/a.jpg'), 1_600_000_000, 1_600_000_000);
  const told: number[] = [];
  const report = await world.service.upload([desk('Photos'), source('note.txt', 'n')], P, {
    onProgress: ({ done, total, bytesDone, bytesTotal }) => {
      told.push(bytesDone);
      expect([total, bytesTotal, done < total]).toEqual([3, 3, true]);
    },
  });
  expect(report.added.map(({ path, size }) => `${path} ${size}`)).toEqual([
    'P/Photos/2026/b.jpg 1',
    'P/Photos/a.jpg 1',
    'P/note.txt 1',
  ]);
  expect(report.folders).toEqual(['P/Photos', 'P/Photos/2026', 'P/Photos/Empty']);
  expect(report.skipped.map(({ source: file }) => file.slice(desk().length + 1))).toEqual([
    'Photos/.DS_Store',
    'Photos/link.jpg',
    'Photos/~$open.docx',
  ]);
  expect(report).toMatchObject({ failed: [], renamed: [], equal: [], stopped: false });
  expect(told.at(-1)).toBe(3);
  expect(report.added.every(({ id, path }) => world.entry(path).id === id)).toBe(true);
  await world.sync();
  expect(Object.keys(await world.remote())).toContain('P/Photos/Empty');
  expect(await world.remote()).toEqual(await world.local());
  expect((await world.emulator.tree('/ERP/P/Photos/a.jpg'))[0]?.clientModified ?? '2020-09-13T12:26:40Z').toBe(
    '2020-09-13T12:26:40Z',
  );
});

test('the same again is nothing new; another content under a taken name gets a number', async () => {
  source('Dir/a.txt', 'one');
  await world.service.upload([desk('Dir')], P);
  expect(await world.service.upload([desk('Dir')], P)).toMatchObject({
    added: [],
    folders: [],
    equal: [{ path: 'P/Dir/a.txt' }],
    undo: null,
  });
  source('Dir/A.txt', 'two');
  source('Dir/a.txt', 'three');
  const report = await world.service.upload([desk('Dir')], P);
  expect(report.added.map(({ path }) => path)).toEqual(['P/Dir/A (2).txt', 'P/Dir/a (3).txt']);
  expect(report.renamed.map(({ reason }) => reason)[0]).toContain('was there already with another content');
  expect(await world.service.upload([desk('Dir')], P)).toMatchObject({
    added: [],
    equal: [{ path: 'P/Dir/A (2).txt' }, { path: 'P/Dir/a (3).txt' }],
  });
  await world.sync();
  expect(await world.remote()).toEqual(await world.local());
});

test('a document whose bytes are not here keeps its name and is known by its content', async () => {
  world.write('P/a.txt', 'freed');
  await world.sync();
  world.service.setFolderKeep('P', 'links');
  await world.service.free({ dryRun: false });
  expect(await world.service.upload([source('a.txt', 'freed')], P)).toMatchObject({ equal: [{ path: 'P/a.txt' }] });
  expect((await world.service.upload([source('a.txt', 'other')], P)).added).toMatchObject([{ path: 'P/a (2).txt' }]);
  expect(world.entry('P/a.txt').state).toBe('freed');
  await world.sync();
  expect(Object.keys(await world.remote()).filter((path) => path.endsWith('txt'))).toEqual(['P/a (2).txt', 'P/a.txt']);
});

test('names that Dropbox does not take are made valid, and that is told', async () => {
  source('Dir.. /back\\slash.txt', '1');
  source('Dir.. /line\nbreak.txt ', '2');
  const report = await world.service.upload([desk('Dir.. ')], P);
  expect(report.added.map(({ path }) => path)).toEqual(['P/Dir/back＼slash.txt', 'P/Dir/line\u240abreak.txt']);
  expect(report.renamed).toHaveLength(3);
  await world.sync();
  expect(await world.remote()).toEqual(await world.local());
});

test('into the folder of a record, made where it is missing; taken back as a whole', async () => {
  await world.service.addRecord('sale.order', 'SO003', 'SO003', {});
  const report = await world.service.upload([source('x/a.txt', 'a')], {
    kind: 'record',
    type: 'sale.order',
    ref: 'SO003',
    sub: 'Drawings/New',
  });
  expect(report.added).toMatchObject([{ path: 'Quotations/SO003/Drawings/New/a.txt' }]);
  await world.sync();
  const undone = await world.service.undo(report.undo!.number);
  expect(undone).toMatchObject({
    undone: ['Quotations/SO003/Drawings/New/a.txt', 'Quotations/SO003/Drawings/New'],
    failed: [],
  });
  await world.sync();
  expect(await world.remote()).toEqual(await world.local());
  // What was edited since stays.
  const again = await world.service.upload([desk('x/a.txt')], P);
  world.write('P/a.txt', 'edited');
  await world.sync();
  expect(await world.service.undo(again.undo!.number)).toMatchObject({ undone: [], failed: [{ path: 'P/a.txt' }] });
});

test('stopped in the middle: whole files stay, half ones are gone, and it can be done again', async () => {
  for (let number = 0; number < 30; number++) source(`Many/${number}.bin`, 'x'.repeat(200_000));
  const stop = new AbortController();
  const report = await world.service.upload([desk('Many')], P, {
    signal: stop.signal,
    onProgress: ({ done }) => {
      if (done === 10) stop.abort();
    },
  });
  expect(report.stopped).toBe(true);
  expect(report.added.length).toBeGreaterThan(5);
  expect(report.added.length).toBeLessThan(30);
  expect(temporaries()).toEqual([]);
  const whole = await world.service.upload([desk('Many')], P);
  expect(whole.added.length + report.added.length).toBe(30);
  expect(whole.equal).toHaveLength(report.added.length);
});

test('what is not there or cannot be a target is said before anything is copied', async () => {
  const file = source('a.txt', 'a');
  const code = (work: Promise<unknown>) => work.catch((error: unknown) => (error as { code: string }).code);
  expect([
    await code(world.service.upload([file, desk('nope')], P)),
    await code(world.service.upload([file], { kind: 'folder', path: 'nope' })),
    await code(world.service.upload([file], { kind: 'id', folderId: 9_999 })),
    await code(world.service.upload([file], { kind: 'record', type: 'sale.order', ref: 'SO001', sub: 'a.' })),
  ]).toEqual(['missing-file', 'unknown-folder', 'unknown-folder', 'bad-name']);
  expect(world.service.list('P')).toHaveLength(1);
});

describe('valid names', () => {
  test.each([
    ['offer.pdf', 'offer.pdf'],
    ['offer. ', 'offer'],
    ['...', '_'],
    [' ', '_'],
    ['a\\b', 'a＼b'],
    ['a\u0007b\u007f', 'a\u2407b\u2421'],
    ['half \ud800 sign', 'half \ufffd sign'],
  ])('%j becomes %j', (name, expected) => {
    expect(validName(name)).toBe(expected);
  });

  test('long ones are cut, keep their ending, and are taken', () => {
    for (const name of [`${'ü'.repeat(400)}.pdf`, `${'x '.repeat(200)}`, '🧾'.repeat(200)]) {
      const valid = validName(name);
      expect(refusedByDropbox(valid)).toBeNull();
      expect(Buffer.byteLength(valid)).toBeLessThanOrEqual(255);
      expect(valid.endsWith('.pdf')).toBe(name.endsWith('.pdf'));
    }
  });
});
