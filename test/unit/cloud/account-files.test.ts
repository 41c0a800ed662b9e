// The whole account behind a client: folders anywhere in it, copies that Dropbox makes, revisions, renderings.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openDropbox, type DropboxClient } from '../../../src-main/cloud/dropbox/client.ts';
import type { ContentHash, RelPath, RemoteId, Rev } from '../../../src-shared/domain.ts';
import { quickClock } from '../../conformance/cloud-emulator.ts';
import { startTestEmulator, type TestEmulator } from '../../support/emulator.ts';

let emulator: TestEmulator;
let client: DropboxClient;
beforeAll(async () => {
  emulator = await startTestEmulator({ token: 'token' });
  client = openDropbox({
    root: 'ERP',
    credentials: { kind: 'access-token', token: 'token' },
    clock: quickClock(),
    random: () => 0.5,
    origin: emulator.origin,
  });
});
afterEach(() => emulator.control('faults', { clear: true }));
afterAll(() => emulator.close());

const put = (path: string, text: string) =>
  emulator.control('write', { path, text }) as Promise<{ id: string; contentHash: string; rev: string }>;
const path = (text: string) => text as RelPath;

test('finds and lists anything in the account, its top included', async () => {
  const { id, contentHash } = await put('/Else/Where/a.txt', 'a');
  expect(await client.files.find(path('else/where/A.TXT'))).toMatchObject({
    kind: 'file',
    id,
    name: 'a.txt',
    pathLower: 'else/where/a.txt',
    hash: contentHash,
  });
  expect(await client.files.find(path(''))).toEqual({ kind: 'folder' });
  expect(await client.files.find(path('nowhere'))).toBeNull();
  expect((await client.files.list(path(''))).map(({ name }) => name)).toContain('Else');
  await expect(client.files.list(path('nowhere'))).rejects.toMatchObject({ code: 'not-found' });
});

test('walks everything below a folder in pages, by paths below it, and can be stopped', async () => {
  for (let number = 0; number < 7; number++) await put(`/Walk/Me/${number % 2}/${number}.txt`, String(number));
  await emulator.control('faults', { pageSize: 2 });
  const found: string[] = [];
  let pages = 0;
  for await (const page of client.files.walk(path('Walk'))) {
    pages++;
    found.push(...page.map(({ pathLower }) => pathLower));
  }
  expect(pages).toBeGreaterThan(3);
  expect(found.toSorted()).toEqual([
    'me',
    'me/0',
    'me/0/0.txt',
    'me/0/2.txt',
    'me/0/4.txt',
    'me/0/6.txt',
    'me/1',
    'me/1/1.txt',
    'me/1/3.txt',
    'me/1/5.txt',
  ]);
  const stop = new AbortController();
  const walking = (async () => {
    for await (const _page of client.files.walk(path('Walk'), stop.signal)) stop.abort();
  })();
  await expect(walking).rejects.toMatchObject({ code: 'aborted' });
  await expect(client.files.walk(path('nowhere'))[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: 'not-found',
  });
});

test('makes folders, of which some are there', async () => {
  await put('/Make/Dir/x.txt', 'x');
  await put('/Make/file', 'f');
  const outcomes = await client.files.makeFolders([path('Make/Dir'), path('Make/New/Inner'), path('Make/file')]);
  expect(outcomes.map((outcome) => (outcome.ok ? outcome.value.pathLower : outcome.fault.code))).toEqual([
    'make/dir',
    'make/new/inner',
    'conflict',
  ]);
});

test('copies in batches; a taken place is a conflict, what is gone is not found, nothing is replaced', async () => {
  const sources = await Promise.all([1, 2, 3].map((number) => put(`/Copy/${number}.txt`, `text ${number}`)));
  await put('/Out/2.txt', 'mine');
  await emulator.control('delete', { path: '/Copy/3.txt' });
  const request = (index: number, to: string) => ({
    from: sources[index]!.id as RemoteId,
    to: path(to),
    hash: sources[index]!.contentHash as ContentHash,
  });
  const outcomes = await client.files.copyAll([
    request(0, 'Out/New/1.txt'),
    request(1, 'Out/2.txt'),
    request(2, 'Out/3.txt'),
  ]);
  expect(outcomes.map((outcome) => (outcome.ok ? outcome.value.pathLower : outcome.fault.code))).toEqual([
    'out/new/1.txt',
    'conflict',
    'not-found',
  ]);
  expect((await emulator.content('/Out/2.txt')).toString()).toBe('mine');
  // An answer that is lost after the deed: what is there is what was asked for.
  await emulator.control('faults', { loseAnswer: { next: 1, endpoints: ['files/copy_batch_v2'] } });
  const again = await client.files.copyAll([request(0, 'Out/lost.txt'), request(1, 'Out/2.txt')]);
  expect(again.map(({ ok }) => ok)).toEqual([true, false]);
});

test('revisions with their times, newest first', async () => {
  const { id } = await put('/Rev/a.txt', 'one');
  await put('/Rev/a.txt', 'three');
  const revisions = await client.files.revisions(id as RemoteId);
  expect(revisions.map(({ size }) => size)).toEqual([5, 3]);
  expect(revisions.every(({ modified, saved, hash }) => modified > 1e12 && saved > 1e12 && hash?.length === 64)).toBe(
    true,
  );
  await expect(client.files.revisions('id:aaaaaaaaaaaaaaaaaaaaaa' as RemoteId)).rejects.toMatchObject({
    code: 'not-found',
  });
});

test('there is no picture of a text, and no preview of a drawing: that is no fault of the network', async () => {
  const text = await put('/Pic/a.txt', 'a');
  const broken = await put('/Pic/broken.png', 'not a picture');
  for (const rev of [text.rev, broken.rev]) {
    await expect(client.files.thumbnail(rev as Rev, 64)).rejects.toMatchObject({ code: 'not-downloadable' });
  }
  await expect(client.files.preview(text.rev as Rev)).rejects.toMatchObject({ code: 'not-downloadable' });
  const sheet = await put('/Pic/sheet.xlsx', 'a;b');
  const page = await client.files.preview(sheet.rev as Rev);
  expect(page.mime).toBe('text/html');
  const chunks: Uint8Array[] = [];
  for await (const chunk of page.bytes) chunks.push(chunk);
  expect(Buffer.concat(chunks).length).toBe(page.size);
  await emulator.control('faults', { status5xx: { next: 1, endpoints: ['files/get_preview'] } });
  expect((await client.files.preview(sheet.rev as Rev)).mime).toBe('text/html');
});
