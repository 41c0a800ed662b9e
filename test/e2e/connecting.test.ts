// Connecting a client through the real command line and the emulator's OAuth pages: what a person is told when it works
// and when it does not, as whom it works in a team, and where secrets are.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench, TOKEN, until, type Ended, type Running } from '../support/cli.ts';
import type { ClientStatusView } from '../../src-shared/client-views.ts';
import type { ClientView } from '../../src-shared/views.ts';

const APP_SECRET = 'the-app-secret-0123456789';
let bench: Bench;
beforeEach(async () => {
  bench = await Bench.open({ client: false });
});
afterEach(() => bench.close());

const control = (name: string, body: Readonly<Record<string, unknown>>) => bench.emulator.control(name, body);
const add = (...more: string[]) => bench.setUp('client', 'add', 'Office', '--root', 'ERP Documents', ...more);
const status = (...more: string[]) => bench.view<ClientStatusView>('client', 'status', 'Office', ...more);

/** Starts to connect; answers once the address is announced. */
async function connecting(...more: string[]): Promise<{ running: Running; address: string }> {
  const running = bench.start(['client', 'connect', 'Office', '--no-browser', '--json', ...more]);
  await until('the address', () => /^http\S+$/m.test(running.output()), running.output);
  return { running, address: [...running.output().matchAll(/^http\S+$/gm)].at(-1)?.[0] ?? '' };
}

const decide = (address: string, decision: 'allow' | 'deny') =>
  fetch(address, { method: 'POST', body: new URLSearchParams({ decision }) });

/** The whole way: the page that the browser ends on, and what the command says. */
async function connect(decision: 'allow' | 'deny' = 'allow'): Promise<{ page: string; ended: Ended; address: string }> {
  const { running, address } = await connecting();
  const page = await (await decide(address, decision)).text();
  return { page, ended: await running.ended, address };
}

const errorOf = ({ stdout }: Ended) => (JSON.parse(stdout) as { error: { code: string; message: string } }).error;

/** Every file of the data folder but the one that keeps the tokens, as text. */
function dataFolderText(): string {
  return readdirSync(bench.data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'secrets.json')
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

test('an app with a secret: kept in an owner-only file, used for the login and its renewal, told nowhere', async () => {
  await control('oauth', { appSecret: APP_SECRET, needsSecret: true });
  const missing = await bench.inside(
    'client',
    'add',
    'Office',
    '--root',
    'R',
    '--app-key',
    'key',
    '--app-secret-env',
    'S',
  );
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('S is not set') as string });
  const added = bench.start(
    ['client', 'add', 'Office', '--root', 'ERP Documents', '--app-key', 'key', '--app-secret-env', 'S'],
    {
      env: { S: 'a wrong secret'.replaceAll(' ', '-') },
    },
  );
  const { stderr } = await added.ended;
  expect(stderr).toContain('secrets.json, a file that only you can read');
  expect(stderr).toContain('  http://localhost:53682/dropbox');
  const wrong = await connect();
  expect(wrong.page).toContain('the app secret is wrong');
  expect(errorOf(wrong.ended).message).toContain('the app secret is wrong');

  expect((await bench.inside('client', 'app-secret', 'Office')).code).toBe(2);
  const changed = bench.start(['client', 'app-secret', 'Office', '--env', 'S', '--json'], { env: { S: APP_SECRET } });
  expect(JSON.parse((await changed.ended).stdout)).toEqual({ client: 'Office', appSecret: true });
  const { page, ended, address } = await connect();
  expect(page).toContain('You can close this window');
  expect(ended.stderr).toContain('  http://localhost:53684/dropbox');
  expect(address).not.toContain(APP_SECRET);
  expect(JSON.parse(ended.stdout)).toMatchObject({ name: 'Office', state: 'connected' });

  await control('expire', {});
  const view = (await bench.json<ClientStatusView>('client', 'status', 'Office')).value;
  expect(view).toMatchObject({
    state: 'connected',
    reason: null,
    reasonText: null,
    account: { name: 'Anna Example', email: 'anna@example.com', kind: 'pro', team: null },
    space: { used: 0, allowed: 2 * 1024 ** 4, team: null },
    missingScopes: [],
    teamMemberEmail: null,
    teamSpace: false,
    root: 'ERP Documents',
    lastSync: null,
    login: { kind: 'app-key', appKey: 'key', appSecret: true },
    tokenKept: { kind: 'owner-only-file', place: join(bench.data, 'secrets.json') },
    redirectAddresses: [53682, 53683, 53684].map((port) => `http://localhost:${port}/dropbox`),
    checked: { ok: true },
  });
  expect(view.scopes).toContain('files.content.read');

  const secrets = Object.values(
    JSON.parse(readFileSync(join(bench.data, 'secrets.json'), 'utf8')) as Record<string, string>,
  );
  const tokens = secrets.join(' ').match(/[\w.-]{24,}/g) ?? [];
  expect(tokens.length).toBeGreaterThanOrEqual(3);
  const everything = dataFolderText() + ended.stdout + ended.stderr + JSON.stringify(view);
  for (const token of tokens) expect(everything).not.toContain(token);
  expect(statSync(join(bench.data, 'secrets.json')).mode & 0o777).toBe(0o600);

  const text = (await bench.ok('client', 'status', 'Office', '--offline')).stdout;
  for (const words of ['Anna Example, anna@example.com', 'of 2.0 TB used', 'with an app secret', 'only you can read']) {
    expect(text).toContain(words);
  }
  await bench.ok('client', 'remove', 'Office');
  expect(readFileSync(join(bench.data, 'secrets.json'), 'utf8').trim()).toBe('{}');
});

