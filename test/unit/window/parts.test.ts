// The pure parts of the window: the order of a folder's rows, the limits of what is sent to the page, the files of the
// page, the tray's word.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createListings, type ListingSource } from '../../../src-main/ipc/listings.ts';
import { createPushes } from '../../../src-main/ipc/pushes.ts';
import { fileOf } from '../../../src-main/shell/page-files.ts';
import { isProgram, runsCode } from '../../../src-main/shell/runs-code.ts';
import { trayState } from '../../../src-main/shell/tray-state.ts';
import { comparing, mergeRows, type Column, type RowOrder } from '../../../src-renderer/stores/sorted-rows.ts';
import type { Push } from '../../../src-shared/ipc-contract.ts';
import type { AppView } from '../../../src-shared/ipc/app.ts';
import { rowKey, type Row } from '../../../src-shared/ipc/documents.ts';
import type { Task } from '../../../src-shared/ipc/sync.ts';
import type { EntryView } from '../../../src-shared/views.ts';

const anyRow: fc.Arbitrary<Row> = fc.record({
  id: fc.integer({ min: 1, max: 40 }),
  kind: fc.constantFrom('file', 'folder'),
  name: fc.constantFrom('a.pdf', 'B.pdf', 'b.png', 'Scan 2', 'Scan 10', 'Ärger.txt', ''),
  size: fc.option(fc.integer({ min: 0, max: 9 })),
  changedAt: fc.option(fc.constantFrom('2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z')),
  state: fc.constantFrom('synced', 'pending', 'failed'),
  client: fc.constant(null),
  record: fc.constant(null),
  role: fc.constant(null),
  url: fc.constant(null),
});

const anyOrder: fc.Arbitrary<RowOrder> = fc.record({
  column: fc.constantFrom<Column[]>('name', 'state', 'size', 'type', 'changed'),
  descending: fc.boolean(),
});

function distinct(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [rowKey(row), row])).values()];
}

describe('rows of a folder', () => {
  test('merging changes gives what sorting everything anew gives', () => {
    fc.assert(
      fc.property(
        fc.array(anyRow),
        fc.array(anyRow),
        fc.array(fc.integer({ min: 1, max: 40 })),
        anyOrder,
        (before, changes, gone, order) => {
          const rows = distinct(before).toSorted(comparing(order));
          const upserts = distinct(changes);
          const removed = gone.map((id) => rowKey({ kind: 'file', id }));
          const kept = rows.filter((row) => !removed.includes(rowKey(row)));
          const expected = distinct([...kept, ...upserts]).toSorted(comparing(order));
          expect(mergeRows(rows, upserts, removed, order)).toEqual(expected);
        },
      ),
    );
  });

  test('folders stay on top, numbers count as numbers', () => {
    const make = (id: number, kind: Row['kind'], name: string): Row => ({
      id,
      kind,
      name,
      size: null,
      changedAt: null,
      state: 'synced',
      client: null,
      record: null,
      role: null,
      url: null,
    });
    const rows = [
      make(1, 'file', 'Scan 10'),
      make(2, 'file', 'Scan 9'),
      make(3, 'folder', 'Z'),
      make(4, 'folder', 'A'),
    ];
    const names = (descending: boolean) =>
      mergeRows([], rows, [], { column: 'name', descending }).map((row) => row.name);
    expect(names(false)).toEqual(['A', 'Z', 'Scan 9', 'Scan 10']);
    expect(names(true)).toEqual(['Z', 'A', 'Scan 10', 'Scan 9']);
  });
});

function taskOf(id: number, state: Task['state']): Task {
  return {
    id,
    client: 'Office',
    kind: 'remote.upload',
    direction: 'direct',
    path: `f${id}`,
    from: null,
    reason: '',
    state,
    attempts: 0,
    nextAttempt: null,
    error: null,
    errorCode: null,
    bytes: 1,
    bytesDone: 0,
    plannedAt: '',
    startedAt: null,
    finishedAt: null,
  };
}

