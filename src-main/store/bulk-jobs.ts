// Jobs of bulk import and export as rows: what is to be copied, what became of it. In: items and outcomes; out: rows and
// sums. Used by bulk/ and by the application service.

import type { ClientId, ContentHash, EntryKind, RelPath } from '../../src-shared/domain.ts';
import type { BulkKind, BulkState } from '../../src-shared/bulk-views.ts';
import { durable, type Db } from './database.ts';

/** Older jobs are forgotten when a new one comes. */
const KEPT = 50;

export type KeptState = Exclude<BulkState, 'interrupted'>;

export interface BulkJob {
  readonly id: number;
  readonly kind: BulkKind;
  readonly client: string | null;
  readonly clientId: ClientId | null;
  readonly sources: readonly string[];
  readonly target: string;
  readonly state: KeptState;
  readonly error: string | null;
  /** Whether all items are known. */
  readonly listed: boolean;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number | null;
}

export interface NewBulkItem {
  readonly kind: EntryKind;
  readonly source: string;
  readonly sourceId: string;
  readonly path: RelPath;
  readonly size: number;
  readonly hash: ContentHash | null;
  /** Left out from the start, and why. */
  readonly skipped?: string;
}

export interface BulkItem extends Omit<NewBulkItem, 'skipped'> {
  readonly position: number;
  readonly final: RelPath | null;
  readonly state: 'planned' | 'done' | 'skipped' | 'failed';
  readonly reason: string | null;
}

export interface BulkOutcome {
  readonly position: number;
  readonly state: 'done' | 'skipped' | 'failed';
  readonly final: RelPath | null;
  readonly reason: string | null;
}

export interface BulkSums {
  readonly total: number;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly left: number;
  readonly bytesTotal: number;
  readonly bytesDone: number;
}

type JobRow = Omit<BulkJob, 'sources' | 'listed'> & { readonly sources: string; readonly listed: 0 | 1 };

export type BulkJobs = ReturnType<typeof createBulkJobs>;

