// Logging in to Dropbox through a browser, as a process of its own: agreed, declined, and where the way back is closed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { LOOPBACK_PORTS } from '../../src-main/cloud/dropbox/redirect-listener.ts';
import { Bench, DOCKTIDE, until } from '../support/cli.ts';
import type { ClientView } from '../../src-shared/views.ts';

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function appBench(): Promise<Bench> {
  const bench = await Bench.open({ client: false });
  cleanUps.push(() => bench.close());
  await bench.setUp('client', 'add', 'Office', '--root', 'ERP Documents', '--app-key', 'appkey123');
  await bench.setUp('folder', 'add', 'Papers', '--client', 'Office');
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
    // Somebody else may have it, as the near end of any connection: taken is taken.
    await new Promise<void>((resolve) => void server.once('listening', resolve).once('error', () => resolve()));
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
