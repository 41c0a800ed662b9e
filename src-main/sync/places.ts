// Makes the places of the target fit together: no two living entries under one name in one folder, and a place for the
// second version of every conflict.
// In: nodes decided by merge.ts. Out: final names; nodes for conflicted copies; the conflicts found.
// Called by plan.ts; operations.ts turns the result into work.
//
// Who keeps a name: the ERP's folders, then folders before files (a file cannot take a folder's name), then what lies
// there on both sides already, then what was put there here, then what came from Dropbox ("direct wins").

import type { ContentHash, RelPath } from '../../src-shared/domain.ts';
import { localNameFor, markedName, nameKey, unmarkedName } from '../../src-shared/names.ts';
import { isCopyFromDropbox, KeptCopies } from './kept-copies.ts';
import { keepFoldersOfSurvivors, placeHere } from './merge.ts';
import type { PlanPolicy } from './model.ts';
import { isManaged, makeNode, type Node, type NodeGraph } from './node.ts';

/** A conflict as nodes; operations.ts gives it paths. */
export interface ConflictNodes {
  readonly kept: Node;
  readonly copy: Node;
}

export function markFromDropbox(date: string): string {
  return `conflicted copy from Dropbox, ${date}`;
}

export function markFromHere(date: string): string {
  return `conflicted copy from this computer, ${date}`;
}

export const CASE_MARK = 'case conflict';

export function fitPlaces(graph: NodeGraph, policy: PlanPolicy): ConflictNodes[] {
  const places = new Places(graph, policy);
  places.makeWayForNeighbours();
  places.separateCollisions();
  places.keepBothVersions();
  return places.conflicts;
}

export function contentsDiffer(node: Node): boolean {
  const { local, remote } = node;
  return local !== null && remote !== null && local.hash !== remote.hash;
}

/** Both sides hold different new content of one file. */
export function isContentConflict(node: Node): boolean {
  const { local, remote, synced } = node;
  if (node.kind !== 'file' || node.frozen || !node.alive || !local || !remote) return false;
  if (!local.present || !remote.downloadable || !contentsDiffer(node)) return false;
  return synced ? node.editedHere && node.editedThere : !node.outdatedHere;
}

class Places {
  readonly conflicts: ConflictNodes[] = [];
  readonly #graph: NodeGraph;
  readonly #policy: PlanPolicy;
  readonly #children = new Map<Node, Map<string, Node>>();
  /** Names in use on either side now, the dead ones too: a free name must not meet them. */
  #occupied: Map<Node, Set<string>> | null = null;

  readonly #copies: KeptCopies;

  constructor(graph: NodeGraph, policy: PlanPolicy) {
    this.#graph = graph;
    this.#policy = policy;
    this.#copies = new KeptCopies(graph);
  }

