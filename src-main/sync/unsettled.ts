// What is not agreed upon when a plan is made: the entries that the next plan must look at again, whether or not this one
// has work for them (one-way folders, unreadable files). All others stay as they are until one of their rows changes.
// In: nodes and operations. Out: ids of both sides. Called by plan.ts; the store keeps them from plan to plan.

import type { LocalId, RemoteId } from '../../src-shared/domain.ts';
import type { Operation, Plan, Unsettled } from './model.ts';
import type { Node, NodeGraph } from './node.ts';

export function unsettledOf(graph: NodeGraph, operations: readonly Operation[]): Unsettled {
  const local = new Set<LocalId>();
  const remote = new Set<RemoteId>();
  for (const node of graph.nodes) {
    // What it holds was no part of this plan: the next one looks at everything (entry 0, store/neighbourhood.ts).
    if (node.wasLeftAlone) local.add(0 as LocalId);
    if (isAgreed(node)) continue;
    const here = node.local?.id ?? node.synced?.localId;
    const there = node.remote?.id ?? node.synced?.remoteId;
    if (here !== undefined) local.add(here);
    if (there !== undefined) remote.add(there);
  }
  // Bytes that are to come back belong to documents that are agreed upon.
  for (const operation of operations) if (operation.kind === 'local.download') addIds(operation, local, remote);
  return { local: [...local], remote: [...remote] };
}

function addIds(
  { localId, remoteId }: Extract<Operation, { kind: 'local.download' }>,
  local: Set<LocalId>,
  remote: Set<RemoteId>,
): void {
  if (localId !== null) local.add(localId);
  if (remoteId !== null) remote.add(remoteId);
}

function isAgreed(node: Node): boolean {
  const { local, remote, synced, syncedParent } = node;
  if (local === null || remote === null || synced === null || node.frozen || node.reason !== null) return false;
  if (synced.unproven) return false;
  return (
    synced.localId === local.id &&
    synced.remoteId === remote.id &&
    synced.localName === local.name &&
    synced.remoteName === remote.name &&
    synced.rev === remote.rev &&
    synced.hash === remote.hash &&
    synced.hash === local.hash &&
    node.localParent === syncedParent &&
    node.remoteParent === syncedParent
  );
}

/**
 * Whether a plan made of a neighbourhood is the one that the whole trees would give. What needs a free name, or a place
 * that its own rows do not tell, may meet entries that the neighbourhood does not hold.
 */
export function standsAlone({ operations, conflicts }: Plan): boolean {
  if (conflicts.length > 0) return false;
  return operations.every(
    ({ reason }) => reason !== 'place-taken' && reason !== 'cycle-undone' && reason !== 'both-changed',
  );
}
