// Runs a plan: the blocking tasks one after another, then direct, then backward (SYNC.md §5).
// In: a lane, the operations of a plan and their rows in the queue. Out: whether anything was done, and whether the
// world turned out to be other than planned. Called by pass.ts.

import type { Operation, RemoteEntry } from '../sync/model.ts';
import { inBatches } from './batches.ts';
import { adoptAll } from './bookkeeping.ts';
import { Downloads } from './downloads.ts';
import { expectStillLeftAlone, makeLocalFolder, moveLocal, trashLocal } from './effects-backward.ts';
import {
  copyRemote,
  expectStillGone,
  linkRemote,
  moveRemote,
  recordDelete,
  recordFolder,
  recordMove,
  recordUpload,
  restoreRemote,
  uploadRequest,
} from './effects-direct.ts';
import { bringBytesOfMoved } from './leaving.ts';
import { linkLocal } from './links-here.ts';
import { applyPage } from './observe.ts';
import { remoteEntry, type Done, type Lane } from './lane.ts';
import { Fault, type Outcome, type TaskRow, type UploadRequest } from './ports.ts';
import { TaskRun, type RunResult } from './task-run.ts';
import { parentPath, type RelPath } from '../../src-shared/domain.ts';
import { nameKey } from '../../src-shared/names.ts';

type Of<K extends Operation['kind']> = Extract<Operation, { kind: K }>;

/** Uploads that are handed over together; whole commits of the cloud. */
const UPLOADS_AT_ONCE = 4_000;
/** Fewer moves than this are as fast one by one; more than this take too long for one answer. */
const MOVES_LEAST = 3;
const MOVES_AT_ONCE = 200;
const MADE_BEFORE: Outcome<never> = { ok: false, fault: new Fault('conflict', 'The folder is there already.') };

export async function runPlan(
  lane: Lane,
  operations: readonly Operation[],
  tasks: readonly TaskRow[],
): Promise<RunResult> {
  const run = new TaskRun(lane, tasks);
  await new Runner(lane, run).work(operations);
  return run.end();
}

class Runner {
  readonly #lane: Lane;
  readonly #run: TaskRun;
  readonly #downloads: Downloads;
  /** Dropbox has told of changes that the plan does not know. */
  #hasNews = false;

  constructor(lane: Lane, run: TaskRun) {
    this.#lane = lane;
    this.#run = run;
    this.#downloads = new Downloads(lane, run);
  }

  async work(operations: readonly Operation[]): Promise<void> {
    this.#run.agreedAt = await adoptAll(this.#lane, operations, (key) => this.#run.agree(key));
    const free = this.#run.expect(operations.filter(({ kind }) => kind !== 'adopt' && kind !== 'forget'));
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
      if (operation.kind !== 'remote.link' || !this.#run.goesOn()) continue;
      await this.#run.attempt(operation, () => this.#directEffect(operation));
    }
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
    for (let at = 0; at < operations.length && this.#run.goesOn();) {
      const folders = takeWhileKind(operations, at, 'remote.folder');
      if (folders.length > 0) {
        await this.#makeRemoteFolders(folders);
        at += folders.length;
        continue;
      }
      const moves = independentMoves(operations, at);
      if (moves.length >= MOVES_LEAST) {
        await this.#moveRemote(moves);
        at += moves.length;
        continue;
      }
      const operation = operations[at++]!;
      if (operation.kind === 'remote.delete') await this.#deleteRemote([operation]);
      else if (operation.direction === 'direct')
        await this.#run.attempt(operation, () => this.#directEffect(operation));
      else await this.#attemptBackward(operation);
    }
  }

