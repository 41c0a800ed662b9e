// Scenarios of the safety nets: much deleted, a side that is gone, what is switched off, several engines.

import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  agree,
  bothTrees,
  expectBounds,
  expectClean,
  expectQuiet,
  expectSame,
  expectTree,
  type ScriptedScenario,
} from '../../support/scenario-run.ts';
import { expectedLines, parseSteps } from '../../support/scenario-tree.ts';
import { CLIENT, ROOT, ScenarioWorld, TOKEN } from '../../support/scenario-world.ts';
import { startTestEmulator } from '../../support/emulator.ts';
import type { SyncReport } from '../../../src-main/app/service.ts';
import type { StatusView, TaskView } from '../../../src-shared/views.ts';

const NINE = 'f1 f2 f3 f4 f5 f6 f7 f8 f9';
const DELETE_FIVE = 'delete f1; delete f2; delete f3; delete f4; delete f5';

async function deletionsAreHeld(world: ScenarioWorld, side: 'here' | 'there'): Promise<void> {
  await agree(world, NINE);
  await world.apply(side, parseSteps(DELETE_FIVE));
  for (let turn = 1; turn <= 2; turn++) {
    const outcome = await world.pass();
    expect(outcome.report).toMatchObject({ held: 5, deletedLocal: 0, deletedRemote: 0, failed: 0 });
    expect(outcome.code).toBe(3);
    expect(outcome.writes).toEqual([]);
  }
  const other = await world[side === 'here' ? 'there' : 'here'].tree();
  expect(world.known.lines(other)).toEqual(expectedLines(NINE));
  expect((await world.json<TaskView[]>('queue')).map(({ state }) => state)).toEqual(Array(5).fill('held'));
  expectClean(await world.pass('--yes'));
  await expectTree(world, 'f6 f7 f8 f9');
  await expectQuiet(world);
}

async function documentsAway(world: ScenarioWorld, emptyMountPoint: boolean): Promise<void> {
  await agree(world, `${NINE} d/g`);
  const before = world.known.lines(await world.there.tree());
  const elsewhere = join(world.folder, 'elsewhere');
  renameSync(world.documents, elsewhere);
  if (emptyMountPoint) mkdirSync(world.documents);
  for (const args of [[], ['--yes']]) {
    const failure = await world.failedPass(...args);
    expect(failure.code).toBe(emptyMountPoint ? 'marker-missing' : 'documents-missing');
    expect(failure.writes).toEqual([]);
  }
  expect(world.known.lines(await world.there.tree())).toEqual(before);
  if (emptyMountPoint) rmSync(world.documents, { recursive: true });
  renameSync(elsewhere, world.documents);
  const outcome = await world.pass();
  expectClean(outcome);
  expectBounds(outcome, { up: 0, down: 0, mv: 0, del: 0 });
  await expectTree(world, `${NINE} d/g`);
  await expectQuiet(world);
}

async function rootGone(world: ScenarioWorld): Promise<void> {
  await agree(world, NINE);
  await world.emulator.control('delete', { path: `/${ROOT}` });
  for (const args of [[], ['--yes']]) {
    const failure = await world.failedPass(...args);
    expect(failure.code).toBe('root-gone');
    expect(failure.writes).toEqual([]);
  }
  expect(world.known.lines(await world.here.tree())).toEqual(expectedLines(NINE));
  const { clients } = await world.json<StatusView>('status');
  expect(clients.map(({ state, reason }) => ({ state, reason }))).toEqual([
    { state: 'disconnected', reason: 'root-gone' },
  ]);
}

async function rootEmptied(world: ScenarioWorld): Promise<void> {
  await agree(world, NINE);
  for (const path of NINE.split(' ')) await world.there.remove(path);
  const outcome = await world.pass();
  expect(outcome.report).toMatchObject({ held: 9, deletedLocal: 0 });
  expect(world.known.lines(await world.here.tree())).toEqual(expectedLines(NINE));
}

