// The file manager over an application service in memory: selection, names in place, cut and paste, drags, menus, undo,
// grid, preview, search with filters, columns that are kept. And over a real store with the emulator: what is renamed,
// moved and deleted in the window happens in Dropbox, is taken back, and comes out again as a zip.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { open as openZip } from 'yauzl';
import { startTestEmulator } from '../support/emulator.ts';
import { NO_RUNTIME, RUNTIME, launchApp, type RunningApp, PATIENCE } from '../support/window-app.ts';
import { ensureBuilt } from '../support/window-build.ts';
import { accessibilityProblems, dropFiles, seen } from '../support/window-checks.ts';
import { setUp } from '../support/window-setup.ts';
import type { Scene } from '../support/window-fake-service.ts';

if (RUNTIME === null) console.warn(NO_RUNTIME);

const entry = join(import.meta.dirname, '..', 'support', 'window-fake-main.ts');
/** Of one try of one test. */
let folder = '';
const cleanups: (() => Promise<unknown>)[] = [];
const within = { timeout: PATIENCE };

async function show(scene: Scene, userData?: string): Promise<RunningApp> {
  const run = await launchApp({ entry, args: [`--scene=${scene}`], ...(userData !== undefined && { userData }) });
  cleanups.push(() => run.close());
  return run;
}

async function openFolder(page: Page, name: string): Promise<Locator> {
  await page.getByRole('treeitem', { name, exact: true }).click();
  const grid = page.getByRole('grid', { name: 'Documents' });
  await grid.waitFor();
  return grid;
}

async function names(page: Page): Promise<string[]> {
  const cells = await page.getByRole('grid').locator('[data-key] [role=gridcell]:first-child').allInnerTexts();
  return cells.map((text) => text.trim());
}

async function selected(page: Page): Promise<string[]> {
  const rows = page.locator('[data-key][aria-selected=true]');
  return (await rows.locator('[role=gridcell]:first-child').allInnerTexts()).map((text) => text.trim());
}

function row(page: Page, name: string): Locator {
  return page.getByRole('row', { name });
}

