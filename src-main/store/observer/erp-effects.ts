// What is done on the disk for the ERP's folders: made, renamed, put back, and what lies in their way moved aside; rows
// follow. A fault is logged, and left for the next observation. Used by erp-folders.ts, which knows what is wanted.

import { baseName, joinPath, parentPath, type LocalId, type RelPath } from '../../../src-shared/domain.ts';
import { markedName, nameKey } from '../../../src-shared/names.ts';
import { Fault, type DiskStamp } from '../../engine/ports.ts';
import type { StoreDisk } from '../disk/store-disk.ts';
import type { EntryRow } from '../entries.ts';
import type { DocumentStore } from '../open-store.ts';

/** The rows of no folder at all. */
const NO_FOLDER = -1 as LocalId;

export class ErpEffects {
  readonly #store: DocumentStore;
  readonly #disk: StoreDisk;
  /** Something was moved out of the way of a folder, so that another look is due. */
  cleared = false;
  /** An effect has failed since this was last set back. */
  failed = false;

  constructor(store: DocumentStore, disk: StoreDisk) {
    this.#store = store;
    this.#disk = disk;
  }

  async create(
    parentId: LocalId | null,
    name: string,
    entry: Pick<Parameters<DocumentStore['entries']['insert']>[0], 'role' | 'clientId' | 'ruleId' | 'recordId'>,
  ): Promise<LocalId | null> {
    const { entries } = this.#store;
    const path = joinPath(entries.pathOf(parentId), name);
    let id: LocalId | null = null;
    await this.attempt(path, async () => {
      const stamp = await this.makeFolder(path);
      id = entries.insert({ ...entry, parentId, kind: 'folder', name, stamp });
    });
    return id;
  }

  /** A file that a person put where a folder of the ERP belongs keeps its content under a free name beside it. */
  async clearTheWay(path: RelPath): Promise<void> {
    const there = await this.#disk.stat(path);
    if (there === null || there.kind === 'folder') return;
    const folder = parentPath(path);
    const { entries } = this.#store;
    // What has no bytes here keeps its name as well.
    const rows = folder === '' ? entries.children(null) : entries.children(entries.entryAt(folder) ?? NO_FOLDER);
    const taken = new Set([...(await this.#disk.list(folder)), ...rows].map((entry) => nameKey(entry.name)));
    const name = markedName(baseName(path), 'moved aside', (key) => taken.has(key));
    await this.#disk.move(path, joinPath(folder, name));
    this.cleared = true;
    this.note(path, `A folder of the ERP belongs here; the file of that name is now "${name}".`);
  }

  /** A folder that is there already, and that no scan has seen yet, is taken over. */
  async makeFolder(path: RelPath): Promise<DiskStamp> {
    try {
      return await this.#disk.makeFolder(path);
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'place-taken') throw error;
      const there = await this.#disk.stat(path);
      if (there?.kind !== 'folder') throw error;
      return there.stamp;
    }
  }

  async rename(row: EntryRow, parentId: LocalId | null, name: string): Promise<boolean> {
    const { entries } = this.#store;
    const from = entries.pathOf(row.id);
    const to = joinPath(entries.pathOf(parentId), name);
    if (from === to) return true;
    return await this.attempt(to, async () => {
      const stamp = await this.#disk.move(from, to);
      entries.place(row.id, parentId, name);
      entries.setStamp(row.id, stamp);
    });
  }

  /** A fault of one folder leaves the others alone; a full or read-only disk ends the whole. */
  async attempt(path: RelPath, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Fault) || error.code === 'disk-full' || error.code === 'read-only') throw error;
      this.failed = true;
      this.#store.keepsakes.log({
        level: 'warning',
        clientId: null,
        direction: null,
        kind: 'erp-folder',
        path,
        bytes: null,
        duration: null,
        result: 'retry',
        reason: error.message,
      });
      return false;
    }
  }

  note(path: RelPath, reason: string): void {
    this.#store.keepsakes.log({
      level: 'info',
      clientId: null,
      direction: null,
      kind: 'erp-folder',
      path,
      bytes: null,
      duration: null,
      result: 'note',
      reason,
    });
  }
}
