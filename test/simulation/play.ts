// Plays a scenario: people, passes with what happens in the middle of them, faults, crashes, losses; then everybody is
// quiet and the invariants are checked. Throws Violation. Same scenario, same course. Called by simulation.ts.

import { bringBack } from '../../src-main/engine/bring-back.ts';
import type { EngineEvent, EngineParts, PassOptions, PassResult } from '../../src-main/engine/parts.ts';
import { Fault } from '../../src-main/engine/ports.ts';
import { runPass } from '../../src-main/engine/pass.ts';
import { freeBytes } from '../../src-main/keeping/cleaner.ts';
import { StoreError } from '../../src-main/store/errors.ts';
import { isMassDeletion } from '../../src-main/sync/guards.ts';
import { baseName, joinPath, parentPath, type LocalId, type RelPath, type RemoteId } from '../../src-shared/domain.ts';
import { refusedByDropbox } from '../../src-shared/names.ts';
import { Crash, EngineWorld, ROOTS, worked, type Computer } from '../support/engine-world.ts';
import { Flows, Keeping } from './keeping.ts';
import { checkQuiet, expectSpelled, Violation } from './invariants.ts';
import { hashOfText, Ledger } from './ledger.ts';
import type { StoreRows } from '../support/store-pool.ts';
import { People } from './people.ts';
import type { Act, PassStep, Pick, Scenario, Step, WorldEvent } from './scenario.ts';
import { forgetIgnored } from './trees.ts';
import { watchedParts, type Counts, type Watch } from './watch.ts';

const DAY = 24 * 60 * 60_000;
const AWAY = 'Somewhere else';

export interface Played {
  readonly trace: readonly string[];
  readonly counts: Counts;
  /** Null: all invariants held. */
  readonly violation: string | null;
}

export interface PlayOptions {
  /** Does wrong before the last quiet, to see whether that is noticed. */
  readonly tamper?: (world: EngineWorld) => void;
}

/** Never throws: whatever goes wrong is a violation, with the trace up to there. */
export async function play(scenario: Scenario, options: PlayOptions = {}): Promise<Played> {
  const run = new Run(scenario, options);
  try {
    await run.all();
    return { trace: run.trace, counts: run.counts, violation: null };
  } catch (error) {
    const what = error instanceof Violation ? error.message : error instanceof Error ? error.stack : String(error);
    return { trace: run.trace, counts: run.counts, violation: what ?? 'unknown' };
  }
}

class Run {
  readonly trace: string[] = [];
  readonly counts: Counts = { passes: 0, crashes: 0, faults: 0, residual: 0 };
  readonly #scenario: Scenario;
  readonly #world: EngineWorld;
  readonly #ledger = new Ledger();
  readonly #people: People;
  readonly #keeping: Keeping;
  readonly #flows = new Flows();
  /** Computers in the middle of a pass. */
  readonly #busy = new Set<number>();
  /** Passes of other computers in the middle of one. */
  readonly #between = new Set<Promise<void>>();
  /** How many entries a client had at each of the plans of its last pass. */
  readonly #entries = new Map<string, readonly number[]>();
  /** Computers whose program has started and made no pass since. */
  readonly #started = new Set<number>();
  readonly #backups = new Map<number, { readonly rows: StoreRows; readonly followed: number }>();
  #loginLost = false;
  #renamed = 0;

  readonly #options: PlayOptions;

