// The package that `npm pack` makes, unpacked where packages lie: Node takes no TypeScript from there, so what runs is
// what was built for it. Its dependencies are this project's own.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTree, TOKEN } from '../support/cli.ts';
import { startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import type { StatusView, SyncSummary } from '../../src-shared/views.ts';
import manifest from '../../package.json' with { type: 'json' };

const home = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'docktide-package-'));
const installed = join(folder, 'node_modules', 'docktide');
const documents = join(folder, 'documents');
/** More than are planned beside. */
const FILES = 600;
let emulator: TestEmulator;

async function docktide(...args: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: folder, DOCKTIDE_DROPBOX_ORIGIN: emulator.origin };
  const command = [join(installed, 'bin', 'docktide.mjs'), '--data', join(folder, 'data'), ...args];
  return (await run(process.execPath, command, { env, cwd: folder, maxBuffer: 32 * 1024 * 1024 })).stdout;
}

beforeAll(async () => {
  emulator = await startTestEmulator({ token: TOKEN });
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: home });
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, archive), '-C', installed, '--strip-components', '1']);
  for (const name of readdirSync(join(home, 'node_modules'))) {
    if (name !== 'docktide' && !name.startsWith('.')) {
      symlinkSync(join(home, 'node_modules', name), join(folder, 'node_modules', name));
    }
  }
}, 300_000);
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

test('holds no sources, and says its version', async () => {
  const names = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  expect(names.filter((name) => /\.tsx?$|^src-|^test/.test(name))).toEqual([]);
  // Without its thread a plan would be made in place, and nobody would notice.
  const needed = ['LICENSE', 'CHANGELOG.md', 'out/cli/backup-worker.js', 'out/cli/plan-worker.js'];
  expect(needed.filter((name) => !existsSync(join(installed, name)))).toEqual([]);
  expect((await docktide('--version')).trim()).toBe(manifest.version);
});

test('syncs, plans beside, and makes and verifies a backup', async () => {
  mkdirSync(join(documents, 'Papers'), { recursive: true });
  for (let index = 0; index < FILES; index++) writeFileSync(join(documents, 'Papers', `${index}.txt`), `${index}`);
  await docktide('init', '--documents', documents);
  await docktide('client', 'add', 'Office', '--root', 'ERP', '--access-token', TOKEN);
  await docktide('folder', 'add', 'Papers', '--client', 'Office');
  const summary = JSON.parse(await docktide('sync', '--json')) as SyncSummary;
  expect(summary).toMatchObject({ uploaded: FILES, failed: 0, held: 0 });
  const there = (await emulator.tree()).filter(({ path }) => path.startsWith('/ERP/Papers/'));
  expect(Object.fromEntries(there.map(({ path, contentHash }) => [path.slice('/ERP/'.length), contentHash]))).toEqual(
    Object.fromEntries(Object.entries(await readTree(documents)).filter(([path]) => path !== 'Papers')),
  );
  const again = JSON.parse(await docktide('sync', '--json')) as SyncSummary;
  expect(again).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, failed: 0 });
  await docktide('backup', 'now');
  expect(await docktide('backup', 'verify')).toContain('verified');
  const status = JSON.parse(await docktide('status', '--json')) as StatusView;
  expect(status.clients).toMatchObject([{ name: 'Office', state: 'connected' }]);
});

test('the demonstration runs', async () => {
  expect(await docktide('demo')).toContain('Both sides');
});
