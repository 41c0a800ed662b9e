// The emulator command, the demonstration, and logging in through a browser, as processes of their own.

import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Bench, DOCKTIDE, until } from '../support/cli.ts';
import { LOOPBACK_PORTS } from '../../src-main/cloud/dropbox/redirect-listener.ts';
import type { ClientView } from '../../src-shared/views.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'docktide-extras-'));
  cleanUps.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function startEmulatorCommand(
  ...args: string[]
): Promise<{ origin: string; stop: () => Promise<number | null> }> {
  const child = spawn(process.execPath, [DOCKTIDE, 'emulator', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    return (await exited)[0];
  };
  cleanUps.push(async () => void (await stop()));
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  expect(line.trimEnd().split('\n')).toHaveLength(1);
  const { origin } = JSON.parse(line) as { origin: string };
  return { origin, stop };
}

const post = (address: string, token: string, body: unknown) =>
  fetch(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('the emulator prints one line when ready, keeps its data, and ends cleanly', async () => {
  const data = folder();
  const first = await startEmulatorCommand('--port', '0', '--data', data, '--token', 'secret');
  expect(first.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const create = { path: '/kept', autorename: false };
  expect((await post(`${first.origin}/2/files/create_folder_v2`, 'secret', create)).status).toBe(200);
  expect((await post(`${first.origin}/2/files/create_folder_v2`, 'other', create)).status).toBe(401);
  expect(await first.stop()).toBe(0);
  const second = await startEmulatorCommand('--port', '0', '--data', data, '--token', 'secret');
  const listed = (await (await post(`${second.origin}/2/files/list_folder`, 'secret', { path: '' })).json()) as {
    entries: { name: string }[];
  };
  expect(listed.entries.map((entry) => entry.name)).toEqual(['kept']);
});

test('the demonstration ends with two equal trees and leaves nothing behind', async () => {
  const scratch = folder();
  const child = spawn(process.execPath, [DOCKTIDE, 'demo'], {
    env: { ...process.env, TMPDIR: scratch },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  expect(output).toMatch(/Both sides are equal: \d+ files, compared by content\.\n$/);
  expect(output).toContain('kept both: Contacts/Café Möwe/Opening hours.txt');
  expect(readdirSync(scratch).filter((name) => name.startsWith('docktide'))).toEqual([]);
});

async function appBench(): Promise<Bench> {
  const bench = await Bench.open({ client: false });
  cleanUps.push(() => bench.close());
  await bench.ok('client', 'add', 'Office', '--root', 'ERP Documents', '--app-key', 'appkey123');
  await bench.ok('folder', 'add', 'Papers', '--client', 'Office');
  writeFileSync(join(bench.documents, 'Papers/a.txt'), 'a');
  return bench;
}

/** The address that the command announces. */
async function announced(output: () => string): Promise<string> {
  await until('the address', () => /^http\S+$/m.test(output()), output);
  return [...output().matchAll(/^http\S+$/gm)].at(-1)?.[0] ?? '';
}

const allow = (address: string) => fetch(address, { method: 'POST', body: new URLSearchParams({ decision: 'allow' }) });

test('a client is connected by a login in the browser, and its login is kept', async () => {
  const bench = await appBench();
  expect((await bench.json<ClientView[]>('client', 'list')).value).toMatchObject([{ state: 'draft' }]);
  expect(await bench.json('sync')).toMatchObject({ code: 1, value: { error: { code: 'not-connected' } } });
  const connecting = bench.start(['client', 'connect', 'Office', '--no-browser', '--json']);
  const page = await allow(await announced(connecting.output));
  expect(await page.text()).toContain('Dropbox is connected');
  const { code, stdout } = await connecting.ended;
  expect({ code, state: (JSON.parse(stdout) as ClientView).state }).toEqual({ code: 0, state: 'connected' });
  expect(await bench.sync()).toMatchObject({ uploaded: 1 });
  // The token of the login still holds: no request to renew it.
  expect(await bench.sync()).toMatchObject({ requests: 1 });
  expect((await bench.emulator.requests()).byEndpoint['oauth2/token']).toBe(1);
});

test('a login that is declined leaves the client as it was', async () => {
  const bench = await appBench();
  const connecting = bench.start(['client', 'connect', 'Office', '--no-browser', '--json']);
  const address = await announced(connecting.output);
  await fetch(address, { method: 'POST', body: new URLSearchParams({ decision: 'deny' }) });
  const { code, stdout } = await connecting.ended;
  expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 1, error: { code: 'no-permission' } });
  expect((await bench.json<ClientView[]>('client', 'list')).value).toMatchObject([{ state: 'draft' }]);
});

test('where every port for the way back is taken, the code is pasted', async () => {
  const bench = await appBench();
  for (const port of LOOPBACK_PORTS) {
    const server = createServer().listen(port, '127.0.0.1');
    // Somebody else may have it: taken is taken.
    await Promise.race([once(server, 'listening'), once(server, 'error')]);
    cleanUps.push(() => void server.close());
  }
  const child = spawn(
    process.execPath,
    [DOCKTIDE, '--data', bench.data, 'client', 'connect', 'Office', '--no-browser'],
    { env: { ...process.env, ...bench.env }, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const html = await (await allow(await announced(() => output))).text();
  await until(
    'the question',
    () => output.includes('Paste the code'),
    () => output,
  );
  child.stdin.end(`${/value="([^"]+)"/.exec(html)?.[1] ?? ''}\n`);
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  expect(await bench.sync()).toMatchObject({ uploaded: 1 });
});