function entryOf(id: number, state: EntryView['state'] = 'synced'): EntryView {
  return {
    path: `Archive/f${id}`,
    kind: 'file',
    type: 'url',
    url: null,
    size: 1,
    contentHash: null,
    record: null,
    client: 'Office',
    state,
    remoteId: null,
    rev: null,
    id,
    parentId: 1,
    role: null,
    changedAt: null,
  };
}

/** One folder with these entries. */
function sourceOf(entries: () => readonly EntryView[]): ListingSource {
  return {
    childIds: (_folder, scope, limit) =>
      entries()
        .filter((entry) => scope === 'all' || entry.kind === 'folder')
        .map((entry) => entry.id)
        .slice(0, limit),
    childCount: () => entries().length,
    entries: (ids) => entries().filter((entry) => ids.includes(entry.id)),
  };
}

describe('what is sent to the window', () => {
  // The pauses between parts of a large folder are real.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  const collect = () => {
    const batches: (readonly Push[])[] = [];
    return { batches, pushes: createPushes((batch) => batches.push(batch)) };
  };

  test('at most ten batches a second, and only the last state of each task', () => {
    const { batches, pushes } = collect();
    for (let step = 0; step < 1_000; step++) {
      pushes.task(taskOf(step % 5, step < 995 ? 'running' : 'done'));
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(200);
    expect(batches.length).toBeLessThanOrEqual(11);
    const last = new Map(
      batches.flat().flatMap((push) => (push.kind === 'tasks' ? push.tasks.map((task) => [task.id, task.state]) : [])),
    );
    expect([...last.values()]).toEqual(['done', 'done', 'done', 'done', 'done']);
  });

  test('a large folder comes in pieces and completely, its folders first, and nothing is held up', async () => {
    const { batches, pushes } = collect();
    const files = Array.from({ length: 5_000 }, (_, index) => entryOf(index + 1));
    const folder: EntryView = { ...entryOf(9_000), kind: 'folder', path: 'Archive/zz', type: null, role: 'manual' };
    const entries = [...files, folder];
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    let asked = 0;
    const source = sourceOf(() => entries);
    const limits: (number | undefined)[] = [];
    const listings = createListings(
      {
        ...source,
        childIds: (folder, scope, limit) => {
          limits.push(limit);
          return source.childIds(folder, scope, limit);
        },
        entries: (ids) => {
          asked = Math.max(asked, ids.length);
          return ids.flatMap((id) => byId.get(id) ?? []);
        },
      },
      pushes,
    );
    const first = listings.watch(1, 'all');
    expect([first.rows.length, first.rows[0]?.name, first.total]).toEqual([80, 'zz', 5_001]);
    // The first answer does not wait for the numbers of all the others.
    expect(limits).toEqual([81, 80]);
    await vi.waitFor(() => {
      vi.advanceTimersByTime(1_000);
      const ids = new Set([
        ...first.rows.map((row) => row.id),
        ...batches.flat().flatMap((push) => (push.kind === 'rows' ? push.upserts.map((row) => row.id) : [])),
      ]);
      expect(ids.size).toBe(5_001);
    });
    expect(asked).toBeLessThanOrEqual(200);
    const sizes = batches.map((batch) =>
      batch.reduce((sum, push) => sum + (push.kind === 'rows' ? push.upserts.length : 0), 0),
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(2_000);
  });

  test('what changes while the rows of a large folder are on their way is sent after them', async () => {
    const { batches, pushes } = collect();
    let entries = Array.from({ length: 1_000 }, (_, index) => entryOf(index + 1));
    const listings = createListings(
      sourceOf(() => entries),
      pushes,
    );
    const first = listings.watch(1, 'all');
    // One of the first rows changes, one of them goes, and one comes.
    entries = [entryOf(1, 'failed'), ...entries.slice(2), entryOf(2_000)];
    await listings.refresh();
    await vi.waitFor(() => {
      vi.advanceTimersByTime(1_000);
      const shown = new Map(first.rows.map((row) => [row.id, row.state]));
      let total = first.total;
      for (const push of batches.flat()) {
        if (push.kind !== 'rows') continue;
        for (const row of push.upserts) shown.set(row.id, row.state);
        for (const key of push.removed) shown.delete(Number(key.slice('file:'.length)));
        ({ total } = push);
      }
      expect([shown.size, total, shown.get(1), shown.has(2), shown.has(2_000)]).toEqual([
        1_000,
        1_000,
        'failed',
        false,
        true,
      ]);
    });
  });

  test('afterwards only differences are sent, and nothing where there are none', async () => {
    const { batches, pushes } = collect();
    let entries = [entryOf(1), entryOf(2), entryOf(3)];
    const listings = createListings(
      sourceOf(() => entries),
      pushes,
    );
    listings.watch(1, 'all');
    await listings.refresh();
    vi.advanceTimersByTime(500);
    expect(batches).toEqual([]);
    entries = [entryOf(1), entryOf(2, 'failed')];
    await listings.refresh();
    vi.advanceTimersByTime(500);
    expect(batches.flat()).toMatchObject([
      { kind: 'rows', folderId: 1, scope: 'all', upserts: [{ id: 2, state: 'failed' }], removed: ['file:3'], total: 2 },
    ]);
  });
});

describe('what the page may load', () => {
  const folder = join('/', 'app', 'out', 'renderer');
  test.each([
    ['docktide://app/index.html', join(folder, 'index.html')],
    ['docktide://app/assets/a%20b.js', join(folder, 'assets', 'a b.js')],
    ['docktide://app/../../../etc/passwd', join(folder, 'etc', 'passwd')],
    ['docktide://app/..%2f..%2fmain%2findex.js', null],
    ['docktide://app/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd', null],
    ['docktide://app/a%00.js', null],
    ['docktide://elsewhere/index.html', null],
    ['docktide://app/100%.js', null],
  ])('%s', (address, file) => {
    expect(fileOf(folder, address)).toBe(file);
  });
});

test.each([
  ['Offer.pdf', false],
  ['Setup.EXE', true],
  ['holiday.jpg.desktop', true],
  ['exe', true],
  ['plan.dwg', false],
  ['update.exe. .', true],
  ['install.sh', true],
  ['Invoice.pdf.lnk', true],
])('whether %s would run when opened: %s', (name, expected) => {
  expect(runsCode(name)).toBe(expected);
});

test('what has no known ending is a program by how it begins', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-programs-'));
  const made = (name: string, ...bytes: number[]): string => {
    writeFileSync(join(folder, name), Buffer.from(bytes));
    return join(folder, name);
  };
  const script = [...Buffer.from('#!/bin/sh')];
  const elf = [0x7f, 0x45, 0x4c, 0x46];
  expect(
    await Promise.all(
      [made('install', ...script), made('tool', ...elf), made('README', 65), made('a.txt', ...script), folder].map(
        isProgram,
      ),
    ),
  ).toEqual([true, true, false, false, false]);
  rmSync(folder, { recursive: true });
});

