// What rclone, a client that knows nothing of this project, sees below a folder of the emulator: paths with Dropbox's own
// hashes. rclone wants https, so it talks through the TLS proxy. It has a token of its own, so that it still sees the
// tree where a test has taken the login away.

import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeCertificate, startTlsProxy, type Certificate } from '../conformance/emulator/tls-proxy.ts';
import { ALL_SCOPES } from '../dropbox-emulator/login.ts';
import { ROOT, type Bench } from './cli.ts';
import type { TestEmulator } from './emulator.ts';

const run = promisify(execFile);

export const hasRclone =
  spawnSync('rclone', ['version']).status === 0 && spawnSync('openssl', ['version']).status === 0;
if (!hasRclone) {
  process.stderr.write('rclone or openssl is not installed: its view of the remote tree is not compared.\n');
}

export type PathsWithHashes = Readonly<Record<string, string | null>>;

interface Listed {
  readonly Path: string;
  readonly IsDir: boolean;
  readonly Hashes?: { readonly dropbox?: string };
}

let folder: string | null = null;
let certificate: Certificate | null = null;

/** One for all, removed when this process ends. */
function sharedCertificate(): Certificate {
  if (folder === null || certificate === null) {
    const made = mkdtempSync(join(tmpdir(), 'docktide-rclone-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
    certificate = makeCertificate(made);
  }
  return certificate;
}

/** Path → content hash (folders: null) below a folder of the emulator as rclone tells, sorted; the whole account for ''. */
export async function rcloneTree(emulator: TestEmulator, root: string): Promise<PathsWithHashes> {
  const proxy = await startTlsProxy(sharedCertificate(), emulator.port);
  emulator.state.login.limit('token-of-rclone', ALL_SCOPES);
  try {
    const token = { access_token: 'token-of-rclone', token_type: 'bearer', expiry: '0001-01-01T00:00:00Z' };
    const env = {
      PATH: process.env['PATH'],
      HOME: folder ?? '',
      HTTPS_PROXY: proxy.address,
      SSL_CERT_FILE: proxy.certificate,
      RCLONE_CONFIG: join(folder ?? '', 'rclone.conf'),
      RCLONE_CONFIG_BOX_TYPE: 'dropbox',
      RCLONE_CONFIG_BOX_TOKEN: JSON.stringify(token),
      // Names as they are: rclone would show some characters as look-alikes.
      RCLONE_CONFIG_BOX_ENCODING: 'Slash',
    };
    const args = ['lsjson', `box:${root}`, '-R', '--hash', '--retries', '1', '--low-level-retries', '5'];
    const { stdout } = await run('rclone', args, { env, maxBuffer: 64 * 1024 * 1024 });
    const rows = JSON.parse(stdout) as Listed[];
    return Object.fromEntries(
      rows
        .map((row) => [row.Path, row.IsDir ? null : (row.Hashes?.dropbox ?? 'no hash')] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  } finally {
    proxy.close();
  }
}

/** The tree of one client of a bench, as rclone tells; as the emulator does where rclone is missing. */
export async function peerTree(bench: Bench, root: string = ROOT): Promise<PathsWithHashes> {
  return hasRclone ? rcloneTree(bench.emulator, root) : bench.remote(root);
}
