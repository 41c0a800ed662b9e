// What rclone, a client that knows nothing of this project, sees below a folder of the emulator: paths with Dropbox's own
// hashes. rclone wants https, so it talks through the TLS proxy.

import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startTlsProxy } from '../conformance/emulator/tls-proxy.ts';
import { ROOT, TOKEN, type Bench } from './cli.ts';

const run = promisify(execFile);

const hasRclone = spawnSync('rclone', ['version']).status === 0 && spawnSync('openssl', ['version']).status === 0;

interface Listed {
  readonly Path: string;
  readonly IsDir: boolean;
  readonly Hashes?: { readonly dropbox?: string };
}

let told = false;

/** The tree below `/root` as rclone sees it; the emulator's own word, and a line that says so, where rclone is missing. */
export async function peerTree(bench: Bench, root: string = ROOT): Promise<Record<string, string | null>> {
  if (hasRclone) return rcloneTree(bench, root);
  if (!told) process.stderr.write('rclone or openssl is not installed: its view of the remote tree is not compared.\n');
  told = true;
  return bench.remote(root);
}

/** Path → content hash (folders: null), as rclone tells. */
async function rcloneTree(bench: Bench, root: string): Promise<Record<string, string | null>> {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-rclone-'));
  const proxy = await startTlsProxy(folder, bench.emulator.port);
  try {
    const token = { access_token: TOKEN, token_type: 'bearer', expiry: '0001-01-01T00:00:00Z' };
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      HTTPS_PROXY: proxy.address,
      SSL_CERT_FILE: proxy.certificate,
      RCLONE_CONFIG: join(folder, 'rclone.conf'),
      RCLONE_CONFIG_BOX_TYPE: 'dropbox',
      RCLONE_CONFIG_BOX_TOKEN: JSON.stringify(token),
      // Names as they are: rclone would show some characters as look-alikes.
      RCLONE_CONFIG_BOX_ENCODING: 'Slash',
    };
    const args = ['lsjson', `box:${root}`, '-R', '--hash', '--retries', '1', '--low-level-retries', '2'];
    const { stdout } = await run('rclone', args, { env, maxBuffer: 64 * 1024 * 1024 });
    const rows = JSON.parse(stdout) as Listed[];
    return Object.fromEntries(
      rows
        .map((row) => [row.Path, row.IsDir ? null : (row.Hashes?.dropbox ?? 'no hash')] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  } finally {
    proxy.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