export function createBulkJobs(db: Db, now: () => number) {
  const jobColumns = `SELECT id, kind, client, client_id AS clientId, sources, target, state, error,
    listed, started_at AS startedAt, finished_at AS finishedAt FROM bulk_jobs`;
  const insertJob = db.prepare(`
    INSERT INTO bulk_jobs (kind, client, client_id, sources, target, state, started_at)
    VALUES (@kind, @client, @clientId, @sources, @target, 'preparing', @now)`);
  const forget = db.prepare('DELETE FROM bulk_jobs WHERE id <= ?');
  const remove = db.prepare('DELETE FROM bulk_jobs WHERE id = ?');
  const oneJob = db.prepare<[number], JobRow>(`${jobColumns} WHERE id = ?`);
  const allJobs = db.prepare<[], JobRow>(`${jobColumns} ORDER BY id DESC`);
  const setState = db.prepare(
    `UPDATE bulk_jobs SET state = @state, error = @error, finished_at = @finishedAt,
       cancel = CASE WHEN @finishedAt IS NULL THEN cancel ELSE 0 END WHERE id = @id`,
  );
  const setListed = db.prepare('UPDATE bulk_jobs SET listed = 1 WHERE id = ?');
  const askCancel = db.prepare('UPDATE bulk_jobs SET cancel = 1 WHERE id = ?');
  const wantsCancel = db.prepare<[number], { cancel: number }>('SELECT cancel FROM bulk_jobs WHERE id = ?');
  const clearItems = db.prepare('DELETE FROM bulk_items WHERE job_id = ?');
  const lastPosition = db.prepare<[number], { last: number }>(
    'SELECT ifnull(max(position), 0) AS last FROM bulk_items WHERE job_id = ?',
  );
  const insertItem = db.prepare(`
    INSERT INTO bulk_items (job_id, position, kind, source, source_id, path, size, hash, state, reason)
    VALUES (@job, @position, @kind, @source, @sourceId, @path, @size, @hash, @state, @reason)`);
  const itemColumns = `SELECT position, kind, source, source_id AS sourceId, path, final, size, hash, state, reason
    FROM bulk_items WHERE job_id = ?`;
  const planned = db.prepare<[number, number], BulkItem>(
    `${itemColumns} AND state = 'planned' ORDER BY position LIMIT ?`,
  );
  const folders = db.prepare<[number], BulkItem>(`${itemColumns} AND kind = 'folder' AND final IS NOT NULL`);
  const all = db.prepare<[number], BulkItem>(`${itemColumns} ORDER BY position`);
  const noted = db.prepare<[number], BulkItem>(
    `${itemColumns} AND (state IN ('skipped', 'failed') OR reason IS NOT NULL) ORDER BY position`,
  );
  const settle = db.prepare(
    'UPDATE bulk_items SET state = @state, final = @final, reason = @reason WHERE job_id = @job AND position = @position',
  );
  const retryFailed = db.prepare(
    `UPDATE bulk_items SET state = 'planned', reason = NULL WHERE job_id = ? AND state = 'failed'`,
  );
  const sums = db.prepare<[number], BulkSums>(`
    SELECT count(*) AS total, ifnull(sum(state = 'done'), 0) AS done, ifnull(sum(state = 'skipped'), 0) AS skipped,
      ifnull(sum(state = 'failed'), 0) AS failed, ifnull(sum(state = 'planned'), 0) AS "left",
      ifnull(sum(size), 0) AS bytesTotal, ifnull(sum(size * (state IN ('done', 'skipped'))), 0) AS bytesDone
    FROM bulk_items WHERE job_id = ?`);
  const job = (row: JobRow | undefined): BulkJob | null =>
    // Written by this program alone, below.
    row === undefined ? null : { ...row, sources: JSON.parse(row.sources) as string[], listed: row.listed === 1 };

  return {
    add: (row: Pick<BulkJob, 'kind' | 'client' | 'clientId' | 'sources' | 'target'>): number =>
      durable(db, () => {
        const id = Number(insertJob.run({ ...row, sources: JSON.stringify(row.sources), now: now() }).lastInsertRowid);
        forget.run(id - KEPT);
        return id;
      }),
    remove: (id: number): void => void remove.run(id),
    get: (id: number): BulkJob | null => job(oneJob.get(id)),
    /** Newest first. */
    all: (): BulkJob[] => allJobs.all().flatMap((row) => job(row) ?? []),
    setState(id: number, state: KeptState, error: string | null = null): void {
      const finishedAt = state === 'preparing' || state === 'running' ? null : now();
      durable(db, () => setState.run({ id, state, error, finishedAt }));
    },
    setListed: (id: number): void => void setListed.run(id),
    askCancel: (id: number): void => void askCancel.run(id),
    wantsCancel: (id: number): boolean => wantsCancel.get(id)?.cancel === 1,

    /** A preparation that was interrupted starts over. */
    clearItems: (id: number): void => void clearItems.run(id),
    addItems(id: number, items: readonly NewBulkItem[]): void {
      db.transaction(() => {
        let position = lastPosition.get(id)?.last ?? 0;
        for (const { kind, source, sourceId, path, size, hash, skipped } of items) {
          const state = skipped === undefined ? 'planned' : 'skipped';
          const row = { job: id, position: ++position, kind, source, sourceId, path, size, hash };
          insertItem.run({ ...row, state, reason: skipped ?? null });
        }
      }).immediate();
    },
    planned: (id: number, limit: number): BulkItem[] => planned.all(id, limit),
    /** Folders that are there, by the path that was meant. */
    folders: (id: number): Map<RelPath, RelPath> =>
      new Map(folders.all(id).flatMap(({ path, final }) => (final === null ? [] : [[path, final] as const]))),
    /** Everything, or what there is something to say about. */
    items: (id: number, everything: boolean): BulkItem[] => (everything ? all : noted).all(id),
    settle(id: number, outcomes: readonly BulkOutcome[]): void {
      db.transaction(() => {
        for (const outcome of outcomes) settle.run({ ...outcome, job: id });
      }).immediate();
    },
    retryFailed: (id: number): void => void retryFailed.run(id),
    sums: (id: number): BulkSums =>
      sums.get(id) ?? { total: 0, done: 0, skipped: 0, failed: 0, left: 0, bytesTotal: 0, bytesDone: 0 },
  };
}
