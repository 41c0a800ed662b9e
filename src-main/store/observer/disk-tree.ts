// The documents folder as it is found: a tree of nodes, whole or (for hinted paths) only the folders in question.
// In: a disk and, for a partial look, what the rows know; out: nodes to be matched with rows, and problems.
// Called by observer.ts.

import { baseName, joinPath, parentPath, type LocalId, type RelPath } from '../../../src-shared/domain.ts';
import { isIgnoredName, isOwnName, nameKey } from '../../../src-shared/names.ts';
import { Fault, type DiskEntry, type DiskStamp, type LocalProblem } from '../../engine/ports.ts';
import type { StoreDisk } from '../disk/store-disk.ts';
import type { Entries, EntryRow } from '../entries.ts';
import type { Pacer } from './pacer.ts';

export interface DiskNode {
  name: string;
  parent: DiskNode | null;
  readonly kind: DiskEntry['kind'];
  readonly stamp: DiskStamp;
  readonly children: Map<string, DiskNode>;
  /** Whether `children` is all that the folder holds. */
  listed: boolean;
  unreadable: boolean;
  /** The row that this node turned out to be; null while unknown or new. */
  row: EntryRow | null;
  /** Of the row, also once a new one was written. */
  id: LocalId | null;
  /** The folder's row by place and file id, whose settled files have no node; undefined where none was looked up. */
  known?: LocalId | null;
  /** Whether everything that the rows know in it is settled. */
  settled?: boolean;
}

const NOTHING: ReadonlyMap<string, DiskNode> = new Map();

/** Stands for every file that is as its row knows it: in a large folder nearly all, and nothing is to be done for them. */
export const SETTLED: DiskNode = {
  name: '',
  parent: null,
  kind: 'file',
  stamp: { size: 0, modified: 0, fileId: '', version: '' },
  children: new Map(),
  listed: false,
  unreadable: false,
  row: null,
  id: null,
};

export interface DiskTree {
  readonly root: DiskNode;
  /** Rows whose files are as the rows know them, and have no node. */
  readonly settled: Map<LocalId, DiskNode>;
  readonly problems: readonly LocalProblem[];
  readonly ignored: readonly RelPath[];
  /** False for a look at hinted paths only. */
  readonly whole: boolean;
}

export function nodePath(node: DiskNode): RelPath {
  const names: string[] = [];
  for (let at: DiskNode | null = node; at !== null && at.parent !== null; at = at.parent) names.push(at.name);
  return joinPath(...names.reverse());
}

interface Walk {
  readonly disk: StoreDisk;
  readonly pacer: Pacer;
  readonly problems: LocalProblem[];
  readonly ignored: RelPath[];
  /** Where given: what is as these rows know it gets no node. */
  readonly entries: Entries | null;
  readonly settled: Map<LocalId, DiskNode>;
}

/** With `entries`, files that are as their rows know them get no node. Faults: gone, when the documents folder disappears. */
export async function walkEverything(disk: StoreDisk, entries: Entries | null, pacer: Pacer): Promise<DiskTree> {
  const walk: Walk = { disk, pacer, problems: [], ignored: [], entries, settled: new Map() };
  const root = await rootNode(disk);
  if (entries !== null) root.known = null;
  await listDeep(walk, root);
  return { root, settled: walk.settled, problems: walk.problems, ignored: walk.ignored, whole: true };
}

/**
 * Lists the folder of each hinted path (and the hinted folder itself). Where the way there is not as the rows know it,
 * the last folder that is gets listed, and what is new or replaced in it is examined to the bottom.
 */
export async function walkHinted(
  disk: StoreDisk,
  entries: Entries,
  hints: readonly RelPath[],
  pacer: Pacer,
): Promise<DiskTree> {
  const walk: Walk = { disk, pacer, problems: [], ignored: [], entries: null, settled: new Map() };
  const root = await rootNode(disk);
  root.id = null;
  for (const hint of new Set(hints)) {
    const folder = await descend(walk, entries, root, parentPath(hint));
    await listKnown(walk, entries, folder);
    const child = hint === '' ? undefined : folder.children.get(baseName(hint));
    if (child?.kind === 'folder' && child.row !== null) await listKnown(walk, entries, child);
    if (pacer.due) await pacer.breathe();
  }
  return { root, settled: walk.settled, problems: walk.problems, ignored: walk.ignored, whole: false };
}

async function rootNode(disk: StoreDisk): Promise<DiskNode> {
  const found = await disk.stat('' as RelPath);
  if (found?.kind !== 'folder')
    throw new Fault('documents-missing', 'The documents folder has disappeared. Put it back.');
  return newNode(found, null);
}

function newNode(entry: DiskEntry, parent: DiskNode | null): DiskNode {
  return {
    name: entry.name,
    parent,
    kind: entry.kind,
    stamp: entry.stamp,
    // Never written to where there is nothing to be found.
    children: entry.kind === 'folder' ? new Map() : (NOTHING as Map<string, DiskNode>),
    listed: false,
    unreadable: false,
    row: null,
    id: null,
  };
}

async function listDeep(walk: Walk, from: DiskNode): Promise<void> {
  const open: DiskNode[] = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    await listOne(walk, node);
    for (const child of node.children.values()) if (child.kind === 'folder') open.push(child);
    if (walk.pacer.due) await walk.pacer.breathe();
  }
}

