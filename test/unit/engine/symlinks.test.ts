// What a symbolic link keeps away is told, whatever it is called in Dropbox.

import { expect, test } from 'vitest';
import { CLIENT_NAMES, EngineWorld, ROOTS } from '../../support/engine-world.ts';

function told({ computers }: EngineWorld, client: number): string[] {
  const { store, clients } = computers[0]!;
  const tasks = store.sync.openTasks(clients[client]!);
  return tasks.flatMap(({ reason, path }) => (reason === 'symlink' ? [path] : [])).toSorted();
}

test('a document that is known here by another name', async () => {
  const world = new EngineWorld({ clients: 2 });
  for (const root of ROOTS) world.cloud.write(`${root}/Offers/f`, root);
  expect(await world.settle()).not.toBeNull();
  const own = `Offers (${CLIENT_NAMES[1]})`;
  world.here.person.remove(`${own}/f`);
  world.here.person.unusable(`${own}/f`);
  await world.pass(0, 0);
  await world.pass(0, 1);
  expect([told(world, 0), told(world, 1)]).toEqual([[], [`${own}/f`]]);
  world.here.person.remove(`${own}/f`);
  expect(await world.settle()).not.toBeNull();
  expect(told(world, 1)).toEqual([]);
});

test('a document that would get another name here', async () => {
  const world = new EngineWorld({ platforms: ['win32'], clients: 2 });
  world.cloud.write(`${ROOTS[0]}/d:/x`, 'x');
  world.cloud.write(`${ROOTS[0]}/n`, 'first');
  expect(await world.settle()).not.toBeNull();
  const there = ['d：/a：b', `n (${CLIENT_NAMES[1]})`, 'nothing'];
  for (const path of there) world.here.person.unusable(path);
  world.cloud.write(`${ROOTS[0]}/d:/a:b`, 'y');
  world.cloud.write(`${ROOTS[1]}/n`, 'second');
  await world.pass(0, 0);
  await world.pass(0, 1);
  expect([told(world, 0), told(world, 1)]).toEqual([['d：/a：b'], [`n (${CLIENT_NAMES[1]})`]]);
});
