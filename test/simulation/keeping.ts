// What people decide beside the passes: bytes opened again, things taken out of the trash, conflicts settled, one-way
// folders and patterns that are never synced; and the check that one-way folders are. Called by play.ts.

import { bringBack } from '../../src-main/engine/bring-back.ts';
import type { EngineParts } from '../../src-main/engine/parts.ts';
import type { SyncStore, TaskRow } from '../../src-main/engine/ports.ts';
import { settleConflict, type Settlement } from '../../src-main/keeping/conflicts.ts';
import { refuseDeletions } from '../../src-main/keeping/held.ts';
import { restoreFromTrash } from '../../src-main/keeping/trash.ts';
import type { Flow } from '../../src-main/store/keeping.ts';
import type { PlanPolicy } from '../../src-main/sync/model.ts';
import type { ClientId, ContentHash, LocalId, RelPath } from '../../src-shared/domain.ts';
import { ROOTS, type Computer, type EngineWorld } from '../support/engine-world.ts';
import { Violation } from './invariants.ts';
import type { Ledger } from './ledger.ts';
import { isWithin } from './names.ts';
import type { Pick } from './scenario.ts';
import { noteLeftAlone } from './trees.ts';

const FLOWS: readonly Flow[] = ['up', 'down', 'off', 'both'];
const PATTERNS = ['n.txt', 'c/', 'b*', '/a', '*.txt', '!b.txt', 'SO1'];
const SETTLEMENTS: readonly Settlement[] = ['keep-here', 'keep-dropbox', 'keep-both'];

export class Keeping {
  readonly #world: EngineWorld;
  readonly #ledger: Ledger;
  readonly #say: (what: string) => void;
  /** Whether something is one-way or left alone now. */
  decided = false;

  constructor(world: EngineWorld, ledger: Ledger, say: (what: string) => void) {
    this.#world = world;
    this.#ledger = ledger;
    this.#say = say;
  }

  async open({ index, store, clients }: Computer, parts: EngineParts, pick: Pick): Promise<void> {
    const freed = store.db
      .prepare<[], { id: LocalId }>(`SELECT id FROM entries WHERE kind = 'file' AND present = 0 ORDER BY id`)
      .all();
    const one = freed[pick[0] % Math.max(1, freed.length)];
    if (one === undefined) return;
    this.#say(`computer ${index} opens ${store.entries.pathOf(one.id)}`);
    await bringBack(parts, store.entries.clientOf(one.id) ?? clients[0]!, one.id);
  }

  /** What comes back lives again, maybe beside a copy of itself that was kept elsewhere. */
  async restore(computer: Computer, parts: EngineParts, pick: Pick): Promise<void> {
    const { index, store, disk } = computer;
    const rows = store.keepsakes.trashRows();
    const row = rows[pick[0] % Math.max(1, rows.length)];
    if (row === undefined || disk.state !== 'ready') return;
    this.#say(`computer ${index} restores ${row.path}`);
    const before = disk.texts();
    const { observer, gate } = parts;
    const cloudOf = (name: string) => parts.cloud(store.sync.client(store.clients.get(name).id)!);
    for (const hash of [row.hash, ...(row.contents ?? []).map((inner) => inner.hash)]) {
      const content = this.#ledger.textOf(hash);
      if (content !== null) this.#ledger.restored.add(content);
    }
    this.#touch(computer, row.path);
    const { path } = await restoreFromTrash(
      { store, disk, observer, gate, cloudOf, now: () => parts.clock.now() },
      row.id,
    );
    this.#touch(computer, path);
    for (const [at, content] of Object.entries(disk.texts())) {
      if (content === null || before[at] !== undefined || !isWithin(at, path)) continue;
      this.#ledger.restored.add(content);
      this.#ledger.lives(content);
    }
  }

