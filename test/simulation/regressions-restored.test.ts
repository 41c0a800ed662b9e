import { describe, expect, test } from 'vitest';
import { freeBytes } from '../../src-main/keeping/cleaner.ts';
import { ROOTS, type EngineWorld } from '../support/engine-world.ts';
import { agreed, lost, settled, there } from './stories.ts';

// What runs of the simulation have found, each as the shortest story that shows it: databases restored from a backup.

describe('a restored database', () => {
  const ids = (world: EngineWorld) => world.cloud.entries(ROOTS[0]).map(({ path, id, rev }) => [path, id, rev]);

  /** What both sides have before and after a restore of a backup that was made before `since`. */
  async function restored(world: EngineWorld, since: () => Promise<void>) {
    const computer = world.computers[0]!;
    const rows = world.backUpDatabase(computer);
    await since();
    const before = { tree: await settled(world), ids: ids(world) };
    world.restoreDatabase(computer, rows);
    return { before, after: { tree: await settled(world), ids: ids(world) } };
  }

  test('knows a document that was edited since and moved into a new folder (seed 5301843)', async () => {
    const world = await agreed({ a: 'old', other: 'x' });
    const { before, after } = await restored(world, async () => {
      world.cloud.write(there('a'), 'new');
      await settled(world);
      world.here.person.mkdir('d');
      world.here.person.rename('a', 'd/x');
    });
    expect(after).toEqual(before);
  });

  test('tells a document from its earlier version in a new folder, which has its file (seed 5301843)', async () => {
    const world = await agreed({ a: 'old', other: 'x' });
    const { before, after } = await restored(world, async () => {
      world.cloud.write(there('a'), 'new');
      await settled(world);
      const [kept] = await world.here.trashed();
      world.here.person.mkdir('d');
      await world.here.restore(kept!.trashKey, '' as never, 'd/x' as never);
    });
    expect(after).toEqual(before);
  });

  test('keeps a document beside its earlier version, which has its file and was not sent yet (seed 7901355)', async () => {
    const world = await agreed({ a: 'old', other: 'x' });
    const rows = world.backUpDatabase(world.computers[0]!);
    world.cloud.write(there('a'), 'new');
    await settled(world);
    const [kept] = await world.here.trashed();
    await world.here.restore(kept!.trashKey, '' as never, 'b' as never);
    world.restoreDatabase(world.computers[0]!, rows);
    expect(await settled(world)).toEqual({ a: 'new', b: 'old', other: 'x' });
  });

  test('takes no other document for an edit of one that was freed and moved since (seed 7900166)', async () => {
    const world = await agreed({ a: 'freed', other: 'x' });
    const { store, parts, disk, clients } = world.computers[0]!;
    const rows = world.backUpDatabase(world.computers[0]!);
    store.keeping.setKeep(store.entries.entryAt('a' as never)!, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    world.cloud.move(there('a'), there('b'));
    world.here.person.write('b', 'another');
    world.restoreDatabase(world.computers[0]!, rows);
    expect(Object.values(await settled(world))).toEqual(['another', 'freed', 'x']);
  });

  test('knows a document that was sent anew under another name, beside a new one of its former name (seed 5300809)', async () => {
    const world = await agreed({ a: 'one', other: 'x' });
    const { before, after } = await restored(world, async () => {
      world.cloud.remove(there('a'));
      world.here.person.rename('a', 'b');
      await settled(world);
      world.here.person.write('a', 'two');
    });
    expect(before.tree).toEqual({ a: 'two', b: 'one', other: 'x' });
    expect(after).toEqual(before);
  });

  test('knows a document that was edited and moved in Dropbox, beside a new one of its former name (seed 5300809)', async () => {
    const world = await agreed({ a: 'old', other: 'x' });
    world.here.person.rename('a', 'c');
    await world.computers[0]!.parts.observer.observe('everything');
    const { before, after } = await restored(world, async () => {
      world.here.person.remove('c');
      world.cloud.write(there('a'), 'new');
      world.cloud.move(there('a'), there('b'));
      await settled(world);
      world.here.person.write('a', 'another');
    });
    expect(before.tree).toEqual({ a: 'another', b: 'new', other: 'x' });
    expect(after).toEqual(before);
  });

  test('knows what has taken the place of another, of which nothing is left (seed 5400673)', async () => {
    const world = await agreed({ a: 'old', n: '', other: 'x' });
    const { before, after } = await restored(world, async () => {
      world.cloud.write(there('a'), 'new');
      world.cloud.remove(there('n'));
      world.cloud.move(there('a'), there('n'));
    });
    expect(before.tree).toEqual({ n: 'new', other: 'x' });
    expect(after).toEqual(before);
  });

  test('knows a name that the disk cannot hold from the one that it has here (seed 5400673)', async () => {
    const long = `${'é'.repeat(200)}.txt`;
    const world = await agreed({ a: 'text', other: 'x' });
    const { before, after } = await restored(world, async () => {
      world.cloud.move(there('a'), there(long));
    });
    expect(before.tree).toEqual({ [long]: 'text', other: 'x' });
    expect(after).toEqual(before);
  });

  test('looks for nothing that was sent before (seed 5300500)', async () => {
    const world = await agreed({ other: 'x' });
    const { store, clients } = world.computers[0]!;
    world.here.person.write('a', 'text');
    world.cloud.before = ({ method }) => {
      if (method === 'upload') throw lost();
    };
    await world.pass();
    world.here.person.remove('a');
    await world.pass();
    world.cloud.before = null;
    expect(store.sync.interrupted(clients[0]!)).toHaveLength(1);
    world.restoreDatabase(world.computers[0]!, world.backUpDatabase(world.computers[0]!));
    expect(store.sync.interrupted(clients[0]!)).toEqual([]);
  });
});
