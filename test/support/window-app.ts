// Starts the built desktop app for a test: on real Electron where it is installed, else on the stand-in, and says on which.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron, type ElectronApplication, type Page } from 'playwright';

const home = join(import.meta.dirname, '..', '..');
const electronFolder = join(home, 'node_modules', 'electron');

function realElectron(): string | null {
  const named = join(electronFolder, 'path.txt');
  if (!existsSync(named)) return null;
  const binary = join(electronFolder, 'dist', readFileSync(named, 'utf8'));
  return existsSync(binary) ? binary : null;
}

const chromium = [process.env['STANDIN_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (path) => path !== undefined && existsSync(path),
);
const display = process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];

/** Real Electron needs a display; the stand-in runs chromium headless without one. */
export const RUNTIME: 'Electron' | 'stand-in' | null =
  realElectron() !== null && display ? 'Electron' : chromium !== undefined ? 'stand-in' : null;

export const NO_RUNTIME =
  'The window is not tested: neither Electron nor chromium is installed (as root on Debian: apt-get install chromium).';

/** Milliseconds in which anything that a window test waits for comes about, on a busy machine, too. */
export const PATIENCE = 60_000;

export interface RunningApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** What the page wrote as errors, and exceptions in it. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** The app: the project's folder by default, or a main file of a test. */
  readonly entry?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Kept by the caller; by default a new one that goes away with the app. */
  readonly userData?: string;
}

export async function launchApp(options: LaunchOptions = {}): Promise<RunningApp> {
  const userData = options.userData ?? mkdtempSync(join(tmpdir(), 'docktide-window-'));
  const standin = RUNTIME === 'stand-in';
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...inherited } = process.env;
  const env: Record<string, string> = {};
  for (const [key, value] of Object.entries(standin ? inherited : process.env))
    if (value !== undefined) env[key] = value;
  const app = await electron.launch({
    executablePath: standin ? join(home, 'test', 'electron-standin', 'dist', 'electron') : (realElectron() ?? ''),
    args: [options.entry ?? home, `--user-data-dir=${userData}`, ...(options.args ?? [])],
    cwd: home,
    env: {
      ...env,
      ...(standin && { STANDIN_NODE: process.execPath, STANDIN_HOME: join(home, 'test', 'electron-standin') }),
      ...options.env,
    },
  });
  app.context().setDefaultTimeout(PATIENCE);
  const page = await app.firstWindow();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.setViewportSize({ width: 1280, height: 800 });
  return {
    app,
    page,
    complaints,
    async close() {
      await app.close();
      if (options.userData === undefined) rmSync(userData, { recursive: true, force: true });
    },
  };
}