  constructor(scenario: Scenario, options: PlayOptions) {
    this.#scenario = scenario;
    this.#options = options;
    // The whole schema, statement for statement, in every eighth run.
    this.#world = new EngineWorld({ ...scenario, schema: scenario.seed % 8 === 0 ? 'complete' : 'engine' });
    this.#ledger.frees = scenario.links !== null;
    this.#world.cloud.lag = scenario.lag ?? 0;
    for (const computer of this.#world.computers) this.#world.assignOwnFolders(computer);
    if (scenario.seed % 2 === 0) for (const root of ROOTS.slice(0, scenario.clients)) this.#world.cloud.mkdir(root);
    this.#people = new People(this.#world, scenario, this.#ledger, (what) => this.trace.push(what));
    this.#keeping = new Keeping(this.#world, this.#ledger, (what) => this.trace.push(what));
    for (const computer of this.#world.computers) this.#decideKeep(computer);
  }

  async all(): Promise<void> {
    for (const step of this.#scenario.steps) await this.#step(step);
    this.#options.tamper?.(this.#world);
    await this.#quiet();
  }

  async #step(step: Step): Promise<void> {
    const computer = 'who' in step ? this.#world.computers[step.who] : undefined;
    if (step.step === 'act') await this.#act(step.act);
    else if (step.step === 'quiet') await this.#quiet();
    else if (step.step === 'ignore') this.#keeping.ignore(step.pick);
    else if (computer === undefined) return;
    else if (step.step === 'pass') {
      await this.#pass(computer, step);
      // It may have died while another computer was in the middle of its own.
      await Promise.all(this.#between);
    } else if (step.step === 'free') await this.#free(computer, step.crashAt ?? null);
    else if (step.step === 'flow') this.#keeping.flow(computer, step.pick);
    else if (step.step === 'refuse') {
      await this.#apart(computer, step.crashAt, (parts) => this.#keeping.refuse(computer, parts));
    } else if (step.step === 'open' || step.step === 'restore' || step.step === 'settle') {
      await this.#apart(computer, step.crashAt ?? null, (parts) =>
        this.#keeping[step.step](computer, parts, step.pick),
      );
    } else if (step.step === 'lose-database') {
      this.trace.push(`computer ${computer.index} loses its database`);
      this.#ledger.lostDatabase = true;
      this.#world.loseDatabase(computer);
      this.#people.erp.forget(computer);
      this.#decideKeep(computer);
    } else if (step.step === 'back-up-database') {
      this.trace.push(`computer ${computer.index} backs its database up`);
      const rows = this.#world.backUpDatabase(computer);
      this.#backups.set(computer.index, { rows, followed: this.#people.erp.followed(computer) });
    } else if (step.step === 'restore-database') this.#restore(computer);
  }

  #restore(computer: Computer): void {
    const backup = this.#backups.get(computer.index);
    // Where another folder has taken the root's place, a person must act first.
    if (backup === undefined || this.#world.cloud.exists(AWAY)) return;
    this.trace.push(`computer ${computer.index} restores its database`);
    this.#ledger.lostDatabase = true;
    this.#world.restoreDatabase(computer, backup.rows);
    this.#keeping.restored(computer);
    this.#people.erp.forget(computer, backup.followed);
  }

  async #act(act: Act): Promise<void> {
    const computer = 'who' in act ? this.#world.computers[act.who] : undefined;
    if (act.on === 'there') {
      if (act.who < this.#world.clients) this.#people.perform(act);
    } else if (act.on === 'erp') {
      if (this.#scenario.erp > 0) this.#people.perform(act);
    } else if (computer === undefined) return;
    else if (act.on === 'here') this.#people.perform(act);
    else if (act.on === 'world') this.#happens(computer, act.event, act.pick);
    else {
      const pass = this.#pass(computer, null);
      this.#between.add(pass);
      await pass.finally(() => this.#between.delete(pass));
    }
  }

  // ---------------------------------------------------------------- the world

  #happens(computer: Computer, event: WorldEvent, pick: Pick): void {
    const { cloud, clock } = this.#world;
    const { disk } = computer;
    this.trace.push(`${event} (${computer.index})`);
    switch (event) {
      case 'reset-cursors':
        return cloud.resetCursors();
      case 'clock-forth':
        return clock.jump(DAY);
      case 'clock-back':
        return clock.jump(-DAY);
      case 'quota':
        cloud.quota = cloud.used;
        return;
      case 'quota-lifted':
        cloud.quota = null;
        return;
      case 'disk-full':
        disk.capacity = 0;
        return;
      case 'disk-freed':
        disk.capacity = Number.POSITIVE_INFINITY;
        return;
      case 'unreadable': {
        const paths = Object.keys(disk.texts());
        const path = paths[pick[0] % Math.max(1, paths.length)];
        if (path !== undefined) disk.unreadable.add(path);
        return;
      }
      case 'readable':
        return disk.unreadable.clear();
      case 'folder-away':
        disk.state = pick[0] % 2 === 0 ? 'marker-missing' : 'documents-missing';
        return;
      case 'folder-back':
        disk.state = 'ready';
        return;
      case 'login-lost':
        this.#loginLost = true;
        return;
      case 'login-back':
        this.#loginLost = false;
        return;
      case 'root-away':
        // A client that has never synced would make a root of its own, and that of the others could not return.
        if (!this.#world.computers.every(({ store, clients }) => store.sync.feed(clients[0]!).rootId !== null)) return;
        if (cloud.exists(ROOTS[0]) && !cloud.exists(AWAY)) {
          this.#ledger.touchKey(0, '');
          for (const { id } of cloud.entries(ROOTS[0])) this.#ledger.touchId(id);
          cloud.move(ROOTS[0], AWAY);
        }
        return;
      case 'root-back':
        return this.#rootBack();
    }
  }

  #rootBack(): void {
    const { cloud } = this.#world;
    if (!cloud.exists(AWAY)) return;
    this.#ledger.returnedAt = this.#ledger.tick;
    const known = new Set(this.#world.computers.map(({ store, clients }) => store.sync.feed(clients[0]!).rootId));
    if (cloud.exists(ROOTS[0]) && known.has(cloud.entry(AWAY).id)) {
      // An upload under way made it anew: what came into it is put into the folder that all know.
      for (const path of Object.keys(cloud.tree(ROOTS[0])).filter((name) => !name.includes('/'))) {
        // A name of its own: one that is as long as it may be takes no mark.
        const to = cloud.exists(joinPath(AWAY, path)) ? `back ${this.#renamed++}` : path;
        for (const name of [path, to]) this.#ledger.touchKey(0, name);
        for (const content of Object.values(cloud.tree(ROOTS[0]))) {
          this.#ledger.movedByPerson(content);
          // Of two folders that become one no deletion is believed (guard 3): it may be in the other one, too.
          if (content !== null) this.#ledger.unrecorded.add(content);
        }
        cloud.move(joinPath(ROOTS[0], path), joinPath(AWAY, to));
      }
      cloud.remove(ROOTS[0]);
    }
    if (!cloud.exists(ROOTS[0])) cloud.move(AWAY, ROOTS[0]);
    else {
      // A client that had never synced made a root of its own; the other folder is not its business.
      for (const content of Object.values(cloud.tree(AWAY))) this.#ledger.gone(content);
      cloud.remove(AWAY);
    }
  }

  #decideKeep({ store }: Computer): void {
    const { links } = this.#scenario;
    if (links !== 'everywhere') return;
    for (const row of store.entries.children(null)) store.keeping.setKeep(row.id, { kind: 'links' });
  }

  // ---------------------------------------------------------------- the program

  async #pass(computer: Computer, step: PassStep | null): Promise<void> {
    // One pass at a time on each computer, as the lock has it.
    if (this.#busy.has(computer.index)) return;
    this.#busy.add(computer.index);
    const { clients } = computer;
    this.#people.erp.follow(computer);
    const watch = this.#watch(step);
    const hints = [...this.#people.hints[computer.index]!];
    this.#people.hints[computer.index]!.clear();
    this.trace.push(`pass of computer ${computer.index}${step?.hinted ? `, hinted ${hints.join(', ')}` : ''}`);
    this.counts.passes++;
    this.#ledger.passes++;
    const before = computer.clients.map((client) => computer.store.sync.syncedTree(client).length + 1);
    for (const client of clients) this.#entries.delete(`${computer.index}.${client}`);
    const wasRunning = this.#ledger.running;
    this.#ledger.running = true;
    const watched = watchedParts(this.#world, computer, watch);
    const outcomes = await Promise.allSettled(
      clients.map((client) =>
        runPass(watched.parts, client, {
          approveDeletions: this.#scenario.approved || step?.approve === true,
          ignoreBackoff: step?.patient !== true,
          ...(step?.audit === undefined ? {} : { audit: step.audit }),
          ...(step?.hinted && !this.#started.has(computer.index) ? { scope: hints } : {}),
          report: (event) => this.#note(computer, event),
        }),
      ),
    );
    if (watched.isDead()) await new Promise((resolve) => setImmediate(resolve));
    watched.end();
    this.#busy.delete(computer.index);
    this.#ledger.running = wasRunning;
    if (watched.isDead()) {
      this.#restart(computer);
    }
    if (outcomes.every(({ status }) => status === 'fulfilled')) this.#started.delete(computer.index);
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled' && step?.approve !== true)
        this.#expectGuarded(computer, index, outcome.value, before[index]!);
      else if (outcome.status === 'fulfilled') continue;
      else if (outcome.reason instanceof Fault || outcome.reason instanceof Crash) {
        this.trace.push(`  pass ended: ${outcome.reason.message}`);
        // What was hinted has not been seen.
        for (const hint of hints) this.#people.hints[computer.index]!.add(hint);
      } else throw outcome.reason;
    }
  }

  /**
   * A person may rename or move, before the program starts again, what it had put on the disk without a record of it; and
   * one of the two names that a file has in the middle of a move, or a folder above it.
   */
  #noteUnrecorded({ disk, store, clients }: Computer): void {
    const placed = new Set<string>();
    for (const client of clients) {
      for (const { operation } of store.sync.interrupted(client)) {
        if (operation.kind === 'local.download') placed.add(operation.hash);
      }
    }
    for (const { hash } of store.db
      .prepare<[], { hash: string | null }>(`SELECT hash FROM entries WHERE kind = 'file' AND present = 0`)
      .all()) {
      if (hash !== null) placed.add(hash);
    }
    const files = new Set<string>();
    for (const [path, content] of Object.entries(disk.texts())) {
      const fileId = disk.stampAt(path)?.fileId;
      if (content === null || fileId === undefined) continue;
      if (files.has(fileId) || placed.has(hashOfText(content))) this.#ledger.unrecorded.add(content);
      files.add(fileId);
    }
  }

  /** Guard 2: without anybody's consent a pass deletes little on either side. */
  #expectGuarded(computer: Computer, client: number, result: PassResult, before: number): void {
    if (this.#scenario.approved) return;
    const id = computer.clients[client]!;
    // It may have been more, or too few to be judged, when the last one went.
    const sizes = [before, ...(this.#entries.get(`${computer.index}.${id}`) ?? [])];
    for (const deleted of [result.deletedLocal, result.deletedRemote]) {
      if (sizes.every((entries) => isMassDeletion(deleted, entries))) {
        throw new Violation(`a pass deleted ${deleted} of ${Math.max(...sizes)} entries unasked (guard 2)`);
      }
    }
  }

  #note(computer: Computer, event: EngineEvent): void {
    if (event.kind === 'planned') {
      this.#flows.planned(computer, event.clientId);
      const size = `${computer.index}.${event.clientId}`;
      const entries = computer.store.sync.syncedTree(event.clientId).length + 1;
      this.#entries.set(size, [...(this.#entries.get(size) ?? []), entries]);
    }
    if (event.kind !== 'task' || event.task.state === 'running') return;
    const { state, kind, path, reason, errorCode, error, fromPath } = event.task;
    this.trace.push(
      `  ${state} ${kind} ${fromPath === null ? '' : `${fromPath} → `}${path} (${reason}${errorCode === null ? '' : `, ${errorCode}`})`,
    );
    if (errorCode === 'internal') throw new Violation(`an unexpected error at ${kind} ${path}: ${error}`);
    if (state === 'done') this.#flows.expect(computer, event.task);
  }

  /** A program that has just started looks everywhere first. */
  #restart(computer: Computer): void {
    computer.disk.crashed();
    this.#noteUnrecorded(computer);
    this.#world.restart(computer);
    this.#started.add(computer.index);
  }

  #watch(step: PassStep | null): Watch {
    return {
      scenario: this.#scenario,
      step,
      ledger: this.#ledger,
      counts: this.counts,
      say: (what) => this.trace.push(what),
      act: (act) => this.#act(act),
      loginLost: () => this.#loginLost,
    };
  }

  /** Work beside the passes, which may die too. */
  async #apart(computer: Computer, crashAt: number | null, work: (parts: EngineParts) => Promise<void>): Promise<void> {
    const step: PassStep = { step: 'pass', who: computer.index, hinted: false, crashAt, acts: [], faults: [] };
    const watched = watchedParts(this.#world, computer, this.#watch(step));
    try {
      await work(watched.parts);
    } catch (error) {
      if (!(error instanceof Fault) && !(error instanceof Crash) && !(error instanceof StoreError)) throw error;
      this.trace.push(`  ${error.message}`);
    } finally {
      if (watched.isDead()) await new Promise((resolve) => setImmediate(resolve));
      watched.end();
      if (watched.isDead()) {
        this.#restart(computer);
      }
    }
  }

  async #free(computer: Computer, crashAt: number | null): Promise<void> {
    const { store, disk, clients } = computer;
    const folder = this.#scenario.links === 'b' ? store.entries.at(null, 'b') : null;
    if (folder?.kind === 'folder') store.keeping.setKeep(folder.id, { kind: 'links' });
    this.#decideKeep(computer);
    if (disk.state !== 'ready') return;
    await this.#apart(computer, crashAt, async (engine) => {
      for (const client of clients) {
        const freed = await freeBytes({ store, engine, disk }, client, { dryRun: false });
        for (const { path, result } of freed) this.trace.push(`computer ${computer.index}: ${result} ${path}`);
      }
    });
    for (const { remote } of store.db
      .prepare<[], { remote: RemoteId }>(
        `SELECT s.remote_id AS remote FROM entries e JOIN synced s ON s.local_id = e.id
         WHERE e.kind = 'file' AND e.present = 0`,
      )
      .all())
      this.#ledger.deletions.freed(remote);
  }

