import { expect, test } from 'vitest';
import { freeBytes } from '../../../src-main/keeping/cleaner.ts';
import { EngineWorld } from '../../support/engine-world.ts';

/** Documents of `P` without bytes here; the folder is moved here, and one of them was deleted in Dropbox. */
async function movedWhileDeleted(): Promise<EngineWorld> {
  const world = new EngineWorld();
  const { disk, store, parts, clients } = world.computers[0]!;
  for (const name of ['a', 'b']) disk.person.write(`P/s/${name}`, name);
  await world.settle();
  store.keeping.setKeep(store.entries.at(null, 'P')!.id, { kind: 'links' });
  await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
  expect(disk.texts()).toEqual({ P: null, 'P/s': null });
  disk.person.rename('P', 'Q');
  world.cloud.remove(world.pathThere(0, 'P/s/a'));
  return world;
}

test('a freed document that was deleted in Dropbox comes back at the place it was moved to, and its former folder does not', async () => {
  const world = await movedWhileDeleted();
  await world.settle();
  expect(world.cloud.tree(world.pathThere(0, ''))).toEqual({ Q: null, 'Q/s': null, 'Q/s/a': 'a', 'Q/s/b': 'b' });
  expect(world.here.texts()).toEqual({ Q: null, 'Q/s': null });
});

test('what somebody puts into the former folder on the way stays', async () => {
  const world = await movedWhileDeleted();
  const { parts, clients, store } = world.computers[0]!;
  const cloud = parts.cloud(store.sync.client(clients[0]!)!);
  const restore = cloud.restore.bind(cloud);
  cloud.restore = async (path, rev) => {
    const entry = await restore(path, rev);
    if (path === 'P/s/a') world.cloud.write(world.pathThere(0, 'P/new'), 'N');
    return entry;
  };
  await world.settle();
  expect(world.cloud.tree(world.pathThere(0, ''))).toMatchObject({ 'P/new': 'N', 'Q/s/a': 'a', 'Q/s/b': 'b' });
  expect(world.here.texts()).toMatchObject({ 'P/new': 'N' });
});
