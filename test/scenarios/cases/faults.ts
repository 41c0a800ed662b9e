// Scenarios of faults in Dropbox and on the way to it: killed, damaged, refused, full, throttled.

import { linkSync, readdirSync, truncateSync } from 'node:fs';
import { expect } from 'vitest';
import { contentHashOf } from '../../dropbox-emulator/content-hash.ts';
import { WriteProblem } from '../../dropbox-emulator/writes.ts';
import {
  agree,
  expectBounds,
  expectClean,
  expectQuiet,
  expectSame,
  expectTree,
  type ScriptedScenario,
} from '../../support/scenario-run.ts';
import { until, type ScenarioWorld } from '../../support/scenario-world.ts';
import type { TaskView } from '../../../src-shared/views.ts';

const MIB = 1024 * 1024;

function setFaults(world: ScenarioWorld, faults: Readonly<Record<string, unknown>>): Promise<unknown> {
  return world.emulator.control('faults', faults);
}

/** Dropbox takes no file of that name, for this reason, until the returned function is called. Counts the refusals. */
function refuse(
  world: ScenarioWorld,
  name: string,
  tag: string,
): { readonly times: () => number; readonly end: () => void } {
  const { tree } = world.emulator.state;
  const apply = tree.apply.bind(tree);
  let refused = true;
  let times = 0;
  tree.apply = (operation) => {
    if (refused && operation.op === 'file' && operation.name === name) {
      times++;
      throw new WriteProblem({ '.tag': tag });
    }
    apply(operation);
  };
  return { times: () => times, end: () => (refused = false) };
}

async function killedWhileFetching(world: ScenarioWorld): Promise<void> {
  await agree(world, '');
  const files = Array.from({ length: 50 }, (_, index) => `f${index}`);
  for (const path of files) world.known.learn(path);
  await world.there.writeMany(files.map((path) => [path, path]));
  await setFaults(world, { latencyMs: 40 });
  const sync = world.launch('sync', '--json');
  await until('ten files have come', () => namesHere(world).filter((name) => name.startsWith('f')).length >= 10);
  sync.child.kill('SIGKILL');
  expect((await sync.ended).code).toBeNull();
  world.here.killed = true;
  const present = (await world.here.tree()).size;
  expect(present).toBeLessThan(50);
  await setFaults(world, { latencyMs: 0 });
  const outcome = await world.pass();
  expectClean(outcome);
  expectBounds(outcome, { up: 0, down: 50 - present + 8, mv: 0, del: 0 });
  await expectTree(world, files.join(' '));
  await expectQuiet(world);
}

function namesHere(world: ScenarioWorld): readonly string[] {
  return readdirSync(world.documents);
}

/** A program that is killed between giving a file its name and removing the temporary one leaves both names. */
async function leftByKill(world: ScenarioWorld): Promise<void> {
  await agree(world, 'd/f=F');
  linkSync(world.here.at('d/f'), world.here.at('d/.docktide-5000000000001.tmp'));
  await world.here.write('.docktide-5000000000002.tmp', 'half of a file that is no longer in Dropbox');
  expectClean(await world.pass());
  await expectTree(world, 'd/f=F');
  await expectQuiet(world);
}

/** A sparse file above the size of one request stands for the gigabyte: the same upload session, in less time. */
async function killedWhileSending(world: ScenarioWorld): Promise<void> {
  await agree(world, '');
  const size = 160 * MIB;
  await world.here.write('big', 'x');
  truncateSync(world.here.at('big'), size);
  await setFaults(world, { bandwidthBytesPerSecond: 60 * MIB });
  world.forgetSeen();
  const sync = world.launch('sync', '--json');
  await until('a part is sent', () => world.seen().bytesUp > 40 * MIB);
  sync.child.kill('SIGKILL');
  await sync.ended;
  expect(world.seen().writes, 'nothing is committed yet').toEqual([]);
  await setFaults(world, { bandwidthBytesPerSecond: 0 });
  const outcome = await world.pass();
  expectClean(outcome);
  expect(outcome.writes.map(({ op }) => op)).toEqual(['file']);
  expect(outcome.bytesUp, 'what was sent is not sent again').toBeLessThan(size - 20 * MIB);
  await expectSame(world);
  await expectQuiet(world);
}

