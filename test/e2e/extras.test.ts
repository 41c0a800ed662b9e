// The emulator command and the demonstration, as processes of their own.

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { DOCKTIDE } from '../support/cli.ts';

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
