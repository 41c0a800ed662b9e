// What goes wrong outside of the program: login, network, disk, names. Each has its own sentence, and nothing is lost.

import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench, ROOT, TOKEN } from '../support/cli.ts';
import { agreeWithPeerAfterEach } from '../support/peer-check.ts';
import { waitForPass } from '../support/cli-waits.ts';
import type { ClientView, StatusView, TaskView } from '../../src-shared/views.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open();
  await bench.setUp('folder', 'add', 'Papers', '--client', 'Office');
  for (let index = 0; index < 12; index++) writeFileSync(at(`Papers/${index}.txt`), `content ${index}`);
});
afterEach(() => bench.close());
agreeWithPeerAfterEach(() => [bench]);

const at = (path: string): string => join(bench.documents, path);

interface Refusal {
  readonly error: { readonly code: string; readonly message: string };
}

async function refusal(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Refusal['error']> {
  const { code, stdout } = await bench.start([...args, '--json'], { env }).ended;
  expect(code).toBe(1);
  return (JSON.parse(stdout) as Refusal).error;
}

async function clientState(): Promise<Pick<ClientView, 'state' | 'reason'> | undefined> {
  return (await bench.view<StatusView>('status')).clients[0];
}

test('a wrong token', async () => {
  await bench.setUp('client', 'remove', 'Office');
  await bench.setUp('client', 'add', 'Office', '--root', ROOT, '--access-token', 'wrong-token');
  const error = await refusal(['sync']);
  expect(error.code).toBe('login-lost');
  expect(error.message).not.toContain('wrong-token');
  expect(await clientState()).toMatchObject({ state: 'disconnected', reason: 'login-revoked' });
  expect(await bench.remote()).toEqual({});
});

test('a login that is revoked', async () => {
  await bench.settle();
  await bench.emulator.control('revoke', { token: TOKEN });
  writeFileSync(at('Papers/new.txt'), 'new');
  expect((await refusal(['sync'])).code).toBe('login-lost');
  expect(await clientState()).toMatchObject({ state: 'disconnected', reason: 'login-revoked' });
  expect(await bench.local()).toHaveProperty(['Papers/new.txt']);
  const fresh = 'token-of-today';
  await bench.emulator.control('token', { token: fresh, team: false });
  expect((await bench.inside('client', 'token', 'Office')).code).toBe(2);
  const given = bench.start(['client', 'token', 'Office', '--env', 'FRESH', '--json'], { env: { FRESH: fresh } });
  const { stdout, stderr } = await given.ended;
  expect(JSON.parse(stdout)).toMatchObject({ name: 'Office', state: 'connected' });
  expect(stdout + stderr).not.toContain(fresh);
  expect(await bench.sync()).toMatchObject({ uploaded: 1 });
});

test('a token from a variable, which must be set', async () => {
  await bench.setUp('client', 'remove', 'Office');
  await bench.setUp('client', 'add', 'Office', '--root', ROOT, '--token-env', 'COMPANY_TOKEN');
  expect(await refusal(['sync'])).toMatchObject({
    code: 'login-lost',
    message: expect.stringContaining('COMPANY_TOKEN') as string,
  });
  const { code } = await bench.start(['sync'], { env: { COMPANY_TOKEN: TOKEN } }).ended;
  expect(code).toBe(0);
  expect(existsSync(join(bench.data, 'secrets.json'))).toBe(true);
});

test('an origin that does not answer', async () => {
  const error = await refusal(['sync'], { DOCKTIDE_DROPBOX_ORIGIN: 'http://127.0.0.1:9' });
  expect(error.code).toBe('unreachable');
  expect(Object.keys(await bench.local())).toHaveLength(13);
  // As soon as it answers again, all goes on by itself.
  expect(await bench.sync()).toMatchObject({ uploaded: 12 });
});

test('the documents folder is missing, or another one lies in its place', async () => {
  await bench.settle();
  renameSync(bench.documents, `${bench.documents} away`);
  expect(await refusal(['sync'])).toMatchObject({
    code: 'documents-missing',
    message: expect.stringContaining(bench.documents) as string,
  });
  mkdirSync(bench.documents);
  expect((await refusal(['sync'])).code).toBe('marker-missing');
  // Not even init takes the empty folder for the documents.
  expect((await refusal(['init', '--documents', bench.documents])).code).toBe('marker-missing');
  rmSync(bench.documents, { recursive: true });
  renameSync(`${bench.documents} away`, bench.documents);
  expect(await bench.sync()).toMatchObject({ deletedRemote: 0, deletedLocal: 0, uploaded: 0, downloaded: 0 });
  expect(await bench.remote()).toEqual(await bench.local());
});

/** Root may write everywhere; without that capability it is a user like any other. */
const AS_USER = process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] : [];

