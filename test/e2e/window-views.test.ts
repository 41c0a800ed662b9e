// The window over an application service in memory: every screen, the keyboard, accessibility, a folder of 30,000 files,
// what the page may not do, tray and window place. Runs on real Electron or on the stand-in.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NO_RUNTIME, RUNTIME, launchApp, type RunningApp, PATIENCE } from '../support/window-app.ts';
import { ensureBuilt } from '../support/window-build.ts';
import { accessibilityProblems, dropFiles, seen } from '../support/window-checks.ts';
import { chooseDocuments } from '../support/window-setup.ts';
import type { Scene } from '../support/window-fake-service.ts';

if (RUNTIME === null) console.warn(NO_RUNTIME);
else console.info(`The window is tested on ${RUNTIME === 'Electron' ? 'Electron' : 'the stand-in for Electron'}.`);

const entry = join(import.meta.dirname, '..', 'support', 'window-fake-main.ts');
const folder = mkdtempSync(join(tmpdir(), 'docktide-views-'));
const open: RunningApp[] = [];

async function show(scene: Scene, userData?: string): Promise<RunningApp> {
  const run = await launchApp({ entry, args: [`--scene=${scene}`], ...(userData !== undefined && { userData }) });
  open.push(run);
  return run;
}

async function close(run: RunningApp): Promise<void> {
  open.splice(open.indexOf(run), 1);
  await run.close();
}

