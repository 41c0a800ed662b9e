// What Electron shows outside the window: menus, tray, notifications, dialogs, shell, clipboard, screen, theme.
// Where nobody can see it, it is recorded for tests (`electron.standin`).

import { execFile, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { app } from './app.ts';
import { hasDisplay } from './chromium.ts';
import { record, unsupported, windows } from './context.ts';
import { pressShortcut, takeShortcut } from './shortcuts.ts';

// ------------------------------------------------------------------ images
export interface Image {
  isEmpty(): boolean;
  toPNG(): Buffer;
  toJPEG(): never;
  toDataURL(): string;
  getSize(): { width: number; height: number };
  resize(): Image;
  setTemplateImage(template: boolean): void;
  isTemplateImage(): boolean;
  addRepresentation(): void;
}

function image(bytes: Buffer, template = false): Image {
  let isTemplate = template;
  const made: Image = {
    isEmpty: () => bytes.length === 0,
    toPNG: () => bytes,
    toJPEG: () => unsupported('NativeImage.toJPEG'),
    toDataURL: () => `data:image/png;base64,${bytes.toString('base64')}`,
    getSize: () =>
      bytes.length > 24 ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } : { width: 0, height: 0 },
    resize: () => made,
    setTemplateImage: (value) => void (isTemplate = value),
    isTemplateImage: () => isTemplate,
    addRepresentation() {},
  };
  return made;
}

export const nativeImage = {
  createEmpty: (): Image => image(Buffer.alloc(0)),
  /** As in Electron a name that ends in `Template` makes one. */
  createFromPath: (path: string): Image =>
    image(existsSync(path) ? readFileSync(path) : Buffer.alloc(0), /Template(@\dx)?\.\w+$/.test(path)),
  createFromBuffer: (bytes: Buffer): Image => image(bytes),
  createFromDataURL: (url: string): Image => image(Buffer.from(url.split(',')[1] ?? '', 'base64')),
};

// ------------------------------------------------------------------ menus
interface ItemOptions {
  readonly id?: string;
  readonly label?: string;
  readonly type?: string;
  readonly role?: string;
  readonly enabled?: boolean;
  readonly visible?: boolean;
  readonly checked?: boolean;
  readonly accelerator?: string;
  readonly registerAccelerator?: boolean;
  readonly submenu?: readonly ItemOptions[] | Menu;
  readonly click?: (item: MenuItem, window: unknown, event: unknown) => void;
}

export class MenuItem {
  readonly id: string | undefined;
  label: string;
  readonly type: string;
  readonly role: string | undefined;
  enabled: boolean;
  visible: boolean;
  checked: boolean;
  readonly accelerator: string | undefined;
  readonly registerAccelerator: boolean;
  readonly submenu: Menu | undefined;
  readonly click: () => void;

  constructor(options: ItemOptions) {
    const { submenu } = options;
    this.id = options.id;
    this.label = options.label ?? options.role ?? '';
    this.type = options.type ?? (submenu ? 'submenu' : 'normal');
    this.role = options.role;
    this.enabled = options.enabled ?? true;
    this.visible = options.visible ?? true;
    this.checked = options.checked ?? false;
    this.accelerator = options.accelerator;
    this.registerAccelerator = options.registerAccelerator ?? true;
    this.submenu = submenu instanceof Menu || submenu === undefined ? submenu : Menu.buildFromTemplate(submenu);
    this.click = () => {
      if (this.type === 'checkbox') this.checked = !this.checked;
      if (this.role === 'quit') app.quit();
      options.click?.(this, [...windows.values()][0], {});
    };
  }
}

export class Menu extends EventEmitter {
  static #application: Menu | null = null;
  readonly items: MenuItem[] = [];

