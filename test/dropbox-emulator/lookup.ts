// From the paths that callers send (`/a/b`, `id:…`, `rev:…`, `ns:…/a`) to entries of the tree, with the lookup errors of
// the API. Used by every route that names an entry.

import { tag, type Tagged } from './answers.ts';
import type { View } from './emulator.ts';
import { nameKey, splitPath } from './paths.ts';
import {
  descend,
  isBelow,
  pathDisplay,
  pathLower,
  type FileNode,
  type FolderNode,
  type Revision,
  type Tombstone,
  type TreeNode,
} from './tree.ts';

/** A LookupError; each route wraps it into its own error. */
export class LookupProblem extends Error {
  readonly error: Tagged;
  constructor(error: Tagged) {
    super(error['.tag']);
    this.error = error;
  }
}

/** A place in the tree: the folder it is counted from, and the names below. */
export interface Place {
  readonly from: FolderNode;
  readonly names: readonly string[];
}

export function notFound(): LookupProblem {
  return new LookupProblem(tag('not_found'));
}

/** The place that a path means, whether or not something is there. */
export function placeOf(view: View, path: string): Place {
  if (path.startsWith('id:')) {
    const cut = path.indexOf('/');
    const node = view.emulator.tree.byId(cut < 0 ? path : path.slice(0, cut));
    if (node === null || node.parent === null || !isBelow(node, view.base)) throw notFound();
    const below = cut < 0 ? [] : splitPath(path.slice(cut));
    if (below === null) throw new LookupProblem(tag('malformed_path'));
    const names = pathLower(node).slice(view.prefixLower.length).split('/').slice(1);
    return { from: view.base, names: [...names, ...below] };
  }
  if (path.startsWith('ns:')) {
    const cut = path.indexOf('/');
    const from = namespaceFolder(view, cut < 0 ? path.slice(3) : path.slice(3, cut));
    if (from === null) throw notFound();
    return { from, names: namesOf(cut < 0 ? '' : path.slice(cut)) };
  }
  return { from: view.base, names: namesOf(path) };
}

function namesOf(path: string): readonly string[] {
  const names = splitPath(path);
  if (names === null || names.some((name) => name.includes('\\'))) throw new LookupProblem(tag('malformed_path'));
  return names;
}

export function namespaceFolder(view: View, namespace: string): FolderNode | null {
  const { settings } = view.emulator.accounts;
  if (namespace === settings.homeNamespace) {
    const home = view.emulator.tree.byId(settings.homeFolderId);
    return home?.kind === 'folder' ? home : null;
  }
  return namespace === settings.rootNamespace ? view.emulator.tree.root : null;
}

export function nodeAt(view: View, path: string): TreeNode | null {
  const place = placeOf(view, path);
  return descend(place.from, place.names);
}

export function requireNode(view: View, path: string): TreeNode {
  const node = nodeAt(view, path);
  if (node === null) throw notFound();
  return node;
}

/** Path of a place by keys, from the tree's root. */
export function lowerPathOf(place: Place): string {
  return `${pathLower(place.from)}${place.names.map((name) => `/${nameKey(name)}`).join('')}`;
}

/** What was deleted at a path or under an id. */
export function tombstoneAt(view: View, path: string): Tombstone | null {
  const { tree } = view.emulator;
  if (path.startsWith('id:')) return tree.tombstoneOf(path);
  const tombstone = tree.tombstones.get(lowerPathOf(placeOf(view, path)));
  return tombstone === undefined || tombstone.purged ? null : tombstone;
}

/** The revision that a path means: `rev:…` names one, anything else the current one of a file. */
export function requireRevision(view: View, path: string): Revision {
  if (path.startsWith('rev:')) {
    const revision = view.emulator.tree.revision(path.slice(4));
    if (revision === null) throw notFound();
    return revision;
  }
  return revisionOf(requireFile(view, path));
}

export function requireFile(view: View, path: string): FileNode {
  const node = requireNode(view, path);
  if (node.kind !== 'file') throw new LookupProblem(tag('not_file'));
  return node;
}

export function revisionOf(node: FileNode): Revision {
  return { ...node.version, id: node.id, pathLower: pathLower(node), pathDisplay: pathDisplay(node) };
}
