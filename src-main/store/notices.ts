// What people are told, as rows: notices, what stands and was told already, and who wants to hear what.
// A change of a client's state is written down by sync-store.ts in the transaction of the change; what passes leave
// behind (failed, held, conflicts) by `tellStanding`, which compares it with what was told before.
// Called by sync-store.ts and the application's notify service.

import type { ClientId, ClientReason, ClientState } from '../../src-shared/domain.ts';
import { DEFAULT_NOTICES, NOTICE_KINDS, type NoticeKind } from '../../src-shared/notify-views.ts';
import type { ClientCondition } from '../../src-shared/client-state.ts';
import { durable, transact, type Db } from './database.ts';
import { HELD_DOCUMENTS } from './queue-rows.ts';

export interface NoticeRow {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly client: string | null;
  readonly kind: NoticeKind;
  readonly level: 'info' | 'warning' | 'error';
  readonly state: ClientState | null;
  readonly reason: ClientReason | null;
  readonly count: number;
  readonly paths: readonly string[];
  readonly detail: string | null;
}

export interface NewNotice {
  readonly client: string | null;
  readonly kind: NoticeKind;
  readonly level: NoticeRow['level'];
  readonly state?: ClientState;
  readonly reason?: ClientReason | null;
  readonly paths?: readonly string[];
  /** Number of things it is about; the number of paths unless told. */
  readonly count?: number;
  /** A sentence for people, without secrets. */
  readonly detail?: string | null;
}

export interface NoticeQuery {
  readonly client?: string;
  readonly kind?: NoticeKind;
  /** Milliseconds since the epoch. */
  readonly since?: number;
  /** Only later ones than this id. */
  readonly after?: number;
  /** The newest so many; 200 unless told. */
  readonly limit?: number;
}

/** A trouble that may stand over many passes. */
interface Standing {
  readonly key: string;
  readonly path: string | null;
  readonly detail: string | null;
  /** How many things it stands for. */
  readonly amount: number;
}

type RawNotice = Omit<NoticeRow, 'paths'> & { readonly paths: string };

/** Older ones are forgotten; the log keeps the whole history. */
const KEPT = 5000;
const PATHS_KEPT = 20;

export type Notices = ReturnType<typeof createNotices>;

