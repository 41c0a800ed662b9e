// Passes over what is synced already: nothing changed, fifty changes, a renamed folder, a change while watching.

import { appendFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runPass } from '../../src-main/engine/pass.ts';
import type { PassResult } from '../../src-main/engine/parts.ts';
import type { RelPath } from '../../src-shared/domain.ts';
import { DOCKTIDE } from '../support/cli.ts';
import { atMost, many, worldOf, type Case, type CaseOptions, type CaseResult } from './case.ts';
import { openEngine, type OpenEngine } from './engine.ts';
import { measured, startWatching, total, type Measured } from './measure.ts';
import {
  contentOf,
  fillDocuments,
  fillRemote,
  folderOf,
  makeWorld,
  nameOf,
  REMOTE_ROOT,
  TOP,
  type World,
} from './world.ts';

const REPEATED = 20;
const IDLE_SECONDS = 30;

export const PASSES: Readonly<Record<string, Case>> = {
  'no-change': {
    what: ({ files }) => `a pass without a change, ${many(files)} files (mean of ${REPEATED})`,
    files: [2_000, 20_000, 200_000],
    latencies: [0],
    shared: true,
    run: noChange,
  },
  changes: {
    what: ({ files }) => `50 changes on both sides among ${many(files)} files`,
    files: [2_000, 20_000, 200_000],
    latencies: [0],
    shared: true,
    run: changes,
  },
  'rename-here': {
    what: ({ files, latency }) => `a folder of ${many(files)} files renamed here, ${latency} ms latency`,
    files: [10_000],
    latencies: [30],
    run: renameHere,
  },
  'rename-there': {
    what: ({ files, latency }) => `a folder of ${many(files)} files renamed in Dropbox, ${latency} ms latency`,
    files: [10_000],
    latencies: [30],
    run: renameThere,
  },
  watch: {
    what: ({ files }) => `watching ${many(files)} files: a new file here is there, and one there is here`,
    files: [2_000],
    latencies: [0],
    shared: true,
    run: watch,
  },
  idle: {
    what: ({ files }) => `watching ${many(files)} files while nothing happens, ${IDLE_SECONDS} seconds`,
    files: [2_000],
    latencies: [0],
    shared: true,
    run: idle,
  },
};

/** A pass that looks where the watcher points, as the continuous mode makes it. */
function hintedPass({ parts, client }: OpenEngine, scope: readonly string[]): Promise<PassResult> {
  return runPass(parts, client, { scope: scope as readonly RelPath[], ignoreBackoff: true });
}

async function noChange(options: CaseOptions): Promise<CaseResult> {
  const world = worldOf(options);
  const engine = openEngine(world);
  try {
    await hintedPass(engine, []);
    const all = await measured(world, async () => {
      for (let count = 0; count < REPEATED; count++) await hintedPass(engine, []);
      return 'nothing done';
    });
    const one: Measured = {
      ...all,
      seconds: all.seconds / REPEATED,
      cpuSeconds: all.cpuSeconds / REPEATED,
      requests: Object.fromEntries(Object.entries(all.requests).map(([name, count]) => [name, count / REPEATED])),
    };
    return {
      ...one,
      promises: [
        atMost('requests', total(one.requests), 1),
        atMost('processor time', one.cpuSeconds * 1000, 100, ' ms'),
        atMost('event loop held up', all.heldUp, 50, ' ms'),
      ],
    };
  } finally {
    engine.close();
  }
}

/** 25 here and 25 in Dropbox: edits, new files, deletions, renames. Their places are spread over the whole. */
async function makeChanges(world: World, files: number, round: number): Promise<string[]> {
  const hints: string[] = [];
  const spread = Math.floor(files / 60);
  const here = (index: number) => join(world.documents, folderOf(index), nameOf(index));
  const hint = (index: number, name = nameOf(index)) => hints.push(`${folderOf(index)}/${name}`);
  for (let count = 0; count < 25; count++) {
    const index = (count + 1) * spread + round;
    if (count < 10) {
      appendFileSync(here(index), 'edited');
      hint(index);
    } else if (count < 15) {
      writeFileSync(join(world.documents, folderOf(index), `new ${round} ${count}.txt`), `new ${round} ${count}`);
      hint(index, `new ${round} ${count}.txt`);
    } else if (count < 20) {
      rmSync(here(index));
      hint(index);
    } else {
      renameSync(here(index), join(world.documents, folderOf(index), `renamed ${round} ${count}.txt`));
      hint(index);
      hint(index, `renamed ${round} ${count}.txt`);
    }
  }
  for (let count = 0; count < 25; count++) {
    const index = (count + 30) * spread + round;
    const folder = `/${REMOTE_ROOT}/${folderOf(index)}`;
    const path = `${folder}/${nameOf(index)}`;
    if (count < 10) await world.control('write', { path, text: `edited there ${round}` });
    else if (count < 15)
      await world.control('write', {
        path: `${folder}/from there ${round} ${count}.txt`,
        text: `there ${round} ${count}`,
      });
    else if (count < 20) await world.control('delete', { path });
    else await world.control('move', { from: path, to: `${folder}/renamed there ${round} ${count}.txt` });
  }
  return hints;
}