async function changedWhileSending(world: ScenarioWorld): Promise<void> {
  await agree(world, '');
  const [first, second] = ['1', '2'].map((digit) => digit.repeat(1_000_000));
  await world.here.write('f', first ?? '');
  await setFaults(world, { bandwidthBytesPerSecond: 1_000_000 });
  world.forgetSeen();
  const sync = world.launch('sync', '--json');
  await until('the upload runs', () => world.seen().bytesUp > 200_000);
  await world.here.write('f', second ?? '');
  await sync.ended;
  await setFaults(world, { bandwidthBytesPerSecond: 0 });
  const torn = world.seen().writes.filter((one) => one.op === 'file' && !isWhole(one.version.hash));
  expect(torn, 'committed versions that never were').toEqual([]);
  expectClean(await world.pass());
  await expectTree(world, `f=${second}`);
  await expectQuiet(world);

  function isWhole(hash: string): boolean {
    return [first, second].some((text) => contentHashOf(Buffer.from(text ?? '')) === hash);
  }
}

async function damagedForEver(world: ScenarioWorld): Promise<void> {
  await agree(world, '');
  await world.here.write('f', 'F');
  await setFaults(world, { hashMismatch: {} });
  const outcome = await world.pass();
  expect(outcome.report).toMatchObject({ uploaded: 0, failed: 1 });
  expect(outcome.code).toBe(3);
  expect(outcome.byEndpoint['files/upload']).toBeLessThanOrEqual(10);
  const [task] = await world.json<TaskView[]>('queue');
  expect(task).toMatchObject({ path: 'f', attempts: 1 });
  expect(task?.error).toBeTruthy();
  await setFaults(world, { hashMismatch: null });
  expectClean(await world.pass());
  await expectTree(world, 'f=F');
  await expectQuiet(world);
}

async function noSpace(world: ScenarioWorld): Promise<void> {
  await agree(world, '');
  await world.emulator.control('quota', { allocated: 1000 });
  const huge = 'H'.repeat(100_000);
  await world.here.write('small', 'S');
  await world.here.write('huge', huge);
  await world.there.write('down', 'D');
  const outcome = await world.pass();
  expect(outcome.report).toMatchObject({ uploaded: 1, downloaded: 1, failed: 1 });
  expect(await world.there.read('small')).toBe('S');
  const [task, ...others] = await world.json<TaskView[]>('queue');
  expect(task).toMatchObject({ path: 'huge', state: 'retry' });
  expect(task?.error).toMatch(/space|full/);
  expect(others).toEqual([]);
  await world.emulator.control('quota', { allocated: 1_000_000 });
  expectClean(await world.pass());
  await expectTree(world, `small=S huge=${huge} down=D`);
  await expectQuiet(world);
}

async function refusedForEver(world: ScenarioWorld, change: 'content' | 'name'): Promise<void> {
  await agree(world, '');
  const refusal = refuse(world, 'f', change === 'content' ? 'no_write_permission' : 'disallowed_name');
  await world.here.write('f', 'F');
  expect((await world.pass()).report).toMatchObject({ uploaded: 0, failed: 1 });
  const asked = refusal.times();
  expect(asked).toBe(1);
  const [task] = await world.json<TaskView[]>('queue');
  expect(task).toMatchObject({ path: 'f', attempts: 1 });
  expect(Date.parse(task?.nextAttempt ?? '')).toBeGreaterThan(Date.now() + 60_000);

  const watch = world.launch('watch', '--quiet');
  for (const name of ['g', 'h']) {
    await world.here.write(name, name);
    await brought(world, name);
  }
  expect(refusal.times(), 'f waits while others go').toBe(asked);
  refusal.end();
  if (change === 'content') await world.here.write('f', 'changed');
  else await world.here.move('f', 'renamed');
  await brought(world, change === 'content' ? 'f' : 'renamed');
  watch.child.kill('SIGTERM');
  expect((await watch.ended).code).toBe(0);
  await expectTree(world, change === 'content' ? 'f=changed g h' : 'renamed=F g h');
  expectClean(await world.pass());
  await expectQuiet(world);
}