async function listOne(walk: Walk, node: DiskNode): Promise<void> {
  if (node.listed || node.unreadable) return;
  const path = nodePath(node);
  let found: readonly DiskEntry[];
  try {
    found = await walk.disk.list(path);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // Without the folder itself nothing at all can be judged.
    if (node.parent === null) throw error;
    // A folder that vanished meanwhile changes its parent, which the check before any removal notices.
    node.unreadable = true;
    if (error.code !== 'gone') walk.problems.push({ path, code: 'unreadable', message: error.message });
    return;
  }
  node.listed = true;
  const rows = knownRows(walk, node);
  let left = rows?.size ?? 0;
  const spellings = new Map<string, string>();
  for (const entry of found) {
    if (isOwnName(entry.name)) continue;
    const childPath = joinPath(path, entry.name);
    if (entry.kind === 'unusable') walk.problems.push(unusable(childPath, entry.name));
    else if (isIgnoredName(entry.name)) {
      walk.ignored.push(childPath);
      continue;
    }
    const row = rows?.get(entry.name);
    if (row !== undefined && isSettled(row, entry)) {
      walk.settled.set(row.id, SETTLED);
      left--;
    } else {
      const child = node.children.get(entry.name) ?? newNode(entry, node);
      if (row?.kind === 'folder' && entry.kind === 'folder' && row.file_id === entry.stamp.fileId) child.known = row.id;
      node.children.set(entry.name, child);
    }
    const key = nameKey(entry.name);
    const rival = spellings.get(key);
    if (rival === undefined) spellings.set(key, entry.name);
    else walk.problems.push(caseClash(childPath, rival));
  }
  node.settled = rows !== null && left === 0;
}

function knownRows({ entries }: Walk, { known }: DiskNode): ReadonlyMap<string, EntryRow> | null {
  if (entries === null || known === undefined) return null;
  return new Map(entries.children(known).map((row) => [row.name, row]));
}

function isSettled(row: EntryRow, { kind, stamp }: DiskEntry): boolean {
  if (row.kind !== 'file' || kind !== 'file' || row.file_id !== stamp.fileId || row.frozen === 1) return false;
  return row.version === stamp.version && row.present === 1 && row.hash !== null;
}

/** The node of a folder that rows and disk agree about; the nearest one above where they do not. */
async function descend(walk: Walk, entries: Entries, root: DiskNode, path: RelPath): Promise<DiskNode> {
  let node = root;
  for (const name of path === '' ? [] : path.split('/')) {
    if (node.listed) {
      const child = node.children.get(name);
      if (child?.kind !== 'folder' || child.row === null) return node;
      node = child;
      continue;
    }
    const known = node.children.get(name);
    if (known !== undefined) {
      node = known;
      continue;
    }
    const row = entries.at(node.id, name);
    const found = await walk.disk.stat(joinPath(nodePath(node), name));
    if (row?.kind !== 'folder' || found?.kind !== 'folder' || found.stamp.fileId !== row.file_id) return node;
    const child = newNode(found, node);
    bind(child, row);
    node.children.set(name, child);
    node = child;
  }
  return node;
}

/** Lists one level; folders below it that are not as the rows know them are listed to the bottom. */
async function listKnown(walk: Walk, entries: Entries, node: DiskNode): Promise<void> {
  if (node.listed) return;
  await listOne(walk, node);
  const rows = new Map(entries.children(node.id).map((row) => [row.name, row]));
  for (const child of node.children.values()) {
    if (child.kind !== 'folder' || child.row !== null) continue;
    const row = rows.get(child.name);
    if (row?.kind === 'folder' && row.file_id === child.stamp.fileId) bind(child, row);
    else await listDeep(walk, child);
  }
}

export function bind(node: DiskNode, row: EntryRow): void {
  node.row = row;
  node.id = row.id;
}

function unusable(path: RelPath, name: string): LocalProblem {
  if (name.includes('\ufffd')) {
    return {
      path,
      code: 'not-utf8',
      message: `The name of "${path}" is not valid UTF-8 text, so it cannot be synced. Rename it.`,
    };
  }
  return {
    path,
    code: 'symlink',
    message: `"${path}" is neither a file nor a folder (a symbolic link or a device) and is left alone. Put the document itself there.`,
  };
}

function caseClash(path: RelPath, rival: string): LocalProblem {
  return {
    path,
    code: 'case-clash',
    message: `"${path}" differs from "${rival}" only in case or accents' spelling; Dropbox takes both for one name. One of them gets another name.`,
  };
}

/** True when no folder that was listed has changed since: only then is a missing entry known to be gone. */
export async function isUnchanged(disk: StoreDisk, tree: DiskTree, pacer: Pacer): Promise<boolean> {
  const open: DiskNode[] = [tree.root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.listed || node.unreadable) {
      const now = await disk.stat(nodePath(node));
      if (now === null || now.stamp.version !== node.stamp.version) return false;
    }
    for (const child of node.children.values()) if (child.kind === 'folder') open.push(child);
    if (pacer.due) await pacer.breathe();
  }
  return true;
}
