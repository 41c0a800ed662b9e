// Writes what the pairing found into the rows: places first (one transaction), then contents in small transactions.
// In: a matching; out: how many files were read and which could not be judged. Called by observer.ts.

import type { LocalId, RelPath } from '../../../src-shared/domain.ts';
import { nameKey, splitExtension } from '../../../src-shared/names.ts';
import type { LocalProblem } from '../../engine/ports.ts';
import { transact } from '../database.ts';
import { isTrustedFileId, type StoreDisk } from '../disk/store-disk.ts';
import type { EntryRow } from '../entries.ts';
import type { DocumentStore } from '../open-store.ts';
import type { DiskNode } from './disk-tree.ts';
import { hasMoved, type Matching } from './match.ts';
import { assignTop, inheritClient } from './ownership.ts';
import type { Pacer } from './pacer.ts';
import { isRead, readFile, type Hashed, type Unread } from './read-file.ts';

/** Rows written in one transaction. */
const BATCH = 50;
/** Files read side by side: what a disk answers faster together, and what is handed to a thread at once. */
const AT_ONCE = 64;
/** Nodes of which nothing is to be read that are passed over before the clock is asked. */
const MANY = 1_024;

/**
 * Moves, removals, and the folders that take part in them. `stays` are rows that keep their place though the disk has them elsewhere or
 * not at all (the ERP's folders, what may lie where nobody can look); `remove` are rows that are gone with everything below them. Answers the folders that
 * nothing of it needs, for `applyFolders`.
 */
export function applyPlaces(
  store: DocumentStore,
  matching: Matching,
  stays: ReadonlySet<LocalId>,
  remove: readonly EntryRow[],
): readonly DiskNode[] {
  const { entries } = store;
  keepLinks(store, matching, remove);
  const kept = [...stays].flatMap((id) => entries.get(id) ?? []);
  const keptPlaces = new Set(kept.map((row) => placeOf(row.parent_id, row.name)));
  const moved = [...matching.folders, ...matching.movedFiles].filter(
    (node) => hasMoved(node) && node.id !== null && !stays.has(node.id),
  );
  // It came to the very place of a folder that is about to return: it is judged when that has made room for itself.
  const inTheWay = new Set(
    moved.filter((node) => node.parent !== null && keptPlaces.has(placeOf(node.parent.id, node.name))),
  );
  const owners = new Map(moved.map((node) => [node.id, entries.clientOf(node.id)]));
  const ownersAbove = new Map(moved.map(({ id, row }) => [id, entries.clientOf(row?.parent_id ?? null)]));
  // Names swap and parents change places only by way of a place that nothing else has: in the same folder where that
  // stays, because what a folder inherits is noted anew for all it holds.
  const mayStay = remove.length + inTheWay.size === 0;
  for (const { id } of moved) {
    if (id === null) continue;
    entries.place(id, mayStay ? (entries.get(id)?.parent_id ?? null) : null, `\u0001${id}`);
  }
  for (const row of remove) entries.remove(row.id);
  const isMoved = new Set(moved);
  const later: DiskNode[] = [];
  const needed = foldersAbove(moved);
  // Folders from the top down, then files: each finds its parent's row at its place.
  for (const node of [...matching.folders, ...matching.movedFiles]) {
    if (node.id !== null && inTheWay.has(node)) continue;
    if (node.id !== null && isMoved.has(node)) {
      const parent = node.parent;
      if (parent === null || (parent.parent !== null && parent.id === null)) continue;
      entries.place(node.id, parent.id, node.name);
      // At the top nothing is inherited: it stays with the client that it belonged to.
      const owner = owners.get(node.id) ?? null;
      if (parent.id === null) {
        if (owner !== null) entries.assign(node.id, owner);
      } else inheritClient(entries, node.id, parent.id, ownersAbove.get(node.id) ?? null);
    }
    if (needed.has(node)) applyFolder(store, node);
    else if (isOther(node)) later.push(node);
  }
  const taken = new Set(later.flatMap(({ parent, name }) => (hasRow(parent) ? [placeOf(parent.id, name)] : [])));
  for (const { row } of inTheWay) {
    if (row === null) continue;
    const isThere = row.parent_id === null || entries.get(row.parent_id) !== null;
    const isFree = !taken.has(placeOf(row.parent_id, row.name)) && entries.at(row.parent_id, row.name) === null;
    if (isThere && isFree) entries.place(row.id, row.parent_id, row.name);
    else entries.assign(row.id, owners.get(row.id) ?? null);
    entries.setFrozen(row.id, true);
  }
  return later;
}

