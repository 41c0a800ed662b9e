// Several computers on one root (B6): each has its own data folder, documents folder, rules and records; all share one
// emulator. They take turns in random order, with random edits between; in the end all are the same, nothing is doubled.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench, ROOT, TOKEN } from '../support/cli.ts';
import { seeded } from '../support/cli-files.ts';
import { startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import { agreeWithPeerAfterEach } from '../support/peer-check.ts';
import type { ConflictView, SyncSummary } from '../../src-shared/views.ts';

let emulator: TestEmulator;
let computers: Bench[];
beforeEach(async () => {
  emulator = await startTestEmulator({ token: TOKEN });
  computers = [];
});
afterEach(async () => {
  await Promise.all(computers.map((computer) => computer.close()));
});
agreeWithPeerAfterEach(() => computers);

/** With the company's types, rule and records, as each computer gets them from the ERP. */
async function addComputers(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const computer = await Bench.open({ emulator });
    await computer.setUp('type', 'add', 'sale.order', '--label', 'Quotations');
    await computer.setUp('rule', 'add', 'sale.order', '--client', 'Office', '--subfolders', 'Contracts,Drawings');
    await computer.setUp('record', 'add', 'sale.order', 'SO1', '--name', 'SO1');
    await computer.setUp('record', 'add', 'sale.order', 'SO2', '--name', 'SO2');
    await computer.setUp('folder', 'add', 'Shared', '--client', 'Office');
    computers.push(computer);
  }
}

const FOLDERS = ['Quotations/SO1', 'Quotations/SO1/Contracts', 'Quotations/SO2/Drawings', 'Shared', 'Shared/Sub'];