/** Opens the record SO001 through the tree, with the keyboard alone. */
async function openRecord({ page }: RunningApp): Promise<void> {
  await page.getByRole('tree').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowRight');
  await page.getByRole('treeitem', { name: 'SO001' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('row', { name: 'Notes.txt' }).waitFor();
}

describe.skipIf(RUNTIME === null)('the window', () => {
  beforeAll(() => ensureBuilt());
  afterEach(async () => {
    while (open[0]) await close(open[0]);
  });

  test('first run: both ways in, a refused login said in a sentence, a token connects', async () => {
    const run = await show('first-run');
    const { page } = run;
    await page.getByRole('button', { name: 'Try it without an account' }).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'I have an app key' }).click();
    await page.getByRole('textbox', { name: 'App key' }).fill('key');
    await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByText('The login of Office was refused.').waitFor();
    await page.getByText('Access token', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Access token' }).fill('token');
    await page.getByRole('button', { name: 'Confirm', exact: true }).click();
    await page.getByRole('button', { name: 'Without types' }).click();
    await page.getByText('No folders yet').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(run.complaints).toEqual([]);
  });

  test('first run: a documents folder that cannot be one is refused with a sentence, and nobody goes on', async () => {
    const run = await show('first-run');
    await chooseDocuments(run, '/tmp/read-only');
    const { page } = run;
    await expect
      .poll(() => page.getByRole('alert').allInnerTexts())
      .toEqual(['The folder /tmp/read-only cannot be written to.']);
    await expect.poll(() => page.getByRole('button', { name: 'Next' }).isEnabled()).toBe(false);
    await page.keyboard.press('Alt+ArrowRight');
    await page.getByRole('heading', { name: 'Where are your documents?' }).waitFor();
  });

  test('documents, queue and log: reached by keyboard, without accessibility problems', async () => {
    const run = await show('company');
    const { page } = run;
    await openRecord(run);
    const row = page.getByRole('row', { name: 'Delivery plan.xlsx' });
    expect((await row.getByRole('gridcell').allInnerTexts()).map((text) => text.trim())).toEqual([
      'Delivery plan.xlsx',
      '48 kB',
      'Spreadsheet',
      expect.stringContaining('2026'),
      'Uploading',
    ]);
    expect(await accessibilityProblems(page)).toEqual([]);

    await page.getByRole('button', { name: /^Sync( \d+)?$/ }).click();
    await page.getByText('Now and next').waitFor();
    expect(await page.getByRole('progressbar').count()).toBe(2);
    expect(await accessibilityProblems(page)).toEqual([]);

    await page.getByRole('button', { name: 'Log', exact: true }).click();
    await page.getByRole('columnheader', { name: 'What happened' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(run.complaints).toEqual([]);
  });

  test('search: Ctrl+F, typing and Enter lead to the document', async () => {
    const run = await show('company');
    const { page } = run;
    await page.getByRole('tree').waitFor();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('signed');
    await page.getByRole('option').nth(8).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: 'Signed contract.pdf', selected: true }).waitFor();
    const trail = page.getByRole('navigation', { name: 'Where you are' }).getByRole('listitem');
    expect(await trail.allInnerTexts()).toEqual(['All folders', 'Quotations', 'SO002', 'Contracts']);
  });

  test('trouble: every problem has a banner that says what to do', async () => {
    const run = await show('failing');
    const { page } = run;
    await page.getByText('Dropbox no longer accepts the login.').waitFor();
    await page.getByText('One deletion is held back until you agree.').waitFor();
    await page.getByRole('button', { name: 'Look and decide' }).click();
    await page.getByText('Rename the document and it goes on.').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test('a folder of 30,000 files: all can be reached, few exist in the page', async () => {
    const run = await show('large');
    const { page } = run;
    await page.getByRole('treeitem', { name: 'Archive' }).click();
    const grid = page.getByRole('grid');
    await expect.poll(() => grid.getAttribute('aria-rowcount'), { timeout: PATIENCE }).toBe('30001');
    await grid.focus();
    await page.keyboard.press('End');
    await page.getByRole('row', { name: 'Scan 30000.pdf', selected: true }).waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(80);

    await page.getByRole('columnheader', { name: 'Size' }).getByRole('button').click();
    await page.keyboard.press('Tab');
    await grid.focus();
    await page.keyboard.press('Home');
    const smallest = page.getByRole('row', { selected: true });
    await expect.poll(() => smallest.innerText()).toContain('901 B');
    expect(run.complaints).toEqual([]);
  });

  test('files dropped on the folder go into it; the page never sees their paths', async () => {
    const { page } = await show('company');
    const file = join(folder, 'Fresh drawing.pdf');
    writeFileSync(file, 'drawing');
    await page.getByRole('treeitem', { name: 'General' }).click();
    await page.getByRole('row', { name: 'Logo.png' }).waitFor();
    const sent = page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          window.addEventListener('drop', (event) =>
            resolve(JSON.stringify(Object.keys(event.dataTransfer?.files[0] ?? {}))),
          );
        }),
    );
    await dropFiles(page, '[role=grid]', [file]);
    await page.getByRole('row', { name: 'Fresh drawing.pdf' }).waitFor();
    expect(await sent).toBe('[]');
    expect(await page.content()).not.toContain(folder);
  });

  test('closing sends the window to the tray; a second start brings it back', async () => {
    const userData = mkdtempSync(join(folder, 'user-'));
    const { app, page } = await show('company', userData);
    await page.getByRole('tree').waitFor();
    const visible = (): Promise<readonly boolean[]> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()));
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    await expect.poll(visible).toEqual([false]);
    await expect(launchApp({ entry, args: ['--scene=company'], userData })).rejects.toThrow(/closed|exited|Process/);
    await expect.poll(visible).toEqual([true]);
  });

  test('the window comes back where it was', async () => {
    const userData = mkdtempSync(join(folder, 'user-'));
    const first = await show('company', userData);
    await first.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 60, width: 1000, height: 700 }),
    );
    await close(first);
    const second = await show('company', userData);
    const bounds = await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    expect(bounds).toEqual({ x: 40, y: 60, width: 1000, height: 700 });
  });

  test.skipIf(RUNTIME !== 'stand-in')('the tray shows the state and pauses', async () => {
    const { app, page } = await show('empty');
    await page.getByRole('tree').waitFor();
    const labels = async (): Promise<readonly string[]> => {
      const [tray] = await seen.trays(app);
      return tray?.menu.map((line) => line.label) ?? [];
    };
    const usual = ['Open Docktide', 'Quick drop…', 'Sync now'];
    expect(await labels()).toEqual(['Everything is in sync', '', ...usual, 'Pause', '', 'Quit']);
    await seen.clickTray(app, 'Pause');
    await expect.poll(labels).toEqual(['Paused', '', ...usual, 'Resume', '', 'Quit']);
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(labels).toContain('Pause');
  });
});

process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
