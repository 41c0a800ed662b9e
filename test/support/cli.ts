// Runs the real command line in processes of its own against a Dropbox emulator: a data folder, a documents folder and
// an emulator for each bench. Used by the end-to-end tests.

import { spawn, type ChildProcess } from 'node:child_process';
import { createReadStream, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main } from '../../src-main/cli/main.ts';
import { ContentHasher } from '../../src-main/infra/content-hash.ts';
import { startTestEmulator, type TestEmulator } from './emulator.ts';
import type { EntryView, SyncSummary } from '../../src-shared/views.ts';

export const DOCKTIDE = fileURLToPath(new URL('../../bin/docktide.mjs', import.meta.url));
export const TOKEN = 'bench-token';
export const ROOT = 'ERP Documents';

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly output: () => string;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A program, with its arguments, that starts the command line in its turn. */
  readonly through?: readonly string[];
}

export interface BenchOptions {
  /** Adds the client `Office` on `ERP Documents`; true unless told. */
  readonly client?: boolean;
  readonly emulator?: TestEmulator;
}

/** Commands with others below them: their name has two words. */
const GROUPS =
  /^(type|record|client|rule|folder|file|bulk|trash|held|conflict|ignore|link|notify|log|backup|versions)$/;
/** Commands that only look: they do not mind what else is at work. */
const LOOKS = /^(ls|status|log|queue|search|conflicts|plan|dashboard|.+ (list|events|show|settings|status|copy))$/;

/** Commands of this test file that have had a process of their own. */
const started = new Set<string>();

function nameOf(args: readonly string[]): string {
  const [first = '', second = ''] = args;
  return GROUPS.test(first) && /^[a-z-]+$/.test(second) && !second.startsWith('-') ? `${first} ${second}` : first;
}

export class Bench {
  readonly folder: string;
  readonly data: string;
  readonly documents: string;
  readonly emulator: TestEmulator;
  readonly env: Record<string, string>;
  /** Commands at work. */
  #running = 0;

  private constructor(folder: string, emulator: TestEmulator) {
    this.folder = folder;
    this.data = join(folder, 'data');
    this.documents = join(folder, 'documents');
    this.emulator = emulator;
    this.env = { DOCKTIDE_DROPBOX_ORIGIN: emulator.origin };
  }

  /** Initialised, with one client unless told. */
  static async open(options: BenchOptions = {}): Promise<Bench> {
    const folder = mkdtempSync(join(tmpdir(), 'docktide-e2e-'));
    const emulator = options.emulator ?? (await startTestEmulator({ token: TOKEN }));
    const bench = new Bench(folder, emulator);
    mkdirSync(bench.documents);
    await bench.setUp('init', '--documents', bench.documents);
    if (options.client ?? true) await bench.setUp('client', 'add', 'Office', '--root', ROOT, '--access-token', TOKEN);
    return bench;
  }

