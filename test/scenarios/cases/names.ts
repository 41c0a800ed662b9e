// Scenarios of names: case, Unicode forms, odd characters, names that Dropbox or a text cannot hold, names never synced.

import { renameSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import {
  agree,
  expectBounds,
  expectClean,
  expectQuiet,
  expectSame,
  expectTree,
  type ScriptedScenario,
} from '../../support/scenario-run.ts';
import type { ScenarioWorld } from '../../support/scenario-world.ts';
import type { LogView, TaskView } from '../../../src-shared/views.ts';

/** Allowed by Dropbox and by disks here. */
const ODD_NAMES = [
  'two words',
  ' led by a blank',
  'tab\there',
  'line\nhere',
  '😀.txt',
  `it's "so"`,
  '100%41',
  '#1',
  'a&b',
];
const REFUSED_NAMES = ['blank at the end ', 'dot at the end.'];

async function oddNamesHere(world: ScenarioWorld): Promise<void> {
  await agree(world, '');
  for (const name of [...ODD_NAMES, ...REFUSED_NAMES]) await world.here.write(name, name);
  const outcome = await world.pass();
  expect([...(await world.there.tree()).keys()].toSorted()).toEqual(ODD_NAMES.toSorted());
  expect(outcome.report.uploaded).toBe(ODD_NAMES.length);
  await expectReported(world, outcome.code, REFUSED_NAMES);
  for (const name of REFUSED_NAMES) await world.here.move(name, `${name}x`);
  expectClean(await world.pass());
  await expectSame(world);
  expect((await world.there.tree()).size).toBe(ODD_NAMES.length + REFUSED_NAMES.length);
  expect(await world.json<TaskView[]>('queue')).toEqual([]);
  await expectQuiet(world);
}

/** The items that wait for a person, with the reason; nothing else does, and asking again changes nothing. */
async function expectReported(world: ScenarioWorld, code: number | null, paths: readonly string[]): Promise<void> {
  expect(code).toBe(3);
  const queue = await world.json<TaskView[]>('queue');
  expect(queue.map(({ path, state }) => `${path}: ${state}`).toSorted()).toEqual(
    paths.map((path) => `${path}: failed`).toSorted(),
  );
  for (const task of queue) expect(task.error).toContain(task.path);
  const again = await world.pass();
  expect(again.writes).toEqual([]);
  expect(again.report.failed).toBe(paths.length);
  expect(again.requests).toBeLessThanOrEqual(1);
}

async function notUtf8(world: ScenarioWorld): Promise<void> {
  await agree(world, 'ok');
  const raw = Buffer.concat([Buffer.from(`${world.documents}/`), Buffer.from([0x66, 0xff, 0x2e, 0x74])]);
  world.known.learn('bytes');
  writeFileSync(raw, 'bytes');
  await world.here.write('more', 'more');
  const outcome = await world.pass();
  expect(outcome.report).toMatchObject({ uploaded: 1, failed: 1 });
  expect(outcome.code).toBe(3);
  expect((await world.json<TaskView[]>('queue')).map(({ state }) => state)).toEqual(['failed']);
  expect([...(await world.there.tree()).keys()].toSorted()).toEqual(['more', 'ok']);
  renameSync(raw, world.here.at('healed'));
  expectClean(await world.pass());
  await expectTree(world, 'ok more healed=bytes');
  await expectQuiet(world);
}

async function neverSynced(world: ScenarioWorld): Promise<void> {
  await agree(world, 'ok');
  const names = ['desktop.ini', '~$offer.docx', '.dropbox', '.DS_Store', '.~lock.offer.odt#'];
  for (const name of names) await world.here.write(name, name);
  const outcome = await world.pass();
  expectClean(outcome);
  expectBounds(outcome, { up: 0, down: 0, mv: 0, del: 0 });
  expect([...(await world.there.tree()).keys()]).toEqual(['ok']);
  expect([...(await world.here.tree()).keys()].toSorted()).toEqual([...names, 'ok'].toSorted());
  await expectQuiet(world);
  const told = (await world.json<LogView[]>('log'))
    .filter(({ kind }) => kind === 'ignored')
    .map(({ path }) => path ?? '');
  expect(told.toSorted(), 'told once each').toEqual(names.toSorted());
}

/** No delta tells a change of case alone: it is found when folders are compared with Dropbox, or all is listed anew. */
async function caseChangedThere(world: ScenarioWorld, found: 'compared' | 'listed anew'): Promise<void> {
  await agree(world, 'folder/f');
  await world.there.move('folder', 'FOLDER');
  if (found === 'listed anew') await world.emulator.control('faults', { cursorReset: true });
  const outcome = await world.pass(...(found === 'compared' ? ['--full'] : []));
  expectClean(outcome);
  expectBounds(outcome, { up: 0, down: 0, mv: 0, del: 0 });
  await expectTree(world, 'FOLDER/f=folder/f');
  await expectQuiet(world);
}

export const NAME_SCRIPTS: readonly ScriptedScenario[] = [
  {
    id: 'U01',
    run: async (world) => {
      await agree(world, 'folder/f');
      const id = await world.there.idOf('folder');
      await world.here.move('folder', 'FOLDER');
      const outcome = await world.pass();
      expectClean(outcome);
      // Dropbox takes no move that changes only the case: two, through another name.
      expectBounds(outcome, { mv: 2, up: 0, del: 0 });
      expect(outcome.report.moved).toBe(1);
      await expectTree(world, 'FOLDER/f=folder/f');
      expect(await world.there.idOf('FOLDER')).toBe(id);
      await expectQuiet(world);
    },
  },
  { id: 'U02', run: (world) => caseChangedThere(world, 'compared') },
  { id: 'U02', form: 'after a reset of the cursor', run: (world) => caseChangedThere(world, 'listed anew') },
  {
    id: 'U05',
    run: async (world) => {
      await agree(world, '');
      const name = 'fo\u0308lder';
      await world.here.write(name, 'A');
      const outcome = await world.pass();
      expectClean(outcome);
      expectBounds(outcome, { up: 1, down: 0, mv: 0, del: 0 });
      const nfc = async (side: 'here' | 'there') =>
        [...(await world[side].tree()).keys()].map((key) => key.normalize());
      expect(await nfc('there')).toEqual(['f\u00f6lder']);
      expect(await nfc('here')).toEqual(['f\u00f6lder']);
      await expectQuiet(world);
      // Somebody writes the file under the other form: it is the same file.
      await world.there.write('f\u00f6lder', 'B');
      expectClean(await world.pass());
      expect(await nfc('here')).toEqual(['f\u00f6lder']);
      expect(world.here.read(name), 'under its own spelling').toBe('B');
      await expectQuiet(world);
    },
  },
  { id: 'U07', run: oddNamesHere },
  {
    id: 'U07',
    form: 'in Dropbox',
    run: async (world) => {
      await agree(world, '');
      const names = [...ODD_NAMES, ...REFUSED_NAMES];
      for (const name of names) await world.there.write(name, name);
      expectClean(await world.pass());
      expect([...(await world.here.tree()).keys()].toSorted()).toEqual(names.toSorted());
      await expectSame(world);
      await expectQuiet(world);
    },
  },
  {
    id: 'U08',
    run: async (world) => {
      await agree(world, '');
      await world.here.write('a\\b.txt', 'A');
      await world.here.write('ok.txt', 'B');
      const outcome = await world.pass();
      expect(outcome.report.uploaded).toBe(1);
      await expectReported(world, outcome.code, ['a\\b.txt']);
      await world.here.move('a\\b.txt', 'a-b.txt');
      expectClean(await world.pass());
      await expectTree(world, 'a-b.txt=A ok.txt=B');
      expect(await world.json<TaskView[]>('queue')).toEqual([]);
      await expectQuiet(world);
    },
  },
  { id: 'U10', run: notUtf8 },
  { id: 'U11', run: neverSynced },
];
