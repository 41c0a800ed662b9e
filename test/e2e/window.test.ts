// The whole desktop app, built, from the first run on: the demonstration, and a real store with a Dropbox emulator. Files
// are dropped, changed on both sides, and seen on the other. Runs on real Electron or on the stand-in.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hashOfBytes } from '../../src-main/infra/content-hash.ts';
import { startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import { NO_RUNTIME, RUNTIME, launchApp, type RunningApp } from '../support/window-app.ts';
import { ensureBuilt } from '../support/window-build.ts';
import { accessibilityProblems, dropFiles } from '../support/window-checks.ts';

if (RUNTIME === null) console.warn(NO_RUNTIME);

const TOKEN = 'token-of-the-test';
const folder = mkdtempSync(join(tmpdir(), 'docktide-window-test-'));
const within = { timeout: 30_000 };
const cleanups: (() => Promise<unknown>)[] = [];

/** Pictures for the manual, where a folder for them is named; a test run leaves the sources alone. */
async function picture(page: Page, name: string): Promise<void> {
  const pictures = process.env['DOCKTIDE_PICTURES'];
  await expect.poll(() => page.getByRole('alert').count(), within).toBe(0);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The pointer away from anything that would look hovered.
    await page.mouse.move(640, 799);
    const file = pictures === undefined ? undefined : join(pictures, `${name}-${colorScheme}.png`);
    const png = await page.screenshot(file === undefined ? {} : { path: file });
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1280, 800]);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

async function start(data: string, env: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
  const run = await launchApp({ args: [`--data=${data}`], env });
  cleanups.push(() => run.close());
  return run;
}

async function startEmulator(): Promise<TestEmulator> {
  const emulator = await startTestEmulator({ token: TOKEN });
  cleanups.push(() => emulator.close());
  return emulator;
}

/** Through the first-run form, as a person does it. */
async function connect({ app, page }: RunningApp, documents: string): Promise<void> {
  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, documents);
  await page.getByRole('button', { name: 'Change…' }).click();
  await page.getByText(documents).waitFor();
  await page.getByText('Access token', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Access token' }).fill(TOKEN);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByText('No folders yet').waitFor();
}

async function newFolder(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New folder…' }).click();
  await page.getByRole('textbox', { name: 'Folder name' }).fill(name);
  await page.getByRole('button', { name: 'Create folder' }).click();
  await page.getByRole('row', { name }).dblclick();
}

async function hashThere(emulator: TestEmulator, path: string): Promise<string | null> {
  const entries = await emulator.tree();
  return entries.find((entry) => entry.path === path)?.contentHash ?? null;
}

