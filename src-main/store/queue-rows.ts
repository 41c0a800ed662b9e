// The persisted queue: the plan as rows that keep their attempts and back-off from plan to plan (SYNC.md §1, §5).
// Called by sync-store.ts and the listings.

import { assertNever, type ClientId, type Direction, type RelPath, type TaskState } from '../../src-shared/domain.ts';
import type { FaultCode, Interrupted, StandingProblem, TaskRow, TaskUpdate } from '../engine/ports.ts';
import type { Operation } from '../sync/model.ts';
import type { Db } from './database.ts';

export interface QueueRow {
  readonly id: number;
  readonly client_id: ClientId;
  readonly key: string;
  readonly kind: string;
  readonly direction: Direction;
  readonly priority: number;
  readonly path: RelPath;
  readonly from_path: RelPath | null;
  readonly reason: string;
  readonly state: TaskState;
  readonly attempts: number;
  readonly next_attempt: number | null;
  readonly error: string | null;
  readonly error_code: FaultCode | null;
  readonly bytes: number;
  readonly bytes_done: number;
  readonly planned_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  /** JSON of the operation; null for standing problems. */
  readonly operation: string | null;
  /** How many more times its effect is looked for, where it may have had one without a record. */
  readonly looks: number;
}

/** Columns of one task as the plan gives them. */
export interface Wanted {
  readonly key: string;
  readonly kind: string;
  readonly direction: Direction;
  readonly priority: number;
  readonly path: RelPath;
  readonly fromPath: RelPath | null;
  readonly reason: string;
  readonly bytes: number;
  readonly operation: string | null;
  readonly fresh: 'planned' | 'blocked' | 'held' | 'failed';
  readonly error: string | null;
}

/** Finished tasks that stay to be looked at, over all clients; the log keeps the whole history. */
const KEPT_FINISHED = 5000;
/** Dropbox's change feed may tell of an upload with delay, and of a move in two parts. */
const LOOKS = 3;
/** What makes something in Dropbox is looked for where it was sent and nobody knows what became of it. */
const IS_SENT = `kind IN ('remote.upload', 'remote.folder')`;

/**
 * Documents that the held deletion of a row of `queue` is about: of a folder those below it, and at least one, for a
 * folder without any. Its operation covers entries here by number, or those of Dropbox by id.
 */
export const HELD_DOCUMENTS = `max(1, (
  SELECT count(*) FROM json_each(queue.operation, '$.covers') AS covered
  WHERE EXISTS (SELECT 1 FROM entries WHERE queue.kind = 'local.trash' AND id = covered.value AND kind = 'file')
    OR EXISTS (SELECT 1 FROM remote WHERE queue.kind = 'remote.delete' AND client_id = queue.client_id
      AND id = covered.value AND kind = 'file')))`;

export interface PutTask {
  readonly row: TaskRow;
  readonly wasHeld: boolean;
}

export type QueueRows = ReturnType<typeof createQueueRows>;

