// Work on documents by hand, through the real process: folders, moves between records, uploads, zips, versions, taking it
// back; a process that is killed or stopped in the middle leaves no half file.

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench, ROOT, until } from '../support/cli.ts';
import { peerTree } from '../support/rclone.ts';
import type {
  DeletedFiles,
  DownloadReport,
  MadeFolder,
  MovedFiles,
  RestoredVersion,
  UndoReport,
  UploadReport,
  VersionView,
} from '../../src-shared/files-views.ts';
import type { EntryView } from '../../src-shared/views.ts';

let bench: Bench;
const at = (path: string): string => join(bench.documents, path);
const out = (name: string): string => join(bench.folder, 'out', name);

function write(file: string, content: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

async function value<T>(...args: string[]): Promise<T> {
  const answer = await bench.json<T>(...args);
  expect({ args, code: answer.code, stderr: answer.stderr }).toMatchObject({ code: 0 });
  return answer.value;
}

async function agree(): Promise<void> {
  await bench.sync();
  expect(await bench.remote()).toEqual(await bench.local());
  expect(await peerTree(bench)).toEqual(await bench.local());
}

beforeAll(async () => {
  bench = await Bench.open();
  mkdirSync(join(bench.folder, 'out'));
  await bench.ok('type', 'add', 'sale.order', '--label', 'Quotations');
  for (const ref of ['SO001', 'SO002']) await bench.ok('record', 'add', 'sale.order', ref, '--name', ref);
  await bench.ok('rule', 'add', 'sale.order', '--client', 'Office', '--subfolders', 'Drawings');
  await bench.ok('folder', 'add', 'P', '--client', 'Office');
});
afterAll(() => bench.close());

test('folders and files are made, uploaded, renamed, moved and deleted, and all of it can be taken back', async () => {
  expect(await value<MadeFolder>('file', 'mkdir', 'P/Photos/2026')).toMatchObject({
    folder: { path: 'P/Photos/2026', kind: 'folder', client: 'Office' },
    made: ['P/Photos', 'P/Photos/2026'],
    undo: { number: 1, change: { kind: 'made' } },
  });
  write(join(bench.folder, 'Desk/Trip/a.jpg'), 'a');
  write(join(bench.folder, 'Desk/Trip/Day 2/b.jpg'), 'b');
  const uploaded = await value<UploadReport>('file', 'upload', 'Desk/Trip', '--to', 'P/Photos');
  expect(uploaded.added.map(({ path }) => path)).toEqual(['P/Photos/Trip/Day 2/b.jpg', 'P/Photos/Trip/a.jpg']);
  expect(uploaded.folders).toEqual(['P/Photos/Trip', 'P/Photos/Trip/Day 2']);
  await bench.sync();
  const find = async (path: string) => (await value<EntryView[]>('ls', path))[0];
  const before = await find('P/Photos/Trip/a.jpg');
  const moved = await value<MovedFiles>(
    'file',
    'move',
    'P/Photos/Trip/a.jpg',
    '--to-record',
    'sale.order/SO001',
    '--sub',
    'Drawings',
  );
  expect(moved.moved).toEqual([{ id: before?.id, from: 'P/Photos/Trip/a.jpg', to: 'Quotations/SO001/Drawings/a.jpg' }]);
  await value<MovedFiles>('file', 'move', 'Quotations/SO001/Drawings/a.jpg', '--to-record', 'sale.order/SO002');
  const renamed = await bench.ok('file', 'rename', 'Quotations/SO002/a.jpg', 'first day.jpg');
  expect(renamed.stdout).toMatch(/is now Quotations\/SO002\/first day\.jpg\.\n.*docktide file undo 5\n$/);
  await bench.emulator.control('requests/reset');
  expect(await bench.sync()).toMatchObject({ moved: 1, uploaded: 0, downloaded: 0, deletedRemote: 0 });
  expect((await bench.emulator.requests()).byEndpoint['files/move_v2']).toBe(1);
  expect(await find('Quotations/SO002/first day.jpg')).toMatchObject({
    id: before?.id,
    remoteId: before?.remoteId,
    record: 'sale.order/SO002',
    state: 'synced',
  });
  const deleted = await value<DeletedFiles>('file', 'delete', 'Quotations/SO002/first day.jpg', 'P/Photos/Trip');
  expect(deleted.deleted).toHaveLength(2);
  expect(existsSync(at('P/Photos/Trip'))).toBe(false);
  // The last first: the deletion, the renaming, the moves, the upload, the folders.
  expect(await value<UndoReport>('file', 'undo')).toMatchObject({
    failed: [],
    undone: ['Quotations/SO002/first day.jpg', 'P/Photos/Trip'],
  });
  await agree();
  // What came back from the trash is not what was uploaded: it stays, and that is told.
  const gone = { path: 'P/Photos/Trip/a.jpg', reason: 'It is no longer there.' };
  expect(await bench.json('file', 'undo', '2')).toMatchObject({
    code: 3,
    value: { undone: [], failed: expect.arrayContaining([gone]) as unknown[] },
  });
  expect(await bench.json('file', 'undo', '6')).toMatchObject({
    code: 1,
    value: { error: { code: 'unknown-operation' } },
  });
});

test('a zip of what is here and what is in Dropbox alone; killed or stopped it leaves nothing', async () => {
  write(at('P/Zip/near.txt'), 'near');
  write(at('P/Zip/Far/far.bin'), 'x'.repeat(3_000_000));
  await bench.sync();
  await bench.ok('folder', 'keep', 'P/Zip/Far', 'links');
  await bench.ok('free');
  expect(existsSync(at('P/Zip/Far/far.bin'))).toBe(false);
  expect(await value<DownloadReport>('file', 'download', 'P/Zip', '--out', out('zip.zip'))).toMatchObject({
    file: out('zip.zip'),
    zip: true,
    files: 2,
    bytes: 3_000_004,
  });
  expect(readFileSync(out('zip.zip')).subarray(0, 2).toString()).toBe('PK');
  await bench.ok('file', 'download', 'P/Zip/Far/far.bin', '--out', join(bench.folder, 'out'));
  expect(readFileSync(out('far.bin'), 'utf8')).toBe('x'.repeat(3_000_000));
  expect((await bench.json('file', 'download', 'P/Zip', '--out', out('zip.zip'))).value).toMatchObject({
    error: { code: 'out-exists' },
  });
  await bench.emulator.control('faults', { bandwidthBytesPerSecond: 500_000 });
  const parts = () => readdirSync(join(bench.folder, 'out')).filter((name) => name.startsWith('.'));
  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    const left = parts();
    const running = bench.start(['file', 'download', 'P/Zip', '--out', out('slow.zip')]);
    await until('the zip is being written', () => parts().some((name) => !left.includes(name)), running.output);
    running.child.kill(signal);
    const { code } = await running.ended;
    expect({ signal, code }).toEqual({ signal, code: signal === 'SIGKILL' ? null : 1 });
    expect(existsSync(out('slow.zip'))).toBe(false);
  }
  // The second run has swept what the first could not.
  expect(parts()).toEqual([]);
  await bench.emulator.control('faults', { clear: true });
  await bench.ok('open', 'P/Zip/Far/far.bin');
});

