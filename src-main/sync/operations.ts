// Turns the target into operations: what must be done here and in Dropbox so that both become it.
// In: the node graph with every node's target. Out: operations in a runnable order with their dependencies: folders, moves
// and deletions here, contents in transfers.ts. Called by plan.ts; guards.ts then decides which deletions are held.

import type { RelPath } from '../../src-shared/domain.ts';
import { nameKey, refusedByDropbox } from '../../src-shared/names.ts';
import type { ConflictFound, Operation, PlanPolicy, Problem } from './model.ts';
import type { Node, NodeGraph } from './node.ts';
import type { ConflictNodes } from './places.ts';
import { Transfers, type Draft, type PlanLayout } from './transfers.ts';
import { localIdOf, remoteIdOf, WorkingSide, type Side, type Step } from './working-side.ts';

export interface OperationList {
  readonly operations: Operation[];
  readonly problems: Problem[];
  readonly conflicts: ConflictFound[];
}

export function makeOperations(
  graph: NodeGraph,
  conflicts: readonly ConflictNodes[],
  policy: PlanPolicy,
): OperationList {
  const layout = new Layout(graph, policy);
  layout.run();
  return {
    operations: layout.operations,
    problems: layout.problems,
    conflicts: conflicts.map(({ kept, copy }) => ({
      path: layout.localPath(kept),
      copyPath: layout.localPath(copy),
      reason: copy.reason ?? 'both-changed',
      operations: layout.operationsOn(copy) ?? layout.operationsOn(kept) ?? [],
    })),
  };
}

class Layout implements PlanLayout {
  readonly operations: Operation[] = [];
  readonly problems: Problem[] = [];
  readonly root: Node;
  readonly #graph: NodeGraph;
  readonly policy: PlanPolicy;
  readonly here: WorkingSide;
  readonly there: WorkingSide;
  readonly #localPaths = new Map<Node, RelPath>();
  readonly #remotePaths = new Map<Node, RelPath>();
  readonly #blockedHere = new Map<Node, boolean>();
  readonly #blockedThere = new Map<Node, boolean>();
  readonly #operationsOn = new Map<Node, string[]>();

  constructor(graph: NodeGraph, policy: PlanPolicy) {
    this.#graph = graph;
    this.root = graph.root;
    this.policy = policy;
    this.here = new WorkingSide('here', graph, {
      blocked: (node) => this.isBlocked(node, 'here'),
      emit: (step, dependsOn) => this.#structural('here', step, dependsOn),
      caseSensitive: policy.localCase === 'sensitive',
    });
    this.there = new WorkingSide('there', graph, {
      blocked: (node) => this.isBlocked(node, 'there'),
      emit: (step, dependsOn) => this.#structural('there', step, dependsOn),
      caseSensitive: false,
    });
  }

