// What only the desktop can do for the calls of the window: dialogs, programs, files that leave the window, the clipboard.

import { join } from 'node:path';
import { app, clipboard, dialog, nativeImage, shell, type BrowserWindow } from 'electron';
import type { i18n } from 'i18next';
import { AppError } from '../app/service.ts';
import type { Desktop } from '../ipc/parts.ts';
import { isProgram } from './runs-code.ts';
import { openExternal, openLogin } from './security.ts';

export interface DesktopParts {
  readonly words: i18n;
  readonly iconsFolder: string;
  /** The window that a person works in now: dialogs belong to it. */
  readonly current: () => BrowserWindow | null;
  readonly show: () => void;
}

export function createDesktop({ words, iconsFolder, current, show }: DesktopParts): Desktop {
  const ask = async (options: Electron.OpenDialogOptions): Promise<string[]> => {
    const window = current();
    const answer = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
    return answer.canceled ? [] : answer.filePaths;
  };
  return {
    async chooseFolder(startAt) {
      const [path] = await ask({
        title: words.t('setup.chooseFolderTitle'),
        ...(startAt !== null && { defaultPath: startAt }),
        properties: ['openDirectory', 'createDirectory'],
      });
      return path ?? null;
    },
    chooseFiles: () => ask({ title: words.t('documents.addFilesTitle'), properties: ['openFile', 'multiSelections'] }),
    async chooseTable() {
      const [path] = await ask({
        title: words.t('box.chooseTable'),
        filters: [
          { name: 'CSV', extensions: ['csv', 'tsv', 'txt'] },
          { name: words.t('box.anyFile'), extensions: ['*'] },
        ],
        properties: ['openFile'],
      });
      return path ?? null;
    },
    openExternal,
    openLogin,
    show,
    async chooseSave(name) {
      const window = current();
      const options = { defaultPath: join(app.getPath('downloads'), name) };
      const answer = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
      return answer.canceled || answer.filePath === '' ? null : answer.filePath;
    },
    async openFile(path) {
      if (await isProgram(path)) return 'program';
      const problem = await shell.openPath(path);
      if (problem !== '') throw new AppError('not-opened', problem);
      return 'here';
    },
    showFile: (path) => shell.showItemInFolder(path),
    dragOut(paths) {
      const [file] = paths;
      if (file === undefined) return;
      const icon = nativeImage.createFromPath(join(iconsFolder, 'tray-idle@2x.png'));
      current()?.webContents.startDrag({ file, files: [...paths], icon });
    },
    copyText: async (text) => await clipboard.writeText(text),
  };
}
