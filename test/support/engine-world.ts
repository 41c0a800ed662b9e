// Whole engines in memory: the real planner, engine, queue, policy and store (SQLite in memory) for one or more
// computers, each with a documents folder of its own and one or two clients, against one in-memory Dropbox. Clock and
// chance are injected, so that a run is repeatable from its seed; a crash can be put between any two calls.

import { joinPath, type ClientId, type RelPath } from '../../src-shared/domain.ts';
import { LocalGate } from '../../src-main/engine/local-gate.ts';
import { runPass } from '../../src-main/engine/pass.ts';
import type { EngineParts, PassOptions, PassResult } from '../../src-main/engine/parts.ts';
import type { Clock, CloudStore, Random } from '../../src-main/engine/ports.ts';
import { policyOf } from '../../src-main/keeping/policy.ts';
import { createObserver } from '../../src-main/store/observer.ts';
import { Pacer } from '../../src-main/store/observer/pacer.ts';
import type { DocumentStore } from '../../src-main/store/open-store.ts';
import { markRestored } from '../../src-main/store/restored.ts';
import { MemoryCloud } from '../fakes/memory-cloud.ts';
import { MemoryDisk } from '../fakes/memory-disk.ts';
import { emptyStore, fillStore, rowsOf, type Schema, type StoreRows } from './store-pool.ts';

/** Names of the clients' root folders in Dropbox, in the order of the clients. */
export const ROOTS = ['ERP Documents', 'Second'] as const;
export const CLIENT_NAMES = ['main', 'second'] as const;
/** The folder at the top that each client has for its own where there are two. */
export const OWN_FOLDERS = ['Sales', 'Stock'] as const;

/** Thrown from a hook: the program is gone from here on; what is on disk and in the database stays. */
export class Crash extends Error {}

/** mulberry32: a small seeded generator. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class TestClock implements Clock {
  #now = Date.UTC(2026, 10, 23, 8);
  now(): number {
    return (this.#now += 1);
  }
  async sleep(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
  }
  /** Milliseconds; may be negative. */
  jump(by: number): void {
    this.#now += by;
  }
}

export type Platform = 'linux' | 'darwin' | 'win32';

export interface Computer {
  readonly index: number;
  readonly platform: Platform;
  readonly disk: MemoryDisk;
  readonly store: DocumentStore;
  /** What is new after every start of the program. */
  parts: EngineParts;
  readonly clients: readonly ClientId[];
}

export interface WorldOptions {
  readonly seed?: number;
  /** One for each computer; one on Linux by default. */
  readonly platforms?: readonly Platform[];
  /** One or two on every computer. */
  readonly clients?: number;
  readonly pageSize?: number;
  readonly schema?: Schema;
}

export class EngineWorld {
  readonly clock = new TestClock();
  readonly random: Random;
  readonly cloud: MemoryCloud;
  readonly computers: readonly Computer[];
  readonly clients: number;
  readonly #schema: Schema;

  constructor(options: WorldOptions = {}) {
    this.random = seeded(options.seed ?? 1);
    this.#schema = options.schema ?? 'complete';
    this.clients = options.clients ?? 1;
    this.cloud = new MemoryCloud({
      random: this.random,
      now: () => this.clock.now(),
      moveOrder: 'shuffled',
      pageSize: options.pageSize ?? 2000,
    });
    this.computers = (options.platforms ?? ['linux']).map((platform, index) => this.#computer(platform, index));
  }

  get here(): MemoryDisk {
    return this.computers[0]!.disk;
  }

  #computer(platform: Platform, index: number): Computer {
    const now = () => this.clock.now();
    const disk = new MemoryDisk({ now, caseSensitive: platform === 'linux' });
    const store = emptyStore(index, now, this.#schema);
    const clients = this.#addClients(store);
    return { index, platform, disk, store, clients, parts: this.#parts(platform, disk, store) };
  }

  #addClients(store: DocumentStore): ClientId[] {
    return Array.from({ length: this.clients }, (_, index) => {
      const added = store.clients.add({
        name: CLIENT_NAMES[index]!,
        root: ROOTS[index]!,
        state: 'connected',
        appKey: null,
        credentials: {},
      });
      return added.id;
    });
  }

  #parts(platform: Platform, disk: MemoryDisk, store: DocumentStore): EngineParts {
    const clouds = new Map<string, CloudStore>();
    return {
      store: store.sync,
      disk,
      // Time that passes outside must not change the course of a run.
      observer: createObserver({ store, disk, pacer: new Pacer(Number.POSITIVE_INFINITY) }),
      cloud: ({ root }) => {
        const known = clouds.get(root) ?? this.cloud.client(root);
        clouds.set(root, known);
        return known;
      },
      clock: this.clock,
      random: this.random,
      policy: (client) => policyOf({ store, ignoreText: () => '', date: () => '2026-11-23', platform }, client),
      urlFor: (client, path: RelPath) => `https://www.dropbox.com/home/${client.root}/${path}`,
      gate: new LocalGate(),
      turn: () => Promise.resolve(),
      // So few that portions end, and the program dies between them, everywhere.
      atOnce: 3,
    };
  }

