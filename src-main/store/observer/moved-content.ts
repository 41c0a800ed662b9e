// Moves that no file id tells: a file copied and then removed, or moved across disks, keeps its content only.
// Missing rows and new files with the same content are the same entry where nothing else could be meant; a missing
// folder whose files all turned up in one new folder is that folder. A missing file is not gone while a new one that
// could be it cannot be read. Called by observer.ts after match.ts.

import type { ContentHash, LocalId } from '../../../src-shared/domain.ts';
import type { StoreDisk } from '../disk/store-disk.ts';
import type { Entries, EntryRow } from '../entries.ts';
import { bind, nodePath, type DiskNode } from './disk-tree.ts';
import type { Matching } from './match.ts';
import type { Pacer } from './pacer.ts';
import { isRead, readFile, type Hashed, type Unread } from './read-file.ts';

export interface Rematched {
  readonly matching: Matching;
  /** What was read on the way, so that nothing is read twice; what could not be read and may be a missing one, too. */
  readonly read: ReadonlyMap<DiskNode, Hashed | Unread>;
  /** Missing files that one of those may be, and the missing folders above them. */
  readonly doubtful: ReadonlySet<LocalId>;
}

export function asMatched(matching: Matching): Rematched {
  return { matching, read: new Map(), doubtful: new Set() };
}

/** Pairs what content alone can pair. Reads only files whose size is that of a missing one. */
export async function matchByContent(
  disk: StoreDisk,
  entries: Entries,
  matching: Matching,
  pacer: Pacer,
): Promise<Rematched> {
  const lost = lostFiles(entries, matching);
  if (lost.length === 0 || matching.newFiles.length === 0) return asMatched(matching);
  const sizes = new Set(lost.map((row) => row.size));
  const read = new Map<DiskNode, Hashed | Unread>();
  for (const node of matching.newFiles) {
    if (sizes.has(node.stamp.size)) read.set(node, await readFile(disk, nodePath(node)));
    if (pacer.due) await pacer.breathe();
  }
  const nodeOf = new Map(matching.nodeOf);
  const pairs = pairUp(lost, read);
  for (const [row, node] of pairs) {
    bind(node, row);
    nodeOf.set(row.id, node);
  }
  const folders = matchFoldersOf(entries, pairs, nodeOf, new Set(matching.newFolders));
  const doubtful = doubtfulOf(entries, lost, read, nodeOf, matching.folders[0]);
  return {
    matching: {
      ...matching,
      nodeOf,
      frozen: [...matching.frozen, ...folders.filter(({ row }) => row?.frozen === 1)],
      movedFiles: [...matching.movedFiles, ...pairs.map(([, node]) => node)],
      newFiles: matching.newFiles.filter((node) => node.row === null),
      newFolders: matching.newFolders.filter((node) => node.row === null),
      missing: matching.missing.flatMap((row) => stillMissing(entries, row, nodeOf)),
    },
    read,
    doubtful,
  };
}

/** `root` is the top of the documents folder. */
function doubtfulOf(
  entries: Entries,
  lost: readonly EntryRow[],
  read: Map<DiskNode, Hashed | Unread>,
  nodeOf: ReadonlyMap<LocalId, DiskNode>,
  root: DiskNode | undefined,
): ReadonlySet<LocalId> {
  const doubtful = new Set<LocalId>();
  const unread = new Set([...read].flatMap(([{ stamp }, result]) => (isRead(result) ? [] : [stamp.size])));
  const left = unread.size === 0 ? [] : lost.filter((row) => !nodeOf.has(row.id) && unread.has(row.size));
  for (const row of left) {
    const chain: EntryRow[] = [];
    let at: EntryRow | null = row;
    for (; at !== null && !nodeOf.has(at.id); at = at.parent_id === null ? null : entries.get(at.parent_id))
      chain.push(at);
    const above = at === null ? root : nodeOf.get(at.id);
    // Its row cannot stay where something else is now.
    if (!above?.children.has(chain.at(-1)!.name)) for (const { id } of chain) doubtful.add(id);
  }
  // What may be none of the missing ones is read, and told of, with all others.
  const sizes = new Set(left.filter(({ id }) => doubtful.has(id)).map(({ size }) => size));
  for (const [node, result] of read) if (!isRead(result) && !sizes.has(node.stamp.size)) read.delete(node);
  return doubtful;
}

