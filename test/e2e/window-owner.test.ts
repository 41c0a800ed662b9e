// An owner's day through the whole app, on a real store and a Dropbox emulator: is everything safe, what is behind it, what
// is done about it; room, links, backups, the log, settings, and the window in three languages. Runs on real Electron or on
// the stand-in.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openDocktide } from '../../src-main/compose.ts';
import type { DocktideService } from '../../src-main/app/docktide.ts';
import type { Language } from '../../src-shared/languages.ts';
import { createWords } from '../../src-shared/words/words.ts';
import { NO_RUNTIME, RUNTIME } from '../support/window-app.ts';
import { ensureBuilt } from '../support/window-build.ts';
import { accessibilityProblems } from '../support/window-checks.ts';
import { businessDay } from '../support/window-company.ts';
import { startJourney, step, within, type Journey } from '../support/window-journey.ts';
import { spokenTexts, strangeTexts } from '../support/window-words.ts';

if (RUNTIME === null) console.warn(NO_RUNTIME);

const OLD = Array.from({ length: 30 }, (_, n) => `Old/Invoice ${n + 1}.txt`);
const ARCHIVE = ['Archive/2019.txt', 'Archive/2020.txt', 'Archive/2021.txt'];
/** In the order of their keys. */
const SCREENS = ['documents', 'attachmentBox', 'sync', 'conflicts', 'trash', 'dashboard', 'log', 'links', 'backups'];
const PARTS = [
  'accounts',
  'rules',
  'folders',
  'ignored',
  'sync',
  'backups',
  'notifications',
  'log',
  'appearance',
  'about',
];
/** As this company calls its account, types and folders, which are words of the ready-made sets, too. */
const NAMES =
  /^(Anna Example|Office|ERP Documents|Quotations|Contacts|Contracts|Drawings|Agreements|Correspondence|Archive|Old)( › .*)?$/;
let journey: Journey;

async function prepare(service: DocktideService, parts: Pick<Journey, 'write' | 'emulator'>): Promise<void> {
  for (const path of [...OLD, ...ARCHIVE]) parts.write(path, `content of ${path}`);
  await businessDay(service, parts);
  await service.createLink('Quotations/SO001 Möwe/Offer.txt');
}

