// What the command line lists and the window shows: entries with their sync state, counts, hits of a search.
// Rows in, views out; a listing of everything is three plain queries joined in memory, whatever the tree's depth.

import type { ClientId, LocalId, RelPath, RemoteId, Rev, SyncState, TaskState } from '../../src-shared/domain.ts';
import type { EntryView } from '../../src-shared/views.ts';
import type { Db } from './database.ts';
import type { Entries, EntryRow } from './entries.ts';
import { iso, type Keepsakes } from './keepsakes.ts';
import { HELD_DOCUMENTS, toTaskRow, type QueueRow } from './queue-rows.ts';
import type { TaskRow } from '../engine/ports.ts';

export interface ClientCounts {
  readonly pending: number;
  readonly held: number;
  readonly failed: number;
  readonly conflicts: number;
}

export interface StoreCounts {
  readonly types: number;
  readonly records: number;
  readonly folders: number;
  readonly files: number;
  readonly bytes: number;
}

interface SyncedColumns {
  readonly client_id: ClientId;
  readonly local_id: LocalId;
  readonly local_name: string;
  readonly remote_id: RemoteId;
  readonly rev: Rev | null;
  readonly hash: string | null;
  readonly parent_local: LocalId | null;
}

interface OpenTask {
  readonly client_id: ClientId;
  readonly path: RelPath;
  readonly kind: string;
  readonly state: TaskState;
}

/** What an entry inherits from the folders above it. */
interface Above {
  readonly path: string;
  readonly client: ClientId | null;
  readonly record: number | null;
}

export type Listing = ReturnType<typeof createListing>;

