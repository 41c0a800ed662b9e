// Plans of many entries on a thread of their own: the same plan, in portions.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { planBeside, planOnThread, type PlanJob } from '../../../src-main/app/plan-beside.ts';
import type { EngineParts } from '../../../src-main/engine/parts.ts';
import { planChanges, planTrees, policyFor, type PlannedPart } from '../../../src-main/engine/planning.ts';
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

function storeOf(files: number, inFolder = 100): { store: DocumentStore; client: ClientId; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-plan-beside-'));
  const file = join(folder, 'docktide.sqlite');
  const store = createStore({ file, now: () => 1 });
  opened.push(() => (store.close(), rmSync(folder, { recursive: true })));
  const credentials = {};
  const { id } = store.clients.add({ name: 'Office', root: 'Office', state: 'connected', appKey: null, credentials });
  store.sync.batch(() => {
    let parentId: LocalId | null = null;
    for (let index = 0; index < files; index++) {
      if (index % inFolder === 0) {
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
  const inPlace = planTrees(store.sync, client, policy, CIRCUMSTANCES, 'everything');
  const job = {
    database: file,
    client,
    circumstances: CIRCUMSTANCES,
    part: 'everything',
    date: '2026-11-23',
    platform: 'linux',
  } as const;
  expect(await planOnThread({ ...job, ignoreText: '*.bak' })).toEqual(inPlace);
  // More than one portion, and what the policy leaves alone is left alone.
  expect(inPlace.operations.length).toBeGreaterThan(1_000);
  expect((await planOnThread({ ...job, ignoreText: '' }))?.operations.length).toBe(1_313);
});

test('one thread makes one plan after the other, and two make two at once', async () => {
  const [some, others] = [storeOf(1_300), storeOf(1_200)];
  const job = {
    circumstances: CIRCUMSTANCES,
    part: 'everything',
    ignoreText: '',
    date: '',
    platform: 'linux',
  } as const;
  const jobOf = ({ file, client }: typeof some): PlanJob => ({ ...job, database: file, client });
  const count = async (which: typeof some) => (await planOnThread(jobOf(which)))?.operations.length;
  let started = 0;
  const note = () => void started++;
  process.on('worker', note);
  try {
    const first = await count(some);
    const before = started;
    expect([await count(others), await count(some)]).toEqual([1_212, first]);
    expect(started).toBe(before);
    expect(await Promise.all([count(others), count(some)])).toEqual([1_212, first]);
    expect(started).toBe(before + 1);
    // One that fails is not taken again.
    expect(await planOnThread({ ...jobOf(some), database: '/nowhere/docktide.sqlite' })).toBeNull();
    expect(await count(others)).toBe(1_212);
  } finally {
    process.off('worker', note);
  }
});

test('few entries are planned in place, and so is everything where the thread fails', async () => {
  const { store, client } = storeOf(100);
  expect(await planBeside(store, POLICIES)(store.sync.client(client)!, CIRCUMSTANCES, 'everything')).toBeNull();
  const job = {
    database: '/nowhere/docktide.sqlite',
    client,
    circumstances: CIRCUMSTANCES,
    part: 'everything',
    ignoreText: '',
  } as const;
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
  const job: PlanJob = {
    database: file,
    client,
    circumstances: CIRCUMSTANCES,
    part: 'everything',
    ignoreText: '',
    date: '',
    platform: 'linux',
  };
  const made = planOnThread(job).finally(() => (planning = false));
  setImmediate(count);
  const portions = Math.ceil((await made)!.operations.length / 500);
  expect(portions).toBe(13);
  expect(turns).toBeGreaterThan(portions);
});

describe('a change after a plan', () => {
  /** Nothing of it is in Dropbox, and yet the last plan settled it: what is planned now is what is looked at. */
  function changed(inFolder: number) {
    const { store, client } = storeOf(1_300, inFolder);
    const own = policyOf({ store, ...POLICIES }, store.sync.client(client)!);
    const policy = policyFor(own, CIRCUMSTANCES);
    const unsettled = { local: [], remote: [] };
    store.sync.planned(client, { ...store.sync.epochs(client), policy: policy.key ?? '', unsettled });
    const folder = store.entries.at(null, 'Folder 0')!;
    store.entries.place(folder.id, null, 'Renamed');
    const beside = planBeside(store, POLICIES);
    const asked: PlannedPart[] = [];
    const parts: Pick<EngineParts, 'store' | 'policy' | 'planBeside'> = {
      store: store.sync,
      policy: () => own,
      planBeside: (...given) => {
        asked.push(given[2]);
        return beside(...given);
      },
    };
    // No other part is planned with.
    const made = planChanges(parts as EngineParts, store.sync.client(client)!, CIRCUMSTANCES, false);
    return { asked, made, inPlace: planTrees(store.sync, client, policy, CIRCUMSTANCES, 'changes') };
  }

  test('is planned in place where there is little around it', async () => {
    const { asked, made, inPlace } = changed(100);
    expect(await made).toEqual(inPlace);
    expect(inPlace.operations.length).toBeLessThan(100);
    expect(asked).toEqual([]);
  });

  test('is planned on the thread, and nothing else with it, where there is much', async () => {
    const { asked, made, inPlace } = changed(1_250);
    expect(await made).toEqual(inPlace);
    // The other folder and what it holds are not looked at.
    expect(inPlace.operations.length).toBeGreaterThan(1_000);
    expect(inPlace.operations.filter(({ path }) => !path.startsWith('Renamed'))).toEqual([]);
    expect(asked).toEqual(['changes']);
  });
});
