// Makes the folders that rules and records ask for, and puts back what a person moved or removed of them (S6, S17):
// `<type label>/<record name>/<subfolder>`. Effects on the disk first, rows after; an effect that fails is left for the
// next observation. In: store and disk; out: nothing but rows and folders. Called by observer.ts after every scan.

import { randomUUID } from 'node:crypto';
import { joinPath, type LocalId, type RelPath } from '../../../src-shared/domain.ts';
import { nameKey } from '../../../src-shared/names.ts';
import type { RecordRow } from '../catalog.ts';
import type { StoreDisk } from '../disk/store-disk.ts';
import type { EntryRow } from '../entries.ts';
import type { DocumentStore } from '../open-store.ts';
import { trashedBelow } from '../trashed-below.ts';
import { ErpEffects } from './erp-effects.ts';
import {
  compileRules,
  distinctName,
  isNameOf,
  recordFolderName,
  ruleApplies,
  wantedFolders,
  type CompiledRule,
} from './erp-rules.ts';
import type { Pacer } from './pacer.ts';

export interface ErpFolders {
  /** Brings back folders that a person moved (`from`) or removed (`from` null). */
  restore(folders: readonly { readonly row: EntryRow; readonly from: RelPath | null }[]): Promise<void>;
  /** True once something was moved out of the way of a folder, so that another look is due. */
  readonly cleared: boolean;
  /** Everything that the catalog asks for and that is not there yet; nothing where the catalog has not changed. */
  ensure(): Promise<void>;
}

export function createErpFolders(store: DocumentStore, disk: StoreDisk, pacer: Pacer): ErpFolders {
  return new Maker(store, disk, pacer);
}

class Maker implements ErpFolders {
  readonly #store: DocumentStore;
  readonly #disk: StoreDisk;
  readonly #pacer: Pacer;
  readonly #effects: ErpEffects;

  constructor(store: DocumentStore, disk: StoreDisk, pacer: Pacer) {
    this.#store = store;
    this.#disk = disk;
    this.#pacer = pacer;
    this.#effects = new ErpEffects(store, disk);
  }

  get cleared(): boolean {
    return this.#effects.cleared;
  }