export function createQueueRows(db: Db, now: () => number) {
  const byId = db.prepare<[number], QueueRow>('SELECT * FROM queue WHERE id = ?');
  const live = db.prepare<[number], QueueRow>(
    'SELECT * FROM queue WHERE client_id = ? + 0 AND live = 1 ORDER BY position',
  );
  const started = db.prepare<[number, number], { id: number; operation: string }>(
    `SELECT id, operation FROM (
       SELECT id, operation, position FROM queue WHERE client_id = ? + 0 AND live = 1
         AND state IN ('running', 'retry', 'failed') AND started_at IS NOT NULL AND operation IS NOT NULL
       UNION SELECT id, operation, position FROM queue WHERE client_id = ? + 0 AND looks > 0)
     ORDER BY position, id`,
  );
  const settled = db.prepare('UPDATE queue SET looks = 0 WHERE id = ?');
  const lookedInVain = db.prepare('UPDATE queue SET looks = looks - 1 WHERE id = ? AND looks > 0 AND live = 0');
  const heldRows = db.prepare<[number], { operation: string }>(
    `SELECT operation FROM queue
     WHERE client_id = ? + 0 AND live = 1 AND state = 'held' AND operation IS NOT NULL ORDER BY position`,
  );
  const insert = db.prepare<[object], QueueRow>(`
    INSERT INTO queue (client_id, key, kind, direction, priority, position, path, from_path, reason, state, error,
      bytes, operation, planned_at)
    VALUES (@client, @key, @kind, @direction, @priority, @position, @path, @fromPath, @reason, @fresh, @error,
      @bytes, @operation, @now) RETURNING *`);
  const refresh = db.prepare<[object], QueueRow>(`
    UPDATE queue SET kind = @kind, direction = @direction, priority = @priority, position = @position, path = @path,
      from_path = @fromPath, reason = @reason, bytes = @bytes, operation = @operation, state = @state, error = @error,
      looks = @looks
    WHERE id = @id RETURNING *`);
  const byKey = db.prepare<[number, string], QueueRow>(
    'SELECT * FROM queue WHERE client_id = ? AND key = ? AND live = 1',
  );
  const lastPosition = db.prepare<[number], { position: number | null }>(
    'SELECT max(position) AS position FROM queue WHERE client_id = ? + 0 AND live = 1',
  );
  const retire = db.prepare(`UPDATE queue SET state = 'stale', finished_at = ?, looks = ? WHERE id = ?`);
  const retireBefore = db.prepare(`
    UPDATE queue SET state = 'stale', finished_at = @now, looks = iif(state = 'running' AND ${IS_SENT}, ${LOOKS}, looks)
    WHERE id IN (
      SELECT id FROM queue WHERE client_id = @client AND live = 1 AND position < @position LIMIT @limit + 0)`);
  const prune = db.prepare(`
    DELETE FROM queue WHERE id IN (SELECT id FROM queue WHERE live = 0 AND looks = 0 AND finished_at <
      (SELECT finished_at FROM queue WHERE live = 0 ORDER BY finished_at DESC LIMIT 1 OFFSET ${KEPT_FINISHED}) LIMIT ? + 0)`);
  const update = db.prepare<[object], QueueRow>(`
    UPDATE queue SET state = @state, attempts = @attempts, next_attempt = @nextAttempt, error = @error,
      error_code = @errorCode, bytes_done = @bytesDone, started_at = @startedAt, finished_at = @finishedAt,
      looks = @looks
    WHERE id = @id RETURNING *`);

  return {
    task: (id: number): TaskRow | null => {
      const row = byId.get(id);
      return row === undefined ? null : toTaskRow(row);
    },

    open: (client: ClientId): TaskRow[] => live.all(client).map(toTaskRow),

    held: (client: ClientId): Operation[] =>
      heldRows.all(client).map(({ operation }) => JSON.parse(operation) as Operation),

    /** Operations that were started and have no result, in the order of the plan. */
    interrupted: (client: ClientId): Interrupted[] =>
      started.all(client, client).map(({ id, operation }) => ({
        taskId: id,
        // Written by this program alone, by `replace`.
        operation: JSON.parse(operation) as Operation,
      })),

    lookedFor: (id: number, result: 'settled' | 'in-vain'): void =>
      void (result === 'settled' ? settled : lookedInVain).run(id),

    /** Behind everything that is there, so that a new plan can be told from the one before. */
    nextPosition: (client: ClientId): number => (lastPosition.get(client)?.position ?? -1) + 1,

    /** A task with the same key keeps its row, attempts and back-off. Answers which of them were held before, too. */
    put(client: ClientId, tasks: readonly Wanted[], from: number, time: number): PutTask[] {
      return tasks.map((task, index) => {
        const position = from + index;
        const row = byKey.get(client, task.key);
        const wasHeld = row?.state === 'held';
        // What failed was another content or place: this is new work and need not wait.
        const isOther = row !== undefined && isOtherWork(row, task);
        if (isOther) retire.run(time, looksOf(row), row.id);
        if (row === undefined || isOther) {
          return { row: toTaskRow(insert.get({ client, ...task, position, now: time })!), wasHeld };
        }
        const state = stateOf(row, task);
        const error = task.error ?? row.error;
        const values = { ...task, id: row.id, position, state, error, looks: looksOf(row) };
        return { row: toTaskRow(refresh.get(values)!), wasHeld };
      });
    },

    /** Tasks before a position are no longer planned; finished ones beyond what is kept go. True: there may be more. */
    retire(client: ClientId, position: number, limit: number, time: number): boolean {
      if (retireBefore.run({ client, position, limit, now: time }).changes === limit) return true;
      return prune.run(limit).changes === limit;
    },

    /** Answers the task as it is then; null where it is gone. */
    update(id: number, change: TaskUpdate): TaskRow | null {
      const row = byId.get(id);
      if (row === undefined) return null;
      const finished = ['done', 'stale', 'failed'].includes(change.state);
      const started = change.state === 'running' && row.state !== 'running';
      const updated = update.get({
        id,
        state: change.state,
        attempts: change.attempts ?? row.attempts,
        nextAttempt: change.nextAttempt === undefined ? row.next_attempt : change.nextAttempt,
        error: change.error === undefined ? row.error : change.error,
        errorCode: change.errorCode === undefined ? row.error_code : change.errorCode,
        bytesDone: change.bytesDone ?? row.bytes_done,
        startedAt: started ? now() : row.started_at,
        finishedAt: finished ? now() : null,
        looks: looksAfter(row, change),
      });
      return updated === undefined ? null : toTaskRow(updated);
    },
  };
}