  /** The program starts anew on what is on disk and in the database. */
  restart(computer: Computer): void {
    computer.parts = this.#parts(computer.platform, computer.disk, computer.store);
  }

  /** The database is gone; the program starts with a new one on the same documents folder. */
  loseDatabase(computer: Computer): void {
    emptyStore(computer.index, () => this.clock.now(), this.#schema);
    this.#addClients(computer.store);
    this.restart(computer);
    this.assignOwnFolders(computer);
  }

  backUpDatabase(computer: Computer): StoreRows {
    return rowsOf(computer.store);
  }

  /** The database is as it was when the backup was made; files and Dropbox are as they are now. */
  restoreDatabase(computer: Computer, backup: StoreRows): void {
    emptyStore(computer.index, () => this.clock.now(), this.#schema);
    fillStore(computer.store, backup);
    markRestored(computer.store.db);
    this.restart(computer);
  }

  /** Where there are two clients: the folder of each, on the disk and in the rows. */
  assignOwnFolders(computer: Computer): void {
    if (this.clients === 1) return;
    const { disk, store } = computer;
    for (const [index, name] of OWN_FOLDERS.entries()) {
      if (!disk.person.exists(name)) disk.person.mkdir(name);
      const stamp = disk.stampAt(name);
      const there = store.entries.at(null, name);
      const id = there?.id ?? store.entries.insert({ parentId: null, kind: 'folder', name, stamp });
      store.assign(id, computer.clients[index]!);
    }
  }

  /** A pass of one client. */
  pass(computer = 0, client = 0, options: PassOptions = {}): Promise<PassResult> {
    const { parts, clients } = this.computers[computer]!;
    return runPass(parts, clients[client]!, { approveDeletions: true, ignoreBackoff: true, ...options });
  }

  /**
   * Passes of all computers and clients in turn until none has anything to do. Answers the last ones by
   * `computer.client`; null when it does not come to an end.
   */
  async settle(
    options: PassOptions = {},
    limit = 12,
    report?: (computer: Computer) => NonNullable<PassOptions['report']>,
  ): Promise<ReadonlyMap<string, PassResult> | null> {
    for (let round = 0; round < limit; round++) {
      const results = new Map<string, PassResult>();
      for (const computer of this.computers) {
        const { index } = computer;
        const told = report === undefined ? options : { ...options, report: report(computer) };
        for (let client = 0; client < this.clients; client++) {
          results.set(`${index}.${client}`, await this.pass(index, client, told));
        }
      }
      if (![...results.values()].some(worked)) return results;
    }
    return null;
  }

  pathThere(client: number, path: string): string {
    return joinPath(ROOTS[client]!, path);
  }
}

export function worked(result: PassResult): boolean {
  const { uploaded, downloaded, moved, deletedLocal, deletedRemote, createdFolders, adopted, conflicts, failed } =
    result;
  return (
    uploaded + downloaded + moved + deletedLocal + deletedRemote + createdFolders + adopted + conflicts + failed > 0
  );
}
