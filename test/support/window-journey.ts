// What a person's day needs in a test: a store with its emulator, the app on it, the dialogs of the system answered, and
// both sides to look at. Each step has a name; one that fails says which.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { openDocktide } from '../../src-main/compose.ts';
import type { DocktideService } from '../../src-main/app/docktide.ts';
import { readTree } from './cli.ts';
import { startTestEmulator, type TestEmulator } from './emulator.ts';
import { launchApp, PATIENCE, type RunningApp } from './window-app.ts';

export const TOKEN = 'token-of-the-journey';
export const ROOT = 'ERP Documents';
/** For what a busy machine may take long for. */
export const within = { timeout: PATIENCE };

type Tree = Readonly<Record<string, string | null>>;

export interface Journey {
  readonly folder: string;
  readonly documents: string;
  readonly dataFolder: string;
  readonly emulator: TestEmulator;
  readonly app: RunningApp['app'];
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly at: (path: string) => string;
  readonly write: (path: string, content: string | Uint8Array) => void;
  /** Text of a document here; null where it has no bytes. */
  readonly read: (path: string) => string | null;
  /** Takes something out of the documents folder at once: no look may find half of it. */
  readonly vanish: (path: string) => void;
  /** A file outside of the documents folder, to be dropped or chosen. */
  readonly outside: (name: string, content: string | Uint8Array) => string;
  /** Paths in Dropbox, below the root. */
  readonly there: () => Promise<readonly string[]>;
  /** Text of a document in Dropbox; null where there is none. */
  readonly textThere: (path: string) => Promise<string | null>;
  readonly writeThere: (path: string, text: string) => Promise<void>;
  /** Both trees, path to content hash; null for folders. */
  readonly both: () => Promise<{ readonly here: Tree; readonly there: Tree }>;
  /** The next dialogs for files answer this. */
  readonly chooses: (path: string) => Promise<void>;
  readonly saves: (path: string) => Promise<void>;
  readonly row: (name: string) => Locator;
  /** Ends the program and starts it again. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface JourneyOptions {
  /** Fills the store before the app starts; without it the app starts for the first time. */
  readonly prepare?: (service: DocktideService, journey: Pick<Journey, 'write' | 'emulator'>) => Promise<void>;
  readonly env?: Readonly<Record<string, string>>;
  /** Logs in through an app instead of a token: the first run does it. */
  readonly token?: string | null;
}

export async function startJourney(options: JourneyOptions = {}): Promise<Journey> {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-journey-'));
  const [documents, dataFolder, userData] = ['documents', 'data', 'user'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const made of [documents, userData, join(folder, 'outside')]) mkdirSync(made);
  const emulator = await startTestEmulator({ token: options.token === undefined ? TOKEN : options.token });
  const env = { DOCKTIDE_DROPBOX_ORIGIN: emulator.origin, ...options.env };
  const at = (path: string): string => join(documents, path);
  const write = (path: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content);
  };
  if (options.prepare !== undefined) {
    const service = await openDocktide({ dataFolder, env });
    await service.init(documents);
    await options.prepare(service, { write, emulator });
    await service.close();
  }
  const launch = () => launchApp({ args: [`--data=${dataFolder}`], env, userData });
  let run = await launch();
  const there = async (): Promise<string[]> => {
    const prefix = `/${ROOT}/`;
    const rows = await emulator.tree();
    return rows.flatMap(({ path }) => (path.startsWith(prefix) ? [path.slice(prefix.length)] : []));
  };
  return {
    folder,
    documents,
    dataFolder,
    emulator,
    get app() {
      return run.app;
    },
    get page() {
      return run.page;
    },
    get complaints() {
      return run.complaints;
    },
    at,
    write,
    vanish: (path) => vanish(at(path), folder),
    read: (path) => (existsSync(at(path)) ? readFileSync(at(path), 'utf8') : null),
    outside(name, content) {
      const file = join(folder, 'outside', name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    there,
    textThere: (path) =>
      emulator.content(`/${ROOT}/${path}`).then(
        (bytes) => bytes.toString(),
        () => null,
      ),
    async writeThere(path, text) {
      await emulator.control('write', { path: `/${ROOT}/${path}`, text });
    },
    async both() {
      const prefix = `/${ROOT}/`;
      const rows = (await emulator.tree()).filter(({ path }) => path.startsWith(prefix));
      return {
        here: await readTree(documents),
        there: Object.fromEntries(rows.map(({ path, contentHash }) => [path.slice(prefix.length), contentHash])),
      };
    },
    async chooses(path) {
      await run.app.evaluate(({ dialog }, chosen) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
      }, path);
    },
    async saves(path) {
      await run.app.evaluate(({ dialog }, chosen) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
      }, path);
    },
    row: (name) => run.page.getByRole('row', { name }),
    async restart() {
      await run.close();
      run = await launch();
    },
    async close() {
      await run.close();
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Out of the documents folder at once, into another one on the same disk. */
export function vanish(path: string, outside: string): void {
  renameSync(path, mkdtempSync(join(outside, 'vanished-')));
}

/** One thing that a person does. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`"${name}": ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
