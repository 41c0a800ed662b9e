// One run of the simulation, from a seed: random trees, random work on both sides between and during passes, faults,
// crashes between any two calls, one to three computers. When everybody is quiet, the five invariants of SYNC.md hold.
// `simulate` throws SimulationFailure with the trace; called by simulation.test.ts and by run.ts (npm run sim).

import type { LocalId, RelPath } from '../../src-shared/domain.ts';
import { runPass } from '../../src-main/engine/pass.ts';
import type { EngineParts } from '../../src-main/engine/parts.ts';
import { hashOfBytes } from '../../src-main/infra/content-hash.ts';
import { Fault, type FaultCode, type Random } from '../../src-main/engine/ports.ts';
import { Crash, EngineWorld, ROOT_NAME, seeded, worked } from '../support/engine-world.ts';

export class SimulationFailure extends Error {
  readonly trace: readonly string[];
  constructor(seed: number, message: string, trace: readonly string[]) {
    super(
      `${message}\n  seed ${seed}; repeat with: npm run sim -- --seed ${seed} --runs 1\n${trace.map((line) => `  ${line}`).join('\n')}`,
    );
    this.trace = trace;
  }
}

export interface SimulationResult {
  readonly passes: number;
  readonly crashes: number;
  readonly faults: number;
}

const NAMES = ['a', 'b', 'c', 'Quote', 'A', 'é', 'n.txt'];
const FAULTS: readonly FaultCode[] = ['network', 'server', 'rate-limited', 'busy'];

export async function simulate(seed: number): Promise<SimulationResult> {
  const run = new Run(seed);
  try {
    await run.play();
    return run.counts;
  } catch (error) {
    if (error instanceof SimulationFailure) throw error;
    throw new SimulationFailure(
      seed,
      error instanceof Error ? (error.stack ?? error.message) : String(error),
      run.trace,
    );
  }
}

class Run {
  readonly trace: string[] = [];
  readonly counts = { passes: 0, crashes: 0, faults: 0 };
  readonly #seed: number;
  readonly #random: Random;
  readonly #world: EngineWorld;
  /** Contents that a person wrote and nobody took away. */
  readonly #mustLive = new Set<string>();
  /** Written more than once: a file removed and written again elsewhere is a move, and an edit there may replace it. */
  readonly #ambiguous = new Set<string>();
  #contents = 0;
  #erp = false;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = seeded(seed);
    const computers = this.#chance(0.3) ? 2 + this.#below(2) : 1;
    this.#world = new EngineWorld({ seed: seed ^ 0x5bd1e995, computers });
    this.trace.push(`${computers} computer(s)`);
    if (this.#chance(0.4)) this.#openErp();
  }