/** So few that no share of them is much: only the folder's identity speaks against the deletion. */
const FEW = 'f1 f2 f3';

/** Somebody deleted the folder and made a new one of that name. */
async function rootReplaced(world: ScenarioWorld): Promise<void> {
  await agree(world, FEW);
  await world.emulator.control('delete', { path: `/${ROOT}` });
  await world.there.write('stranger', 'stranger');
  const failure = await world.failedPass();
  expect(failure.code).toBe('root-gone');
  expect(failure.writes).toEqual([]);
  expect(world.known.lines(await world.here.tree())).toEqual(expectedLines(FEW));
}

async function anotherAccount(world: ScenarioWorld, withFolder: boolean): Promise<void> {
  await agree(world, NINE);
  const other = await startTestEmulator({ token: TOKEN });
  try {
    if (withFolder) await other.control('write', { path: `/${ROOT}/stranger`, text: 'stranger' });
    const before = await other.tree();
    world.env['DOCKTIDE_DROPBOX_ORIGIN'] = other.origin;
    const ended = await world.run('sync', '--json');
    expect(ended.code).not.toBe(0);
    expect(world.known.lines(await world.here.tree())).toEqual(expectedLines(NINE));
    expect(await other.tree(), 'nothing is sent to another account').toEqual(before);
  } finally {
    await other.close();
  }
  world.env['DOCKTIDE_DROPBOX_ORIGIN'] = world.emulator.origin;
  expectClean(await world.pass());
  await expectTree(world, NINE);
  await expectQuiet(world);
}

async function excludedLater(world: ScenarioWorld): Promise<void> {
  await agree(world, 'a.txt b.tmp');
  await world.here.write('.docktideignore', '*.tmp\n');
  await world.pass();
  await world.here.write('b.tmp', 'edited');
  const outcome = await world.pass();
  expectClean(outcome);
  expectBounds(outcome, { up: 0, down: 0, mv: 0, del: 0 });
  expect(await world.there.read('b.tmp'), 'excluded: not sent').toBe('b.tmp');
  expect(world.here.read('b.tmp'), 'and not brought back').toBe('edited');
  await world.here.write('b.tmp', 'b.tmp');
  await world.here.remove('.docktideignore');
  const included = await world.pass();
  expectClean(included);
  expectBounds(included, { up: 0, down: 0 });
  await expectTree(world, 'a.txt b.tmp');
  await expectQuiet(world);
}

/** A folder whose client is paused is switched off; the other client goes on. */
async function switchedOff(world: ScenarioWorld): Promise<void> {
  const other = 'Archive root';
  await world.settle(async (service) => {
    service.addClient('Archive', other, { kind: 'access-token', token: TOKEN });
    await service.addFolder('A', 'Archive');
    await service.addFolder('B', CLIENT);
    await world.here.write('A/f', 'A');
    await world.here.write('B/g', 'B');
  });
  const remote = async () =>
    (await world.emulator.tree()).filter(({ kind }) => kind === 'file').map(({ path }) => path);
  expect(await remote()).toEqual([`/${other}/A/f`, `/${ROOT}/B/g`]);
  await world.json('client', 'pause', 'Archive');
  await world.here.write('A/f', 'L');
  await world.here.write('B/g', 'G');
  const outcome = await world.pass();
  expectClean(outcome);
  expectBounds(outcome, { up: 1, down: 0, mv: 0, del: 0 });
  expect((await world.emulator.content(`/${other}/A/f`)).toString()).toBe('A');
  expect(world.here.read('A/f')).toBe('L');
  expect(await remote()).toEqual([`/${other}/A/f`, `/${ROOT}/B/g`]);
  await expectQuiet(world);
  await world.json('client', 'resume', 'Archive');
  expectClean(await world.pass());
  expect((await world.emulator.content(`/${other}/A/f`)).toString()).toBe('L');
}

