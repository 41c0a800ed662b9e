// What has changed or was left unsettled since a client's last plan, and with what is around it (around.ts) the part of
// the three trees that a plan can touch. In: a client; out: trees for the planner, or null where only the whole ones will
// do. Called by sync-store.ts. The plan made of it equals the plan of the whole trees (test/property/incremental-plan).

import type { ClientId, LocalId, RelPath, RemoteId, SyncedId } from '../../src-shared/domain.ts';
import type { LocalEntry, RemoteEntry, SyncedEntry, Unsettled, PlanPolicy } from '../sync/model.ts';
import { Around, TooMany } from './around.ts';
import type { Db } from './database.ts';
import type { Entries } from './entries.ts';
import type { RemoteRows } from './remote-rows.ts';
import type { SyncedRows } from './synced-rows.ts';

export interface Trees {
  readonly local: readonly LocalEntry[];
  readonly remote: readonly RemoteEntry[];
  readonly synced: readonly SyncedEntry[];
  /** Synced entries of the client, whether here or not. */
  readonly entries: number;
}

/** What a plan was made of. */
export interface PlannedAt {
  readonly local: number;
  readonly remote: number;
  readonly policy: string;
  readonly unsettled: Unsettled;
}

/** Changes that are remembered one by one; beyond them the next plan is made of the whole trees. */
const MANY = 5_000;
/** So few changes are always looked up one by one; more of them only where that is less than reading the whole trees. */
const FEW = 200;
const SHARE = 8;
/** Changes that are remembered for a client that has not planned for long. */
const KEPT_CHANGES = 100_000;

interface PlanRow {
  readonly local: number;
  readonly remote: number;
  readonly policy: string;
  readonly unsettled: string;
  readonly passages: string;
  readonly left_behind: string;
}

export type Neighbourhood = ReturnType<typeof createNeighbourhood>;

