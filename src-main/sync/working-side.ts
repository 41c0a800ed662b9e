// One side while the plan is being laid out: where each entry lies after the operations planned so far.
// In: the nodes with their targets. Out: structural operations (create folder, move, make room) in an order that can be
// run from first to last. Used by operations.ts, once for here and once for Dropbox.

import type { LocalId, RemoteId } from '../../src-shared/domain.ts';
import { nameKey } from '../../src-shared/names.ts';
import { asideName } from './aside.ts';
import type { Node, NodeGraph } from './node.ts';

export type Side = 'here' | 'there';

/** What operations.ts makes operations of. */
export type Step =
  | { readonly kind: 'folder'; readonly node: Node }
  | { readonly kind: 'move'; readonly node: Node; readonly respell: boolean }
  | { readonly kind: 'aside'; readonly node: Node; readonly name: string }
  | { readonly kind: 'delete'; readonly node: Node; readonly covers: readonly Node[]; readonly makesRoom: boolean };

export class WorkingSide {
  readonly #side: Side;
  readonly #graph: NodeGraph;
  readonly #blocked: (node: Node) => boolean;
  readonly #emit: (step: Step, dependsOn: readonly string[]) => string;
  readonly #caseSensitive: boolean;

  readonly #state = new Map<Node, 'doing' | 'done'>();
  /** Entries that leave their present place, by that place. */
  readonly #leaving = new Map<Node, Map<string, Node>>();
  readonly #place = new Map<Node, { parent: Node; name: string }>();
  readonly #deleted = new Set<Node>();
  /** Key of the last structural operation on a node. */
  readonly #operationOf = new Map<Node, string>();
  /** Operations that freed the place of a node which is yet to be transferred there. */
  readonly #roomMadeBy = new Map<Node, string[]>();
  #children: Map<Node, Node[]> | null = null;