function brought(world: ScenarioWorld, name: string): Promise<void> {
  return until(`the watch has brought ${name}`, async () => (await world.there.tree()).has(name), 20);
}

async function oneBadAmongGood(world: ScenarioWorld): Promise<void> {
  await agree(world, '');
  const refusal = refuse(world, 'bad', 'disallowed_name');
  for (const name of ['ok1', 'bad', 'ok2']) await world.here.write(name, name);
  const outcome = await world.pass();
  expect(outcome.report).toMatchObject({ uploaded: 2, failed: 1 });
  expect(outcome.code).toBe(3);
  expect([...(await world.there.tree()).keys()]).toEqual(['ok1', 'ok2']);
  expect(refusal.times()).toBe(1);
  const [task, ...others] = await world.json<TaskView[]>('queue');
  expect(task).toMatchObject({ path: 'bad', state: 'failed' });
  expect(Date.parse(task?.nextAttempt ?? '')).toBeGreaterThan(Date.now() + 3_600_000);
  expect(others).toEqual([]);
  refusal.end();
  expectClean(await world.pass());
  await expectTree(world, 'ok1 ok2 bad');
  await expectQuiet(world);
}

async function throttled(world: ScenarioWorld): Promise<void> {
  await agree(world, '');
  await world.here.write('f', 'F');
  await setFaults(world, { rate429: { next: 1, retryAfter: 3, endpoints: ['files/upload'] } });
  const times: number[] = [];
  world.onRequest((endpoint) => {
    if (endpoint === 'files/upload') times.push(Date.now());
  });
  const outcome = await world.pass();
  expectClean(outcome);
  expectBounds(outcome, { up: 1 });
  const [refused = 0, taken = 0, ...more] = times;
  expect(taken - refused, 'milliseconds until it was tried again').toBeGreaterThanOrEqual(3000);
  expect(more).toEqual([]);
  await expectTree(world, 'f=F');
  await expectQuiet(world);
}

export const FAULT_SCRIPTS: readonly ScriptedScenario[] = [
  { id: 'F01', run: killedWhileFetching },
  { id: 'F01', form: 'what the kill left', run: leftByKill },
  { id: 'F03', run: killedWhileSending, bytesOnDisk: true },
  { id: 'F04', run: changedWhileSending },
  { id: 'F06', run: damagedForEver },
  { id: 'F07', run: noSpace },
  { id: 'F09', run: (world) => refusedForEver(world, 'content') },
  { id: 'F09', form: 'renamed', run: (world) => refusedForEver(world, 'name') },
  { id: 'F13', run: oneBadAmongGood },
  {
    id: 'F15',
    run: async (world) => {
      await agree(world, '');
      await world.there.write('f', 'F');
      await world.run('sync', '--prepare-only', '--json');
      expect((await world.json<TaskView[]>('queue')).map(({ kind, path }) => `${kind} ${path}`)).toEqual([
        'local.download f',
      ]);
      await world.there.remove('f');
      expectClean(await world.pass());
      await expectTree(world, '');
      expect(await world.json<TaskView[]>('queue')).toEqual([]);
      await expectQuiet(world);
    },
  },
  { id: 'F16', form: '429', run: throttled },
  {
    id: 'F16',
    form: '503',
    run: async (world) => {
      await agree(world, 'old');
      const names = Array.from({ length: 12 }, (_, index) => `f${index}`);
      for (const name of names) await world.here.write(name, name);
      await world.there.write('down', 'down');
      await setFaults(world, { status5xx: { every: 3, status: 503 } });
      const outcome = await world.pass();
      await setFaults(world, { status5xx: null });
      expectClean(outcome);
      const written = outcome.writes.flatMap((one) => (one.op === 'file' ? [one.name] : []));
      expect(written.toSorted()).toEqual(names.toSorted());
      await expectTree(world, `old down ${names.join(' ')}`);
      await expectQuiet(world);
    },
  },
];