test('the documents folder is read-only', async () => {
  const run = async (...args: string[]) => {
    const { code, stdout } = await bench.start([...args, '--json'], { through: AS_USER }).ended;
    return { code, ...(JSON.parse(stdout) as Partial<Refusal>) };
  };
  chmodSync(bench.documents, 0o500);
  try {
    expect(await run('sync')).toMatchObject({ code: 1, error: { code: 'read-only' } });
    const second = ['--data', join(bench.folder, 'second'), 'init', '--documents'];
    expect(await run(...second, at('inside'))).toMatchObject({ code: 1, error: { code: 'read-only' } });
    expect(existsSync(join(bench.folder, 'second'))).toBe(false);
  } finally {
    chmodSync(bench.documents, 0o700);
  }
  expect(await run('sync')).toMatchObject({ code: 0, uploaded: 12 });
});

test('a corrupt database is left as it is, and starting anew links everything again', async () => {
  await bench.settle();
  const before = await bench.local();
  const database = join(bench.data, 'docktide.sqlite');
  for (const end of ['-wal', '-shm']) rmSync(`${database}${end}`, { force: true });
  const garbage = Buffer.alloc(40_000, 'garbage');
  writeFileSync(database, garbage);
  for (const args of [['status'], ['sync'], ['init', '--documents', bench.documents]]) {
    expect((await refusal(args)).code).toBe('database-corrupt');
  }
  renameSync(database, `${database}.broken`);
  await bench.setUp('init', '--documents', bench.documents);
  await bench.setUp('client', 'add', 'Office', '--root', ROOT, '--access-token', TOKEN);
  const summary = await bench.sync();
  expect(summary).toMatchObject({ uploaded: 0, downloaded: 0, deletedLocal: 0, deletedRemote: 0, conflicts: 0 });
  expect(summary.adopted).toBeGreaterThanOrEqual(12);
  expect(await bench.local()).toEqual(before);
  expect(await bench.remote()).toEqual(before);
});

test('a name that Dropbox refuses stands in the queue while all else goes on', async () => {
  writeFileSync(at('Papers/ends with a dot.'), 'x');
  writeFileSync(at('Papers/back\\slash.txt'), 'y');
  const { code, value } = await bench.json<{ uploaded: number; failed: number }>('sync');
  expect({ code, uploaded: value.uploaded, failed: value.failed }).toEqual({ code: 3, uploaded: 12, failed: 2 });
  const queue = await bench.view<TaskView[]>('queue');
  const reasons = queue.map((task) => `${task.state} ${task.path} ${task.error ?? ''}`).toSorted();
  expect(reasons).toEqual([
    expect.stringMatching(/^failed Papers\/back\\slash\.txt .*Rename it/) as string,
    expect.stringMatching(/^failed Papers\/ends with a dot\. .*Rename it/) as string,
  ]);
  expect((await bench.view<StatusView>('status')).counts.failed).toBe(2);
  renameSync(at('Papers/ends with a dot.'), at('Papers/ends well'));
  renameSync(at('Papers/back\\slash.txt'), at('Papers/forward.txt'));
  expect(await bench.sync()).toMatchObject({ uploaded: 2, failed: 0 });
});

