// BrowserWindow: one chromium window, and the events that Electron would send about it.

import { EventEmitter } from 'node:events';
import { command, hasDisplay, listenToBrowser, moveWindow, openTarget } from './chromium.ts';
import { app, isReady, isQuitting } from './app.ts';
import { launch, unsupported, windows, type OpenWindow } from './context.ts';
import type { Image } from './desktop.ts';
import { WebContents, type Preferences } from './web-contents.ts';

interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Options extends Partial<Bounds> {
  readonly title?: string;
  readonly show?: boolean;
  readonly alwaysOnTop?: boolean;
  readonly webPreferences?: Preferences;
}

let sequence = 0;

export class BrowserWindow extends EventEmitter implements OpenWindow {
  readonly id = ++sequence;
  readonly webContents: WebContents;
  targetId = '';
  #bounds: Bounds;
  #title: string;
  #visible: boolean;
  #maximised = false;
  #minimised = false;
  #shown = false;
  #focused = false;
  #alwaysOnTop: boolean;
  #progress = -1;
  readonly #opened: Promise<string>;

  constructor(options: Options = {}) {
    super();
    if (!isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    const preferences = { contextIsolation: true, sandbox: true, nodeIntegration: false, ...options.webPreferences };
    if (preferences.nodeIntegration || !preferences.contextIsolation) unsupported('nodeIntegration');
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.#bounds = { x, y, width, height };
    this.#title = options.title ?? launch().manifest.productName ?? 'Electron';
    this.#visible = options.show !== false;
    this.#alwaysOnTop = options.alwaysOnTop ?? false;
    windows.set(this.id, this);
    this.#opened = openTarget(this.#bounds).then((targetId) => (this.targetId = targetId));
    this.webContents = new WebContents(this, this.#opened, preferences);
    this.on('standin-first-load', () => {
      if (!this.#shown) this.emit('ready-to-show');
      this.#shown = true;
    });
    app.emit('browser-window-created', {}, this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows.values()] as BrowserWindow[];
  }
  static fromId(id: number): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.id === id) ?? null;
  }
  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.webContents === contents) ?? null;
  }
  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.isFocused()) ?? null;
  }

  loadURL(address: string): Promise<void> {
    return this.webContents.loadURL(address);
  }
  loadFile(file: string, options?: { hash?: string; search?: string }): Promise<void> {
    return this.webContents.loadFile(file, options);
  }
  reload(): void {
    this.webContents.reload();
  }
  capturePage(): Promise<Image> {
    return this.webContents.capturePage();
  }
  setColourScheme(dark: boolean | null): Promise<void> {
    return this.webContents.setColourScheme(dark);
  }

  // ------------------------------------------------------------------ showing
  show(): void {
    this.#visible = true;
    this.#chromiumWindow({ windowState: 'normal' });
    this.emit('show');
    this.focus();
  }
  showInactive(): void {
    this.#visible = true;
    this.emit('show');
  }
  /** Chromium cannot hide a window: it is minimised. */
  hide(): void {
    if (!this.#visible) return;
    this.#visible = false;
    this.#blur();
    if (hasDisplay()) this.#chromiumWindow({ windowState: 'minimized' });
    this.emit('hide');
  }
  focus(): void {
    for (const other of BrowserWindow.getAllWindows()) if (other !== this) other.#blur();
    this.webContents.focus();
    this.#focused = true;
    this.emit('focus');
    app.emit('browser-window-focus', {}, this);
  }
  isVisible(): boolean {
    return this.#visible;
  }
  isFocused(): boolean {
    return this.#focused && this.#visible;
  }
  blur(): void {
    this.#blur();
  }
  #blur(): void {
    if (!this.#focused) return;
    this.#focused = false;
    this.emit('blur');
  }
  isMinimized(): boolean {
    return this.#minimised;
  }
  minimize(): void {
    this.#minimised = true;
    this.emit('minimize');
  }
  restore(): void {
    this.#minimised = false;
    this.emit('restore');
  }
  isMaximized(): boolean {
    return this.#maximised;
  }
  maximize(): void {
    this.#maximised = true;
    this.emit('maximize');
  }
  unmaximize(): void {
    this.#maximised = false;
    this.emit('unmaximize');
  }
  isFullScreen(): boolean {
    return false;
  }

  // ------------------------------------------------------------------ place and title
  getTitle(): string {
    return this.#title;
  }
  setTitle(title: string): void {
    this.#title = title;
  }
  getBounds(): Bounds {
    return { ...this.#bounds };
  }
  getNormalBounds(): Bounds {
    return { ...this.#bounds };
  }
  getSize(): [number, number] {
    return [this.#bounds.width, this.#bounds.height];
  }
  setBounds(bounds: Partial<Bounds>): void {
    Object.assign(this.#bounds, bounds);
    const { x, y, width, height } = this.#bounds;
    this.#chromiumWindow({ left: x, top: y, width, height });
    this.emit('resize');
    this.emit('move');
  }
  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }
  #chromiumWindow(bounds: object): void {
    this.#opened.then((targetId) => moveWindow(targetId, bounds)).catch(() => {});
  }

  /** Chromium's windows cannot be kept above others: only what was asked for is known. */
  setAlwaysOnTop(flag: boolean): void {
    if (this.#alwaysOnTop === flag) return;
    this.#alwaysOnTop = flag;
    this.emit('always-on-top-changed', {}, flag);
  }
  isAlwaysOnTop(): boolean {
    return this.#alwaysOnTop;
  }
  /** Shown by `electron.standin.progress()`; -1: none. */
  setProgressBar(progress: number): void {
    this.#progress = progress < 0 ? -1 : progress;
  }
  get standinProgress(): number {
    return this.#progress;
  }

  // What a window of chromium has no equivalent for.
  setVisibleOnAllWorkspaces(): void {}
  moveTop(): void {}
  center(): void {}
  setMenu(): void {}
  removeMenu(): void {}
  setMenuBarVisibility(): void {}
  setAutoHideMenuBar(): void {}
  setIcon(): void {}
  setSkipTaskbar(): void {}
  setMinimumSize(): void {}
  setBackgroundColor(): void {}
  flashFrame(): void {}

  // ------------------------------------------------------------------ closing
  async tryClose(): Promise<boolean> {
    let stopped = false;
    this.emit('close', { preventDefault: () => void (stopped = true) });
    if (stopped) return false;
    this.destroy();
    return true;
  }
  close(): void {
    void this.tryClose();
  }
  destroy(): void {
    if (this.isDestroyed()) return;
    this.#opened.then((targetId) => command('Target.closeTarget', { targetId })).catch(() => {});
    this.gone();
  }
  isDestroyed(): boolean {
    return !windows.has(this.id);
  }
  gone(): void {
    if (!windows.delete(this.id)) return;
    this.webContents.emit('destroyed');
    this.emit('closed');
    if (windows.size > 0 || isQuitting()) return;
    if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed');
    else app.quit();
  }
}

/** Chromium's own window events: closed by the person, or opened by a page (always refused here). */
export function watchTargets(): void {
  listenToBrowser((method, params) => {
    if (method === 'Target.targetDestroyed') {
      const closed = [...windows.values()].find((window) => window.targetId === params['targetId']);
      closed?.gone();
    }
    const info = params['targetInfo'] as { targetId: string; type: string; openerId?: string } | undefined;
    if (method !== 'Target.targetCreated' || info?.type !== 'page' || info.openerId === undefined) return;
    const ours = [...windows.values()].some((window) => window.targetId === info.openerId);
    if (ours) command('Target.closeTarget', { targetId: info.targetId }).catch(() => {});
  });
}

export const webContents = {
  getAllWebContents: (): WebContents[] => BrowserWindow.getAllWindows().map((window) => window.webContents),
  getFocusedWebContents: (): WebContents | null => BrowserWindow.getFocusedWindow()?.webContents ?? null,
  fromId: (id: number): WebContents | undefined => BrowserWindow.fromId(id)?.webContents,
  fromDevToolsTargetId: (targetId: string): WebContents | undefined =>
    BrowserWindow.getAllWindows().find((window) => window.targetId === targetId)?.webContents,
};
