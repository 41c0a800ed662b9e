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
type PathOf = (node: Node) => RelPath | null;

export function leaveIgnoredAlone(nodes: readonly Node[], root: Node, policy: PlanPolicy): readonly Node[] {
  const pathsOn = (nameOf: (node: Node) => string | null, above: Above, instead?: PathOf) =>
    notIgnoredIn(root, policy, nameOf, above, instead);
  // What Dropbox has under a name of the program's own is known here by another, which is not ignored.
  const known = (name: string | undefined) => (name === undefined ? null : localNameFor(name, policy.localNames));
  const agreedHere = pathsOn(({ synced }) => synced?.localName ?? null, aboveAgreed);
  const agreedThere = pathsOn(({ synced }) => known(synced?.remoteName), aboveAgreed);
  const here = pathsOn(({ local }) => local?.name ?? null, aboveHere);
  const there = pathsOn(
    ({ remote }) => known(remote?.name),
    aboveThere,
    // Moved here too, to where it is not ignored: the move made here wins, and takes along what it holds.
    (node) => (node.remote && isMovedHere(node) && agreedThere(node) !== null ? here(node) : null),
  );
  const out: Node[] = [];
  for (const node of nodes) {
    const hiddenHere = node.local !== null && here(node) === null;
    const hiddenThere = node.remote !== null && there(node) === null;
    if (!hiddenHere && !hiddenThere) continue;
    if (hiddenHere !== hiddenThere && node.local && node.remote && node.synced) {
      // It was left alone, and the other side has moved it to where it is not: it moves here too.
      if ((hiddenHere ? agreedHere : agreedThere)(node) === null) {
        node.wasLeftAlone = true;
        continue;
      }
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

function isMovedHere({ local, synced, localParent, syncedParent }: Node): boolean {
  if (!local || !synced || isAside(local.name)) return false;
  return local.name !== synced.localName || localParent !== syncedParent;
}

/**
 * Answers where a node lies in one of the trees; null where the policy ignores it, or a folder above it, and it does not
 * lie somewhere else `instead`.
 */
function notIgnoredIn(
  root: Node,
  policy: PlanPolicy,
  nameOf: (node: Node) => string | null,
  above: Above,
  instead: PathOf = () => null,
): PathOf {
  /** Null: ignored. */
  const paths = new Map<Node, RelPath | null>([[root, '' as RelPath]]);
  const pathOf = (node: Node): RelPath | null => {
    const known = paths.get(node);
    if (known !== undefined) return known;
    paths.set(node, null);
    const folder = pathOf(above(node) ?? root);
    const name = nameOf(node) ?? '';
    const path = folder === null ? null : ((folder === '' ? name : `${folder}/${name}`) as RelPath);
    const verdict = path === null || policy.ignored(path, node.kind) ? instead(node) : path;
    paths.set(node, verdict);
    return verdict;
  };
  return pathOf;
}
