// Joins the three trees into nodes: one node an entry, holding what each tree says of it.
// In: the planner's input. Out: nodes paired by id, then by place (SYNC.md §1), with what changed on each side.
// Called by plan.ts; merge.ts decides what becomes of each node.

import type { EntryKind, LocalId, RelPath, RemoteId, SyncedId } from '../../src-shared/domain.ts';
import { localNameFor, nameKey, unmarkedName } from '../../src-shared/names.ts';
import { asideOriginal, isAside } from './aside.ts';
import { leaveIgnoredAlone } from './ignored.ts';
import type { LocalEntry, PlanInput, RemoteEntry } from './model.ts';
import { isManaged, makeNode, type Node, type NodeGraph } from './node.ts';

export function buildNodes(input: PlanInput): NodeGraph {
  const root = makeNode(0, 'folder');
  root.alive = true;
  const builder = new GraphBuilder(root, input);
  builder.link();
  builder.pair();
  const nodes = builder.live();
  for (const node of nodes) findChanges(node, input.earlier);
  return { root, nodes, neighbours: builder.neighbours };
}

/** On one side, what lies in a folder and has no peer yet: what is new, and what was moved there and is gone on the other. */
interface Below {
  readonly fresh: Map<Node, Map<string, Node[]>>;
  readonly moved: Map<Node, Node[]>;
}

class GraphBuilder {
  readonly #root: Node;
  /** The folder of what has none yet. */
  readonly #nowhere: Node = { ...makeNode(0, 'folder'), alive: true };
  readonly #input: PlanInput;
  readonly #nodes: Node[] = [];
  readonly #byLocal = new Map<LocalId, Node>();
  readonly #byRemotePath = new Map<RelPath, Node>();
  readonly #bySynced = new Map<SyncedId, Node>();
  /** Nodes that were merged into another one. */
  readonly #mergedInto = new Map<Node, Node>();
  readonly neighbours = new Map<Node, Set<string>>();

  constructor(root: Node, input: PlanInput) {
    this.#root = root;
    this.#input = input;
  }

