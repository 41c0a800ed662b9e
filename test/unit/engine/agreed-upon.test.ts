// What both sides have already is planned once: there is nothing to find out by another plan, unless somebody has changed
// something meanwhile.

import { expect, test } from 'vitest';
import { runPass } from '../../../src-main/engine/pass.ts';
import { EngineWorld } from '../../support/engine-world.ts';

function worldOfBoth(): EngineWorld {
  const world = new EngineWorld();
  for (let index = 0; index < 10; index++) {
    world.here.person.write(`Offers/${index}.txt`, `text ${index}`);
    world.cloud.write(`ERP Documents/Offers/${index}.txt`, `text ${index}`);
  }
  return world;
}

/** Plans that the pass has made; `between` happens in the middle of it, between two transactions. */
async function plansOf(world: EngineWorld, between: () => void = () => {}): Promise<number> {
  const { parts, clients } = world.computers[0]!;
  let plans = 0;
  let turns = 0;
  const { adopted, uploaded } = await runPass(
    { ...parts, turn: async () => void (plans === 1 && ++turns === 2 && between()) },
    clients[0]!,
    { report: ({ kind }) => void (kind === 'planned' && plans++) },
  );
  expect([adopted, uploaded]).toEqual([11, 0]);
  return plans;
}

test('what both sides have is agreed upon with one plan, and nothing is left to do', async () => {
  const world = worldOfBoth();
  expect(await plansOf(world)).toBe(1);
  const { requests, ...rest } = await world.pass();
  expect([requests, rest.adopted]).toEqual([1, 0]);
});

test('a row that changes meanwhile is planned', async () => {
  const world = worldOfBoth();
  const { store } = world.computers[0]!;
  const plans = await plansOf(world, () => {
    const folder = store.entries.at(null, 'Offers')!;
    const file = store.entries.at(folder.id, '0.txt')!;
    store.entries.setFrozen(file.id, true);
  });
  expect(plans).toBe(2);
});
