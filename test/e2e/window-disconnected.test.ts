// A Dropbox that no longer accepts the login: the tray says so, the desktop is told on its bus, a click leads to where it is
// mended, the person logs in again from the window, and sync goes on. Conflicts, held deletions and failures are told in
// the same way. On the stand-in, whose tray can be seen, with a session bus and a notification server of the test's own.

import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { missingForBus, NO_BUS, startSessionBus, type SessionBus } from '../support/session-bus.ts';
import { RUNTIME } from '../support/window-app.ts';
import { ensureBuilt } from '../support/window-build.ts';
import { seen } from '../support/window-checks.ts';
import { agree, connectedDay } from '../support/window-company.ts';
import { startJourney, step, within, type Journey } from '../support/window-journey.ts';

const possible = RUNTIME === 'stand-in' && missingForBus().length === 0;
if (missingForBus().length > 0) console.warn(NO_BUS);

const OLD = Array.from({ length: 30 }, (_, n) => `Old/Invoice ${n + 1}.txt`);
let bus: SessionBus;
let journey: Journey;

describe.skipIf(!possible)('what the desktop is told', () => {
  beforeAll(() => ensureBuilt());
  afterEach(async () => {
    await journey?.close();
    await bus?.close();
  });

  test('a lost login is told, found by a click, and mended in the window; so are conflict, deletions and failure', async () => {
    bus = await startSessionBus();
    journey = await startJourney({
      env: bus.env,
      prepare: async (service, parts) => {
        for (const path of OLD) parts.write(path, path);
        await connectedDay(service, parts);
      },
    });
    const { page, app } = journey;
    await page.getByRole('tree').waitFor(within);
    const labels = async (): Promise<readonly string[]> =>
      (await seen.trays(app)).flatMap(({ menu }) => menu.map(({ label }) => label));
    const heading = (name: string) => page.getByRole('heading', { name, exact: true }).waitFor(within);
    const told = (text: string) =>
      expect
        .poll(() => bus.told().map(({ title, body }) => `${title}: ${body}`), within)
        .toContainEqual(expect.stringContaining(text) as string);
    await expect.poll(labels, within).toContain('Everything is in sync');
    const calm = await seen.trayImage(app);
    expect(bus.told()).toEqual([]);

    await step('the login is revoked in Dropbox: tray and desktop say so by themselves', async () => {
      await journey.writeThere('Quotations/SO002/Contracts/Meanwhile.txt', 'written by a colleague');
      await journey.emulator.control('revoke', { all: true });
      await journey.writeThere('Quotations/SO002/Contracts/Later.txt', 'written later');
      await expect.poll(labels, within).toContain('Office: connect again…');
      expect((await labels())[0]).toBe('Something needs your attention');
      expect(await seen.trayImage(app)).not.toBe(calm);
      await told('Docktide: Office is disconnected');
    });
    const card = page.getByRole('region', { name: 'Office', exact: true });
    await step('a click on the notification opens the account', async () => {
      await page.keyboard.press('Control+1');
      bus.click();
      await heading('Settings');
      await card.getByText('Disconnected').waitFor();
    });
    await step('the banner leads there, too', async () => {
      await page.keyboard.press('Control+7');
      await heading('Log');
      await page.getByRole('button', { name: 'Log in again…' }).click();
      await heading('Settings');
    });
    await step('the person logs in again, in the browser and back', async () => {
      await app.evaluate(({ shell }) => {
        shell.openExternal = (address) => {
          Reflect.set(globalThis, 'openedInBrowser', address);
          return Promise.resolve();
        };
      });
      await card.getByRole('button', { name: 'Log in again…' }).click();
      const opened = () => app.evaluate(() => (Reflect.get(globalThis, 'openedInBrowser') as string | undefined) ?? '');
      await expect.poll(opened, within).toContain('/oauth2/authorize');
      expect(await agree(await opened())).toBe(200);
      await page.getByText('Connected again').first().waitFor(within);
      await card.getByText('Connected', { exact: true }).waitFor(within);
    });
    await step('sync goes on with what happened meanwhile, in both directions', async () => {
      await expect.poll(() => journey.read('Quotations/SO002/Contracts/Later.txt'), within).toBe('written later');
      expect(journey.read('Quotations/SO002/Contracts/Meanwhile.txt')).toBe('written by a colleague');
      journey.write('Quotations/SO001 Möwe/Again.txt', 'from here');
      await expect.poll(() => journey.textThere('Quotations/SO001 Möwe/Again.txt'), within).toBe('from here');
      await expect.poll(labels, within).toContain('Everything is in sync');
      expect(await seen.trayImage(app)).toBe(calm);
    });

    await step('a conflict', async () => {
      bus.closeAll();
      await page.locator('header').getByRole('button', { name: 'Pause' }).click();
      await page.getByText('Paused').first().waitFor(within);
      journey.write('Quotations/SO001 Möwe/Offer.txt', 'changed here');
      await journey.writeThere('Quotations/SO001 Möwe/Offer.txt', 'changed there');
      await page.locator('header').getByRole('button', { name: 'Resume' }).click();
      await told('was changed on both sides');
      bus.click();
      await heading('Conflicts');
      await page.getByRole('button', { name: 'Keep this computer’s' }).click();
      await page.getByText('No conflicts').waitFor(within);
      // The version that gave way is gone from Dropbox before the next step: it would be held with the others.
      const versions = async (): Promise<readonly string[]> =>
        (await journey.there()).filter((path) => /SO001 Möwe\/Offer/.test(path));
      await expect.poll(versions, within).toEqual(['Quotations/SO001 Möwe/Offer.txt']);
    });
    await step('deletions that are many', async () => {
      bus.closeAll();
      journey.vanish('Old');
      await told('held back until somebody agrees');
      bus.click();
      await heading('Sync');
      const held = page.getByRole('region', { name: 'Deletions that wait for you' });
      await held.getByRole('button', { name: 'Bring all back' }).click(within);
      await expect.poll(() => OLD.filter((path) => journey.read(path) !== null).length, within).toBe(30);
    });
    await step('a document that cannot go', async () => {
      bus.closeAll();
      await page.keyboard.press('Control+1');
      journey.write('Quotations/SO002/bad name.', 'ends with a dot');
      await told('bad name.');
      bus.click();
      await heading('Sync');
      await page.getByText('bad name.', { exact: false }).first().waitFor(within);
      expect(journey.complaints).toEqual([]);
    });
  });
});