test('an upload that is killed leaves whole files or none, and the next one completes it', async () => {
  for (let number = 0; number < 40; number++) {
    write(join(bench.folder, `Desk/Many/${number}.bin`), String(number).repeat(400_000));
  }
  const running = bench.start(['file', 'upload', 'Desk/Many', '--to', 'P']);
  const files = () =>
    existsSync(at('P/Many')) ? readdirSync(at('P/Many')).filter((name) => !name.startsWith('.')) : [];
  await until('some files are there', () => files().length > 2, running.output);
  running.child.kill('SIGKILL');
  await running.ended;
  const whole = files();
  expect(whole.every((name) => readFileSync(at(`P/Many/${name}`)).length >= 400_000)).toBe(true);
  const report = await value<UploadReport>('file', 'upload', 'Desk/Many', '--to', 'P');
  expect([report.added.length + report.equal.length, report.failed.length]).toEqual([40, 0]);
  await agree();
});

test('versions are listed and brought back', async () => {
  for (const content of ['one', 'two!']) {
    write(at('P/doc.txt'), content);
    await bench.sync();
  }
  const versions = await value<VersionView[]>('versions', 'P/doc.txt');
  expect(versions.map(({ size, current, here }) => [size, current, here])).toEqual([
    [4, true, true],
    [3, false, false],
  ]);
  const rev = versions[1]?.rev ?? '';
  expect(await value<RestoredVersion>('versions', 'restore', 'P/doc.txt', rev)).toMatchObject({ rev, from: 'here' });
  expect(readFileSync(at('P/doc.txt'), 'utf8')).toBe('one');
  await agree();
  expect((await bench.emulator.content(`/${ROOT}/P/doc.txt`)).toString()).toBe('one');
  expect((await bench.ok('versions', 'P/doc.txt')).stdout).toMatch(/Version +Modified[\s\S]*present/);
});

test('what cannot be is refused in a sentence', async () => {
  for (const [args, code, words] of [
    [['file', 'move', 'P/doc.txt'], 2, /exactly one of --to FOLDER/],
    [['file', 'move', 'P/doc.txt', '--to', 'P', '--to-record', 'a/b'], 2, /exactly one/],
    [['file', 'move', 'P/doc.txt', '--to-record', 'SO001'], 2, /TYPE\/REF/],
    [['file', 'move', 'P/nope', '--to', 'P'], 1, /docktide ls/],
    [['file', 'rename', 'Quotations/SO001', 'X'], 1, /folder of a record/],
    [['file', 'delete', 'Quotations'], 1, /folder of a folder rule/],
    [['file', 'mkdir', '/etc/x'], 1, /not a path inside/],
    [['file', 'upload', 'nope', '--to', 'P'], 1, /no file or folder/],
    [['file', 'undo', 'last'], 2, /not a number/],
    [['versions', 'P'], 1, /documents only/],
    [['versions', 'restore', 'P/doc.txt', 'abc'], 1, /docktide versions/],
  ] as const) {
    const ended = await bench.run(...args);
    expect({ args, code: ended.code, stderr: ended.stderr }).toMatchObject({
      code,
      stderr: expect.stringMatching(words) as string,
    });
  }
});
