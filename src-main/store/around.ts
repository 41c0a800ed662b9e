// The part of the three trees around what has changed: the entries themselves, the folders above them in each tree, their
// peers, what shares their names, and all that is below a folder that is not where both sides agree it is.
// In: rows and the ids of what has changed; out: trees for the planner. Called by neighbourhood.ts.

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
import type { LocalEntry, PlanPolicy, RemoteEntry, SyncedEntry } from '../sync/model.ts';
import { toLocalEntry, type Entries, type EntryRow } from './entries.ts';
import type { RemoteRows } from './remote-rows.ts';
import type { SyncedRows } from './synced-rows.ts';

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

/** Thrown where there is more around the changes than was asked for. */
export class TooMany extends Error {}

const TOP: Place = { localId: null, path: '' as RelPath, isTop: true };

export class Around {
  readonly #rows: Rows;
  readonly #client: ClientId;
  readonly #passages: ReadonlySet<LocalId>;
  readonly #policy: Pick<PlanPolicy, 'localNames' | 'clientName'>;
  /** True once a name was met that belongs to another client here: who gives way, the whole trees tell. */
  meetsOthers = false;
  readonly #limit: number;
  readonly #left: readonly RelPath[];
  readonly #local = new Map<LocalId, LocalEntry | null>();
  readonly #remote = new Map<RemoteId, RemoteEntry | null>();
  readonly #synced = new Map<SyncedId, SyncedEntry>();
  readonly #owners = new Map<LocalId | null, ClientId | null>();
  // The same folders are asked for again and again; no row changes meanwhile.
  readonly #ofLocal = remembered((id: LocalId) => this.#rows.synced.ofLocal(this.#client, id));
  readonly #ofRemote = remembered((id: RemoteId) => this.#rows.synced.ofRemote(this.#client, id));
  readonly #syncedAt = remembered((id: SyncedId) => this.#rows.synced.get(id));
  readonly #remoteAt = remembered((path: RelPath) => this.#rows.remote.at(this.#client, path));

  constructor(
    rows: Rows,
    client: ClientId,
    passages: ReadonlySet<LocalId>,
    policy: Pick<PlanPolicy, 'localNames' | 'clientName'>,
    limit: number,
  ) {
    this.#rows = rows;
    this.#client = client;
    this.#passages = passages;
    this.#policy = policy;
    this.#limit = limit;
    this.#left = rows.remote.leftBehind(client);
  }

  trees(): { local: LocalEntry[]; remote: RemoteEntry[]; synced: SyncedEntry[] } {
    return {
      local: [...this.#local.values()].filter((entry) => entry !== null),
      remote: [...this.#remote.values()].filter((entry) => entry !== null),
      synced: [...this.#synced.values()],
    };
  }

  /** Throws TooMany beyond the limit, as soon as it is known. */
  add(here: ReadonlySet<LocalId>, there: ReadonlySet<RemoteId>, turned: ReadonlySet<LocalId>): void {
    for (const id of here) this.#addLocal(id);
    for (const id of there) this.#addRemote(id);
    for (const id of here) this.#widen(id, this.#ofLocal(id));
    for (const id of turned) {
      const base = this.#ofLocal(id);
      this.#addBelow(id, base === null ? null : this.#addRemote(base.remoteId), base);
    }
    for (const id of there) {
      const base = this.#ofRemote(id);
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
    this.#checkSize();
    if (entry !== null && entry.parentId !== null) this.#addLocal(entry.parentId);
    const base = this.#ofLocal(id);
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
    this.#checkSize();
    if (entry !== null) this.#addRemoteAt(parentPath(entry.pathLower));
    const base = this.#ofRemote(id);
    if (base !== null) this.#addSynced(base);
    return entry;
  }

  #addRemoteAt(path: RelPath): RemoteEntry | null {
    const row = path === '' ? null : this.#remoteAt(path);
    return row === null ? null : this.#addEntry(row.id, row);
  }

  #addSynced(base: SyncedEntry): void {
    if (this.#synced.has(base.id)) return;
    this.#synced.set(base.id, base);
    this.#checkSize();
    this.#addLocal(base.localId);
    this.#addRemote(base.remoteId);
    const above = base.parentId === null ? null : this.#syncedAt(base.parentId);
    if (above !== null) this.#addSynced(above);
  }

  #checkSize(): void {
    if (this.#local.size + this.#remote.size + this.#synced.size > this.#limit) throw new TooMany();
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
      const above = base.parentId === null ? null : this.#syncedAt(base.parentId);
      places.push(above === null ? TOP : this.#localPlace(above.localId, above));
    }
    return places;
  }

  #localPlace(id: LocalId | null, base: SyncedEntry | null = id === null ? null : this.#ofLocal(id)): Place {
    if (id === null) return TOP;
    const there = base === null ? null : this.#addRemote(base.remoteId);
    return { localId: id, path: there?.pathLower ?? null, isTop: false };
  }

  #remotePlace(path: RelPath): Place {
    if (path === '') return TOP;
    const folder = this.#addRemoteAt(path);
    const base = folder === null ? null : this.#ofRemote(folder.id);
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
    // One more than is allowed is enough to know that there are too many.
    const limit = Number.isFinite(this.#limit) ? this.#limit + 1 : -1;
    if (localId !== null) {
      for (const row of this.#rows.entries.below(localId, limit)) {
        // A folder that holds what is another client's is not deleted.
        if (this.#addRow(row.id, row) === null) this.meetsOthers = true;
      }
    }
    if (remote !== null) {
      for (const row of this.#rows.remote.below(this.#client, remote.pathLower, limit)) this.#addEntry(row.id, row);
    }
    if (base !== null) for (const row of this.#rows.synced.below(base.id, limit)) this.#addSynced(row);
  }

  /** Both sides have it where, and under the names under which, they agreed to have it; its content does not matter. */
  #isSettled(local: LocalEntry | null, remote: RemoteEntry | null, base: SyncedEntry | null): boolean {
    if (local === null || remote === null || base === null || local.frozen) return false;
    if (local.name !== base.localName || remote.name !== base.remoteName) return false;
    const above = base.parentId === null ? null : this.#syncedAt(base.parentId);
    if (local.parentId !== (above?.localId ?? null)) return false;
    const folder = parentPath(remote.pathLower);
    if (folder === '') return above === null;
    return above !== null && this.#remoteAt(folder)?.id === above.remoteId;
  }
}

/** Reads each thing once. */
function remembered<K, V>(read: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const there = known.get(key);
    if (there !== undefined) return there;
    const value = read(key);
    known.set(key, value);
    return value;
  };
}

function isWithin(path: RelPath, folder: RelPath): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