/**
 * A folder that took the place of one of the ERP's is that one now, and its own row goes. What lies in it goes along on
 * the disk; so do the documents in it that have no bytes here.
 */
function keepLinks({ entries }: DocumentStore, matching: Matching, remove: readonly EntryRow[]): void {
  const gone = new Map(remove.flatMap((row) => (row.kind === 'folder' && row.file_id ? [[row.file_id, row]] : [])));
  if (gone.size === 0) return;
  for (const { row: heir, stamp } of matching.folders) {
    const row = gone.get(stamp.fileId);
    if (row === undefined || heir === null || heir.id === row.id || !isTrustedFileId(stamp.fileId)) continue;
    const taken = new Set(entries.children(heir.id).map(({ name }) => nameKey(name)));
    for (const link of entries.children(row.id)) {
      if (link.kind !== 'file' || link.present === 1) continue;
      const name = freeName(link.name, taken);
      taken.add(nameKey(name));
      entries.place(link.id, heir.id, name);
    }
  }
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  const { stem, extension } = splitExtension(name);
  let free = name;
  for (let number = 2; taken.has(nameKey(free)); number++) free = `${stem} (${number})${extension}`;
  return free;
}

/** The top has none and needs none. */
function hasRow(node: DiskNode | null): node is DiskNode {
  return node !== null && (node.parent === null || node.id !== null);
}

/** The folders that something was moved into are needed at once. */
function foldersAbove(nodes: readonly DiskNode[]): ReadonlySet<DiskNode> {
  const above = new Set<DiskNode>();
  for (const node of nodes) {
    for (let at = node.parent; at !== null && !above.has(at); at = at.parent) above.add(at);
  }
  return above;
}

/** New, or another folder on the disk than the one that the row knows. */
function isOther(node: DiskNode): boolean {
  if (node.kind !== 'folder' || node.parent === null) return false;
  return node.row === null ? node.id === null && !node.unreadable : node.row.file_id !== node.stamp.fileId;
}

function applyFolder({ entries }: DocumentStore, node: DiskNode): void {
  const { parent } = node;
  if (!isOther(node) || parent === null || (parent.parent !== null && parent.id === null)) return;
  if (node.row !== null) entries.setStamp(node.row.id, node.stamp);
  else node.id = entries.insert({ parentId: parent.id, kind: 'folder', name: node.name, stamp: node.stamp });
}

/** What `applyPlaces` left, in its order: in short transactions, because a first look finds thousands of folders. */
export async function applyFolders(store: DocumentStore, nodes: readonly DiskNode[], pacer: Pacer): Promise<void> {
  for (let start = 0; start < nodes.length; start += BATCH) {
    transact(store.db, () => {
      for (const node of nodes.slice(start, start + BATCH)) applyFolder(store, node);
      assignTop(store);
    });
    if (pacer.due) await pacer.breathe();
  }
}

function placeOf(parentId: LocalId | null, name: string): string {
  return `${parentId ?? 0}/${name}`;
}

/**
 * Marks what cannot be judged, with everything below it, and frees what can be judged again; `hidden`: rows that may lie
 * where nobody can look; `returning`: folders that are gone and are about to be made again; `doubtful`: what may be
 * elsewhere, by itself.
 */
export function applyFrozen(
  store: DocumentStore,
  matching: Matching,
  hidden: readonly EntryRow[],
  returning: ReadonlySet<LocalId>,
  doubtful: ReadonlySet<LocalId>,
): void {
  const { entries } = store;
  const frozen = new Set<LocalId>(doubtful);
  for (const id of doubtful) if (!returning.has(id)) entries.setFrozen(id, true);
  for (const row of [...matching.unjudged, ...hidden]) {
    for (const one of [row, ...entries.below(row.id)]) {
      frozen.add(one.id);
      if (one.frozen === 0) entries.setFrozen(one.id, true);
    }
  }
  for (const node of matching.frozen) {
    // A changed file is freed when it could be read, see `readContents`.
    const settled = node.kind === 'folder' ? node.listed : node.row?.version === node.stamp.version;
    if (node.id === null || !settled || frozen.has(node.id)) continue;
    // What could not be given the place that it has on the disk waits until it can.
    if (!hasMoved({ ...node, row: entries.get(node.id) })) entries.setFrozen(node.id, false);
  }
  // What has no bytes here has no node either: it can be judged as soon as its folder can be looked into.
  const freed = store.db
    .prepare<[], { id: LocalId; parent_id: LocalId | null }>(
      `SELECT id, parent_id FROM entries WHERE frozen = 1 AND present = 0 AND kind = 'file'`,
    )
    .all();
  for (const { id, parent_id } of freed) {
    const folder = parent_id === null ? matching.folders[0] : matching.nodeOf.get(parent_id);
    const judged = folder?.listed === true || (parent_id !== null && returning.has(parent_id));
    if (judged && !frozen.has(id) && !matching.nodeOf.has(id)) entries.setFrozen(id, false);
  }
}

