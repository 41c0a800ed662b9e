// The tray: the state in its icon and tool tip, and a menu for what people want without opening the window.

import { join } from 'node:path';
import { Menu, Tray, nativeImage } from 'electron';
import type { i18n } from 'i18next';
import type { AppView } from '../../src-shared/ipc/app.ts';
import { trayState, type TrayState } from './tray-state.ts';

export interface TrayActions {
  readonly open: () => void;
  readonly syncNow: () => void;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly quit: () => void;
}

export interface TrayParts {
  readonly icons: string;
  readonly words: i18n;
  readonly actions: TrayActions;
}

export function createTray({ icons, words, actions }: TrayParts): (view: AppView) => void {
  const image = (state: TrayState) => nativeImage.createFromPath(join(icons, `tray-${state}.png`));
  const tray = new Tray(image('idle'));
  tray.on('click', actions.open);
  let shown = '';

  return (view) => {
    const state = trayState(view);
    const paused = view.clients.length > 0 && view.clients.every((client) => client.state === 'paused');
    const key = `${words.language}|${state}|${paused}|${view.clients.length}`;
    if (key === shown) return;
    shown = key;
    const sentence = words.t(`tray.${state}`);
    tray.setImage(image(state));
    tray.setToolTip(`Docktide – ${sentence}`);
    const some = view.clients.length > 0;
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: sentence, enabled: false },
        { type: 'separator' },
        { label: words.t('tray.open'), click: actions.open },
        { label: words.t('tray.syncNow'), enabled: some && !paused, click: actions.syncNow },
        paused
          ? { label: words.t('tray.resume'), click: actions.resume }
          : { label: words.t('tray.pause'), enabled: some, click: actions.pause },
        { type: 'separator' },
        { label: words.t('tray.quit'), click: actions.quit },
      ]),
    );
  };
}
