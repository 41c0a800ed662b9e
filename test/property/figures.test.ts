// The dashboard's tables equal a full count after any writes, also those that rows do to each other by reference.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClientId, ContentHash, LocalId, RemoteId, Rev } from '../../src-shared/domain.ts';
import { createStore, type DocumentStore } from '../../src-main/store/open-store.ts';
import { figureDifferences, recountFigures } from '../../src-main/stats/recount.ts';
import { replaceQueue } from '../support/queue.ts';

const NAMES = ['a.pdf', 'b.PDF', 'c', '.hidden', 'd.tar.gz', 'e.a very long ending', 'f.', 'g.jpeg'];
const KEEPS = ['always', 'links', 'days:3', null];

interface Write {
  readonly what: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const aWrite: fc.Arbitrary<Write> = fc.record({
  // Writes that add and agree come more often, so that the others find something.
  what: fc.oneof(
    { arbitrary: fc.constantFrom(0, 2, 3, 4, 12, 12, 12, 13), weight: 2 },
    { arbitrary: fc.nat(17), weight: 1 },
  ),
  a: fc.nat(1000),
  b: fc.nat(1000),
  c: fc.nat(1000),
});

/** Ids, never used again, so that a number always means the same entry. */
class World {
  readonly store: DocumentStore;
  #time = 1_800_000_000_000;
  #count = 0;

  constructor() {
    this.store = createStore({ file: ':memory:', now: () => (this.#time += 7_000_000) });
    for (const name of ['one', 'two']) this.#client(name);
    for (const type of ['t', 'u']) {
      this.store.catalog.addType(type, type);
      for (const ref of ['1', '2']) this.store.catalog.addRecord({ type, ref, name: ref, fields: {} });
      this.store.catalog.addRule({ type, client: 'one' });
    }
    const { entries } = this.store;
    for (const [index, name] of ['A', 'B', 'C'].entries()) {
      const id = entries.insert({ parentId: null, kind: 'folder', name, stamp: null });
      if (index < 2) entries.assign(id, (index + 1) as ClientId);
    }
  }

  #client(name: string): void {
    this.store.clients.add({ name, root: name, state: 'connected', appKey: null, credentials: {} });
  }

  #ids(sql: string): number[] {
    return this.store.db
      .prepare<[], { id: number }>(sql)
      .all()
      .map(({ id }) => id);
  }

  #pick<T>(values: readonly T[], number: number): T | undefined {
    return values[number % Math.max(1, values.length)];
  }

  write({ what, a, b, c }: Write): void {
    const { store } = this;
    const { db, entries } = store;
    const folders = this.#ids(`SELECT id FROM entries WHERE kind = 'folder'`) as LocalId[];
    const files = this.#ids(`SELECT id FROM entries WHERE kind = 'file'`) as LocalId[];
    const folder = this.#pick([...folders, null], a) ?? null;
    const file = this.#pick(files, a);
    const clients = this.#ids('SELECT id FROM clients') as ClientId[];
    const client = this.#pick([...clients, null], c) ?? null;
    const hash = c % 6 === 5 ? null : (`hash${c % 6}` as ContentHash);
    const size = hash === null ? 0 : c % 6;
    const name = `${++this.#count}${NAMES[b % NAMES.length] ?? ''}`;
    switch (what) {
      case 0:
      case 1:
        entries.insert({ parentId: folder, kind: 'folder', name, stamp: null, clientId: c % 4 === 0 ? client : null });
        return;
      case 2:
      case 3:
      case 4: {
        const present = c % 2 === 0;
        entries.insert({ parentId: folder, kind: 'file', name, hash, size, present, stamp: null });
        return;
      }
      case 5:
        if (folder !== null) entries.assign(folder, client);
        return;
      case 6:
        if (file !== undefined) entries.assign(file, client);
        return;
      case 7: {
        // Into another folder that is not below it.
        const id = this.#pick([...folders, ...files], b);
        if (id === undefined || id === folder || entries.below(id).some((row) => row.id === folder)) return;
        entries.place(id, folder, name);
        return;
      }
      case 8:
        if (file !== undefined) entries.setContent(file, { hash, size, stamp: null, modified: 1 });
        return;
      case 9:
        if (file !== undefined) entries.setPresent(file, b % 2 === 0);
        return;
      case 10:
        if (folder !== null)
          store.keeping.setKeep(folder, KEEPS[b % 4] === 'links' ? { kind: 'links' } : { kind: 'days', days: b % 9 });
        return;
      case 11: {
        const [record, rule] = [
          this.#pick(this.#ids('SELECT id FROM records'), b),
          this.#pick(this.#ids('SELECT id FROM rules'), b),
        ];
        if (folder !== null) {
          if (c % 3 === 0) entries.setRole(folder, 'record', rule ?? null, record ?? null);
          else if (c % 3 === 1) entries.setRole(folder, 'rule', rule ?? null, null);
          else entries.setRole(folder, 'manual', null, null);
        }
        return;
      }
      case 12:
        if (file !== undefined) this.#agree(entries.clientOf(file) ?? client, file, b % 3 !== 0);
        return;
      case 13: {
        const synced = this.#pick(this.#ids('SELECT id FROM synced'), a);
        if (synced !== undefined) db.prepare('DELETE FROM synced WHERE id = ?').run(synced);
        return;
      }
      case 14:
        if (file !== undefined) store.keeping.used(file, 1_800_000_000_000 + a * 90_000_000);
        return;
      case 15:
        if (c % 5 === 0) {
          const id = this.#pick([...folders, ...files], a);
          if (id !== undefined) entries.remove(id);
        } else if (file !== undefined) entries.setFrozen(file, b % 2 === 0);
        return;
      case 16:
        this.#removeOfCatalog(b, c);
        return;
      default:
        if (clients[0] !== undefined) this.#queue(clients[0], a, b);
    }
  }

