// Runs an Electron app's main process in Node, with the stand-in as its `electron` module. Called by dist/electron with
// Electron's command line: options, `-r` modules, the app's folder or main file, then the app's own arguments.

import { createRequire, registerHooks } from 'node:module';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import inspector from 'node:inspector';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addSwitch, setLaunch, type Launch } from './context.ts';

const require = createRequire(import.meta.url);
const [execArgument = '', ...args] = process.argv.slice(2);
const exec = execArgument.slice('--standin-exec='.length);
const home = dirname(realpathSync(exec));
const version = readFileSync(join(home, 'version'), 'utf8').trim();

if (args[0] === '--version' || args[0] === '-v') {
  console.log(`v${version} (stand-in, not Electron)`);
  process.exit(0);
}

const modules: string[] = [];
let appArgument: string | null = null;
for (let index = 0; index < args.length; index++) {
  const argument = args[index] ?? '';
  if (appArgument === null && (argument === '-r' || argument === '--require')) modules.push(args[++index] ?? '');
  else if (argument.startsWith('--inspect')) openInspector(argument);
  else if (argument.startsWith('--')) addSwitch(argument);
  else appArgument ??= argument;
}

function openInspector(argument: string): void {
  inspector.open(Number(argument.split('=')[1] ?? 9229), '127.0.0.1', argument.startsWith('--inspect-brk'));
}

/** A packed app lies beside the executable, as electron-builder puts it; otherwise the command line names one. */
function findApp(): { path: string; packaged: boolean } {
  const resources = join(home, 'resources');
  const archive = join(resources, 'app.asar');
  if (existsSync(archive)) {
    const folder = mkdtempSync(join(tmpdir(), 'standin-app-'));
    const asar = require('@electron/asar') as { extractAll(archive: string, folder: string): void };
    asar.extractAll(archive, folder);
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    return { path: folder, packaged: true };
  }
  const loose = join(resources, 'app');
  if (existsSync(join(loose, 'package.json'))) return { path: loose, packaged: true };
  if (appArgument === null) {
    console.error('usage: electron <app folder or main file>');
    process.exit(1);
  }
  return { path: resolve(appArgument), packaged: false };
}

function readManifest(folder: string): Launch['manifest'] & { main?: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Launch['manifest'];
}

const found = findApp();
const isFolder = statSync(found.path).isDirectory();
const appPath = isFolder ? found.path : dirname(found.path);
const manifest = isFolder ? readManifest(appPath) : {};
const main = isFolder ? join(appPath, manifest.main ?? 'index.js') : found.path;
setLaunch({ exec, appPath, manifest, packaged: found.packaged });

process.argv = [exec, ...args];
Object.assign(process, { type: 'browser', resourcesPath: join(home, 'resources') });
if (!found.packaged) Object.assign(process, { defaultApp: true });
Object.defineProperty(process.versions, 'electron', { value: `${version}-standin.0`, enumerable: true });

const electronModule = new URL('./electron.ts', import.meta.url).href;
const names = new Set(['electron', 'electron/main', 'electron/common']);
registerHooks({
  resolve: (specifier, context, next) =>
    names.has(specifier) ? { url: electronModule, shortCircuit: true } : next(specifier, context),
});

const { start } = await import('./app.ts');
await import('./electron.ts');
for (const module of modules) require(resolve(module));
const started = start();
try {
  await import(pathToFileURL(main).href);
  await started;
} catch (error) {
  console.error(error);
  process.exit(1);
}