  constructor(
    side: Side,
    graph: NodeGraph,
    options: {
      readonly blocked: (node: Node) => boolean;
      readonly emit: (step: Step, dependsOn: readonly string[]) => string;
      readonly caseSensitive: boolean;
    },
  ) {
    this.#side = side;
    this.#graph = graph;
    this.#blocked = options.blocked;
    this.#emit = options.emit;
    this.#caseSensitive = options.caseSensitive;
    this.#state.set(graph.root, 'done');
    for (const node of graph.nodes) {
      if (!this.exists(node) || (node.alive && this.#atTarget(node))) continue;
      this.#enter(node, this.#present(node));
    }
  }

  exists(node: Node): boolean {
    return (this.#side === 'here' ? node.local : node.remote) !== null && !this.#deleted.has(node);
  }

  targetName(node: Node): string {
    return this.#side === 'here' ? node.localName : node.remoteName;
  }

  /** Brings the node to its target place, or makes room there for a file that will be transferred. */
  settle(node: Node): void {
    if (this.#state.has(node) || !node.alive || !node.parent) return;
    this.#state.set(node, 'doing');
    this.settle(node.parent);
    if (!this.#blocked(node)) this.#settleNow(node, node.parent);
    this.#state.set(node, 'done');
  }

  /** Deletes what is left of the dead, one operation for the topmost of each branch that holds nothing alive. */
  deleteRest(): void {
    const holdsLife = new Set<Node>();
    for (const node of this.#graph.nodes) {
      if (node.alive || !this.exists(node) || this.#blocked(node)) continue;
      for (const candidate of this.#deadBranch(node)) {
        if (holdsLife.has(candidate)) continue;
        if (this.#isClear(candidate)) {
          this.#delete(candidate, false);
          break;
        }
        holdsLife.add(candidate);
      }
    }
  }

  /** The dead folders above a dead node, topmost first, and the node itself. */
  #deadBranch(node: Node): Node[] {
    const branch = [node];
    for (let at = this.#present(node).parent; !at.alive && this.exists(at) && !this.#blocked(at);) {
      branch.unshift(at);
      at = this.#present(at).parent;
    }
    return branch;
  }

  /** What a transfer of this node waits for on this side. */
  dependencies(node: Node): string[] {
    const above = node.parent ? this.#operationAbove(node.parent) : null;
    const own = this.#operationOf.get(node);
    return [...(above ? [above] : []), ...(own ? [own] : []), ...(this.#roomMadeBy.get(node) ?? [])];
  }

  operationOn(node: Node): string | null {
    return this.#operationOf.get(node) ?? null;
  }

  #settleNow(node: Node, parent: Node): void {
    if (this.exists(node) && this.#atTarget(node)) return;
    const room = this.#makeRoom(node, parent);
    // What has its place may not be touched: it stays where it is until it may.
    if (room === null) return;
    const above = this.#operationAbove(parent);
    const dependsOn = [...(above ? [above] : []), ...room];
    if (this.exists(node)) {
      const from = this.#present(node);
      const former = this.#operationOf.get(node);
      const name = this.targetName(node);
      const respell = from.parent === parent && nameKey(from.name) === nameKey(name);
      const key = this.#emit({ kind: 'move', node, respell }, former ? [...dependsOn, former] : dependsOn);
      this.#leave(node);
      this.#place.set(node, { parent, name });
      this.#operationOf.set(node, key);
    } else if (node.kind === 'folder') {
      this.#operationOf.set(node, this.#emit({ kind: 'folder', node }, dependsOn));
      this.#place.set(node, { parent, name: this.targetName(node) });
    } else this.#roomMadeBy.set(node, room);
  }

  /** Null where the one that has the place may not leave it. */
  #makeRoom(node: Node, parent: Node): string[] | null {
    const key = this.#key(this.targetName(node));
    const holder = this.#leaving.get(parent)?.get(key);
    if (!holder || holder === node) return [];
    if (holder.alive && !this.#state.has(holder) && this.#canSettle(holder)) this.settle(holder);
    if (this.#leaving.get(parent)?.get(key) !== holder) {
      const key = this.#operationOf.get(holder);
      return key ? [key] : [];
    }
    if (this.#blocked(holder)) return null;
    if (!holder.alive && this.#isClear(holder)) return [this.#delete(holder, true)];
    return [this.#setAside(holder)];
  }

  /** False while something above its target is itself on the way. */
  #canSettle(node: Node): boolean {
    for (let at = node.parent; at && at !== this.#graph.root; at = at.parent) {
      if (this.#state.get(at) === 'doing') return false;
    }
    return true;
  }

  #setAside(node: Node): string {
    const { parent, name } = this.#present(node);
    const aside = asideName(name, markOf(node));
    const above = this.#operationAbove(parent);
    const key = this.#emit({ kind: 'aside', node, name: aside }, above ? [above] : []);
    this.#leave(node);
    this.#enter(node, { parent, name: aside });
    this.#operationOf.set(node, key);
    return key;
  }

  #delete(node: Node, makesRoom: boolean): string {
    const covers = this.#subtree(node);
    // Whatever was moved out of it must be out.
    const dependsOn: string[] = [];
    for (const other of this.#originalChildren(node)) {
      const key = this.#operationOf.get(other);
      if (key && other.alive) dependsOn.push(key);
    }
    const former = this.#operationOf.get(node);
    if (former) dependsOn.push(former);
    const key = this.#emit({ kind: 'delete', node, covers, makesRoom }, dependsOn);
    for (const covered of covers) {
      this.#leave(covered);
      this.#deleted.add(covered);
    }
    return key;
  }

  /** True when nothing that lives is below it on this side. */
  #isClear(node: Node): boolean {
    if (node.kind === 'file') return true;
    return this.#subtree(node).every((below) => !below.alive && !this.#blocked(below));
  }

  /** The node and what lies below it now. */
  #subtree(node: Node): Node[] {
    const found: Node[] = [];
    const visit = (at: Node) => {
      found.push(at);
      if (at.kind === 'folder') for (const child of this.#presentChildren(at)) visit(child);
    };
    visit(node);
    return found;
  }

  #presentChildren(node: Node): Node[] {
    return this.#originalChildrenOf(node).filter((child) => this.exists(child) && this.#present(child).parent === node);
  }

  /** Everything that was below it before this plan, at any depth. */
  #originalChildren(node: Node): Node[] {
    const found: Node[] = [];
    const visit = (at: Node) => {
      for (const child of this.#originalChildrenOf(at)) {
        found.push(child);
        visit(child);
      }
    };
    visit(node);
    return found;
  }

  #originalChildrenOf(node: Node): Node[] {
    if (!this.#children) {
      this.#children = new Map();
      for (const child of this.#graph.nodes) {
        const parent = this.#side === 'here' ? child.localParent : child.remoteParent;
        if (!parent || (this.#side === 'here' ? child.local : child.remote) === null) continue;
        const list = this.#children.get(parent);
        if (list) list.push(child);
        else this.#children.set(parent, [child]);
      }
    }
    return this.#children.get(node) ?? [];
  }

  #operationAbove(folder: Node): string | null {
    for (let at: Node | null = folder; at; at = at.parent) {
      const key = this.#operationOf.get(at);
      if (key) return key;
    }
    return null;
  }

  #present(node: Node): { parent: Node; name: string } {
    const moved = this.#place.get(node);
    if (moved) return moved;
    const parent = (this.#side === 'here' ? node.localParent : node.remoteParent) ?? this.#graph.root;
    return { parent, name: (this.#side === 'here' ? node.local?.name : node.remote?.name) ?? '' };
  }

  #atTarget(node: Node): boolean {
    const present = this.#present(node);
    return present.parent === node.parent && present.name === this.targetName(node);
  }

  #key(name: string): string {
    return this.#side === 'here' && this.#caseSensitive ? name : nameKey(name);
  }

  #enter(node: Node, place: { parent: Node; name: string }): void {
    this.#place.set(node, place);
    let names = this.#leaving.get(place.parent);
    if (!names) this.#leaving.set(place.parent, (names = new Map()));
    names.set(this.#key(place.name), node);
  }

  #leave(node: Node): void {
    const { parent, name } = this.#present(node);
    const names = this.#leaving.get(parent);
    if (names?.get(this.#key(name)) === node) names.delete(this.#key(name));
  }
}

/** Tells entries of one folder apart, and stays the same from plan to plan. */
function markOf({ synced, local, remote }: Node): string {
  if (synced) return String(synced.id);
  return local ? `l${local.id}` : (remote?.id ?? '').replace(/[^A-Za-z0-9]/g, '').slice(-8);
}

export function localIdOf(node: Node): LocalId {
  if (!node.local) throw new Error('The entry is not here.');
  return node.local.id;
}

export function remoteIdOf(node: Node): RemoteId {
  if (!node.remote) throw new Error('The entry is not in Dropbox.');
  return node.remote.id;
}