describe.skipIf(RUNTIME === null)('an owner', () => {
  beforeAll(() => ensureBuilt());
  afterEach(() => journey?.close());

  test('sees whether everything is safe, acts on it, and sets things up in the own language', async () => {
    journey = await startJourney({ prepare });
    const { page, there } = journey;
    await page.getByRole('tree').waitFor(within);
    const safety = page.getByRole('region', { name: 'Is everything safe?' });
    const tidy = page.getByRole('region', { name: 'Tidy up' });

    await step('one look: everything is safe', async () => {
      await page.keyboard.press('Control+6');
      await safety.getByText('Everything is safe in Dropbox').waitFor(within);
      await safety.getByText('37 documents', { exact: false }).waitFor();
    });
    await step('a disk loses a folder: the dashboard says so and leads to the list behind it', async () => {
      journey.vanish('Old');
      await safety.getByText('Something needs your attention').waitFor(within);
      await safety.getByRole('button', { name: /deletions? waits? for you/ }).click();
      const card = page.getByRole('region', { name: 'Deletions that wait for you' });
      await card.getByText('30 documents', { exact: false }).first().waitFor(within);
      expect((await there()).filter((path) => path.startsWith('Old/'))).toHaveLength(30);
      await card.getByRole('button', { name: 'Bring all back' }).click();
      await card.waitFor({ state: 'detached', ...within });
      const back = (): number => OLD.filter((path) => journey.read(path) === `content of ${path}`).length;
      await expect.poll(back, within).toBe(30);
      await page.keyboard.press('Control+6');
      await safety.getByText('Everything is safe in Dropbox').waitFor(within);
    });

    const settings = async (part: string): Promise<void> => {
      await page.keyboard.press('Control+,');
      await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: part }).click();
      await page.getByRole('region', { name: part }).waitFor();
    };
    await step('old papers need not lie here: the folder is set apart', async () => {
      await settings('Folders');
      await page.getByRole('textbox', { name: 'Folder', exact: true }).fill('Archive');
      await page.getByRole('combobox', { name: 'On this computer' }).selectOption({ label: 'Only links' });
      await page.getByRole('region', { name: 'Folders' }).getByRole('button', { name: 'Save' }).click();
      await page.getByRole('cell', { name: 'Only links' }).waitFor(within);
    });
    await step('and the dashboard frees it: gone here, still in Dropbox', async () => {
      await page.keyboard.press('Control+6');
      await tidy.getByText(/^3 documents .* could be kept in Dropbox only$/).waitFor(within);
      await tidy.getByRole('button', { name: 'Free space…' }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Free / })
        .click();
      await expect.poll(() => ARCHIVE.filter((path) => existsSync(journey.at(path))), within).toEqual([]);
      expect(await there()).toEqual(expect.arrayContaining(ARCHIVE));
      await safety.getByText('3 only in Dropbox', { exact: false }).waitFor(within);
    });
    await step('a link that nobody needs any more is taken back', async () => {
      expect(journey.emulator.state.links.all).toHaveLength(1);
      await tidy.getByText('1 link can be opened from outside').waitFor(within);
      await tidy.getByRole('button', { name: 'Show links' }).click();
      await page.getByRole('row', { name: /Offer\.txt/ }).click();
      await page.keyboard.press('Delete');
      const dialog = page.getByRole('dialog');
      await dialog.getByText('This cannot be undone', { exact: false }).waitFor();
      await dialog.getByRole('button', { name: 'Take it back' }).click();
      await page.getByText('No links are out').waitFor(within);
      expect(journey.emulator.state.links.all).toEqual([]);
    });

    const backups = async (): Promise<number> =>
      (await journey.emulator.tree()).filter(
        ({ path, kind }) => kind === 'file' && /backup/i.test(path) && /\.tar/.test(path),
      ).length;
    await step('a backup is made, lies in Dropbox, and is verified', async () => {
      await page.keyboard.press('Control+9');
      await page.getByRole('button', { name: 'Back up now' }).click();
      await page.getByText('Verified', { exact: true }).first().waitFor(within);
      expect(await backups()).toBe(1);
      await page.getByRole('button', { name: /^Verify the backup of/ }).click();
      await page.getByRole('region', { name: 'Work in progress' }).getByText('Done').first().waitFor(within);
    });
    await step('a rule goes by mistake; the assistant puts back what was, and no document moves', async () => {
      await settings('Types and rules');
      await page.getByRole('button', { name: 'Remove the rule for Quotations' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove the rule' }).click();
      await page
        .getByRole('button', { name: 'Edit the rule for Quotations' })
        .waitFor({ state: 'detached', ...within });
      const documents = async () => (await there()).filter((path) => !/^Backups(\/|$)/.test(path));
      const before = await documents();
      await page.keyboard.press('Control+9');
      await page.getByRole('button', { name: /^Restore the backup of/ }).click();
      const assistant = page.getByRole('dialog', { name: 'Restore a backup' });
      await assistant.getByRole('button', { name: 'Next' }).click();
      await assistant.getByText('it is intact').waitFor(within);
      await assistant.getByRole('button', { name: 'Next' }).click();
      await assistant.getByRole('checkbox').check();
      await assistant.getByRole('button', { name: 'Restore', exact: true }).click();
      await expect.poll(() => assistant.innerText(), within).toContain('The database that was in use before');
      await assistant.getByRole('button', { name: 'Close' }).click();
      await settings('Types and rules');
      await page.getByRole('button', { name: 'Edit the rule for Quotations' }).waitFor(within);
      expect(await documents()).toEqual(before);
    });

    await step('who did what: the log, filtered and exported for a spreadsheet', async () => {
      await page.keyboard.press('Control+7');
      await page.getByRole('combobox', { name: 'Kind' }).selectOption({ label: 'Uploads' });
      await page.getByRole('textbox', { name: 'Path, record or words' }).fill('ARCHIVE');
      const lines = page.getByRole('grid', { name: 'Log' }).getByRole('row');
      await expect.poll(() => lines.count(), within).toBe(1 + ARCHIVE.length);
      const file = join(journey.folder, 'log.csv');
      await journey.saves(file);
      await page.getByRole('button', { name: 'Export…' }).click();
      await page.getByRole('button', { name: 'Choose a file…' }).click();
      await page.getByText('3 lines exported').waitFor(within);
      const text = readFileSync(file, 'utf8');
      for (const path of ARCHIVE) expect(text).toContain(path);
      expect(text).not.toContain('Old/');
    });

    await step('how often, how much of the line, what one is told of', async () => {
      await settings('Sync and speed');
      await page.getByRole('combobox', { name: 'Check everything' }).selectOption({ label: 'Every 4 hours' });
      await page.getByRole('textbox', { name: 'From Dropbox' }).fill('800');
      await page.getByRole('button', { name: 'Save the limit: From Dropbox' }).click();
      await page.getByText('Saved').first().waitFor(within);
      await settings('Notifications');
      const paused = page.getByRole('checkbox', { name: 'Office: there is a conflict' });
      await paused.uncheck();
      await expect.poll(() => paused.isChecked(), within).toBe(false);
    });

    const speak = async (language: Language, asked: string): Promise<void> => {
      const now = createWords(await page.evaluate(() => document.documentElement.lang));
      await page.keyboard.press('Control+,');
      await page
        .getByRole('navigation', { name: now.t('nav.settings') })
        .getByRole('button', { name: now.t('settings.part.appearance') })
        .click();
      await page.getByRole('combobox', { name: now.t('settings.language') }).selectOption({ label: asked });
      const words = createWords(language);
      await page.getByRole('region', { name: words.t('settings.part.appearance') }).waitFor(within);
      expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir])).toEqual([
        language,
        language === 'ar' ? 'rtl' : 'ltr',
      ]);
    };
    const everywhere = async (language: Language): Promise<void> => {
      const words = createWords(language);
      const strange: string[] = [];
      const look = async (where: string): Promise<void> => {
        const texts = await spokenTexts(page);
        strange.push(
          ...strangeTexts(texts, { spoken: language, strange: 'en', names: NAMES }).map((text) => `${where}: ${text}`),
        );
      };
      for (const [index, screen] of SCREENS.entries()) {
        await page.keyboard.press(`Control+${index + 1}`);
        const name = words.t(`nav.${screen}`);
        await page.locator('nav [aria-current="page"]').filter({ hasText: name }).waitFor();
        await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
        await look(screen);
      }
      await page.keyboard.press('Control+,');
      for (const part of PARTS) {
        const name = words.t(`settings.part.${part}`);
        await page
          .getByRole('navigation', { name: words.t('nav.settings') })
          .getByRole('button', { name, exact: true })
          .click();
        await page.getByRole('region', { name, exact: true }).waitFor();
        await look(`settings ${part}`);
      }
      expect(strange).toEqual([]);
    };
    const shown = async (): Promise<string> => {
      await page.keyboard.press('Control+1');
      await page.locator('[data-key][aria-selected=true]').first().waitFor(within);
      return (await page.locator('[data-key][aria-selected=true]').allInnerTexts()).join('|').split('\n')[0] ?? '';
    };
    await step('a place in the documents, to come back to', async () => {
      await page.keyboard.press('Control+1');
      await page.getByRole('treeitem', { name: 'Archive' }).click();
      await page.getByRole('row', { name: '2020.txt' }).click();
    });
    const before = await shown();
    await step('the window speaks German, all of it, and is where it was', async () => {
      await speak('de', 'Deutsch');
      expect(await shown()).toBe(before);
      await everywhere('de');
    });
    await step('and Arabic, from right to left', async () => {
      await speak('ar', 'العربية');
      expect(await shown()).toBe(before);
      await page.keyboard.press('Control+6');
      expect(await accessibilityProblems(page)).toEqual([]);
      await everywhere('ar');
    });
    await step('and back', async () => {
      await speak('en', 'English');
      expect(await shown()).toBe(before);
      const { here, there: inDropbox } = await journey.both();
      // Only what was freed is not here, and the backups, which are no documents.
      expect(
        Object.keys(inDropbox)
          .filter((path) => !(path in here) && !/^Backups(\/|$)/.test(path))
          .toSorted(),
      ).toEqual(ARCHIVE);
      expect(journey.complaints).toEqual([]);
    });

    await step('what was set is kept', async () => {
      await journey.app.close();
      const service = await openDocktide({ dataFolder: journey.dataFolder, env: {} });
      expect(service.schedule()).toEqual({ minutes: 240 });
      expect(service.bandwidth()).toMatchObject({ up: null, down: 800_000 });
      expect(service.folderPolicies()).toMatchObject([{ path: 'Archive', keep: 'links' }]);
      expect(service.subscriptions().find(({ client }) => client === 'Office')?.kinds).not.toContain('conflict');
      await service.close();
    });
  });
});
