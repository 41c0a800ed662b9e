// Copies that a conflict has left in Dropbox before it was settled (the program died, or people went on): the version for
// which one was made lives on in it, and is not kept a second time.
// In: a node graph. Out: which copy keeps the content of a document that only Dropbox has. Called by places.ts.

import { nameKey, splitExtension } from '../../src-shared/names.ts';
import type { Node, NodeGraph } from './node.ts';

/** As `markFromDropbox` in places.ts has it, of whatever day and number. */
const MARK = / \(conflicted copy from dropbox, \d{4}-\d{2}-\d{2}( \d+)?\)$/i;

export function isCopyFromDropbox(name: string): boolean {
  return MARK.test(splitExtension(name).stem);
}

export class KeptCopies {
  readonly #graph: NodeGraph;
  #byContent: Map<string, Node[]> | null = null;

  constructor(graph: NodeGraph) {
    this.#graph = graph;
  }

  /** The copy that was made of this very version: beside it, by its name. */
  of({ kind, local, remote, remoteParent }: Node): Node | null {
    if (kind !== 'file' || local !== null || !remote?.hash) return null;
    const made = this.#copies().get(remote.hash) ?? [];
    const key = nameKey(remote.name);
    return (
      made.find((copy) => copy.alive && copy.remoteParent === remoteParent && copiedName(copy.remote!.name) === key) ??
      null
    );
  }

  #copies(): ReadonlyMap<string, Node[]> {
    if (this.#byContent !== null) return this.#byContent;
    const found = this.#graph.nodes.filter(
      ({ kind, remote, frozen, editedHere }) =>
        kind === 'file' && remote?.hash && !frozen && !editedHere && isCopyFromDropbox(remote.name),
    );
    return (this.#byContent = Map.groupBy(found, ({ remote }) => remote!.hash!));
  }
}

function copiedName(name: string): string {
  const { stem, extension } = splitExtension(name);
  return nameKey(stem.replace(MARK, '') + extension);
}