  static buildFromTemplate(template: readonly (ItemOptions | MenuItem)[]): Menu {
    const menu = new Menu();
    for (const item of template) menu.append(item instanceof MenuItem ? item : new MenuItem(item));
    return menu;
  }
  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu;
  }
  static getApplicationMenu(): Menu | null {
    return Menu.#application;
  }
  append(item: MenuItem): void {
    this.items.push(item);
  }
  insert(position: number, item: MenuItem): void {
    this.items.splice(position, 0, item);
  }
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) return found;
    }
    return null;
  }
  popup(): void {
    this.emit('menu-will-show');
  }
  closePopup(): void {}
}

// ------------------------------------------------------------------ tray
const trays = new Set<Tray>();

export class Tray extends EventEmitter {
  image: Image;
  toolTip = '';
  menu: Menu | null = null;

  constructor(shown: Image) {
    super();
    this.image = shown;
    trays.add(this);
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setTitle(): void {}
  setImage(shown: Image): void {
    this.image = shown;
  }
  setContextMenu(menu: Menu | null): void {
    this.menu = menu;
  }
  popUpContextMenu(): void {}
  destroy(): void {
    trays.delete(this);
  }
  isDestroyed(): boolean {
    return !trays.has(this);
  }
}

// ------------------------------------------------------------------ notifications
const shownNotifications: Notification[] = [];
const senders = new Set<ChildProcess>();
process.once('exit', () => {
  for (const sender of senders) sender.kill();
});

export class Notification extends EventEmitter {
  title: string;
  body: string;
  #sender: ChildProcess | null = null;

  constructor(options: { title?: string; body?: string } = {}) {
    super();
    this.title = options.title ?? '';
    this.body = options.body ?? '';
  }
  static isSupported(): boolean {
    return true;
  }
  show(): void {
    shownNotifications.push(this);
    record.notifications.push({ title: this.title, body: this.body });
    // It waits until the notification is clicked or gone, and says which.
    const words = ['-a', app.getName(), '-A', 'default=Open', '--', this.title, this.body];
    const sender = execFile('notify-send', words, (error, output) => {
      senders.delete(sender);
      if (output.trim() === 'default') this.emit('click', {});
      if (error) this.emit('failed', {}, error.message);
      else this.emit('close', {});
    });
    this.#sender = sender;
    senders.add(sender);
    this.emit('show', {});
  }
  close(): void {
    this.#sender?.kill();
    this.emit('close', {});
  }
}

// ------------------------------------------------------------------ dialogs
interface OpenOptions {
  readonly title?: string;
  readonly properties?: readonly string[];
  readonly defaultPath?: string;
}

/** Asks a person with zenity where there is a display and zenity; otherwise the answer is "cancelled". */
function askForPaths(options: OpenOptions): Promise<string[]> {
  const args = ['--file-selection', '--separator=\n'];
  if (options.title !== undefined) args.push(`--title=${options.title}`);
  if (options.defaultPath !== undefined) args.push(`--filename=${options.defaultPath}/`);
  if (options.properties?.includes('openDirectory')) args.push('--directory');
  if (options.properties?.includes('multiSelections')) args.push('--multiple');
  if (!hasDisplay()) return Promise.resolve([]);
  return new Promise((resolve) => {
    execFile('zenity', args, (error, output) => resolve(error ? [] : output.split('\n').filter((line) => line !== '')));
  });
}

export const dialog = {
  /** As in Electron, the window may come first. */
  async showOpenDialog(...args: unknown[]): Promise<{ canceled: boolean; filePaths: string[] }> {
    const filePaths = await askForPaths((args.at(-1) ?? {}) as OpenOptions);
    return { canceled: filePaths.length === 0, filePaths };
  },
  showSaveDialog: (): Promise<{ canceled: boolean; filePath: string }> =>
    Promise.resolve({ canceled: true, filePath: '' }),
  showMessageBox: (): Promise<{ response: number; checkboxChecked: boolean }> =>
    Promise.resolve({ response: 0, checkboxChecked: false }),
  showErrorBox(title: string, content: string): void {
    record.failures.push(`${title}: ${content}`);
    console.error(`${title}: ${content}`);
  },
};

// ------------------------------------------------------------------ shell, clipboard, screen
export const shell = {
  async openExternal(address: string): Promise<void> {
    record.opened.push(address);
    if (hasDisplay()) execFile('xdg-open', [address], () => {});
  },
  async openPath(path: string): Promise<string> {
    record.opened.push(path);
    if (hasDisplay()) execFile('xdg-open', [path], () => {});
    return '';
  },
  showItemInFolder: (path: string): void => void record.opened.push(path),
  trashItem: (path: string): Promise<void> => rm(path, { recursive: true }),
  beep(): void {},
};

let clipboardText = '';
export const clipboard = {
  readText: (): string => clipboardText,
  writeText: (text: string): void => void (clipboardText = text),
  clear: (): void => void (clipboardText = ''),
};

const area = { x: 0, y: 0, width: 1920, height: 1080 };
const display = { id: 1, scaleFactor: 1, bounds: area, workArea: area, workAreaSize: area, size: area };
export const screen = Object.assign(new EventEmitter(), {
  getPrimaryDisplay: () => display,
  getAllDisplays: () => [display],
  getDisplayMatching: () => display,
  getDisplayNearestPoint: () => display,
  getCursorScreenPoint: () => ({ x: 0, y: 0 }),
});

// ------------------------------------------------------------------ theme
class NativeTheme extends EventEmitter {
  #source: 'system' | 'light' | 'dark' = 'system';
  shouldUseDarkColors = false;
  shouldUseHighContrastColors = false;

