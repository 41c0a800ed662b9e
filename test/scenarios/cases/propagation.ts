// Scenarios of plain propagation that take more than one pass or look at more than trees.

import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'vitest';
import { DATABASE_NAME } from '../../../src-main/store/open-store.ts';
import {
  agree,
  bothTrees,
  expectBounds,
  expectClean,
  expectQuiet,
  expectSame,
  expectTree,
  kindsOf,
  type ScriptedScenario,
} from '../../support/scenario-run.ts';
import { parseSteps, stepsFor } from '../../support/scenario-tree.ts';
import { CLIENT, until, type ScenarioWorld } from '../../support/scenario-world.ts';
import type { PlanView } from '../../../src-main/app/service.ts';
import type { EntryView, TaskView } from '../../../src-shared/views.ts';

const FIRST_TREE = 'a/b/c/f a/b/g a/h a/i/j/k/';
const SECOND_TREE = 'x/y/z/f x/y/g';

async function buildAndRemove(world: ScenarioWorld, side: 'here' | 'there'): Promise<void> {
  await world.settle();
  await world.apply(side, stepsFor(FIRST_TREE));
  const first = await world.pass();
  expectClean(first);
  await expectTree(world, FIRST_TREE);
  if (side === 'here') expectFoldersFirst(kindsOf(first), 6);
  await world.apply(side, stepsFor(SECOND_TREE));
  const second = await world.pass();
  expectClean(second);
  await expectTree(world, `${FIRST_TREE} ${SECOND_TREE}`);
  if (side === 'here') expectFoldersFirst(kindsOf(second), 3);
  await world.apply(side, parseSteps('delete a; delete x'));
  const removed = await world.pass('--yes');
  expectClean(removed);
  await expectTree(world, '');
  if (side === 'here') expect(kindsOf(removed), 'a folder goes with all it holds').toEqual(['remove', 'remove']);
  await expectQuiet(world);
}

function expectFoldersFirst(kinds: readonly string[], folders: number): void {
  expect(kinds.slice(0, folders)).toEqual(Array.from({ length: folders }, () => 'folder'));
  expect(kinds.slice(folders)).not.toContain('folder');
}

async function previewTellsThePass(world: ScenarioWorld): Promise<void> {
  await agree(world, '1=A 2=B x=X d/k=K');
  await world.apply('here', parseSteps('write 2=L; write 11=M; move x -> y'));
  await world.apply('there', parseSteps('write 1=R; write 10=S; delete d/k'));
  const known = new Set((await world.json<TaskView[]>('queue', '--all')).map(({ id }) => id));
  const before = { rows: databaseRows(world), trees: await bothTrees(world) };
  world.forgetSeen();
  const [plan] = await world.json<PlanView[]>('plan');
  expect(world.seen().writes).toEqual([]);
  expect({ rows: databaseRows(world), trees: await bothTrees(world) }).toEqual(before);
  expectClean(await world.pass());
  const done = (await world.json<TaskView[]>('queue', '--all')).filter(({ id }) => !known.has(id));
  const told = (one: Pick<TaskView, 'kind' | 'direction' | 'path' | 'from'>) =>
    `${one.direction} ${one.kind} ${one.path} ${one.from ?? ''}`;
  expect(done.map(({ state }) => state)).toEqual(done.map(() => 'done'));
  expect(plan?.operations.map(told).toSorted()).toEqual(done.map(told).toSorted());
  await expectTree(world, '1=R 2=L 10=S 11=M y=X d/');
  await expectQuiet(world);
}