test('what goes wrong on the way is said in the browser and on the terminal, and nothing is kept', async () => {
  await add('--app-key', 'key');
  const draft = await status();
  expect(draft).toMatchObject({ state: 'draft', account: null, checked: null });
  expect(draft.reasonText).toContain('docktide client connect "Office"');

  await control('oauth', {
    scopes: ['account_info.read', 'files.metadata.read', 'files.content.read', 'sharing.read'],
  });
  const lacking = await connect();
  for (const words of [
    'files.metadata.write',
    'files.content.write',
    'sharing.write',
    'section Collaboration',
    'Submit',
  ]) {
    expect(lacking.page).toContain(words);
    expect(errorOf(lacking.ended).message).toContain(words);
  }
  expect(errorOf(lacking.ended).code).toBe('scope-missing');
  await control('oauth', { scopes: null, codeSeconds: 0 });
  const expired = await connect();
  expect(expired.page).toContain('has expired. Start the connection again.');
  expect(errorOf(expired.ended).message).toContain('has expired');
  await control('oauth', { codeSeconds: 600 });

  // A browser that comes with a state that nobody gave is turned away; the login goes on waiting.
  await control('oauth', { strangeState: true });
  const waiting = await connecting();
  const strange = await decide(waiting.address, 'allow');
  expect({ status: strange.status, page: await strange.text() }).toMatchObject({
    status: 400,
    page: expect.stringContaining('This login is not known') as string,
  });
  expect(waiting.running.child.exitCode).toBeNull();
  await control('oauth', { strangeState: false });
  const back = (await fetch(waiting.address, { method: 'POST', body: new URLSearchParams({ decision: 'deny' }) })).url;
  expect(errorOf(await waiting.running.ended).code).toBe('no-permission');
  // Once used, the address serves nobody.
  await expect(fetch(back)).rejects.toThrow('fetch failed');

  const cancelled = await connecting();
  cancelled.running.child.kill('SIGINT');
  const stopped = await cancelled.running.ended;
  expect({ code: stopped.code, error: errorOf(stopped) }).toMatchObject({ code: 1, error: { code: 'interrupted' } });
  const late = await connecting('--timeout', '1');
  expect(errorOf(await late.running.ended)).toMatchObject({
    code: 'login-timeout',
    message: expect.stringContaining('in time') as string,
  });
  expect((await bench.json<ClientView[]>('client', 'list')).value).toMatchObject([{ state: 'draft' }]);
});

test('where the browser is on another computer the code is copied', async () => {
  await add('--app-key', 'key');
  const start = () =>
    bench.start(['client', 'connect', 'Office', '--no-browser', '--paste-code'], {
      through: ['sh', '-c', 'cat code | "$@"', '-'],
    });
  // A pipe that a test can write into while the command waits.
  const { spawnSync } = await import('node:child_process');
  spawnSync('mkfifo', [join(bench.folder, 'code')]);
  const running = start();
  await until('the address', () => /^http\S+$/m.test(running.output()), running.output);
  const address = /^http\S+$/m.exec(running.output())?.[0] ?? '';
  expect(address).not.toContain('redirect_uri');
  expect(running.output()).not.toContain('redirect addresses');
  const page = await (await decide(address, 'allow')).text();
  writeFileSync(join(bench.folder, 'code'), `${/value="([^"]+)"/.exec(page)?.[1] ?? ''}\n`);
  expect((await running.ended).code).toBe(0);
  expect(await status()).toMatchObject({ state: 'connected', checked: { ok: true } });
});

