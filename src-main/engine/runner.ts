// Runs a plan: the blocking tasks one after another, then direct, then backward (SYNC.md §5).
// In: a lane, the operations of a plan and their rows in the queue. Out: whether anything was done, and whether the
// world turned out to be other than planned. Called by pass.ts.

import type { Operation, RemoteEntry } from '../sync/model.ts';
import { bundlesOf, fetchBundles } from './bundles.ts';
import {
  LARGE,
  linkLocal,
  fetchContent,
  makeLocalFolder,
  moveLocal,
  placeContent,
  trashLocal,
} from './effects-backward.ts';
import {
  copyRemote,
  expectStillGone,
  linkRemote,
  moveRemote,
  recordDelete,
  recordFolder,
  recordUpload,
  restoreRemote,
  uploadRequest,
} from './effects-direct.ts';
import { applyPage } from './observe.ts';
import { conflictOf, logOf, type Done, type Lane } from './lane.ts';
import { Fault, type LogEntry, type Outcome, type TaskRow, type TaskUpdate, type UploadRequest } from './ports.ts';
import { afterFault, endsPass, isStale, untilDue } from './retry.ts';
import { giveWay, inBatches, rowsAtOnce } from './batches.ts';
import { adoptAll } from './bookkeeping.ts';
import { parentPath, type RelPath } from '../../src-shared/domain.ts';

export interface RunResult {
  readonly done: number;
  /** What only the merge base had to learn. */
  readonly agreed: number;
  readonly stale: number;
  readonly failed: number;
  readonly held: number;
  /** A task was dropped because the folder or Dropbox has changed: observe and plan again. */
  readonly mustReplan: boolean;
}

type Of<K extends Operation['kind']> = Extract<Operation, { kind: K }>;

/** Small documents: the time for many is that of their requests. How many Dropbox bears, its client knows. */
const DOWNLOADS_AT_ONCE = 48;
const LARGE_DOWNLOADS_AT_ONCE = 4;
/** Uploads that are handed over together; whole commits of the cloud. */
const UPLOADS_AT_ONCE = 4_000;
/** Network faults in a row after which the rest of the pass waits for the next one. */
const PATIENCE = 3;

const MADE_BEFORE: Outcome<never> = { ok: false, fault: new Fault('conflict', 'The folder is there already.') };

export async function runPlan(
  lane: Lane,
  operations: readonly Operation[],
  tasks: readonly TaskRow[],
): Promise<RunResult> {
  const runner = new Runner(lane, operations, tasks);
  await runner.run();
  return runner.result();
}

