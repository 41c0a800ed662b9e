// Where the window was last, kept by electron-store; a place that no screen shows any more is forgotten.

import { screen, type BrowserWindow, type Rectangle } from 'electron';
import Store from 'electron-store';

interface Kept {
  bounds: Rectangle;
  maximised: boolean;
  /** The notice about the tray was given. */
  trayNoticed: boolean;
}

const DEFAULT_SIZE = { width: 1280, height: 800 };

export interface WindowPlace {
  /** Bounds for the next window; without a place the system chooses. */
  bounds(): Partial<Rectangle> & { width: number; height: number };
  maximised(): boolean;
  follow(window: BrowserWindow): void;
  /** True the first time it is asked, ever. */
  firstTimeInTray(): boolean;
}

/** `name` tells several windows apart. */
export function openWindowPlace(name = 'window', size = DEFAULT_SIZE): WindowPlace {
  const store = new Store<Partial<Kept>>({ name });
  return {
    bounds() {
      const kept = store.get('bounds');
      if (kept === undefined) return size;
      const area = screen.getDisplayMatching(kept).workArea;
      const visible =
        kept.x < area.x + area.width - 100 &&
        kept.x + kept.width > area.x + 100 &&
        kept.y >= area.y &&
        kept.y < area.y + area.height - 100;
      return visible ? kept : { width: kept.width, height: kept.height };
    },
    maximised: () => store.get('maximised') ?? false,
    follow(window) {
      const keep = (): void => store.set({ bounds: window.getNormalBounds(), maximised: window.isMaximized() });
      window.on('close', keep);
      window.on('hide', keep);
    },
    firstTimeInTray() {
      if (store.get('trayNoticed')) return false;
      store.set('trayNoticed', true);
      return true;
    },
  };
}