  /** The first computer's ERP: a document type whose records get folders. */
  #openErp(): void {
    const { catalog } = this.#world.computers[0]!.store;
    catalog.addType('sale.order', 'Quote');
    catalog.addRule({
      type: 'sale.order',
      client: 'main',
      pattern: '{name}',
      subfolders: this.#chance(0.5) ? ['b'] : [],
    });
    this.#erp = true;
    this.trace.push('an ERP with the type Quote');
  }

  #erpActs(): void {
    const { store, disk } = this.#world.computers[0]!;
    const { catalog } = store;
    const records = catalog.records('sale.order');
    const picked = this.#pick(records);
    const name = NAMES[this.#below(NAMES.length)]!;
    if (picked === undefined || this.#chance(0.5)) {
      const ref = `SO${records.length}-${this.#contents++}`;
      this.#say(`ERP: record ${ref} named ${name}`, () =>
        catalog.addRecord({ type: 'sale.order', ref, name, fields: {} }),
      );
    } else if (this.#chance(0.5)) {
      this.#say(`ERP: ${picked.ref} renamed to ${name}`, () => catalog.renameRecord('sale.order', picked.ref, name));
    } else {
      const folder = store.db
        .prepare<[number], { id: LocalId }>(`SELECT id FROM entries WHERE role = 'record' AND record_id = ?`)
        .get(picked.id);
      this.#say(`ERP: ${picked.ref} removed`, () => catalog.removeRecord('sale.order', picked.ref));
      if (folder !== undefined) this.#goneBelow(disk.texts(), store.entries.pathOf(folder.id));
    }
  }

  async play(): Promise<void> {
    const rounds = 1 + this.#below(4);
    for (let round = 0; round < rounds; round++) {
      for (let i = this.#below(8); i > 0; i--) this.#personActs();
      for (let i = 1 + this.#below(this.#world.computers.length + 1); i > 0; i--) await this.#troubledPass();
      if (this.#chance(0.1)) this.#say('cursors reset', () => this.#world.cloud.resetCursors());
    }
    await this.#verify();
  }

  // ---------------------------------------------------------------- people

  #personActs(): void {
    if (this.#erp && this.#chance(0.15)) return this.#erpActs();
    if (this.#chance(0.5)) this.#actHere(this.#below(this.#world.computers.length));
    else this.#actThere();
  }

  #actHere(index: number): void {
    const { disk } = this.#world.computers[index]!;
    const tree = disk.texts();
    const paths = Object.keys(tree);
    const act = this.#below(10);
    const picked = this.#pick(paths);
    const target = this.#newPath(tree);
    try {
      if (act < 4 || picked === undefined) {
        const content = this.#content();
        const path = this.#chance(0.4) && picked !== undefined && tree[picked] !== null ? picked : target;
        if (path in tree && tree[path] === null) return;
        this.#say(`here ${index}: write ${path} = ${content}`, () => disk.person.write(path, content));
        this.#gone(tree[path]);
        this.#mustLive.add(content);
      } else if (act < 5) this.#say(`here ${index}: mkdir ${target}`, () => disk.person.mkdir(target));
      else if (act < 8) {
        if (target === picked || target.startsWith(`${picked}/`) || tree[target] === null) return;
        this.#say(`here ${index}: rename ${picked} → ${target}`, () => disk.person.rename(picked, target));
        if (target in tree) this.#gone(tree[target]);
      } else {
        this.#say(`here ${index}: remove ${picked}`, () => disk.person.remove(picked));
        this.#goneBelow(tree, picked);
      }
    } catch {
      this.trace.push('  (refused)');
    }
  }

  #actThere(): void {
    const { cloud } = this.#world;
    if (!cloud.exists(ROOT_NAME)) return;
    const tree = cloud.tree(ROOT_NAME);
    const act = this.#below(10);
    const picked = this.#pick(Object.keys(tree));
    const target = this.#newPath(tree);
    const full = (path: string) => `${ROOT_NAME}/${path}`;
    try {
      if (act < 4 || picked === undefined) {
        const content = this.#content();
        const path = this.#chance(0.4) && picked !== undefined && tree[picked] !== null ? picked : target;
        const before = cloud.exists(full(path)) ? this.#textThere(full(path)) : undefined;
        if (before === null) return;
        this.#say(`there: write ${path} = ${content}`, () => cloud.write(full(path), content));
        this.#gone(before);
        this.#mustLive.add(content);
      } else if (act < 5) this.#say(`there: mkdir ${target}`, () => cloud.mkdir(full(target)));
      else if (act < 8) {
        if (cloud.exists(full(target))) return;
        this.#say(`there: move ${picked} → ${target}`, () => cloud.move(full(picked), full(target)));
      } else {
        this.#say(`there: remove ${picked}`, () => cloud.remove(full(picked)));
        this.#goneBelow(tree, picked);
      }
    } catch {
      this.trace.push('  (refused)');
    }
  }

  #textThere(path: string): string | null {
    return this.#world.cloud.entry(path).kind === 'folder'
      ? null
      : new TextDecoder().decode(this.#world.cloud.bytesAt(path));
  }

  #gone(content: string | null | undefined): void {
    if (typeof content === 'string') this.#mustLive.delete(content);
  }

  #goneBelow(tree: Readonly<Record<string, string | null>>, path: string): void {
    for (const [other, content] of Object.entries(tree)) {
      if (other === path || other.startsWith(`${path}/`)) this.#gone(content);
    }
  }

  #newPath(tree: Readonly<Record<string, string | null>>): string {
    const folders = Object.keys(tree).filter((path) => tree[path] === null);
    const folder = this.#chance(0.5) ? this.#pick(folders) : undefined;
    const name = NAMES[this.#below(NAMES.length)]!;
    return folder === undefined ? name : `${folder}/${name}`;
  }

  #content(): string {
    // Now and then the same text twice: equal contents are adopted, not transferred.
    if (!this.#chance(0.05) || this.#contents === 0) return `text ${this.#contents++}`;
    const again = `text ${this.#below(this.#contents)}`;
    this.#ambiguous.add(again);
    return again;
  }

  // ---------------------------------------------------------------- passes

  /** A pass in which people go on working, calls fail, and the program may die at any call. */
  async #troubledPass(): Promise<void> {
    const index = this.#below(this.#world.computers.length);
    const computer = this.#world.computers[index]!;
    const { cloud } = this.#world;
    const trouble = this.#chance(0.7);
    const crashAt = this.#chance(0.3) ? this.#below(60) : Infinity;
    let calls = 0;
    let dead = false;
    const step = (what: string, mayFail: boolean, peopleAct = true) => {
      if (dead) throw new Crash('gone');
      if (++calls > crashAt) {
        dead = true;
        this.counts.crashes++;
        this.trace.push(`crash before ${what}`);
        throw new Crash('crash');
      }
      if (!trouble) return;
      if (peopleAct && this.#chance(0.04)) this.#personActs();
      if (mayFail && this.#chance(0.04)) {
        this.counts.faults++;
        const code = FAULTS[this.#below(FAULTS.length)]!;
        this.trace.push(`${code} at ${what}`);
        throw new Fault(code, `simulated ${code}`, { retryable: true });
      }
    };
    // Dropbox deletes a folder with all it holds and knows no condition for it: the engine looks right before. What is
    // written in the instant between look and deletion stays in Dropbox's history only (docs/sync.md).
    cloud.before = (call) => step(`cloud ${call.method} ${call.path ?? call.id ?? ''}`, true, call.method !== 'remove');
    cloud.after = (call) => step(`answer of ${call.method} ${call.path ?? call.id ?? ''}`, call.method !== 'upload');
    computer.disk.onCall = (call, path) => step(`disk ${call} ${path}`, false);
    const parts: EngineParts = {
      ...computer.parts,
      store: new Proxy(computer.parts.store, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          return (...values: unknown[]): unknown => {
            if (dead) throw new Crash('gone');
            return Reflect.apply(member, target, values);
          };
        },
      }),
    };
    this.trace.push(`pass of computer ${index}${trouble ? ', troubled' : ''}`);
    this.counts.passes++;
    try {
      await runPass(parts, computer.clientId, {
        approveDeletions: true,
        ignoreBackoff: true,
        report: (event) => this.#note(event),
      });
    } catch (error) {
      if (!(error instanceof Fault) && !(error instanceof Crash)) throw error;
      this.trace.push(`  pass ended: ${error.message}`);
    } finally {
      cloud.before = null;
      cloud.after = null;
      computer.disk.onCall = null;
    }
  }

  #note(event: { readonly kind: string } & object): void {
    if (event.kind !== 'task' || !('task' in event)) return;
    const task = event.task as { kind: string; path: RelPath; state: string; reason: string };
    if (task.state !== 'running') this.trace.push(`  ${task.state} ${task.kind} ${task.path} (${task.reason})`);
  }

  // ---------------------------------------------------------------- the invariants

  async #verify(): Promise<void> {
    const world = this.#world;
    this.trace.push('everybody is quiet');
    await world.settle();
    const there = world.treeThere();
    for (const [index] of world.computers.entries()) {
      const here = world.treeHere(index);
      this.#expectSame(comparable(here), comparable(there), `computer ${index} and Dropbox differ`);
      const again = await world.pass(index);
      if (worked(again)) this.#fail(`computer ${index} still works in a second pass: ${JSON.stringify(again)}`);
      if (again.requests > 1) this.#fail(`a pass with nothing to do took ${again.requests} requests`);
    }
    const kept = new Set(Object.values(there));
    const trashed = new Set(world.computers.flatMap(({ disk }) => [...disk.trashed().values()]));
    for (const content of this.#mustLive) {
      if (kept.has(content) || this.#ambiguous.has(content)) continue;
      // Written in the instant in which the engine took the file away: kept in the trash (invariant 2).
      if (!trashed.has(hashOfBytes(new TextEncoder().encode(content)))) this.#fail(`"${content}" is lost`);
    }
  }

  #expectSame(a: readonly string[], b: readonly string[], message: string): void {
    if (JSON.stringify(a) !== JSON.stringify(b)) this.#fail(`${message}:\n    ${a.join(' | ')}\n    ${b.join(' | ')}`);
  }

  #fail(message: string): never {
    throw new SimulationFailure(this.#seed, message, this.trace);
  }

  // ---------------------------------------------------------------- chance

  #say(what: string, act: () => unknown): void {
    this.trace.push(what);
    act();
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[this.#below(list.length)];
  }
}

function comparable(tree: Readonly<Record<string, string | null>>): string[] {
  return Object.entries(tree)
    .map(([path, content]) => `${path.normalize('NFC').toLowerCase()}=${content ?? '/'}`)
    .sort();
}
