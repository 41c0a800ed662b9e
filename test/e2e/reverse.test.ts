// Reverse sync through the real process: everything comes back from Dropbox before anything is detached, also when it is
// interrupted at any moment; Dropbox keeps its files.

import { existsSync, readFileSync, readdirSync, writeFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench, ROOT, TOKEN } from '../support/cli.ts';
import { seeded } from '../support/cli-files.ts';
import { agreeWithPeerAfterEach } from '../support/peer-check.ts';
import type { ClientView, EntryView, StatusView, SyncSummary } from '../../src-shared/views.ts';

const BERLIN = 'Berlin Documents';
const KILLS = 21;

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
  await bench.setUp('folder', 'add', 'P', '--client', 'Office');
});
afterEach(() => bench.close());
agreeWithPeerAfterEach(() => [bench]);

const at = (path: string): string => join(bench.documents, path);

function write(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}

const status = async (): Promise<StatusView> => await bench.view<StatusView>('status');
const clientState = async (name = 'Office'): Promise<Pick<ClientView, 'state' | 'reason'> | undefined> =>
  (await status()).clients.find((client) => client.name === name);

async function files(): Promise<readonly EntryView[]> {
  return (await bench.view<EntryView[]>('ls')).filter((entry) => entry.kind === 'file');
}

function contents(): Record<string, string> {
  const found = readdirSync(bench.documents, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.docktide')
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    found.map((file) => [file.slice(bench.documents.length + 1), readFileSync(file, 'utf8')] as const),
  );
}

/** Files of which every second one is a link only. Answers path → content. */
async function halfFreed(count: number, folder = 'P'): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (let index = 0; index < count; index++) {
    const path = `${folder}/${index % 2 === 0 ? 'Here' : 'Links'}/${index % 3}/${index}.txt`;
    all[path] = `${path} ${'x'.repeat(index * 7)}`;
    write(path, all[path]);
  }
  await bench.settle();
  await bench.setUp('folder', 'keep', `${folder}/Links`, 'links');
  await bench.ok('free');
  const here = Object.keys(contents()).filter((path) => path.startsWith(`${folder}/`));
  expect(here).toHaveLength(Math.ceil(count / 2));
  return all;
}

const QUIET = { uploaded: 0, downloaded: 0, moved: 0, deletedLocal: 0, deletedRemote: 0, conflicts: 0, failed: 0 };

test('reset: all bytes are back and the documents are binary; Dropbox is untouched; resumed, all is adopted', async () => {
  const all = await halfFreed(12);
  const before = await bench.emulator.tree();
  expect(await bench.json('client', 'reset', 'Office')).toMatchObject({
    code: 0,
    value: { client: 'Office', state: 'resetting' },
  });
  expect(await clientState()).toMatchObject({ state: 'resetting', reason: null });
  // Nothing goes to Dropbox while it is reset, and what comes back is not freed.
  write('P/new.txt', 'new');
  expect(await bench.sync()).toMatchObject({ ...QUIET, downloaded: 6 });
  expect(contents()).toEqual({ ...all, 'P/new.txt': 'new' });
  expect(await bench.emulator.tree()).toEqual(before);
  expect(await clientState()).toMatchObject({ state: 'paused', reason: 'paused-by-person' });
  expect((await files()).map(({ type, url, remoteId }) => ({ type, url, remoteId }))).toEqual(
    Array.from({ length: 13 }, () => ({ type: 'binary', url: null, remoteId: null })),
  );
  expect(await bench.json('sync', '--client', 'Office')).toMatchObject({
    code: 1,
    value: { error: { code: 'client-paused' } },
  });
  expect(await bench.json('free')).toMatchObject({ code: 0, value: { freed: 0 } });
  await bench.setUp('client', 'resume', 'Office');
  expect(await bench.sync()).toMatchObject({ ...QUIET, uploaded: 1, adopted: expect.any(Number) as number });
  expect((await files()).every((entry) => entry.type === 'url')).toBe(true);
  expect(await bench.settle()).toMatchObject(QUIET);
});

