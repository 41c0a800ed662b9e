// The part of the document store that the engine works with (SyncStore of the engine's ports), over the row modules.
// Every method is one short transaction; nothing here waits.

import type { ClientId, ClientReason, ClientState, LocalId, RemoteId, SyncedId } from '../../src-shared/domain.ts';
import { nextCondition, type ClientCondition, type ClientSignal } from '../../src-shared/client-state.ts';
import { nameKey, unmarkedName } from '../../src-shared/names.ts';
import { noticeMessage } from '../../src-shared/notify-views.ts';
import { Fault, type ClientRow, type LogEntry, type SyncStore, type TaskRow } from '../engine/ports.ts';
import type { LocalEntry } from '../sync/model.ts';
import { transact, type Db } from './database.ts';
import { applyEffects, trashNoteOf } from './effects.ts';
import { stampOfRow, toLocalEntry, type Entries } from './entries.ts';
import type { Keepsakes } from './keepsakes.ts';
import type { Links } from './links.ts';
import { IS_LINKLESS } from './migrations/linkless.ts';
import { createNeighbourhood } from './neighbourhood.ts';
import type { Notices } from './notices.ts';
import { createQueueRows, wantedOf, wantedOfProblem, type Wanted } from './queue-rows.ts';
import { createRemoteRows } from './remote-rows.ts';
import { createReservedFolders } from './reserved-folders.ts';
import { createSyncedRows } from './synced-rows.ts';

interface ClientTableRow {
  readonly id: ClientId;
  readonly name: string;
  readonly root: string;
  readonly state: ClientState;
  readonly reason: ClientReason | null;
  readonly last_sync: number | null;
  readonly links: 0 | 1;
}

interface EpochRow {
  readonly local: number;
  readonly remote: number;
  readonly settledLocal: number;
  readonly settledRemote: number;
}

