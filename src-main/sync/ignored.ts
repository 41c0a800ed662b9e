// What is left alone: ignored names and everything below them take no part and stay where they are. What got such a name
// on one side only has left that side, as if it had been moved out of the folder.
// In: nodes with their parents in each tree. Out: those that take no part; one side of others is taken away.
// Called by nodes.ts before pairing by place.

import type { RelPath } from '../../src-shared/domain.ts';
import { isIgnoredName, localNameFor } from '../../src-shared/names.ts';
import { isAside } from './aside.ts';
import type { PlanPolicy } from './model.ts';
import type { Node } from './node.ts';

type Above = (node: Node) => Node | null;

export function leaveIgnoredAlone(nodes: readonly Node[], root: Node, policy: PlanPolicy): readonly Node[] {
  const ignoredOn = (nameOf: (node: Node) => string | null, above: Above) => ignoredIn(root, policy, nameOf, above);
  // What Dropbox has under a name of the program's own is known here by another, which is not ignored.
  const known = (name: string | undefined) => (name === undefined ? null : localNameFor(name, policy.localNames));
  const here = ignoredOn(({ local }) => local?.name ?? null, aboveHere);
  const there = ignoredOn(({ remote }) => known(remote?.name), aboveThere);
  const agreedHere = ignoredOn(({ synced }) => synced?.localName ?? null, aboveAgreed);
  const agreedThere = ignoredOn(({ synced }) => known(synced?.remoteName), aboveAgreed);
  const out: Node[] = [];
  for (const node of nodes) {
    const hiddenHere = node.local !== null && here(node);
    const hiddenThere = node.remote !== null && there(node);
    if (!hiddenHere && !hiddenThere) continue;
    if (hiddenHere !== hiddenThere && node.local && node.remote && node.synced) {
      // It was left alone, and the other side has moved it to where it is not: it moves here too.
      if (hiddenHere ? agreedHere(node) : agreedThere(node)) {
        node.wasLeftAlone = true;
        continue;
      }
      // Moved here too, to where it is not ignored: the move made here wins.
      const { name } = node.local;
      const moved = name !== node.synced.localName || node.localParent !== node.syncedParent;
      if (hiddenThere && moved && !isAside(name)) continue;
    }
    // Temporary and system files go with their folder; what people chose to leave alone does not.
    if (hiddenHere && !isIgnoredName(node.local!.name)) holdAbove(node, root, aboveHere);
    if (hiddenThere && !isIgnoredName(node.remote!.name)) holdAbove(node, root, aboveThere);
    // Without bytes here it cannot leave Dropbox.
    const isLink = hiddenHere && node.kind === 'file' && !node.local!.present;
    if (((hiddenHere || !node.local) && (hiddenThere || !node.remote)) || isLink) out.push(node);
    else if (hiddenHere) {
      node.local = null;
      node.localParent = null;
    } else {
      node.leftThere = node.local !== null && node.synced !== null;
      node.remote = null;
      node.remoteParent = null;
    }
  }
  return out;
}

const aboveHere: Above = (node) => node.localParent;
const aboveThere: Above = (node) => node.remoteParent;
const aboveAgreed: Above = (node) => node.syncedParent;

function holdAbove(node: Node, root: Node, above: Above): void {
  for (let at = above(node); at && at !== root; at = above(at)) at.holdsOthers = true;
}

/** Answers whether the policy ignores a node, or a folder above it, in one of the trees. */
function ignoredIn(
  root: Node,
  policy: PlanPolicy,
  nameOf: (node: Node) => string | null,
  above: Above,
): (node: Node) => boolean {
  /** Null: ignored. */
  const paths = new Map<Node, RelPath | null>([[root, '' as RelPath]]);
  const pathOf = (node: Node): RelPath | null => {
    const known = paths.get(node);
    if (known !== undefined) return known;
    paths.set(node, null);
    const folder = pathOf(above(node) ?? root);
    const name = nameOf(node) ?? '';
    const path = folder === null ? null : ((folder === '' ? name : `${folder}/${name}`) as RelPath);
    const verdict = path === null || policy.ignored(path, node.kind) ? null : path;
    paths.set(node, verdict);
    return verdict;
  };
  return (node) => pathOf(node) === null;
}
