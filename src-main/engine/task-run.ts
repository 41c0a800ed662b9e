// The tasks of one plan on their way: which may start, what becomes of each, and how many ended how (SYNC.md §5).
// In: a lane and the rows of its queue. Used by runner.ts and downloads.ts, which know in what order and how many at once.

import type { Operation } from '../sync/model.ts';
import { giveWay, rowsAtOnce } from './batches.ts';
import { conflictOf, logOf, type Done, type Lane, type Moment } from './lane.ts';
import { Fault, type LogEntry, type TaskRow, type TaskUpdate } from './ports.ts';
import { afterFault, endsPass, isStale, untilDue } from './retry.ts';

/** Network faults in a row after which the rest of the pass waits for the next one. */
const PATIENCE = 3;

export interface RunResult {
  readonly done: number;
  /** What only the merge base had to learn. */
  readonly agreed: number;
  /** When it had; null where anybody else has changed a row since the plan was made. */
  readonly agreedAt: Moment | null;
  readonly stale: number;
  readonly failed: number;
  readonly held: number;
  /** A task was dropped because the folder or Dropbox has changed: observe and plan again. */
  readonly mustReplan: boolean;
}

export class TaskRun {
  readonly #lane: Lane;
  readonly #tasks = new Map<string, TaskRow>();
  readonly #finished = new Map<string, 'done' | 'not-done'>();
  #done = 0;
  #agreed = 0;
  agreedAt: Moment | null = null;
  #stale = 0;
  #failed = 0;
  #held = 0;
  #networkFaults = 0;
  #fatal: Fault | null = null;
  #total = 0;
  #paced = 0;

  constructor(lane: Lane, tasks: readonly TaskRow[]) {
    this.#lane = lane;
    for (const task of tasks) this.#tasks.set(task.key, task);
  }

  /** What only the merge base had to learn, and has. */
  agree(key: string): void {
    this.#finished.set(key, 'done');
    this.#agreed++;
  }

  /** The work of the plan: what is held waits for a person, the rest is answered. */
  expect(work: readonly Operation[]): readonly Operation[] {
    this.#total = work.length;
    const free = work.filter((operation) => !operation.held);
    for (const operation of work) if (operation.held) this.#finished.set(operation.key, 'not-done');
    this.#held = work.length - free.length;
    return free;
  }

  /** Noted as begun and not begun, as the pass ended before. */
  giveBack({ key }: Operation): void {
    this.#update(this.#tasks.get(key)!, { state: 'planned' });
  }

  /** Throws the fault that ended the pass, where one did. */
  end(): RunResult {
    if (this.#fatal) throw this.#fatal;
    return {
      done: this.#done,
      agreed: this.#agreed,
      agreedAt: this.agreedAt,
      stale: this.#stale,
      failed: this.#failed,
      held: this.#held,
      mustReplan: this.#stale > 0 || this.#lane.rescan,
    };
  }

  /** Room for others after some rows, where they are not written in batches. */
  async pace(): Promise<void> {
    if (++this.#paced % rowsAtOnce(this.#lane.parts) === 0) await giveWay(this.#lane.parts);
  }

  async attempt(operation: Operation, work: () => Promise<Done | void>): Promise<void> {
    await this.pace();
    if (!this.mayStart(operation)) return;
    await this.settle(operation, work);
  }

  async settle(operation: Operation, work: () => Promise<Done | void>): Promise<void> {
    try {
      const done = await work();
      if (done) this.succeed(operation, done);
    } catch (error) {
      this.fail(operation, error);
    }
  }

  settleNow(operation: Operation, work: () => Done): void {
    try {
      this.succeed(operation, work());
    } catch (error) {
      this.fail(operation, error);
    }
  }

  /** One call for many: its failure is the failure of each that has no result yet. */
  async guarded<T>(operations: readonly Operation[], call: () => Promise<T>): Promise<T | null> {
    try {
      return await call();
    } catch (error) {
      for (const operation of operations) if (!this.#finished.has(operation.key)) this.fail(operation, error);
      return null;
    }
  }

  mayStart(operation: Operation, alsoDone?: ReadonlySet<string>): boolean {
    const task = this.#tasks.get(operation.key);
    if (!task) return false;
    if (this.waits(operation, alsoDone)) {
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

  waits(operation: Operation, alsoDone?: ReadonlySet<string>): boolean {
    return operation.dependsOn.some((key) => this.#finished.get(key) !== 'done' && !alsoDone?.has(key));
  }

  #isDue(task: TaskRow): boolean {
    if (this.#lane.failed.has(task.key)) return false;
    return this.#lane.options.ignoreBackoff === true || untilDue(task, this.#lane.parts.clock.now()) === 0;
  }

  succeed(operation: Operation, done: Done): void {
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
    const { task: finished } = store.record(this.#lane.client.id, done.effects, {
      taskId: task.id,
      update,
      log: logOf(this.#lane, operation, store.task(task.id) ?? task, done),
    });
    done.count(this.#lane.tally);
    this.#countConflict(operation);
    this.#finished.set(operation.key, 'done');
    this.#done++;
    this.#networkFaults = 0;
    this.#reportTask(finished);
    this.progress();
  }

  #countConflict({ key }: Operation): void {
    const { conflicts, told, tally } = this.#lane;
    const found = conflicts.get(key);
    if (!found || told.has(found.copyPath)) return;
    told.add(found.copyPath);
    tally.conflicts++;
  }

  fail(operation: Operation, error: unknown): void {
    const fault = toFault(error);
    const task = this.#tasks.get(operation.key)!;
    const { clock, random, store } = this.#lane.parts;
    this.#finished.set(operation.key, 'not-done');
    const update = afterFault(fault, task.attempts, clock.now(), random());
    const failed = store.batch(() => {
      if (update.state !== 'stale') store.log(this.#failure(operation, fault, update));
      return store.updateTask(task.id, update);
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
    this.#reportTask(failed);
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

  goesOn(): boolean {
    if (this.#lane.options.signal?.aborted) return false;
    return this.#fatal === null && this.#networkFaults < PATIENCE;
  }

  #update(task: TaskRow, update: TaskUpdate): void {
    this.#reportTask(this.#lane.parts.store.updateTask(task.id, update));
  }

  #reportTask(task: TaskRow | null): void {
    if (task !== null) this.#lane.options.report?.({ kind: 'task', task });
  }

  progress(): void {
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

function toFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Fault('internal', `An unexpected error: ${message}`, { cause: error });
}
