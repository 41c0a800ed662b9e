import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const COMMAND = join(import.meta.dirname, '../../dropbox-emulator/command.ts');

let folder: string;
const running: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docktide-command-'));
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

interface Ready {
  readonly ready: boolean;
  readonly origin: string;
  readonly port: number;
  readonly token: string | null;
  readonly control: string;
}

async function start(options: {
  port: number;
  data: string | null;
  token: string | null;
}): Promise<{ child: ChildProcess; ready: Ready }> {
  const script = `const { runEmulatorCommand } = await import(${JSON.stringify(COMMAND)});
process.exitCode = await runEmulatorCommand(${JSON.stringify(options)});`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.push(child);
  for await (const line of createInterface({ input: child.stdout })) return { child, ready: JSON.parse(line) as Ready };
  throw new Error('The emulator ended without a word.');
}

function list(origin: string, token: string): Promise<Response> {
  return fetch(`${origin}/2/files/list_folder`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"path":""}',
  });
}

describe('the emulator command', () => {
  test('says where it listens, keeps its state, and ends with SIGTERM and SIGINT', async () => {
    const first = await start({ port: 0, data: folder, token: 'secret' });
    const { origin, port, control } = first.ready;
    expect(first.ready).toEqual({
      ready: true,
      origin: `http://127.0.0.1:${port}`,
      port,
      token: 'secret',
      control: `${origin}/_control/`,
    });
    expect((await list(origin, 'secret')).status).toBe(200);
    expect((await list(origin, 'other')).status).toBe(401);
    await fetch(`${control}write`, { method: 'POST', body: '{"path":"/kept.txt","text":"x"}' });
    first.child.kill('SIGTERM');
    expect(await once(first.child, 'exit')).toEqual([0, null]);

    const second = await start({ port, data: folder, token: null });
    expect(second.ready.port).toBe(port);
    const answer = (await (await list(origin, 'any')).json()) as { entries: { name: string }[] };
    expect(answer.entries.map((entry) => entry.name)).toEqual(['kept.txt']);
    second.child.kill('SIGINT');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
  });
});
