// The tray: the state in its icon and tool tip, and the menu of tray-menu.ts. What it shows is made anew only where it
// differs: on many desktops a new menu closes the one that is open.

import { join } from 'node:path';
import { Menu, Tray, nativeImage, type NativeImage } from 'electron';
import type { i18n } from 'i18next';
import { trayMenu, type TrayDeed, type TrayFacts, type TrayLine } from './tray-menu.ts';
import { trayIcon, trayState, type TrayState } from './tray-state.ts';

export interface TrayParts {
  readonly icons: string;
  readonly words: i18n;
  readonly open: () => void;
  readonly act: (deed: TrayDeed) => void;
}

export function createTray({ icons, words, open, act }: TrayParts): (facts: TrayFacts) => void {
  const tray = new Tray(trayImage(icons, 'idle'));
  tray.on('click', open);
  let shownState = '';
  let shownLines = '';

  return (facts) => {
    const state = trayState(facts.view);
    const tip = `Docktide – ${words.t(`tray.${state}`)}`;
    if (`${state}|${tip}` !== shownState) {
      shownState = `${state}|${tip}`;
      tray.setImage(trayImage(icons, state));
      tray.setToolTip(tip);
    }
    const lines = trayMenu(facts, words);
    const key = JSON.stringify(lines);
    if (key === shownLines) return;
    shownLines = key;
    tray.setContextMenu(Menu.buildFromTemplate(lines.map((line) => itemOf(line, act))));
  };
}

function itemOf({ label, deed, enabled, accelerator }: TrayLine, act: (deed: TrayDeed) => void) {
  if (label === null) return { type: 'separator' as const };
  return {
    // A single ampersand would underline the next letter.
    label: label.replaceAll('&', '&&'),
    enabled,
    ...(accelerator !== undefined && { accelerator, registerAccelerator: false }),
    ...(deed !== null && { click: () => act(deed) }),
  };
}

/** macOS colours the icon itself, light or dark as the menu bar is: there it gets a template, told apart by its shape. */
function trayImage(icons: string, state: TrayState): NativeImage {
  const image = nativeImage.createFromPath(join(icons, trayIcon(state, process.platform)));
  if (process.platform === 'darwin') image.setTemplateImage(true);
  return image;
}
