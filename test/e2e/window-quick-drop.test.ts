// The small window for dropping files: opened by the tray and by its keys, a record typed, a document dropped, closed by
// Escape; and what the tray tells of a Dropbox that is lost and found again. On the stand-in, which shows both.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Page } from 'playwright';
import { openDocktide } from '../../src-main/compose.ts';
import { startTestEmulator } from '../support/emulator.ts';
import { RUNTIME, launchApp, PATIENCE } from '../support/window-app.ts';
import { ensureBuilt } from '../support/window-build.ts';
import { accessibilityProblems, dropFiles, pasteFiles, seen } from '../support/window-checks.ts';
import { businessDay } from '../support/window-company.ts';
import { startJourney, type Journey } from '../support/window-journey.ts';

const TOKEN = 'token-of-the-test';
/** Of one try of one test. */
let folder = '';
const within = { timeout: PATIENCE };
const cleanups: (() => Promise<unknown>)[] = [];
let journey: Journey;

describe.skipIf(RUNTIME !== 'stand-in')('quick drop and tray', () => {
  beforeAll(() => ensureBuilt());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'docktide-quick-'));
  });
  afterEach(async () => {
    while (cleanups.length > 0) await cleanups.pop()?.();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a document is dropped on a record; the tray shows it, tells of a lost login, and leads to where it is mended', async () => {
    const emulator = await startTestEmulator({ token: TOKEN });
    cleanups.push(() => emulator.close());
    const [dataFolder, documents] = [join(folder, 'data'), join(folder, 'documents')];
    mkdirSync(documents);
    const env = { DOCKTIDE_DROPBOX_ORIGIN: emulator.origin };
    const service = await openDocktide({ dataFolder, env });
    await service.init(documents);
    service.addClient('Office', 'ERP', { kind: 'access-token', token: TOKEN });
    await service.addTypeSet('sales', 'Office', { only: ['sale.order'] });
    await service.addRecord('sale.order', 'SO001', 'SO001 Möwe', { partner: 'Café Möwe' });
    await service.addRecord('sale.order', 'SO002', 'SO002', {});
    await service.close();

    const run = await launchApp({ args: [`--data=${dataFolder}`], env });
    cleanups.push(() => run.close());
    const { app, page } = run;
    await page.getByRole('tree').waitFor();
    const waiting = app.waitForEvent('window');
    await seen.clickTray(app, 'Quick drop…');
    const small = await waiting;
    await small.getByRole('combobox', { name: 'Type a record' }).fill('mowe');
    await small.getByRole('option', { name: 'SO001 Möwe' }).waitFor();
    await expect.poll(() => small.getByRole('option').count()).toBe(1);
    expect(await accessibilityProblems(small)).toEqual([]);
    await small.keyboard.press('Enter');
    await small.getByRole('radio', { name: 'Contracts' }).waitFor();
    const contract = join(folder, 'Signed contract.txt');
    writeFileSync(contract, 'signed');
    await dropFiles(small, '[role="radio"]:has-text("Contracts")', [contract]);
    await small.getByText('“Signed contract.txt” is in Contracts.').waitFor();
    expect(await accessibilityProblems(small)).toEqual([]);
    const there = async (): Promise<string[]> => (await emulator.tree()).map(({ path }) => path);
    const inDropbox = '/ERP/Quotations/SO001 Möwe/Contracts/Signed contract.txt';
    await expect.poll(there, within).toContain(inDropbox);

    const labels = async (): Promise<readonly string[]> =>
      (await seen.trays(app)).flatMap(({ menu }) => menu.map(({ label }) => label));
    await expect.poll(labels, within).toContain('Signed contract.txt');
    await seen.clickTray(app, 'Signed contract.txt');
    const opened = join(documents, 'Quotations', 'SO001 Möwe', 'Contracts', 'Signed contract.txt');
    await expect.poll(() => seen.opened(app), within).toContain(opened);

    // Escape hides it, the keys of the whole computer bring it back, and it begins anew.
    const visible = (): Promise<readonly boolean[]> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()));
    await small.keyboard.press('Escape');
    await expect.poll(visible).toEqual([true, false]);
    const press = (keys: string) =>
      app.evaluate(
        (electron, pressed) =>
          (electron as unknown as { standin: { press(keys: string): boolean } }).standin.press(pressed),
        keys,
      );
    expect(await press('Control+Shift+D')).toBe(true);
    await expect.poll(visible).toEqual([true, true]);
    await expect.poll(() => small.getByRole('combobox').inputValue()).toBe('');

    await emulator.control('revoke', { token: TOKEN });
    await page.getByRole('button', { name: 'Sync now' }).click();
    await expect.poll(labels, within).toContain('Something needs your attention');
    await seen.clickTray(app, 'Office: connect again…');
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    expect(run.complaints).toEqual([]);
  });

  test('by keys alone: opened, a record, a place, a document, closed; it comes back where it was and above all others', async () => {
    journey = await startJourney({ prepare: businessDay });
    cleanups.push(() => journey.close());
    const open = async (): Promise<Page> => {
      await journey.page.getByRole('tree').waitFor(within);
      const waiting = journey.app.waitForEvent('window');
      expect(await seen.press(journey.app, 'Control+Shift+D')).toBe(true);
      return waiting;
    };
    /** Of the small window: it is made after the main one. */
    const bounds = () => journey.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().at(-1)?.getBounds());
    const onTop = () =>
      journey.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.isAlwaysOnTop()));
    const visible = () =>
      journey.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.isVisible()));
    const small = await open();
    expect(await onTop()).toEqual([false, true]);
    await small.getByRole('combobox').waitFor();
    await small.keyboard.type('möwe');
    await expect.poll(() => small.getByRole('option').count()).toBe(2);
    await small.keyboard.press('ArrowDown');
    await expect.poll(() => small.locator('[data-active]').innerText()).toContain('SO001 Möwe');
    await small.keyboard.press('Enter');
    await small.getByRole('radio', { name: 'SO001 Möwe', checked: true }).waitFor();
    await small.keyboard.press('ArrowDown');
    await small.getByRole('radio', { name: 'Contracts', checked: true }).waitFor();
    await journey.chooses(journey.outside('By keys.txt', 'no mouse'));
    await small.keyboard.press('Enter');
    await small.getByText('“By keys.txt” is in Contracts.').waitFor(within);
    const path = 'Quotations/SO001 Möwe/Contracts/By keys.txt';
    await expect.poll(() => journey.textThere(path), within).toBe('no mouse');
    // Copied in the file manager, pasted into the chosen place.
    await pasteFiles(small, [journey.outside('Pasted.txt', 'copied elsewhere')]);
    await small.getByText('“Pasted.txt” is in Contracts.').waitFor(within);
    const pasted = 'Quotations/SO001 Möwe/Contracts/Pasted.txt';
    await expect.poll(() => journey.textThere(pasted), within).toBe('copied elsewhere');
    await small.keyboard.press('Escape');
    await expect.poll(visible).toEqual([true, false]);
    expect(await seen.press(journey.app, 'Control+Shift+D')).toBe(true);
    await expect.poll(visible).toEqual([true, true]);
    expect(await onTop()).toEqual([false, true]);

    const place = { x: 210, y: 130, width: 460, height: 610 };
    await journey.app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows().at(-1)?.setBounds(to), place);
    await journey.restart();
    await open();
    expect(await bounds()).toEqual(place);
  });

  test('keys that another program has: said in words, and others are chosen', async () => {
    journey = await startJourney({
      prepare: businessDay,
      env: { STANDIN_TAKEN_SHORTCUTS: 'Control+Shift+D Control+Alt+J' },
    });
    cleanups.push(() => journey.close());
    const { page, app } = journey;
    await page.getByRole('tree').waitFor(within);
    expect(await seen.press(app, 'Control+Shift+D')).toBe(false);
    await page.keyboard.press('Control+,');
    await page.getByRole('button', { name: 'This computer' }).click();
    const keys = page.getByRole('group', { name: 'Keys of quick drop' });
    await keys.getByRole('alert').getByText('Another program has these keys. Choose others.').waitFor();
    const choose = async (pressed: string): Promise<void> => {
      await keys.getByRole('button', { name: 'Change…' }).click();
      await page.keyboard.press(pressed);
    };
    await choose('Control+Alt+j');
    await page.getByText('Another program uses Ctrl+Alt+J already. Choose other keys.').waitFor(within);
    await choose('Control+Alt+k');
    await keys.getByRole('alert').waitFor({ state: 'detached', ...within });
    const waiting = app.waitForEvent('window');
    expect(await seen.press(app, 'Control+Alt+K')).toBe(true);
    await (await waiting).getByRole('combobox').waitFor();
    // Kept, and taken again from the system with the next start.
    await journey.restart();
    await journey.page.getByRole('tree').waitFor(within);
    expect(await seen.press(journey.app, 'Control+Alt+K')).toBe(true);
  });
});
