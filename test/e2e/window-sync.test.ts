// The sync screen over an application service in memory: deletions that wait for a person are shown with names and sizes,
// refused or let go; the preview of a pass; what failed is tried again. Runs on real Electron or on the stand-in.

import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { NO_RUNTIME, RUNTIME, launchApp, type RunningApp } from '../support/window-app.ts';
import { ensureBuilt } from '../support/window-build.ts';
import { accessibilityProblems } from '../support/window-checks.ts';
import type { Scene } from '../support/window-fake-service.ts';

if (RUNTIME === null) console.warn(NO_RUNTIME);

const entry = join(import.meta.dirname, '..', 'support', 'window-fake-main.ts');
let run: RunningApp;

async function show(scene: Scene): Promise<RunningApp['page']> {
  run = await launchApp({ entry, args: [`--scene=${scene}`] });
  await run.page.getByRole('button', { name: 'Sync', exact: false }).first().waitFor();
  await run.page.keyboard.press('Control+3');
  await run.page.getByRole('heading', { name: 'Sync', exact: true }).waitFor();
  return run.page;
}

describe.skipIf(RUNTIME === null)('the sync screen', () => {
  beforeAll(() => ensureBuilt());
  afterEach(() => run.close());

  test('many deletions wait: names and sizes, and they are refused with one button', async () => {
    const page = await show('failing');
    const card = page.getByRole('region', { name: 'Deletions that wait for you' });
    await card.getByText('Would be deleted in Dropbox: 141 documents · 1.3 MB').waitFor();
    await card.getByText('General › Prices › List 141.csv').scrollIntoViewIfNeeded();
    expect(await card.getByRole('listitem').count()).toBe(141);
    expect(await accessibilityProblems(page)).toEqual([]);
    await card.getByRole('button', { name: 'Bring all back' }).click();
    await page.getByText('141 documents come back.').waitFor();
    await card.waitFor({ state: 'detached' });
    expect(run.complaints).toEqual([]);
  });

  test('letting deletions go is asked once more, with the safe button first', async () => {
    const page = await show('failing');
    await page.getByRole('button', { name: 'Delete all' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('goes to the trash for 30 days').waitFor();
    expect(await dialog.getByRole('button', { name: 'Cancel' }).evaluate((one) => one === document.activeElement)).toBe(
      true,
    );
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Delete all' }).click();
    await page.getByText('Sync finished').waitFor();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('region', { name: 'Deletions that wait for you' }).waitFor({ state: 'detached' });
  });

  test('the preview says what a pass would do and what it cannot do; a failed task is tried again', async () => {
    const page = await show('failing');
    await page.keyboard.press('Control+Shift+P');
    const dialog = page.getByRole('dialog', { name: 'Preview' });
    await dialog.getByText('5 steps').waitFor();
    await dialog.getByText('Dropbox does not take the name of "a:b". Rename it.').waitFor();
    expect(await dialog.getByRole('row').count()).toBe(6);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Try again: Quotations/SO001/Offer SO001.pdf' }).click();
    await page.getByText('Sync finished').waitFor();
    expect(run.complaints).toEqual([]);
  });

  test('what a person asked to be told of is a notification of the system, and a click leads to its screen', async () => {
    const page = await show('failing');
    const { app } = run;
    await app.evaluate(({ Notification }) => {
      const shown: unknown[] = [];
      Object.assign(globalThis, { shown });
      Notification.prototype.show = function (this: unknown) {
        shown.push(this);
      };
    });
    await page.getByRole('button', { name: 'Sync now' }).first().click();
    await page.getByText('Sync finished').waitFor();
    const told = await app.evaluate(() => {
      const { shown } = globalThis as unknown as { shown: { title: string; body: string }[] };
      return shown.map(({ title, body }) => ({ title, body }));
    });
    expect(told).toEqual([
      {
        title: 'Docktide',
        body: 'Office: "General/Logo.png" was changed on both sides. Both versions are kept.',
      },
    ]);
    await app.evaluate(() => {
      const { shown } = globalThis as unknown as { shown: { emit(event: string): void }[] };
      shown[0]?.emit('click');
    });
    await page.getByText('No conflicts').waitFor();
  });
});
