// Scenarios of moves that look at identities, at many files, or at every state in between.

import { renameSync } from 'node:fs';
import { expect } from 'vitest';
import {
  agree,
  expectBounds,
  expectClean,
  expectQuiet,
  expectTree,
  kindsOf,
  type ScriptedScenario,
} from '../../support/scenario-run.ts';
import { parseSteps } from '../../support/scenario-tree.ts';
import { ROOT, type ScenarioWorld } from '../../support/scenario-world.ts';
import { descend } from '../../dropbox-emulator/tree.ts';

async function nameTooLongForTheDisk(world: ScenarioWorld): Promise<void> {
  await agree(world, 'A/1');
  const long = `${'é'.repeat(200)}.txt`;
  await world.there.move('A/1', `A/${long}`);
  const outcome = await world.pass();
  expectClean(outcome);
  expectBounds(outcome, { up: 0, down: 0, mv: 0, del: 0 });
  const [name = ''] = [...(await world.here.tree()).keys()].filter((path) => path.startsWith('A/'));
  expect(name).toMatch(/^A\/éé.*\.txt$/);
  expect(world.here.read(name)).toBe('A/1');
  expect([...(await world.there.tree()).keys()]).toEqual(['A', `A/${long}`]);
  await expectQuiet(world);
  // The name here stands for the name there: an edit finds its way back.
  await world.here.write(name, 'A/1 edited');
  expectClean(await world.pass());
  expect(await world.there.read(`A/${long}`)).toBe('A/1 edited');
  expect((await world.there.tree()).size).toBe(2);
  await expectQuiet(world);
}

async function swapNames(world: ScenarioWorld): Promise<void> {
  const others = Array.from({ length: 998 }, (_, index) => `d/f${index}`).join(' ');
  await agree(world, `d/a=A d/b=B ${others}`);
  const { tree } = world.emulator.state;
  let bothAbsent = 0;
  const told = tree.applied;
  tree.applied = (operation) => {
    told(operation);
    const there = (name: string) => descend(tree.root, [ROOT, 'd', name]) !== null;
    if (!there('a') && !there('b')) bothAbsent++;
  };
  for (const [a, b] of [
    ['B', 'A'],
    ['A', 'B'],
  ]) {
    renameSync(world.here.at('d/a'), world.here.at('d/t'));
    renameSync(world.here.at('d/b'), world.here.at('d/a'));
    renameSync(world.here.at('d/t'), world.here.at('d/b'));
    const outcome = await world.pass();
    expectClean(outcome);
    expectBounds(outcome, { up: 0, down: 0, del: 0, mv: 3 });
    await expectTree(world, `d/a=${a} d/b=${b} ${others}`);
  }
  expect(bothAbsent).toBe(0);
  await expectQuiet(world);
}

export const MOVE_SCRIPTS: readonly ScriptedScenario[] = [
  {
    id: 'M05',
    run: async (world) => {
      await agree(world, 'y=A');
      const old = await world.there.idOf('y');
      await world.apply('here', parseSteps('delete y; write x=B'));
      const outcome = await world.pass();
      expectClean(outcome);
      expect(kindsOf(outcome).toSorted()).toEqual(['file', 'remove']);
      await expectTree(world, 'x=B');
      expect(await world.there.idOf('x')).not.toBe(old);
      await expectQuiet(world);
    },
  },
  { id: 'M23', run: nameTooLongForTheDisk },
  { id: 'M29', run: swapNames },
  {
    id: 'M32',
    run: async (world) => {
      await agree(world, 'doc=A');
      const id = await world.there.idOf('doc');
      await world.apply('here', parseSteps('write tmp=B; move doc -> bak; move tmp -> doc; delete bak'));
      const outcome = await world.pass();
      expectClean(outcome);
      expect(outcome.writes.map((one) => ('name' in one ? `${one.op} ${one.name}` : one.op))).toEqual(['file doc']);
      await expectTree(world, 'doc=B');
      expect(await world.there.idOf('doc')).toBe(id);
      await expectQuiet(world);
    },
  },
];
