// Whole engines in memory: the real planner, engine, queue and store (SQLite in memory) for one or more computers, each
// with a documents folder of its own, against one in-memory Dropbox. Clock and chance are injected, so that a run is
// repeatable from its seed; a crash can be put between any two calls.

import type { ClientId, RelPath } from '../../src-shared/domain.ts';
import { isIgnoredName } from '../../src-shared/names.ts';
import { LocalGate } from '../../src-main/engine/local-gate.ts';
import { runPass } from '../../src-main/engine/pass.ts';
import type { EngineParts, PassOptions, PassResult } from '../../src-main/engine/parts.ts';
import type { Clock, CloudStore, Random } from '../../src-main/engine/ports.ts';
import { createObserver } from '../../src-main/store/observer.ts';
import { createStore, type DocumentStore } from '../../src-main/store/open-store.ts';
import { MemoryCloud } from '../fakes/memory-cloud.ts';
import { MemoryDisk } from '../fakes/memory-disk.ts';

export const ROOT_NAME = 'ERP Documents';

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
}

export interface Computer {
  readonly disk: MemoryDisk;
  readonly store: DocumentStore;
  readonly parts: EngineParts;
  readonly clientId: ClientId;
}

export interface WorldOptions {
  readonly seed?: number;
  readonly computers?: number;
}

export class EngineWorld {
  readonly clock = new TestClock();
  readonly random: Random;
  readonly cloud: MemoryCloud;
  readonly computers: readonly Computer[];

  constructor(options: WorldOptions = {}) {
    this.random = seeded(options.seed ?? 1);
    this.cloud = new MemoryCloud({ random: this.random, now: () => this.clock.now(), moveOrder: 'shuffled' });
    this.computers = Array.from({ length: options.computers ?? 1 }, (_, index) => this.#computer(index));
  }

  get here(): MemoryDisk {
    return this.computers[0]!.disk;
  }

  #computer(index: number): Computer {
    const now = () => this.clock.now();
    const disk = new MemoryDisk({ now });
    const store = createStore({ file: ':memory:', now, id: `store-${index}` });
    const added = store.clients.add({
      name: 'main',
      root: ROOT_NAME,
      state: 'connected',
      appKey: null,
      credentials: {},
    });
    const cloud: CloudStore = this.cloud.client(ROOT_NAME);
    const parts: EngineParts = {
      store: store.sync,
      disk,
      observer: createObserver({ store, disk }),
      cloud: () => cloud,
      clock: this.clock,
      random: this.random,
      policy: () => ({
        date: '2026-11-23',
        localCase: 'sensitive',
        localNames: 'posix',
        ignored: (path) => isIgnoredName(path.slice(path.lastIndexOf('/') + 1)),
        flow: () => 'both',
        fetch: () => true,
        bringBack: () => false,
        deletionsApproved: false,
      }),
      urlFor: (_client, path: RelPath) => `https://www.dropbox.com/home/${ROOT_NAME}/${path}`,
      gate: new LocalGate(),
    };
    return { disk, store, parts, clientId: added.id };
  }

  pass(computer = 0, options: PassOptions = {}): Promise<PassResult> {
    const { parts, clientId } = this.computers[computer]!;
    return runPass(parts, clientId, { approveDeletions: true, ignoreBackoff: true, ...options });
  }

  /** Passes of all computers in turn until none has anything to do. Throws when that does not happen. */
  async settle(limit = 12): Promise<void> {
    for (let round = 0; round < limit; round++) {
      let quiet = true;
      for (let index = 0; index < this.computers.length; index++) {
        const result = await this.pass(index);
        if (worked(result)) quiet = false;
      }
      if (quiet) return;
    }
    throw new Error(`Still at work after ${limit} rounds of passes`);
  }

  treeHere(computer = 0): Readonly<Record<string, string | null>> {
    return this.computers[computer]!.disk.texts();
  }

  treeThere(): Readonly<Record<string, string | null>> {
    return this.cloud.tree(ROOT_NAME);
  }
}

export function worked(result: PassResult): boolean {
  const { uploaded, downloaded, moved, deletedLocal, deletedRemote, createdFolders, adopted, conflicts, failed } =
    result;
  return (
    uploaded + downloaded + moved + deletedLocal + deletedRemote + createdFolders + adopted + conflicts + failed > 0
  );
}
