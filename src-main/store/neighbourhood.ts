// The part of the three trees that a plan can touch: what has changed or was left unsettled since a client's last plan,
// the folders above it in each tree, its peers, what shares its names, and all that is below a folder that is not where
// both sides agree it is. In: a client; out: trees for the planner, or null where only the whole ones will do.
// Called by sync-store.ts. The plan made of it equals the plan of the whole trees (test/property/incremental-plan).

import {
  parentPath,
  type ClientId,
  type LocalId,
  type RelPath,
  type RemoteId,
  type SyncedId,
} from '../../src-shared/domain.ts';
import { localNameFor, nameKey, unmarkedName } from '../../src-shared/names.ts';
import { asideOriginal } from '../sync/aside.ts';
import type { LocalEntry, RemoteEntry, SyncedEntry, Unsettled, PlanPolicy } from '../sync/model.ts';
import type { Db } from './database.ts';
import { toLocalEntry, type Entries, type EntryRow } from './entries.ts';
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
        AND epoch <= (SELECT remote FROM plans WHERE client_id = @client) LIMIT @limit)`);
  // The newest number stays, so that the next is greater.
  const pruneLocal = db.prepare(`
    DELETE FROM local_changes WHERE seq IN (SELECT seq FROM local_changes WHERE seq < (SELECT max(seq) FROM local_changes)
      AND seq <= max((SELECT min(local) FROM plans), (SELECT max(seq) FROM local_changes) - ${KEPT_CHANGES}) LIMIT ?)`);
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
    /** Null where the whole trees are to be planned. */
    changed(client: ClientId, policy: Pick<PlanPolicy, 'key' | 'localNames' | 'clientName'>): Trees | null {
      const found = policy.key === undefined ? null : pending(client, policy.key);
      if (found === null) return null;
      const { here, away, passages, turned } = found;
      const changes = here.size + away.size;
      const count = synced.count(client);
      if (changes > FEW && changes * SHARE > count) return null;
      const around = new Around({ entries, remote, synced }, client, passages, policy);
      around.add(here, away, turned);
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
      const candidates = new Map<SyncedId, SyncedEntry>();
      // What the client left to another one is not there for it either.
      const all = () => synced.folders(client, left.length === 0 ? 'lost' : 'all');
      for (const base of found === null ? all() : basesOf(client, found)) candidates.set(base.id, base);
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

interface Rows {
  readonly entries: Entries;
  readonly remote: RemoteRows;
  readonly synced: SyncedRows;
}

/** A folder as each side knows it; null: not there. */
interface Place {
  readonly localId: LocalId | null;
  readonly path: RelPath | null;
  readonly isTop: boolean;
}

const TOP: Place = { localId: null, path: '' as RelPath, isTop: true };

class Around {
  readonly #rows: Rows;
  readonly #client: ClientId;
  readonly #passages: ReadonlySet<LocalId>;
  readonly #policy: Pick<PlanPolicy, 'localNames' | 'clientName'>;
  /** True once a name was met that belongs to another client here: who gives way, the whole trees tell. */
  meetsOthers = false;
  readonly #left: readonly RelPath[];
  readonly #local = new Map<LocalId, LocalEntry | null>();
  readonly #remote = new Map<RemoteId, RemoteEntry | null>();
  readonly #synced = new Map<SyncedId, SyncedEntry>();
  readonly #owners = new Map<LocalId | null, ClientId | null>();

  constructor(
    rows: Rows,
    client: ClientId,
    passages: ReadonlySet<LocalId>,
    policy: Pick<PlanPolicy, 'localNames' | 'clientName'>,
  ) {
    this.#rows = rows;
    this.#client = client;
    this.#passages = passages;
    this.#policy = policy;
    this.#left = rows.remote.leftBehind(client);
  }

  trees(): { local: LocalEntry[]; remote: RemoteEntry[]; synced: SyncedEntry[] } {
    return {
      local: [...this.#local.values()].filter((entry) => entry !== null),
      remote: [...this.#remote.values()].filter((entry) => entry !== null),
      synced: [...this.#synced.values()],
    };
  }

  add(here: ReadonlySet<LocalId>, there: ReadonlySet<RemoteId>, turned: ReadonlySet<LocalId>): void {
    for (const id of here) this.#addLocal(id);
    for (const id of there) this.#addRemote(id);
    for (const id of here) this.#widen(id, this.#rows.synced.ofLocal(this.#client, id));
    for (const id of turned) {
      const base = this.#rows.synced.ofLocal(this.#client, id);
      this.#addBelow(id, base === null ? null : this.#addRemote(base.remoteId), base);
    }
    for (const id of there) {
      const base = this.#rows.synced.ofRemote(this.#client, id);
      if (base === null || !here.has(base.localId)) this.#widen(base?.localId ?? null, base, id);
    }
  }

  // ---------------------------------------------------------------- one entry, its peers and the folders above

  #addLocal(id: LocalId): LocalEntry | null {
    const known = this.#local.get(id);
    if (known !== undefined) return known;
    return this.#addRow(id, this.#rows.entries.get(id));
  }

  #addRow(id: LocalId, row: EntryRow | null): LocalEntry | null {
    const known = this.#local.get(id);
    if (known !== undefined) return known;
    const entry = row === null ? null : this.#entryOf(row);
    this.#local.set(id, entry);
    if (entry !== null && entry.parentId !== null) this.#addLocal(entry.parentId);
    const base = this.#rows.synced.ofLocal(this.#client, id);
    if (base !== null) this.#addSynced(base);
    return entry;
  }

  #entryOf(row: EntryRow): LocalEntry | null {
    if ((row.client_id ?? this.#ownerOf(row.parent_id)) === this.#client) return toLocalEntry(row);
    return this.#passages.has(row.id) ? { ...toLocalEntry(row), role: 'rule' } : null;
  }

  #ownerOf(id: LocalId | null): ClientId | null {
    let owner = this.#owners.get(id);
    if (owner === undefined) this.#owners.set(id, (owner = this.#rows.entries.clientOf(id)));
    return owner;
  }

  #addRemote(id: RemoteId): RemoteEntry | null {
    const known = this.#remote.get(id);
    if (known !== undefined) return known;
    return this.#addEntry(id, this.#rows.remote.get(this.#client, id));
  }

  #addEntry(id: RemoteId, row: RemoteEntry | null): RemoteEntry | null {
    const known = this.#remote.get(id);
    if (known !== undefined) return known;
    const entry = row === null || this.#left.some((path) => isWithin(row.pathLower, path)) ? null : row;
    this.#remote.set(id, entry);
    if (entry !== null) this.#addRemoteAt(parentPath(entry.pathLower));
    const base = this.#rows.synced.ofRemote(this.#client, id);
    if (base !== null) this.#addSynced(base);
    return entry;
  }

  #addRemoteAt(path: RelPath): RemoteEntry | null {
    const row = path === '' ? null : this.#rows.remote.at(this.#client, path);
    return row === null ? null : this.#addEntry(row.id, row);
  }

  #addSynced(base: SyncedEntry): void {
    if (this.#synced.has(base.id)) return;
    this.#synced.set(base.id, base);
    this.#addLocal(base.localId);
    this.#addRemote(base.remoteId);
    const above = base.parentId === null ? null : this.#rows.synced.get(base.parentId);
    if (above !== null) this.#addSynced(above);
  }

  // ---------------------------------------------------------------- what it can meet

  /** Of an entry that has changed: what shares its names where it may lie, and everything below it if it differs. */
  #widen(localId: LocalId | null, base: SyncedEntry | null, remoteId: RemoteId | null = base?.remoteId ?? null): void {
    const local = localId === null ? null : this.#addLocal(localId);
    const remote = remoteId === null ? null : this.#addRemote(remoteId);
    const places = this.#places(local, remote, base);
    if (!this.#isSettled(local, remote, base)) {
      this.#addNamesakes(places, this.#keys(local, remote, base));
      if ((local ?? remote ?? base)?.kind === 'folder') this.#addBelow(localId, remote, base);
    }
  }

  #places(local: LocalEntry | null, remote: RemoteEntry | null, base: SyncedEntry | null): Place[] {
    const places: Place[] = [];
    if (local !== null) places.push(this.#localPlace(local.parentId));
    if (remote !== null) places.push(this.#remotePlace(parentPath(remote.pathLower)));
    if (base !== null) {
      const above = base.parentId === null ? null : this.#rows.synced.get(base.parentId);
      places.push(above === null ? TOP : this.#localPlace(above.localId, above));
    }
    return places;
  }

  #localPlace(
    id: LocalId | null,
    base: SyncedEntry | null = id === null ? null : this.#rows.synced.ofLocal(this.#client, id),
  ): Place {
    if (id === null) return TOP;
    const there = base === null ? null : this.#addRemote(base.remoteId);
    return { localId: id, path: there?.pathLower ?? null, isTop: false };
  }

  #remotePlace(path: RelPath): Place {
    if (path === '') return TOP;
    const folder = this.#addRemoteAt(path);
    const base = folder === null ? null : this.#rows.synced.ofRemote(this.#client, folder.id);
    return { localId: base?.localId ?? null, path, isTop: false };
  }

  #keys(local: LocalEntry | null, remote: RemoteEntry | null, base: SyncedEntry | null): Set<string> {
    const { localNames, clientName } = this.#policy;
    const keys = new Set<string>();
    const names = [local?.name, remote?.name, base?.localName, base?.remoteName];
    for (const name of names) {
      if (name === undefined) continue;
      const shared = unmarkedName(name, localNameFor(clientName, localNames));
      for (const one of [name, asideOriginal(name), ...(shared === null ? [] : [shared])]) {
        keys.add(nameKey(one));
        keys.add(nameKey(localNameFor(one, localNames)));
      }
    }
    return keys;
  }

  #addNamesakes(places: readonly Place[], keys: ReadonlySet<string>): void {
    for (const { localId, path, isTop } of places) {
      for (const key of keys) {
        if (localId !== null || isTop) {
          for (const row of this.#rows.entries.byKey(localId, key)) {
            if (this.#addRow(row.id, row) === null) this.meetsOthers = true;
          }
        }
        if (path !== null) this.#addRemoteAt((path === '' ? key : `${path}/${key}`) as RelPath);
      }
    }
  }

  #addBelow(localId: LocalId | null, remote: RemoteEntry | null, base: SyncedEntry | null): void {
    if (localId !== null) {
      for (const row of this.#rows.entries.below(localId)) {
        // A folder that holds what is another client's is not deleted.
        if (this.#addRow(row.id, row) === null) this.meetsOthers = true;
      }
    }
    if (remote !== null) {
      for (const row of this.#rows.remote.below(this.#client, remote.pathLower)) this.#addEntry(row.id, row);
    }
    if (base !== null) for (const row of this.#rows.synced.below(base.id)) this.#addSynced(row);
  }

  /** Both sides have it where, and under the names under which, they agreed to have it; its content does not matter. */
  #isSettled(local: LocalEntry | null, remote: RemoteEntry | null, base: SyncedEntry | null): boolean {
    if (local === null || remote === null || base === null || local.frozen) return false;
    if (local.name !== base.localName || remote.name !== base.remoteName) return false;
    const above = base.parentId === null ? null : this.#rows.synced.get(base.parentId);
    if (local.parentId !== (above?.localId ?? null)) return false;
    const folder = parentPath(remote.pathLower);
    if (folder === '') return above === null;
    return above !== null && this.#rows.remote.at(this.#client, folder)?.id === above.remoteId;
  }
}

function differing<T>(some: ReadonlySet<T>, others: ReadonlySet<T>): T[] {
  return [...some].filter((one) => !others.has(one));
}

function isWithin(path: RelPath, folder: RelPath): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