  run(): void {
    const ordered = inTargetOrder(this.#graph);
    for (const node of ordered) this.#reportProblem(node);
    for (const node of ordered) {
      // What Dropbox does not have yet gets its final name here before it is made there.
      if (!node.remote) this.here.settle(node);
      this.there.settle(node);
      this.here.settle(node);
      this.#adoptWhereAgreed(node);
    }
    const transfers = new Transfers(this);
    // Copies first: the version from Dropbox is kept before the one from here is written over it.
    for (const node of ordered) if (node.copyOf) transfers.transfer(node);
    for (const node of ordered) if (node.kind === 'file' && !node.copyOf) transfers.transfer(node);
    this.there.deleteRest();
    this.here.deleteRest();
    for (const node of this.#graph.nodes) this.#forget(node);
    // What both sides agree about comes first: what is made below it finds it in the merge base.
    const turn = (operation: Operation) => (operation.kind === 'adopt' ? -1 : operation.priority);
    this.operations.sort((a, b) => turn(a) - turn(b));
  }

  operationsOn(node: Node): readonly string[] | null {
    return this.#operationsOn.get(node) ?? null;
  }

  localPath(node: Node): RelPath {
    return this.#path(node, this.#localPaths, (at) => at.localName);
  }

  remotePath(node: Node): RelPath {
    return this.#path(node, this.#remotePaths, (at) => at.remoteName);
  }

  #path(node: Node, known: Map<Node, RelPath>, name: (node: Node) => string): RelPath {
    if (node === this.#graph.root) return '' as RelPath;
    const cached = known.get(node);
    if (cached !== undefined) return cached;
    const above = node.parent ? this.#path(node.parent, known, name) : ('' as RelPath);
    const path = (above === '' ? name(node) : `${above}/${name(node)}`) as RelPath;
    known.set(node, path);
    return path;
  }

  add(node: Node, draft: Draft): string {
    const operation = {
      ...draft,
      path: this.localPath(node),
      remotePath: this.remotePath(node),
      held: false,
    } as Operation;
    this.operations.push(operation);
    this.#operationsOn.set(node, [...(this.#operationsOn.get(node) ?? []), operation.key]);
    return operation.key;
  }

  // ---------------------------------------------------------------- what may not be done

  isBlocked(node: Node, side: Side): boolean {
    if (node === this.#graph.root) return false;
    const known = side === 'here' ? this.#blockedHere : this.#blockedThere;
    const answer = known.get(node);
    if (answer !== undefined) return answer;
    known.set(node, false);
    const verdict =
      node.frozen || !this.#flows(node, side) || this.#isRefused(node, side) || this.#isAboveBlocked(node, side);
    known.set(node, verdict);
    return verdict;
  }

  #flows(node: Node, side: Side): boolean {
    const goes = side === 'there' ? 'up' : 'down';
    const allows = (path: RelPath) => ['both', goes].includes(this.policy.flow(path));
    // A folder is one-way where it lies now, whatever it will be called.
    return allows(this.localPath(node)) && (this.policy.oneWay !== true || allows(this.#presentPath(node)));
  }

  /** Where it lies here now; what is not here yet, where its folder does. */
  #presentPath(node: Node): RelPath {
    const names: string[] = [];
    for (let at: Node | null = node; at && at !== this.root; at = at.local ? at.localParent : at.remoteParent) {
      names.unshift(at.local?.name ?? at.localName);
    }
    return names.join('/') as RelPath;
  }

  #isRefused(node: Node, side: Side): boolean {
    if (side === 'here' || !node.alive) return false;
    return node.remote?.name !== node.remoteName && refusedByDropbox(node.remoteName) !== null;
  }

  /** What cannot be made or brought to its place cannot hold anything there. */
  #isAboveBlocked(node: Node, side: Side): boolean {
    if (!node.alive) return false;
    for (let at = node.parent; at && at !== this.root; at = at.parent) {
      if (!isInPlace(at, side) && this.isBlocked(at, side)) return true;
    }
    return false;
  }

  #reportProblem(node: Node): void {
    if (node.frozen || !this.#flows(node, 'there') || node.remote?.name === node.remoteName) return;
    const why = refusedByDropbox(node.remoteName);
    if (why === null) return;
    this.problems.push({
      path: this.localPath(node),
      localId: node.local?.id ?? null,
      remoteId: node.remote?.id ?? null,
      code: 'name-refused-by-dropbox',
      detail: why,
    });
  }

  // ---------------------------------------------------------------- folders, moves, deletions

  #structural(side: Side, step: Step, dependsOn: readonly string[]): string {
    return side === 'there' ? this.#structuralThere(step, dependsOn) : this.#structuralHere(step, dependsOn);
  }