function databaseRows(world: ScenarioWorld): Readonly<Record<string, unknown>> {
  const database = new Database(join(world.data, DATABASE_NAME), { readonly: true });
  try {
    const tables = database
      .prepare<[], { name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
      .all();
    return Object.fromEntries(tables.map(({ name }) => [name, database.prepare(`SELECT * FROM "${name}"`).all()]));
  } finally {
    database.close();
  }
}

async function recordsOfOneName(world: ScenarioWorld): Promise<void> {
  await world.settle(async (service) => {
    service.addType('sale.order', 'Quotations');
    await service.addRecord('sale.order', 'SO001', 'Miller', {});
    await service.addRecord('sale.order', 'SO002', 'Miller', {});
    await service.addRule('sale.order', CLIENT, {});
  });
  const folders = async () =>
    Object.fromEntries(
      (await world.json<EntryView[]>('ls')).filter((one) => one.role === 'record').map((one) => [one.record, one.path]),
    );
  const first = await folders();
  expect(new Set(Object.values(first)).size).toBe(2);
  for (const ref of ['SO001', 'SO002']) {
    const file = join(world.folder, 'offer.txt');
    world.known.learn(`offer of ${ref}`);
    writeFileSync(file, `offer of ${ref}`);
    await world.json('attach', file, '--record', `sale.order/${ref}`);
  }
  expectClean(await world.pass());
  for (const ref of ['SO001', 'SO002']) {
    expect(await world.there.read(`${first[`sale.order/${ref}`]}/offer.txt`)).toBe(`offer of ${ref}`);
  }
  await expectQuiet(world);
  await expectSame(world);
  expect(await folders()).toEqual(first);
}

async function checkBesideWatcher(world: ScenarioWorld): Promise<void> {
  await agree(world, 'f=A');
  const watch = world.launch('watch', '--quiet');
  await until('the watch listens', () => world.seen().byEndpoint['files/list_folder/longpoll'] !== undefined);
  world.forgetSeen();
  await world.here.write('f', 'L');
  await world.run('sync', '--json');
  // Whatever the watch had heard of f is dealt with before what comes after it.
  await world.here.write('g', 'G');
  await until('the watch has brought g', async () => (await world.there.tree()).has('g'));
  watch.child.kill('SIGTERM');
  expect((await watch.ended).code).toBe(0);
  const written = world.seen().writes.flatMap((one) => (one.op === 'file' ? [one.name] : []));
  expect(written.toSorted()).toEqual(['f', 'g']);
  await expectTree(world, 'f=L g=G');
  await expectQuiet(world);
}

export const PROPAGATION_SCRIPTS: readonly ScriptedScenario[] = [
  { id: 'A07', run: (world) => buildAndRemove(world, 'here') },
  { id: 'A08', run: (world) => buildAndRemove(world, 'there') },
  {
    id: 'A10',
    run: async (world) => {
      await agree(world, '');
      await world.emulator.control('faults', { reorderPages: true, pageSize: 1 });
      await world.apply('there', parseSteps('write d/s/f=F'));
      const outcome = await world.pass();
      expectClean(outcome);
      expectBounds(outcome, { up: 0, down: 1 });
      await expectTree(world, 'd/s/f=F');
      await expectQuiet(world);
    },
  },
  {
    id: 'A11',
    run: async (world) => {
      await agree(world, '');
      world.known.learn('F');
      const clientModified = '2020-01-02T03:04:05Z';
      await world.emulator.control('write', { path: world.there.at('f'), text: 'F', clientModified });
      const outcome = await world.pass();
      expectClean(outcome);
      expectBounds(outcome, { up: 0, down: 1 });
      await expectTree(world, 'f=F');
      expect(Math.abs(statSync(world.here.at('f')).mtimeMs - Date.parse(clientModified))).toBeLessThanOrEqual(1000);
      await expectQuiet(world);
    },
  },
  {
    id: 'A13',
    run: async (world) => {
      await agree(world, 'f=AAAA');
      const { atime, mtime } = statSync(world.here.at('f'));
      await world.here.write('f', 'BBBB');
      utimesSync(world.here.at('f'), atime, mtime);
      const outcome = await world.pass();
      expectClean(outcome);
      expectBounds(outcome, { up: 1, down: 0 });
      await expectTree(world, 'f=BBBB');
      await expectQuiet(world);
    },
  },
  { id: 'A17', run: previewTellsThePass },
  { id: 'A19', run: recordsOfOneName },
  { id: 'A20', run: checkBesideWatcher },
];
