// What a benchmark measures in: an emulator in a process of its own, a data folder, a documents folder and one client.
// Worlds of many files are made once and used by all cases that name the same number. Called by the cases.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CountsView } from '../dropbox-emulator/request-counts.ts';
import type { TreeRow } from '../dropbox-emulator/control.ts';
import { DOCKTIDE } from '../support/cli.ts';

export const TOKEN = 'bench';
export const CLIENT = 'Office';
/** Name of the client's root folder in Dropbox. */
export const REMOTE_ROOT = 'Bench';
/** The folder of documents that belongs to the client. */
export const TOP = 'Papers';
const FILES_PER_FOLDER = 50;
const FILLED_AT_ONCE = 1_000;

export interface World {
  readonly folder: string;
  readonly data: string;
  readonly documents: string;
  readonly origin: string;
  readonly env: NodeJS.ProcessEnv;
  /** Runs the command line and waits for it; throws with what it printed where it fails. */
  docktide(...args: string[]): void;
  control(name: string, body?: unknown): Promise<void>;
  requests(): Promise<CountsView>;
  remote(path: string): Promise<readonly TreeRow[]>;
  close(): void;
}

/** What another process needs to work in a world. */
export interface WorldAddress {
  readonly folder: string;
  readonly origin: string;
}

/** A world that outlives the run that made it. */
export interface KeptWorld extends WorldAddress {
  readonly files: number;
}

/** Makes a world of so many files that both sides agree about. */
export async function syncedWorld(files: number): Promise<World> {
  process.stderr.write(`a world of ${files.toLocaleString('en-US')} synced files …\n`);
  const world = await makeWorld();
  try {
    const size = files > 50_000 ? 64 : 4096;
    fillDocuments(world.documents, files, size);
    // Both sides have them already: nothing is sent, everything is agreed upon.
    await fillRemote(world, files, size);
    const started = performance.now();
    world.docktide('sync', '--quiet');
    process.stderr.write(`  synced in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    return world;
  } catch (error) {
    world.close();
    throw error;
  }
}

/** `onDisk`: the emulator keeps contents in files, not in memory. */
export async function makeWorld(options: { readonly onDisk?: boolean } = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-bench-'));
  const emulator = await startEmulatorProcess(options.onDisk === true ? join(folder, 'emulator') : null);
  const world = worldAt({ folder, origin: emulator.origin }, () => {
    emulator.child.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  world.docktide('init', '--documents', world.documents);
  world.docktide('client', 'add', CLIENT, '--root', REMOTE_ROOT, '--access-token', TOKEN);
  world.docktide('folder', 'add', TOP, '--client', CLIENT);
  return world;
}

export function worldAt({ folder, origin }: WorldAddress, close: () => void = () => {}): World {
  const [data, documents] = [join(folder, 'data'), join(folder, 'documents')];
  const env = { ...process.env, DOCKTIDE_DROPBOX_ORIGIN: origin };
  return {
    folder,
    data,
    documents,
    origin,
    env,
    docktide(...args) {
      const command = [DOCKTIDE, '--data', data, ...args];
      const { status, stderr } = spawnSync(process.execPath, command, { env, maxBuffer: 64 * 1024 * 1024 });
      if (status !== 0) throw new Error(`docktide ${args.join(' ')} ended with ${status}: ${String(stderr)}`);
    },
    async control(name, body = {}) {
      // A connection of its own: one that was kept may be closed at the other end while this process was busy.
      const response = await fetch(`${origin}/_control/${name}`, {
        method: 'POST',
        headers: { connection: 'close' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    async requests() {
      return (await (await fetch(`${origin}/_control/requests`)).json()) as CountsView;
    },
    async remote(path) {
      const response = await fetch(`${origin}/_control/tree?path=${encodeURIComponent(path)}`);
      return ((await response.json()) as { entries: TreeRow[] }).entries;
    },
    close,
  };
}

async function startEmulatorProcess(
  dataFolder: string | null,
): Promise<{ readonly child: ChildProcess; readonly origin: string }> {
  const args = ['emulator', '--port', '0', '--token', TOKEN, ...(dataFolder === null ? [] : ['--data', dataFolder])];
  const child = spawn(process.execPath, [DOCKTIDE, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ready = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', resolve);
    child.once('exit', () => reject(new Error('The emulator did not start.')));
  });
  return { child, origin: (JSON.parse(ready) as { origin: string }).origin };
}

/** Writes so many files of `size` bytes into folders of fifty, each with a content of its own. */
export function fillDocuments(documents: string, files: number, size = 4096): void {
  for (let index = 0; index < files; index++) {
    const folder = join(documents, folderOf(index));
    if (index % FILES_PER_FOLDER === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, nameOf(index)), contentOf(index, size));
  }
}

/** The same files in Dropbox, as somebody else would have put them there. */
export async function fillRemote(world: World, files: number, size = 4096): Promise<void> {
  for (let start = 0; start < files; start += FILLED_AT_ONCE) {
    const some = Array.from({ length: Math.min(FILLED_AT_ONCE, files - start) }, (_, offset) => {
      const index = start + offset;
      return { path: `/${REMOTE_ROOT}/${folderOf(index)}/${nameOf(index)}`, text: String(contentOf(index, size)) };
    });
    await world.control('fill', { files: some });
  }
}

/** Below the documents folder. */
export function folderOf(index: number): string {
  const number = Math.floor(index / FILES_PER_FOLDER);
  return `${TOP}/Year ${2000 + Math.floor(number / 100)}/Folder ${number}`;
}

export function nameOf(index: number): string {
  return `document ${index}.txt`;
}

export function contentOf(index: number, size: number): Buffer {
  return Buffer.alloc(size, `Document ${index} of the benchmark. `);
}