  #structuralThere(step: Step, dependsOn: readonly string[]): string {
    const { node } = step;
    const base = { direction: 'direct', dependsOn } as const;
    switch (step.kind) {
      case 'folder':
        return this.add(node, {
          ...base,
          kind: 'remote.folder',
          key: `remote.folder:${localIdOf(node)}`,
          priority: 1,
          reason: node.reason ?? 'new-here',
          localId: localIdOf(node),
        });
      case 'move':
      case 'aside':
        return this.add(node, {
          ...base,
          kind: 'remote.move',
          key: `remote.${step.kind}:${remoteIdOf(node)}`,
          priority: 1,
          reason: step.kind === 'aside' ? 'make-room' : (node.reason ?? 'moved-here'),
          remoteId: remoteIdOf(node),
          localId: node.local?.id ?? null,
          fromPath: this.#originalPath(node, 'there'),
          aside: step.kind === 'aside',
          respell: step.kind === 'move' && step.respell,
        });
      case 'delete':
        return this.add(this.#deletedPlace(node, 'there'), {
          ...base,
          kind: 'remote.delete',
          key: `remote.delete:${remoteIdOf(node)}`,
          priority: step.makesRoom ? 1 : 2,
          reason: node.keptAs ? 'both-changed' : 'deleted-here',
          remoteId: remoteIdOf(node),
          entryKind: node.kind,
          rev: node.remote!.rev,
          keptAs: node.keptAs && { id: remoteIdOf(node.keptAs), hash: node.remote!.hash! },
          covers: step.covers.map(remoteIdOf),
        });
    }
  }

  #structuralHere(step: Step, dependsOn: readonly string[]): string {
    const { node } = step;
    const base = { direction: 'backward', dependsOn } as const;
    switch (step.kind) {
      case 'folder':
        return this.add(node, {
          ...base,
          kind: 'local.folder',
          key: `local.folder:${remoteIdOf(node)}`,
          priority: 1,
          reason: node.reason ?? 'new-there',
          remoteId: remoteIdOf(node),
        });
      case 'move':
      case 'aside':
        return this.add(node, {
          ...base,
          kind: 'local.move',
          key: `local.${step.kind}:${localIdOf(node)}`,
          priority: 1,
          reason: step.kind === 'aside' ? 'make-room' : (node.reason ?? 'moved-there'),
          localId: localIdOf(node),
          remoteId: node.remote?.id ?? null,
          fromPath: this.#originalPath(node, 'here'),
          aside: step.kind === 'aside',
          respell: step.kind === 'move' && step.respell,
        });
      case 'delete':
        return this.add(this.#deletedPlace(node, 'here'), {
          ...base,
          kind: 'local.trash',
          key: `local.trash:${localIdOf(node)}`,
          priority: step.makesRoom ? 1 : 3,
          reason: 'deleted-there',
          localId: localIdOf(node),
          entryKind: node.kind,
          hash: node.local!.hash,
          covers: step.covers.map(localIdOf),
        });
    }
  }

  /** A deletion is shown at the place where the entry lies, which for the dead is the one of their own side. */
  #deletedPlace(node: Node, side: Side): Node {
    const path = this.#originalPath(node, side);
    this.#localPaths.set(node, side === 'here' ? path : this.localPath(node));
    this.#remotePaths.set(node, side === 'there' ? path : this.remotePath(node));
    return node;
  }

  #originalPath(node: Node, side: Side): RelPath {
    const names: string[] = [];
    for (let at: Node | null = node; at && at !== this.#graph.root;) {
      names.unshift((side === 'here' ? at.local?.name : at.remote?.name) ?? '');
      at = side === 'here' ? at.localParent : at.remoteParent;
    }
    return names.join('/') as RelPath;
  }

  // ---------------------------------------------------------------- bookkeeping

  readonly #adopted = new Map<Node, string>();

  /** Both sides agree, the merge base does not say so yet. */
  #adoptWhereAgreed(node: Node): void {
    const { local, remote, synced } = node;
    if (!local || !remote || node.frozen || !node.alive) return;
    if (this.there.operationOn(node) || this.here.operationOn(node)) return;
    if (node.kind === 'file' && local.hash !== remote.hash) return;
    if (this.isBlocked(node, 'there') && !synced) return;
    const agreed =
      synced !== null &&
      synced.localId === local.id &&
      synced.remoteId === remote.id &&
      synced.localName === local.name &&
      synced.remoteName === remote.name &&
      synced.rev === remote.rev &&
      synced.hash === remote.hash &&
      node.syncedParent === node.parent;
    if (agreed || !isInPlace(node, 'here') || !isInPlace(node, 'there')) return;
    const above = node.parent ? this.#adopted.get(node.parent) : undefined;
    const key = this.add(node, {
      kind: 'adopt',
      key: `adopt:${local.id}:${remote.id}`,
      direction: 'direct',
      priority: 1,
      reason: synced && (node.movedHere || node.movedThere) ? 'both-moved' : 'same-content',
      dependsOn: above ? [above] : [],
      localId: local.id,
      remoteId: remote.id,
    });
    this.#adopted.set(node, key);
  }

  #forget(node: Node): void {
    if (!node.synced || node.local || node.remote) return;
    this.add(node, {
      kind: 'forget',
      key: `forget:${node.synced.id}`,
      direction: 'direct',
      priority: 2,
      reason: 'both-deleted',
      dependsOn: [],
      syncedId: node.synced.id,
      remoteId: node.synced.remoteId,
    });
  }
}

function isInPlace(
  { local, remote, parent, localParent, remoteParent, localName, remoteName }: Node,
  side: Side,
): boolean {
  if (side === 'here') return local !== null && localParent === parent && local.name === localName;
  return remote !== null && remoteParent === parent && remote.name === remoteName;
}

/** Every living node after its folder; siblings by key, so that equal input gives an equal plan. */
function inTargetOrder(graph: NodeGraph): Node[] {
  const children = new Map<Node, Node[]>();
  for (const node of graph.nodes) {
    if (!node.alive || !node.parent) continue;
    const list = children.get(node.parent);
    if (list) list.push(node);
    else children.set(node.parent, [node]);
  }
  const ordered: Node[] = [];
  const stack: Node[] = [graph.root];
  for (let at = stack.pop(); at; at = stack.pop()) {
    if (at !== graph.root) ordered.push(at);
    const below = children.get(at);
    if (!below) continue;
    const keyed = below.map((node) => ({ node, key: nameKey(node.localName) }));
    keyed.sort((a, b) => (a.key < b.key ? 1 : a.key > b.key ? -1 : b.node.index - a.node.index));
    for (const { node } of keyed) stack.push(node);
  }
  return ordered;
}