class Runner {
  readonly #lane: Lane;
  readonly #operations: readonly Operation[];
  readonly #tasks = new Map<string, TaskRow>();
  readonly #finished = new Map<string, 'done' | 'not-done'>();
  #done = 0;
  #agreed = 0;
  #stale = 0;
  #failed = 0;
  #networkFaults = 0;
  #fatal: Fault | null = null;
  #total = 0;
  #paced = 0;
  /** Dropbox has told of changes that the plan does not know. */
  #hasNews = false;
  /** Effects that wait to be recorded. */
  readonly #ready: {
    readonly record: () => void;
    readonly resolve: () => void;
    readonly reject: (error: unknown) => void;
  }[] = [];

  constructor(lane: Lane, operations: readonly Operation[], tasks: readonly TaskRow[]) {
    this.#lane = lane;
    this.#operations = operations;
    for (const task of tasks) this.#tasks.set(task.key, task);
  }

  async run(): Promise<void> {
    await adoptAll(this.#lane, this.#operations, (key) => {
      this.#finished.set(key, 'done');
      this.#agreed++;
    });
    const work = this.#operations.filter((operation) => operation.kind !== 'adopt' && operation.kind !== 'forget');
    this.#total = work.length;
    for (const operation of work) if (operation.held) this.#finished.set(operation.key, 'not-done');
    const free = work.filter((operation) => !operation.held);
    // Reverse goes before all else, but for what waits for a folder to be at its place.
    const reverse = free.filter((operation) => operation.priority === 0);
    await this.#runBackward(reverse.filter((operation) => operation.dependsOn.length === 0));
    await this.#runBlocking(free.filter((operation) => operation.priority === 1));
    await this.#runBackward(reverse.filter((operation) => operation.dependsOn.length > 0));
    const direct = this.#oldestFirst(free.filter((operation) => operation.priority === 2));
    await this.#runDirect(direct);
    const last = free.filter((operation) => operation.priority === 3);
    await this.#runBackward(this.#oldestFirst(last.filter((operation) => operation.kind !== 'remote.link')));
    for (const operation of last) {
      if (operation.kind !== 'remote.link' || !this.#goesOn()) continue;
      await this.#attempt(operation, () => this.#directEffect(operation));
    }
    if (this.#fatal) throw this.#fatal;
  }

  result(): RunResult {
    return {
      done: this.#done,
      agreed: this.#agreed,
      stale: this.#stale,
      failed: this.#failed,
      held: this.#operations.filter((operation) => operation.held).length,
      mustReplan: this.#stale > 0 || this.#lane.rescan,
    };
  }

  /** FIFO of folder checks: the folder unexamined for longest goes first; within a folder the plan's order stays. */
  #oldestFirst(operations: readonly Operation[]): Operation[] {
    const checked = new Map<string, number>();
    const age = (operation: Operation): number => {
      const folder = parentPath(operation.path);
      const known = checked.get(folder);
      if (known !== undefined) return known;
      const time = this.#lane.parts.store.lastChecked(folder);
      checked.set(folder, time);
      return time;
    };
    return operations
      .map((operation) => ({ operation, age: age(operation) }))
      .sort((a, b) => a.age - b.age)
      .map((one) => one.operation);
  }

  // ---------------------------------------------------------------- one priority after the other

  async #runBlocking(operations: readonly Operation[]): Promise<void> {
    for (let at = 0; at < operations.length && this.#goesOn();) {
      const folders = takeWhileKind(operations, at, 'remote.folder');
      if (folders.length > 0) {
        await this.#makeRemoteFolders(folders);
        at += folders.length;
        continue;
      }
      const operation = operations[at++]!;
      if (operation.kind === 'remote.delete') await this.#deleteRemote([operation]);
      else if (operation.direction === 'direct') await this.#attempt(operation, () => this.#directEffect(operation));
      else await this.#attempt(operation, () => this.#lane.parts.gate.effect(() => this.#backwardEffect(operation)));
    }
  }

  async #runDirect(operations: readonly Operation[]): Promise<void> {
    const uploads = operations.filter((operation) => operation.kind === 'remote.upload');
    const deletes = operations.filter((operation) => operation.kind === 'remote.delete');
    for (const operation of operations) {
      if (!this.#goesOn()) return;
      if (operation.kind === 'remote.copy' || operation.kind === 'remote.restore') {
        await this.#attempt(operation, () => this.#directEffect(operation));
      }
    }
    if (this.#goesOn()) await this.#upload(uploads);
    if (this.#goesOn()) await this.#deleteRemote(deletes);
  }

  async #runBackward(operations: readonly Operation[]): Promise<void> {
    const downloads = operations.filter((operation) => operation.kind === 'local.download');
    const others = operations.filter((operation) => operation.kind !== 'local.download');
    const isLarge = (operation: Of<'local.download'>) => operation.size > LARGE;
    // Large documents do not hold up small ones.
    await Promise.all([
      this.#downloadSmall(downloads.filter((operation) => !isLarge(operation))),
      this.#downloadAll(downloads.filter(isLarge), LARGE_DOWNLOADS_AT_ONCE),
    ]);
    for (const operation of others) {
      if (!this.#goesOn()) return;
      await this.#attempt(operation, () => this.#lane.parts.gate.effect(() => this.#backwardEffect(operation)));
    }
  }

  /** Many from one folder come together, the rest one by one. */
  async #downloadSmall(downloads: readonly Of<'local.download'>[]): Promise<void> {
    const { store } = this.#lane.parts;
    const arrived = new Set<string>();
    const bundles = this.#lane.cloud.contentsOf === undefined ? [] : bundlesOf(store, this.#lane, downloads);
    await fetchBundles(
      this.#lane,
      bundles,
      async (some) => {
        for (const { operation } of some) arrived.add(operation.key);
        const started = store.batch(() => some.filter(({ operation }) => this.#mayStart(operation)));
        await Promise.all(
          started.map(({ operation, content }) => this.#settle(operation, () => this.#download(operation, content))),
        );
      },
      () => this.#goesOn(),
    );
    await this.#downloadAll(
      downloads.filter(({ key }) => !arrived.has(key)),
      DOWNLOADS_AT_ONCE,
    );
  }

  async #downloadAll(downloads: readonly Of<'local.download'>[], atOnce: number): Promise<void> {
    const { store } = this.#lane.parts;
    const waiting = [...downloads];
    const started: Of<'local.download'>[] = [];
    // A few at a time are noted as begun, in one transaction.
    const next = (): Of<'local.download'> | undefined => {
      while (started.length === 0 && waiting.length > 0) {
        const some = waiting.splice(0, atOnce);
        started.push(...store.batch(() => some.filter((operation) => this.#mayStart(operation))));
      }
      return started.shift();
    };
    const lane = async () => {
      for (let one = this.#goesOn() ? next() : undefined; one; one = this.#goesOn() ? next() : undefined) {
        const operation = one;
        await this.#settle(operation, () => this.#download(operation));
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, downloads.length) }, lane));
    for (const { key } of started) this.#update(this.#tasks.get(key)!, { state: 'planned' });
  }

  #directEffect(operation: Operation): Promise<Done> {
    switch (operation.kind) {
      case 'remote.move':
        return moveRemote(this.#lane, operation);
      case 'remote.copy':
        return copyRemote(this.#lane, operation);
      case 'remote.restore':
        return restoreRemote(this.#lane, operation);
      case 'remote.link':
        return linkRemote(this.#lane, operation);
      default:
        throw new Fault('internal', `No direct effect for ${operation.kind}.`);
    }
  }

  async #backwardEffect(operation: Operation): Promise<void> {
    const done = await this.#backward(operation);
    if (done.checked !== true) await this.#lane.parts.disk.check();
    this.#succeed(operation, done);
  }

  async #backward(operation: Operation): Promise<Done> {
    switch (operation.kind) {
      case 'local.folder':
        return makeLocalFolder(this.#lane, operation);
      case 'local.move':
        return moveLocal(this.#lane, operation);
      case 'local.trash':
        return trashLocal(this.#lane, operation);
      case 'local.link':
        return linkLocal(this.#lane, operation);
      default:
        throw new Fault('internal', `No backward effect for ${operation.kind}.`);
    }
  }

  async #download(operation: Of<'local.download'>, content: Uint8Array | null = null): Promise<void> {
    const temp = await fetchContent(this.#lane, operation, content);
    await this.#lane.parts.gate.effect(async () => {
      const done = await placeContent(this.#lane, operation, temp);
      await this.#recordSoon(() => this.#succeed(operation, done));
    });
  }

  /** In one transaction with what else has become ready in the same turn of the event loop. */
  #recordSoon(record: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#ready.push({ record, resolve, reject });
      if (this.#ready.length === 1) void giveWay(this.#lane.parts).then(() => this.#recordReady());
    });
  }

  #recordReady(): void {
    const ready = this.#ready.splice(0, rowsAtOnce(this.#lane.parts));
    if (this.#ready.length > 0) void giveWay(this.#lane.parts).then(() => this.#recordReady());
    const outcomes: (() => void)[] = [];
    try {
      this.#lane.parts.store.batch(() => {
        for (const { record, resolve, reject } of ready) {
          try {
            record();
            outcomes.push(resolve);
          } catch (error) {
            outcomes.push(() => reject(error));
          }
        }
      });
    } catch (error) {
      for (const { reject } of ready) reject(error);
      return;
    }
    for (const outcome of outcomes) outcome();
  }

  // ---------------------------------------------------------------- batches

  async #makeRemoteFolders(operations: readonly Of<'remote.folder'>[]): Promise<void> {
    const ready: Of<'remote.folder'>[] = [];
    const inBatch = new Set<string>();
    const { parts, cloud } = this.#lane;
    await inBatches(parts, operations, (some) =>
      parts.store.batch(() => {
        for (const operation of some) {
          if (!this.#mayStart(operation, inBatch)) continue;
          inBatch.add(operation.key);
          ready.push(operation);
        }
      }),
    );
    if (ready.length === 0) return;
    const outcomes = await this.#guarded(ready, () =>
      cloud.createFolders(ready.map((operation) => operation.remotePath)),
    );
    if (!outcomes) return;
    // One that failed was made all the same on the way to a folder below it.
    const byTheWay = foldersAbove(ready.flatMap(({ remotePath }, index) => (outcomes[index]!.ok ? [remotePath] : [])));
    for (const [index, operation] of ready.entries()) {
      await this.#pace();
      await this.#settle(operation, async () => {
        if (this.#waits(operation)) throw new Fault('busy', 'The folder above was not made.', { retryable: true });
        const outcome = outcomes[index]!;
        const wasMade = !outcome.ok && byTheWay.has(operation.remotePath);
        return recordFolder(this.#lane, operation, wasMade ? MADE_BEFORE : outcome);
      });
    }
  }

  async #upload(operations: readonly Of<'remote.upload'>[]): Promise<void> {
    for (let start = 0; start < operations.length && this.#goesOn(); start += UPLOADS_AT_ONCE) {
      await this.#uploadSome(operations.slice(start, start + UPLOADS_AT_ONCE));
    }
  }

  async #uploadSome(operations: readonly Of<'remote.upload'>[]): Promise<void> {
    const requests: UploadRequest[] = [];
    const ready: Of<'remote.upload'>[] = [];
    const { store } = this.#lane.parts;
    await inBatches(this.#lane.parts, operations, (some) =>
      store.batch(() => {
        for (const operation of some) {
          if (!this.#mayStart(operation)) continue;
          try {
            requests.push(uploadRequest(this.#lane, operation));
            ready.push(operation);
          } catch (error) {
            this.#fail(operation, error);
          }
        }
      }),
    );
    if (ready.length === 0) return;
    const record = (index: number, outcome: Outcome<RemoteEntry>): void => {
      const operation = ready[index]!;
      this.#settleNow(operation, () => recordUpload(this.#lane, operation, valueOf(outcome)));
    };
    await this.#guarded(ready, () =>
      this.#lane.cloud.upload(requests, {
        settled: record,
        settledTogether: (results) =>
          inBatches(this.#lane.parts, results, (some) =>
            store.batch(() => {
              for (const [index, outcome] of some) record(index, outcome);
            }),
          ),
        sent: (_index, bytes) => {
          this.#lane.tally.bytesUp += bytes;
          this.#progress();
        },
        ...(this.#lane.options.signal ? { signal: this.#lane.options.signal } : {}),
        ...(this.#lane.options.others ? { others: this.#lane.options.others } : {}),
      }),
    );
  }

  async #deleteRemote(operations: readonly Of<'remote.delete'>[]): Promise<void> {
    const ready: Of<'remote.delete'>[] = [];
    for (const operation of operations) {
      await this.#pace();
      if (!this.#mayStart(operation)) continue;
      try {
        await expectStillGone(this.#lane, operation);
        ready.push(operation);
      } catch (error) {
        this.#fail(operation, error);
      }
    }
    if (ready.length === 0) return;
    const outcomes = await this.#guarded(ready, async () => {
      await this.#lane.parts.disk.check();
      await this.#expectSeen(ready);
      return this.#lane.cloud.remove(ready.map((operation) => ({ id: operation.remoteId, rev: operation.rev })));
    });
    if (!outcomes) return;
    for (const [index, operation] of ready.entries()) {
      await this.#pace();
      this.#settleNow(operation, () => recordDelete(operation, outcomes[index]!));
    }
  }

  /**
   * A folder goes with all it holds: nothing may have come into it since the plan was made. What one deletion has found
   * out counts for all that follow: the feed tells it once.
   */
  async #expectSeen(operations: readonly Of<'remote.delete'>[]): Promise<void> {
    if (operations.every((operation) => operation.entryKind === 'file')) return;
    const { parts, client, cloud } = this.#lane;
    for (let more = true; more && !this.#hasNews;) {
      const page = await cloud.changes(parts.store.feed(client.id).cursor);
      this.#hasNews = (await applyPage(parts, client, page)) > 0;
      more = page.hasMore;
    }
    if (this.#hasNews) throw new Fault('conflict', 'Dropbox has changed since the plan was made.');
  }

  /** Room for others after some rows, where they are not written in batches. */
  async #pace(): Promise<void> {
    if (++this.#paced % rowsAtOnce(this.#lane.parts) === 0) await giveWay(this.#lane.parts);
  }

  // ---------------------------------------------------------------- one task

  async #attempt(operation: Operation, work: () => Promise<Done | void>): Promise<void> {
    await this.#pace();
    if (!this.#mayStart(operation)) return;
    await this.#settle(operation, work);
  }

  async #settle(operation: Operation, work: () => Promise<Done | void>): Promise<void> {
    try {
      const done = await work();
      if (done) this.#succeed(operation, done);
    } catch (error) {
      this.#fail(operation, error);
    }
  }

  #settleNow(operation: Operation, work: () => Done): void {
    try {
      this.#succeed(operation, work());
    } catch (error) {
      this.#fail(operation, error);
    }
  }

  /** One call for many: its failure is the failure of each that has no result yet. */
  async #guarded<T>(operations: readonly Operation[], call: () => Promise<T>): Promise<T | null> {
    try {
      return await call();
    } catch (error) {
      for (const operation of operations) if (!this.#finished.has(operation.key)) this.#fail(operation, error);
      return null;
    }
  }

  #mayStart(operation: Operation, alsoDone?: ReadonlySet<string>): boolean {
    const task = this.#tasks.get(operation.key);
    if (!task) return false;
    if (this.#waits(operation, alsoDone)) {
      this.#finished.set(operation.key, 'not-done');
      this.#update(task, { state: 'blocked' });
      return false;
    }
    if (!this.#isDue(task)) {
      this.#finished.set(operation.key, 'not-done');
      this.#failed++;
      return false;
    }
    // Before the effect: a version that got its name and no record, as the program died, is in the list all the same.
    const conflict = conflictOf(this.#lane, operation);
    if (conflict.length > 0) this.#lane.parts.store.record(this.#lane.client.id, conflict);
    this.#update(task, { state: 'running' });
    return true;
  }

  #waits(operation: Operation, alsoDone?: ReadonlySet<string>): boolean {
    return operation.dependsOn.some((key) => this.#finished.get(key) !== 'done' && !alsoDone?.has(key));
  }

  #isDue(task: TaskRow): boolean {
    if (this.#lane.failed.has(task.key)) return false;
    return this.#lane.options.ignoreBackoff === true || untilDue(task, this.#lane.parts.clock.now()) === 0;
  }

  #succeed(operation: Operation, done: Done): void {
    const task = this.#tasks.get(operation.key)!;
    const { store } = this.#lane.parts;
    const update: TaskUpdate = {
      state: 'done',
      error: null,
      errorCode: null,
      nextAttempt: null,
      bytesDone: done.bytes ?? 0,
      ...(done.doubtful === true ? { doubtful: true } : {}),
    };
    store.record(this.#lane.client.id, done.effects, {
      taskId: task.id,
      update,
      log: logOf(this.#lane, operation, store.task(task.id) ?? task, done),
    });
    done.count(this.#lane.tally);
    this.#countConflict(operation);
    this.#finished.set(operation.key, 'done');
    this.#done++;
    this.#networkFaults = 0;
    this.#reportTask(task);
    this.#progress();
  }

  #countConflict({ key }: Operation): void {
    const { conflicts, told, tally } = this.#lane;
    const found = conflicts.get(key);
    if (!found || told.has(found.copyPath)) return;
    told.add(found.copyPath);
    tally.conflicts++;
  }

  #fail(operation: Operation, error: unknown): void {
    const fault = toFault(error);
    const task = this.#tasks.get(operation.key)!;
    const { clock, random, store } = this.#lane.parts;
    this.#finished.set(operation.key, 'not-done');
    const update = afterFault(fault, task.attempts, clock.now(), random());
    store.batch(() => {
      store.updateTask(task.id, update);
      if (update.state !== 'stale') store.log(this.#failure(operation, fault, update));
    });
    if (isStale(fault.code)) {
      this.#stale++;
      if (operation.direction === 'backward' || fault.code === 'gone' || fault.code === 'changed')
        this.#lane.rescan = true;
    } else {
      this.#failed++;
      this.#lane.failed.add(operation.key);
    }
    if (fault.code === 'network') this.#networkFaults++;
    if (endsPass(fault.code)) this.#fatal ??= fault;
    this.#reportTask(task);
  }

  #failure(operation: Operation, fault: Fault, update: TaskUpdate): LogEntry {
    return {
      level: update.state === 'failed' ? 'error' : 'warning',
      clientId: this.#lane.client.id,
      direction: operation.direction,
      kind: operation.kind,
      path: operation.path,
      bytes: null,
      duration: null,
      result: update.state === 'failed' ? 'failed' : 'retry',
      reason: fault.message,
    };
  }

  #goesOn(): boolean {
    if (this.#lane.options.signal?.aborted) return false;
    return this.#fatal === null && this.#networkFaults < PATIENCE;
  }

  #update(task: TaskRow, update: TaskUpdate): void {
    this.#lane.parts.store.updateTask(task.id, update);
    this.#reportTask(task);
  }

  #reportTask(task: TaskRow): void {
    const report = this.#lane.options.report;
    if (!report) return;
    const row = this.#lane.parts.store.task(task.id);
    if (row) report({ kind: 'task', task: row });
  }

  #progress(): void {
    this.#lane.options.report?.({
      kind: 'progress',
      clientId: this.#lane.client.id,
      done: this.#done,
      total: this.#total,
      bytesUp: this.#lane.tally.bytesUp,
      bytesDown: this.#lane.tally.bytesDown,
    });
  }
}

function takeWhileKind(operations: readonly Operation[], from: number, kind: 'remote.folder'): Of<'remote.folder'>[] {
  const taken: Of<'remote.folder'>[] = [];
  for (let at = from; at < operations.length; at++) {
    const operation = operations[at]!;
    if (operation.kind !== kind) break;
    taken.push(operation);
  }
  return taken;
}

function foldersAbove(paths: readonly RelPath[]): Set<RelPath> {
  const found = new Set<RelPath>();
  for (const path of paths) {
    for (let above = parentPath(path); above !== '' && !found.has(above); above = parentPath(above)) found.add(above);
  }
  return found;
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw outcome.fault;
}

function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Fault('internal', `An unexpected error: ${message}`, { cause: error });
}
