// The engine's parts with the simulation between it and the world: every call to Dropbox, the disk and the store is
// counted, and at some of them people act, something fails, or the program dies. Called by play.ts for each pass.

import { Fault, type ChangePage, type FaultCode, type Random, type SyncStore } from '../../src-main/engine/ports.ts';
import type { EngineParts } from '../../src-main/engine/parts.ts';
import { circumstancesOf, planTrees } from '../../src-main/engine/planning.ts';
import { faults } from '../../src-main/store/disk/store-disk.ts';
import { parentPath, type ClientId, type RelPath, type RemoteId } from '../../src-shared/domain.ts';
import { isIgnoredName } from '../../src-shared/names.ts';
import type { CloudCall } from '../fakes/memory-account.ts';
import { MemoryClient } from '../fakes/memory-client.ts';
import type { DiskCall, MemoryDisk } from '../fakes/memory-disk.ts';
import { Crash, seeded, type Computer, type EngineWorld } from '../support/engine-world.ts';
import { comparePlans } from '../support/same-plan.ts';
import { Violation } from './invariants.ts';
import type { Ledger } from './ledger.ts';
import { isWithin, keyOf } from './names.ts';
import type { Act, PassStep, Scenario } from './scenario.ts';

export interface Counts {
  passes: number;
  crashes: number;
  faults: number;
  /** Contents that the accepted gap of folder deletions took. */
  residual: number;
}

export interface Watch {
  readonly scenario: Scenario;
  /** Null: nothing happens in this pass. */
  readonly step: PassStep | null;
  readonly ledger: Ledger;
  readonly counts: Counts;
  readonly say: (what: string) => void;
  readonly act: (act: Act) => void | Promise<void>;
  readonly loginLost: () => boolean;
}

export interface Watched {
  readonly parts: EngineParts;
  readonly isDead: () => boolean;
  /** Takes the simulation out again. */
  readonly end: () => void;
}

const CLOUD_FAULTS: readonly FaultCode[] = ['network', 'network', 'server', 'rate-limited', 'busy', 'hash-mismatch'];
const WRITES: ReadonlySet<keyof SyncStore> = new Set([
  'record',
  'applyPage',
  'putTasks',
  'putProblems',
  'retireTasks',
  'startListing',
  'settle',
  'batch',
  'beginTrash',
]);

const NOTHING_LEARNT = circumstancesOf(null, { deletionsApproved: false, earlier: new Map() });

type Trash = Parameters<SyncStore['beginTrash']>[1];

/** What is written between a look and the deed that it is for. */
const IN_A_LOOK: ReadonlySet<keyof SyncStore> = new Set(['applyPage', 'batch', 'beginTrash']);

export function watchedParts(world: EngineWorld, computer: Computer, watch: Watch): Watched {
  const { disk, store, parts, clients } = computer;
  const watcher = new Watcher(world, watch);
  const hooks = {
    before: (call: CloudCall) => watcher.before(call),
    after: (call: CloudCall) => watcher.after(call),
    during: () => watcher.during(),
  };
  // Lanes and computers run side by side: each is watched by itself.
  const lanes = clients.flatMap((id) => {
    const client = store.sync.client(id);
    const lane = client === null ? null : parts.cloud(client);
    return lane instanceof MemoryClient ? [lane] : [];
  });
  for (const lane of lanes) lane.hooks = hooks;
  disk.onCall = (call, path) => watcher.disk(disk, call, path);
  return {
    parts: { ...computer.parts, store: watcher.store(computer) },
    isDead: () => watcher.dead,
    end: () => {
      for (const lane of lanes) lane.hooks = null;
      disk.onCall = null;
    },
  };
}

class Watcher {
  dead = false;
  readonly #world: EngineWorld;
  readonly #watch: Watch;
  readonly #acts: ReadonlyMap<number, readonly Act[]>;
  readonly #faults: ReadonlyMap<number, number>;
  #call = 0;
  /** When the engine last looked at what changed in Dropbox, in calls, and what it was told then. */
  #lastLook = 0;
  #told = 0;
  /** When places on the disk were last looked at, in calls, until something else was done than to take one away. */
  readonly #looks = new Map<string, number>();
  /** What was last written to the store, where the disk was not called since. */
  #lastStore: keyof SyncStore | null = null;
  /** Moves of what lies outside of the root, or where it is left alone: they bring it back. */
  readonly #returns = new WeakSet<CloudCall>();
  /** What the feed has told to be gone. */
  readonly #toldGone = new Set<RemoteId>();
  readonly #began: number;
  readonly #jitter: Random | null;