  async restore(folders: readonly { readonly row: EntryRow; readonly from: RelPath | null }[]): Promise<void> {
    const { entries } = this.#store;
    const wanted = folders.map((folder) => ({ ...folder, to: entries.pathOf(folder.row.id) }));
    wanted.sort((a, b) => a.to.split('/').length - b.to.split('/').length);
    const moved: { readonly from: RelPath; readonly to: RelPath }[] = [];
    for (const { row, from, to } of wanted) {
      // A folder above may have been put back already, and this one with it.
      const now = from === null ? null : moved.reduce((path, move) => rebased(path, move), from);
      if (now === to) continue;
      await this.#effects.attempt(to, async () => {
        await this.#effects.clearTheWay(to);
        const stamp = now === null ? await this.#effects.makeFolder(to) : await this.#disk.move(now, to);
        entries.setStamp(row.id, stamp);
        entries.setFrozen(row.id, false);
        if (now !== null) moved.push({ from: now, to });
        this.#effects.note(
          to,
          now === null
            ? 'The folder belongs to the ERP and was made again.'
            : `The folder belongs to the ERP and was moved back from "${now}".`,
        );
      });
      if (now === null && row.role === 'record') await this.#restoreSubfolders(row);
    }
  }

  async ensure(): Promise<void> {
    const { db } = this.#store;
    const epochs = db.prepare<[], { name: string; value: number }>('SELECT name, value FROM counters').all();
    const valueOf = (name: string): number => epochs.find((row) => row.name === name)?.value ?? 0;
    const catalogEpoch = valueOf('catalog');
    if (catalogEpoch === valueOf('ensured') && !this.#effects.failed) return;
    this.#effects.failed = false;
    await this.#trashOrphans();
    const rules = compileRules(this.#store.catalog);
    const folders = new Map<number, LocalId>();
    for (const rule of parentsFirst(rules)) {
      const id = await this.#ruleFolder(rule, folders);
      if (id !== null) folders.set(rule.row.id, id);
    }
    const spread = this.#store.catalog.rulesToSpread();
    await this.#recordFolders(rules, folders, spread);
    this.#letGo();
    if (this.#effects.failed) return;
    for (const id of spread) this.#store.catalog.ruleIsSpread(id);
    db.prepare(`UPDATE counters SET value = ? WHERE name = 'ensured'`).run(catalogEpoch);
  }

  /** What no rule asks for any more is a folder like any other: people may move it on either side. */
  #letGo(): void {
    const { db, entries } = this.#store;
    const isWanted = wantedFolders(this.#store);
    const rows = db.prepare<[], EntryRow>(`SELECT * FROM entries WHERE role IN ('rule', 'record')`).all();
    for (const row of rows) {
      if (isWanted(row)) continue;
      if (row.role === 'rule') entries.setRole(row.id, 'manual', null, null);
      // It stays the record's: archived today, asked for again tomorrow.
      else if (row.rule_id !== null) entries.setRole(row.id, 'record', null, row.record_id);
    }
  }

  // ------------------------------------------------------------ rules

  async #ruleFolder(rule: CompiledRule, folders: ReadonlyMap<number, LocalId>): Promise<LocalId | null> {
    const { db, entries } = this.#store;
    const parentId = rule.row.parentRuleId === null ? null : (folders.get(rule.row.parentRuleId) ?? null);
    const mark = rule.row.client ?? '';
    const known = db
      .prepare<[number, number | null], { id: LocalId }>(
        `SELECT entries.id FROM entries JOIN rules ON rules.id = rule_id
         WHERE role = 'rule' AND rules.type_id = ? AND entries.client_id IS ? ORDER BY entries.id`,
      )
      .all(rule.row.typeId, rule.row.clientId)
      .flatMap(({ id }) => entries.get(id) ?? [])
      // Rules of one type and client share a folder; a nested one is another folder.
      .find((row) => row.rule_id === rule.row.id || row.parent_id === parentId);
    if (known !== undefined) {
      if (known.parent_id !== parentId || !isNameOf(known.name, rule.folderName, mark)) {
        await this.#effects.rename(known, parentId, this.#freeName(parentId, rule.folderName, mark, known.id));
      }
      return known.id;
    }
    const there = this.#folderNamed(parentId, rule.folderName);
    const owner = there === null ? null : entries.clientOf(there.id);
    // Of a rule that is gone: the one that shared its folder, or takes its place, goes on with it and what it holds.
    const isLeft = there?.role === 'rule' && (owner === null || there.rule_id === null);
    const isFree = there?.role === 'manual' || isLeft;
    if (there !== null && isFree && (owner === null || owner === rule.row.clientId)) {
      // What a removed client left apart is taken up by the rule that asks for it.
      db.prepare(`UPDATE entries SET flow = NULL WHERE id = ? AND flow = 'off'`).run(there.id);
      entries.setRole(there.id, 'rule', rule.row.id, null);
      entries.assign(there.id, rule.row.clientId);
      return there.id;
    }
    return await this.#effects.create(parentId, this.#freeName(parentId, rule.folderName, mark, null), {
      role: 'rule',
      clientId: rule.row.clientId,
      ruleId: rule.row.id,
    });
  }

  // ------------------------------------------------------------ records

  /** `spread`: rules whose subfolders records that have a folder already get, too. */
  async #recordFolders(
    rules: readonly CompiledRule[],
    folders: ReadonlyMap<number, LocalId>,
    spread: ReadonlySet<number>,
  ): Promise<void> {
    const { catalog, db } = this.#store;
    const existing = Map.groupBy(
      db.prepare<[], EntryRow>(`SELECT * FROM entries WHERE role = 'record' AND record_id IS NOT NULL`).all(),
      (row) => row.record_id,
    );
    const names = new Map<LocalId, Set<string>>();
    for (const record of catalog.records()) {
      const done = new Set<LocalId>();
      for (const rule of rules) {
        const parentId = folders.get(rule.row.id);
        // Of several rules that share a folder, the first that applies says how a record's folder is called.
        if (parentId === undefined || done.has(parentId) || !ruleApplies(rule, record)) continue;
        done.add(parentId);
        let taken = names.get(parentId);
        if (taken === undefined) {
          taken = new Set(this.#store.entries.children(parentId).map((row) => row.key));
          names.set(parentId, taken);
        }
        const known = await this.#recordFolder(rule, record, parentId, existing.get(record.id) ?? [], taken);
        if (known !== null && spread.has(rule.row.id)) await this.#subfolders(known, rule);
        if (this.#pacer.due) await this.#pacer.breathe();
      }
    }
  }

  /** Answers a folder that was there already; a new one gets its subfolders at once. */
  async #recordFolder(
    rule: CompiledRule,
    record: RecordRow,
    parentId: LocalId,
    existing: readonly EntryRow[],
    taken: Set<string>,
  ): Promise<LocalId | null> {
    const { entries } = this.#store;
    const base = recordFolderName(rule, record);
    const known =
      existing.find((row) => row.parent_id === parentId) ?? existing.find((row) => row.rule_id === rule.row.id);
    if (known !== undefined) {
      if (known.rule_id === null) entries.setRole(known.id, 'record', rule.row.id, record.id);
      if (known.parent_id === parentId && isNameOf(known.name, base, record.ref)) return known.id;
      taken.delete(known.key);
      const name = freeOf(base, record.ref, (key) => taken.has(key));
      if (await this.#effects.rename(known, parentId, name)) taken.add(nameKey(name));
      else taken.add(known.key);
      return known.id;
    }
    const there = taken.has(nameKey(base)) ? this.#folderNamed(parentId, base) : null;
    let id: LocalId | null;
    if (there !== null && (there.role === 'manual' || there.role === 'subfolder')) {
      entries.setRole(there.id, 'record', rule.row.id, record.id);
      id = there.id;
    } else {
      const name = freeOf(base, record.ref, (key) => taken.has(key));
      id = await this.#effects.create(parentId, name, { role: 'record', ruleId: rule.row.id, recordId: record.id });
      if (id !== null) taken.add(nameKey(name));
    }
    if (id !== null) await this.#subfolders(id, rule);
    return null;
  }

  async #subfolders(recordFolder: LocalId, rule: CompiledRule): Promise<void> {
    const { entries } = this.#store;
    for (const path of rule.subfolders) {
      let parentId: LocalId = recordFolder;
      for (const name of path.split('/')) {
        const there = this.#folderNamed(parentId, name);
        // A document keeps its name, in whatever spelling: people may do without a default subfolder.
        if (there === null && this.#isDocument(parentId, name)) break;
        const id: LocalId | null =
          there?.id ?? (await this.#effects.create(parentId, name, { role: 'subfolder', ruleId: rule.row.id }));
        if (id === null) break;
        if (there?.role === 'manual') entries.setRole(there.id, 'subfolder', rule.row.id, null);
        parentId = id;
      }
    }
  }

  #isDocument(parentId: LocalId, name: string): boolean {
    return this.#store.entries.byKey(parentId, nameKey(name)).some((row) => row.kind === 'file');
  }

  async #restoreSubfolders(recordFolder: EntryRow): Promise<void> {
    const rule = compileRules(this.#store.catalog).find((one) => one.row.id === recordFolder.rule_id);
    if (rule !== undefined) await this.#subfolders(recordFolder.id, rule);
  }

  /** Folders whose record was removed from the ERP: to the trash as a whole, rows and all. */
  async #trashOrphans(): Promise<void> {
    const { db, entries, keepsakes, sync } = this.#store;
    const orphans = db
      .prepare<[], { id: LocalId }>(`SELECT id FROM entries WHERE role = 'record' AND record_id IS NULL`)
      .all();
    for (const { id } of orphans) {
      const row = entries.get(id);
      if (row === null) continue;
      const path = entries.pathOf(id);
      const trashKey = `record-${id}-${randomUUID()}`;
      const client = entries.clientOf(id);
      await this.#effects.attempt(path, async () => {
        const found = (await this.#disk.stat(path)) !== null;
        // Known by what Dropbox has, too: there it is restored from, and asked for when its time in the trash is over.
        const contents = trashedBelow(entries, id, (entry) => (client === null ? null : sync.syncedOf(client, entry)));
        const note = {
          client,
          trashKey: found ? trashKey : null,
          path,
          entryKind: 'folder',
          reason: 'deleted',
          hash: null,
          size: 0,
          remoteId: null,
          rev: null,
          contents: JSON.stringify(contents),
        } as const;
        if (found) {
          keepsakes.beginTrash(note);
          await this.#disk.trash(path, trashKey);
        }
        db.transaction(() => {
          keepsakes.addTrash(note);
          entries.remove(id);
          this.#effects.note(path, 'The record was removed from the ERP; its folder is in the trash.');
        }).immediate();
      });
    }
  }

  #folderNamed(parentId: LocalId | null, name: string): EntryRow | null {
    const { entries } = this.#store;
    const exact = entries.at(parentId, name);
    if (exact !== null) return exact.kind === 'folder' ? exact : null;
    const key = nameKey(name);
    return entries.children(parentId).find((row) => row.kind === 'folder' && row.key === key) ?? null;
  }

  #freeName(parentId: LocalId | null, base: string, mark: string, self: LocalId | null): string {
    const keys = new Set(
      this.#store.entries
        .children(parentId)
        .filter((row) => row.id !== self)
        .map((row) => row.key),
    );
    return freeOf(base, mark, (key) => keys.has(key));
  }
}

function freeOf(base: string, mark: string, taken: (key: string) => boolean): string {
  if (!taken(nameKey(base))) return base;
  for (let number = 1; ; number++) {
    const name = distinctName(base, mark, number);
    if (!taken(nameKey(name))) return name;
  }
}

function rebased(path: RelPath, move: { readonly from: RelPath; readonly to: RelPath }): RelPath {
  if (path === move.from) return move.to;
  return path.startsWith(`${move.from}/`) ? joinPath(move.to, path.slice(move.from.length + 1)) : path;
}

/** Rules whose folders hold those of others come first; a circle is taken as it comes. */
function parentsFirst(rules: readonly CompiledRule[]): CompiledRule[] {
  const sorted: CompiledRule[] = [];
  const seen = new Set<number>();
  const visit = (rule: CompiledRule): void => {
    if (seen.has(rule.row.id)) return;
    seen.add(rule.row.id);
    const parent = rules.find((one) => one.row.id === rule.row.parentRuleId);
    if (parent !== undefined) visit(parent);
    sorted.push(rule);
  };
  rules.forEach(visit);
  return sorted;
}
