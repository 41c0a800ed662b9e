// Plans of whole trees on a thread of their own: the same plan, in portions.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { planBeside, planOnThread } from '../../../src-main/app/plan-beside.ts';
import { policyFor, planTrees } from '../../../src-main/engine/planning.ts';
import { policyOf } from '../../../src-main/keeping/policy.ts';
import { createStore, type DocumentStore } from '../../../src-main/store/open-store.ts';
import type { ClientId, ContentHash, LocalId, RelPath } from '../../../src-shared/domain.ts';

const POLICIES = { ignoreText: () => '*.bak', date: () => '2026-11-23', platform: 'linux' } as const;
const CIRCUMSTANCES = {
  symlinks: ['Folder 1/linked.txt' as RelPath],
  deletionsApproved: false,
  before: { here: 1, there: 2, entries: 3 },
  earlier: new Map(),
};

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

function storeOf(files: number): { store: DocumentStore; client: ClientId; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-plan-beside-'));
  const file = join(folder, 'docktide.sqlite');
  const store = createStore({ file, now: () => 1 });
  opened.push(() => (store.close(), rmSync(folder, { recursive: true })));
  const credentials = {};
  const { id } = store.clients.add({ name: 'Office', root: 'Office', state: 'connected', appKey: null, credentials });
  store.sync.batch(() => {
    let parentId: LocalId | null = null;
    for (let index = 0; index < files; index++) {
      if (index % 100 === 0) {
        parentId = store.entries.insert({ parentId: null, kind: 'folder', name: `Folder ${index}`, stamp: null });
        store.assign(parentId, id);
      }
      const name = index % 7 === 0 ? `${index}.bak` : `${index}.txt`;
      const hash = String(index).padStart(64, '0') as ContentHash;
      store.entries.insert({ parentId, kind: 'file', name, stamp: null, hash, size: index, present: true });
    }
  });
  return { store, client: id, file };
}

test('the thread makes the plan that is made in place', async () => {
  const { store, client, file } = storeOf(1_300);
  const row = store.sync.client(client)!;
  const policy = policyFor(policyOf({ store, ...POLICIES }, row), CIRCUMSTANCES);
  const inPlace = planTrees(store.sync, client, policy, CIRCUMSTANCES);
  const job = { database: file, client, circumstances: CIRCUMSTANCES, date: '2026-11-23', platform: 'linux' } as const;
  expect(await planOnThread({ ...job, ignoreText: '*.bak' })).toEqual(inPlace);
  // More than one portion, and what the policy leaves alone is left alone.
  expect(inPlace.operations.length).toBeGreaterThan(1_000);
  expect((await planOnThread({ ...job, ignoreText: '' }))?.operations.length).toBe(1_313);
});

test('few entries are planned in place, and so is everything where the thread fails', async () => {
  const { store, client } = storeOf(100);
  expect(await planBeside(store, POLICIES)(store.sync.client(client)!, CIRCUMSTANCES)).toBeNull();
  const job = { database: '/nowhere/docktide.sqlite', client, circumstances: CIRCUMSTANCES, ignoreText: '' };
  expect(await planOnThread({ ...job, date: '2026-11-23', platform: 'linux' })).toBeNull();
});

test('others have their turn between the portions', async () => {
  const { client, file } = storeOf(6_000);
  let turns = 0;
  let planning = true;
  const count = () => {
    turns++;
    if (planning) setImmediate(count);
  };
  const job = {
    database: file,
    client,
    circumstances: CIRCUMSTANCES,
    ignoreText: '',
    date: '',
    platform: 'linux',
  } as const;
  const made = planOnThread(job).finally(() => (planning = false));
  setImmediate(count);
  const portions = Math.ceil((await made)!.operations.length / 500);
  expect(portions).toBe(13);
  expect(turns).toBeGreaterThan(portions);
});
