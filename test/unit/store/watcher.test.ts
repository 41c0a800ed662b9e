import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchDocuments, type FolderWatch } from '../../../src-main/store/watcher.ts';

let base: string;
let root: string;
let open: FolderWatch | null = null;
const hints: string[] = [];

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'docktide-watch-'));
  root = join(base, 'documents');
  mkdirSync(join(root, 'd'), { recursive: true });
  hints.length = 0;
});
afterEach(async () => {
  await open?.close();
  rmSync(base, { recursive: true, force: true });
});

async function watching(): Promise<void> {
  await new Promise<void>((resolve) => {
    open = watchDocuments({ root, onHint: (paths) => hints.push(...paths), onReady: resolve, quiet: 50, longest: 500 });
  });
}

const hinted = (path: string): Promise<void> =>
  vi.waitFor(() => expect(hints).toContain(path), { timeout: 20_000, interval: 20 });

test('tells new, changed, renamed and removed files and folders, with "/" between names', async () => {
  await watching();
  writeFileSync(join(root, 'd/ä b.txt'), '1');
  await hinted('d/ä b.txt');
  hints.length = 0;
  renameSync(join(root, 'd/ä b.txt'), join(root, 'moved.txt'));
  await hinted('d/ä b.txt');
  await hinted('moved.txt');
  mkdirSync(join(root, 'new'));
  await hinted('new');
  writeFileSync(join(root, 'new/inside'), 'x');
  await hinted('new/inside');
  rmSync(join(root, 'moved.txt'));
  hints.length = 0;
  await hinted('moved.txt');
  expect(hints).not.toContain('d/ä b.txt');
});

test('keeps silent about its own and ignored files', async () => {
  await watching();
  writeFileSync(join(root, '.docktide-key.tmp'), 'x');
  writeFileSync(join(root, '~$offer.docx'), 'x');
  writeFileSync(join(root, 'last'), 'x');
  await hinted('last');
  expect(hints).toEqual(['last']);
});

test('outlives the folder: asks for a look at everything when it goes and when it is back', async () => {
  await watching();
  renameSync(root, join(base, 'away'));
  await hinted('');
  hints.length = 0;
  renameSync(join(base, 'away'), root);
  await hinted('');
  hints.length = 0;
  const told = async (): Promise<void> => {
    writeFileSync(join(root, 'again'), String(Math.random()));
    await vi.waitFor(() => expect(hints).toContain('again'), { timeout: 500, interval: 20 });
  };
  await vi.waitFor(told, { timeout: 20_000, interval: 100 });
});