test('a team: as whom, where, and a space whose root is another one tomorrow', async () => {
  await control('account', { kind: 'business', teamName: 'Example Ltd', teamSpace: true });
  await control('oauth', { team: true });
  expect(
    await bench.json('client', 'add', 'X', '--root', 'R', '--app-key', 'k', '--team-member-email', 'anna'),
  ).toMatchObject({ code: 1, value: { error: { code: 'bad-email' } } });
  await add('--app-key', 'key', '--team-member-email', 'nobody@example.com');
  const nobody = await connect();
  expect(nobody.page).toContain('Nobody in this Dropbox team has the e-mail');
  expect(errorOf(nobody.ended).code).toBe('no-permission');
  await bench.setUp('client', 'remove', 'Office');

  await add('--app-key', 'key', '--team-member-email', 'Anna@example.com');
  expect((await connect()).ended.code).toBe(0);
  await bench.setUp('folder', 'add', 'Papers', '--client', 'Office');
  writeFileSync(join(bench.documents, 'Papers/a.txt'), 'a');
  expect(await bench.sync()).toMatchObject({ uploaded: 1 });
  // In the team space, beside the member's own folder.
  expect(await bench.remote()).toEqual(await bench.local());
  const view = await status();
  expect(view).toMatchObject({
    account: { kind: 'business', team: 'Example Ltd' },
    teamMemberEmail: 'Anna@example.com',
    teamSpace: true,
    space: { used: 1, team: { used: 1 } },
  });
  expect(view.lastSync).not.toBeNull();

  await control('account', { rootNamespace: '9002' });
  writeFileSync(join(bench.documents, 'Papers/b.txt'), 'b');
  expect(await bench.settle()).toMatchObject({ uploaded: 1, deletedLocal: 0, deletedRemote: 0 });
  expect((await bench.inside('log')).stdout).toContain('another root');
  // Known from now on: a quiet pass costs one request again.
  expect(await bench.settle()).toMatchObject({ requests: 1 });
  expect((await bench.emulator.requests()).byEndpoint['team/members/get_info_v2']).toBe(2);

  await control('oauth', { team: false });
  const alone = await connect();
  expect(alone.page).toContain('logged in to a single Dropbox account');
  // The login that worked is kept.
  expect(await status()).toMatchObject({ state: 'connected', checked: { ok: true } });
});

test('a client stays with its account, and its status tells what became of it', async () => {
  await add('--app-key', 'key');
  await connect();
  await bench.setUp('folder', 'add', 'Papers', '--client', 'Office');
  await bench.settle();
  await control('account', { accountId: `dbid:${'B'.repeat(35)}`, givenName: 'Bob', email: 'bob@example.com' });
  const other = await connect();
  expect(other.page).toContain('This is the Dropbox of Bob Example (bob@example.com)');
  expect(errorOf(other.ended)).toMatchObject({ code: 'other-account' });
  expect(await status()).toMatchObject({
    account: { name: 'Anna Example' },
    checked: { ok: false, code: 'other-account' },
  });
  await control('account', { accountId: 'dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc', givenName: 'Anna' });

  await control('revoke', { all: true });
  expect(await status()).toMatchObject({
    state: 'disconnected',
    reason: 'login-revoked',
    reasonText: expect.stringContaining('Connect the client again') as string,
    account: { name: 'Anna Example' },
    checked: { ok: false, code: 'login-lost' },
  });
  expect((await bench.inside('client', 'list')).stdout).toContain('Connect the client again');
  const before = (await bench.emulator.requests()).total;
  expect(await status('--offline')).toMatchObject({ state: 'disconnected', checked: null });
  expect((await bench.emulator.requests()).total).toBe(before);
  expect((await connect()).ended.code).toBe(0);
  expect(await status()).toMatchObject({ state: 'connected', checked: { ok: true } });

  const away = bench.start(['client', 'status', 'Office', '--json'], {
    env: { DOCKTIDE_DROPBOX_ORIGIN: 'http://127.0.0.1:2' },
  });
  expect(JSON.parse((await away.ended).stdout)).toMatchObject({
    state: 'disconnected',
    reason: 'no-network',
    checked: { ok: false, code: 'unreachable' },
  });
  expect(await status()).toMatchObject({ state: 'connected', reason: null });
  expect(await bench.json('client', 'status', 'Nobody')).toMatchObject({
    code: 1,
    value: { error: { code: 'unknown-client' } },
  });

  await bench.setUp('client', 'add', 'Ready', '--root', 'Other', '--token-env', 'READY');
  const ready = bench.start(['client', 'status', 'Ready', '--json'], { env: { READY: TOKEN } });
  expect(JSON.parse((await ready.ended).stdout)).toMatchObject({
    login: { kind: 'token-env', appKey: null, appSecret: false },
    scopes: null,
    tokenKept: { kind: 'environment', place: 'READY' },
    checked: { ok: true },
  });
});
