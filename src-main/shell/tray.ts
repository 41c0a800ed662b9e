// The tray: the state in its icon and tool tip, and a menu for what people want without opening the window.

import { join } from 'node:path';
import { Menu, Tray, nativeImage } from 'electron';
import type { i18n } from 'i18next';
import type { AppView } from '../../src-shared/ipc-contract.ts';

export type TrayState = 'synced' | 'syncing' | 'paused' | 'attention' | 'idle';

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

/** What the tray says about everything at once: the worst comes first. */
export function trayState(view: AppView): TrayState {
  const { clients, counts } = view;
  if (clients.length === 0) return 'idle';
  const broken = clients.some((client) => client.state === 'disconnected') || view.problems.length > 0;
  if (broken || counts.held > 0 || counts.failed > 0 || counts.conflicts > 0) return 'attention';
  if (clients.every((client) => client.state === 'paused')) return 'paused';
  return view.passing.length > 0 || counts.pending > 0 ? 'syncing' : 'synced';
}

export function createTray({ icons, words, actions }: TrayParts): (view: AppView) => void {
  const image = (state: TrayState) => nativeImage.createFromPath(join(icons, `tray-${state}.png`));
  const tray = new Tray(image('idle'));
  tray.on('click', actions.open);
  let shown = '';

  return (view) => {
    const state = trayState(view);
    const paused = view.clients.length > 0 && view.clients.every((client) => client.state === 'paused');
    const key = `${state}|${paused}|${view.clients.length}`;
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