export function createSyncStore(
  db: Db,
  entries: Entries,
  keepsakes: Keepsakes,
  links: Links,
  notices: Notices,
  now: () => number,
): SyncStore {
  const reserved = createReservedFolders(db);
  const remote = createRemoteRows(db, reserved);
  const synced = createSyncedRows(db, now);
  const queue = createQueueRows(db, now);
  const neighbourhood = createNeighbourhood(db, entries, remote, synced);
  const clientColumns = 'SELECT id, name, root, state, reason, last_sync, links FROM clients';
  const allClients = db.prepare<[], ClientTableRow>(`${clientColumns} ORDER BY id`);
  const oneClient = db.prepare<[number], ClientTableRow>(`${clientColumns} WHERE id = ?`);
  const setState = db.prepare('UPDATE clients SET state = ?, reason = ? WHERE id = ?');
  const openReset = db.prepare<[number], { value: string }>(`SELECT value FROM meta WHERE key = 'reset:' || ?`);
  const setLastSync = db.prepare('UPDATE clients SET last_sync = ? WHERE id = ?');
  const setChecked = db.prepare('UPDATE clients SET checked_at = ? WHERE id = ?');
  const checkedAt = db.prepare<[number], { checked_at: number }>('SELECT checked_at FROM clients WHERE id = ?');
  const epochs = db.prepare<[number], EpochRow>(`
    SELECT (SELECT max(seq) FROM local_changes) AS local, remote_epoch AS remote,
      settled_local AS settledLocal, settled_remote AS settledRemote FROM clients WHERE id = ?`);
  const localEpoch = db.prepare<[], { epoch: number }>('SELECT max(seq) AS epoch FROM local_changes');
  const settle = db.prepare('UPDATE clients SET settled_local = ?, settled_remote = ? WHERE id = ?');
  const strangers = db.prepare<[], { id: LocalId; parentId: LocalId | null; name: string }>(
    'SELECT id, parent_id AS parentId, name FROM entries WHERE client_id IS NOT NULL',
  );
  const auditDue = db.prepare<[number, number, number], { id: SyncedId | null; remote_id: RemoteId | null }>(`
    SELECT id, remote_id FROM (
      SELECT NULL AS id, NULL AS remote_id, audited_at FROM clients WHERE id = ?
      UNION ALL SELECT id, remote_id, audited_at FROM synced WHERE client_id = ? AND kind = 'folder')
    ORDER BY audited_at LIMIT ? + 0`);
  const linkless = db.prepare<[number, number, number], { local_id: LocalId; remote_id: RemoteId }>(`
    SELECT local_id, remote_id FROM entries INDEXED BY entries_linkless
      CROSS JOIN synced ON local_id = entries.id AND synced.client_id = ? + 0
    WHERE ${IS_LINKLESS} AND (SELECT links FROM clients WHERE id = ?) = 1
      AND NOT EXISTS (SELECT 1 FROM unlinked WHERE entry_id = entries.id)
    ORDER BY entries.id LIMIT ? + 0`);
  const anySynced = db.prepare('SELECT 1 FROM synced WHERE client_id = ? LIMIT 1');
  const unproven = db.prepare('SELECT 1 FROM synced WHERE client_id = ? AND unproven = 1 LIMIT 1');
  const topKeys = db.prepare<[], { key: string }>('SELECT key FROM entries WHERE parent_id IS NULL');
  const setAudited = db.prepare('UPDATE synced SET audited_at = ? WHERE id = ?');
  const setRootAudited = db.prepare('UPDATE clients SET audited_at = ? WHERE id = ?');
  const write = <T>(work: () => T): T => transact(db, work);

  function putTasks(id: ClientId, tasks: readonly Wanted[], from: number, time: number): TaskRow[] {
    return queue.put(id, tasks, from, time).map(({ row, wasHeld }) => {
      if (row.state === 'held' && !wasHeld) keepsakes.log(heldLine(id, row));
      return row;
    });
  }

  return {
    clients: () => allClients.all().map(toClientRow),
    client: (id) => {
      const row = oneClient.get(id);
      return row === undefined ? null : toClientRow(row);
    },
    signalClient: (id, signal) =>
      write(() => {
        const row = oneClient.get(id);
        if (row === undefined) return false;
        const next = nextCondition(row, signal, openReset.get(id) !== undefined);
        if (next.state === row.state && next.reason === row.reason) return false;
        setState.run(next.state, next.reason, id);
        notices.stateChanged(row.name, next);
        keepsakes.log(stateLine(id, row.name, next, signal));
        return true;
      }),
    setLastSync: (id, time) => void setLastSync.run(time, id),

    localTree: (id) => {
      const owned = entries.owned(id).map(toLocalEntry);
      return [...owned, ...passages(entries, owned)];
    },
    neighbours: (id, tree) => {
      const mark = oneClient.get(id)?.name ?? '';
      const tops = tree.flatMap(({ parentId, name }) => (parentId === null ? (unmarkedName(name, mark) ?? []) : []));
      const marked = new Set(tops.map(nameKey));
      // What belongs to nobody may be the client's yet, unless it has its own beside it (observer/ownership.ts).
      const nobodys = marked.size === 0 ? [] : entries.children(null).filter((row) => row.client_id === null);
      const own = new Set(tree.map((entry) => entry.id));
      const beside = strangers
        .all()
        .filter(({ id, parentId }) => !own.has(id) && (parentId === null || own.has(parentId)));
      const inPassages = tree.flatMap(({ id, role }) => (role === 'rule' ? entries.children(id) : []));
      const named = inPassages.map(({ id, parent_id, name }) => ({ id, parentId: parent_id, name }));
      return [
        ...beside.map(({ parentId, name }) => ({ parentId, name })),
        ...named.filter((row) => !own.has(row.id)).map(({ parentId, name }) => ({ parentId, name })),
        ...nobodys.filter(({ key }) => marked.has(key)).map(({ name }) => ({ parentId: null, name })),
      ];
    },
    remoteTree: (id) => remote.tree(id),
    syncedTree: (id) => synced.tree(id),
    hasSynced: (id) => anySynced.get(id) !== undefined,
    changedTrees: (id, policy, limit) => neighbourhood.changed(id, policy, limit),
    vanishedFolders: (id, policy) => neighbourhood.vanishedFolders(id, policy),
    planned: (id, made) => write(() => neighbourhood.planned(id, made)),
    pruneChanges: (id, limit) => write(() => neighbourhood.prune(id, limit)),

    localEpoch: () => localEpoch.get()?.epoch ?? 0,

    epochs: (id) => {
      const row = epochs.get(id);
      if (row === undefined) throw new Fault('internal', 'The client was removed while it was being synced.');
      return row;
    },
    settle: (id, local, remoteEpoch) => void settle.run(local, remoteEpoch, id),
    hasUnproven: (id) => unproven.get(id) !== undefined,
    prove: (id) => synced.prove(id),

    feed: (id) => remote.feed(id),
    startListing: (id, rootId) => remote.startListing(id, rootId),
    applyPage: (id, page) => write(() => remote.applyPage(id, page)),

    record: (id, effects, finish) =>
      write(() => {
        const result = applyEffects({ entries, remote, synced, keepsakes, links }, id, effects);
        let task: TaskRow | null = null;
        if (finish !== undefined) {
          task = queue.update(finish.taskId, finish.update);
          if (finish.log !== undefined) keepsakes.log(finish.log);
        }
        return { ...result, task };
      }),

    beginTrash: (id, trash) =>
      write(() => {
        const note = trashNoteOf({ entries, remote, synced, keepsakes, links }, id, trash, trash.reason);
        if (note !== null) keepsakes.beginTrash(note);
      }),

    entry: (id) => {
      const row = entries.get(id);
      return row === null ? null : { ...toLocalEntry(row), path: entries.pathOf(id), stamp: stampOfRow(row) };
    },
    entryAt: (path) => entries.entryAt(path),
    remoteEntry: (id, remoteId) => remote.get(id, remoteId),
    remoteAt: (id, pathLower) => remote.at(id, pathLower),
    syncedOf: (id, localId) => synced.ofLocal(id, localId),
    syncedThere: (id, remoteId) => synced.ofRemote(id, remoteId),
    presentWithHash: (hash) => {
      const id = entries.withHash(hash);
      return id === null ? null : { id, path: entries.pathOf(id) };
    },

    // A pass examines all folders of its client, so one time per client tells it for each folder that was there then.
    lastChecked: (path) => {
      let id: LocalId | null = null;
      for (const name of path === '' ? [] : path.split('/')) {
        const row = entries.at(id, name);
        if (row === null) break;
        id = row.id;
      }
      const row = id === null ? null : entries.get(id);
      const client = entries.clientOf(id);
      if (row === null || client === null) return 0;
      const checked = checkedAt.get(client)?.checked_at ?? 0;
      return row.created_at <= checked ? checked : 0;
    },
    setChecked: (id, time) => void setChecked.run(time, id),

    linkOf: (id) => {
      const url = entries.get(id)?.url ?? null;
      return url === null || url.startsWith('https://www.dropbox.com/home/') ? null : url;
    },
    linkless: (id, limit) =>
      linkless.all(id, id, limit).map((row) => ({ localId: row.local_id, remoteId: row.remote_id })),
    auditDue: (id, limit) => {
      const due = auditDue.all(id, id, limit);
      return due.map((row) => ({ id: row.id, remoteId: row.remote_id }));
    },
    setAudited: (id, folder, time) =>
      void (folder === null ? setRootAudited.run(time, id) : setAudited.run(time, folder)),
    remoteChildren: (id, folder) => remote.children(id, folder),
    remoteBelow: (id, folder, limit) => remote.below(id, folder, limit),
    reservedFolders: (id) => reserved.of(id),
    rememberReserved: (id, folder) => reserved.remember(id, folder),
    topKeys: () => new Set(topKeys.all().map(({ key }) => key)),

    nextPosition: (id) => queue.nextPosition(id),
    putTasks: (id, operations, from, time) => write(() => putTasks(id, operations.map(wantedOf), from, time)),
    putProblems: (id, problems, from, time) => write(() => putTasks(id, problems.map(wantedOfProblem), from, time)),
    retireTasks: (id, position, limit, time) => write(() => queue.retire(id, position, limit, time)),
    task: (id) => queue.task(id),
    openTasks: (id) => queue.open(id),
    interrupted: (id) => queue.interrupted(id),
    lookedFor: (taskId, result) => queue.lookedFor(taskId, result),
    heldOperations: (id) => queue.held(id),
    doubtSynced: (id, local) => transact(db, () => local.forEach((one) => synced.doubt(id, one))),
    forgetSynced(id, { local = [], remote: remoteIds = [] }) {
      transact(db, () => {
        const rows = [
          ...local.map((one) => synced.ofLocal(id, one)),
          ...remoteIds.map((one) => synced.ofRemote(id, one)),
        ];
        for (const row of rows) if (row !== null) synced.forget(id, row.id);
      });
    },
    updateTask: (id, update) => queue.update(id, update),
    batch: (work) => write(work),
    log: (entry) => keepsakes.log(entry),
  };
}