describe.skipIf(RUNTIME === null)('the file manager', () => {
  beforeAll(() => ensureBuilt());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'docktide-files-'));
  });
  afterEach(async () => {
    while (cleanups.length > 0) await cleanups.pop()?.();
    rmSync(folder, { recursive: true, force: true });
  });

  test('several are chosen as in every file list: Ctrl, Shift, keys, all, rubber band', async () => {
    const run = await show('company');
    const { page } = run;
    const grid = await openFolder(page, 'General');
    await row(page, 'Company profile.pdf').click();
    await row(page, 'Price list 2026.csv').click({ modifiers: ['Control'] });
    expect(await selected(page)).toEqual(['Company profile.pdf', 'Price list 2026.csv']);
    await row(page, 'Company profile.pdf').click({ modifiers: ['Control'] });
    expect(await selected(page)).toEqual(['Price list 2026.csv']);
    await row(page, 'Company profile.pdf').click();
    await row(page, 'Price list 2026.csv').click({ modifiers: ['Shift'] });
    expect(await selected(page)).toEqual(['Company profile.pdf', 'Logo.png', 'Price list 2026.csv']);
    await page.getByText('3 selected').waitFor();
    await page.keyboard.press('Escape');
    expect(await selected(page)).toEqual([]);
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+ArrowDown');
    expect(await selected(page)).toEqual(['Company profile.pdf', 'Logo.png']);
    await page.keyboard.press('Control+a');
    expect(await selected(page)).toHaveLength(3);

    const box = await grid.boundingBox();
    const last = await row(page, 'Price list 2026.csv').boundingBox();
    if (!box || !last) throw new Error('The list is not visible.');
    await page.mouse.move(box.x + box.width - 80, last.y + last.height + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 200, last.y + 4, { steps: 5 });
    await page.mouse.move(box.x + 200, last.y - 10, { steps: 3 });
    await page.mouse.up();
    expect(await selected(page)).toEqual(['Logo.png', 'Price list 2026.csv']);
    expect(run.complaints).toEqual([]);
  });

  test('renamed in place, moved by cut and paste and by drag, deleted; each is taken back', async () => {
    const run = await show('company');
    const { page } = run;
    await openFolder(page, 'General');
    await row(page, 'Logo.png').click();
    await page.keyboard.press('F2');
    const field = page.getByRole('textbox', { name: 'New name of “Logo.png”' });
    await field.waitFor();
    expect(await field.evaluate((input: HTMLInputElement) => [input.selectionStart, input.selectionEnd])).toEqual([
      0, 4,
    ]);
    await page.keyboard.type('Sign');
    await page.keyboard.press('Enter');
    await row(page, 'Sign.png').waitFor();
    await page.keyboard.press('Control+z');
    await row(page, 'Logo.png').waitFor();
    await page.getByText('Undone').first().waitFor();

    // A program is never opened; the person is warned.
    await row(page, 'Logo.png').click();
    await page.keyboard.press('F2');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Logo.exe');
    await page.keyboard.press('Enter');
    await row(page, 'Logo.exe').waitFor();
    await page.keyboard.press('Enter');
    const warning = page.getByRole('dialog', { name: '“Logo.exe” is a program' });
    await warning.getByRole('button', { name: 'Show in its folder' }).waitFor();
    await page.keyboard.press('Escape');
    await warning.waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+z');
    await row(page, 'Logo.png').waitFor();

    // A refused name is said, and everything stays as it was.
    await row(page, 'Logo.png').click();
    await page.keyboard.press('F2');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('a/b.png');
    await page.keyboard.press('Enter');
    await page.getByText('Dropbox does not take the name "a/b.png".').waitFor();
    expect(await names(page)).toContain('Logo.png');

    await row(page, 'Logo.png').click();
    await page.keyboard.press('Control+x');
    await page.getByRole('treeitem', { name: 'Invoices' }).click();
    await page.getByText('This folder is empty').waitFor();
    await page.keyboard.press('Control+v');
    await row(page, 'Logo.png').waitFor();
    // The list shows the deed before it is said: earlier ones may still be told beside it.
    const told = page.getByRole('alert').filter({ hasText: 'moved to “Invoices”' });
    await told.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('This folder is empty').waitFor();

    // A drag onto a line of the tree.
    await openFolder(page, 'General');
    await row(page, 'Company profile.pdf').click();
    await row(page, 'Price list 2026.csv').click({ modifiers: ['Control'] });
    await page
      .getByText('Company profile.pdf')
      .first()
      .dragTo(page.getByRole('treeitem', { name: 'Invoices' }));
    await expect.poll(() => names(page)).toEqual(['Logo.png']);
    await openFolder(page, 'Invoices');
    await expect.poll(() => names(page)).toEqual(['Company profile.pdf', 'Price list 2026.csv']);

    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.getByText('This folder is empty').waitFor();
    await page.keyboard.press('Control+z');
    await expect.poll(() => names(page)).toEqual(['Company profile.pdf', 'Price list 2026.csv']);
    expect(run.complaints).toEqual([]);
  });

  test('the menu says what can be done; files dropped on a folder of the list go into that folder', async () => {
    const { page } = await show('company');
    await openFolder(page, 'Quotations');
    await row(page, 'SO001').waitFor();
    await row(page, 'SO001').click({ button: 'right' });
    const menu = page.getByRole('menu', { name: 'What can be done' });
    const entries = async (): Promise<string[]> =>
      (await menu.getByRole('menuitem').allInnerTexts()).map((text) => text.split('\n')[0]?.trim() ?? '');
    await expect.poll(entries).toContain('Rename');
    expect(await entries()).toEqual([
      'Open',
      'Open in Dropbox',
      'Show in the file manager',
      'Download as zip…',
      'Copy link',
      'Share…',
      'Cut',
      'Copy',
      'Rename',
      'Keep here',
      'Free space here',
      'Details',
      'Delete',
    ]);
    // A record's folder keeps its name: it is the ERP's.
    expect(await menu.getByRole('menuitem', { name: 'Rename' }).isDisabled()).toBe(true);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');

    const file = join(folder, 'Dropped.pdf');
    writeFileSync(file, 'pdf');
    await dropFiles(page, '[data-key^="folder:"]:has-text("SO002")', [file]);
    await row(page, 'SO002').dblclick();
    await row(page, 'Dropped.pdf').waitFor();
  });

  test.skipIf(RUNTIME !== 'stand-in')(
    'documents are dragged out as files, and not those that are only in Dropbox',
    async () => {
      const { app, page } = await show('company');
      await openFolder(page, 'General');
      await row(page, 'Logo.png').click();
      await row(page, 'Price list 2026.csv').click({ modifiers: ['Control'] });
      await page.keyboard.press('Control+i');
      const drag = async (): Promise<void> => {
        const box = await page.getByText('Drag out').boundingBox();
        if (!box) throw new Error('There is nothing to take hold of.');
        await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
        await page.mouse.down();
        await page.mouse.move(box.x - 40, box.y + 40, { steps: 6 });
        await page.mouse.up();
      };
      await drag();
      const at = '/home/ada/Documents/Docktide/General';
      const name = await page.getByText('Logo.png').first().boundingBox();
      if (!name) throw new Error('The list is not visible.');
      await page.keyboard.down('Alt');
      await page.mouse.move(name.x + 10, name.y + 5);
      await page.mouse.down();
      await page.mouse.move(name.x + 80, name.y + 90, { steps: 6 });
      await page.mouse.up();
      await page.keyboard.up('Alt');
      const both = [`${at}/Logo.png`, `${at}/Price list 2026.csv`];
      await expect.poll(() => seen.drags(app)).toEqual([both, both]);
      expect(await names(page)).toHaveLength(3);
      expect(await page.content()).not.toContain(at);

      await openFolder(page, 'Quotations');
      await row(page, 'SO002').dblclick();
      await row(page, 'Photo of the site.jpg').click();
      await drag();
      await page.getByText('"Photo of the site.jpg" is only in Dropbox.').waitFor();
      expect(await seen.drags(app)).toHaveLength(2);
    },
  );

  test('grid, preview of text and pictures, versions, details: by keyboard, without accessibility problems', async () => {
    const run = await show('company');
    const { page } = run;
    await openFolder(page, 'Quotations');
    await row(page, 'SO001').dblclick();
    await row(page, 'Notes.txt').click();
    await page.keyboard.press('Control+i');
    const pane = page.getByRole('complementary', { name: 'Preview and details' });
    await pane.getByText('Called Mrs Winter on Monday.').waitFor();
    await pane.getByText('Quotations › SO001').waitFor();
    await pane.getByRole('tab', { name: 'Versions' }).click();
    await pane.getByText('present version').waitFor();
    await pane.getByRole('button', { name: /^View the version of/ }).click();
    await pane.getByText('Call Mrs Winter on Monday!').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await pane.getByRole('button', { name: 'Show the present one' }).click();
    await pane.getByText('Called Mrs Winter on Monday.').waitFor();
    await pane.getByRole('tab', { name: 'History' }).click();
    await pane.getByText('changed here').waitFor();

    // The keyboard goes along through folders, up, back and forward.
    await row(page, 'Notes.txt').click();
    await page.keyboard.press('Alt+ArrowUp');
    await row(page, 'SO001').and(page.locator('[aria-selected=true]')).waitFor();
    await page.keyboard.press('ArrowDown');
    await row(page, 'SO002').and(page.locator('[aria-selected=true]')).waitFor();
    await page.keyboard.press('Enter');
    await row(page, 'Offer SO002.pdf').waitFor();
    await page.keyboard.press('End');
    await row(page, 'Photo of the site.jpg').and(page.locator('[aria-selected=true]')).waitFor();
    await page.keyboard.press('Alt+ArrowLeft');
    await row(page, 'SO002').and(page.locator('[aria-selected=true]')).waitFor();
    await page.keyboard.press('Alt+ArrowLeft');
    await row(page, 'Offer SO001.pdf').waitFor();

    await page.getByRole('button', { name: 'Show as grid' }).click();
    const list = page.getByRole('listbox', { name: 'Documents' });
    await list.focus();
    await page.keyboard.press('Home');
    await page.keyboard.type('photo');
    await page.getByRole('option', { name: 'Photo of the site.jpg', selected: true }).waitFor();
    await expect
      .poll(() =>
        pane.getByRole('img', { name: 'Photo of the site.jpg' }).evaluate((img: HTMLImageElement) => img.naturalWidth),
      )
      .toBe(1);
    await page.mouse.move(5, 795);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('option', { name: 'Offer SO001.pdf', selected: true }).waitFor();
    expect(run.complaints).toEqual([]);
  });

  test('search: all results with filters, from there to the place', async () => {
    const run = await show('company');
    const { page } = run;
    await page.getByRole('tree').waitFor();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('so00');
    await page.getByRole('option', { name: 'Show all results for “so00”' }).click();
    await page.getByRole('heading', { name: /results for “so00”/ }).waitFor();
    await page.getByRole('button', { name: 'Type' }).click();
    await page.getByRole('menuitemradio', { name: 'Spreadsheets' }).click();
    await page.getByRole('heading', { name: '9 results for “so00”' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const results = page.getByRole('grid', { name: 'Search results' }).getByRole('row');
    await results.nth(1).click();
    await results.nth(3).click({ modifiers: ['Shift'], button: 'left' });
    await page.keyboard.press('Control+i');
    const pane = page.getByRole('complementary', { name: 'Preview and details' });
    await pane.getByText('3 selected').waitFor();
    await results.nth(2).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Download as zip…' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Rename' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await results.nth(1).click();
    await pane.getByRole('button', { name: 'Open', exact: true }).waitFor();
    await page.keyboard.press('Delete');
    await page.getByRole('heading', { name: '8 results for “so00”' }).waitFor();
    await page.keyboard.press('Control+z');
    await page.getByRole('heading', { name: '9 results for “so00”' }).waitFor();
    await results.nth(1).dblclick();
    await row(page, 'Delivery plan.xlsx').and(page.locator('[aria-selected=true]')).waitFor();
    await page.keyboard.press('Alt+ArrowLeft');
    await page.getByRole('heading', { name: '9 results for “so00”' }).waitFor();
    expect(run.complaints).toEqual([]);
  });

  test('columns, panes and looks are kept; the palette and the sheet know everything', async () => {
    const userData = mkdtempSync(join(folder, 'user-'));
    const first = await show('company', userData);
    await openFolder(first.page, 'General');
    await first.page.getByRole('button', { name: 'Columns' }).click();
    await first.page.getByRole('menuitemcheckbox', { name: 'Record' }).click();
    await first.page.getByRole('menuitemcheckbox', { name: 'Type' }).click();
    await first.page.keyboard.press('Escape');
    await first.page.getByRole('columnheader', { name: 'Size' }).getByRole('button').click();
    await first.page.keyboard.press('Alt+ArrowRight');
    await first.page.keyboard.press('Alt+ArrowRight');
    const columns = (page: Page): Promise<string[]> => page.getByRole('columnheader').allInnerTexts();
    const width = (page: Page): Promise<number | undefined> =>
      page.getByRole('columnheader', { name: 'Size' }).evaluate((cell) => cell.getBoundingClientRect().width);
    expect((await columns(first.page)).filter(Boolean)).toEqual(['Name', 'Size', 'Changed', 'Record', 'State']);
    expect(await width(first.page)).toBe(124);
    await cleanups.pop()?.();

    const { page } = await show('company', userData);
    await openFolder(page, 'General');
    expect((await columns(page)).filter(Boolean)).toEqual(['Name', 'Size', 'Changed', 'Record', 'State']);
    expect(await width(page)).toBe(124);

    await row(page, 'Logo.png').click();
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('What do you want to do or find?').fill('rename');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'New name of “Logo.png”' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByText('Rename').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test('in Dropbox, too: renamed, moved, deleted, taken back, and out again as a zip', async () => {
    const emulator = await startTestEmulator({ token: 'token-of-the-test' });
    cleanups.push(() => emulator.close());
    const documents = join(folder, 'documents');
    mkdirSync(join(documents, 'Contracts', 'Signed'), { recursive: true });
    writeFileSync(join(documents, 'Contracts', 'Offer.txt'), 'the offer');
    writeFileSync(join(documents, 'Contracts', 'Plan.txt'), 'the plan');
    const run = await launchApp({
      args: [`--data=${join(folder, 'data')}`],
      env: { DOCKTIDE_DROPBOX_ORIGIN: emulator.origin },
    });
    cleanups.push(() => run.close());
    const { app, page } = run;
    await setUp(run, documents, 'token-of-the-test');
    await page.getByRole('row', { name: 'Contracts' }).waitFor();
    // With one account all that was there before goes along, and so does a new folder, at once.
    await page.getByRole('button', { name: 'New folder…' }).click();
    await page.getByRole('textbox', { name: 'Folder name' }).fill('Archive');
    await page.getByRole('button', { name: 'Create folder' }).click();
    const there = async (): Promise<string[]> =>
      (await emulator.tree()).map((one) => one.path.replace('/ERP Documents/', '')).toSorted();
    await expect.poll(there, within).toContain('Archive');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await expect.poll(there, within).not.toContain('Archive');
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(there, within).toContain('Archive');
    await page.getByText('Done again').waitFor();

    await openFolder(page, 'Contracts');
    await row(page, 'Offer.txt').waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+a');
    await page.getByText('3 selected').waitFor();
    await page.keyboard.press('Control+x');
    await page.getByRole('treeitem', { name: 'Archive' }).click();
    await page.keyboard.press('Control+v');
    await expect
      .poll(there, within)
      .toEqual(expect.arrayContaining(['Archive/Offer.txt', 'Archive/Plan.txt', 'Archive/Signed']));

    await row(page, 'Offer.txt').click();
    await page.keyboard.press('F2');
    await page.keyboard.type('Offer, ');
    // The row changes meanwhile: its way to Dropbox is over. What is typed stays.
    await row(page, 'Plan.txt').getByText('In sync').waitFor();
    await page.keyboard.type('final');
    await page.keyboard.press('Enter');
    await expect.poll(there, within).toContain('Archive/Offer, final.txt');
    expect(readFileSync(join(documents, 'Archive', 'Offer, final.txt'), 'utf8')).toBe('the offer');
    // Taken back, and done again.
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+z');
    await row(page, 'Offer.txt').waitFor();
    await page.keyboard.press('Control+Shift+z');
    await row(page, 'Offer, final.txt').waitFor();
    // The list shows it before it is done.
    await expect.poll(() => existsSync(join(documents, 'Archive', 'Offer.txt')), within).toBe(false);
    await expect.poll(there, within).toContain('Archive/Offer, final.txt');

    await row(page, 'Plan.txt').click();
    await page.keyboard.press('Delete');
    await expect.poll(there, within).not.toContain('Archive/Plan.txt');
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+z');
    await expect.poll(there, within).toContain('Archive/Plan.txt');
    expect(readFileSync(join(documents, 'Archive', 'Plan.txt'), 'utf8')).toBe('the plan');
    await row(page, 'Plan.txt').waitFor();
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(there, within).not.toContain('Archive/Plan.txt');
    await row(page, 'Plan.txt').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await expect.poll(there, within).toContain('Archive/Plan.txt');
    expect(readFileSync(join(documents, 'Archive', 'Plan.txt'), 'utf8')).toBe('the plan');
    await expect.poll(() => names(page), within).toEqual(['Signed', 'Offer, final.txt', 'Plan.txt']);
    const zip = join(folder, 'Archive.zip');
    await app.evaluate(({ dialog }, path) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
    }, zip);
    await page.getByRole('grid').focus();
    await page.keyboard.press('Control+a');
    await expect.poll(() => page.getByRole('row', { selected: true }).count()).toBe(3);
    await page.keyboard.press('Control+Shift+s');
    await expect.poll(() => existsSync(zip), within).toBe(true);
    await page.getByRole('region', { name: 'Work in progress' }).getByText('Done').waitFor();
    expect((await zipNames(zip)).toSorted()).toEqual(['Offer, final.txt', 'Plan.txt', 'Signed/']);
    expect(run.complaints).toEqual([]);
  });
});

function zipNames(file: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    openZip(file, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      const found: string[] = [];
      zip.on('entry', ({ fileName }: { fileName: string }) => {
        found.push(fileName);
        zip.readEntry();
      });
      zip.on('end', () => resolve(found));
      zip.on('error', reject);
      zip.readEntry();
    });
  });
}