/** Another content or another place than the one that was tried. */
function isOtherWork(row: QueueRow, task: Wanted): boolean {
  if (row.attempts === 0 && looksOf(row) === 0) return false;
  if (row.operation === null || task.operation === null) return false;
  const [before, now] = [row.operation, task.operation].map((text) => JSON.parse(text) as WorkShape);
  return before?.hash !== now?.hash || before?.path !== now?.path || before?.remotePath !== now?.remotePath;
}

/** As IS_SENT. */
function isSent({ kind }: QueueRow): boolean {
  return kind === 'remote.upload' || kind === 'remote.folder';
}

/** A task that was running when the program died. */
function looksOf(row: QueueRow): number {
  return row.state === 'running' && isSent(row) ? LOOKS : row.looks;
}

function looksAfter(row: QueueRow, { state, doubtful }: TaskUpdate): number {
  if (!isSent(row)) return 0;
  if (state === 'done') return doubtful === true ? LOOKS : 0;
  return row.state === 'running' && state !== 'running' ? LOOKS : row.looks;
}

interface WorkShape {
  readonly hash?: string;
  readonly path?: string;
  readonly remotePath?: string;
}

/** A waiting or failed task stays so; one that ran when the program died starts over; `held` follows the plan. */
function stateOf(row: QueueRow, task: Wanted): TaskState {
  if (task.fresh === 'held' || task.fresh === 'failed') return task.fresh;
  return row.state === 'retry' || row.state === 'failed' ? row.state : task.fresh;
}

export function wantedOf(operation: Operation): Wanted {
  return {
    key: operation.key,
    kind: operation.kind,
    direction: operation.direction,
    priority: operation.priority,
    path: operation.path,
    fromPath: 'fromPath' in operation ? operation.fromPath : null,
    reason: operation.reason,
    bytes: bytesOf(operation),
    operation: JSON.stringify(operation),
    fresh: operation.held ? 'held' : operation.dependsOn.length > 0 ? 'blocked' : 'planned',
    error: null,
  };
}

export function wantedOfProblem(problem: StandingProblem): Wanted {
  return {
    key: problem.key,
    kind: 'problem',
    direction: 'direct',
    priority: 2,
    path: problem.path,
    fromPath: null,
    reason: problem.code,
    bytes: 0,
    operation: null,
    fresh: 'failed',
    error: problem.message,
  };
}

function bytesOf(operation: Operation): number {
  switch (operation.kind) {
    case 'remote.upload':
    case 'local.download':
      return operation.size;
    case 'adopt':
    case 'forget':
    case 'remote.folder':
    case 'remote.copy':
    case 'remote.move':
    case 'remote.delete':
    case 'remote.restore':
    case 'remote.link':
    case 'local.folder':
    case 'local.link':
    case 'local.move':
    case 'local.trash':
      return 0;
    default:
      return assertNever(operation);
  }
}

export function toTaskRow(row: QueueRow): TaskRow {
  return {
    id: row.id,
    clientId: row.client_id,
    key: row.key,
    kind: row.kind,
    direction: row.direction,
    priority: row.priority,
    path: row.path,
    fromPath: row.from_path,
    reason: row.reason,
    state: row.state,
    attempts: row.attempts,
    nextAttempt: row.next_attempt,
    error: row.error,
    errorCode: row.error_code,
    bytes: row.bytes,
    bytesDone: row.bytes_done,
    plannedAt: row.planned_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
