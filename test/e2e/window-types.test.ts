// Document types and rules in the settings, on a real store and a Dropbox emulator: what happens is said before, folders
// follow on both sides, and nothing is lost. Runs on real Electron or on the stand-in.

import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NO_RUNTIME, RUNTIME } from '../support/window-app.ts';
import { ensureBuilt } from '../support/window-build.ts';
import { accessibilityProblems } from '../support/window-checks.ts';
import { businessDay } from '../support/window-company.ts';
import { startJourney, step, within, type Journey } from '../support/window-journey.ts';

if (RUNTIME === null) console.warn(NO_RUNTIME);

let journey: Journey;

describe.skipIf(RUNTIME === null)('types and rules', () => {
  beforeAll(() => ensureBuilt());
  afterEach(() => journey?.close());

  test('renamed with its folder, kept where records hang on it, removed without them; subfolders for all', async () => {
    journey = await startJourney({ prepare: businessDay });
    const { page, there, read } = journey;
    await page.getByRole('tree').waitFor(within);
    await page.keyboard.press('Control+,');
    await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: 'Types and rules' }).click();
    const types = page.getByRole('table', { name: 'Document types' });
    const ids = async (): Promise<Record<string, string>> =>
      Object.fromEntries((await journey.emulator.tree()).map(({ path, id }) => [path, id]));

    await step('what follows a new name is said before', async () => {
      await types.getByRole('button', { name: 'Rename the document type Quotations' }).click();
      const dialog = page.getByRole('dialog', { name: 'Rename Quotations' });
      await dialog
        .getByText('The folder Quotations is renamed after it, here and in Dropbox.', { exact: false })
        .waitFor();
      await dialog.getByText('3 documents are in it.', { exact: false }).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      const before = await ids();
      await dialog.getByRole('textbox', { name: 'Displayed name' }).fill('Offers');
      await dialog.getByRole('button', { name: 'Rename', exact: true }).click();
      await types.getByRole('cell', { name: 'Offers', exact: true }).waitFor(within);
      await expect.poll(there, within).toContain('Offers/SO001 Möwe/Offer.txt');
      const moved = Object.entries(before).map(([path, id]) => [path.replace('/Quotations', '/Offers'), id]);
      await expect.poll(ids, within).toEqual(Object.fromEntries(moved));
      expect(read('Offers/SO001 Möwe/Offer.txt')).toBe('our offer');
    });
    await step('a type with records stays, and says why', async () => {
      await types.getByRole('button', { name: 'Remove the document type Offers' }).click();
      const dialog = page.getByRole('dialog', { name: 'Remove Offers?' });
      await dialog.getByText('2 records are of this type.', { exact: false }).waitFor();
      expect(await dialog.getByRole('button', { name: 'Remove the document type' }).count()).toBe(0);
      await dialog.getByRole('button', { name: 'Cancel' }).click();
    });
    await step('a type without records goes; its folder stays where it is', async () => {
      await page.getByRole('button', { name: 'Add Projects' }).click();
      await types.getByRole('cell', { name: 'Projects', exact: true }).waitFor(within);
      await page.getByRole('combobox', { name: 'Document type' }).selectOption({ label: 'Projects' });
      await page.getByRole('button', { name: 'Add the rule' }).click();
      await expect.poll(there, within).toContain('Projects');
      journey.write('Projects/Idea.txt', 'an idea');
      await expect.poll(there, within).toContain('Projects/Idea.txt');
      await types.getByRole('button', { name: 'Remove the document type Projects' }).click();
      const dialog = page.getByRole('dialog', { name: 'Remove Projects?' });
      await dialog.getByText('The folder Projects stays where it is', { exact: false }).waitFor();
      await dialog.getByText('1 document is in it.', { exact: false }).waitFor();
      const emptied = await page.evaluateHandle(() => {
        const seen = { empty: false };
        const look = (): void => {
          seen.empty ||= [...document.querySelectorAll('dialog[open]')].some((one) => one.textContent === '');
        };
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
        return seen;
      });
      await dialog.getByRole('button', { name: 'Remove the document type' }).click();
      await types.getByRole('cell', { name: 'Projects', exact: true }).waitFor({ state: 'detached', ...within });
      await page.getByRole('button', { name: 'Edit the rule for Projects' }).waitFor({ state: 'detached', ...within });
      // The dialog closes as it is: its heading does not go before it.
      expect(await emptied.jsonValue()).toEqual({ empty: false });
      await page.getByRole('button', { name: 'Sync now' }).click();
      await page.getByText('Sync finished').first().waitFor(within);
      expect(await there()).toContain('Projects/Idea.txt');
      expect(read('Projects/Idea.txt')).toBe('an idea');
    });
    await step('new subfolders for records that have a folder already', async () => {
      await page.getByRole('button', { name: 'Edit the rule for Offers' }).click();
      const dialog = page.getByRole('dialog', { name: 'The rule for Offers' });
      await dialog
        .getByRole('textbox', { name: 'Subfolders, with commas between' })
        .fill('Contracts, Drawings, Photos');
      await dialog.getByRole('checkbox', { name: /^Make the new subfolders for records/ }).check();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await expect
        .poll(there, within)
        .toEqual(expect.arrayContaining(['Offers/SO001 Möwe/Photos', 'Offers/SO002/Photos']));
      expect(read('Offers/SO001 Möwe/Offer.txt')).toBe('our offer');
      expect(journey.complaints).toEqual([]);
    });
  });
});