  constructor(world: EngineWorld, watch: Watch) {
    this.#world = world;
    this.#watch = watch;
    this.#began = watch.ledger.tick;
    this.#acts = new Map(
      [...Map.groupBy(watch.step?.acts ?? [], ([call]) => call)].map(([call, list]) => [
        call,
        list.map(([, act]) => act),
      ]),
    );
    this.#faults = new Map(watch.step?.faults ?? []);
    this.#jitter = watch.step?.jitter === undefined ? null : seeded(watch.step.jitter);
  }

  async before(call: CloudCall): Promise<void> {
    // Dropbox deletes a folder with all it holds and knows no condition for it: the engine looks right before. What
    // comes into the folder between look and deletion stays in Dropbox's history only (docs/sync.md); so does what takes
    // a document's place between a look and the document's return there.
    const what = `${call.method} ${call.path ?? call.id ?? ''}`;
    await this.#time();
    const number = this.#count(what);
    if (call.method !== 'remove' && call.method !== 'restore') await this.#people(number);
    if (this.#watch.loginLost()) throw new Fault('login-lost', 'simulated: the login is lost');
    this.#fail(number, what, (which) => {
      const code = CLOUD_FAULTS[which % CLOUD_FAULTS.length]!;
      const retryAfter = code === 'rate-limited' ? which % 7 : null;
      return new Fault(code, `simulated ${code}`, { retryable: true, retryAfter });
    });
    if (call.method === 'move' && !this.#isTakingPart(call)) this.#returns.add(call);
    if (call.method === 'remove') this.#excuse(call);
    else this.#looked(call.method);
  }

  async after(call: CloudCall): Promise<void> {
    if (call.method === 'changes') this.#told = this.#world.cloud.told;
    this.#noteArrival(call);
    await this.#time();
    const what = `the answer of ${call.method} ${call.path ?? call.id ?? ''}`;
    const number = this.#count(what);
    await this.#people(number);
    this.#fail(number, what, () => new Fault('network', 'simulated: the answer was lost', { retryable: true }));
  }

  async during(): Promise<void> {
    const what = 'the middle of a download';
    const number = this.#count(what);
    await this.#people(number);
    this.#fail(number, what, () => new Fault('network', 'simulated: the connection was cut', { retryable: true }));
  }

  async disk(disk: MemoryDisk, call: DiskCall, path: RelPath): Promise<void> {
    const what = `disk ${call} ${path}`;
    await this.#time();
    const number = this.#count(what);
    // A file has two names for an instant; who renames one of them then has two documents.
    if (call !== 'unlink') await this.#people(number);
    this.#fail(number, what, () => diskFault(call, path));
    if (call === 'list' || call === 'stat') this.#looks.set(`${call} ${path}`, this.#watch.ledger.tick);
    else if (call === 'trash') {
      this.#excuseTrashed(disk.texts(), path);
      void this.#untilTrashed();
    } else this.#goesOn();
    this.#lastStore = null;
  }

  /** The file goes a few turns later; in another lane people may be at work until then. */
  async #untilTrashed(): Promise<void> {
    const { ledger } = this.#watch;
    ledger.trashing++;
    for (let turns = 0; turns < 8; turns++) await Promise.resolve();
    ledger.trashing--;
  }

  /** A look at Dropbox counts for the deletion that follows it, and for nothing later. */
  #looked(method: CloudCall['method']): void {
    this.#goesOn();
    if (method === 'changes' || method === 'list') this.#lastLook = this.#watch.ledger.tick;
  }

  /** Lanes side by side come between each other's looks and deeds. */
  #goesOn(): void {
    if (this.#watch.scenario.clients > 1) return;
    this.#looks.clear();
    this.#lastLook = Number.POSITIVE_INFINITY;
  }

  /** What came to a place after the engine's last look at it goes to the trash with it. */
  #excuseTrashed(tree: Readonly<Record<string, string | null>>, path: RelPath): void {
    const { ledger } = this.#watch;
    // The folder of a record that is gone from the ERP goes with all that is in it by now.
    const isErp = this.#lastStore !== 'beginTrash';
    for (const [inner, content] of Object.entries(tree)) {
      if (content === null || !isWithin(inner, path) || !ledger.amidst.has(content)) continue;
      const look = this.#looks.get(inner === path ? `stat ${path}` : `list ${parentPath(inner as RelPath)}`);
      const isUnseen = look === undefined ? this.#watch.scenario.clients > 1 : ledger.cameAt.get(content)! > look;
      if (isErp || isUnseen) ledger.trashedUnseen.add(content);
    }
  }

  store(computer: Computer): SyncStore {
    const own = computer.parts.store;
    const wrapped: Record<string, unknown> = {};
    for (const [name, method] of Object.entries(own) as [keyof SyncStore, (...values: never[]) => unknown][]) {
      const counts = WRITES.has(name);
      wrapped[name] = (...values: never[]): unknown => {
        if (this.dead) throw new Crash('gone');
        if (counts) this.#count(`store ${name}`);
        if (counts) this.#lastStore = name;
        if (counts && !IN_A_LOOK.has(name)) this.#goesOn();
        // As the port has it: the client comes first.
        const client = values[0] as unknown as ClientId;
        if (name === 'planned') this.#expectSamePlan(computer, client);
        else if (name === 'settle')
          this.#expectSettled(computer, ...(values as unknown as Parameters<SyncStore['settle']>));
        else if (name === 'applyPage') this.#noteGone(own, client, values[1] as unknown as ChangePage);
        else if (name === 'beginTrash') this.#expectGone(computer, client, values[1] as unknown as Trash);
        return method(...values);
      };
    }
    // Every method of the port is there: they come from the store itself.
    return wrapped as unknown as SyncStore;
  }

  #noteGone(store: SyncStore, client: ClientId, { changes }: Pick<ChangePage, 'changes'>): void {
    for (const change of changes) {
      const known = change.kind === 'deleted' ? store.remoteAt(client, change.pathLower) : null;
      if (known !== null) this.#toldGone.add(known.id);
    }
  }

  /**
   * Guard 4: what Dropbox still has does not go here. Of a single document the feed is believed that it is gone, when it
   * tells that in the same pass: it comes back with what the feed tells later.
   */
  #expectGone(computer: Computer, client: ClientId, { localId, reason, remoteId }: Trash): void {
    const { cloud } = this.#world;
    const { store } = computer.parts;
    const node = reason === 'deleted' && remoteId !== null ? cloud.byId(remoteId) : null;
    if (node === null || this.#watch.ledger.returnedAt >= this.#began) return;
    const root = `${keyOf(store.client(client)?.root ?? '')}/`;
    const path = cloud.lowerPath(node);
    if (!path.startsWith(root) || (node.kind === 'file' && this.#toldGone.has(node.id))) return;
    // What got a name that is never synced leaves here.
    if (path.split('/').some(isIgnoredName) || computer.store.keeping.ignorePatterns().length > 0) return;
    // And so does what got the place of something that is no file.
    const place = path.slice(root.length);
    const isTaken = [...computer.disk.kinds()].some(([at, kind]) => kind === 'unusable' && isWithin(place, keyOf(at)));
    if (isTaken) return;
    throw new Violation(`"${store.entry(localId)?.path}" goes here, and Dropbox has it (guard 4)`);
  }

  /**
   * Invariant 4: the same trees give the same plan again, in whatever order their entries come; and so does the part of
   * them that can have changed since the last plan. Looked at in every third pass, and in all of every eighth run.
   */
  #expectSamePlan({ parts: { store, policy } }: Computer, id: ClientId): void {
    const { scenario, ledger } = this.#watch;
    if (scenario.seed % 8 !== 0 && (scenario.seed + ledger.passes) % 3 !== 0) return;
    const client = store.client(id);
    if (client === null) return;
    const { difference } = comparePlans(store, id, policy(client));
    if (difference !== null) throw new Violation(difference);
  }

  /** Nothing is to be done where the engine says so, as long as no row has changed since. */
  #expectSettled({ parts: { store, policy } }: Computer, id: ClientId, here: number, there: number): void {
    const [{ local, remote }, client] = [store.epochs(id), store.client(id)];
    if (client === null || local !== here || remote !== there) return;
    const { operations } = planTrees(store, id, policy(client), NOTHING_LEARNT, 'everything');
    if (operations.length > 0) throw new Violation(`settled with ${operations.map(({ key }) => key).join(', ')}`);
  }

  /** What a call takes: a few turns of everything else that is under way. */
  async #time(): Promise<void> {
    if (this.#jitter === null) return;
    for (let turns = Math.floor(this.#jitter() * 6); turns > 0; turns--) await Promise.resolve();
  }

  #count(what: string): number {
    if (this.dead) throw new Crash('gone');
    this.#watch.ledger.tick++;
    const number = this.#call++;
    if (number !== this.#watch.step?.crashAt) return number;
    this.dead = true;
    this.#watch.counts.crashes++;
    this.#watch.say(`crash before ${what} [${number}]`);
    throw new Crash('crash');
  }

  async #people(number: number): Promise<void> {
    for (const act of this.#acts.get(number) ?? []) {
      this.#watch.say(`meanwhile [${number}]`);
      this.#watch.ledger.disturbed.add(this.#watch.ledger.passes);
      await this.#watch.act(act);
    }
    // The program may have died, in another lane, while the others were at work.
    if (this.dead) throw new Crash('gone');
  }

  #fail(number: number, what: string, fault: (which: number) => Fault | null): void {
    const which = this.#faults.get(number);
    const thrown = which === undefined ? null : fault(which);
    if (thrown === null) return;
    this.#watch.counts.faults++;
    this.#watch.say(`${thrown.code} at ${what} [${number}]`);
    throw thrown;
  }

  /** In the root, and not where it is left alone. */
  #isTakingPart({ root, id }: CloudCall): boolean {
    const node = id === null ? null : this.#world.cloud.byId(id);
    if (node === null) return true;
    const path = this.#world.cloud.lowerPath(node);
    return isWithin(path, keyOf(root)) && !path.split('/').some(isIgnoredName);
  }

  #noteArrival(call: CloudCall): void {
    const { cloud } = this.#world;
    // Somebody had taken it out of the root, or to where it is left alone, and a computer that had not been told moved it
    // on within: others may have asked in between.
    if (this.#returns.has(call)) this.#watch.ledger.returnedAt = this.#watch.ledger.tick;
    if (!['upload', 'move', 'copy', 'restore'].includes(call.method) || call.path === null) return;
    const path = `${call.root}/${call.path}`;
    if (!cloud.exists(path)) return;
    if (cloud.entry(path).kind === 'file') {
      const content = new TextDecoder().decode(cloud.bytesAt(path));
      this.#watch.ledger.moved(content);
      if (call.method === 'copy') this.#watch.ledger.copied.set(content, this.#watch.ledger.passes);
    } else for (const content of Object.values(cloud.tree(path))) this.#watch.ledger.moved(content);
  }

  /** What came into a folder after the engine's last look goes with it. */
  #excuse(call: CloudCall): void {
    const { cloud } = this.#world;
    const node = call.id === null ? null : cloud.byId(call.id);
    if (node?.kind !== 'folder' || this.#lastLook === Number.POSITIVE_INFINITY) return;
    const { ledger, counts } = this.#watch;
    for (const [path, content] of Object.entries(cloud.tree(cloud.lowerPath(node)))) {
      // Temporary files of other programs are not synced and go with their folder.
      if (path.split('/').some(isIgnoredName)) ledger.gone(content);
      if (content === null || !ledger.mustLive.has(content)) continue;
      const isNews = cloud.isNews(`${cloud.lowerPath(node)}/${path}`, this.#told);
      if (!isNews && (ledger.cameAt.get(content) ?? 0) < this.#lastLook) continue;
      ledger.gone(content);
      counts.residual++;
    }
  }
}

/** What a disk can answer to a call; null where it knows no fault of its own. */
function diskFault(call: DiskCall, path: RelPath): Fault | null {
  if (call === 'hash' || call === 'read' || call === 'list') return faults.unreadable(path);
  if (call === 'write' || call === 'openTemp' || call === 'makeFolder') return faults.diskFull(path);
  if (call === 'place' || call === 'move' || call === 'trash') return faults.readOnly(`"${path}"`);
  return null;
}
