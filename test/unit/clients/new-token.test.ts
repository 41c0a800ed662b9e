// A ready token ends after some hours: another one of the same account takes its place, and everything else stays.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDocktide } from '../../../src-main/compose.ts';
import { connectClient } from '../../../src-main/ipc/connect.ts';
import { ENGLISH } from '../../../src-shared/said.ts';
import { serviceWorld, type ServiceWorld } from '../../support/service-world.ts';

const OLD = 'service-token';
const NEW = 'the-new-token-of-today';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld({ company: false });
  world.write('P/a.txt', 'first');
  await world.sync();
  // Beside the one in use, Dropbox has given out another one.
  await world.emulator.control('token', { token: NEW, team: false });
});
afterEach(() => world.close());

const refusal = (work: Promise<unknown>): Promise<{ code: string; message: string }> =>
  work.then(
    () => Promise.reject(new Error('It was not refused.')),
    (error: { code: string; message: string }) => error,
  );
const troubles = () => world.service.sync().then(({ errors }) => errors.map(({ code }) => code));

test('a client whose token has ended goes on with another one, where it was', async () => {
  await world.emulator.control('revoke', { token: OLD });
  world.write('P/b.txt', 'written meanwhile');
  expect((await refusal(world.service.sync())).code).toBe('login-lost');
  expect(world.service.clients()).toMatchObject([{ state: 'disconnected', reason: 'login-revoked' }]);

  expect(await world.service.replaceToken('Office', ` ${NEW}\n`)).toMatchObject({ name: 'Office', state: 'connected' });
  expect(await world.service.clientStatus('Office')).toMatchObject({
    checked: { ok: true },
    account: { name: 'Anna Example' },
  });
  expect(await world.sync()).toMatchObject({ uploaded: 1, downloaded: 0, conflicts: 0 });
  expect(await world.remote()).toEqual(await world.local());
  await world.reopen();
  world.write('P/c.txt', 'after another start');
  expect(await world.sync()).toMatchObject({ uploaded: 1 });
  const lines = world.service.log({ kinds: ['client.login'] });
  expect(lines).toMatchObject([{ client: 'Office', reason: 'Dropbox accepted the access token', level: 'info' }]);
  expect(JSON.stringify(world.service.log())).not.toContain(NEW);
});

test('another process may give the new one: a program that runs takes it with its next pass', async () => {
  await world.emulator.control('revoke', { token: OLD });
  expect((await refusal(world.service.sync())).code).toBe('login-lost');
  const other = await openDocktide({
    dataFolder: world.dataFolder,
    env: { DOCKTIDE_DROPBOX_ORIGIN: world.emulator.origin },
  });
  await other.replaceToken('Office', NEW);
  await other.close();
  world.write('P/b.txt', 'second');
  expect(await world.sync()).toMatchObject({ uploaded: 1 });
});

test('the token of another account is refused, and the one before stays', async () => {
  await world.emulator.control('account', {
    accountId: `dbid:${'B'.repeat(35)}`,
    givenName: 'Bob',
    email: 'bob@example.com',
  });
  const { code, message } = await refusal(world.service.replaceToken('Office', NEW));
  expect(code).toBe('other-account');
  expect(message).toMatch(
    /^The token is that of Bob Example \(bob@example\.com\), but the client "Office" keeps its documents in the Dropbox of Anna Example/,
  );
  expect(message).not.toContain(NEW);
  expect(world.service.log({ kinds: ['client.login'] })).toMatchObject([{ level: 'error', result: 'failed' }]);
  await world.emulator.control('account', { accountId: 'dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc', givenName: 'Anna' });
  await world.emulator.control('revoke', { token: NEW });
  expect(await troubles()).toEqual([]);
});

test('what is no token, a token that Dropbox does not accept, and clients that have none', async () => {
  expect(await refusal(world.service.replaceToken('Office', 'two words'))).toMatchObject({ code: 'bad-credentials' });
  await world.emulator.control('revoke', { token: 'ended-as-well' });
  expect(await refusal(world.service.replaceToken('Office', 'ended-as-well'))).toMatchObject({
    code: 'login-lost',
    message: expect.stringMatching(/^Dropbox does not know this access token/) as string,
  });
  expect(world.service.clients()).toMatchObject([{ state: 'connected' }]);
  expect(await troubles()).toEqual([]);

  world.service.addClient('Key', 'Other', { kind: 'app-key', appKey: 'key' });
  expect(await refusal(world.service.replaceToken('Key', NEW))).toMatchObject({
    code: 'not-a-token',
    message: expect.stringContaining('docktide client connect "Key"') as string,
  });
  world.service.addClient('Variable', 'Third', { kind: 'token-env', variable: 'COMPANY_TOKEN' });
  expect(await refusal(world.service.replaceToken('Variable', NEW))).toMatchObject({
    code: 'not-a-token',
    message: expect.stringContaining('COMPANY_TOKEN') as string,
  });
  expect((await refusal(world.service.replaceToken('Nobody', NEW))).code).toBe('unknown-client');
  // A login is for clients with an app key; the others are told what to do instead.
  expect((await refusal(world.service.connectClient('Office', { announce: () => undefined }))).message).toContain(
    'docktide client token "Office" --stdin',
  );
});

test('a client that the window adds with a token that Dropbox does not know is not kept', async () => {
  await world.emulator.control('revoke', { token: 'mistyped' });
  const login = { announce: () => undefined, openBrowser: async () => undefined, speech: () => ENGLISH };
  const add = (name: string, secret: string) =>
    connectClient(
      world.service,
      { name, root: name, method: 'access-token', secret },
      login,
      new AbortController().signal,
    );
  expect((await refusal(add('Second', 'mistyped'))).message).toMatch(/^Dropbox does not know this access token/);
  expect(world.service.clients().map(({ name }) => name)).toEqual(['Office']);
  expect(await add('Second', NEW)).toMatchObject({ name: 'Second', state: 'connected' });
});
