// What keeps documents safe, through the whole app on a real store and a Dropbox emulator: a conflict is settled and taken
// back, held deletions are refused and allowed, the log is filtered and exported, a setting is kept over a restart, and a
// backup is made and restored. Runs on real Electron or on the stand-in.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { vanish } from '../support/window-journey.ts';
import { serviceWorld, ROOT, type ServiceWorld } from '../support/service-world.ts';
import { NO_RUNTIME, RUNTIME, launchApp, type RunningApp, PATIENCE } from '../support/window-app.ts';
import { ensureBuilt } from '../support/window-build.ts';
import { accessibilityProblems } from '../support/window-checks.ts';

if (RUNTIME === null) console.warn(NO_RUNTIME);

const within = { timeout: PATIENCE };
const FILES = Array.from({ length: 30 }, (_, n) => `P/Old/List ${n + 1}.txt`);
let world: ServiceWorld;
let run: RunningApp;

async function start(): Promise<Page> {
  run = await launchApp({
    args: [`--data=${world.dataFolder}`],
    env: { DOCKTIDE_DROPBOX_ORIGIN: world.emulator.origin },
  });
  await run.page.getByRole('tree').waitFor(within);
  return run.page;
}

async function there(): Promise<readonly string[]> {
  const prefix = `/${ROOT}/`;
  return (await world.emulator.tree()).flatMap(({ path }) =>
    path.startsWith(prefix) ? [path.slice(prefix.length)] : [],
  );
}

/** The next file dialog answers this. */
async function answerSave(path: string): Promise<void> {
  await run.app.evaluate(({ dialog }, file) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: file });
  }, path);
}