test('reset: offline nothing is detached; with Dropbox back it goes on', async () => {
  const all = await halfFreed(6);
  await bench.ok('client', 'reset', 'Office');
  const offline = bench.start(['sync', '--json'], { env: { DOCKTIDE_DROPBOX_ORIGIN: 'http://127.0.0.1:9' } });
  expect((await offline.ended).code).toBe(1);
  expect(await clientState()).toMatchObject({ state: 'resetting' });
  expect((await files()).every((entry) => entry.type === 'url')).toBe(true);
  // Half of the way: some documents come, then downloads fail.
  await bench.emulator.control('faults', { status5xx: { every: 2, endpoints: ['files/download'] } });
  await bench.json('sync');
  await bench.emulator.control('faults', { clear: true });
  await bench.settle();
  expect(contents()).toEqual(all);
  expect(await clientState()).toMatchObject({ state: 'paused' });
});

test('reset: what was deleted or changed in Dropbox meanwhile, and a lost cursor', async () => {
  const all = await halfFreed(8);
  await bench.ok('client', 'reset', 'Office');
  const [edited, gone] = Object.keys(all).filter((path) => path.includes('Links'));
  await bench.put(edited ?? '', 'newer there');
  await bench.removeThere(gone ?? '');
  await bench.emulator.control('faults', { cursorReset: true });
  await bench.settle('--yes');
  const expected = { ...all, [edited ?? '']: 'newer there' };
  delete expected[gone ?? ''];
  expect(contents()).toEqual(expected);
  expect(await clientState()).toMatchObject({ state: 'paused' });
});

test('reset: a permission that is taken away interrupts it; with the permission it goes on', async () => {
  const all = await halfFreed(6);
  await bench.ok('client', 'reset', 'Office');
  await bench.emulator.control('scopes', { token: TOKEN, scopes: ['account_info.read'] });
  expect((await bench.json('sync')).code).toBe(1);
  await bench.emulator.control('scopes', { token: TOKEN, scopes: ['files.metadata.read', 'files.content.read'] });
  await bench.settle();
  expect(contents()).toEqual(all);
  expect(await clientState()).toMatchObject({ state: 'paused' });
});

test('reset: Paper documents are exported, what cannot be is listed and stays in Dropbox', async () => {
  await halfFreed(2);
  await bench.emulator.control('paper', { path: `/${ROOT}/P/Notes.paper`, text: '# Notes' });
  await bench.emulator.control('paper', {
    path: `/${ROOT}/P/Sealed.gsheet`,
    text: 'x',
    exportAs: '',
    exportOptions: [],
  });
  // The place of the export is taken.
  write('P/Notes.md', 'of somebody else');
  await bench.settle();
  const before = await bench.emulator.tree();
  await bench.ok('client', 'reset', 'Office');
  await bench.json('sync');
  const exported = Object.entries(contents()).filter(([, text]) => text === '# Notes');
  expect(exported.map(([path]) => path)).toEqual([expect.stringMatching(/^P\/Notes.*\.md$/) as string]);
  expect(readFileSync(at('P/Notes.md'), 'utf8')).toBe('of somebody else');
  expect(await bench.emulator.tree()).toEqual(before);
  expect((await status()).unconverted).toEqual([
    { client: 'Office', path: 'P/Sealed.gsheet', reason: expect.any(String) as string },
  ]);
  expect(await clientState()).toMatchObject({ state: 'paused' });
  // Resumed, the cloud-only ones are cloud-only documents as before; nothing is deleted for want of bytes.
  await bench.setUp('client', 'resume', 'Office');
  expect(await bench.sync()).toMatchObject({ deletedRemote: 0, deletedLocal: 0, conflicts: 0, failed: 0 });
  const remote = Object.keys(await bench.remote());
  expect(remote).toContain('P/Sealed.gsheet');
  expect(remote).toContain('P/Notes.paper');
  expect(remote).toContain(exported[0]?.[0]);
  expect(Object.keys(await bench.listed())).toEqual(remote);
});

async function secondClient(): Promise<void> {
  await bench.setUp('client', 'add', 'Berlin', '--root', BERLIN, '--access-token', TOKEN);
}

