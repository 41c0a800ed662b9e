// The decision table of SYNC.md §3: what becomes of each entry, given what happened to it on each side.
// In: nodes with their changes. Out: for each node whether it lives and where (`alive`, `parent`, names, `placedBy`).
// Called by plan.ts before places.ts, which makes the places fit together.
//
// Choices where the table is silent:
// - A folder moved here keeps what it holds alive against a deletion there: the move counts as an edit of all of it.
// - A document deleted here whose replacement in Dropbox has other content is an edit: it comes back here.
// - Where both sides moved an entry, its whole place (folder and name) is the one given here.
// - After the database was restored from a backup (guard 3) what only one side still has lives, whatever it was that
//   took it from the other: bytes may have been freed here since, and a deletion cannot be told from that.

import type { PlanPolicy, SyncedEntry } from './model.ts';
import { asideOriginal, isAside } from './aside.ts';
import { isManaged, type Node, type NodeGraph } from './node.ts';
import { localNameFor, nameKey } from '../../src-shared/names.ts';

/** Decides every node by itself; folders that only live for what they hold are left to `keepFoldersOfSurvivors`. */
export function decideNodes(graph: NodeGraph, policy: PlanPolicy): void {
  const movedWithFolder = ancestorCheck(graph.root);
  for (const node of graph.nodes) {
    node.alive = survives(node, movedWithFolder);
    placeNode(node, policy);
  }
}

function survives(node: Node, movedHereOrAbove: (node: Node) => boolean): boolean {
  if (livesByItself(node, movedHereOrAbove)) return true;
  return node.holdsOthers && (node.local !== null || node.remote !== null) && reasoned(node, 'folder-of-survivor');
}

function livesByItself(node: Node, movedHereOrAbove: (node: Node) => boolean): boolean {
  const { local, remote, synced } = node;
  if (node.frozen) return true;
  if (local && remote) return true;
  if (!synced) return local !== null || remote !== null;
  if (synced.unproven && (local || remote))
    return reasoned(node, isManaged(node) ? 'erp-folder-returns' : 'unproven-deletion');
  if (local) {
    // Deleted there.
    if (isManaged(node)) return reasoned(node, 'erp-folder-returns');
    if (node.editedHere) return reasoned(node, 'edit-survives-deletion');
    // What is still there, where it is left alone, must not be sent a second time.
    if (movedHereOrAbove(node) && !node.leftThere)
      return reasoned(node, local.present ? 'edit-survives-deletion' : 'bytes-freed-restored');
    return false;
  }
  // Deleted here: only an edit there survives; a move alone does not.
  return remote !== null && node.editedThere ? reasoned(node, 'edit-survives-deletion') : false;
}

function reasoned(node: Node, reason: Node['reason']): true {
  node.reason = reason;
  return true;
}

function ancestorCheck(root: Node): (node: Node) => boolean {
  const known = new Map<Node, boolean>([[root, false]]);
  const check = (node: Node): boolean => {
    const answer = known.get(node);
    if (answer !== undefined) return answer;
    known.set(node, false);
    const moved = (node.movedHere && !isManaged(node)) || (node.localParent ? check(node.localParent) : false);
    known.set(node, moved);
    return moved;
  };
  return check;
}

/** Where a node belongs if it lives. */
export function placeNode(node: Node, policy: PlanPolicy): void {
  const { local, remote, synced } = node;
  if (local && remote) {
    const managed = isManaged(node);
    const follows = !managed || isToldApartThere(node);
    if (synced && !node.movedHere && node.movedThere && follows) placeThere(node, policy);
    else {
      placeHere(node);
      // Both sides moved it to one place, where Dropbox's name is kept under another one here: it is called so already.
      const isThere = node.remoteParent === node.localParent && !isAside(local.name);
      if (synced && isThere && localNameFor(remote.name, policy.localNames) === local.name)
        node.remoteName = remote.name;
      // Computers that spell a folder of the ERP differently would respell it for ever: Dropbox's spelling stands.
      if (synced && managed && isRespelledThere(node)) node.remoteName = remote.name;
      else if (synced && node.movedHere) node.reason = 'moved-here';
      else if (synced && node.movedThere && managed) node.reason = 'erp-folder-moved-back';
    }
  } else if (local) placeHere(node);
  else if (remote) placeThere(node, policy);
}

/**
 * Where records or clients share a name, each computer's ERP tells theirs apart by a mark of its own time: `Name`,
 * `Name (REF)`. Computers that each moved the folder back to their own choice would never end: the last one stands, and
 * what is no name of the folder's the ERP renames again (store/observer/erp-folders.ts).
 */
