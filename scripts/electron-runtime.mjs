// What the desktop app can run on here: real Electron, the stand-in, or nothing. Used by `npm start` and with-electron.
// Plain JavaScript, because it runs on whatever Node 20 or newer the machine has.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const home = join(import.meta.dirname, '..');
const electronFolder = join(home, 'node_modules', 'electron');
const DOWNLOAD_MS = 120_000;

/** The project's own Node 24, which everything is started with. */
export const node = join(home, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

function realElectron() {
  const named = join(electronFolder, 'path.txt');
  if (!existsSync(named)) return null;
  const binary = join(electronFolder, 'dist', readFileSync(named, 'utf8'));
  return existsSync(binary) ? binary : null;
}

/** Silent and bounded: machines without a way to GitHub wait a while at most once. */
function download() {
  const installer = join(electronFolder, 'install.js');
  if (!existsSync(installer)) return;
  spawnSync(existsSync(node) ? node : process.execPath, [installer], { stdio: 'ignore', timeout: DOWNLOAD_MS });
}

function findChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const named = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  );
  return [process.env.STANDIN_CHROMIUM, ...named].find((path) => path && existsSync(path)) ?? null;
}

/** On Windows and macOS there is always one. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * `kind`: 'electron', 'stand-in' or 'none'; `executable`, `env` to start it with; `sentence` to say which it is.
 */
export function findRuntime() {
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) {
    const executable = join(process.env.ELECTRON_OVERRIDE_DIST_PATH, 'electron');
    return { kind: 'electron', executable, env: {}, sentence: `Docktide runs on ${executable}.` };
  }
  if (realElectron() === null) download();
  const executable = realElectron();
  if (executable !== null) {
    return { kind: 'electron', executable, env: {}, sentence: 'Docktide runs on Electron.' };
  }
  const chromium = findChromium();
  if (chromium === null || process.env.REQUIRE_ELECTRON) {
    return {
      kind: 'none',
      executable: null,
      env: {},
      sentence: process.env.REQUIRE_ELECTRON
        ? 'Electron is required (REQUIRE_ELECTRON) and can neither be found nor downloaded.'
        : 'Neither Electron (not downloadable here) nor chromium is installed, so there is no window.',
    };
  }
  const standin = join(home, 'test', 'electron-standin');
  return {
    kind: 'stand-in',
    executable: join(standin, 'dist', 'electron'),
    env: {
      ELECTRON_OVERRIDE_DIST_PATH: join(standin, 'dist'),
      STANDIN_HOME: standin,
      STANDIN_NODE: node,
      STANDIN_CHROMIUM: chromium,
    },
    sentence: 'Electron is not available here: Docktide runs on its stand-in, with the chromium of this system.',
  };
}
