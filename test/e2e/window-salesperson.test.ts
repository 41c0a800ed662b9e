// A salesperson's day through the whole app, on a real store and a Dropbox emulator: documents are dropped from anywhere,
// found by a word, looked at, opened, shared; and work goes on where there is no network. On the stand-in, which shows the
// tray and what is handed to other programs.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { businessDay } from '../support/window-company.ts';
import { RUNTIME } from '../support/window-app.ts';
import { ensureBuilt } from '../support/window-build.ts';
import { accessibilityProblems, dropFiles, seen } from '../support/window-checks.ts';
import { startJourney, step, within, type Journey } from '../support/window-journey.ts';

const RECORD = 'Quotations/SO001 Möwe';
const PLAN = `${RECORD}/Drawings/Ground floor of the Möwe.png`;
let journey: Journey;

describe.skipIf(RUNTIME !== 'stand-in')('a salesperson', () => {
  beforeAll(() => ensureBuilt());
  afterEach(() => journey?.close());

  test('drops, finds, looks, shares, and works on without a network', async () => {
    journey = await startJourney({ prepare: businessDay });
    const { page, app, there, row } = journey;
    await page.getByRole('tree').waitFor(within);
    await expect.poll(there, within).toContain(PLAN);
    const clipboard = (): Promise<string> => app.evaluate((electron) => electron.clipboard.readText());

    const small = await step('quick drop comes by its keys, from any program', async () => {
      const waiting = app.waitForEvent('window');
      expect(await seen.press(app, 'Control+Shift+D')).toBe(true);
      const opened = await waiting;
      await opened.getByRole('combobox', { name: 'Type a record: name, number, customer' }).waitFor();
      return opened;
    });
    await step('the record is found by its customer, without an accent, and taken by Enter', async () => {
      await small.keyboard.type('cafe mo');
      await expect.poll(() => small.getByRole('option').allInnerTexts()).toHaveLength(2);
      await small.keyboard.type(' so');
      await expect.poll(() => small.getByRole('option').allInnerTexts()).toHaveLength(1);
      await small.keyboard.press('Enter');
      await small.getByRole('radio', { name: 'SO001 Möwe' }).waitFor();
    });
    await step('the place is chosen by arrows, the document dropped', async () => {
      await small.keyboard.press('ArrowDown');
      await small.getByRole('radio', { name: 'Contracts', checked: true }).waitFor();
      await dropFiles(small, '[role="radio"][aria-checked="true"]', [journey.outside('Order.txt', 'we order')]);
      await small.getByText('“Order.txt” is in Contracts.').waitFor();
      await expect.poll(() => journey.textThere(`${RECORD}/Contracts/Order.txt`), within).toBe('we order');
      expect(journey.read(`${RECORD}/Contracts/Order.txt`)).toBe('we order');
    });
    await step('a slip is taken back where it was made', async () => {
      await dropFiles(small, '[role="radio"]:has-text("Drawings")', [journey.outside('Private.txt', 'not for here')]);
      await small.getByText('“Private.txt” is in Drawings.').waitFor();
      await small.getByRole('button', { name: 'Undo' }).click();
      await small.getByText('Taken back.').waitFor();
      await expect.poll(() => existsSync(journey.at(`${RECORD}/Drawings/Private.txt`)), within).toBe(false);
      await expect.poll(there, within).not.toContain(`${RECORD}/Drawings/Private.txt`);
      await small.keyboard.press('Escape');
    });

    const results = page.getByRole('grid', { name: 'Search results' });
    await step('a word finds documents and records; chips leave the drawings', async () => {
      await page.keyboard.press('Control+f');
      await page.keyboard.type('mowe');
      await page.getByRole('option', { name: 'Show all results for “mowe”' }).click();
      await page.getByRole('heading', { name: /results for “mowe”/ }).waitFor();
      await page.getByRole('button', { name: 'Type', exact: true }).click();
      await page.getByRole('menuitemradio', { name: 'Images' }).click();
      await page.getByRole('heading', { name: 'One result for “mowe”' }).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
    });
    const pane = page.getByRole('complementary', { name: 'Preview and details' });
    await step('the drawing is looked at without opening it', async () => {
      await results.getByRole('row', { name: 'Ground floor of the Möwe.png' }).click();
      if (!(await pane.isVisible())) await page.keyboard.press('Control+i');
      await expect
        .poll(
          () => pane.locator('img[data-loaded]').evaluateAll((all) => all.map((img) => img.clientWidth > 50)),
          within,
        )
        .toEqual([true]);
    });
    await step('its place is one key away', async () => {
      await page.keyboard.press('Enter');
      await row('Ground floor of the Möwe.png').and(page.locator('[aria-selected=true]')).waitFor(within);
      const trail = page.getByRole('navigation', { name: 'Where you are' }).getByRole('listitem');
      expect(await trail.allInnerTexts()).toEqual(['All folders', 'Quotations', 'SO001 Möwe', 'Drawings']);
    });

    await step('room is made: the bytes go, the document stays', async () => {
      await menu(page, 'Ground floor of the Möwe.png', 'Free space here');
      await row('Ground floor of the Möwe.png').getByText('In Dropbox').waitFor(within);
      await expect.poll(() => existsSync(journey.at(PLAN)), within).toBe(false);
      expect(await there()).toContain(PLAN);
    });
    await step('opened, it comes back', async () => {
      await row('Ground floor of the Möwe.png').click();
      await page.keyboard.press('Enter');
      await expect.poll(() => seen.opened(app), within).toContain(journey.at(PLAN));
      expect(existsSync(journey.at(PLAN))).toBe(true);
      await row('Ground floor of the Möwe.png').getByText('In sync').waitFor(within);
    });

    await step('a link for the customer is in the clipboard, and is the document’s', async () => {
      await row('Ground floor of the Möwe.png').click();
      await page.keyboard.press('Control+l');
      await page.getByText('The link is in the clipboard').first().waitFor(within);
      const [link] = journey.emulator.state.links.all;
      expect(link?.url).toBe(await clipboard());
      expect(link?.url).toContain(encodeURIComponent('Ground floor of the Möwe.png'));
    });
    await step('another with an end and a password; the risk is said before', async () => {
      await page.keyboard.press('Alt+ArrowUp');
      await row('Offer.txt').waitFor();
      await menu(page, 'Offer.txt', 'Share…');
      const dialog = page.getByRole('dialog', { name: 'Share “Offer.txt”' });
      await dialog.getByRole('listitem').first().waitFor();
      await dialog.getByRole('textbox', { name: 'Ends on' }).fill('2099-12-31');
      await dialog.getByLabel('Password', { exact: true }).fill('möwe-2099');
      await dialog.getByRole('button', { name: 'Make link and copy it' }).click();
      await dialog.waitFor({ state: 'hidden', ...within });
      expect(journey.emulator.state.links.all.map(({ url }) => url)).toContain(await clipboard());
      expect(journey.emulator.state.links.all).toHaveLength(2);
      await page.keyboard.press('Control+8');
      const list = page.getByRole('grid', { name: 'Links' });
      await list
        .getByRole('row', { name: /Offer\.txt/ })
        .getByLabel('With a password')
        .waitFor(within);
    });

    await step('the network is gone: it is said, and work goes on', async () => {
      await journey.emulator.control('faults', { refuse: { every: 1 } });
      await page.keyboard.press('Control+1');
      await page.getByRole('treeitem', { name: 'Quotations' }).click();
      await row('SO002').dblclick();
      await row('Contracts').waitFor();
      await dropFiles(page, '[role=grid]', [journey.outside('Visit.txt', 'noted on the train')]);
      await row('Visit.txt').waitFor();
      await page.getByRole('button', { name: 'Sync now' }).click();
      await page.getByText('Office: Dropbox cannot be reached.', { exact: false }).waitFor(within);
      await row('Visit.txt').click();
      await page.keyboard.press('F2');
      await page.keyboard.type('Visit in Kiel');
      await page.keyboard.press('Enter');
      await row('Visit in Kiel.txt').getByText('Waiting').waitFor(within);
      expect(journey.read('Quotations/SO002/Visit in Kiel.txt')).toBe('noted on the train');
      expect(await there()).not.toContain('Quotations/SO002/Visit in Kiel.txt');
      const labels = (await seen.trays(app)).flatMap(({ menu: lines }) => lines.map(({ label }) => label));
      expect(labels.some((label) => label.includes('Dropbox cannot be reached'))).toBe(true);
    });
    await step('meanwhile a colleague works on; the network is back, and both find their way', async () => {
      await journey.emulator.control('faults', { clear: true });
      await journey.writeThere('Quotations/SO002/Contracts/Signed.txt', 'by the colleague');
      await page.getByRole('button', { name: 'Sync now' }).click();
      await row('Visit in Kiel.txt').getByText('In sync').waitFor(within);
      await page.getByText('Dropbox cannot be reached.', { exact: false }).waitFor({ state: 'detached', ...within });
      expect(await journey.textThere('Quotations/SO002/Visit in Kiel.txt')).toBe('noted on the train');
      await expect.poll(() => journey.read('Quotations/SO002/Contracts/Signed.txt'), within).toBe('by the colleague');
    });

    await step('the tray leads to the document that came last', async () => {
      const labels = async (): Promise<readonly string[]> =>
        (await seen.trays(app)).flatMap(({ menu: lines }) => lines.map(({ label }) => label));
      await expect.poll(labels, within).toEqual(expect.arrayContaining(['Signed.txt', 'Everything is in sync']));
      await seen.clickTray(app, 'Signed.txt');
      const file = journey.at(join('Quotations', 'SO002', 'Contracts', 'Signed.txt'));
      await expect.poll(() => seen.opened(app), within).toContain(file);
      expect(journey.complaints).toEqual([]);
    });
  });
});

async function menu(page: Page, name: string, entry: string): Promise<void> {
  await page.getByRole('row', { name }).click({ button: 'right' });
  await page.getByRole('menu', { name: 'What can be done' }).getByRole('menuitem', { name: entry }).click();
}