export function createNeighbourhood(db: Db, entries: Entries, remote: RemoteRows, synced: SyncedRows) {
  const lastPlan = db.prepare<[number], PlanRow>(
    'SELECT local, remote, policy, unsettled, passages, left_behind FROM plans WHERE client_id = ?',
  );
  const savePlan = db.prepare(`
    INSERT INTO plans (client_id, local, remote, policy, unsettled, passages, left_behind)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (client_id) DO UPDATE SET local = excluded.local, remote = excluded.remote, policy = excluded.policy,
      unsettled = excluded.unsettled, passages = excluded.passages, left_behind = excluded.left_behind`);
  const forget = db.prepare('DELETE FROM plans WHERE client_id = ?');
  const oldest = db.prepare<[], { seq: number }>('SELECT min(seq) AS seq FROM local_changes');
  const localChanges = db.prepare<[number], { id: LocalId }>(
    `SELECT DISTINCT entry_id AS id FROM local_changes WHERE seq > ? LIMIT ${MANY + 1}`,
  );
  const remoteChanges = db.prepare<[number, number], { id: RemoteId }>(
    `SELECT id FROM remote_changes WHERE client_id = ? AND epoch > ? LIMIT ${MANY + 1}`,
  );
  const pruneRemote = db.prepare(`
    DELETE FROM remote_changes WHERE client_id = @client AND id IN (
      SELECT id FROM remote_changes WHERE client_id = @client
        AND epoch <= (SELECT remote FROM plans WHERE client_id = @client) LIMIT @limit + 0)`);
  // The newest number stays, so that the next is greater.
  const pruneLocal = db.prepare(`
    DELETE FROM local_changes WHERE seq IN (SELECT seq FROM local_changes WHERE seq < (SELECT max(seq) FROM local_changes)
      AND seq <= max((SELECT min(local) FROM plans), (SELECT max(seq) FROM local_changes) - ${KEPT_CHANGES}) LIMIT ? + 0)`);
  const newest = db.prepare<[], { epoch: number }>('SELECT max(seq) AS epoch FROM local_changes');
  /** Asked for several times a plan. */
  let known: { readonly client: ClientId; readonly epoch: number; readonly passages: ReadonlySet<LocalId> } | null =
    null;
  const innerTops = db.prepare<[number], { parent_id: LocalId }>(
    'SELECT DISTINCT parent_id FROM entries WHERE client_id = ? + 0 AND parent_id IS NOT NULL',
  );

  /** Folders above a client's own that are not its own: see `passages` in sync-store.ts. */
  function passagesOf(client: ClientId): ReadonlySet<LocalId> {
    const { epoch } = newest.get() ?? { epoch: 0 };
    if (known?.client === client && known.epoch === epoch) return known.passages;
    const found = new Set<LocalId>();
    for (const { parent_id } of innerTops.all(client)) {
      for (let at: LocalId | null = parent_id; at !== null && !found.has(at); at = entries.get(at)?.parent_id ?? null) {
        if (entries.clientOf(at) === client) break;
        found.add(at);
      }
    }
    known = { client, epoch, passages: found };
    return found;
  }

  /** Null: nothing is known of the last plan, it followed another policy, or too much has changed since. */
  function pending(client: ClientId, policy: string): Pending | null {
    const last = lastPlan.get(client);
    if (last === undefined || last.policy !== policy) return null;
    if (last.left_behind !== JSON.stringify(remote.leftBehind(client))) return null;
    if ((oldest.get()?.seq ?? 0) > last.local + 1) return null;
    // Written by `planned`, right below.
    const { local, remote: there } = JSON.parse(last.unsettled) as Unsettled;
    const passages = passagesOf(client);
    // A folder that is a passage no longer, or has become one, is not here any more, or new.
    const before = new Set(JSON.parse(last.passages) as LocalId[]);
    const turned = new Set([...differing(passages, before), ...differing(before, passages)]);
    const here = new Set<LocalId>([...local, ...turned]);
    for (const { id } of localChanges.all(last.local)) here.add(id);
    const away = new Set<RemoteId>(there);
    for (const { id } of remoteChanges.all(client, last.remote)) away.add(id);
    return here.has(0 as LocalId) || here.size + away.size > MANY ? null : { here, away, passages, turned };
  }

  function basesOf(client: ClientId, { here, away }: Pending): SyncedEntry[] {
    return [
      ...[...here].flatMap((id) => synced.ofLocal(client, id) ?? []),
      ...[...away].flatMap((id) => synced.ofRemote(client, id) ?? []),
    ];
  }

  return {
    /** Null where the whole trees are to be planned, or the part that can have changed has more entries than `limit`. */
    changed(
      client: ClientId,
      policy: Pick<PlanPolicy, 'key' | 'localNames' | 'clientName'>,
      limit = Infinity,
    ): Trees | null {
      const found = policy.key === undefined ? null : pending(client, policy.key);
      if (found === null) return null;
      const { here, away, passages, turned } = found;
      const changes = here.size + away.size;
      const count = synced.count(client);
      if (changes > FEW && changes * SHARE > count) return null;
      const around = new Around({ entries, remote, synced }, client, passages, policy, limit);
      try {
        around.add(here, away, turned);
      } catch (error) {
        if (error instanceof TooMany) return null;
        throw error;
      }
      if (around.meetsOthers) return null;
      return { ...around.trees(), entries: count };
    },

    /** Folders that the merge base knows, that Dropbox no longer has, and whose folder above it still has. */
    vanishedFolders(client: ClientId, policy: string): SyncedEntry[] {
      const left = remote.leftBehind(client);
      const isThere = (id: RemoteId): boolean => {
        const entry = remote.get(client, id);
        return entry !== null && !left.some((path) => isWithin(entry.pathLower, path));
      };
      const found = pending(client, policy);
      const changes = found === null ? Infinity : found.here.size + found.away.size;
      // Many changes are as a rule those of documents in few folders: then these are fewer to look at. What the client
      // left to another one is not there for it either.
      const isNear = found !== null && changes <= synced.countFolders(client, changes);
      const among = isNear ? basesOf(client, found) : synced.folders(client, left.length === 0 ? 'lost' : 'all');
      const candidates = new Map<SyncedId, SyncedEntry>(among.map((base) => [base.id, base]));
      return [...candidates.values()]
        .filter((base) => {
          if (base.kind !== 'folder' || isThere(base.remoteId)) return false;
          const above = base.parentId === null ? null : synced.get(base.parentId);
          return above === null || isThere(above.remoteId);
        })
        .sort((a, b) => a.id - b.id);
    },

    planned(client: ClientId, { local, remote: there, policy, unsettled }: PlannedAt): void {
      if (unsettled.local.length + unsettled.remote.length > MANY) forget.run(client);
      else {
        const [passages, left] = [passagesOf(client), remote.leftBehind(client)];
        const lists = [unsettled, [...passages], left].map((list) => JSON.stringify(list));
        savePlan.run(client, local, there, policy, ...lists);
      }
    },

    /** Changes that no plan asks for any more go; true where there may be more. */
    prune(client: ClientId, limit: number): boolean {
      return pruneRemote.run({ client, limit }).changes + pruneLocal.run(limit).changes >= limit;
    },

    /** The next plan is made of the whole trees. */
    forget: (client: ClientId): void => void forget.run(client),
  };
}

interface Pending {
  readonly here: ReadonlySet<LocalId>;
  readonly away: ReadonlySet<RemoteId>;
  readonly passages: ReadonlySet<LocalId>;
  /** Folders whose contents may have come to the client, or left it. */
  readonly turned: ReadonlySet<LocalId>;
}

function differing<T>(some: ReadonlySet<T>, others: ReadonlySet<T>): T[] {
  return [...some].filter((one) => !others.has(one));
}

function isWithin(path: RelPath, folder: RelPath): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