describe.skipIf(RUNTIME === null)('the desktop app', () => {
  beforeAll(() => ensureBuilt());
  afterEach(async () => {
    while (cleanups.length > 0) await cleanups.pop()?.();
  });

  test('a dropped file reaches Dropbox; a change there comes back to the window and to the disk', async () => {
    const emulator = await startEmulator();
    const documents = join(folder, 'documents');
    mkdirSync(documents);
    const run = await start(join(folder, 'data'), { DOCKTIDE_DROPBOX_ORIGIN: emulator.origin });
    const { page } = run;
    await connect(run, documents);
    await newFolder(page, 'Contracts');

    const offer = join(folder, 'Offer Müller 📐.txt');
    writeFileSync(offer, 'first version');
    await page.getByText('This folder is empty').waitFor();
    await dropFiles(page, 'section[aria-label="Documents in Contracts"]', [offer]);
    const row = page.getByRole('row', { name: 'Offer Müller 📐.txt' });
    const cells = async (): Promise<string> => (await row.allInnerTexts()).join('|');
    await expect.poll(cells, within).toContain('In sync');
    const there = '/ERP Documents/Contracts/Offer Müller 📐.txt';
    expect(await hashThere(emulator, there)).toBe(hashOfBytes(Buffer.from('first version')));

    const second = Buffer.from('second version, written in Dropbox');
    await emulator.control('write', { path: there, base64: second.toString('base64') });
    await expect.poll(cells, within).toContain(`${second.length} B`);
    const here = join(documents, 'Contracts', 'Offer Müller 📐.txt');
    await expect.poll(() => readFileSync(here, 'utf8'), within).toBe(second.toString());

    // By any other program, not through the window.
    writeFileSync(join(documents, 'Contracts', 'Saved by Writer.csv'), 'a,b\n');
    await page.getByRole('row', { name: 'Saved by Writer.csv' }).waitFor();
    const saved = '/ERP Documents/Contracts/Saved by Writer.csv';
    await expect.poll(() => hashThere(emulator, saved), within).toBe(hashOfBytes(Buffer.from('a,b\n')));

    // A folder within a folder.
    await newFolder(page, 'Signed');
    const inner = async (): Promise<string[]> => (await emulator.tree()).map((entry) => entry.path);
    await expect.poll(inner, within).toContain('/ERP Documents/Contracts/Signed');

    await page.getByRole('button', { name: /^Sync( \d+)?$/ }).click();
    await page.getByText('Upload').first().waitFor();
    await page.getByText('Changed in Dropbox', { exact: false }).first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Log', exact: true }).click();
    await page.getByRole('gridcell', { name: 'Contracts › Saved by Writer.csv' }).first().waitFor();
    expect(run.complaints).toEqual([]);
  });

  test('login in the browser: the person agrees there and the window goes on', async () => {
    const emulator = await startEmulator();
    const documents = join(folder, 'login');
    mkdirSync(documents);
    const { app, page } = await start(join(folder, 'login-data'), { DOCKTIDE_DROPBOX_ORIGIN: emulator.origin });
    await app.evaluate(({ dialog, shell }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
      shell.openExternal = (address) => {
        Reflect.set(globalThis, 'openedInBrowser', address);
        return Promise.resolve();
      };
    }, documents);
    await page.getByRole('button', { name: 'Change…' }).click();
    await page.getByText(documents).waitFor();
    await page.getByRole('textbox', { name: 'App key' }).fill('key-of-the-app');
    await page.getByRole('button', { name: 'Continue in the browser' }).click();
    await page.getByText('Waiting for you to agree in the browser').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const address = await app.evaluate(() => Reflect.get(globalThis, 'openedInBrowser') as string);
    const agreed = await fetch(address, { method: 'POST', body: new URLSearchParams({ decision: 'allow' }) });
    expect(agreed.status).toBe(200);
    await page.getByText('No folders yet').waitFor();
    await newFolder(page, 'Contracts');
    const there = async (): Promise<string[]> => (await emulator.tree()).map((entry) => entry.path);
    await expect.poll(there, within).toContain('/ERP Documents/Contracts');
  });

  test('a restart shows the same store and goes on syncing', async () => {
    const emulator = await startEmulator();
    const documents = join(folder, 'again');
    mkdirSync(documents);
    const env = { DOCKTIDE_DROPBOX_ORIGIN: emulator.origin };
    const first = await start(join(folder, 'again-data'), env);
    await connect(first, documents);
    await newFolder(first.page, 'Drawings');
    await first.page.getByText('This folder is empty').waitFor();
    await expect
      .poll(async () => (await emulator.tree()).map((entry) => entry.path), within)
      .toContain('/ERP Documents/Drawings');
    await cleanups.pop()?.();

    await emulator.control('write', { path: '/ERP Documents/Drawings/plan.txt', base64: 'cGxhbg==' });
    const second = await start(join(folder, 'again-data'), env);
    await second.page.getByRole('treeitem', { name: 'Drawings' }).click();
    await second.page.getByRole('row', { name: 'plan.txt' }).waitFor();
    await expect.poll(() => readFileSync(join(documents, 'Drawings', 'plan.txt'), 'utf8'), within).toBe('plan');
  });

  test('a token that Dropbox does not know is said in a sentence, with what to do', async () => {
    const emulator = await startEmulator();
    const documents = join(folder, 'refused');
    mkdirSync(documents);
    const run = await start(join(folder, 'refused-data'), { DOCKTIDE_DROPBOX_ORIGIN: emulator.origin });
    await connect(run, documents);
    await newFolder(run.page, 'Contracts');
    await emulator.control('revoke', { token: TOKEN });
    await run.page.getByRole('button', { name: 'Sync now' }).click();
    const banner = run.page.getByText('Office: Dropbox no longer accepts the login.', { exact: false });
    await expect.poll(() => banner.count(), within).toBe(1);
    await run.page.getByText('Disconnected').waitFor();
  });

  test('the demonstration: documents appear on both sides, a change in Dropbox is followed, nothing is kept', async () => {
    const data = join(folder, 'demo-data');
    const run = await start(data);
    const { page } = run;
    await page.getByRole('button', { name: 'Try it without an account' }).waitFor();
    await run.app.evaluate(({ dialog }) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: ['/home/ada/Documents/Docktide'] });
    });
    await page.getByRole('button', { name: 'Change…' }).click();
    await page.getByText('/home/ada/Documents/Docktide').waitFor();
    await picture(page, 'first-run');
    await page.getByRole('button', { name: 'Try it without an account' }).click();

    const dropbox = page.getByRole('complementary', { name: 'In Dropbox' });
    await dropbox.getByText('Quotation SO001.pdf').waitFor();
    await page.getByRole('row', { name: 'Quotation SO001.pdf' }).getByText('In sync').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await picture(page, 'documents');

    await page.getByRole('button', { name: 'Change something in Dropbox' }).click();
    await dropbox.getByText('Note from Dropbox.txt').waitFor();
    const path = await dropbox.locator('[data-path$="Note from Dropbox.txt"]').getAttribute('data-path');
    const note = join(data, 'demo', 'documents', ...(path ?? '').split('/'));
    await expect.poll(() => textOf(note), within).toBe('Line 1, written in Dropbox.\n');
    await page.getByRole('button', { name: 'Change something in Dropbox' }).click();
    await expect.poll(() => textOf(note), within).toContain('Line 2');

    await page.getByRole('button', { name: /^Sync( \d+)?$/ }).click();
    await page.getByText('Note from Dropbox.txt').first().waitFor();
    await picture(page, 'queue');

    await page.getByRole('button', { name: 'Leave the demonstration' }).click();
    await page.getByRole('button', { name: 'Try it without an account' }).waitFor();
    expect(textOf(note)).toBeNull();
    expect(run.complaints).toEqual([]);
  });
});

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
