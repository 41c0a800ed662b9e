// Which row is which file: pairs the nodes found on the disk with the rows of the store. Reads rows and nodes, writes
// only the pairing into the nodes. Identity, strongest first (the letters are used in the tests):
//   (a) the row at this path with the same file id; (b) a row elsewhere with this file id whose own path lost it: moved;
//   (c) the row at this path, other file id: saved by an editor, the same entry; (d) equal hash, see moved-content.ts.
// A rule's or record's folder is the one at its place, whatever its file id: the tree there is the ERP's.

import type { EntryKind, LocalId } from '../../../src-shared/domain.ts';
import { splitExtension } from '../../../src-shared/names.ts';
import { isTrustedFileId } from '../disk/store-disk.ts';
import type { Entries, EntryRow } from '../entries.ts';
import { bind, SETTLED, type DiskNode, type DiskTree } from './disk-tree.ts';
import type { Pacer } from './pacer.ts';

export interface Matching {
  /** Folders in breadth-first order, the root first. */
  readonly folders: readonly DiskNode[];
  /** Rows that have a node, by row id; SETTLED for those whose files are as they know them. */
  readonly nodeOf: ReadonlyMap<LocalId, DiskNode>;
  /** Files whose row has another name or lies in another folder. */
  readonly movedFiles: readonly DiskNode[];
  /** Nodes whose row could not be judged the last time. */
  readonly frozen: readonly DiskNode[];
  /** Files without a row; pairing by hash may still find one. */
  readonly newFiles: readonly DiskNode[];
  readonly newFolders: readonly DiskNode[];
  /** Topmost rows whose file or folder is not where it was. */
  readonly missing: readonly EntryRow[];
  /** Rows that cannot be judged now, with everything below them. */
  readonly unjudged: readonly EntryRow[];
  /** The folder that may hold what is missing: one that was known, and cannot be read now. Null: it is gone. */
  readonly hidingPlace: (row: EntryRow) => DiskNode | null;
  /** Something new is the very thing of a row that was found too: moved while it was looked at, or a hard link. */
  readonly hasTwins: boolean;
  /** A partial look met something that only a whole one can tell. */
  readonly needsWhole: boolean;
  /** A folder is not the row that it was taken for when its files were looked up: to be looked at with all nodes. */
  readonly mistaken: boolean;
}

export interface MatchInput {
  readonly tree: DiskTree;
  readonly entries: Entries;
  /** Whether a rule's or record's folder is still asked for by the ERP. */
  readonly isWanted: (row: EntryRow) => boolean;
  /** Whether Dropbox knows an entry. */
  readonly wasSynced: (row: EntryRow) => boolean;
  readonly pacer: Pacer;
}

export async function matchTree(input: MatchInput): Promise<Matching> {
  const matcher = new Matcher(input);
  await matcher.matchFolders();
  await matcher.matchFiles();
  return matcher.result();
}

class Matcher {
  readonly #tree: DiskTree;
  readonly #entries: Entries;
  readonly #isWanted: (row: EntryRow) => boolean;
  readonly #wasSynced: (row: EntryRow) => boolean;
  readonly #pacer: Pacer;
  readonly #folders: DiskNode[] = [];
  readonly #rowsOf = new Map<DiskNode, Map<string, EntryRow>>();
  readonly #nodeOf: Map<LocalId, DiskNode>;
  readonly #fileIds = new Set<string>();
  readonly #movedFiles: DiskNode[] = [];
  readonly #frozen: DiskNode[] = [];
  #newFiles: DiskNode[] = [];
  readonly #newFolders: DiskNode[] = [];
  readonly #unjudged: EntryRow[] = [];
  #unreadable: DiskNode | null = null;
  #needsWhole = false;
  #hasTwins = false;
  #mistaken = false;

  constructor(input: MatchInput) {
    this.#tree = input.tree;
    this.#nodeOf = input.tree.settled;
    this.#entries = input.entries;
    this.#isWanted = input.isWanted;
    this.#wasSynced = input.wasSynced;
    this.#pacer = input.pacer;
  }

