// The whole desktop app, built, from the first run on: the demonstration, and a real store with a Dropbox emulator. Files
// are dropped, changed on both sides, and seen on the other. Runs on real Electron or on the stand-in.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashOfBytes } from '../../src-main/infra/content-hash.ts';
import { startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import { NO_RUNTIME, RUNTIME, launchApp, type RunningApp, PATIENCE } from '../support/window-app.ts';
import { ensureBuilt } from '../support/window-build.ts';
import { accessibilityProblems, dropFiles } from '../support/window-checks.ts';
import { chooseDocuments, setUp } from '../support/window-setup.ts';

if (RUNTIME === null) console.warn(NO_RUNTIME);

const TOKEN = 'token-of-the-test';
/** Of one try of one test. */
let folder = '';
const within = { timeout: PATIENCE };
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

async function connect(run: RunningApp, documents: string): Promise<void> {
  await setUp(run, documents, TOKEN);
  await run.page.getByText('No folders yet').waitFor();
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
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'docktide-window-test-'));
  });
  afterEach(async () => {
    while (cleanups.length > 0) await cleanups.pop()?.();
    rmSync(folder, { recursive: true, force: true });
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

  test('first run: the way through Dropbox’s console, the login in the browser, ready-made folders, the first document', async () => {
    const emulator = await startEmulator();
    const documents = join(folder, 'first-run');
    mkdirSync(documents);
    mkdirSync(join(documents, 'Old papers'));
    writeFileSync(join(documents, 'Old papers', 'Letter.txt'), 'was here');
    writeFileSync(join(documents, 'Note.txt'), 'was here');
    const data = join(folder, 'first-run-data');
    const userData = mkdtempSync(join(folder, 'user-'));
    const env = { DOCKTIDE_DROPBOX_ORIGIN: emulator.origin };
    const left = await launchApp({ args: [`--data=${data}`], env, userData });
    cleanups.push(() => left.close());
    await chooseDocuments(left, documents);
    await left.page.getByText('In it: 2 documents, 1 folder.').waitFor();
    await left.page.keyboard.press('Alt+ArrowRight');
    await left.page.getByRole('heading', { name: 'Open Dropbox’s App Console' }).waitFor();
    // It is left here, and taken up again with the next start.
    await cleanups.pop()?.();

    const run = await launchApp({ args: [`--data=${data}`], env, userData });
    cleanups.push(() => run.close());
    const { app, page } = run;
    await app.evaluate(({ shell }) => {
      shell.openExternal = (address) => {
        Reflect.set(globalThis, 'openedInBrowser', address);
        return Promise.resolve();
      };
    });
    const opened = () => app.evaluate(() => (Reflect.get(globalThis, 'openedInBrowser') as string | undefined) ?? '');
    await page.getByRole('button', { name: 'Open the app console', exact: true }).click();
    await expect.poll(opened).toBe('https://www.dropbox.com/developers/apps/create');
    for (const title of ['Scoped access', 'Full Dropbox']) {
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('heading', { name: `Choose “${title}”` }).waitFor();
    }
    await page.keyboard.press('Alt+ArrowRight');
    await page.keyboard.press('Alt+ArrowRight');
    await page.getByRole('button', { name: 'Copy http://localhost:53682/dropbox' }).click();
    await expect
      .poll(() => app.evaluate(({ clipboard }) => clipboard.readText()))
      .toBe('http://localhost:53682/dropbox');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('files.content.write').first().waitFor();
    await page.getByRole('button', { name: 'I have an app key' }).click();

    // What is wrong is said beside the field; nothing is sent.
    await page.getByRole('textbox', { name: 'App key' }).fill('not a key');
    await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByText('An app key has letters and digits only.').waitFor();
    await page.getByRole('textbox', { name: 'App key' }).fill('a1b2c3d4e5f6g7h');
    const login = async (): Promise<string> => {
      await app.evaluate(() => void Reflect.set(globalThis, 'openedInBrowser', ''));
      await page.getByRole('button', { name: 'Confirm', exact: true }).click();
      await page.getByText('Waiting for you to agree in the browser').waitFor();
      await expect.poll(opened).toContain('/oauth2/authorize');
      return opened();
    };
    await login();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('The login was cancelled. Nothing has changed').waitFor();
    const declined = await login();
    await fetch(declined, { method: 'POST', body: new URLSearchParams({ decision: 'deny' }) });
    await page.getByRole('alert').waitFor();
    const agreed = await fetch(await login(), { method: 'POST', body: new URLSearchParams({ decision: 'allow' }) });
    expect(agreed.status).toBe(200);

    await page.getByRole('heading', { name: 'What does your company keep?' }).waitFor();
    await page.getByText('Anna Example').waitFor();
    await page.getByText('Office is connected').waitFor();
    await page.getByRole('checkbox', { name: 'Sales' }).check();
    await page.getByRole('textbox', { name: 'Subfolders of Quotations' }).fill('Contracts, Plans');
    const tree = page.getByRole('region', { name: 'The folders that this makes' });
    await tree.getByText('Plans').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make these folders' }).click();
    await page.getByText('2 document types have their folders.').waitFor();

    // The first record and its first document.
    const there = async (): Promise<string[]> => (await emulator.tree()).map((entry) => entry.path);
    await expect.poll(there, within).toContain('/ERP Documents/Quotations');
    const offer = join(documents, 'Quotations', 'Offer.txt');
    writeFileSync(offer, 'the first one');
    await expect.poll(() => hashThere(emulator, '/ERP Documents/Quotations/Offer.txt'), within).not.toBeNull();
    // As the first step said: what was there before goes along.
    await expect.poll(there, within).toContain('/ERP Documents/Old papers/Letter.txt');
    expect(await there()).toContain('/ERP Documents/Note.txt');
    expect(run.complaints).toEqual([]);
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