async function twoProcesses(world: ScenarioWorld): Promise<void> {
  await agree(world, '');
  const files = Array.from({ length: 30 }, (_, index) => `d/f${index}`);
  for (const path of files) await world.here.write(path, path);
  // Slow enough for the two to meet.
  await world.emulator.control('faults', { latencyMs: 150 });
  world.forgetSeen();
  const both = await Promise.all([world.run('sync', '--json'), world.run('sync', '--json')]);
  await world.emulator.control('faults', { latencyMs: 0 });
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  const reports = both.map(({ stdout }) => JSON.parse(stdout) as SyncReport);
  expect(reports.map(({ uploaded }) => uploaded).toSorted((a, b) => a - b)).toEqual([0, 30]);
  const written = world.seen().writes.flatMap((one) => (one.op === 'file' ? [`d/${one.name}`] : []));
  expect(written.toSorted()).toEqual(files.toSorted());
  await expectTree(world, files.join(' '));
  await expectQuiet(world);
}

async function twoComputers(world: ScenarioWorld): Promise<void> {
  await agree(world, 'base');
  const other = await ScenarioWorld.open({ emulator: world.emulator });
  try {
    await other.settle();
    const common = Array.from({ length: 10 }, (_, index) => `same/c${index}`);
    for (const path of common) {
      await world.here.write(path, path);
      await other.here.write(path, path);
    }
    await world.here.write('one/a', 'one/a');
    await other.here.write('two/b', 'two/b');
    world.forgetSeen();
    const both = [world.launch('sync', '--json'), other.launch('sync', '--json')];
    await Promise.all(both.map(({ ended }) => ended));
    const written = world.seen().writes.flatMap((one) => (one.op === 'file' ? [one.name] : []));
    expect(written.toSorted(), 'no file is written twice').toEqual([...new Set(written)].toSorted());
    for (const turn of [world, other, world, other]) await turn.pass();
    const tree = `base one/a two/b ${common.join(' ')}`;
    for (const { known } of [world, other]) for (const text of tree.split(' ')) known.learn(text);
    await expectTree(world, tree);
    await expectTree(other, tree);
    await expectQuiet(world);
    await expectQuiet(other);
  } finally {
    await other.close();
  }
}

async function rootComesBack(world: ScenarioWorld): Promise<void> {
  await agree(world, NINE);
  await world.emulator.control('move', { from: `/${ROOT}`, to: '/Elsewhere' });
  const before = await bothTrees(world);
  expect((await world.failedPass()).code).toBe('root-gone');
  expect(await bothTrees(world)).toEqual(before);
  await world.emulator.control('move', { from: '/Elsewhere', to: `/${ROOT}` });
  const outcome = await world.pass();
  expectClean(outcome);
  expectBounds(outcome, { up: 0, down: 0, mv: 0, del: 0 });
  await expectTree(world, NINE);
  await expectQuiet(world);
  await expectSame(world);
}

export const SAFETY_SCRIPTS: readonly ScriptedScenario[] = [
  { id: 'S01', run: (world) => deletionsAreHeld(world, 'here') },
  { id: 'S02', run: (world) => deletionsAreHeld(world, 'there') },
  { id: 'S04', form: 'moved away', run: (world) => documentsAway(world, false) },
  { id: 'S04', form: 'empty mount point', run: (world) => documentsAway(world, true) },
  { id: 'S05', form: 'folder deleted', run: rootGone },
  { id: 'S05', form: 'folder moved away and back', run: rootComesBack },
  { id: 'S05', form: 'folder emptied', run: rootEmptied },
  { id: 'S05', form: 'another folder in its place', run: rootReplaced },
  { id: 'S05', form: 'another account', run: (world) => anotherAccount(world, false) },
  { id: 'S05', form: 'another account with a folder of that name', run: (world) => anotherAccount(world, true) },
  { id: 'S07', run: excludedLater },
  { id: 'S08', run: switchedOff },
  { id: 'S10', form: 'one data folder', run: twoProcesses },
  { id: 'S10', form: 'two computers', run: twoComputers },
];
