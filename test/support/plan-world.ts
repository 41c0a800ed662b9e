// Two trees and their merge base in memory, to test the planner alone: people edit both sides by path, `sync` plans
// and applies the plan to the model exactly as the engine would. Contents are short texts; their hash is the text.

import type {
  ContentHash,
  EntryKind,
  FolderRole,
  LocalId,
  RelPath,
  RemoteId,
  Rev,
  SyncedId,
} from '../../src-shared/domain.ts';
import { nameKey } from '../../src-shared/names.ts';
import { asideName } from '../../src-main/sync/aside.ts';
import type {
  LocalEntry,
  Operation,
  Plan,
  PlanInput,
  PlanPolicy,
  RemoteEntry,
  SyncedEntry,
} from '../../src-main/sync/model.ts';
import { plan } from '../../src-main/sync/plan.ts';

interface Item {
  id: number;
  parent: Item | null;
  kind: EntryKind;
  name: string;
  content: string;
  rev: number;
  role: FolderRole | null;
  present: boolean;
  frozen: boolean;
}

export const POLICY: PlanPolicy = {
  clientName: 'main',
  date: '2026-11-23',
  localCase: 'sensitive',
  localNames: 'posix',
  ignored: () => false,
  flow: () => 'both',
  fetch: () => true,
  bringBack: () => false,
  deletionsApproved: true,
};

let nextId = 1;

/** One side: a tree edited by path. */
export class SideModel {
  readonly items = new Map<number, Item>();
  readonly trash: string[] = [];
  readonly #key: (name: string) => string;

  constructor(key: (name: string) => string) {
    this.#key = key;
  }