test('a folder goes to another client: back first, then there; and home again', async () => {
  await secondClient();
  const all = await halfFreed(10);
  const before = await bench.remote();
  expect(await bench.json('folder', 'set-client', 'P', 'Berlin')).toEqual({
    code: 0,
    stderr: expect.any(String) as string,
    value: { folder: 'P', client: 'Berlin', handovers: [{ path: 'P', from: 'Office', to: 'Berlin' }] },
  });
  expect((await status()).handovers).toEqual([{ path: 'P', from: 'Office', to: 'Berlin' }]);
  expect(await bench.sync()).toMatchObject({ downloaded: 5, uploaded: 10, deletedLocal: 0, deletedRemote: 0 });
  expect((await status()).handovers).toEqual([]);
  expect(contents()).toEqual(all);
  expect(await bench.remote(BERLIN)).toEqual(await bench.local());
  expect(await bench.remote()).toEqual(before);
  expect((await files()).map((entry) => entry.client)).toEqual(Array.from({ length: 10 }, () => 'Berlin'));
  expect(await bench.settle()).toMatchObject(QUIET);
  // The old client does not bring its copy of the folder back in, whatever happens there.
  await bench.put('P/Here/stray.txt', 'stray');
  await bench.emulator.control('faults', { cursorReset: true });
  expect(await bench.settle()).toMatchObject(QUIET);
  await bench.removeThere('P/Here/stray.txt');
  // Home again: what still lies there is adopted.
  await bench.ok('folder', 'set-client', 'P', 'Office');
  const home = await bench.sync();
  expect(home).toMatchObject({ uploaded: 0, deletedLocal: 0, deletedRemote: 0, conflicts: 0 });
  expect(contents()).toEqual(all);
  expect(await bench.remote()).toEqual(await bench.local());
  expect(await bench.remote(BERLIN)).toEqual(before);
  expect(await bench.settle()).toMatchObject(QUIET);
});

test('a handover that is taken back before it has run leaves everything as it was', async () => {
  await secondClient();
  await halfFreed(4);
  await bench.ok('folder', 'set-client', 'P', 'Berlin');
  expect((await bench.json('folder', 'set-client', 'P', 'Office')).value).toMatchObject({ handovers: [] });
  expect(await bench.settle()).toMatchObject(QUIET);
  expect(await bench.remote(BERLIN)).toEqual({});
});

test('what a client left behind stays behind when it is reset, and so does what goes away right after a reset', async () => {
  await secondClient();
  await bench.setUp('folder', 'add', 'Q', '--client', 'Office');
  const left = await halfFreed(4);
  const reset = await halfFreed(4, 'Q');
  const all = { ...left, ...reset };
  await bench.setUp('folder', 'set-client', 'P', 'Berlin');
  await bench.settle();
  await bench.setUp('client', 'reset', 'Office');
  await bench.settle();
  expect(await clientState()).toMatchObject({ state: 'paused' });
  await bench.setUp('folder', 'set-client', 'Q', 'Berlin');
  await bench.setUp('client', 'resume', 'Office');
  const before = await bench.remote();
  expect(await bench.sync()).toMatchObject({ ...QUIET, uploaded: 4 });
  expect(contents()).toEqual(all);
  expect(await bench.remote()).toEqual(before);
  // Renamed there, it is still what was left behind.
  await bench.moveThere('Q', 'Renamed');
  expect(await bench.settle()).toMatchObject(QUIET);
  await bench.moveThere('Renamed', 'Q');
  // Home again after another reset: adopted, not doubled.
  await bench.setUp('client', 'reset', 'Office');
  await bench.settle();
  await bench.setUp('client', 'resume', 'Office');
  await bench.setUp('folder', 'set-client', 'Q', 'Office');
  expect(await bench.sync()).toMatchObject({ ...QUIET, uploaded: 0 });
  expect(contents()).toEqual(all);
  const { P: _left, ...local } = await bench.local();
  expect(Object.keys(local)).toContain('Q');
  expect(await bench.remote()).toEqual(before);
  expect(await bench.settle()).toMatchObject(QUIET);
});