/**
 * Folders above a client's own that belong to nobody or to another client: they give its folders the same path on both
 * sides. They are not its to lose: like the ERP's own, they return when they are deleted or moved in Dropbox.
 */
function passages(entries: Entries, owned: readonly LocalEntry[]): LocalEntry[] {
  const known = new Set(owned.map((entry) => entry.id));
  const found: LocalEntry[] = [];
  for (const { parentId } of owned) {
    for (let at = parentId; at !== null && !known.has(at);) {
      known.add(at);
      const row = entries.get(at);
      if (row === null) break;
      found.push({ ...toLocalEntry(row), role: 'rule' });
      at = row.parent_id;
    }
  }
  return found;
}

const NO_ACTIVITY = { direction: null, path: null, bytes: null, duration: null } as const;

/** What only people do to a client. */
const BY_PEOPLE: readonly ClientSignal[] = ['logged-in', 'paused', 'resumed', 'reset-started'];

function stateLine(clientId: ClientId, client: string, condition: ClientCondition, signal: ClientSignal): LogEntry {
  const kind = condition.state === 'draft' ? 'connected' : condition.state;
  const level = condition.state === 'disconnected' ? 'error' : 'info';
  const reason = noticeMessage({ client, kind, ...condition, count: 0, paths: [], detail: null });
  const line: LogEntry = { ...NO_ACTIVITY, level, clientId, kind: `client.${condition.state}`, result: 'note', reason };
  // What a pass or Dropbox's answer tells is nobody's doing.
  return BY_PEOPLE.includes(signal) ? line : { ...line, actor: null };
}

/** Once, when it begins to be held. */
function heldLine(clientId: ClientId, { direction, kind, path, reason }: TaskRow): LogEntry {
  return { ...NO_ACTIVITY, level: 'warning', clientId, direction, kind, path, result: 'held', reason };
}

function toClientRow(row: ClientTableRow): ClientRow {
  return {
    id: row.id,
    name: row.name,
    root: row.root,
    state: row.state,
    reason: row.reason,
    lastSync: row.last_sync,
    links: row.links === 1,
  };
}