  async #runDirect(operations: readonly Operation[]): Promise<void> {
    const uploads = operations.filter((operation) => operation.kind === 'remote.upload');
    const deletes = operations.filter((operation) => operation.kind === 'remote.delete');
    for (const operation of operations) {
      if (!this.#run.goesOn()) return;
      if (operation.kind === 'remote.copy' || operation.kind === 'remote.restore') {
        await this.#run.attempt(operation, () => this.#directEffect(operation));
      }
    }
    if (this.#run.goesOn()) await this.#upload(uploads);
    if (this.#run.goesOn()) await this.#deleteRemote(deletes);
  }

  async #runBackward(operations: readonly Operation[]): Promise<void> {
    const downloads = operations.filter((operation) => operation.kind === 'local.download');
    const others = operations.filter((operation) => operation.kind !== 'local.download');
    await this.#downloads.all(downloads);
    for (const operation of others) {
      if (!this.#run.goesOn()) return;
      await this.#attemptBackward(operation);
    }
  }

  async #attemptBackward(operation: Operation): Promise<void> {
    await this.#run.attempt(operation, async () => {
      await bringBytesOfMoved(this.#lane, operation);
      if (operation.kind === 'local.trash') await expectStillLeftAlone(this.#lane, operation);
      await this.#lane.parts.gate.effect(() => this.#backwardEffect(operation));
    });
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
    this.#run.succeed(operation, done);
    const effects = (await done.takenBack?.()) ?? [];
    if (effects.length === 0) return;
    this.#lane.parts.store.record(this.#lane.client.id, effects);
    this.#lane.rescan = true;
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

  // ---------------------------------------------------------------- batches

  async #makeRemoteFolders(operations: readonly Of<'remote.folder'>[]): Promise<void> {
    const ready: Of<'remote.folder'>[] = [];
    const inBatch = new Set<string>();
    const { parts, cloud } = this.#lane;
    await inBatches(parts, operations, (some) =>
      parts.store.batch(() => {
        for (const operation of some) {
          if (!this.#run.mayStart(operation, inBatch)) continue;
          inBatch.add(operation.key);
          ready.push(operation);
        }
      }),
    );
    if (ready.length === 0) return;
    const outcomes = await this.#run.guarded(ready, () =>
      cloud.createFolders(ready.map((operation) => operation.remotePath)),
    );
    if (!outcomes) return;
    // One that failed was made all the same on the way to a folder below it.
    const byTheWay = foldersAbove(ready.flatMap(({ remotePath }, index) => (outcomes[index]!.ok ? [remotePath] : [])));
    for (const [index, operation] of ready.entries()) {
      await this.#run.pace();
      await this.#run.settle(operation, async () => {
        if (this.#run.waits(operation)) throw new Fault('busy', 'The folder above was not made.', { retryable: true });
        const outcome = outcomes[index]!;
        const wasMade = !outcome.ok && byTheWay.has(operation.remotePath);
        return recordFolder(this.#lane, operation, wasMade ? MADE_BEFORE : outcome);
      });
    }
  }

  async #upload(operations: readonly Of<'remote.upload'>[]): Promise<void> {
    for (let start = 0; start < operations.length && this.#run.goesOn(); start += UPLOADS_AT_ONCE) {
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
          if (!this.#run.mayStart(operation)) continue;
          try {
            requests.push(uploadRequest(this.#lane, operation));
            ready.push(operation);
          } catch (error) {
            this.#run.fail(operation, error);
          }
        }
      }),
    );
    if (ready.length === 0) return;
    const record = (index: number, outcome: Outcome<RemoteEntry>): void => {
      const operation = ready[index]!;
      this.#run.settleNow(operation, () => recordUpload(this.#lane, operation, valueOf(outcome)));
    };
    await this.#run.guarded(ready, () =>
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
          this.#run.progress();
        },
        ...(this.#lane.options.signal ? { signal: this.#lane.options.signal } : {}),
        ...(this.#lane.options.others ? { others: this.#lane.options.others } : {}),
      }),
    );
  }

  async #moveRemote(operations: readonly Of<'remote.move'>[]): Promise<void> {
    const ready: (readonly [Of<'remote.move'>, RemoteEntry])[] = [];
    for (const operation of operations) {
      await this.#run.pace();
      if (!this.#run.mayStart(operation)) continue;
      try {
        ready.push([operation, remoteEntry(this.#lane, operation.remoteId)]);
      } catch (error) {
        this.#run.fail(operation, error);
      }
    }
    if (ready.length === 0) return;
    const outcomes = await this.#run.guarded(
      ready.map(([operation]) => operation),
      () => this.#lane.cloud.moveAll(ready.map(([{ remoteId: id, remotePath: to }]) => ({ id, to }))),
    );
    if (!outcomes) return;
    for (const [index, [operation, before]] of ready.entries()) {
      await this.#run.pace();
      this.#run.settleNow(operation, () => recordMove(this.#lane, operation, before, valueOf(outcomes[index]!)));
    }
  }

  async #deleteRemote(operations: readonly Of<'remote.delete'>[]): Promise<void> {
    const ready: Of<'remote.delete'>[] = [];
    for (const operation of operations) {
      await this.#run.pace();
      if (!this.#run.mayStart(operation)) continue;
      try {
        await expectStillGone(this.#lane, operation);
        ready.push(operation);
      } catch (error) {
        this.#run.fail(operation, error);
      }
    }
    if (ready.length === 0) return;
    const outcomes = await this.#run.guarded(ready, async () => {
      await this.#lane.parts.disk.check();
      await this.#expectSeen(ready);
      return this.#lane.cloud.remove(ready.map((operation) => ({ id: operation.remoteId, rev: operation.rev })));
    });
    if (!outcomes) return;
    for (const [index, operation] of ready.entries()) {
      await this.#run.pace();
      this.#run.settleNow(operation, () => recordDelete(operation, outcomes[index]!));
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
}

/**
 * The moves that follow each other from there on and do not touch each other: none waits for another, and no place that
 * one leaves or takes is, holds or lies in one of another.
 */
function independentMoves(operations: readonly Operation[], from: number): Of<'remote.move'>[] {
  const taken: Of<'remote.move'>[] = [];
  const keys = new Set<string>();
  const places = new Set<RelPath>();
  const above = new Set<RelPath>();
  for (let at = from; at < operations.length && taken.length < MOVES_AT_ONCE; at++) {
    const operation = operations[at]!;
    if (operation.kind !== 'remote.move' || operation.aside || operation.respell) break;
    if (operation.dependsOn.some((key) => keys.has(key))) break;
    const own = [operation.fromPath, operation.remotePath].map((path) => nameKey(path) as RelPath);
    const ownAbove = foldersAbove(own);
    if (own.some((path) => places.has(path) || above.has(path))) break;
    if ([...ownAbove].some((path) => places.has(path))) break;
    for (const path of own) places.add(path);
    for (const path of ownAbove) above.add(path);
    keys.add(operation.key);
    taken.push(operation);
  }
  return taken;
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
