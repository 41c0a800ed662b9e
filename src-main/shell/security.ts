// What the page may not do, whatever its code says: navigate away, open windows, ask for devices, load other sites.
// Links go to the system's browser, and only those that a browser should open.

import { app, shell, type WebContents } from 'electron';
import { AppError } from '../app/service.ts';
import { PAGE_ADDRESS } from './page-protocol.ts';

const SCHEMES = new Set(['https:', 'mailto:']);

/** Opens an address outside of the app; refuses every scheme but https and mailto. */
export async function openExternal(address: string): Promise<void> {
  const scheme = URL.canParse(address) ? new URL(address).protocol : '';
  if (!SCHEMES.has(scheme)) {
    throw new AppError('address-refused', 'This link is not opened: only https and mailto links are.');
  }
  await shell.openExternal(address);
}

/** A login page: Dropbox's, or on this machine the emulator's. The address comes from the login itself, never from the page. */
export async function openLogin(address: string): Promise<void> {
  const { protocol, hostname } = new URL(address);
  const loopback = protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  await (loopback ? shell.openExternal(address) : openExternal(address));
}

/** Every page, whoever makes it, is sandboxed and locked down; called before the app is ready. */
export function lockDownAll(): void {
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => lockDown(contents));
}

function lockDown(contents: WebContents): void {
  contents.setWindowOpenHandler(({ url }) => {
    openExternal(url).catch(() => {});
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event, address) => {
    if (address !== PAGE_ADDRESS) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  contents.session.setPermissionCheckHandler(() => false);
  contents.session.setDevicePermissionHandler(() => false);
}