  async matchFolders(): Promise<void> {
    await this.#collectFileIds();
    this.#folders.push(this.#tree.root);
    for (let index = 0; index < this.#folders.length; index++) {
      const node = this.#folders[index] as DiskNode;
      if (node.listed) this.#loadRows(node);
      for (const child of node.children.values()) {
        if (child.kind !== 'folder') continue;
        const row = child.row ?? this.#rowOfFolder(node, child);
        if (child.known !== undefined && child.known !== row?.id) this.#mistaken = true;
        if (row === null) {
          this.#newFolders.push(child);
          this.#hasTwins ||= this.#isTwin(child, 'folder');
        } else this.#pair(child, row);
        if (child.unreadable && row !== null) {
          this.#unjudged.push(row);
          this.#unreadable ??= child;
        }
        this.#folders.push(child);
      }
      if (this.#pacer.due) await this.#pacer.breathe();
    }
  }

  async matchFiles(): Promise<void> {
    const unknown: DiskNode[] = [];
    for (const folder of this.#folders) {
      for (const node of folder.children.values()) {
        if (node.kind === 'folder') continue;
        const there = this.#rowAt(node);
        if (node.kind === 'unusable') {
          // Something unusable took the place of a document: leave the row alone rather than read it as deleted.
          if (there !== null && !this.#nodeOf.has(there.id)) {
            this.#nodeOf.set(there.id, node);
            this.#unjudged.push(there);
          }
        } else if (there?.kind === 'file' && there.file_id === node.stamp.fileId) this.#pair(node, there);
        else unknown.push(node);
      }
      if (this.#pacer.due) await this.#pacer.breathe();
    }
    const unclaimed: DiskNode[] = [];
    for (const node of unknown) {
      const moved = this.#movedRow(node);
      if (moved === null) unclaimed.push(node);
      else this.#pair(node, moved);
      if (this.#pacer.due) await this.#pacer.breathe();
    }
    for (const node of unclaimed) {
      const there = this.#rowAt(node);
      if (there?.kind === 'file' && !this.#nodeOf.has(there.id)) this.#pair(node, there);
      else {
        this.#newFiles.push(node);
        this.#hasTwins ||= this.#isTwin(node, 'file');
      }
      if (this.#pacer.due) await this.#pacer.breathe();
    }
  }

  result(): Matching {
    return {
      folders: this.#folders,
      nodeOf: this.#nodeOf,
      movedFiles: this.#movedFiles,
      frozen: this.#frozen,
      newFiles: this.#newFiles,
      newFolders: this.#newFolders,
      missing: this.#missing(),
      unjudged: this.#unjudged,
      hidingPlace: (row) => this.#hidingPlace(row),
      hasTwins: this.#hasTwins,
      needsWhole: this.#needsWhole,
      mistaken: this.#mistaken,
    };
  }

  #missing(): EntryRow[] {
    const missing: EntryRow[] = [];
    for (const [folder, rows] of this.#rowsOf) {
      for (const row of rows.values()) {
        if (this.#nodeOf.has(row.id)) continue;
        // Freed or never fetched: there is no file to be missed, unless something else has taken its place.
        const isFreed = row.kind === 'file' && row.present === 0 && !folder.children.has(row.name);
        if (!isFreed) missing.push(row);
      }
    }
    return missing;
  }

  /**
   * A folder with documents that have no bytes here: these would be deleted in Dropbox, and be nowhere. All else that lies
   * where nobody can look is still on the disk, and comes back when that can be read; it must not keep every deletion
   * waiting. A folder that could never be read has no row: nothing waits for that.
   */
  #hidingPlace(row: EntryRow): DiskNode | null {
    if (this.#unreadable === null || row.kind !== 'folder' || this.#isOnDisk(row) || !this.#wasSynced(row)) return null;
    const holdsFreed = this.#entries.below(row.id).some(({ kind, present }) => kind === 'file' && present === 0);
    return holdsFreed ? this.#unreadable : null;
  }

  async #collectFileIds(): Promise<void> {
    const open: DiskNode[] = [this.#tree.root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const child of node.children.values()) {
        this.#fileIds.add(child.stamp.fileId);
        if (child.kind === 'folder') open.push(child);
      }
      if (this.#pacer.due) await this.#pacer.breathe();
    }
  }

  #loadRows(node: DiskNode): void {
    if (node.parent !== null && node.id === null) return;
    if (node.settled === true) return;
    const rows = this.#entries.children(node.id).filter((row) => this.#nodeOf.get(row.id) !== SETTLED);
    this.#rowsOf.set(node, new Map(rows.map((row) => [row.name, row])));
  }

  #rowAt(node: DiskNode): EntryRow | null {
    return (node.parent && this.#rowsOf.get(node.parent)?.get(node.name)) ?? null;
  }

  #rowOfFolder(parent: DiskNode, node: DiskNode): EntryRow | null {
    const there = this.#rowsOf.get(parent)?.get(node.name) ?? null;
    const byPlace = there?.kind === 'folder' && !this.#nodeOf.has(there.id) ? there : null;
    // Another folder that was moved to the place of one of the ERP's is that one from now on.
    if (byPlace !== null && (byPlace.file_id === node.stamp.fileId || this.#isErp(byPlace))) return byPlace;
    const moved = this.#movedFolder(node);
    if (moved !== null) return moved;
    return byPlace === null || this.#isOnDisk(byPlace) ? null : byPlace;
  }

  #movedFolder(node: DiskNode): EntryRow | null {
    if (!isTrustedFileId(node.stamp.fileId)) return null;
    for (const row of this.#entries.byFileId(node.stamp.fileId, 'folder')) {
      if (this.#nodeOf.has(row.id)) continue;
      if (this.#isErp(row) && this.#placeHolds(row)) continue;
      if (!this.#tree.whole && !this.#isInView(row)) this.#needsWhole = true;
      return row;
    }
    return null;
  }

  #movedRow(node: DiskNode): EntryRow | null {
    if (!isTrustedFileId(node.stamp.fileId)) return null;
    for (const row of this.#entries.byFileId(node.stamp.fileId, 'file')) {
      if (this.#nodeOf.has(row.id)) continue;
      if (!this.#tree.whole && !this.#isInView(row)) {
        this.#needsWhole = true;
        return null;
      }
      const own = this.#parentNode(row)?.children.get(row.name);
      const saved = own?.kind === 'file' && own !== node && this.#rowAt(node) === null;
      // An editor that keeps the old version beside the new one: the document is the one that kept its name.
      if (saved && own.parent === node.parent && isBackupName(node.name, row.name)) continue;
      // The temporary file of an editor, seen before it took the document's name: the document is the older entry.
      const replaced = this.#rowAt(node);
      if (replaced?.kind === 'file' && !this.#isOnDisk(replaced) && !this.#wasSynced(row)) continue;
      return row;
    }
    return null;
  }

  #isTwin({ stamp }: DiskNode, kind: EntryKind): boolean {
    if (!isTrustedFileId(stamp.fileId)) return false;
    return this.#entries
      .byFileId(stamp.fileId, kind)
      .some(({ id }) => this.#isSettled(id) || this.#nodeOf.get(id)?.stamp.fileId === stamp.fileId);
  }

  #parentNode(row: EntryRow): DiskNode | null {
    return row.parent_id === null ? this.#tree.root : (this.#nodeOf.get(row.parent_id) ?? null);
  }

  /** Whether the folder that held the row was listed, so that its absence there is known. */
  #isInView(row: EntryRow): boolean {
    return this.#parentNode(row)?.listed === true;
  }

  #isErp(row: EntryRow): boolean {
    return (row.role === 'rule' || row.role === 'record') && this.#isWanted(row);
  }

  /** Whether there is a folder at the very place of a row. */
  #placeHolds(row: EntryRow): boolean {
    let node: DiskNode | undefined = this.#tree.root;
    for (const name of this.#entries.pathOf(row.id).split('/')) node = node?.children.get(name);
    return node?.kind === 'folder';
  }

  /** Whether the very file or folder of a row is somewhere among what was found. */
  #isOnDisk(row: EntryRow): boolean {
    if (row.file_id === null) return false;
    return (
      this.#fileIds.has(row.file_id) ||
      this.#entries.byFileId(row.file_id, 'file').some(({ id }) => this.#isSettled(id))
    );
  }

  #isSettled(id: LocalId): boolean {
    return this.#nodeOf.get(id) === SETTLED;
  }

  #pair(node: DiskNode, row: EntryRow): void {
    bind(node, row);
    this.#nodeOf.set(row.id, node);
    if (node.kind === 'file' && hasMoved(node)) this.#movedFiles.push(node);
    if (row.frozen === 1) this.#frozen.push(node);
  }
}

/** `offer.bak`, `offer.pdf.bak`, `offer.pdf~`, `offer.old` … for `offer.pdf`. */
export function isBackupName(name: string, original: string): boolean {
  const { stem } = splitExtension(original);
  const lower = name.toLowerCase();
  const marks = ['~', '.bak', '.old', '.orig', '.backup', '.wbk', '.sv$'];
  return (
    marks.some((mark) => lower === `${original}${mark}`.toLowerCase() || lower === `${stem}${mark}`.toLowerCase()) ||
    lower === `backup of ${original}`.toLowerCase()
  );
}

/** Whether the row of a node has another name or lies in another folder; a new folder has no row to lie in yet. */
export function hasMoved(node: DiskNode): boolean {
  if (node.row === null || node.parent === null) return false;
  if (node.row.name !== node.name) return true;
  const isTop = node.parent.parent === null;
  return isTop ? node.row.parent_id !== null : node.parent.id === null || node.row.parent_id !== node.parent.id;
}