function put(computer: Bench, path: string, text: string): void {
  const file = join(computer.documents, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function filesOf(computer: Bench): string[] {
  return readdirSync(computer.documents, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.docktide')
    .map((entry) => join(entry.parentPath, entry.name).slice(computer.documents.length + 1))
    .toSorted((a, b) => (a < b ? -1 : 1));
}

function contents(computer: Bench): Record<string, string> {
  return Object.fromEntries(
    filesOf(computer).map((path) => [path, readFileSync(join(computer.documents, path), 'utf8')]),
  );
}

/** Passes in turn until each computer has nothing to do, and nothing that failed on the way is left. */
async function settle(): Promise<void> {
  for (let round = 0; round < 8; round++) {
    let busy = 0;
    for (const computer of computers) {
      const { stdout } = await computer.inside('sync', '--yes', '--json');
      const value = JSON.parse(stdout) as SyncSummary;
      expect(value.held).toBe(0);
      busy += value.failed;
      busy += value.uploaded + value.downloaded + value.moved + value.deletedLocal + value.deletedRemote;
      busy += value.createdFolders + value.conflicts;
    }
    if (busy === 0) return;
  }
  throw new Error('The computers do not come to rest.');
}

async function allTheSame(): Promise<Record<string, string>> {
  const trees = await Promise.all(computers.map((computer) => computer.local()));
  const remote = await computers[0]?.remote();
  for (const tree of trees) expect(tree).toEqual(remote);
  return contents(computers[0] as Bench);
}

test('folders of rules and records that two computers make at once are one', async () => {
  await addComputers(2);
  const [first, second] = computers as [Bench, Bench];
  put(first, 'Quotations/SO1/Contracts/offer.pdf', 'the same on both');
  put(second, 'Quotations/SO1/Contracts/offer.pdf', 'the same on both');
  put(first, 'Quotations/SO2/one.txt', 'one');
  put(second, 'Quotations/SO2/two.txt', 'two');
  // Really at the same time: one write wins, the other is planned anew.
  await emulator.control('faults', { latencyMs: 20 });
  const both = await Promise.all([first.json<SyncSummary>('sync'), second.json<SyncSummary>('sync')]);
  expect(both.map(({ value }) => value.conflicts)).toEqual([0, 0]);
  await emulator.control('faults', { clear: true });
  await settle();
  expect(await allTheSame()).toEqual({
    'Quotations/SO1/Contracts/offer.pdf': 'the same on both',
    'Quotations/SO2/one.txt': 'one',
    'Quotations/SO2/two.txt': 'two',
  });
  const folders = Object.entries(await first.remote()).filter(([, hash]) => hash === null);
  expect(folders.map(([path]) => path)).toEqual([
    'Quotations',
    'Quotations/SO1',
    'Quotations/SO1/Contracts',
    'Quotations/SO1/Drawings',
    'Quotations/SO2',
    'Quotations/SO2/Contracts',
    'Quotations/SO2/Drawings',
    'Shared',
  ]);
});

test('an edit of the same document on two computers: both versions on all, one conflict for all', async () => {
  await addComputers(3);
  const [first, second, third] = computers as [Bench, Bench, Bench];
  put(first, 'Shared/doc.txt', 'base');
  await settle();
  put(first, 'Shared/doc.txt', 'of the first');
  put(second, 'Shared/doc.txt', 'of the second');
  await first.sync();
  await third.sync();
  await second.json('sync');
  await settle();
  const texts = Object.values(await allTheSame()).toSorted((a, b) => (a < b ? -1 : 1));
  expect(texts).toEqual(['of the first', 'of the second']);
  // Settled where it was met; the others follow.
  const [conflict] = await second.view<ConflictView[]>('conflicts');
  await second.ok('conflict', 'keep-dropbox', String(conflict?.id));
  await settle();
  expect(await allTheSame()).toEqual({ 'Shared/doc.txt': 'of the first' });
  for (const computer of computers) expect(await computer.view('conflicts')).toEqual([]);
});

test('a record that is renamed on one computer and then on the other takes its documents along', async () => {
  await addComputers(2);
  const [first, second] = computers as [Bench, Bench];
  put(first, 'Quotations/SO1/offer.pdf', 'offer');
  put(second, 'Quotations/SO1/plan.pdf', 'plan');
  await settle();
  await first.setUp('record', 'rename', 'sale.order', 'SO1', '--name', 'SO1 Smith');
  await first.sync();
  put(second, 'Quotations/SO1/late.pdf', 'late');
  await second.setUp('record', 'rename', 'sale.order', 'SO1', '--name', 'SO1 Smith');
  await settle();
  expect(await allTheSame()).toEqual({
    'Quotations/SO1 Smith/late.pdf': 'late',
    'Quotations/SO1 Smith/offer.pdf': 'offer',
    'Quotations/SO1 Smith/plan.pdf': 'plan',
  });
});

test.each([
  { count: 2, seed: 11 },
  { count: 3, seed: 12 },
])('$count computers in random order with random edits (seed $seed) converge', async ({ count, seed }) => {
  await addComputers(count);
  const random = seeded(seed);
  const pick = (limit: number): number => Math.floor(random() * limit);
  /** What all shall hold in the end. */
  const ledger = new Map<string, string>();
  let serial = 0;
  /** Each document is touched by one computer between two rests, so that its end is known. */
  let touched = new Set<string>();

  const change = (computer: Bench): void => {
    const kind = random();
    const existing = filesOf(computer).filter((path) => ledger.has(path) && !touched.has(path));
    const path = existing[pick(existing.length)];
    if (kind < 0.4 || path === undefined) {
      const fresh = `${FOLDERS[pick(FOLDERS.length)] ?? ''}/new ${++serial}.txt`;
      ledger.set(fresh, `content ${serial}`);
      touched.add(fresh);
      put(computer, fresh, `content ${serial}`);
      return;
    }
    touched.add(path);
    const file = join(computer.documents, path);
    if (kind < 0.6) {
      ledger.set(path, `edited ${++serial}`);
      writeFileSync(file, `edited ${serial}`);
    } else if (kind < 0.85) {
      const to = `${FOLDERS[pick(FOLDERS.length)] ?? ''}/moved ${++serial}.txt`;
      mkdirSync(dirname(join(computer.documents, to)), { recursive: true });
      renameSync(file, join(computer.documents, to));
      ledger.set(to, ledger.get(path) ?? '');
      ledger.delete(path);
      touched.add(to);
    } else {
      rmSync(file);
      ledger.delete(path);
    }
  };

  for (let rest = 0; rest < 2; rest++) {
    touched = new Set();
    for (let turn = 0; turn < 4 * count; turn++) {
      const computer = computers[pick(count)] as Bench;
      for (let edits = pick(4); edits >= 0; edits--) change(computer);
      if (random() < 0.7) await computer.json('sync', '--yes');
      else await Promise.all(computers.slice(0, 2).map((each) => each.json('sync', '--yes')));
    }
    await settle();
    expect(await allTheSame()).toEqual(Object.fromEntries([...ledger].toSorted(([a], [b]) => (a < b ? -1 : 1))));
  }
  for (const computer of computers) expect(await computer.view('conflicts')).toEqual([]);
  const rows = await emulator.tree(`/${ROOT}`);
  expect(rows.filter((row) => row.kind === 'file')).toHaveLength(ledger.size);
  expect(existsSync(join(computers[0]?.documents ?? '', 'Quotations/SO1/Contracts'))).toBe(true);
});