  find(path: string): Item | null {
    let at: Item | null = null;
    for (const name of path.split('/')) {
      const parent: Item | null = at;
      at = this.children(parent).find((item) => this.#key(item.name) === this.#key(name)) ?? null;
      if (!at) return null;
    }
    return at;
  }

  get(path: string): Item {
    const item = this.find(path);
    if (!item) throw new Error(`No entry at ${path}`);
    return item;
  }

  children(parent: Item | null): Item[] {
    return [...this.items.values()].filter((item) => item.parent === parent);
  }

  pathOf(item: Item): string {
    return item.parent ? `${this.pathOf(item.parent)}/${item.name}` : item.name;
  }

  makeFolder(path: string, role: FolderRole = 'manual'): Item {
    const known = this.find(path);
    if (known) return known;
    return this.#add(path, 'folder', '', role);
  }

  write(path: string, content: string): Item {
    const known = this.find(path);
    if (known) {
      if (known.kind === 'folder') throw new Error(`${path} is a folder`);
      known.content = content;
      known.rev = nextId++;
      return known;
    }
    return this.#add(path, 'file', content, null);
  }

  #add(path: string, kind: EntryKind, content: string, role: FolderRole | null): Item {
    const cut = path.lastIndexOf('/');
    const parent = cut < 0 ? null : this.makeFolder(path.slice(0, cut));
    if (parent && parent.kind !== 'folder') throw new Error(`${path} lies below a file`);
    const name = path.slice(cut + 1);
    if (this.children(parent).some((item) => this.#key(item.name) === this.#key(name)))
      throw new Error(`${path} is taken`);
    const id = nextId++;
    const item: Item = { id, parent, kind, name, content, rev: id, role, present: true, frozen: false };
    this.items.set(id, item);
    return item;
  }

  move(item: Item, path: string): void {
    const cut = path.lastIndexOf('/');
    const parent = cut < 0 ? null : this.get(path.slice(0, cut));
    const name = path.slice(cut + 1);
    for (let at = parent; at; at = at.parent) if (at === item) throw new Error(`${path} lies inside what is moved`);
    if (this.children(parent).some((other) => other !== item && this.#key(other.name) === this.#key(name))) {
      throw new Error(`${path} is taken`);
    }
    item.parent = parent;
    item.name = name;
  }

  remove(item: Item): void {
    for (const child of this.children(item)) this.remove(child);
    if (item.kind === 'file') this.trash.push(item.content);
    this.items.delete(item.id);
  }

  /** `path` for folders (with a trailing `/`), `path=content` for files, sorted. */
  tree(): string[] {
    return [...this.items.values()]
      .map((item) => (item.kind === 'folder' ? `${this.pathOf(item)}/` : `${this.pathOf(item)}=${item.content}`))
      .sort();
  }
}

export class PlanWorld {
  readonly here = new SideModel((name) => name);
  readonly there = new SideModel(nameKey);
  readonly synced = new Map<number, SyncedEntry>();
  policy: PlanPolicy = POLICY;

  input(): PlanInput {
    const local: LocalEntry[] = [...this.here.items.values()].map((item) => ({
      id: item.id as LocalId,
      parentId: (item.parent?.id ?? null) as LocalId | null,
      kind: item.kind,
      name: item.name,
      role: item.role,
      hash: item.kind === 'file' ? (item.content as ContentHash) : null,
      size: item.content.length,
      present: item.present,
      frozen: item.frozen,
      modified: 0,
    }));
    const remote = [...this.there.items.values()].map((item) => this.remoteEntry(item));
    return { local, remote, synced: [...this.synced.values()], policy: this.policy };
  }

  remoteEntry(item: Item): RemoteEntry {
    return {
      id: remoteId(item),
      pathLower: nameKey(this.there.pathOf(item)) as RelPath,
      kind: item.kind,
      name: item.name,
      rev: item.kind === 'file' ? (String(item.rev) as Rev) : null,
      hash: item.kind === 'file' ? (item.content as ContentHash) : null,
      size: item.content.length,
      downloadable: true,
      modified: 0,
    };
  }

  plan(): Plan {
    return plan(this.input());
  }

  /** Plans and applies until the plan is empty; answers the plans. Throws when it does not settle. */
  sync(limit = 5): Plan[] {
    const plans: Plan[] = [];
    for (;;) {
      const next = this.plan();
      if (next.operations.every((operation) => operation.held)) return plans;
      if (plans.length >= limit)
        throw new Error(`Not settled after ${limit} plans: ${JSON.stringify(next.operations, null, 1)}`);
      plans.push(next);
      const done = new Set<string>();
      for (const operation of next.operations) {
        if (operation.held || operation.dependsOn.some((key) => !done.has(key))) continue;
        this.apply(operation);
        done.add(operation.key);
      }
    }
  }

  apply(operation: Operation): void {
    const { here, there } = this;
    switch (operation.kind) {
      case 'adopt':
        return this.#agree(operation.localId, operation.remoteId);
      case 'forget':
        this.synced.delete(operation.syncedId);
        return;
      case 'remote.folder': {
        const made = there.makeFolder(operation.remotePath);
        return this.#agree(operation.localId, remoteId(made));
      }
      case 'remote.upload': {
        const source = this.#local(operation.localId);
        const known = operation.replaces ? there.items.get(numeric(operation.replaces.id)) : undefined;
        if (known && String(known.rev) !== operation.replaces?.rev) throw new Error('rev conflict');
        if (!known && there.find(operation.remotePath)) throw new Error(`${operation.remotePath} is taken there`);
        const item = known ?? there.write(operation.remotePath, source.content);
        if (known) {
          known.content = source.content;
          known.rev = nextId++;
        }
        return this.#agree(operation.localId, remoteId(item));
      }
      case 'remote.copy': {
        const source = there.items.get(numeric(operation.from.id));
        if (!source || source.content !== operation.hash) throw new Error('copy of something else');
        there.write(operation.remotePath, source.content);
        return;
      }
      case 'remote.move':
        return this.#moveThere(operation);
      case 'remote.delete': {
        const item = there.items.get(numeric(operation.remoteId));
        if (!item) throw new Error('already gone there');
        const covered = new Set<number>(operation.covers.map(numeric));
        for (const other of this.#below(there, item)) {
          if (!covered.has(other.id)) throw new Error(`deletes ${there.pathOf(other)} uncovered`);
        }
        for (const [id, entry] of this.synced) if (covered.has(numeric(entry.remoteId))) this.synced.delete(id);
        there.remove(item);
        return;
      }
      case 'remote.restore': {
        const item = there.write(operation.remotePath, this.#local(operation.localId).content);
        return this.#agree(operation.localId, remoteId(item));
      }
      case 'local.folder': {
        const made = here.makeFolder(operation.path);
        return this.#agree(made.id as LocalId, operation.remoteId);
      }
      case 'local.download': {
        if (operation.localId !== null) {
          const item = this.#local(operation.localId);
          if (item.content !== operation.replacesHash) throw new Error('changed here');
          here.trash.push(item.content);
          item.content = operation.hash;
          return this.#agree(operation.localId, operation.remoteId!);
        }
        if (here.find(operation.path)) throw new Error(`${operation.path} is taken here`);
        const item = here.write(operation.path, operation.hash);
        const source = operation.remoteId ?? remoteId(there.get(operation.remotePath));
        return this.#agree(item.id as LocalId, source);
      }
      case 'local.link': {
        const source = there.items.get(numeric(operation.remoteId))!;
        const item = operation.localId ? this.#local(operation.localId) : here.write(operation.path, source.content);
        item.content = source.content;
        item.present = false;
        return this.#agree(item.id as LocalId, operation.remoteId);
      }
      case 'local.move': {
        const item = this.#local(operation.localId);
        if (operation.aside) item.name = asideName(item.name, 'x');
        else here.move(item, operation.path);
        if (!operation.aside && operation.remoteId) this.#agreePlace(operation.localId, operation.remoteId);
        return;
      }
      case 'local.trash': {
        const item = this.#local(operation.localId);
        const covered = new Set<number>(operation.covers);
        for (const other of this.#below(here, item)) {
          if (!covered.has(other.id)) throw new Error(`trashes ${here.pathOf(other)} uncovered`);
        }
        for (const [id, entry] of this.synced) if (covered.has(entry.localId)) this.synced.delete(id);
        here.remove(item);
      }
    }
  }

  #moveThere(operation: Extract<Operation, { kind: 'remote.move' }>): void {
    const item = this.there.items.get(numeric(operation.remoteId));
    if (!item) throw new Error('moved one is gone there');
    if (operation.aside) item.name = asideName(item.name, 'x');
    else this.there.move(item, operation.remotePath);
    if (!operation.aside && operation.localId) this.#agreePlace(operation.localId, operation.remoteId);
  }

  #below(side: SideModel, item: Item): Item[] {
    return [item, ...side.children(item).flatMap((child) => this.#below(side, child))];
  }

  #local(id: LocalId): Item {
    const item = this.here.items.get(id);
    if (!item) throw new Error(`No local entry ${id}`);
    return item;
  }

  /** After a move: the merge base follows once both sides are at one place; contents stay as last agreed. */
  #agreePlace(localId: LocalId, id: RemoteId): void {
    const local = this.#local(localId);
    const remote = this.there.items.get(numeric(id));
    if (!remote || !this.#samePlace(local, remote)) return;
    const known = [...this.synced.values()].find((entry) => entry.localId === localId);
    if (known && known.hash !== null && (local.content !== remote.content || local.kind === 'folder')) {
      this.#put(local, remote, known.rev, known.hash);
    } else if (local.kind === 'folder' || local.content === remote.content) this.#agree(localId, id);
    else if (known) this.#put(local, remote, known.rev, known.hash);
  }

  #samePlace(local: Item, remote: Item): boolean {
    const parent = local.parent ? this.#syncedOf(local.parent.id) : null;
    if (local.parent && !parent) return false;
    return (parent ? numeric(parent.remoteId) : null) === (remote.parent?.id ?? null);
  }

  #syncedOf(localId: number): SyncedEntry | null {
    return [...this.synced.values()].find((entry) => entry.localId === localId) ?? null;
  }

  #agree(localId: LocalId, id: RemoteId): void {
    const remote = this.there.items.get(numeric(id))!;
    const isFile = remote.kind === 'file';
    this.#put(
      this.#local(localId),
      remote,
      isFile ? (String(remote.rev) as Rev) : null,
      isFile ? (remote.content as ContentHash) : null,
    );
  }

  #put(local: Item, remote: Item, rev: Rev | null, hash: ContentHash | null): void {
    const parent = local.parent ? this.#syncedOf(local.parent.id) : null;
    // As in the store: below a folder that is not agreed upon the entry is noted at the top; the next plan mends it.
    let id: number | null = null;
    for (const [key, entry] of this.synced) {
      if (entry.localId !== local.id && entry.remoteId !== remoteId(remote)) continue;
      id ??= key;
      if (id !== key) this.synced.delete(key);
    }
    id ??= nextId++;
    this.synced.set(id, {
      id: id as SyncedId,
      parentId: parent?.id ?? null,
      kind: local.kind,
      localId: local.id as LocalId,
      remoteId: remoteId(remote),
      localName: local.name,
      remoteName: remote.name,
      rev,
      hash,
      size: remote.content.length,
    });
  }
}

function remoteId(item: Item): RemoteId {
  return `id:${item.id}` as RemoteId;
}

function numeric(id: RemoteId): number {
  return Number(id.slice(3));
}
