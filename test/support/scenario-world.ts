// One small world for one scenario: a Dropbox emulator, a data folder and a documents folder in a temporary place, and
// the command line in processes of its own between them. Both sides are changed by the same verbs.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDocktide } from '../../src-main/compose.ts';
import { startTestEmulator, type TestEmulator } from './emulator.ts';
import { LocalSide, RemoteSide } from './scenario-sides.ts';
import { KnownContents, type Step, type Tree } from './scenario-tree.ts';
import type { TreeOperation } from '../dropbox-emulator/tree.ts';
import type { AppService, SyncReport } from '../../src-main/app/service.ts';

const DOCKTIDE = fileURLToPath(new URL('../../bin/docktide.mjs', import.meta.url));
export const TOKEN = 'scenario-token';
export const ROOT = 'ERP Documents';
export const CLIENT = 'Office';

/** Processes at once, over all scenarios: they share the machine with others. */
const PROCESSES_AT_ONCE = Math.max(2, Math.min(4, availableParallelism()));
let free = PROCESSES_AT_ONCE;
const waiting: (() => void)[] = [];

async function takeTurn(): Promise<void> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
}

function endTurn(): void {
  const next = waiting.shift();
  if (next === undefined) free++;
  else next();
}

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** What a pass did as the emulator saw it. */
export interface Seen {
  readonly requests: number;
  readonly byEndpoint: Readonly<Record<string, number>>;
  readonly bytesUp: number;
  /** What was changed in Dropbox meanwhile, in order. */
  readonly writes: readonly TreeOperation[];
}

export interface PassOutcome extends Seen {
  readonly code: number | null;
  readonly report: SyncReport;
}

export interface WorldOptions {
  /** Keeps the emulator's bytes in files instead of memory. */
  readonly bytesOnDisk?: boolean;
  /** A further computer on the same account. */
  readonly emulator?: TestEmulator;
}

export class ScenarioWorld {
  readonly folder: string;
  readonly data: string;
  readonly documents: string;
  readonly emulator: TestEmulator;
  readonly known = new KnownContents();
  readonly here: LocalSide;
  readonly there: RemoteSide;
  readonly env: Record<string, string>;
  /** How processes are started; scenarios about rights or limits set it. */
  start: { readonly uid?: number; readonly gid?: number; readonly through?: readonly string[] } = {};
  readonly #ownsEmulator: boolean;
  readonly #running = new Set<ChildProcess>();
  #writes: TreeOperation[] = [];

  private constructor(folder: string, emulator: TestEmulator, ownsEmulator: boolean) {
    this.folder = folder;
    this.data = join(folder, 'data');
    this.documents = join(folder, 'documents');
    this.emulator = emulator;
    this.#ownsEmulator = ownsEmulator;
    this.here = new LocalSide(this.documents, this.known);
    this.there = new RemoteSide(emulator, ROOT, this.known);
    this.env = { DOCKTIDE_DROPBOX_ORIGIN: emulator.origin };
    const told = emulator.state.tree.applied;
    emulator.state.tree.applied = (operation) => {
      told(operation);
      this.#writes.push(operation);
    };
  }

