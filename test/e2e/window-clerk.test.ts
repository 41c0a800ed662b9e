// A clerk's day through the whole app, on a real store and a Dropbox emulator: from the first run over records from a file
// and documents dropped to a conflict, a mass deletion, a zip and the trash. Each step looks at the window, at Dropbox and
// at the disk. Runs on real Electron or on the stand-in.

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { unzipped } from '../support/unzipped.ts';
import { NO_RUNTIME, RUNTIME } from '../support/window-app.ts';
import { ensureBuilt } from '../support/window-build.ts';
import { accessibilityProblems, dropFiles, pasteFiles } from '../support/window-checks.ts';
import { startJourney, step, TOKEN, within, type Journey } from '../support/window-journey.ts';
import { setUp } from '../support/window-setup.ts';

if (RUNTIME === null) console.warn(NO_RUNTIME);

const SCANS = Array.from({ length: 30 }, (_, n) => `Scan ${n + 1}.txt`);
/** As an ERP under Windows exports it: Windows-1252, semicolons, its own titles, one line without a number. */
const ORDERS = Buffer.from(
  'Nummer;Kunde;Stadt\r\nSO-1001;Möwe GmbH;Kiel\r\nSO-1002;Café Süd;Köln\r\n;ohne Nummer;Ulm\r\nSO-1003;Weiß & Co.;Jena\r\n',
  'latin1',
);
const BOX = 'Quotations/Möwe GmbH';
let journey: Journey;

