// The small window above all others: a record is typed, files are dropped, done. Made at its first use, hidden when it is
// left, and where it was when it comes back. It shows the same page as the main window, by another query.

import { join } from 'node:path';
import { BrowserWindow, nativeTheme } from 'electron';
import { CHANNELS } from '../../src-shared/ipc-contract.ts';
import { PAGE_ADDRESS } from './page-protocol.ts';
import type { WindowPlace } from './window-place.ts';
import { BACKGROUND, pagePreferences } from './windows.ts';

export const QUICK_DROP_SIZE = { width: 420, height: 520 };

export interface QuickDrop {
  open(): void;
  close(): void;
  send(batch: readonly unknown[]): void;
  isOwn(contentsId: number): boolean;
  current(): BrowserWindow | null;
  /** Another language or other colours. */
  reload(): void;
  /** From now on closing it closes it. */
  letClose(): void;
}

export interface QuickDropParts {
  readonly outFolder: string;
  readonly iconsFolder: string;
  readonly place: WindowPlace;
  readonly title: () => string;
}

export function createQuickDrop({ outFolder, iconsFolder, place, title }: QuickDropParts): QuickDrop {
  let window: BrowserWindow | null = null;
  let ending = false;

  const make = (): BrowserWindow => {
    const made = new BrowserWindow({
      ...place.bounds(),
      minWidth: 340,
      minHeight: 360,
      show: false,
      title: title(),
      icon: join(iconsFolder, 'icon.png'),
      backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
      alwaysOnTop: true,
      skipTaskbar: true,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      autoHideMenuBar: true,
      webPreferences: pagePreferences(outFolder),
    });
    // Above a program in full screen, too: that is from where files are dragged.
    made.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true });
    place.follow(made);
    made.once('ready-to-show', () => made.show());
    made.on('page-title-updated', (event) => event.preventDefault());
    made.on('close', (event) => {
      if (ending) return;
      event.preventDefault();
      made.hide();
    });
    made.on('closed', () => {
      window = null;
    });
    made.loadURL(`${PAGE_ADDRESS}?window=quick-drop`).catch((error: unknown) => console.error(error));
    return made;
  };

  const send = (batch: readonly unknown[]): void => window?.webContents.send(CHANNELS.push, batch);

  return {
    open() {
      if (window === null) {
        window = make();
        return;
      }
      if (!window.isVisible()) send([{ kind: 'quick-drop' }]);
      window.show();
      window.focus();
    },
    close: () => window?.hide(),
    send,
    isOwn: (id) => window?.webContents.id === id,
    current: () => window,
    reload() {
      window?.setTitle(title());
      window?.webContents.reload();
    },
    letClose: () => void (ending = true),
  };
}