describe.skipIf(RUNTIME === null)('the window', () => {
  beforeAll(() => ensureBuilt());
  afterEach(async () => {
    await run?.close();
    await world?.close();
  });

  test('a conflict is settled and taken back; deletions are refused, then allowed; the log tells it and is exported', async () => {
    world = await serviceWorld({ company: false });
    for (const path of FILES) world.write(path, path);
    world.write('P/Price list.csv', 'a;1\nb;2\nc;3\n');
    await world.sync();
    world.write('P/Price list.csv', 'a;1\nb;20\nc;3\n');
    await world.emulator.control('write', { path: `/${ROOT}/P/Price list.csv`, text: 'a;1\nb;2\nc;30\n' });
    await world.sync();
    await world.service.close();
    const page = await start();

    // ---------------------------------------------------------------- the conflict
    await page.keyboard.press('Control+4');
    const pane = page.getByRole('region', { name: 'Both versions' }).first();
    await pane.getByText('2 lines differ').waitFor(within);
    expect(await pane.locator('mark').allInnerTexts()).toEqual(['0', '0']);
    expect(await accessibilityProblems(page)).toEqual([]);
    const here = (): string => world.read('P/Price list.csv');
    await page.keyboard.press('Alt+2');
    await page.getByText('1 conflict settled').waitFor(within);
    expect(here()).toContain('c;30');
    await page.getByText('No conflicts').waitFor(within);
    await page.getByRole('button', { name: 'Undo' }).click();
    await pane.getByText('2 lines differ').waitFor(within);
    expect(here()).toContain('b;20');
    // Done again, and taken back once more.
    await page.keyboard.press('Control+Shift+z');
    await page.getByText('Done again').first().waitFor(within);
    await page.getByText('No conflicts').waitFor(within);
    expect(here()).toContain('c;30');
    await page.keyboard.press('Control+z');
    await pane.getByText('2 lines differ').waitFor(within);
    expect(here()).toContain('b;20');
    // By keys: the pointer rests on the messages, and they stay as long as it does.
    await page.keyboard.press('Alt+1');
    await page.getByText('No conflicts').waitFor(within);
    await expect
      .poll(async () => (await there()).filter((path) => path.includes('Price')), within)
      .toEqual(['P/Price list.csv']);
    expect((await world.emulator.content(`/${ROOT}/P/Price list.csv`)).toString()).toContain('b;20');

    // ---------------------------------------------------------------- deletions
    const old = async (): Promise<number> => (await there()).filter((path) => path.startsWith('P/Old/')).length;
    vanish(world.at('P/Old'), world.folder);
    await page.keyboard.press('Control+3');
    const card = page.getByRole('region', { name: 'Deletions that wait for you' });
    await card.getByText('30 documents', { exact: false }).first().waitFor(within);
    expect(await old()).toBe(30);
    await card.getByRole('button', { name: 'Bring all back' }).click();
    await expect.poll(() => FILES.filter((path) => world.exists(path)).length, within).toBe(30);
    await card.waitFor({ state: 'detached', ...within });
    expect(await old()).toBe(30);

    vanish(world.at('P/Old'), world.folder);
    await card.getByRole('button', { name: 'Delete all' }).click(within);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete all' }).click();
    await expect.poll(old, within).toBe(0);
    await card.waitFor({ state: 'detached', ...within });

    // ---------------------------------------------------------------- the log
    await page.keyboard.press('Control+7');
    await page.getByRole('textbox', { name: 'Path, record or words' }).fill('price LIST');
    await page.getByText('lines match', { exact: false }).waitFor(within);
    await page.getByRole('combobox', { name: 'Kind' }).selectOption({ label: 'Conflicts' });
    const kinds = page.getByRole('grid', { name: 'Log' }).getByRole('row');
    await expect.poll(() => kinds.count(), within).toBe(6);
    await kinds.nth(1).click();
    const details = page.getByRole('region', { name: 'Details of the line' });
    await details.getByText('P/Price list.csv').first().waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);

    const file = join(world.folder, 'log.json');
    await answerSave(file);
    // Also while somebody types in the filter.
    await page.getByRole('textbox', { name: 'Path, record or words' }).press('Control+Shift+E');
    await page.getByRole('radio', { name: 'JSON, for programs' }).check();
    await page.getByRole('button', { name: 'Choose a file…' }).click();
    await page.getByText('5 lines exported').waitFor(within);
    const lines = JSON.parse(readFileSync(file, 'utf8')) as { kind: string; path: string; actor: string | null }[];
    expect(lines.map(({ kind, path }) => [kind, path])).toEqual([
      ['conflict.settle', 'P/Price list.csv'],
      ['conflict.reopen', 'P/Price list.csv'],
      ['conflict.settle', 'P/Price list.csv'],
      ['conflict.reopen', 'P/Price list.csv'],
      ['conflict.settle', 'P/Price list.csv'],
    ]);
    expect(lines.every(({ actor }) => actor !== null)).toBe(true);

    const zip = join(world.folder, 'help.zip');
    await answerSave(zip);
    await page.getByRole('button', { name: 'Share for help…' }).click();
    await page.getByRole('dialog').getByText('tokens, passwords, app secrets').waitFor();
    await page.getByRole('button', { name: 'Write the file…' }).click();
    await page.getByText('The file is written').waitFor(within);
    expect(readFileSync(zip).subarray(0, 2).toString()).toBe('PK');
    expect(run.complaints).toEqual([]);
  });

  test('a setting is kept over a restart; a backup is made, and brings back what was', async () => {
    world = await serviceWorld();
    await world.sync();
    await world.service.close();
    let page = await start();
    const settings = async (part: string): Promise<void> => {
      await page.keyboard.press('Control+,');
      await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: part }).click();
    };
    await settings('Sync and speed');
    await page.getByRole('combobox', { name: 'Check everything' }).selectOption({ label: 'Every hour' });
    await page.getByRole('textbox', { name: 'To Dropbox' }).fill('500');
    await page.getByRole('button', { name: 'Save the limit: To Dropbox' }).click();
    await page.getByText('Saved').first().waitFor(within);
    expect(await accessibilityProblems(page)).toEqual([]);

    // ---------------------------------------------------------------- the backup
    await page.keyboard.press('Control+9');
    await page.getByRole('button', { name: 'Back up now' }).click();
    await page.getByText('Verified', { exact: true }).first().waitFor(within);

    await settings('Types and rules');
    await page.getByRole('button', { name: 'Add Invoices' }).click();
    await page.getByRole('table', { name: 'Document types' }).getByText('Invoices', { exact: true }).waitFor(within);
    await page.getByRole('button', { name: 'Remove the rule for Quotations' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the rule' }).click();
    await page.getByText('No rule yet', { exact: false }).waitFor(within);

    await page.keyboard.press('Control+9');
    await page.getByRole('button', { name: /^Restore the backup of/ }).click();
    const assistant = page.getByRole('dialog', { name: 'Restore a backup' });
    await assistant.getByText('Documents in the list').waitFor();
    await assistant.getByRole('button', { name: 'Next' }).click();
    await assistant.getByText('it is intact').waitFor();
    await assistant.getByRole('button', { name: 'Next' }).click();
    await assistant.getByText('The present database is kept aside', { exact: false }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    const restore = assistant.getByRole('button', { name: 'Restore', exact: true });
    expect(await restore.isDisabled()).toBe(true);
    await assistant.getByRole('checkbox').check();
    await restore.click();
    await assistant.getByText('The database that was in use before', { exact: false }).waitFor(within);
    await assistant.getByRole('button', { name: 'Close' }).click();

    await settings('Types and rules');
    await page.getByRole('button', { name: 'Edit the rule for Quotations' }).waitFor(within);
    expect(await page.getByRole('button', { name: 'Add Invoices' }).count()).toBe(1);
    expect(run.complaints).toEqual([]);

    // ---------------------------------------------------------------- the restart
    await run.close();
    page = await start();
    await settings('Sync and speed');
    await expect.poll(() => page.getByRole('combobox', { name: 'Check everything' }).inputValue(), within).toBe('60');
    expect(await page.getByRole('textbox', { name: 'To Dropbox' }).inputValue()).toBe('500 kB/s');
    expect(run.complaints).toEqual([]);
  });
});