test('the root folder is gone from Dropbox: nothing is deleted here', async () => {
  await bench.settle();
  await bench.emulator.control('delete', { path: `/${ROOT}` });
  expect((await refusal(['sync'])).code).toBe('root-gone');
  expect(await clientState()).toMatchObject({ state: 'disconnected', reason: 'root-gone' });
  expect(Object.keys(await bench.local())).toHaveLength(13);
});

test('the account is full: downloads go on, uploads wait with a reason', async () => {
  await bench.settle();
  await bench.put('Papers/from there.txt', 'comes');
  await bench.emulator.control('quota', { allocated: 10 });
  writeFileSync(at('Papers/no room.txt'), 'x'.repeat(500));
  const { code, value } = await bench.json<{ downloaded: number; uploaded: number }>('sync');
  expect({ code, downloaded: value.downloaded, uploaded: value.uploaded }).toEqual({
    code: 3,
    downloaded: 1,
    uploaded: 0,
  });
  await bench.emulator.control('quota', { allocated: 1_000_000 });
  expect(await bench.sync()).toMatchObject({ uploaded: 1 });
});

test('two passes at a time: the second waits, then says so', async () => {
  await bench.emulator.control('faults', { latencyMs: 400 });
  const first = bench.start(['sync', '--json']);
  await waitForPass(bench, first);
  const second = await bench.json<Refusal>('sync', '--wait', '0');
  expect(second).toMatchObject({ code: 1, value: { error: { code: 'busy' } } });
  expect((await first.ended).code).toBe(0);
  await bench.emulator.control('faults', { clear: true });
  // One that may wait does its work after the first.
  const both = await Promise.all([bench.json('sync'), bench.json('sync')]);
  expect(both.map((one) => one.code)).toEqual([0, 0]);
});

test('a pass that is stopped says so, and the next one goes on', async () => {
  await bench.emulator.control('faults', { latencyMs: 300 });
  const stopped = bench.start(['sync', '--json']);
  await waitForPass(bench, stopped);
  stopped.child.kill('SIGINT');
  const { code, stdout } = await stopped.ended;
  expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 1, error: { code: 'interrupted' } });
  await bench.emulator.control('faults', { clear: true });
  await bench.settle();
  expect(await bench.remote()).toEqual(await bench.local());
});

test('one client that cannot log in leaves the others alone', async () => {
  await bench.setUp('client', 'add', 'Second', '--root', 'Other Root', '--access-token', 'wrong-token');
  const { code, value, stderr } = await bench.json<{ uploaded: number; errors: { client: string; code: string }[] }>(
    'sync',
  );
  expect(code).toBe(3);
  expect(value.uploaded).toBe(12);
  expect(value.errors).toMatchObject([{ client: 'Second', code: 'login-lost' }]);
  expect(stderr).toContain('Second');
  expect(await refusal(['sync', '--client', 'Second'])).toMatchObject({ code: 'login-lost' });
});

test('two clients keep their own folders', async () => {
  await bench.setUp('client', 'add', 'Second', '--root', 'Other Root', '--access-token', TOKEN);
  await bench.setUp('folder', 'add', 'Private', '--client', 'Second');
  writeFileSync(at('Private/own.txt'), 'own');
  expect(await bench.sync()).toMatchObject({ uploaded: 13 });
  expect(Object.keys(await bench.remote('Other Root'))).toEqual(['Private', 'Private/own.txt']);
  expect(await bench.remote()).not.toHaveProperty(['Private']);
  await bench.emulator.control('write', { path: '/Other Root/Private/back.txt', text: 'back' });
  expect(await bench.sync('--client', 'Second')).toMatchObject({
    downloaded: 1,
    requests: expect.any(Number) as number,
  });
  expect(await bench.local()).toHaveProperty(['Private/back.txt']);
});