  async close(): Promise<void> {
    await this.emulator.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  start(args: readonly string[], options: StartOptions = {}): Running {
    const command = [...(options.through ?? []), process.execPath, DOCKTIDE, '--data', this.data, ...args];
    const child = spawn(command[0] ?? '', command.slice(1), {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', HOME: this.folder, ...this.env, ...options.env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    this.#running++;
    const ended = new Promise<Ended>((resolve) => {
      child.on('close', (code) => {
        this.#running--;
        resolve({ code, stdout, stderr });
      });
    });
    return { child, ended, output: () => stdout + stderr };
  }

  /**
   * In a process of its own the first time that a test file uses the command, or where something else is at work; then
   * inside this process, which is many times quicker.
   */
  async run(...args: string[]): Promise<Ended> {
    const name = nameOf(args);
    const isApart = !started.has(name) || (this.#running > 0 && !LOOKS.test(name));
    if (!isApart) return this.inside(...args);
    started.add(name);
    return this.start(args).ended;
  }

  /** Runs a command that must succeed. */
  async ok(...args: string[]): Promise<Ended> {
    const ended = await this.run(...args);
    if (ended.code !== 0) throw new Error(`docktide ${args.join(' ')} ended with ${ended.code}:\n${ended.stderr}`);
    return ended;
  }

  /** Its one JSON document, whatever the exit code. */
  async json<T>(
    ...args: string[]
  ): Promise<{ readonly code: number | null; readonly value: T; readonly stderr: string }> {
    const { code, stdout, stderr } = await this.run(...args, '--json');
    try {
      return { code, value: JSON.parse(stdout) as T, stderr };
    } catch {
      throw new Error(`docktide ${args.join(' ')} --json printed no JSON (exit ${code}):\n${stdout}\n${stderr}`);
    }
  }

  /**
   * The same command line inside this process: many times quicker. For what a test stands on and looks at; what it
   * tests runs in a process of its own.
   */
  async inside(...args: string[]): Promise<Ended> {
    let stdout = '';
    let stderr = '';
    this.#running++;
    const code = await main(['--data', this.data, ...args], {
      stdout: (text) => void (stdout += text),
      stderr: (text) => void (stderr += text),
      terminal: false,
      columns: 80,
      env: { PATH: process.env['PATH'] ?? '', HOME: this.folder, ...this.env },
      workingFolder: this.folder,
    }).finally(() => this.#running--);
    return { code, stdout, stderr };
  }

  /** A command inside this process that must succeed. */
  async setUp(...args: string[]): Promise<void> {
    const { code, stderr } = await this.inside(...args);
    if (code !== 0) throw new Error(`docktide ${args.join(' ')} ended with ${code}:\n${stderr}`);
  }

  /** What a command inside this process answers; it must succeed. */
  async view<T>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await this.inside(...args, '--json');
    if (code !== 0) throw new Error(`docktide ${args.join(' ')} ended with ${code}:\n${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** A pass inside this process that must come through: before or after the one that is tested. */
  settle(...args: string[]): Promise<SyncSummary> {
    return this.view<SyncSummary>('sync', ...args);
  }

  async sync(...args: string[]): Promise<SyncSummary> {
    const { code, value, stderr } = await this.json<SyncSummary>('sync', ...args);
    if (code !== 0) throw new Error(`sync ended with ${code}: ${JSON.stringify(value)}\n${stderr}`);
    return value;
  }

  /** Path → content hash (folders: null) of the documents folder. */
  async local(): Promise<Record<string, string | null>> {
    return readTree(this.documents);
  }

  /** The same of the folder in the emulator. */
  async remote(root: string = ROOT): Promise<Record<string, string | null>> {
    const prefix = `/${root}/`;
    const rows = (await this.emulator.tree()).filter((row) => row.path.startsWith(prefix));
    return sorted(rows.map((row) => [row.path.slice(prefix.length), row.contentHash]));
  }

  async listed(): Promise<Record<string, string | null>> {
    const entries = await this.view<EntryView[]>('ls');
    return sorted(entries.map((entry) => [entry.path, entry.contentHash]));
  }

  async put(path: string, text: string | Uint8Array): Promise<void> {
    await this.emulator.control('write', { path: `/${ROOT}/${path}`, base64: Buffer.from(text).toString('base64') });
  }
  async removeThere(path: string): Promise<void> {
    await this.emulator.control('delete', { path: `/${ROOT}/${path}` });
  }
  async moveThere(from: string, to: string): Promise<void> {
    await this.emulator.control('move', { from: `/${ROOT}/${from}`, to: `/${ROOT}/${to}` });
  }
}

function sorted(pairs: readonly (readonly [string, string | null])[]): Record<string, string | null> {
  return Object.fromEntries(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Everything but Docktide's own files. */
export async function readTree(folder: string): Promise<Record<string, string | null>> {
  const pairs: (readonly [string, string | null])[] = [];
  const read = async (path: string): Promise<void> => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
      if (entry.name.startsWith('.docktide')) continue;
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        pairs.push([below, null]);
        await read(below);
      } else pairs.push([below, await hashOfFile(join(folder, below))]);
    }
  };
  for (;;) {
    try {
      await read('');
      return sorted(pairs);
    } catch (error) {
      // What a running watch removes or moves in the middle of the walk: walk again.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      pairs.length = 0;
    }
  }
}

/** Hashes of large files by what tells them apart: a test that looks at them again and again reads them once. */
const known = new Map<string, string>();
const LARGE = 8 * 1024 * 1024;

export async function hashOfFile(file: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
  if (size < LARGE) return read(file);
  const key = [dev, ino, size, mtimeNs, ctimeNs].join(':');
  const hash = known.get(key) ?? (await read(file));
  known.set(key, hash);
  return hash;
}

async function read(file: string): Promise<string> {
  const hasher = new ContentHasher();
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) hasher.update(chunk as Uint8Array);
  return hasher.digest();
}

/** Resolves when the condition holds; rejects after the limit with what was last seen. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  seen: () => string = () => '',
  limitSeconds = 60,
): Promise<void> {
  const end = Date.now() + limitSeconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited in vain for: ${what}. ${seen()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
