// What grows with the number of files: the start, a look at the whole documents folder, a plan, memory.

import { plan } from '../../src-main/sync/plan.ts';
import { runPass } from '../../src-main/engine/pass.ts';
import type { LocalId } from '../../src-shared/domain.ts';
import { atMost, many, worldOf, type Case, type CaseOptions, type CaseResult } from './case.ts';
import { openEngine } from './engine.ts';
import { manyEntries } from './many-entries.ts';
import { measured } from './measure.ts';

const MEGABYTE = 1024 * 1024;
const CHANGED = 1_000;

export const SCALE: Readonly<Record<string, Case>> = {
  'cold-start': {
    what: ({ files }) => `start of the engine with ${many(files)} files, first pass included`,
    files: [2_000, 20_000, 200_000],
    latencies: [0],
    shared: true,
    run: coldStart,
  },
  scan: {
    what: ({ files }) => `a look at the whole documents folder, ${many(files)} unchanged files`,
    files: [20_000, 200_000],
    latencies: [0],
    shared: true,
    run: scan,
  },
  plan: {
    what: ({ files }) => `planning ${many(files)} entries with ${many(CHANGED)} changes, rows read included`,
    files: [20_000, 200_000],
    latencies: [0],
    shared: true,
    run: planChanged,
  },
  'plan-whole': {
    what: ({ files }) => `planning whole trees of ${many(files)} entries (first pass, audit)`,
    files: [200_000],
    latencies: [0],
    run: planWhole,
  },
  memory: {
    what: ({ files }) => `memory with ${many(files)} files: a start, a look at everything, a pass`,
    files: [20_000, 200_000],
    latencies: [0],
    shared: true,
    run: memory,
  },
};

async function coldStart(options: CaseOptions): Promise<CaseResult> {
  const world = worldOf(options);
  const figures = await measured(world, async () => {
    const engine = openEngine(world);
    await runPass(engine.parts, engine.client, { scope: [], ignoreBackoff: true });
    engine.close();
    return 'ready';
  });
  return { ...figures, promises: [atMost('time', figures.seconds, 1, ' s')] };
}

async function scan(options: CaseOptions): Promise<CaseResult> {
  const world = worldOf(options);
  const engine = openEngine(world);
  try {
    const figures = await measured(null, async () => {
      const { hashed, changed } = await engine.parts.observer.observe('everything');
      return `${hashed} read, ${changed} rows changed`;
    });
    return {
      ...figures,
      promises: [
        atMost('time', figures.seconds, 10 * (options.files / 200_000), ' s'),
        atMost('event loop held up', figures.heldUp, 50, ' ms'),
      ],
    };
  } finally {
    engine.close();
  }
}

async function planChanged(options: CaseOptions): Promise<CaseResult> {
  const world = worldOf(options);
  const engine = openEngine(world);
  const { store, parts, client } = engine;
  try {
    // Undone at the end: nothing of it is synced.
    store.db.exec('BEGIN');
    const row = store.sync.client(client);
    if (row === null) throw new Error('The client is gone.');
    const policy = parts.policy(row);
    const files = store.db
      .prepare<[number, number], { id: LocalId }>(
        `SELECT id FROM entries WHERE kind = 'file' AND id % (SELECT max(1, max(id) / ?) FROM entries) = 0 LIMIT ?`,
      )
      .all(CHANGED, CHANGED);
    for (const { id } of files) {
      store.entries.setContent(id, { hash: 'f'.repeat(64) as never, size: 1, stamp: null, modified: 0 });
      store.entries.setPresent(id, true);
    }
    const figures = await measured(null, async () => {
      const trees = store.sync.changedTrees(client, policy);
      if (trees === null) return 'whole trees!';
      const { operations } = plan({ ...trees, policy });
      return `${operations.length} operations of ${trees.local.length} entries`;
    });
    return { ...figures, promises: [atMost('time', figures.seconds * 1000, 200, ' ms')] };
  } finally {
    store.db.exec('ROLLBACK');
    engine.close();
  }
}

async function planWhole({ files }: CaseOptions): Promise<CaseResult> {
  const input = manyEntries(files, CHANGED / 2 / files);
  const figures = await measured(null, async () => `${plan(input).operations.length} operations`);
  return { ...figures, promises: [] };
}

async function memory(options: CaseOptions): Promise<CaseResult> {
  const world = worldOf(options);
  const engine = openEngine(world);
  try {
    const figures = await measured(world, async () => {
      await runPass(engine.parts, engine.client, { ignoreBackoff: true });
      return `${(process.memoryUsage().rss / MEGABYTE).toFixed(0)} MB at the end`;
    });
    return { ...figures, promises: [atMost('memory', figures.peakMemory / MEGABYTE, 300, ' MB')] };
  } finally {
    engine.close();
  }
}