export function createListing(db: Db, entries: Entries, keepsakes: Keepsakes) {
  const allEntries = db.prepare<[], EntryRow>('SELECT * FROM entries');
  const syncedColumns = `SELECT s.client_id, s.local_id, s.local_name, s.remote_id, s.rev, s.hash, p.local_id AS parent_local
    FROM synced s LEFT JOIN synced p ON p.id = s.parent_id`;
  const allSynced = db.prepare<[], SyncedColumns>(syncedColumns);
  // Of all rows of a part at once: one question takes less than many.
  const syncedOf = db.prepare<[string], SyncedColumns>(
    `${syncedColumns} WHERE s.local_id IN (SELECT value FROM json_each(?))`,
  );
  const openTasks = db.prepare<[], OpenTask>('SELECT client_id, path, kind, state FROM queue WHERE live = 1');
  const openTasksAt = db.prepare<[number, string], OpenTask>(
    'SELECT client_id, path, kind, state FROM queue WHERE live = 1 AND client_id = ? AND path = ?',
  );
  const placesInStates = db.prepare<[string, number], { path: RelPath }>(
    'SELECT DISTINCT path FROM queue WHERE live = 1 AND state IN (SELECT value FROM json_each(?)) LIMIT ?',
  );
  const freedIds = db.prepare<[number], { id: LocalId }>(
    `SELECT id FROM entries WHERE kind = 'file' AND present = 0 LIMIT ?`,
  );
  const unagreedIds = db.prepare<[number], { id: LocalId }>('SELECT entry_id AS id FROM unagreed LIMIT ?');
  // In the order of the index: of very many rows only the ids are read.
  const childIds = db
    .prepare<[number, number], LocalId>(
      'SELECT id FROM entries WHERE ifnull(parent_id, 0) = ? + 0 ORDER BY name LIMIT ?',
    )
    .pluck();
  const childFolderIds = db
    .prepare<[number | null, number], LocalId>(
      `SELECT id FROM entries WHERE parent_id IS ? AND kind = 'folder' ORDER BY id LIMIT ?`,
    )
    .pluck();
  const childCount = db.prepare<[number | null], number>('SELECT count(*) FROM entries WHERE parent_id IS ?').pluck();
  const clientNames = db.prepare<[], { id: ClientId; name: string }>('SELECT id, name FROM clients');
  const recordName = db.prepare<[number], { name: string }>(
    `SELECT types.name || '/' || records.ref AS name FROM records JOIN types ON types.id = type_id WHERE records.id = ?`,
  );
  // Kept by triggers (migrations/figures.ts): nothing here walks the store.
  const counts = db.prepare<[], StoreCounts>(`
    SELECT (SELECT count(*) FROM types) AS types,
      ifnull((SELECT value FROM tallies WHERE name = 'records'), 0) AS records,
      ifnull((SELECT value FROM tallies WHERE name = 'folders'), 0) AS folders,
      ifnull(sum(files), 0) AS files, ifnull(sum(bytes), 0) AS bytes FROM totals`);
  const taskStateCounts = db.prepare<[number], { state: TaskState; count: number }>(
    'SELECT state, tasks AS count FROM queue_totals WHERE client_id = ?',
  );
  const heldDocuments = db.prepare<[number], { count: number }>(
    `SELECT ifnull(sum(${HELD_DOCUMENTS}), 0) AS count FROM queue WHERE client_id = ? AND live = 1 AND state = 'held'`,
  );
  const queueRows = db.prepare<[{ finished: 0 | 1; limit: number }], QueueRow>(`
    SELECT * FROM (
      SELECT * FROM queue WHERE live = 1 OR @finished = 1
      ORDER BY live DESC, CASE live WHEN 1 THEN position ELSE -finished_at END, id LIMIT @limit)`);

  /** Turns rows into views; `inherited` answers for a parent that is not among the rows. */
  function views(rows: readonly EntryRow[], synced: ReadonlyMap<LocalId, readonly SyncedColumns[]>): EntryView[] {
    const byId = new Map(rows.map((row) => [row.id, row]));
    const known = new Map<LocalId | null, Above>([[null, { path: '', client: null, record: null }]]);
    const names = new Map(clientNames.all().map((client) => [client.id, client.name]));
    const records = new Map<number, string | null>();
    // Of a few rows only their own tasks are read: the queue may be as long as the whole tree.
    const tasks = rows.length > FEW_ROWS ? taskStates(openTasks.all()) : null;
    const inConflict = new Set(keepsakes.openConflicts().flatMap((conflict) => [conflict.entryId, conflict.copyId]));

    const aboveOf = (id: LocalId | null): Above => {
      const found = known.get(id);
      if (found !== undefined || id === null) return found ?? { path: '', client: null, record: null };
      const row = byId.get(id) ?? entries.get(id);
      const parent = aboveOf(row?.parent_id ?? null);
      const above: Above = {
        path: parent.path === '' ? (row?.name ?? '') : `${parent.path}/${row?.name ?? ''}`,
        client: row?.client_id ?? parent.client,
        record: row?.role === 'record' ? row.record_id : parent.record,
      };
      known.set(id, above);
      return above;
    };
    const recordOf = (id: number | null): string | null => {
      if (id === null) return null;
      const name = records.get(id);
      if (name !== undefined) return name;
      const found = recordName.get(id)?.name ?? null;
      records.set(id, found);
      return found;
    };

    const taskOf = ({ client, path }: Above): SyncState | undefined => {
      if (client === null) return undefined;
      const key = `${client}:${path}`;
      return (tasks ?? taskStates(openTasksAt.all(client, path))).get(key);
    };

    const result = rows.map((row): EntryView => {
      const above = aboveOf(row.id);
      const base = synced.get(row.id)?.find((one) => one.client_id === above.client) ?? null;
      return {
        path: above.path,
        kind: row.kind,
        type: row.type,
        url: row.url,
        size: row.kind === 'file' ? row.size : null,
        contentHash: row.hash,
        record: recordOf(above.record),
        client: above.client === null ? null : (names.get(above.client) ?? null),
        state: stateOf(row, above, base, taskOf(above), inConflict.has(row.id)),
        remoteId: base?.remote_id ?? null,
        rev: base?.rev ?? null,
        id: row.id,
        parentId: row.parent_id,
        role: row.role,
        changedAt: row.kind === 'file' ? iso(row.changed_at) : null,
      };
    });
    return result.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }

  const viewsOf = (rows: readonly EntryRow[]): EntryView[] =>
    views(rows, byLocal(syncedOf.all(JSON.stringify(rows.map((row) => row.id)))));

  function idsIn(state: string, limit: number): LocalId[] | null {
    const tasks = TASKS_OF[state];
    const queued =
      tasks === undefined
        ? []
        : placesInStates.all(JSON.stringify(tasks), limit + 1).flatMap(({ path }) => entries.entryAt(path) ?? []);
    if (state === 'pending') return [...queued, ...unagreedIds.all(limit + 1).map(({ id }) => id)];
    if (state === 'freed') return freedIds.all(limit + 1).map(({ id }) => id);
    if (state === 'conflict')
      return keepsakes.openConflicts().flatMap(({ entryId, copyId }) => [entryId, copyId].filter((id) => id !== null));
    return tasks === undefined ? null : queued;
  }

  function taskCounts(id: ClientId): Omit<ClientCounts, 'conflicts'> {
    const states = new Map(taskStateCounts.all(id).map((row) => [row.state, row.count]));
    const sum = (...of: TaskState[]): number => of.reduce((total, state) => total + (states.get(state) ?? 0), 0);
    return {
      pending: sum('planned', 'blocked', 'running', 'retry'),
      held: sum('held') === 0 ? 0 : (heldDocuments.get(id)?.count ?? 0),
      failed: sum('failed'),
    };
  }

  return {
    /** Everything, sorted by path. */
    list: (): EntryView[] => views(allEntries.all(), byLocal(allSynced.all())),
    /** An entry and everything below it, sorted by path. */
    listBelow(id: LocalId): EntryView[] {
      const row = entries.get(id);
      return row === null ? [] : viewsOf([row, ...entries.below(id)]);
    },
    /** The rows of one level, all or folders only, so many at most, for callers that look at them part by part. */
    childIds: (id: LocalId | null, only: 'all' | 'folders', limit = -1): LocalId[] =>
      only === 'all' ? childIds.all(id ?? 0, limit) : childFolderIds.all(id, limit),
    /** How many rows there are on one level. */
    childCount: (id: LocalId | null): number => childCount.get(id) ?? 0,
    /** One level; null is the top. */
    children: (id: LocalId | null): EntryView[] => viewsOf(entries.children(id)),
    view(id: LocalId): EntryView | null {
      const row = entries.get(id);
      return row === null ? null : (viewsOf([row])[0] ?? null);
    },

    /** Of entries in no order, sorted by path; what is no longer there is left out. */
    viewsOf: (ids: readonly LocalId[]): EntryView[] => viewsOf(ids.flatMap((id) => entries.get(id) ?? [])),
    /** Every entry that may be in one of the states, and perhaps others; null where they may be more than `limit`. */
    idsInStates(states: ReadonlySet<string>, limit: number): LocalId[] | null {
      const found = new Set<LocalId>();
      for (const state of states) {
        const ids = idsIn(state, limit);
        if (ids === null || ids.length > limit) return null;
        for (const id of ids) found.add(id);
      }
      return found.size > limit ? null : [...found];
    },

    counts(): StoreCounts {
      return counts.get() ?? { types: 0, records: 0, folders: 0, files: 0, bytes: 0 };
    },
    taskCounts,
    clientCounts(id: ClientId, name: string): ClientCounts {
      return {
        ...taskCounts(id),
        conflicts: keepsakes.openConflicts().filter((conflict) => conflict.client === name).length,
      };
    },
    /** Open tasks in the plan's order, then the finished ones, newest first. */
    queue: (options: { readonly finished?: boolean; readonly limit?: number } = {}): TaskRow[] =>
      queueRows.all({ finished: options.finished === true ? 1 : 0, limit: options.limit ?? 10_000 }).map(toTaskRow),
  };
}