/** Requests that carry contents; beside them a pass may cost five. */
const TRANSFERS = [
  'files/upload',
  'files/upload_session/start_batch',
  'files/upload_session/append_batch',
  'files/upload_session/finish_batch_v2',
  'files/download',
];

async function changes(options: CaseOptions): Promise<CaseResult> {
  const world = worldOf(options);
  const engine = openEngine(world);
  try {
    await hintedPass(engine, []);
    const hints = await makeChanges(world, options.files, 1);
    const figures = await measured(world, async () => {
      const { uploaded, downloaded, moved, deletedLocal, deletedRemote, failed, held } = await hintedPass(
        engine,
        hints,
      );
      const work = { uploaded, downloaded, moved, deletedLocal, deletedRemote, failed, held };
      return Object.entries(work)
        .filter(([, count]) => count > 0)
        .map(([what, count]) => `${count} ${what}`)
        .join(', ');
    });
    const transfers = TRANSFERS.reduce((sum, name) => sum + (figures.requests[name] ?? 0), 0);
    return {
      ...figures,
      promises: [
        atMost('requests beyond transfers', total(figures.requests) - transfers, 5),
        atMost('event loop held up', figures.heldUp, 50, ' ms'),
      ],
    };
  } finally {
    engine.close();
  }
}

async function renameWorld(files: number, latency: number): Promise<World> {
  const world = await makeWorld();
  fillDocuments(world.documents, files, 64);
  await fillRemote(world, files, 64);
  world.docktide('sync', '--quiet');
  await world.control('faults', { latencyMs: latency });
  return world;
}

async function renameHere({ files, latency }: CaseOptions): Promise<CaseResult> {
  const world = await renameWorld(files, latency);
  const engine = openEngine(world);
  try {
    await hintedPass(engine, []);
    const [from, to] = [`${TOP}/Year 2000`, `${TOP}/Year two thousand`];
    renameSync(join(world.documents, from), join(world.documents, to));
    const figures = await measured(world, async () => `${(await hintedPass(engine, [from, to])).moved} moved`);
    return { ...figures, promises: renamePromises(figures, 1) };
  } finally {
    engine.close();
    world.close();
  }
}

async function renameThere({ files, latency }: CaseOptions): Promise<CaseResult> {
  const world = await renameWorld(files, latency);
  const engine = openEngine(world);
  try {
    await hintedPass(engine, []);
    const from = `/${REMOTE_ROOT}/${TOP}/Year 2000`;
    await world.control('move', { from, to: `/${REMOTE_ROOT}/${TOP}/Year two thousand` });
    const figures = await measured(world, async () => `${(await hintedPass(engine, [])).moved} moved`);
    return { ...figures, promises: renamePromises(figures, 0) };
  } finally {
    engine.close();
    world.close();
  }
}

function renamePromises(figures: Measured, moves: number): CaseResult['promises'] {
  const transfers = TRANSFERS.reduce((sum, name) => sum + (figures.requests[name] ?? 0), 0);
  const moved = (figures.requests['files/move_v2'] ?? 0) + (figures.requests['files/move_batch_v2'] ?? 0);
  return [
    atMost('time', figures.seconds, 2, ' s'),
    { what: `server moves = ${moves}`, kept: moved === moves },
    { what: 'transfers = 0', kept: transfers === 0 },
    atMost('event loop held up', figures.heldUp, 50, ' ms'),
  ];
}

/** Milliseconds between two looks. */
const LOOK = 10;
const PATIENCE = 5 * 60_000;

