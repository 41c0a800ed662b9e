// "Start with the computer": a login item on Windows and macOS, an autostart entry elsewhere. Started in this way the app
// goes to the tray and shows no window.

import { app } from 'electron';
import type { Startup } from '../../src-shared/ipc/desktop.ts';
import { openAutostart } from '../infra/autostart.ts';
import { HIDDEN } from './arguments.ts';

export interface StartupSwitch {
  view(): Startup;
  set(on: boolean): Startup;
}

/** `args`: what the app was started with and needs again, such as its data folder. */
export function openStartup(args: readonly string[]): StartupSwitch {
  return process.platform === 'darwin' || process.platform === 'win32' ? loginItem(args) : autostart(args);
}

function loginItem(args: readonly string[]): StartupSwitch {
  // From the sources the system would start a bare Electron.
  const available = app.isPackaged;
  const item = process.platform === 'win32' ? { args: [HIDDEN, ...args] } : {};
  const view = (): Startup => ({ available, on: available && app.getLoginItemSettings(item).openAtLogin });
  return {
    view,
    set(on) {
      if (available) app.setLoginItemSettings({ ...item, openAtLogin: on });
      return view();
    },
  };
}

function autostart(args: readonly string[]): StartupSwitch {
  // An AppImage runs from a place that is gone tomorrow; the file itself stays.
  const image = process.env['APPIMAGE'];
  const program = app.isPackaged ? [image ?? app.getPath('exe')] : [app.getPath('exe'), app.getAppPath()];
  const entry = openAutostart([...program, HIDDEN, ...args]);
  entry.refresh();
  const view = (): Startup => ({ available: true, on: entry.on() });
  return {
    view,
    set(on) {
      entry.set(on);
      return view();
    },
  };
}

/** True where the system started the app, not a person. */
export function startedBySystem(args: readonly string[]): boolean {
  return args.includes(HIDDEN) || (process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);
}