/** Rows up to which the tasks of each are looked up by its path. */
const FEW_ROWS = 500;

/** In which states an entry is while a task for it is in one of these. */
const TASKS_OF: Readonly<Record<string, readonly TaskState[]>> = {
  pending: ['planned', 'blocked', 'retry', 'running'],
  uploading: ['running'],
  downloading: ['running'],
  held: ['held'],
  failed: ['failed'],
};

function byLocal(rows: readonly SyncedColumns[]): Map<LocalId, SyncedColumns[]> {
  const map = new Map<LocalId, SyncedColumns[]>();
  for (const row of rows) {
    const there = map.get(row.local_id);
    if (there === undefined) map.set(row.local_id, [row]);
    else there.push(row);
  }
  return map;
}

/** The state that open tasks give to a path, the most telling one where there are several. */
function taskStates(tasks: readonly OpenTask[]): Map<string, SyncState> {
  const rank: readonly SyncState[] = ['pending', 'failed', 'held', 'downloading', 'uploading'];
  const states = new Map<string, SyncState>();
  for (const task of tasks) {
    const key = `${task.client_id}:${task.path}`;
    const state = stateOfTask(task);
    const there = states.get(key);
    if (there === undefined || rank.indexOf(state) > rank.indexOf(there)) states.set(key, state);
  }
  return states;
}

function stateOfTask(task: OpenTask): SyncState {
  if (task.state === 'held' || task.state === 'failed') return task.state;
  if (task.state !== 'running') return 'pending';
  if (task.kind === 'remote.upload') return 'uploading';
  return task.kind === 'local.download' ? 'downloading' : 'pending';
}

function stateOf(
  row: EntryRow,
  above: Above,
  base: SyncedColumns | null,
  task: SyncState | undefined,
  inConflict: boolean,
): SyncState {
  if (above.client === null) return 'unassigned';
  if (task !== undefined && task !== 'pending') return task;
  if (inConflict) return 'conflict';
  const agreed =
    base !== null && base.local_name === row.name && base.parent_local === row.parent_id && base.hash === row.hash;
  if (task === 'pending' || !agreed) return 'pending';
  return row.kind === 'file' && row.present === 0 ? 'freed' : 'synced';
}