async function watch(options: CaseOptions): Promise<CaseResult> {
  const world = worldOf(options);
  const watching = startWatching(world);
  try {
    // The first pass, the start of the watcher, and the look at everything after it.
    await appears(async () => (await world.requests()).byEndpoint['files/list_folder/longpoll'] !== undefined);
    await settled(watching.pid, WATCHING_THE_LOOP);
    const mark = String(Date.now());
    let up = 0;
    let down = 0;
    const figures = await watching.measured(async () => {
      const folder = `${TOP}/Watched ${mark}`;
      mkdirSync(join(world.documents, folder));
      // To ask for the tree would keep the emulator busy with 200,000 rows.
      await appears(async () => (await world.requests()).byEndpoint['files/create_folder_v2'] !== undefined);
      const started = performance.now();
      writeFileSync(join(world.documents, folder, 'here.txt'), contentOf(1, 4096));
      await appears(async () => (await world.remote(`/${REMOTE_ROOT}/${folder}`)).length === 1);
      up = (performance.now() - started) / 1000;
      const again = performance.now();
      await world.control('write', { path: `/${REMOTE_ROOT}/${folder}/there.txt`, text: mark });
      await appears(async () => isThere(join(world.documents, folder, 'there.txt')));
      down = (performance.now() - again) / 1000;
      return `here to there ${up.toFixed(2)} s, there to here ${down.toFixed(2)} s`;
    });
    return {
      ...figures,
      seconds: Math.max(up, down),
      promises: [
        atMost('here to there', up, 2, ' s'),
        atMost('there to here', down, 2, ' s'),
        atMost('memory', figures.peakMemory / (1024 * 1024), 300, ' MB'),
        atMost('event loop held up', figures.heldUp, 50, ' ms'),
      ],
    };
  } finally {
    await watching.end();
  }
}

/** A second of one core has 1,000 milliseconds: half a percent of it are five. */
const IDLE_SHARE = 0.005;

async function idle(options: CaseOptions): Promise<CaseResult> {
  const world = worldOf(options);
  const child = spawn(process.execPath, [DOCKTIDE, '--data', world.data, 'watch'], { env: world.env, stdio: 'ignore' });
  try {
    await appears(async () => (await world.requests()).byEndpoint['files/list_folder/longpoll'] !== undefined);
    await settled(child.pid ?? 0);
    const before = usedBy(child.pid ?? 0);
    const figures = await measured(world, async () => {
      await new Promise((resolve) => setTimeout(resolve, IDLE_SECONDS * 1000));
      return '';
    });
    const after = usedBy(child.pid ?? 0);
    const cpuSeconds = after.seconds - before.seconds;
    const wakeUps = (after.wakeUps - before.wakeUps) / IDLE_SECONDS;
    const share = ((cpuSeconds / IDLE_SECONDS) * 100).toFixed(2);
    return {
      ...figures,
      cpuSeconds,
      heldUp: 0,
      peakMemory: after.memory,
      result: `${share} % of a core, ${wakeUps.toFixed(1)} wake-ups a second`,
      promises: [
        { what: 'at most 0.5 % of a core', kept: cpuSeconds <= IDLE_SECONDS * IDLE_SHARE },
        { what: 'at most 10 wake-ups a second', kept: wakeUps <= 10 },
      ],
    };
  } finally {
    child.kill();
    await new Promise((resolve) => child.once('close', resolve));
  }
}

/** Seconds of a processor that a process takes in three seconds in which it does nothing; more where its loop is watched. */
const NOTHING = 0.03;
const WATCHING_THE_LOOP = 0.3;

/** Resolves when a process has done nearly nothing for a few seconds. */
async function settled(pid: number, nothing = NOTHING): Promise<void> {
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    const before = usedBy(pid).seconds;
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    if (usedBy(pid).seconds - before < nothing) return;
  }
}

/** Processor time, wake-ups of all threads and memory of a process so far; Linux only. */
function usedBy(pid: number): { readonly seconds: number; readonly wakeUps: number; readonly memory: number } {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`);
  const number = (text: string, name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const wakeUps = threads.reduce(
    (sum, thread) => sum + number(readFileSync(`${thread}/status`, 'utf8'), 'voluntary_ctxt_switches'),
    0,
  );
  // Nanoseconds on a processor; ticks of a clock would be too coarse.
  const busy = threads.reduce(
    (sum, thread) => sum + Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[0]),
    0,
  );
  const memory = number(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmHWM') * 1024;
  return { seconds: busy / 1e9, wakeUps, memory };
}

async function appears(test: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    if (await test()) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
  throw new Error('What was waited for did not appear.');
}

async function isThere(path: string): Promise<boolean> {
  const { existsSync } = await import('node:fs');
  return existsSync(path);
}