describe.skipIf(RUNTIME === null)('a clerk', () => {
  beforeAll(() => ensureBuilt());
  afterEach(() => journey?.close());

  test('sets it up, files documents, and settles what two people did at once', async () => {
    journey = await startJourney();
    const { page, there, read, row } = journey;
    const heading = (name: string) => page.getByRole('heading', { name, exact: true }).waitFor(within);

    await step('first run: folder, account, a ready-made set', async () => {
      journey.write('Old papers/Letter.txt', 'was here before');
      await setUp(journey, journey.documents, TOKEN, { types: false });
      await page.getByRole('checkbox', { name: 'Sales' }).check();
      await page.getByRole('region', { name: 'The folders that this makes' }).getByText('Quotations').first().waitFor();
      await page.getByRole('button', { name: 'Make these folders' }).click();
      await page.getByText('2 document types have their folders.').waitFor();
      await expect.poll(there, within).toEqual(expect.arrayContaining(['Quotations', 'Old papers/Letter.txt']));
    });

    await step('records come from a CSV file; what is wrong in it is said first', async () => {
      await page.keyboard.press('Control+2');
      await page.getByRole('button', { name: 'Import records…' }).waitFor();
      await journey.chooses(journey.outside('Aufträge.csv', ORDERS));
      await page.getByRole('button', { name: 'Import records…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Import records from “Aufträge.csv”' });
      await dialog.getByText('3 new').waitFor();
      await dialog.getByText('line 4 lacks type, ref or name').waitFor();
      expect(await dialog.getByRole('combobox', { name: 'Column of the name' }).inputValue()).toBe('Kunde');
      await dialog.getByRole('combobox', { name: 'Document type' }).selectOption({ label: 'Quotations' });
      const yes = dialog.getByRole('button', { name: 'Import 3 records' });
      expect(await yes.isDisabled()).toBe(true);
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await there()).not.toContain(BOX);
      await dialog.getByRole('checkbox', { name: 'Leave the wrong line out' }).check();
      await yes.click();
      await page.getByText('3 records came in', { exact: false }).waitFor();
      await expect
        .poll(there, within)
        .toEqual(expect.arrayContaining([`${BOX}/Contracts`, 'Quotations/Café Süd/Contracts', 'Quotations/Weiß & Co']));
      expect(existsSync(journey.at(`${BOX}/Contracts`))).toBe(true);
    });

    await step('a signed contract goes into the part of its record', async () => {
      await page.getByRole('combobox', { name: 'Type a name or number' }).fill('1001');
      await page.getByRole('option', { name: 'Möwe GmbH' }).waitFor();
      await page.keyboard.press('Enter');
      const box = page.getByRole('grid', { name: 'Documents of Möwe GmbH' });
      await box.getByRole('row', { name: 'Contracts' }).first().waitFor();
      const contract = journey.outside('Contract.txt', 'signed by both');
      await dropFiles(page, '[data-line]:has-text("Contracts")', [contract]);
      await box.getByRole('row', { name: 'Contract.txt' }).getByText('In sync').waitFor(within);
      expect(await journey.textThere(`${BOX}/Contracts/Contract.txt`)).toBe('signed by both');
      expect(read(`${BOX}/Contracts/Contract.txt`)).toBe('signed by both');
    });

    await step('another one was copied in the file manager and is pasted into the chosen part', async () => {
      const box = page.getByRole('grid', { name: 'Documents of Möwe GmbH' });
      await box.getByRole('row', { name: 'Contract.txt' }).click();
      // While somebody types, what is pasted is text.
      await page.getByRole('combobox', { name: 'Type a name or number' }).focus();
      await pasteFiles(page, [journey.outside('Not this one.txt', 'x')]);
      await box.focus();
      await pasteFiles(page, [journey.outside('Annex.txt', 'annex')]);
      await box.getByRole('row', { name: 'Annex.txt' }).getByText('In sync').waitFor(within);
      expect(await journey.textThere(`${BOX}/Contracts/Annex.txt`)).toBe('annex');
      expect((await there()).filter((path) => path.includes('Not this one'))).toEqual([]);
    });

    await step('a whole folder of scans is dropped', async () => {
      for (const name of SCANS) journey.outside(`Scans/${name}`, `scan: ${name}`);
      await dropFiles(page, '[data-line="0"]', [join(journey.folder, 'outside', 'Scans')]);
      await expect.poll(async () => (await there()).filter((path) => path.includes('/Scans/')).length, within).toBe(30);
      expect(read(`${BOX}/Scans/Scan 30.txt`)).toBe('scan: Scan 30.txt');
    });

    await step('from the box to the same place in Documents, where one is renamed', async () => {
      await page.getByRole('button', { name: 'Show in Documents' }).click();
      await row('Contracts').dblclick();
      await row('Contract.txt').click();
      await page.keyboard.press('F2');
      await page.keyboard.type('Contract, signed');
      await page.keyboard.press('Enter');
      await expect.poll(there, within).toContain(`${BOX}/Contracts/Contract, signed.txt`);
      expect(await there()).not.toContain(`${BOX}/Contracts/Contract.txt`);
      expect(read(`${BOX}/Contracts/Contract, signed.txt`)).toBe('signed by both');
    });

    await step('a colleague and the clerk change the same list', async () => {
      journey.write('Prices.csv', 'a;1\nb;2\nc;3\n');
      await expect.poll(() => journey.textThere('Prices.csv'), within).toContain('b;2');
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByText('Paused').first().waitFor(within);
      journey.write('Prices.csv', 'a;1\nb;20\nc;3\n');
      await journey.writeThere('Prices.csv', 'a;1\nb;2\nc;30\n');
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.keyboard.press('Control+4');
      const pane = page.getByRole('region', { name: 'Both versions' }).first();
      await pane.getByText('2 lines differ').waitFor(within);
      // Nothing is lost meanwhile: both are in both places.
      expect((await there()).filter((path) => path.startsWith('Prices'))).toHaveLength(2);
      await page.keyboard.press('Alt+2');
      await page.getByText('No conflicts').waitFor(within);
      await expect.poll(() => journey.textThere('Prices.csv'), within).toBe('a;1\nb;2\nc;30\n');
      expect(read('Prices.csv')).toBe('a;1\nb;2\nc;30\n');
      await expect
        .poll(async () => (await there()).filter((path) => path.startsWith('Prices')), within)
        .toEqual(['Prices.csv']);
    });

    const left = async (): Promise<number> => (await there()).filter((path) => path.includes('/Scans/')).length;
    const card = page.getByRole('region', { name: 'Deletions that wait for you' });
    await step('a folder vanishes on the disk: nothing is deleted in Dropbox until somebody agrees', async () => {
      journey.vanish(`${BOX}/Scans`);
      await page.getByRole('button', { name: 'Look and decide' }).click(within);
      await card.getByText('30 documents', { exact: false }).first().waitFor(within);
      expect(await left()).toBe(30);
      await card.getByRole('button', { name: 'Bring all back' }).click();
      await expect.poll(() => SCANS.filter((name) => read(`${BOX}/Scans/${name}`) !== null).length, within).toBe(30);
      await card.waitFor({ state: 'detached', ...within });
    });

    await step('this time it was meant', async () => {
      journey.vanish(`${BOX}/Scans`);
      await card.getByRole('button', { name: 'Delete all' }).click(within);
      await page.getByRole('dialog').getByRole('button', { name: 'Delete all' }).click();
      await expect.poll(left, within).toBe(0);
      await card.waitFor({ state: 'detached', ...within });
    });

    await step('a record is added by hand, with its folder', async () => {
      await page.keyboard.press('Control+2');
      await page.getByRole('button', { name: 'New record…' }).click();
      const dialog = page.getByRole('dialog', { name: 'New record' });
      await dialog.getByRole('textbox', { name: 'Number' }).fill('SO-1001');
      await dialog.getByRole('combobox', { name: 'Document type' }).selectOption({ label: 'Quotations' });
      await dialog.getByRole('button', { name: 'Add the record' }).click();
      await dialog.getByText('There is a record "SO-1001"', { exact: false }).waitFor();
      await dialog.getByRole('textbox', { name: 'Number' }).fill('SO-1004');
      await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Nord AG');
      await dialog.getByRole('button', { name: 'Add the record' }).click();
      await page.getByRole('grid', { name: 'Documents of Nord AG' }).waitFor();
      await expect.poll(there, within).toContain('Quotations/Nord AG/Contracts');
    });

    await step(
      'it was called otherwise, and then it is not wanted: its folder follows, and goes to the trash',
      async () => {
        await page.getByRole('button', { name: 'More for Nord AG' }).click();
        await page.getByRole('menuitem', { name: 'Rename the record…' }).click();
        const rename = page.getByRole('dialog', { name: 'Rename Nord AG' });
        await rename.getByRole('textbox', { name: 'Name' }).fill('Nord SE');
        await rename.getByRole('button', { name: 'Rename', exact: true }).click();
        await page.getByRole('grid', { name: 'Documents of Nord SE' }).waitFor(within);
        await expect.poll(there, within).toContain('Quotations/Nord SE/Contracts');
        await page.getByRole('button', { name: 'More for Nord SE' }).click();
        await page.getByRole('menuitem', { name: 'Remove the record…' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Remove the record' }).click();
        await page.getByText('Choose a record').waitFor(within);
        await expect.poll(async () => (await there()).filter((path) => path.includes('Nord')), within).toEqual([]);
        expect(existsSync(journey.at('Quotations/Nord SE'))).toBe(false);
      },
    );

    await step('several documents go out as one zip', async () => {
      mkdirSync(journey.at('Handover'));
      for (const [name, text] of [
        ['Äpfel.txt', 'one'],
        ['Plan.txt', 'two'],
        ['Note.txt', 'three'],
      ] as const)
        journey.write(`Handover/${name}`, text);
      await page.keyboard.press('Control+1');
      await page.getByRole('treeitem', { name: 'Handover' }).click();
      await row('Plan.txt').getByText('In sync').waitFor(within);
      await row('Äpfel.txt').click();
      await row('Plan.txt').click({ modifiers: ['Control'] });
      const zip = join(journey.folder, 'Handover.zip');
      await journey.saves(zip);
      await page.keyboard.press('Control+Shift+s');
      await page.getByRole('region', { name: 'Work in progress' }).getByText('Done').first().waitFor(within);
      const found = [...(await unzipped(zip))].map(([name, bytes]) => [name, bytes.toString()]);
      expect(Object.fromEntries(found)).toEqual({ 'Plan.txt': 'two', 'Äpfel.txt': 'one' });
    });

    await step('a colleague deletes a document in Dropbox; it comes back from the trash', async () => {
      await journey.emulator.control('delete', { path: '/ERP Documents/Handover/Note.txt' });
      await expect.poll(() => read('Handover/Note.txt'), within).toBeNull();
      await row('Note.txt').waitFor({ state: 'detached', ...within });
      await page.keyboard.press('Control+5');
      await heading('Trash');
      await page.getByRole('button', { name: 'Restore “Note.txt”' }).click();
      await page.getByText('“Handover/Note.txt” is back.').waitFor(within);
      expect(read('Handover/Note.txt')).toBe('three');
      await expect.poll(() => journey.textThere('Handover/Note.txt'), within).toBe('three');
    });

    await step('at the end of the day both sides are the same', async () => {
      await page.getByRole('button', { name: 'Sync now' }).click();
      const hereAlone = async (): Promise<unknown> => {
        const { here, there: inDropbox } = await journey.both();
        expect(Object.keys(here).length).toBeGreaterThan(20);
        return Object.entries(here).filter(([path, hash]) => inDropbox[path] !== hash || !(path in inDropbox));
      };
      await expect.poll(hereAlone, within).toEqual([]);
      const { here, there: inDropbox } = await journey.both();
      expect(Object.keys(inDropbox).toSorted()).toEqual(Object.keys(here).toSorted());
      expect(journey.complaints).toEqual([]);
    });
  });
});
