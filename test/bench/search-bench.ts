// The search case: how long typical searches take among 200,000 attachments of 5,000 records, all of them in Dropbox.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStore, type DocumentStore } from '../../src-main/store/open-store.ts';
import type { ClientId, ContentHash, LocalId, RemoteId, Rev } from '../../src-shared/domain.ts';
import type { SearchQuery } from '../../src-shared/search-views.ts';

const TYPES = ['sale.order', 'account.move', 'product', 'partner', 'project'];
const RECORDS = 5_000;
const WORDS =
  'offer contract drawing invoice photo plan report Prüfbericht Straße delivery note scan order letter'.split(' ');
const NAMES = 'Müller Schmidt Söhne Novák García Łukasz Sørensen Weiß Becker Hoffmann'.split(' ');
const ENDINGS = ['pdf', 'pdf', 'pdf', 'docx', 'xlsx', 'png', 'jpg', 'dwg'];
const ROUNDS = 15;

/** Each is asked again and again; the words are those of a person who is typing, and the filters those of a window. */
export const SEARCHES: Readonly<Record<string, SearchQuery>> = {
  'one letter': { text: 'o' },
  'a common word': { text: 'contract' },
  'two words': { text: 'strasse muller' },
  'a number': { text: '123456' },
  'a name that is not there': { text: 'zzzz' },
  'the name of a record': { text: 'SO-2500' },
  'a type': { text: 'offer', type: 'sale.order' },
  'a record': { text: 'o', record: 'sale.order/SO-2500' },
  'an ending': { text: 'plan', extensions: ['dwg'] },
  'an ending alone': { extensions: ['dwg'] },
  'large files': { minSize: 1_999_000 },
  'a range of days': { text: 'report', since: '2024-03-01', until: '2024-03-05' },
  'a state': { text: 'photo', states: ['synced'] },
  'what is pending': { states: ['pending'] },
  'what is freed': { states: ['freed'] },
  'folders alone': { text: 'drawings', kinds: ['folder'] },
};

/** Answers the median over all searches (seconds) and that of the slowest one (milliseconds). */
export async function searchCase(
  attachments: number,
): Promise<{ readonly seconds: number; readonly slowest: number; readonly result: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-bench-'));
  const store = createStore({ file: join(folder, 'bench.sqlite'), now: () => Date.now() });
  try {
    fill(store, attachments);
    const medians = Object.entries(SEARCHES).map(([what, query]) => {
      const spent = process.cpuUsage();
      const times = Array.from({ length: ROUNDS }, () => {
        const started = performance.now();
        store.search({ limit: 60, ...query });
        return performance.now() - started;
      });
      const { user, system } = process.cpuUsage(spent);
      return { what, time: median(times), processor: (user + system) / 1000 / ROUNDS };
    });
    if (process.env['BENCH_DETAILS'] !== undefined) {
      for (const { what, time, processor } of medians) {
        process.stderr.write(`  ${time.toFixed(1).padStart(6)} ms, ${processor.toFixed(1)} ms of processor  ${what}\n`);
      }
    }
    const slowest = medians.reduce((worst, one) => (one.time > worst.time ? one : worst));
    return {
      seconds: median(medians.map(({ time }) => time)) / 1000,
      slowest: slowest.time,
      result: `slowest ${slowest.time.toFixed(1)} ms (${slowest.what})`,
    };
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** The last `inOneFolder` of them lie in a folder of their own, "Scans". */
export function fill(store: DocumentStore, attachments: number, inOneFolder = 0): void {
  const { id: client } = store.clients.add({
    name: 'Office',
    root: 'Bench',
    state: 'connected',
    appKey: null,
    credentials: {},
  });
  store.db
    .transaction(() => {
      for (const type of TYPES) {
        store.catalog.addType(type, `Folder of ${type}`);
        store.catalog.addRule({ type, client: 'Office' });
      }
      const folders = recordFolders(store, client);
      const spread = attachments - inOneFolder;
      for (let index = 0; index < spread; index++) addFile(store, client, folders[index % folders.length]!, index);
      if (inOneFolder === 0) return;
      const scans = store.entries.insert({
        parentId: null,
        kind: 'folder',
        name: 'Scans',
        role: 'manual',
        stamp: null,
      });
      store.assign(scans, client);
      agree(store, client, scans);
      for (let index = spread; index < attachments; index++) addFile(store, client, scans, index);
    })
    .immediate();
}

function recordFolders(store: DocumentStore, client: ClientId): LocalId[] {
  const tops = store.catalog.rules().map((rule) => {
    const id = store.entries.insert({
      parentId: null,
      kind: 'folder',
      name: rule.label,
      role: 'rule',
      ruleId: rule.id,
      clientId: client,
      stamp: null,
    });
    agree(store, client, id);
    return { id, rule };
  });
  return Array.from({ length: RECORDS }, (_, index) => {
    const { id: top, rule } = tops[index % tops.length]!;
    const ref = `SO-${index}`;
    const name = `${NAMES[index % NAMES.length]} ${ref}`;
    store.catalog.addRecord({ type: rule.type, ref, name, fields: { city: NAMES[(index * 7) % NAMES.length] ?? '' } });
    const record = store.catalog.record(rule.type, ref);
    const folder = store.entries.insert({
      parentId: top,
      kind: 'folder',
      name,
      role: 'record',
      ruleId: rule.id,
      recordId: record.id,
      stamp: null,
    });
    agree(store, client, folder);
    const inner = store.entries.insert({ parentId: folder, kind: 'folder', name: 'Drawings', stamp: null });
    agree(store, client, inner);
    return index % 3 === 0 ? inner : folder;
  });
}

function addFile(store: DocumentStore, client: ClientId, folder: LocalId, index: number): void {
  const word = WORDS[(index * 31) % WORDS.length];
  const name = `${word} ${NAMES[(index * 17) % NAMES.length]} ${index}.${ENDINGS[index % ENDINGS.length]}`;
  const id = store.entries.insert({
    parentId: folder,
    kind: 'file',
    name,
    hash: String(index).padStart(64, '0') as ContentHash,
    size: 1_000 + ((index * 7_919) % 2_000_000),
    present: index % 500 !== 0,
    stamp: null,
    modified: Date.UTC(2020, 0, 1) + index * 600_000,
  });
  if (index % 2_000 !== 1) agree(store, client, id);
}

function agree(store: DocumentStore, client: ClientId, id: LocalId): void {
  const row = store.entries.get(id);
  if (row === null) return;
  store.sync.record(client, [
    {
      kind: 'synced.put',
      localId: id,
      remoteId: `id:${id}` as RemoteId,
      entryKind: row.kind,
      localParentId: row.parent_id,
      localName: row.name,
      remoteName: row.name,
      rev: row.kind === 'file' ? (`rev${id}` as Rev) : null,
      hash: row.hash,
      size: row.size,
    },
  ]);
}