  get themeSource(): 'system' | 'light' | 'dark' {
    return this.#source;
  }
  set themeSource(source: 'system' | 'light' | 'dark') {
    this.#source = source;
    const dark = source === 'system' ? null : source === 'dark';
    for (const window of windows.values()) window.setColourScheme(dark).catch(() => {});
  }
}
export const nativeTheme = new NativeTheme();

/** A window tells which colour scheme it really has. */
export function themeSeen(dark: boolean): void {
  if (nativeTheme.shouldUseDarkColors === dark) return;
  nativeTheme.shouldUseDarkColors = dark;
  nativeTheme.emit('updated');
}

// ------------------------------------------------------------------ for tests
interface MenuLine {
  readonly label: string;
  readonly type: string;
  readonly enabled: boolean;
  readonly checked: boolean;
}

/** A label as a person reads it: `&&` stands for `&`. */
function readable(label: string): string {
  return label.replaceAll('&&', '&');
}

/** What Electron shows to a person and hides from a test. */
export const standin = {
  trays: (): { toolTip: string; menu: MenuLine[] }[] =>
    [...trays].map((tray) => ({
      toolTip: tray.toolTip,
      menu: (tray.menu?.items ?? []).map(({ label, type, enabled, checked }) => ({
        label: readable(label),
        type,
        enabled,
        checked,
      })),
    })),
  /** The picture of the first tray. */
  trayImage: (): string => [...trays][0]?.image.toDataURL() ?? '',
  /** Chooses the entry with this label in a tray's menu, as a person would. */
  clickTray(label: string): void {
    const items = [...trays].flatMap((tray) => tray.menu?.items ?? []);
    const item = items.find((one) => readable(one.label) === label);
    if (!item?.enabled) throw new Error(`No enabled tray entry "${label}".`);
    item.click();
  },
  notifications: () => [...record.notifications],
  /** Clicks the newest notification, as a person would. */
  clickNotification(): void {
    const newest = shownNotifications.at(-1);
    if (newest === undefined) throw new Error('No notification was shown.');
    newest.emit('click', {});
  },
  /** Presses keys that work in every program; false where the app does not have them. */
  press: (accelerator: string): boolean => pressShortcut(accelerator),
  /** From now on another program has these keys. */
  takeShortcut: (accelerator: string): void => takeShortcut(accelerator),
  /** What the task bar shows for each window: 0 to 1, -1 for nothing. */
  progress: (): number[] =>
    [...windows.values()].map((window) => (window as unknown as { standinProgress: number }).standinProgress),
  opened: () => [...record.opened],
  drags: () => [...record.drags],
  failures: () => [...record.failures],
};