  /**
   * What another client has here under a name keeps it; this client's gets one with the client's name here, and keeps
   * its own in Dropbox. The merge base remembers both.
   */
  makeWayForNeighbours(): void {
    for (const node of this.#graph.nodes) {
      const taken = node.alive && node.parent ? this.#graph.neighbours.get(node.parent) : undefined;
      if (!node.parent || !taken?.has(nameKey(node.localName))) continue;
      if (node.local && node.localParent === node.parent && node.local.name === node.localName) continue;
      const { parent } = node;
      const mark = localNameFor(this.#policy.clientName, this.#policy.localNames);
      // One that has the mark already, and whose name with it is taken too, gets a number instead of a second mark.
      const there = localNameFor(node.remoteName, this.#policy.localNames);
      const own = unmarkedName(node.localName, mark);
      const plain = own !== null && nameKey(own) === nameKey(there) ? own : node.localName;
      node.localName = markedName(plain, mark, (key) => taken.has(key) || this.#taken(parent, key));
    }
  }

  separateCollisions(): void {
    let losers = this.#enterAll();
    // A split can bring a folder back, which takes its place before files do: begin again.
    while (this.#splitEdited(losers)) {
      this.#children.clear();
      losers = this.#enterAll();
    }
    for (const { node, winner } of losers) this.#giveFreeName(node, winner);
  }

  #enterAll(): { node: Node; winner: Node }[] {
    const losers: { node: Node; winner: Node }[] = [];
    for (const node of [...this.#graph.nodes].sort((a, b) => rank(a) - rank(b) || a.index - b.index)) {
      if (!node.alive || !node.parent) continue;
      const winner = this.#enter(node);
      if (winner) losers.push({ node, winner });
    }
    return losers;
  }

  /** Takes the place of a node; answers who has it where it is taken. */
  #enter(node: Node): Node | null {
    const parent = node.parent;
    if (!parent) return null;
    let names = this.#children.get(parent);
    if (!names) this.#children.set(parent, (names = new Map()));
    const remoteKey = nameKey(node.remoteName);
    const localKey = nameKey(node.localName);
    const holder = names.get(remoteKey) ?? names.get(localKey);
    if (holder && holder !== node) return holder;
    names.set(remoteKey, node);
    names.set(localKey, node);
    return null;
  }

  /** What may not be touched at its place is not sent elsewhere either: it waits. */
  #stays(node: Node): boolean {
    const names: string[] = [];
    for (let at: Node | null = node; at && at !== this.#graph.root; at = at.parent) names.unshift(at.localName);
    const flow = this.#policy.flow(names.join('/') as RelPath);
    return flow === 'off' || (flow === 'up' && node.local !== null) || (flow === 'down' && node.remote !== null);
  }

  #giveFreeName(node: Node, winner: Node): void {
    if (this.#stays(node)) {
      node.frozen = true;
      return;
    }
    const kept = this.#copies.of(node);
    if (kept) {
      node.alive = false;
      node.keptAs = kept;
      this.conflicts.push({ kept: winner, copy: kept });
      return;
    }
    const fromDropbox = node.placedBy === 'there';
    const bothHere = !fromDropbox && node.kind === winner.kind && winner.local !== null;
    const mark = bothHere
      ? CASE_MARK
      : fromDropbox
        ? markFromDropbox(this.#policy.date)
        : markFromHere(this.#policy.date);
    this.#rename(node, mark);
    node.reason = 'place-taken';
    this.conflicts.push({ kept: winner, copy: node });
  }

  /**
   * An entry edited here that Dropbox moved onto a taken name: the edit stays at its place here as if it had been
   * deleted there, and the moved one becomes an entry of its own, so that both contents keep a name.
   */
  #splitEdited(losers: readonly { node: Node; winner: Node }[]): boolean {
    let changed = false;
    for (const { node } of losers) {
      if (!(node.editedHere && node.movedThere && !node.movedHere && node.local && node.remote)) continue;
      const moved = makeNode(this.#graph.nodes.length + 1, node.kind);
      moved.remote = node.remote;
      moved.remoteParent = node.remoteParent;
      moved.alive = true;
      moved.parent = node.parent;
      moved.localName = node.localName;
      moved.remoteName = node.remoteName;
      moved.placedBy = 'there';
      this.#graph.nodes.push(moved);
      node.remote = null;
      node.remoteParent = null;
      node.movedThere = false;
      node.editedThere = false;
      placeHere(node);
      node.reason = 'edit-survives-deletion';
      changed = true;
    }
    if (changed) keepFoldersOfSurvivors(this.#graph);
    return changed;
  }

  #rename(node: Node, mark: string): void {
    const parent = node.parent;
    if (!parent) return;
    const name = markedName(node.localName, mark, (key) => this.#taken(parent, key));
    node.localName = name;
    node.remoteName = name;
    this.#enter(node);
  }

  #taken(parent: Node, key: string): boolean {
    if (this.#children.get(parent)?.has(key)) return true;
    return this.#occupiedNames().get(parent)?.has(key) ?? false;
  }

  #occupiedNames(): Map<Node, Set<string>> {
    if (this.#occupied) return this.#occupied;
    const occupied = new Map<Node, Set<string>>();
    const add = (parent: Node | null, name: string) => {
      if (!parent) return;
      let names = occupied.get(parent);
      if (!names) occupied.set(parent, (names = new Set()));
      names.add(nameKey(name));
    };
    for (const node of this.#graph.nodes) {
      if (node.local) add(node.localParent, node.local.name);
      if (node.remote) add(node.remoteParent, node.remote.name);
    }
    this.#occupied = occupied;
    return occupied;
  }

  /** Gives the version from Dropbox a node of its own beside the one from here, which keeps the name. */
  keepBothVersions(): void {
    const conflicted = this.#graph.nodes.filter(isContentConflict);
    if (conflicted.length === 0) return;
    const contents = this.#keptContents();
    for (const node of conflicted) {
      node.reason = 'both-changed';
      const made = node.remote?.hash ? contents.get(node.remote.hash) : undefined;
      if (made) {
        this.conflicts.push({ kept: node, copy: made });
        continue;
      }
      const copy = makeNode(this.#graph.nodes.length + 1, 'file');
      copy.alive = true;
      copy.parent = node.parent;
      copy.localName = node.localName;
      copy.remoteName = node.localName;
      copy.copyOf = node;
      copy.placedBy = 'there';
      copy.reason = 'both-changed';
      this.#graph.nodes.push(copy);
      this.#rename(copy, markFromDropbox(this.#policy.date));
      this.conflicts.push({ kept: node, copy });
    }
  }

  /**
   * Files that Dropbox has and will keep, by content. A version from Dropbox that lives on in one of them is not kept a
   * second time: it is the copy that a pass made which did not get as far as the upload, whatever its name is now.
   */
  #keptContents(): Map<ContentHash, Node> {
    const kept = new Map<ContentHash, Node>();
    for (const node of this.#graph.nodes) {
      if (node.kind !== 'file' || !node.alive || node.editedHere || !node.remote?.hash || isContentConflict(node))
        continue;
      if (isCopyFromDropbox(node.remote.name) || !kept.has(node.remote.hash)) kept.set(node.remote.hash, node);
    }
    return kept;
  }
}

function rank(node: Node): number {
  if (node.frozen) return 0;
  if (isManaged(node)) return 1;
  const base = node.kind === 'folder' ? 2 : 10;
  const settled = node.local !== null && node.remote !== null && !node.movedHere && !node.movedThere;
  return base + (settled ? 0 : node.placedBy === 'there' ? 2 : 1);
}
