// The `electron` module that the app's main process imports under the stand-in.

import { app } from './app.ts';
import {
  Menu,
  MenuItem,
  Notification,
  Tray,
  clipboard,
  dialog,
  nativeImage,
  nativeTheme,
  screen,
  shell,
  standin,
} from './desktop.ts';
import { ipcMain } from './ipc.ts';
import { protocol } from './protocol.ts';
import { globalShortcut } from './shortcuts.ts';
import {
  autoUpdater,
  crashReporter,
  net,
  powerMonitor,
  powerSaveBlocker,
  safeStorage,
  session,
  systemPreferences,
  utilityProcess,
} from './system.ts';
import { BrowserWindow, watchTargets, webContents } from './window.ts';

const electron = {
  app,
  autoUpdater,
  BrowserWindow,
  clipboard,
  crashReporter,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  standin,
  systemPreferences,
  Tray,
  utilityProcess,
  webContents,
};

watchTargets();

export {
  app,
  autoUpdater,
  BrowserWindow,
  clipboard,
  crashReporter,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  standin,
  systemPreferences,
  Tray,
  utilityProcess,
  webContents,
};
// `require('electron')` and `import electron from 'electron'` get one plain, changeable object, as in Electron.
// oxlint-disable-next-line import/no-default-export -- Electron has one, and electron-store imports it.
export { electron as default, electron as 'module.exports' };