export interface ReadResult {
  readonly hashed: number;
  readonly problems: readonly LocalProblem[];
}

/** Reads new and changed files and writes their rows; a file that is being written or cannot be read is left alone. */
export async function readContents(
  { store, disk, pacer }: { readonly store: DocumentStore; readonly disk: StoreDisk; readonly pacer: Pacer },
  matching: Matching,
  files: {
    /** Read already. */
    readonly known: ReadonlyMap<DiskNode, Hashed | Unread>;
    readonly pathOf: (node: DiskNode) => RelPath;
    /** Left as it is: another look follows. */
    readonly canWait: (node: DiskNode) => boolean;
  },
): Promise<ReadResult> {
  const { known, pathOf, canWait } = files;
  const problems: LocalProblem[] = [];
  let batch: (() => void)[] = [];
  let hashed = 0;
  const flush = (): void => {
    const writes = batch;
    batch = [];
    transact(store.db, () => writes.forEach((write) => write()));
  };
  const hasPlace = (node: DiskNode): boolean => node.parent?.parent === null || node.parent?.id !== null;
  const unread: DiskNode[] = [];
  const consider = async (node: DiskNode): Promise<void> => {
    if (known.has(node) || !canWait(node)) unread.push(node);
    if (pacer.due) await pacer.breathe();
  };
  let passed = 0;
  for (const node of matching.nodeOf.values()) {
    if (node.kind === 'file' && node.row !== null && needsReading(node, node.row)) await consider(node);
    else if (++passed % MANY === 0 && pacer.due) await pacer.breathe();
  }
  for (const node of matching.newFiles) if (hasPlace(node)) await consider(node);
  const readSome = (start: number): Promise<(Hashed | Unread)[]> => {
    const nodes = unread.slice(start, start + AT_ONCE);
    const reading = Promise.all(nodes.map(async (node) => known.get(node) ?? (await readFile(disk, pathOf(node)))));
    // Awaited one turn later: meanwhile its failure is no unhandled one.
    reading.catch(() => undefined);
    return reading;
  };
  let ahead = readSome(0);
  for (let start = 0; start < unread.length; start += AT_ONCE) {
    const nodes = unread.slice(start, start + AT_ONCE);
    const results = await ahead;
    // The next files are read while the rows of these are written.
    ahead = readSome(start + AT_ONCE);
    for (const [index, node] of nodes.entries()) {
      const result = results[index] as Hashed | Unread;
      if (!isRead(result)) {
        if (result.code !== 'gone') problems.push({ path: pathOf(node), code: result.code, message: result.message });
        if (node.id !== null) batch.push(() => void (node.id !== null && store.entries.setFrozen(node.id, true)));
      } else {
        hashed++;
        batch.push(() => writeContent(store, node, result));
      }
    }
    if (batch.length >= BATCH || pacer.due) {
      flush();
      await pacer.breathe();
    }
  }
  if (batch.length > 0) flush();
  return { hashed, problems };
}

function needsReading(node: DiskNode, row: EntryRow): boolean {
  return row.version !== node.stamp.version || row.present === 0 || row.hash === null;
}

function writeContent(store: DocumentStore, node: DiskNode, { hash, stamp }: Hashed): void {
  const { entries } = store;
  const content = { hash, stamp, size: stamp.size, modified: stamp.modified };
  const parentId = node.parent?.id ?? null;
  const there = node.id === null ? entries.at(parentId, node.name) : null;
  // A file where a folder of the ERP belongs waits until the folder is back or the file has another name.
  if (there?.kind === 'folder') return;
  const id = node.id ?? there?.id ?? null;
  if (id !== null) entries.setContent(id, content);
  else node.id = entries.insert({ parentId, kind: 'file', name: node.name, ...content });
}
