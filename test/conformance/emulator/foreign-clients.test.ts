// Clients that know Dropbox and nothing of this project: the official Python SDK, which decodes strictly what it gets,
// and rclone. Where one is not installed, its test is reported as skipped.

import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contentHashOf } from '../../dropbox-emulator/content-hash.ts';
import { SERVED } from '../../dropbox-emulator/server.ts';
import { startTestEmulator, type TestEmulator } from '../../support/emulator.ts';
import { patternBytes } from './client.ts';
import { makeCertificate, startTlsProxy, type TlsProxy } from './tls-proxy.ts';

const run = promisify(execFile);
const PYTHON = '/usr/bin/python3';
const hasSdk = spawnSync(PYTHON, ['-c', 'import dropbox']).status === 0;
const hasRclone = spawnSync('rclone', ['version']).status === 0 && spawnSync('openssl', ['version']).status === 0;

/** What the SDK of Debian may not know yet; called by the npm client alone. */
const YOUNG_ROUTES = ['files/upload_session/append_batch'];

let emulator: TestEmulator;
let folder: string;

beforeEach(async () => {
  emulator = await startTestEmulator();
  folder = mkdtempSync(join(tmpdir(), 'docktide-clients-'));
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

describe.skipIf(!hasSdk)('the Python SDK', () => {
  test('decodes the answers of every route strictly', async () => {
    await emulator.control('paper', { path: '/Notes.paper' });
    await emulator.control('account', { kind: 'business' });
    const { stdout } = await run(PYTHON, [join(import.meta.dirname, 'sdk_client.py'), emulator.origin, ...SERVED]);
    const { answered, problems, called, absent } = JSON.parse(stdout) as Readonly<Record<string, readonly string[]>>;
    expect(problems).toEqual([]);
    expect(answered?.length).toBeGreaterThanOrEqual(78);
    // A route that is served and not called here is checked by nobody; an older SDK may lack a younger route.
    expect([...(called ?? []), ...(absent ?? [])].toSorted()).toEqual(SERVED);
    expect(YOUNG_ROUTES).toEqual(expect.arrayContaining([...(absent ?? [])]));
  });
});

describe.skipIf(!hasRclone)('rclone', () => {
  let proxy: TlsProxy;
  beforeEach(async () => {
    proxy = await startTlsProxy(makeCertificate(folder), emulator.port);
  });
  afterEach(() => proxy.close());

  async function rclone(...args: readonly string[]): Promise<string> {
    const token = { access_token: 'test-token', token_type: 'bearer', expiry: '0001-01-01T00:00:00Z' };
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      HTTPS_PROXY: proxy.address,
      SSL_CERT_FILE: proxy.certificate,
      RCLONE_CONFIG: join(folder, 'rclone.conf'),
      RCLONE_CONFIG_BOX_TYPE: 'dropbox',
      RCLONE_CONFIG_BOX_TOKEN: JSON.stringify(token),
    };
    const { stdout } = await run('rclone', [...args, '--retries', '1', '--low-level-retries', '1'], { env });
    return stdout;
  }

  const FILES: Readonly<Record<string, Buffer>> = {
    'empty.txt': Buffer.alloc(0),
    'Größe/Ä 😀.txt': Buffer.from('umlauts'),
    'deep/er/and/deeper.bin': patternBytes(100_000),
    'large.bin': patternBytes(9_000_001),
  };

  test('uploads, checks, downloads, moves, links and purges', async () => {
    const source = join(folder, 'source');
    for (const [path, bytes] of Object.entries(FILES)) {
      mkdirSync(dirname(join(source, path)), { recursive: true });
      writeFileSync(join(source, path), bytes);
    }
    await rclone('copy', source, 'box:Docs', '--dropbox-chunk-size', '4M');
    const uploaded = (await emulator.tree('/Docs')).filter((row) => row.kind === 'file');
    expect(Object.fromEntries(uploaded.map((row) => [row.path.slice(6), row.contentHash]))).toEqual(
      Object.fromEntries(Object.entries(FILES).map(([path, bytes]) => [path, contentHashOf(bytes)])),
    );
    await rclone('check', source, 'box:Docs');
    await rclone('copy', 'box:Docs', join(folder, 'back'));
    for (const [path, bytes] of Object.entries(FILES)) {
      expect(readFileSync(join(folder, 'back', path)).equals(bytes)).toBe(true);
    }
    await rclone('moveto', 'box:Docs/deep', 'box:Elsewhere/moved');
    expect((await emulator.tree('/Elsewhere')).map((row) => row.path)).toContain('/Elsewhere/moved/er/and/deeper.bin');
    expect(await rclone('link', 'box:Docs/large.bin')).toMatch(/^https:\/\/www\.dropbox\.com\/scl\/fi\//);
    expect(JSON.parse(await rclone('about', 'box:', '--json'))).toMatchObject({ used: emulator.state.tree.usedBytes });
    await rclone('purge', 'box:Docs');
    expect((await emulator.tree()).map((row) => row.path)).not.toContain('/Docs');
    expect(readdirSync(join(folder, 'back')).length).toBe(4);
  });

  test('sync removes and renames on the other side; bisync carries changes both ways', async () => {
    const here = join(folder, 'both');
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(here, path)), { recursive: true });
      writeFileSync(join(here, path), text);
    };
    const there = async (): Promise<Record<string, string>> => {
      const rows = (await emulator.tree('/Both')).filter((row) => row.kind === 'file');
      const texts = rows.map(async (row) => [row.path.slice(6), (await emulator.content(row.path)).toString()]);
      return Object.fromEntries((await Promise.all(texts)) as [string, string][]);
    };
    const filesHere = (): Record<string, string> =>
      Object.fromEntries(
        readdirSync(here, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
          .map((file) => [file.slice(here.length + 1), readFileSync(file, 'utf8')]),
      );
    write('stays.txt', 'stays');
    write('dir/renamed.txt', 'renamed');
    write('dir/gone.txt', 'gone');
    await rclone('sync', here, 'box:Both', '--track-renames');
    expect(await there()).toEqual(filesHere());
    renameSync(join(here, 'dir/renamed.txt'), join(here, 'dir/new name.txt'));
    rmSync(join(here, 'dir/gone.txt'));
    write('stays.txt', 'stays, longer');
    emulator.counts.reset();
    await rclone('sync', here, 'box:Both', '--track-renames');
    expect(await there()).toEqual({ 'stays.txt': 'stays, longer', 'dir/new name.txt': 'renamed' });
    expect(emulator.counts.view.byEndpoint['files/move_v2']).toBe(1);

    await rclone('bisync', here, 'box:Both', '--resync', '--workdir', join(folder, 'bisync'));
    write('of here.txt', 'of here');
    rmSync(join(here, 'stays.txt'));
    await emulator.control('write', { path: '/Both/of there.txt', text: 'of there' });
    await emulator.control('write', { path: '/Both/dir/new name.txt', text: 'edited there' });
    await rclone('bisync', here, 'box:Both', '--workdir', join(folder, 'bisync'));
    expect(await there()).toEqual({
      'of here.txt': 'of here',
      'of there.txt': 'of there',
      'dir/new name.txt': 'edited there',
    });
    expect(filesHere()).toEqual(await there());
  });
});
