// The dashboard case: how long its figures take in a store of 200,000 attachments of 20,000 records, part by part and all
// together, with a log of 100,000 lines and a queue of 5,000 tasks.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientId, ContentHash, LocalId, RelPath, RemoteId, Rev } from '../../src-shared/domain.ts';
import { FIGURE_PARTS } from '../../src-shared/figures-views.ts';
import { figures } from '../../src-main/stats/figures.ts';
import { figureDifferences } from '../../src-main/stats/recount.ts';
import { createStore, type DocumentStore } from '../../src-main/store/open-store.ts';
import { replaceQueue } from '../support/queue.ts';

const TYPES = ['sale.order', 'account.move', 'product', 'partner', 'project'];
const ENDINGS = ['pdf', 'pdf', 'docx', 'xlsx', 'png', 'jpg', 'dwg', 'txt', 'zip', ''];
const ROUNDS = 21;
const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 23, 12);

export interface FiguresMeasured {
  /** Median of all parts together, milliseconds. */
  readonly all: number;
  readonly result: string;
}

export function figuresCase(attachments: number): FiguresMeasured {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-bench-'));
  let time = NOW - 400 * DAY;
  // About two and a half readings of the clock for each attachment.
  const step = (400 * DAY) / (attachments * 2.5);
  const store = createStore({
    file: join(folder, 'bench.sqlite'),
    now: () => Math.round((time = Math.min(NOW, time + step))),
  });
  try {
    store.db.transaction(() => fill(store, attachments)).immediate();
    if (figureDifferences(store.db).length > 0) throw new Error('The figures are not what a full count says.');
    const parts = { store, now: NOW, spaceOf: () => null };
    const medians = FIGURE_PARTS.map((part) => ({ part, time: medianOf(() => figures(parts, [part])) }));
    if (process.env['BENCH_DETAILS'] !== undefined) {
      for (const { part, time: took } of medians)
        process.stderr.write(`  ${took.toFixed(2).padStart(6)} ms  ${part}\n`);
    }
    const slowest = medians.reduce((worst, one) => (one.time > worst.time ? one : worst));
    const all = medianOf(() => figures(parts, FIGURE_PARTS));
    return { all, result: `${all.toFixed(1)} ms for all; slowest ${slowest.part}, ${slowest.time.toFixed(1)} ms` };
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function medianOf(work: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
}

function fill(store: DocumentStore, attachments: number): void {
  const clients = ['Office', 'Berlin', 'Archive'].map(
    (name) => store.clients.add({ name, root: name, state: 'connected', appKey: null, credentials: {} }).id,
  );
  const tops = TYPES.map((type, index) => {
    store.catalog.addType(type, `Folder of ${type}`);
    const rule = store.catalog.addRule({ type, client: 'Office' });
    const client = clients[index % clients.length]!;
    const top = {
      parentId: null,
      kind: 'folder',
      name: rule.label,
      role: 'rule',
      ruleId: rule.id,
      stamp: null,
    } as const;
    return { type, client, id: store.entries.insert({ ...top, clientId: client }) };
  });
  const records = Math.ceil(attachments / 10);
  for (let number = 0; number < records; number++) {
    const { type, client, id } = tops[number % tops.length]!;
    const ref = `R${number}`;
    const record = store.catalog.addRecord({ type, ref, name: ref, fields: {} });
    const folder = {
      parentId: id,
      kind: 'folder',
      name: ref,
      role: 'record',
      recordId: record.id,
      stamp: null,
    } as const;
    const folderId = store.entries.insert(folder);
    for (let index = 0; index < 10; index++) addFile(store, client, folderId, number * 10 + index, attachments);
  }
  addQueue(store, clients[0]!);
  for (let line = 0; line < attachments / 2; line++) {
    store.sync.log({
      level: line % 50 === 0 ? 'error' : 'info',
      clientId: clients[line % 3]!,
      direction: 'direct',
      kind: line % 3 === 0 ? 'local.download' : 'remote.upload',
      path: null,
      bytes: 1000 + line,
      duration: 20,
      result: line % 50 === 0 ? 'failed' : 'done',
      reason: 'new-here',
    });
  }
}

function addFile(store: DocumentStore, client: ClientId, folder: LocalId, number: number, of: number): void {
  const ending = ENDINGS[number % ENDINGS.length] ?? '';
  // One content in ten is there twice.
  const content = number % 10 === 0 ? number - (number % 20) : number;
  const hash = String(content).padStart(64, '0') as ContentHash;
  const size = 1_000 + ((content * 7_919) % 2_000_000);
  const name = `document ${number}${ending === '' ? '' : `.${ending}`}`;
  const present = number < of * 0.4;
  const id = store.entries.insert({ parentId: folder, kind: 'file', name, hash, size, present, stamp: null });
  store.sync.record(client, [
    {
      kind: 'synced.put',
      localId: id,
      remoteId: `id:${id}` as RemoteId,
      entryKind: 'file',
      localParentId: folder,
      localName: name,
      remoteName: name,
      rev: `rev${id}` as Rev,
      hash,
      size,
    },
  ]);
}

function addQueue(store: DocumentStore, client: ClientId): void {
  const operations = Array.from({ length: 5000 }, (_, number) => ({
    kind: 'remote.upload' as const,
    key: `k${number}`,
    direction: 'direct' as const,
    priority: 2 as const,
    reason: 'new-here' as const,
    path: `Waiting/${number}` as RelPath,
    remotePath: `Waiting/${number}` as RelPath,
    dependsOn: [],
    held: number % 100 === 0,
    localId: number as LocalId,
    replaces: null,
    hash: 'h' as ContentHash,
    size: number,
  }));
  replaceQueue(store.sync, client, operations, [], NOW);
}