  #agree(client: ClientId | null, id: LocalId, sameHash: boolean): void {
    const row = this.store.entries.get(id);
    if (row === null || client === null) return;
    this.store.sync.record(client, [
      {
        kind: 'synced.put',
        localId: id,
        remoteId: `id:${id}` as RemoteId,
        entryKind: 'file',
        localParentId: row.parent_id,
        localName: row.name,
        remoteName: row.name,
        rev: 'r' as Rev,
        hash: sameHash ? row.hash : ('other' as ContentHash),
        size: row.size,
      },
    ]);
  }

  #removeOfCatalog(b: number, c: number): void {
    const { store } = this;
    if (c % 9 === 0 && store.clients.all().length > 0) {
      store.clients.remove(store.clients.all()[0]?.name ?? '');
      this.#client(`new ${this.#count}`);
    } else if (c % 9 === 1) {
      const record = this.#pick(store.catalog.records(), b);
      if (record !== undefined) store.catalog.removeRecord(record.type, record.ref);
    } else if (c % 9 === 2) {
      const rule = this.#pick(store.catalog.rules(), b);
      if (rule !== undefined) store.catalog.removeRule(rule.id);
    } else store.catalog.putRecords([{ type: 'u', ref: `${b}`, name: 'n', fields: {} }]);
  }

  #queue(client: ClientId, a: number, b: number): void {
    const { sync } = this.store;
    const rows = replaceQueue(
      sync,
      client,
      Array.from({ length: a % 4 }, (_, index) => ({
        kind: 'remote.upload' as const,
        key: `k${(index + b) % 5}`,
        direction: 'direct' as const,
        priority: 2 as const,
        reason: 'new-here' as const,
        path: 'p' as never,
        remotePath: 'p' as never,
        dependsOn: [],
        held: b % 5 === index,
        localId: 1 as LocalId,
        replaces: null,
        hash: 'h' as ContentHash,
        size: b,
      })),
      [],
      1,
    );
    const [first] = rows;
    const states = ['running', 'done', 'failed', 'retry', 'stale'] as const;
    if (first !== undefined) sync.updateTask(first.id, { state: states[b % 5] ?? 'done' });
  }
}

test('figures equal a full count after any writes', () => {
  fc.assert(
    fc.property(fc.array(aWrite, { minLength: 1, maxLength: 100, size: 'max' }), (writes) => {
      const world = new World();
      for (const write of writes) world.write(write);
      const found = figureDifferences(world.store.db);
      recountFigures(world.store.db);
      expect({ found, after: figureDifferences(world.store.db) }).toEqual({ found: [], after: [] });
      world.store.close();
    }),
    { numRuns: 25, endOnFailure: true },
  );
});
