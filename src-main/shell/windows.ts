// The app's window: made once, hidden instead of closed, brought back by tray, second start or notification.

import { join } from 'node:path';
import { BrowserWindow, nativeTheme } from 'electron';
import { CHANNELS } from '../../src-shared/ipc-contract.ts';
import { PAGE_ADDRESS } from './page-protocol.ts';
import type { WindowPlace } from './window-place.ts';

export const BACKGROUND = { light: '#f5f6f6', dark: '#14181a' };

/** A page in a sandbox, with nothing but the bridge. */
export function pagePreferences(outFolder: string): Electron.WebPreferences {
  return {
    preload: join(outFolder, 'preload', 'index.cjs'),
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    spellcheck: false,
  };
}

export interface Windows {
  /** `hidden`: it stays in the tray until somebody asks for it. */
  open(hidden?: boolean): Promise<void>;
  show(): void;
  send(batch: unknown): void;
  isOwn(contentsId: number): boolean;
  current(): BrowserWindow | null;
  /** From 0 to 1 in the task bar; null for none. */
  setProgress(progress: number | null): void;
  /** From now on closing the window closes it, instead of sending it to the tray. */
  letClose(): void;
}

export interface WindowParts {
  readonly outFolder: string;
  readonly iconsFolder: string;
  readonly place: WindowPlace;
  /** The window went to the tray for the first time, ever. */
  readonly noticeTray: () => void;
}

export function createWindows({ outFolder, iconsFolder, place, noticeTray }: WindowParts): Windows {
  let window: BrowserWindow | null = null;
  let ending = false;

  const open = async (hidden = false): Promise<void> => {
    const made = new BrowserWindow({
      ...place.bounds(),
      minWidth: 760,
      minHeight: 480,
      show: false,
      title: 'Docktide',
      icon: join(iconsFolder, 'icon.png'),
      backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
      autoHideMenuBar: true,
      webPreferences: pagePreferences(outFolder),
    });
    window = made;
    // Maximising shows a window.
    if (place.maximised() && !hidden) made.maximize();
    place.follow(made);
    made.once('ready-to-show', () => hidden || made.show());
    made.on('close', (event) => {
      if (ending) return;
      event.preventDefault();
      made.hide();
      if (place.firstTimeInTray()) noticeTray();
    });
    made.on('closed', () => {
      window = null;
    });
    await made.loadURL(PAGE_ADDRESS);
  };

  return {
    open,
    show() {
      if (window === null) void open();
      else {
        if (window.isMinimized()) window.restore();
        window.show();
        window.focus();
      }
    },
    send: (batch) => window?.webContents.send(CHANNELS.push, batch),
    isOwn: (id) => window?.webContents.id === id,
    current: () => window,
    setProgress: (progress) => window?.setProgressBar(progress ?? -1),
    letClose: () => void (ending = true),
  };
}
