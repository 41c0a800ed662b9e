// What people do in the ERP, and when the catalog of each computer learns of it. Every act is entered into the ledger.
// Called by people.ts and play.ts.

import type { LocalId } from '../../src-shared/domain.ts';
import { localNameFor } from '../../src-shared/names.ts';
import type { Computer, EngineWorld } from '../support/engine-world.ts';
import type { Ledger } from './ledger.ts';
import { nameThere } from './names.ts';
import type { ErpAct, Pick, Scenario } from './scenario.ts';
import { treeHere } from './trees.ts';

/** The rules' folders, which the ERP may put where people have something else. */
const LABELS = ['Quote', 'Invoice'] as const;
const TYPES = ['sale.order', 'account.move'] as const;

export class ErpPeople {
  readonly #world: EngineWorld;
  readonly #scenario: Scenario;
  readonly #ledger: Ledger;
  readonly #say: (what: string) => void;
  /** What was done, in order; each computer's catalog follows at its own time. */
  readonly #done: ((computer: Computer) => void)[] = [];
  readonly #followed: number[] = [];
  #records = 0;

  constructor(world: EngineWorld, scenario: Scenario, ledger: Ledger, say: (what: string) => void) {
    this.#world = world;
    this.#scenario = scenario;
    this.#ledger = ledger;
    this.#say = say;
    if (scenario.erp > 0) this.#open();
  }

  #open(): void {
    this.#done.push(({ store: { catalog } }) => {
      for (const [index, type] of TYPES.entries()) catalog.addType(type, LABELS[index]!);
      catalog.addRule({
        type: TYPES[0],
        client: 'main',
        pattern: '{name}',
        subfolders: this.#scenario.seed % 2 === 0 ? ['b'] : [],
      });
    });
  }

  act(act: ErpAct, pick: Pick): void {
    const name = localNameFor(nameThere(pick[2] % 85), 'posix');
    const type = TYPES[pick[1] % 10 === 0 ? 1 : 0]!;
    const number = this.#records === 0 ? 0 : pick[0] % this.#records;
    const ref = `SO${number}`;
    for (const label of LABELS.flatMap((one) => [one, `${one} (main)`]))
      for (let client = 0; client < this.#world.clients; client++) this.#ledger.touchKey(client, label);
    this.#say(`ERP: ${act} ${type} ${act === 'add' ? `SO${this.#records}` : ref} ${name}`);
    if (act === 'add') {
      const fresh = `SO${this.#records++}`;
      this.#done.push(({ store: { catalog } }) => catalog.addRecord({ type, ref: fresh, name, fields: {} }));
    } else if (act === 'rename') this.#done.push(({ store: { catalog } }) => catalog.renameRecord(type, ref, name));
    else if (act === 'archive')
      this.#done.push(({ store: { catalog } }) => catalog.archiveRecord(type, ref, pick[1] < 70));
    else if (act === 'remove') {
      this.#done.push((computer) => {
        this.#recordGoes(computer, type, ref);
        computer.store.catalog.removeRecord(type, ref);
      });
    } else if (act === 'rule') {
      this.#done.push(({ store: { catalog } }) =>
        catalog.addRule({
          type,
          client: 'main',
          pattern: pick[0] % 2 === 0 ? '{name}' : '{ref} {name}',
          subfolders: pick[0] % 3 === 0 ? ['b', 'c'] : [],
        }),
      );
    } else if (act === 'unrule') {
      this.#done.push(({ store: { catalog } }) => {
        const rules = catalog.rules();
        const rule = rules[pick[0] % Math.max(1, rules.length)];
        if (rule !== undefined) catalog.removeRule(rule.id);
      });
    } else this.#done.push(({ store: { catalog } }) => catalog.setRecordFields(type, ref, { note: String(pick[0]) }));
  }

  /** The record's folder goes to the trash with all it holds. */
  #recordGoes(computer: Computer, type: string, ref: string): void {
    const { store } = computer;
    const record = store.catalog.records(type).find((one) => one.ref === ref);
    if (record === undefined) return;
    const folders = store.db
      .prepare<[number], { id: LocalId }>(`SELECT id FROM entries WHERE role = 'record' AND record_id = ?`)
      .all(record.id);
    for (const { id } of folders) {
      const path = store.entries.pathOf(id);
      this.#ledger.wentWith(treeHere(computer, this.#ledger), path);
      // A person may have moved it while the record was archived.
      for (const one of [id, ...store.entries.below(id).map((row) => row.id)]) {
        for (const client of computer.clients) {
          const base = store.sync.syncedOf(client, one);
          if (base !== null) this.#ledger.touchId(base.remoteId);
        }
      }
      // A person may have moved it, or a folder above it, and no scan has seen that yet.
      const fileId = store.entries.get(id)?.file_id;
      const { disk } = computer;
      for (const moved of Object.keys(disk.texts())) {
        if (disk.stampAt(moved)?.fileId === fileId) this.#ledger.wentWith(disk.texts(), moved);
      }
      const there = this.#world.pathThere(0, path);
      if (this.#world.cloud.exists(there)) {
        for (const content of Object.values(this.#world.cloud.tree(there))) this.#ledger.gone(content);
      }
    }
  }

  /** The catalog of a computer learns what was done in the ERP. */
  follow(computer: Computer): void {
    if (computer.index >= this.#scenario.erp) return;
    for (let at = this.#followed[computer.index] ?? 0; at < this.#done.length; at++) {
      try {
        this.#done[at]!(computer);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'StoreError') throw error;
      }
    }
    this.#followed[computer.index] = this.#done.length;
  }

  /** A new database knows nothing of the ERP: it is joined to it again. */
  forget(computer: Computer, followed = 0): void {
    this.#followed[computer.index] = followed;
  }

  /** How much of what happened in the ERP the computer's database knows. */
  followed(computer: Computer): number {
    return this.#followed[computer.index] ?? 0;
  }
}