test('a rule goes to another client with its records; new records follow it', async () => {
  await secondClient();
  await bench.setUp('type', 'add', 'sale.order', '--label', 'Quotations');
  await bench.setUp('rule', 'add', 'sale.order', '--client', 'Office', '--subfolders', 'Contracts');
  await bench.setUp('record', 'add', 'sale.order', 'SO1', '--name', 'SO1');
  const all = await halfFreed(6, 'Quotations/SO1/Contracts');
  const before = await bench.remote();
  expect((await bench.json('rule', 'set-client', 'sale.order', 'Berlin')).value).toEqual({
    type: 'sale.order',
    client: 'Berlin',
    handovers: [{ path: 'Quotations', from: 'Office', to: 'Berlin' }],
  });
  expect(await bench.sync()).toMatchObject({ downloaded: 3, uploaded: 6, deletedRemote: 0, deletedLocal: 0 });
  await bench.setUp('record', 'add', 'sale.order', 'SO2', '--name', 'SO2');
  write('Quotations/SO2/new.txt', 'new');
  await bench.settle();
  expect(contents()).toEqual({ ...all, 'Quotations/SO2/new.txt': 'new' });
  expect(await bench.remote()).toEqual(before);
  const berlin = await bench.remote(BERLIN);
  expect(Object.keys(berlin)).toContain('Quotations/SO2/new.txt');
  const { P: _other, ...local } = await bench.local();
  expect(berlin).toEqual(local);
  expect(await bench.settle()).toMatchObject(QUIET);
});

test(`killed ${KILLS} times in the middle of resets and handovers`, async () => {
  await secondClient();
  const random = seeded(20261124);
  const all = await halfFreed(40);
  await bench.emulator.control('faults', { latencyMs: 3 });
  const { counts } = bench.emulator;
  const killedPass = async (): Promise<boolean> => {
    // A pass takes few requests: it dies at one of them, or while it puts down here what one has brought.
    const late = random() < 0.5;
    const target = counts.view.total + 1 + Math.floor(random() * (late ? 4 : 8));
    const running = bench.start(['sync', '--yes']);
    let over = false;
    void running.ended.then(() => (over = true));
    while (!over && counts.view.total < target) await new Promise((resolve) => setTimeout(resolve, 1));
    if (late) await new Promise((resolve) => setTimeout(resolve, Math.floor(random() * 60)));
    running.child.kill('SIGKILL');
    return (await running.ended).code === null;
  };
  let kills = 0;
  let owner = 'Office';
  for (let round = 0; kills < KILLS; round++) {
    expect(round).toBeLessThan(60);
    if (round % 2 === 0) {
      owner = owner === 'Office' ? 'Berlin' : 'Office';
      await bench.ok('folder', 'set-client', 'P', owner);
    } else {
      await bench.setUp('folder', 'keep', 'P', 'links');
      await bench.ok('free');
      await bench.ok('client', 'reset', owner);
    }
    for (let attempt = 0; attempt < 4; attempt++) {
      if ((await clientState(owner))?.state === 'paused') break;
      if (await killedPass()) kills++;
    }
    for (let again = 0; again < 3 && (await clientState(owner))?.state !== 'paused'; again++) {
      expect(await bench.json<SyncSummary>('sync', '--yes')).toMatchObject({
        code: 0,
        value: { failed: 0, held: 0, conflicts: 0, deletedRemote: 0, deletedLocal: 0 },
      });
    }
    if (round % 2 === 0) continue;
    // Everything was back before it was let go.
    expect(contents()).toEqual(all);
    expect(await clientState(owner)).toMatchObject({ state: 'paused' });
    await bench.setUp('client', 'resume', owner);
  }
  await bench.setUp('folder', 'keep', 'P', 'always');
  await bench.settle('--yes');
  expect((await status()).handovers).toEqual([]);
  expect(contents()).toEqual(all);
  const local = await bench.local();
  expect(await bench.remote(owner === 'Office' ? ROOT : BERLIN)).toEqual(local);
  // The one that has not got it keeps what it once had, and nothing else.
  const other = await bench.remote(owner === 'Office' ? BERLIN : ROOT);
  expect(other).toEqual(local);
  expect(existsSync(at('P'))).toBe(true);
  expect(await bench.settle()).toMatchObject(QUIET);
});
