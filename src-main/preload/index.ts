// The preload script: the only bridge between page and main process, in a sandbox. The page gets three functions and
// no channel of its own choosing; paths of dropped files go from here to the main process and never to the page.

import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '../../src-shared/ipc-contract.ts';

// The same as CHANNELS of the contract, which would bring its schemas into this script.
const CALL = 'docktide:call';
const DROP = 'docktide:drop';
const PUSH = 'docktide:push';

const bridge: Bridge = {
  call: (name, args) => ipcRenderer.invoke(CALL, name, args),
  dropFiles(folderId, files) {
    const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
    return ipcRenderer.invoke(DROP, { folderId, paths });
  },
  onPush(listener) {
    const receive = (_event: unknown, batch: unknown): void => listener(batch);
    ipcRenderer.on(PUSH, receive);
    return () => void ipcRenderer.off(PUSH, receive);
  },
};

contextBridge.exposeInMainWorld('docktide', Object.freeze(bridge));
