// One entry while a plan is made: what each of the three trees says of it, what changed on each side, and what shall become
// of it. Made by nodes.ts; merge.ts and places.ts fill the target; operations.ts makes work of it.

import type { EntryKind } from '../../src-shared/domain.ts';
import type { LocalEntry, Reason, RemoteEntry, SyncedEntry } from './model.ts';

export interface Node {
  readonly index: number;
  readonly kind: EntryKind;
  local: LocalEntry | null;
  remote: RemoteEntry | null;
  synced: SyncedEntry | null;
  /** Folder above it in each tree; the root node at the top. */
  localParent: Node | null;
  remoteParent: Node | null;
  syncedParent: Node | null;
  movedHere: boolean;
  movedThere: boolean;
  editedHere: boolean;
  editedThere: boolean;
  /** Not agreed upon (or not since a restore), but what is here is an earlier version of what Dropbox has. */
  outdatedHere: boolean;
  /** Cannot be judged in this pass: stays as it is on both sides, and so does what is above it. */
  frozen: boolean;
  /** Holds, on some side, what a pattern leaves alone or what is another client's: it is not deleted with that. */
  holdsOthers: boolean;
  /** Was left alone and is no longer, with all it holds. */
  wasLeftAlone: boolean;
  /** Was moved, in Dropbox, to where it is left alone: it is out of the folder there, and not deleted. */
  leftThere: boolean;

  // The target, filled by merge.ts and places.ts.
  alive: boolean;
  parent: Node | null;
  localName: string;
  remoteName: string;
  /** Which side's place the target follows. */
  placedBy: 'here' | 'there' | 'both';
  reason: Reason | null;
  /** The other version of a conflict: made by copying this node's remote content. */
  copyOf: Node | null;
  /** Not alive, because its content lives on in this copy of it. */
  keptAs: Node | null;
}

export interface NodeGraph {
  readonly root: Node;
  readonly nodes: Node[];
  /** Keys of names here that belong to others, by the folder that holds them. */
  readonly neighbours: ReadonlyMap<Node, ReadonlySet<string>>;
}

export function makeNode(index: number, kind: EntryKind): Node {
  return {
    index,
    kind,
    local: null,
    remote: null,
    synced: null,
    localParent: null,
    remoteParent: null,
    syncedParent: null,
    movedHere: false,
    movedThere: false,
    editedHere: false,
    editedThere: false,
    outdatedHere: false,
    frozen: false,
    holdsOthers: false,
    wasLeftAlone: false,
    leftThere: false,
    alive: false,
    parent: null,
    localName: '',
    remoteName: '',
    placedBy: 'both',
    reason: null,
    copyOf: null,
    keptAs: null,
  };
}

/** True for the folders that the ERP owns: they return when deleted and go back when moved in Dropbox. */
export function isManaged(node: Node): boolean {
  const role = node.local?.role;
  return role === 'rule' || role === 'record';
}