function isToldApartThere({ local, remote, synced, remoteParent, syncedParent }: Node): boolean {
  if (!local || !remote || !synced || remoteParent !== syncedParent) return false;
  const base = (name: string) => nameKey(name.replace(/ \([^()]+\)$/, ''));
  return nameKey(remote.name) !== nameKey(synced.remoteName) && base(remote.name) === base(local.name);
}

function isRespelledThere({ remote, synced, movedHere, movedThere, remoteParent, syncedParent }: Node): boolean {
  if (!remote || !synced || movedHere || !movedThere || remoteParent !== syncedParent) return false;
  return nameKey(remote.name) === nameKey(synced.remoteName);
}

export function placeHere(node: Node): void {
  const { local, remote, synced } = node;
  if (!local) return;
  node.parent = node.localParent;
  node.localName = asideOriginal(local.name);
  node.placedBy = remote ? 'both' : 'here';
  if (!remote) node.remoteName = node.localName;
  else if (!synced) node.remoteName = asideOriginal(remote.name);
  else if (isAside(local.name)) {
    if (node.syncedParent?.local || node.syncedParent?.index === 0) node.parent = node.syncedParent;
    node.localName = synced.localName;
    node.remoteName = synced.remoteName;
  } else node.remoteName = isNamedAsAgreed(local.name, synced) ? synced.remoteName : local.name;
  if (synced && (node.movedHere || node.movedThere)) node.placedBy = 'here';
}

/** A name that stands for another one in Dropbox (which this disk or another client leaves no room for) stays so. */
function isNamedAsAgreed(name: string, { localName, remoteName }: SyncedEntry): boolean {
  if (name === localName) return true;
  return nameKey(name) === nameKey(localName) && nameKey(localName) !== nameKey(remoteName);
}

export function placeThere(node: Node, policy: PlanPolicy): void {
  const { local, remote, synced } = node;
  if (!remote) return;
  node.parent = node.remoteParent;
  node.remoteName = isAside(remote.name) && synced ? synced.remoteName : asideOriginal(remote.name);
  if (isAside(remote.name) && synced && (node.syncedParent?.remote || node.syncedParent?.index === 0)) {
    node.parent = node.syncedParent;
  }
  node.localName =
    synced && node.remoteName === synced.remoteName
      ? synced.localName
      : localNameFor(node.remoteName, policy.localNames);
  node.placedBy = 'there';
  if (local) node.reason = 'moved-there';
}

/** A folder lives where something in it lives ("survives together with the folders above it"). */
export function keepFoldersOfSurvivors(graph: NodeGraph): void {
  for (const node of graph.nodes) {
    if (!node.alive) continue;
    for (let at = node.parent; at && !at.alive; at = at.parent) {
      at.alive = true;
      at.reason = 'folder-of-survivor';
    }
    // What cannot be judged keeps the folders above it on both sides.
    if (node.frozen) keepAbove(node);
  }
}

function keepAbove(node: Node): void {
  for (const start of [node.localParent, node.remoteParent, node.syncedParent]) {
    for (let at = start; at && !at.alive && (at.local || at.remote); at = at.parent) {
      at.alive = true;
      at.reason = 'folder-of-survivor';
    }
  }
}

/**
 * Breaks cycles that moves on both sides make together: the move made here wins, the other is undone (SYNC.md §3).
 * Answers whether any place changed.
 */
export function undoCycles(graph: NodeGraph): boolean {
  const settled = new Set<Node>([graph.root]);
  let changed = false;
  for (const start of graph.nodes) {
    if (!start.alive || settled.has(start)) continue;
    const path: Node[] = [];
    const onPath = new Set<Node>();
    let at: Node | null = start;
    while (at && !settled.has(at) && !onPath.has(at)) {
      path.push(at);
      onPath.add(at);
      at = at.parent;
    }
    if (at && onPath.has(at)) {
      const cycle = path.slice(path.indexOf(at));
      const moved = cycle.find((node) => node.placedBy === 'there' && node.local !== null && node.localParent);
      const undone = moved ?? cycle[0];
      if (undone) {
        if (moved) placeHere(moved);
        else undone.parent = graph.root;
        undone.placedBy = 'here';
        undone.reason = 'cycle-undone';
        changed = true;
      }
    }
    for (const node of path) settled.add(node);
  }
  return changed;
}