/** A folder that was found again may lack some of what lay in it; what had no bytes here comes along. */
function stillMissing(entries: Entries, row: EntryRow, nodeOf: ReadonlyMap<LocalId, DiskNode>): EntryRow[] {
  if (!nodeOf.has(row.id)) return [row];
  if (row.kind === 'file') return [];
  const lost = entries.children(row.id).filter((child) => child.kind === 'folder' || child.present === 1);
  return lost.flatMap((child) => stillMissing(entries, child, nodeOf));
}

function lostFiles(entries: Entries, matching: Matching): EntryRow[] {
  return matching.missing
    .flatMap((row) => [row, ...(row.kind === 'folder' ? entries.below(row.id) : [])])
    .filter((row) => row.kind === 'file' && row.present === 1 && row.hash !== null && !matching.nodeOf.has(row.id));
}

/** One row and one file of a content, or one of each with the same name. Empty files are alike: the name must agree. */
function pairUp(lost: readonly EntryRow[], read: ReadonlyMap<DiskNode, Hashed | Unread>): [EntryRow, DiskNode][] {
  const rows = Map.groupBy(lost, (row) => row.hash ?? '');
  const nodes = new Map<ContentHash, DiskNode[]>();
  for (const [node, result] of read) {
    if (isRead(result)) nodes.set(result.hash, [...(nodes.get(result.hash) ?? []), node]);
  }
  const pairs: [EntryRow, DiskNode][] = [];
  for (const [hash, candidates] of nodes) {
    const sources = rows.get(hash) ?? [];
    const [row, node] = [sources[0], candidates[0]];
    if (row !== undefined && node !== undefined && sources.length === 1 && candidates.length === 1) {
      if (row.size > 0 || row.name === node.name) pairs.push([row, node]);
      continue;
    }
    const byName = Map.groupBy(candidates, (candidate) => candidate.name);
    for (const [name, same] of Map.groupBy(sources, (source) => source.name)) {
      const [source, target] = [same[0], byName.get(name)?.[0]];
      if (source !== undefined && target !== undefined && same.length === 1 && byName.get(name)?.length === 1) {
        pairs.push([source, target]);
      }
    }
  }
  return pairs;
}

/**
 * From the files upwards: all that was found of a lost folder lies in one new folder, which holds nothing else's. Answers
 * the folders that were found.
 */
function matchFoldersOf(
  entries: Entries,
  pairs: readonly (readonly [EntryRow, DiskNode])[],
  nodeOf: Map<LocalId, DiskNode>,
  fresh: ReadonlySet<DiskNode>,
): readonly DiskNode[] {
  const found: DiskNode[] = [];
  let level = pairs;
  while (level.length > 0) {
    const targets = new Map<LocalId, Set<DiskNode>>();
    const sources = new Map<DiskNode, Set<LocalId>>();
    for (const [row, node] of level) {
      if (row.parent_id === null || node.parent === null) continue;
      targets.set(row.parent_id, (targets.get(row.parent_id) ?? new Set()).add(node.parent));
      sources.set(node.parent, (sources.get(node.parent) ?? new Set()).add(row.parent_id));
    }
    const next: [EntryRow, DiskNode][] = [];
    for (const [id, nodes] of targets) {
      const node = nodes.size === 1 ? [...nodes][0] : undefined;
      const row = entries.get(id);
      if (node === undefined || row === null || nodeOf.has(id)) continue;
      if (!fresh.has(node) || node.row !== null || sources.get(node)?.size !== 1) continue;
      bind(node, row);
      nodeOf.set(id, node);
      found.push(node);
      next.push([row, node]);
    }
    level = next;
  }
  return found;
}
