// What tests of the window have in common: accessibility in both colour schemes, and real drops of real files.

import { AxeBuilder } from '@axe-core/playwright';
import type { ElectronApplication, Page } from 'playwright';

/** What axe finds wrong, as lines; looked for in the light and in the dark scheme. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Legacy mode: the other one opens a second page, which Electron has none of.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    for (const { id, nodes } of violations) {
      for (const node of nodes) problems.push(`${colorScheme}: ${id}: ${node.target.join(' ')} ${node.failureSummary}`);
    }
  }
  return problems;
}

/** Drags files of the disk over an element and drops them there, as chromium itself would report it. */
export async function dropFiles(page: Page, selector: string, files: readonly string[]): Promise<void> {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`${selector} is not visible.`);
  const session = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  }
  await session.detach();
}

/** Pastes files of the disk, as after copying them in the system's file manager. */
export async function pasteFiles(page: Page, files: readonly string[]): Promise<void> {
  // Files that a page has chosen are known by their paths, as pasted ones are.
  await page.evaluate(() => {
    const input = Object.assign(document.createElement('input'), { type: 'file', multiple: true, hidden: true });
    input.dataset['pasting'] = '';
    input.addEventListener('change', () => (input.dataset['pasting'] = 'known'));
    document.body.append(input);
  });
  await page.setInputFiles('input[data-pasting]', [...files]);
  await page.locator('input[data-pasting="known"]').waitFor({ state: 'attached' });
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>('input[data-pasting]');
    const clipboardData = new DataTransfer();
    for (const file of input?.files ?? []) clipboardData.items.add(file);
    input?.remove();
    const at = document.activeElement ?? document.body;
    at.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
}

interface TrayLine {
  readonly toolTip: string;
  readonly menu: readonly { readonly label: string; readonly enabled: boolean }[];
}

interface Standin {
  trays(): readonly TrayLine[];
  clickTray(label: string): void;
  trayImage(): string;
  opened(): readonly string[];
  press(keys: string): boolean;
  takeShortcut(keys: string): void;
  notifications(): readonly { readonly title: string; readonly body: string }[];
  clickNotification(): void;
  drags(): readonly (readonly string[])[];
}

/** What only the stand-in can show: the tray, and what was handed to the system. */
export const seen = {
  trays: (app: ElectronApplication): Promise<readonly TrayLine[]> =>
    app.evaluate((electron) => (electron as unknown as { standin: Standin }).standin.trays()),
  /** The picture of the tray, as an address. */
  trayImage: (app: ElectronApplication): Promise<string> =>
    app.evaluate((electron) => (electron as unknown as { standin: Standin }).standin.trayImage()),
  clickTray: (app: ElectronApplication, label: string): Promise<void> =>
    app.evaluate((electron, chosen) => (electron as unknown as { standin: Standin }).standin.clickTray(chosen), label),
  drags: (app: ElectronApplication): Promise<readonly (readonly string[])[]> =>
    app.evaluate((electron) => (electron as unknown as { standin: Standin }).standin.drags()),
  /** Keys of the whole computer; false where the app does not have them. */
  press: (app: ElectronApplication, keys: string): Promise<boolean> =>
    app.evaluate((electron, pressed) => (electron as unknown as { standin: Standin }).standin.press(pressed), keys),
  /** From now on another program has these keys. */
  takeShortcut: (app: ElectronApplication, keys: string): Promise<void> =>
    app.evaluate((electron, taken) => (electron as unknown as { standin: Standin }).standin.takeShortcut(taken), keys),
  notifications: (app: ElectronApplication): Promise<readonly { readonly title: string; readonly body: string }[]> =>
    app.evaluate((electron) => (electron as unknown as { standin: Standin }).standin.notifications()),
  /** Clicks the newest notification. */
  clickNotification: (app: ElectronApplication): Promise<void> =>
    app.evaluate((electron) => (electron as unknown as { standin: Standin }).standin.clickNotification()),
  opened: (app: ElectronApplication): Promise<readonly string[]> =>
    app.evaluate((electron) => (electron as unknown as { standin: Standin }).standin.opened()),
};