  link(): void {
    // Equal trees give an equal plan, in whatever order they come.
    const local = this.#input.local.toSorted((a, b) => a.id - b.id);
    const remote = this.#input.remote.toSorted((a, b) => (a.pathLower < b.pathLower ? -1 : 1));
    const synced = this.#input.synced.toSorted((a, b) => a.id - b.id);
    const localById = new Map<LocalId, LocalEntry>();
    for (const entry of local) localById.set(entry.id, entry);
    const remoteById = new Map<RemoteId, RemoteEntry>();
    for (const entry of remote) remoteById.set(entry.id, entry);

    for (const entry of synced) {
      const node = this.#add(entry.kind);
      node.synced = entry;
      this.#bySynced.set(entry.id, node);
      const here = localById.get(entry.localId);
      if (here && here.kind === entry.kind) {
        this.#setLocal(node, here);
        localById.delete(here.id);
      }
      const there = remoteById.get(entry.remoteId);
      if (there && there.kind === entry.kind) {
        this.#setRemote(node, there);
        remoteById.delete(there.id);
      }
    }
    for (const entry of localById.values()) this.#setLocal(this.#add(entry.kind), entry);
    for (const entry of remoteById.values()) this.#setRemote(this.#add(entry.kind), entry);
    for (const node of this.#nodes) this.#linkParents(node);
    for (const { parentId, name } of this.#input.neighbours ?? []) {
      const folder = parentId === null ? this.#root : this.#byLocal.get(parentId);
      if (!folder) continue;
      this.neighbours.set(folder, (this.neighbours.get(folder) ?? new Set()).add(nameKey(name)));
      for (let at: Node | null = folder; at && at !== this.#root; at = at.localParent) at.holdsOthers = true;
    }
    for (const node of leaveIgnoredAlone(this.#nodes, this.#root, this.#input.policy)) this.#mergedInto.set(node, node);
  }

  pair(): void {
    this.#adoptAtPlace();
    this.#repairRestored();
    this.#pairByPlace();
  }

  #add(kind: EntryKind): Node {
    const node = makeNode(this.#nodes.length + 1, kind);
    this.#nodes.push(node);
    return node;
  }

  #setLocal(node: Node, entry: LocalEntry): void {
    node.local = entry;
    node.frozen ||= entry.frozen;
    this.#byLocal.set(entry.id, node);
  }

  #setRemote(node: Node, entry: RemoteEntry): void {
    node.remote = entry;
    this.#byRemotePath.set(entry.pathLower, node);
  }

  #linkParents(node: Node): void {
    if (node.local) {
      node.localParent =
        node.local.parentId === null ? this.#root : (this.#byLocal.get(node.local.parentId) ?? this.#root);
    }
    if (node.synced) {
      node.syncedParent =
        node.synced.parentId === null ? this.#root : (this.#bySynced.get(node.synced.parentId) ?? this.#root);
    }
    if (node.remote) {
      const path = node.remote.pathLower;
      const cut = path.lastIndexOf('/');
      const parent = cut < 0 ? this.#root : this.#byRemotePath.get(path.slice(0, cut) as RelPath);
      if (parent) node.remoteParent = parent;
      else {
        // The feed has named the entry before its folder: wait for the folder, in nobody's way.
        node.remoteParent = this.#nowhere;
        node.frozen = true;
      }
    }
  }

  /**
   * A folder of the ERP that was moved in Dropbox, and whose place has another folder there by now (another computer's
   * ERP made it, or a person put it there): the one at the place is the ERP's, and the moved one is a folder like any. Two computers that each
   * moved theirs back would never end. Where the one at the place is another of the ERP's, so that the two changed
   * places, they are moved back: somebody mixed them up. Only where that was undone again and again does another computer
   * hold them for the right way round (it met them first like that), and one of the two gives in. The same where nothing
   * is at the place, and the folder is another one of the ERP's where it was moved to, as another computer's ERP has it.
   */
  #adoptAtPlace(): void {
    for (const node of this.#nodes) {
      if (!isManaged(node) || !node.synced || !node.remote || !node.localParent || this.#mergedInto.has(node)) continue;
      if (node.remoteParent === node.localParent && this.#remoteKey(node.remote.name) === nameKey(node.local!.name))
        continue;
      const key = nameKey(node.local!.name);
      const there = this.#nodes.find(
        (other) =>
          other !== node &&
          other.kind === 'folder' &&
          other.remote !== null &&
          !other.frozen &&
          (!isManaged(other) || isQuarrel(node, other)) &&
          !this.#mergedInto.has(other) &&
          other.remoteParent === node.localParent &&
          this.#remoteKey(other.remote.name) === key,
      );
      if (there) this.#swapRemotes(node, there);
      else if (!node.frozen && (node.synced.movedBack ?? 0) >= STUBBORN) this.#swapRemotes(node, this.#add('folder'));
    }
  }

  /**
   * After a restore: names that were swapped since (and are swapped on both sides) look like two moves that cross, and
   * what has another identity since looks like the new one that has its former name. Where one side has, at the place of
   * an entry on the other, this very content, that is its peer, whatever the backup says.
   */
  #repairRestored(): void {
    for (const node of this.#nodes) {
      const { local, remote, synced } = node;
      if (!synced?.unproven || node.kind !== 'file' || this.#mergedInto.has(node)) continue;
      const isInPlace = local !== null && remote !== null && this.#remoteKey(remote.name) === nameKey(local.name);
      if (isInPlace && this.#isOneFolder(node.remoteParent, node.localParent)) continue;
      const peer =
        (local && this.#restoredThere(local, node.localParent)) ??
        (remote && remote.hash !== local?.hash ? this.#restoredHere(remote, node.remoteParent) : null);
      if (!peer) continue;
      this.#swapRemotes(node, peer);
      if (!peer.local && !peer.remote) this.#mergedInto.set(peer, node);
    }
  }

  /** What is new in Dropbox at the place of an entry here, and of its content. */
  #restoredThere({ name, hash }: LocalEntry, parent: Node | null): Node | null {
    const isIt = (node: Node) =>
      node.kind === 'file' &&
      isUnpaired(node) &&
      !node.local &&
      !this.#mergedInto.has(node) &&
      node.remote?.hash === hash &&
      this.#remoteKey(node.remote.name) === nameKey(name);
    return this.#nodes.find((other) => isIt(other) && this.#isOneFolder(other.remoteParent, parent)) ?? null;
  }

  /** What is new here at the place of an entry in Dropbox, and of its content. */
  #restoredHere({ name, hash }: RemoteEntry, parent: Node | null): Node | null {
    const isIt = (node: Node) =>
      node.kind === 'file' &&
      isUnpaired(node) &&
      !node.remote &&
      !this.#mergedInto.has(node) &&
      node.local?.hash === hash &&
      nameKey(node.local.name) === this.#remoteKey(name);
    return this.#nodes.find((other) => isIt(other) && this.#isOneFolder(parent, other.localParent)) ?? null;
  }

  /** One that both sides have made since the backup has no pair yet. */
  #isOneFolder(there: Node | null, here: Node | null): boolean {
    if (there === here) return there !== null;
    if (!there?.remote || !here?.local || there.local || here.remote) return false;
    if (this.#remoteKey(there.remote.name) !== nameKey(here.local.name)) return false;
    return this.#isOneFolder(there.remoteParent, here.localParent);
  }

  #swapRemotes(a: Node, b: Node): void {
    [a.remote, b.remote] = [b.remote, a.remote];
    [a.remoteParent, b.remoteParent] = [b.remoteParent, a.remoteParent];
    for (const node of this.#nodes) {
      if (node.remoteParent === a) node.remoteParent = b;
      else if (node.remoteParent === b) node.remoteParent = a;
    }
  }

  /**
   * Pairs what is new on both sides under one name, and gives an entry that was deleted and made again at its old
   * place its identity back. Top-down, because a pair of folders brings their contents together.
   */
  #pairByPlace(): void {
    const newHere = new Map<Node, Map<string, Node[]>>();
    const newThere = new Map<Node, Map<string, Node[]>>();
    const lostHere = new Map<Node, Node[]>();
    const lostThere = new Map<Node, Node[]>();
    /** Deleted there; what is new there at their place here may be their upload, whose answer was lost. */
    const movedHere = new Map<Node, Node[]>();
    /** Deleted here; what is new here at their place there follows a move whose record was lost. */
    const movedThere = new Map<Node, Node[]>();
    for (const node of this.#nodes) {
      if (this.#mergedInto.has(node)) continue;
      // What a restore has paired already is no peer of another one.
      if (!node.synced && node.local && !node.remote && node.localParent) {
        pushInto(newHere, node.localParent, nameKey(asideOriginal(node.local.name)), node);
      }
      if (!node.synced && node.remote && !node.local && node.remoteParent && !node.frozen) {
        pushInto(newThere, node.remoteParent, this.#remoteKey(node.remote.name), node);
      }
      if (node.synced && node.syncedParent) {
        if (!node.local && node.remote) push(lostHere, node.syncedParent, node);
        if (!node.remote && node.local) push(lostThere, node.syncedParent, node);
      }
      if (node.synced && !node.remote && node.localParent) push(movedHere, node.localParent, node);
      if (node.synced && !node.local && node.remoteParent && !node.frozen) push(movedThere, node.remoteParent, node);
    }
    const belowHere: Below = { fresh: newHere, moved: movedHere };
    const belowThere: Below = { fresh: newThere, moved: movedThere };
    const queue: Node[] = [this.#root];
    for (const node of this.#nodes) if (node.kind === 'folder' && node.local && node.remote) queue.push(node);
    for (let parent = queue.pop(); parent; parent = queue.pop()) {
      const here = newHere.get(parent);
      const there = newThere.get(parent);
      for (const lost of lostThere.get(parent) ?? []) {
        // What has no bytes to fetch (a Paper document) is no later version of bytes that are here.
        const list = lost.remote ? undefined : there?.get(this.#remoteKey(lost.synced!.remoteName));
        const again = takeSame(list, lost.kind, ({ kind, remote }) => {
          return kind === 'folder' || remote!.downloadable || !lost.local!.present;
        });
        if (again) this.#absorbRemote(lost, again, belowThere, queue);
      }
      for (const lost of lostHere.get(parent) ?? []) {
        const again = lost.local ? null : takeSame(here?.get(nameKey(lost.synced!.localName)), lost.kind);
        if (again) this.#absorbLocal(lost, again, belowHere, queue);
      }
      for (const lost of movedThere.get(parent) ?? []) {
        const list = lost.local ? undefined : here?.get(this.#remoteKey(lost.remote!.name));
        // After a restore other content at its place there is another document, and no edit.
        const isAny = lost.kind === 'folder' || !lost.synced!.unproven;
        const again = takeSame(list, lost.kind, (node) => isAny || node.local?.hash === lost.remote!.hash);
        if (again) this.#absorbLocal(lost, again, belowHere, queue);
      }
      for (const lost of movedHere.get(parent) ?? []) {
        const hash = lost.local?.hash ?? null;
        const list = lost.remote ? undefined : there?.get(nameKey(lost.local!.name));
        const isSame = lost.kind === 'folder' || lost.synced!.unproven;
        const again = takeSame(list, lost.kind, (node) => isSame || node.remote?.hash === hash);
        if (again) this.#absorbRemote(lost, again, belowThere, queue);
      }
      if (!here || !there) continue;
      for (const [key, nodes] of here) {
        for (const node of nodes) {
          if (this.#mergedInto.has(node) || node.remote) continue;
          const peer =
            takeSame(there.get(key), node.kind) ?? takeSame(there.get(this.#sharedKey(parent, node)), node.kind);
          if (peer) this.#absorbRemote(node, peer, belowThere, queue);
        }
      }
    }
  }

  /** Of a name that another client has here too, so that this client's is kept under a marked one (places.ts). */
  #sharedKey(parent: Node, { local }: Node): string {
    const { clientName, localNames } = this.#input.policy;
    const name = local && unmarkedName(local.name, localNameFor(clientName, localNames));
    return name && this.neighbours.get(parent)?.has(nameKey(name)) ? nameKey(name) : '';
  }

  #remoteKey(name: string): string {
    return nameKey(localNameFor(asideOriginal(name), this.#input.policy.localNames));
  }

  #absorbRemote(node: Node, peer: Node, below: Below, queue: Node[]): void {
    node.remote = peer.remote;
    node.remoteParent = peer.remoteParent;
    this.#merge(node, peer, below, queue);
  }

  #absorbLocal(node: Node, peer: Node, below: Below, queue: Node[]): void {
    node.local = peer.local;
    node.localParent = peer.localParent;
    node.frozen ||= peer.frozen;
    this.#merge(node, peer, below, queue);
  }

  #merge(node: Node, peer: Node, { fresh, moved }: Below, queue: Node[]): void {
    this.#mergedInto.set(peer, node);
    if (node.kind !== 'folder') return;
    const below = fresh.get(peer);
    if (below) {
      const own = fresh.get(node);
      if (own) for (const [key, nodes] of below) own.set(key, [...(own.get(key) ?? []), ...nodes]);
      else fresh.set(node, below);
    }
    for (const child of moved.get(peer) ?? []) push(moved, node, child);
    queue.push(node);
  }

  /** The nodes that remain, with parents that remain. */
  live(): Node[] {
    const resolve = (node: Node | null): Node | null => {
      let at = node;
      for (let next = at && this.#mergedInto.get(at); at && next && next !== at; next = this.#mergedInto.get(at))
        at = next;
      return at;
    };
    const nodes = this.#nodes.filter((node) => !this.#mergedInto.has(node));
    for (const node of nodes) {
      node.localParent = resolve(node.localParent);
      node.remoteParent = resolve(node.remoteParent);
      node.syncedParent = resolve(node.syncedParent);
    }
    return nodes;
  }
}

/** The backup does not say what its peer is; or says it, and that is all that is left of the other side. */
function isUnpaired({ synced }: Node): boolean {
  return synced?.unproven ?? true;
}

/** Moves back after which a computer gives in: to another folder at the place, and to one that is moved away only. */
const PATIENCE = 2;
const STUBBORN = 5;

function isQuarrel(a: Node, b: Node): boolean {
  return [a, b].some(({ synced }) => (synced?.movedBack ?? 0) >= PATIENCE);
}

function findChanges(node: Node, earlier: PlanInput['earlier']): void {
  const { local, remote, synced } = node;
  if ((!synced || synced.unproven) && local?.hash && remote) {
    node.outdatedHere = earlier?.get(remote.id)?.has(local.hash) ?? false;
  }
  if (!synced) return;
  if (local) {
    node.movedHere =
      !isAside(local.name) && (node.localParent !== node.syncedParent || local.name !== synced.localName);
    node.editedHere = node.kind === 'file' && local.present && local.hash !== synced.hash && !node.outdatedHere;
  }
  if (remote) {
    node.movedThere =
      !isAside(remote.name) && (node.remoteParent !== node.syncedParent || remote.name !== synced.remoteName);
    node.editedThere =
      node.kind === 'file' && remote.rev !== synced.rev && (remote.hash === null || remote.hash !== synced.hash);
  }
}

function push(map: Map<Node, Node[]>, key: Node, node: Node): void {
  const list = map.get(key);
  if (list) list.push(node);
  else map.set(key, [node]);
}

function pushInto(map: Map<Node, Map<string, Node[]>>, parent: Node, key: string, node: Node): void {
  let keys = map.get(parent);
  if (!keys) map.set(parent, (keys = new Map()));
  const list = keys.get(key);
  if (list) list.push(node);
  else keys.set(key, [node]);
}

/** Takes the first node of that kind out of the list. */
function takeSame(list: Node[] | undefined, kind: EntryKind, fits: (node: Node) => boolean = () => true): Node | null {
  if (!list) return null;
  const at = list.findIndex((node) => node.kind === kind && fits(node));
  return at < 0 ? null : (list.splice(at, 1)[0] ?? null);
}
