// What the same work takes others, in the same run: rclone through a TLS front of the emulator (it speaks https only),
// and the bare calls of the `dropbox` package. Each in a process of its own. Called by the cases.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeCertificate } from '../conformance/emulator/tls-proxy.ts';
import { TOKEN, type World } from './world.ts';

const FRONT = fileURLToPath(new URL('./tls-front.ts', import.meta.url));
const SDK = fileURLToPath(new URL('./sdk-loop.ts', import.meta.url));
/** What rclone and the bare calls do side by side. */
export const AT_ONCE = 16;

export const hasRclone =
  spawnSync('rclone', ['version']).status === 0 && spawnSync('openssl', ['version']).status === 0;

/** Seconds that rclone took, its start included; null where it is not installed. `box:` is the account. */
export async function rclone(world: World, ...args: readonly string[]): Promise<number | null> {
  if (!hasRclone) return null;
  const folder = mkdtempSync(join(tmpdir(), 'docktide-rclone-'));
  const certificate = makeCertificate(folder);
  const front = spawn(
    process.execPath,
    [FRONT, String(new URL(world.origin).port), certificate.key, certificate.certificate],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    const address = await new Promise<string>((resolve) => front.stdout.setEncoding('utf8').once('data', resolve));
    const token = { access_token: TOKEN, token_type: 'bearer', expiry: '0001-01-01T00:00:00Z' };
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      HTTPS_PROXY: address.trim(),
      SSL_CERT_FILE: certificate.certificate,
      RCLONE_CONFIG: join(folder, 'rclone.conf'),
      RCLONE_CONFIG_BOX_TYPE: 'dropbox',
      RCLONE_CONFIG_BOX_TOKEN: JSON.stringify(token),
      // Its other modes are slower still.
      RCLONE_CONFIG_BOX_BATCH_MODE: 'off',
    };
    const parallel = ['--transfers', String(AT_ONCE), '--checkers', String(AT_ONCE), '--retries', '1'];
    return await seconds('rclone', [...args, ...parallel], env);
  } finally {
    front.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface SdkWork {
  readonly way: 'up' | 'down';
  /** Files are read from here, or written there. */
  readonly folder: string;
  /** In Dropbox. */
  readonly root: string;
}

/** Seconds that bare calls of the `dropbox` package take for the same files: one call a file, no more. */
export async function sdk(world: World, { way, folder, root }: SdkWork): Promise<number> {
  const child = spawn(process.execPath, [SDK, way, world.origin, folder, root, String(AT_ONCE)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`The loop of bare calls ended with ${code}.`);
  return Number(output);
}

async function seconds(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const started = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${command} ${args[0]} ended with ${code}: ${errors.slice(-2000)}`);
  return (performance.now() - started) / 1000;
}