  /** What gives way is gone, with its content; so are both where the program dies half-way. */
  async settle(computer: Computer, parts: EngineParts, pick: Pick): Promise<void> {
    const { index, store, disk } = computer;
    const conflicts = store.keepsakes.openConflicts();
    const conflict = conflicts[pick[0] % Math.max(1, conflicts.length)];
    if (conflict === undefined || disk.state !== 'ready') return;
    const settlement = SETTLEMENTS[pick[1] % SETTLEMENTS.length]!;
    this.#say(`computer ${index} settles ${conflict.path}: ${settlement}`);
    this.#touch(computer, conflict.path);
    this.#touch(computer, conflict.copy);
    const [here, theirs] = [conflict.path, conflict.copy].map((path) => this.#contentAt(computer, path as RelPath));
    if (settlement === 'keep-here') this.#ledger.gone(theirs);
    if (settlement === 'keep-dropbox') this.#ledger.gone(here);
    // It has two places until the discarded one is gone.
    if (settlement === 'keep-dropbox' && typeof theirs === 'string') this.#ledger.restored.add(theirs);
    const { observer, gate } = parts;
    await settleConflict({ store, disk, observer, gate, now: () => parts.clock.now() }, conflict.id, settlement);
  }

  /** What was to be deleted comes back, and is there beside what has been made of it meanwhile. */
  async refuse({ index, store, clients, disk }: Computer, parts: EngineParts): Promise<void> {
    // What somebody has taken away or written over on the other side, too, since the plan was made is gone on both.
    const onDisk = new Set(Object.values(disk.texts()));
    const isStill = (row: NonNullable<ReturnType<SyncStore['entry']>>) =>
      row.stamp === null || onDisk.has(this.#ledger.textOf(row.hash));
    for (const [number, id] of clients.entries()) {
      const client = store.sync.client(id);
      if (client === null) continue;
      const inDropbox = new Set(Object.values(this.#world.cloud.tree(ROOTS[number])));
      const isThere = (hash: ContentHash | null) => inDropbox.has(this.#ledger.textOf(hash));
      const hashes = store.sync.heldOperations(id).flatMap((held) => {
        if (held.kind === 'local.trash') {
          const rows = held.covers.map((one) => store.sync.entry(one));
          return rows.map((row) => (row !== null && isStill(row) ? row.hash : null));
        }
        return held.kind === 'remote.delete'
          ? held.covers.map((one) => store.sync.remoteEntry(id, one)?.hash ?? null).filter(isThere)
          : [];
      });
      if (hashes.length === 0) continue;
      this.#say(`computer ${index} refuses deletions of "${client.name}"`);
      for (const hash of hashes) this.#ledger.restored.add(this.#ledger.textOf(hash) ?? '');
      const { missing } = await refuseDeletions({ store, cloudOf: (row) => parts.cloud(row) }, client);
      for (const hash of missing.length === 0 ? hashes : []) {
        const content = this.#ledger.textOf(hash);
        if (content !== null) this.#ledger.lives(content);
      }
    }
  }

  flow({ index, store }: Computer, pick: Pick): void {
    const folders = store.db
      .prepare<[], { id: LocalId }>(`SELECT id FROM entries WHERE kind = 'folder' ORDER BY id`)
      .all();
    const folder = folders[pick[0] % Math.max(1, folders.length)];
    if (folder === undefined) return;
    const flow = FLOWS[pick[1] % FLOWS.length]!;
    this.#say(`computer ${index}: "${store.entries.pathOf(folder.id)}" goes ${flow}`);
    store.keeping.setFlow(folder.id, flow);
    this.decided = true;
    this.#ledger.decided = true;
  }

  ignore(pick: Pick): void {
    const patterns = PATTERNS.filter((_, index) => (pick[0] >> (index % 6)) % 2 === 1).slice(0, 2);
    this.#say(`never synced: ${patterns.join(' ')}`);
    for (const { store } of this.#world.computers) store.keeping.setIgnorePatterns(patterns);
    noteLeftAlone(this.#world, this.#ledger);
    this.decided = true;
    this.#ledger.decided = true;
  }

  /** A restored database brings back what had been decided when it was backed up. */
  restored({ store }: Computer): void {
    const isOneWay = store.db.prepare('SELECT 1 FROM entries WHERE flow IS NOT NULL LIMIT 1').get() !== undefined;
    if (!isOneWay && store.keeping.ignorePatterns().length === 0) return;
    this.decided = true;
    this.#ledger.decided = true;
  }

  /** Everything is synced both ways again. */
  lift(): void {
    for (const { store } of this.#world.computers) {
      store.keeping.setIgnorePatterns([]);
      store.db.prepare(`UPDATE entries SET flow = NULL WHERE flow IS NOT NULL`).run();
    }
    this.decided = false;
  }

  #contentAt({ disk, store }: Computer, path: RelPath): string | null {
    const id = store.entries.entryAt(path);
    return disk.person.read(path) ?? (id === null ? null : this.#ledger.textOf(store.entries.get(id)?.hash ?? null));
  }

  #touch({ index, disk, store, clients }: Computer, path: string): void {
    for (const [client] of ROOTS.slice(0, this.#world.clients).entries()) this.#ledger.touchKey(client, path);
    const id = store.entries.entryAt(path as RelPath);
    for (const client of clients) {
      const synced = id === null ? null : store.sync.syncedOf(client, id);
      if (synced !== null) this.#ledger.touchId(synced.remoteId);
    }
    const stamp = disk.stampAt(path);
    if (stamp !== null) this.#ledger.touchedFiles.add(`${index}:${stamp.fileId}`);
  }
}

/** Nothing comes down into a folder that goes up only, and nothing goes out of one that comes down only. */
export class Flows {
  readonly #policies = new Map<string, PlanPolicy>();

  planned({ index, store, parts }: Computer, id: ClientId): void {
    const client = store.sync.client(id);
    if (client !== null) this.#policies.set(`${index}.${id}`, parts.policy(client));
  }

  expect({ index }: Computer, { clientId, kind, path }: TaskRow): void {
    const flow = this.#policies.get(`${index}.${clientId}`)?.flow(path) ?? 'both';
    const goes = kind.startsWith('local.') ? 'down' : 'up';
    if (kind === 'remote.link' || flow === 'both' || flow === goes) return;
    throw new Violation(`computer ${index}: ${kind} of "${path}", which goes ${flow}`);
  }
}
