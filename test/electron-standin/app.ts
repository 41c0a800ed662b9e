// app: paths, ready, quitting, and the single-instance lock (a file in the user data folder).

import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, unwatchFile, watch, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChromium, stopChromium } from './chromium.ts';
import { addSwitch, launch, switches, windows } from './context.ts';

let ready = false;
let quitting = false;
let name: string | null = null;
let tellReady: (value: object) => void = () => {};
const readyPromise = new Promise<object>((resolve) => {
  tellReady = resolve;
});

export function isReady(): boolean {
  return ready;
}

export function isQuitting(): boolean {
  return quitting;
}

const home = homedir();
const paths: Record<string, string> = {
  home,
  appData: process.env['XDG_CONFIG_HOME'] ?? join(home, '.config'),
  temp: tmpdir(),
  desktop: join(home, 'Desktop'),
  documents: join(home, 'Documents'),
  downloads: join(home, 'Downloads'),
  music: join(home, 'Music'),
  pictures: join(home, 'Pictures'),
  videos: join(home, 'Videos'),
  crashDumps: join(tmpdir(), 'crashes'),
};

class App extends EventEmitter {
  readonly commandLine = {
    appendSwitch: (key: string, value = ''): void => addSwitch(value === '' ? `--${key}` : `--${key}=${value}`),
    appendArgument(): void {},
    hasSwitch: (key: string): boolean => switches.has(key),
    getSwitchValue: (key: string): string => switches.get(key) ?? '',
    removeSwitch: (key: string): void => void switches.delete(key),
  };

  get isPackaged(): boolean {
    return launch().packaged;
  }
  get name(): string {
    return this.getName();
  }
  whenReady(): Promise<object> {
    return readyPromise;
  }
  isReady(): boolean {
    return ready;
  }
  getName(): string {
    return name ?? launch().manifest.productName ?? launch().manifest.name ?? 'Electron';
  }
  setName(value: string): void {
    name = value;
  }
  getVersion(): string {
    return launch().manifest.version ?? '0.0.0';
  }
  getAppPath(): string {
    return launch().appPath;
  }
  getPath(key: string): string {
    const set = paths[key];
    if (set !== undefined) return set;
    if (key === 'userData') return switches.get('user-data-dir') || join(paths['appData'] ?? '', this.getName());
    if (key === 'sessionData') return this.getPath('userData');
    if (key === 'logs') return join(this.getPath('userData'), 'logs');
    if (key === 'exe' || key === 'module') return launch().exec;
    throw new Error(`Failed to get '${key}' path`);
  }
  setPath(key: string, path: string): void {
    paths[key] = path;
  }
  getLocale(): string {
    return 'en-US';
  }
  getSystemLocale(): string {
    return 'en-US';
  }
  getPreferredSystemLanguages(): string[] {
    return ['en-US'];
  }

  // ------------------------------------------------------------------ one instance at a time
  readonly #claim = new InstanceLock((argv, cwd) => this.emit('second-instance', {}, argv, cwd, {}));
  requestSingleInstanceLock(): boolean {
    return this.#claim.take(this.getPath('userData'));
  }
  hasSingleInstanceLock(): boolean {
    return this.#claim.held();
  }
  releaseSingleInstanceLock(): void {
    this.#claim.release();
  }

  // ------------------------------------------------------------------ ending
  quit(): void {
    if (quitting) return;
    let stopped = false;
    this.emit('before-quit', { preventDefault: () => void (stopped = true) });
    if (stopped) return;
    quitting = true;
    void this.#closeAll();
  }
  async #closeAll(): Promise<void> {
    const closed = await Promise.all([...windows.values()].map((window) => window.tryClose()));
    if (closed.includes(false)) {
      quitting = false;
      return;
    }
    let stopped = false;
    this.emit('will-quit', { preventDefault: () => void (stopped = true) });
    if (stopped) quitting = false;
    else this.exit(0);
  }
  exit(code = 0): void {
    quitting = true;
    this.emit('quit', {}, code);
    this.#claim.release();
    stopChromium();
    process.exit(code);
  }
  relaunch(): void {}

  // What only a desktop's own services could do.
  focus(): void {}
  setAppUserModelId(): void {}
  setDesktopName(): void {}
  disableHardwareAcceleration(): void {}
  enableSandbox(): void {}
  setAsDefaultProtocolClient(): boolean {
    return true;
  }
  setLoginItemSettings(): void {}
  getLoginItemSettings(): { openAtLogin: boolean } {
    return { openAtLogin: false };
  }
  setBadgeCount(): boolean {
    return true;
  }
  setAboutPanelOptions(): void {}
  getAppMetrics(): [] {
    return [];
  }
}

/** A file with the owner's process id; a second instance leaves its arguments beside it. */
class InstanceLock {
  readonly #told: (argv: string[], cwd: string) => void;
  #folder: string | null = null;
  #watcher: { close(): void } | null = null;

  constructor(told: (argv: string[], cwd: string) => void) {
    this.#told = told;
  }

  held(): boolean {
    return this.#folder !== null;
  }

  take(userData: string): boolean {
    if (this.#folder !== null) return true;
    const folder = join(userData, 'standin-instance');
    mkdirSync(folder, { recursive: true });
    const lock = join(folder, 'lock');
    const owner = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
    if (owner !== 0 && owner !== process.pid && isAlive(owner)) {
      const call = JSON.stringify({ argv: process.argv, cwd: process.cwd() });
      writeFileSync(join(folder, `call-${process.pid}.json`), call);
      return false;
    }
    writeFileSync(lock, String(process.pid));
    this.#folder = folder;
    this.#watcher = watch(folder, () => this.#read());
    return true;
  }

  #read(): void {
    if (this.#folder === null) return;
    for (const file of readdirSync(this.#folder).filter((entry) => entry.startsWith('call-'))) {
      const path = join(this.#folder, file);
      try {
        const call = JSON.parse(readFileSync(path, 'utf8')) as { argv: string[]; cwd: string };
        rmSync(path, { force: true });
        this.#told(call.argv, call.cwd);
      } catch {
        // Half written: the next event of the folder reads it.
      }
    }
  }

  release(): void {
    if (this.#folder === null) return;
    this.#watcher?.close();
    unwatchFile(this.#folder);
    rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export const app = new App();

/** Called once by boot.ts, before the app's main module runs. */
export async function start(): Promise<void> {
  await startChromium(() => {
    if (!quitting) app.exit(1);
  });
  ready = true;
  app.emit('will-finish-launching');
  tellReady({});
  app.emit('ready', {}, {});
}

process.on('SIGTERM', () => app.quit());
process.on('SIGINT', () => app.quit());