export function createNotices(db: Db, now: () => number) {
  const insert = db.prepare(`
    INSERT INTO notices (time, client, kind, level, state, reason, count, paths, detail)
    VALUES (@time, @client, @kind, @level, @state, @reason, @count, @paths, @detail)`);
  const prune = db.prepare(`DELETE FROM notices WHERE id <= ?`);
  const select = db.prepare<[Record<string, unknown>], RawNotice>(`
    SELECT * FROM (
      SELECT * FROM notices WHERE id > @after AND time >= @since AND (@client IS NULL OR client = @client)
        AND (@kind IS NULL OR kind = @kind)
      ORDER BY id DESC LIMIT @limit)
    ORDER BY id`);
  const newest = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM notices');
  const name = db.prepare<[number], { name: string }>('SELECT name FROM clients WHERE id = ?');
  const tasks = db.prepare<[number, string], Standing>(
    `SELECT key, path, error AS detail, IIF(state = 'held', ${HELD_DOCUMENTS}, 1) AS amount
     FROM queue WHERE client_id = ? AND live = 1 AND state = ? ORDER BY position`,
  );
  const conflicts = db.prepare<[number], Standing>(
    `SELECT CAST(id AS TEXT) AS key, path, NULL AS detail, 1 AS amount FROM conflicts
     WHERE client_id = ? AND resolved_at IS NULL ORDER BY id`,
  );
  const told = db.prepare<[number, string], { key: string }>('SELECT key FROM told WHERE client_id = ? AND kind = ?');
  const tell = db.prepare('INSERT INTO told VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const untell = db.prepare('DELETE FROM told WHERE client_id = ? AND kind = ? AND key = ?');
  const chosen = db.prepare<[number], { kinds: string }>('SELECT kinds FROM subscriptions WHERE client_id = ?');
  const choose = db.prepare(
    'INSERT INTO subscriptions VALUES (?, ?) ON CONFLICT (client_id) DO UPDATE SET kinds = excluded.kinds',
  );
  const unchoose = db.prepare('DELETE FROM subscriptions WHERE client_id = ?');

  /** Ids that this process has added and nobody has taken yet. */
  let fresh: number[] = [];

  function add(notice: NewNotice): void {
    const paths = notice.paths ?? [];
    const { lastInsertRowid } = insert.run({
      time: now(),
      client: notice.client,
      kind: notice.kind,
      level: notice.level,
      state: notice.state ?? null,
      reason: notice.reason ?? null,
      count: notice.count ?? paths.length,
      paths: JSON.stringify(paths.slice(0, PATHS_KEPT)),
      detail: notice.detail ?? null,
    });
    const id = Number(lastInsertRowid);
    prune.run(id - KEPT);
    fresh.push(id);
  }

  /** One notice for all that is new among what stands; what no longer stands may be told again one day. */
  function tellNew(
    id: ClientId,
    kind: 'failed' | 'held' | 'conflict',
    scope: 'tasks' | 'pass',
    standing: readonly Standing[],
  ): void {
    const client = name.get(id)?.name;
    if (client === undefined) return;
    const memory = scope === 'pass' ? `${kind}:pass` : kind;
    const before = new Set(told.all(id, memory).map((row) => row.key));
    const added = standing.filter(({ key }) => !before.delete(key));
    for (const key of before) untell.run(id, memory, key);
    if (added.length === 0) return;
    for (const { key } of added) tell.run(id, memory, key);
    add({
      client,
      kind,
      level: kind === 'failed' ? 'error' : 'warning',
      paths: added.flatMap(({ path }) => (path === null ? [] : [path])),
      count: added.reduce((sum, { path, amount }) => sum + (path === null ? 0 : amount), 0),
      // The reasons of many differ; the queue tells each.
      detail: added.length === 1 ? (added[0]?.detail ?? null) : null,
    });
  }

  const kindsOf = (id: ClientId): readonly NoticeKind[] | null => {
    const row = chosen.get(id);
    // Written by this program alone, right below.
    return row === undefined ? null : (JSON.parse(row.kinds) as NoticeKind[]);
  };

  return {
    add: (notice: NewNotice): void => transact(db, () => add(notice)),

    /** Part of the transaction that changes the state. */
    stateChanged(client: string, { state, reason }: ClientCondition): void {
      if (state === 'draft') return;
      const level = state === 'disconnected' ? (reason === 'no-network' ? 'warning' : 'error') : 'info';
      add({ client, kind: state, level, state, reason });
    },

    /** After a pass: tells what failed, is held or is in conflict and was not told yet. */
    tellStanding(id: ClientId): void {
      transact(db, () => {
        tellNew(id, 'failed', 'tasks', tasks.all(id, 'failed'));
        tellNew(id, 'held', 'tasks', tasks.all(id, 'held'));
        tellNew(id, 'conflict', 'tasks', conflicts.all(id));
      });
    },

    /** What stopped a whole pass for another reason than the client's state; null where the pass came to its end. */
    passEnded(id: ClientId, trouble: { readonly code: string; readonly message: string } | null): void {
      const standing = trouble === null ? [] : [{ key: trouble.code, path: null, detail: trouble.message, amount: 1 }];
      if (standing.length === 0 && told.all(id, 'failed:pass').length === 0) return;
      transact(db, () => tellNew(id, 'failed', 'pass', standing));
    },

    /** Oldest first. */
    rows: (query: NoticeQuery = {}): NoticeRow[] =>
      select
        .all({
          after: query.after ?? 0,
          since: query.since ?? 0,
          client: query.client ?? null,
          kind: query.kind ?? null,
          limit: query.limit ?? 200,
        })
        .map(toNotice),
    /** The id of the newest one; 0 where there is none. */
    newest: (): number => newest.get()?.id ?? 0,
    /** Notices that this process has added since the last call; those that were rolled back are not among them. */
    takeFresh(): NoticeRow[] {
      const [first] = fresh;
      if (first === undefined) return [];
      const ids = new Set(fresh);
      fresh = [];
      return select
        .all({ after: first - 1, since: 0, client: null, kind: null, limit: KEPT })
        .filter((row) => ids.has(row.id))
        .map(toNotice);
    },

    /** Null where nobody has chosen. */
    chosenKinds: kindsOf,
    /** Null goes back to the default. */
    choose: (id: ClientId, kinds: readonly NoticeKind[] | null): void =>
      void durable(db, () => {
        if (kinds === null) return unchoose.run(id);
        return choose.run(id, JSON.stringify(NOTICE_KINDS.filter((kind) => kinds.includes(kind))));
      }),
    wants: (id: ClientId | null, kind: NoticeKind): boolean =>
      ((id === null ? null : kindsOf(id)) ?? DEFAULT_NOTICES).includes(kind),
  };
}

function toNotice(row: RawNotice): NoticeRow {
  // Written by this program alone, right above.
  return { ...row, paths: JSON.parse(row.paths) as string[] };
}