  /** Not yet initialised. */
  static async open(options: WorldOptions = {}): Promise<ScenarioWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'docktide-scenario-'));
    const dataFolder = options.bytesOnDisk === true ? join(folder, 'dropbox') : null;
    const emulator = options.emulator ?? (await startTestEmulator({ token: TOKEN, dataFolder }));
    const world = new ScenarioWorld(folder, emulator, options.emulator === undefined);
    mkdirSync(world.documents);
    return world;
  }

  async close(): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
    if (this.#ownsEmulator) await this.emulator.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  // ---------------------------------------------------------------- in this process: what a scenario stands on

  async service<T>(work: (service: AppService) => Promise<T> | T): Promise<T> {
    const service = await openDocktide({ dataFolder: this.data, env: { ...process.env, ...this.env } });
    try {
      return await work(service);
    } finally {
      await service.close();
    }
  }

  /** Store, documents folder and the client; then one pass by which both sides agree. */
  async settle(setUp: (service: AppService) => Promise<void> | void = () => {}): Promise<void> {
    await this.service(async (service) => {
      await service.init(this.documents);
      service.addClient(CLIENT, ROOT, { kind: 'access-token', token: TOKEN });
      await setUp(service);
      await service.sync({ yes: true });
    });
  }

  async apply(side: 'here' | 'there', steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this[side].apply(step);
  }

  // ---------------------------------------------------------------- in processes of their own

  /** For what goes on beside the scenario's own steps: no turn is waited for. */
  launch(...args: string[]): Running {
    const { through = [], ...identity } = this.start;
    const [command = '', ...words] = [...through, process.execPath, DOCKTIDE, '--data', this.data, ...args];
    const child = spawn(command, words, {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'] ?? '', HOME: this.folder, ...this.env },
      ...identity,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    });
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    return { child, ended };
  }

  async run(...args: string[]): Promise<Ended> {
    await takeTurn();
    try {
      return await this.launch(...args).ended;
    } finally {
      endTurn();
    }
  }

  /** Calls `listener` when a request arrives, before it is looked at. */
  onRequest(listener: (endpoint: string) => void): void {
    const { counts } = this.emulator;
    const count = counts.request.bind(counts);
    counts.request = (endpoint) => {
      count(endpoint);
      listener(endpoint);
    };
  }

  /** Runs a command that must succeed; answers its JSON. */
  async json<T>(...args: string[]): Promise<T> {
    const ended = await this.run(...args, '--json');
    if (ended.code !== 0) throw new Error(`docktide ${args.join(' ')} ended with ${ended.code}: ${ended.stderr}`);
    return JSON.parse(ended.stdout) as T;
  }

  /** One pass, and what the emulator saw of it. */
  async pass(...args: string[]): Promise<PassOutcome> {
    const { ended, seen } = await this.watching(() => this.run('sync', '--json', ...args));
    const report = parsed(ended) as SyncReport | { readonly error: { readonly message: string } };
    if ('error' in report) throw new Error(`The pass ended with ${ended.code}: ${report.error.message}`);
    return { ...seen, code: ended.code, report };
  }

  /** A pass inside this process: for those that find nothing to do. A person of other rights has a process of its own. */
  async quickPass(): Promise<PassOutcome> {
    if (Object.keys(this.start).length > 0) return this.pass();
    this.forgetSeen();
    const report = await this.service((service) => service.sync());
    return { ...this.seen(), code: 0, report };
  }

  /** A pass that must not come through: its error. */
  async failedPass(...args: string[]): Promise<Seen & { readonly code: string; readonly message: string }> {
    const { ended, seen } = await this.watching(() => this.run('sync', '--json', ...args));
    const report = parsed(ended) as { readonly error?: { readonly code: string; readonly message: string } };
    if (report.error === undefined) throw new Error(`The pass came through: ${ended.stdout}`);
    return { ...seen, ...report.error };
  }

  async watching(work: () => Promise<Ended>): Promise<{ readonly ended: Ended; readonly seen: Seen }> {
    this.forgetSeen();
    const ended = await work();
    return { ended, seen: this.seen() };
  }

  forgetSeen(): void {
    this.#writes = [];
    this.emulator.counts.reset();
  }

  seen(): Seen {
    const { total, byEndpoint, bytesUp } = this.emulator.counts.view;
    return { requests: total, byEndpoint, bytesUp, writes: this.#writes };
  }

  // ---------------------------------------------------------------- what is there

  /** As `docktide ls` lists it. */
  async listed(): Promise<Tree> {
    const entries = await this.service((service) => service.list());
    return new Map(entries.map((entry) => [entry.path, entry.contentHash]));
  }
}

function parsed(ended: Ended): unknown {
  try {
    return JSON.parse(ended.stdout);
  } catch {
    throw new Error(`No JSON was printed (exit ${ended.code}):\n${ended.stdout}\n${ended.stderr}`);
  }
}

/** Resolves when the condition holds; rejects after the limit, in seconds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, limit = 60): Promise<void> {
  const end = Date.now() + limit * 1000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Waited in vain for: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