  // ---------------------------------------------------------------- quiet

  async #quiet(): Promise<void> {
    const world = this.#world;
    this.trace.push('everybody is quiet');
    world.cloud.quota = null;
    world.cloud.lag = 0;
    this.#loginLost = false;
    this.#rootBack();
    for (const computer of world.computers) {
      const { disk } = computer;
      disk.capacity = Number.POSITIVE_INFINITY;
      disk.unreadable.clear();
      disk.state = 'ready';
      this.#people.erp.follow(computer);
      await this.#renameRefused(computer);
    }
    forgetIgnored(this.#world, this.#ledger);
    const report = (computer: Computer) => (event: EngineEvent) => this.#note(computer, event);
    const settle = async (options: PassOptions): ReturnType<typeof world.settle> => {
      const rest = await world.settle(options, 12, report);
      if (rest !== null) return rest;
      // A folder of the ERP that was gone has come back under a name that Dropbox refuses.
      let renamed = false;
      for (const computer of world.computers) renamed = (await this.#renameRefused(computer)) || renamed;
      return renamed ? world.settle(options, 12, report) : null;
    };
    if (this.#keeping.decided) {
      if ((await settle({})) === null) throw new Violation('still at work after 12 rounds of passes');
      this.trace.push('nothing is one-way or left alone any more');
      this.#keeping.lift();
    }
    if (!this.#scenario.approved) {
      if ((await settle({ approveDeletions: false })) === null) {
        throw new Violation('still at work, deletions held, after 12 rounds of passes');
      }
      this.trace.push('deletions are approved');
    }
    const last = await settle({});
    if (last === null) throw new Violation('still at work after 12 rounds of passes');
    await checkQuiet(world, this.#ledger, async (computer, client) => {
      // The last pass did nothing; where it was not the first such one, it took no more than the cursor's request.
      if (last.get(`${computer.index}.${client}`)!.requests <= 1) return;
      const result = await world.pass(computer.index, client, { report: report(computer) });
      if (worked(result)) {
        throw new Violation(`computer ${computer.index} still works in a second pass: ${JSON.stringify(result)}`);
      }
      if (result.requests > 1) throw new Violation(`a pass with nothing to do took ${result.requests} requests`);
    });
    for (const hints of this.#people.hints) hints.clear();
    if (this.#scenario.seed % 4 === 0) {
      // What the feed never tells: compared folder by folder, all names agree in their spelling too.
      if ((await world.settle({ audit: Number.MAX_SAFE_INTEGER }, 12, report)) === null)
        throw new Violation('still at work after 12 rounds of full comparisons');
      expectSpelled(world);
    }
    world.cloud.lag = this.#scenario.lag ?? 0;
  }

  /** A person heeds the problems that the program shows: names that Dropbox refuses, things that are no files. */
  async #renameRefused(computer: Computer): Promise<boolean> {
    const before = this.#renamed;
    const { disk, store, parts, clients } = computer;
    const freed = store.db.prepare<[], { id: LocalId; name: string }>(
      `SELECT id, name FROM entries WHERE kind = 'file' AND present = 0`,
    );
    for (const { id, name } of freed.all()) {
      if (refusedByDropbox(name) === null) continue;
      await bringBack(parts, store.entries.clientOf(id) ?? clients[0]!, id).catch((error: unknown) => {
        // Deleted in Dropbox meanwhile: it goes here too.
        if (!(error instanceof Fault) || error.code !== 'not-found') throw error;
      });
    }
    for (let again = true; again;) {
      again = false;
      for (const [path, kind] of disk.kinds()) {
        const name = baseName(path as RelPath);
        if (kind === 'unusable') disk.person.remove(path);
        else if (refusedByDropbox(name) !== null) {
          disk.person.rename(path, joinPath(parentPath(path as RelPath), `renamed ${this.#renamed++}`));
        } else continue;
        again = true;
        break;
      }
    }
    return this.#renamed > before;
  }
}
