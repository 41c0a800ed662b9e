// Continuous mode through the real process: changes on either side arrive on the other by themselves, and a signal ends
// it cleanly.

import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench, DOCKTIDE, TOKEN, until, type Running } from '../support/cli.ts';
import { agreeWithPeerAfterEach } from '../support/peer-check.ts';

let bench: Bench;
let running: Running | null = null;
beforeEach(async () => {
  bench = await Bench.open();
  await bench.setUp('folder', 'add', 'Papers', '--client', 'Office');
  writeFileSync(at('Papers/first.txt'), 'first');
});
afterEach(async () => {
  running?.child.kill('SIGKILL');
  await running?.ended;
  running = null;
  await bench.close();
});
agreeWithPeerAfterEach(() => [bench]);

const at = (path: string): string => join(bench.documents, path);

function watch(...args: string[]): Running {
  running = bench.start(['watch', ...args]);
  return running;
}

/** Both sides hold the same, and these paths are among it. */
async function bothHave(watching: Running, ...paths: string[]): Promise<void> {
  let last = '';
  await until(
    `both sides to have ${paths.join(', ')}`,
    async () => {
      const [local, remote] = [await bench.local(), await bench.remote()];
      last = `${Object.keys(local).join()} | ${Object.keys(remote).join()}`;
      return JSON.stringify(local) === JSON.stringify(remote) && paths.every((path) => path in local);
    },
    () => `Seen: ${last}\n${watching.output()}`,
  );
}

async function bothLack(watching: Running, path: string): Promise<void> {
  await until(
    `${path} to be gone from both sides`,
    async () => !(path in (await bench.local())) && !(path in (await bench.remote())),
    watching.output,
  );
}

test('changes of both sides arrive on the other', async () => {
  const watching = watch();
  await bothHave(watching, 'Papers/first.txt');
  writeFileSync(at('Papers/here.txt'), 'here');
  await bothHave(watching, 'Papers/here.txt');
  await bench.put('Papers/there.txt', 'there');
  await bothHave(watching, 'Papers/there.txt');
  appendFileSync(at('Papers/there.txt'), ' and edited here');
  await until(
    'the edit',
    async () => (await bench.remote())['Papers/there.txt'] === (await bench.local())['Papers/there.txt'],
  );
  mkdirSync(at('Papers/Sub'));
  renameSync(at('Papers/here.txt'), at('Papers/Sub/moved.txt'));
  await bothHave(watching, 'Papers/Sub/moved.txt');
  await bench.moveThere('Papers/Sub', 'Papers/Renamed there');
  await bothHave(watching, 'Papers/Renamed there/moved.txt');
  await bench.removeThere('Papers/first.txt');
  await bothLack(watching, 'Papers/first.txt');
  rmSync(at('Papers/there.txt'));
  await bothLack(watching, 'Papers/there.txt');

  watching.child.kill('SIGTERM');
  const { code, stdout, stderr } = await watching.ended;
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Ended.\n' });
  expect(stderr).toContain('Papers/here.txt');
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it cleanly, also in the middle of a pass', async (signal) => {
  await bench.emulator.control('faults', { latencyMs: 300 });
  const before = (await bench.emulator.requests()).total;
  const watching = watch('--json');
  await until('a first request', async () => (await bench.emulator.requests()).total > before, watching.output);
  watching.child.kill(signal);
  const { code, stdout } = await watching.ended;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toHaveProperty('uploaded');
  await bench.emulator.control('faults', { clear: true });
  await bench.settle();
  expect(await bench.remote()).toEqual(await bench.local());
});

test('a pass by hand is possible while it watches', async () => {
  const watching = watch();
  await bothHave(watching, 'Papers/first.txt');
  expect(await bench.sync()).toMatchObject({ failed: 0, held: 0 });
});

test('it goes on when Dropbox was away for a while', async () => {
  const watching = watch();
  await bothHave(watching, 'Papers/first.txt');
  await bench.emulator.control('faults', { refuse: { next: 6 } });
  writeFileSync(at('Papers/patience.txt'), 'patience');
  await bothHave(watching, 'Papers/patience.txt');
  expect(watching.child.exitCode).toBeNull();
});

test('a client that is added while it watches is watched too', async () => {
  const watching = watch();
  await bothHave(watching, 'Papers/first.txt');
  await bench.setUp('client', 'add', 'Second', '--root', 'Second Root', '--access-token', TOKEN);
  await bench.setUp('folder', 'add', 'Second', '--client', 'Second');
  writeFileSync(at('Second/own.txt'), 'own');
  await until(
    'the second client',
    async () => 'Second/own.txt' in (await bench.remote('Second Root')),
    watching.output,
  );
  expect(await bench.remote()).not.toHaveProperty(['Second/own.txt']);
});

test('it ends at once when the starter on an older Node is gone', async () => {
  const child = spawn(process.execPath, [DOCKTIDE, '--data', bench.data, 'watch'], {
    env: { ...process.env, ...bench.env, DOCKTIDE_PARENT: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = once(child, 'exit');
  await until(
    'watching',
    () => output.includes('Watching'),
    () => output,
  );
  child.disconnect();
  expect(await exited).toEqual([null, 'SIGKILL']);
});