describe('the word of the tray', () => {
  const client = { name: 'Office', reason: null, root: 'ERP', lastSync: null, state: 'connected' as const };
  const counts = { types: 0, records: 0, folders: 0, files: 0, bytes: 0, pending: 0, held: 0, failed: 0, conflicts: 0 };
  const zero = { pending: 0, held: 0, failed: 0, conflicts: 0 };
  const view: AppView = {
    phase: 'ready',
    demo: false,
    version: '1',
    platform: 'linux',
    documents: '/d',
    counts,
    passing: [],
    problems: [],
    tokensKept: 'keyring',
    redirectAddresses: [],
    loginWaits: false,
    clients: [{ ...client, ...zero }],
  };
  test.each<[string, Partial<AppView>]>([
    ['synced', {}],
    ['idle', { clients: [] }],
    ['syncing', { passing: ['Office'] }],
    ['syncing', { counts: { ...counts, pending: 3 } }],
    ['paused', { clients: [{ ...client, ...zero, state: 'paused' }] }],
    ['attention', { passing: ['Office'], counts: { ...counts, failed: 1 } }],
    ['attention', { clients: [{ ...client, ...zero, state: 'disconnected' }] }],
    ['attention', { problems: [{ client: '', code: 'x', message: 'y' }] }],
  ])('%s', (word, part) => {
    expect(trayState({ ...view, ...part })).toBe(word);
  });
});
