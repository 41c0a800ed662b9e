import { describe, expect, test } from 'vitest';
import { Fault } from '../../src-main/engine/ports.ts';
import { freeBytes } from '../../src-main/keeping/cleaner.ts';
import { EngineWorld, ROOTS } from '../support/engine-world.ts';

// What runs of the simulation have found, each as the shortest story that shows it: several clients.

/** A document without bytes here, moved from a folder of the second client to one of the first. */
async function linkOnItsWay(): Promise<EngineWorld> {
  const world = new EngineWorld({ clients: 2 });
  const computer = world.computers[0]!;
  world.assignOwnFolders(computer);
  world.here.person.write('Stock/d/f', 'x');
  expect(await world.settle()).not.toBeNull();
  const { store, parts, disk, clients } = computer;
  store.keeping.setKeep(store.entries.entryAt('Stock/d' as never)!, { kind: 'links' });
  await freeBytes({ store, engine: parts, disk }, clients[1]!, { dryRun: false });
  world.here.person.rename('Stock/d', 'Sales/d');
  return world;
}

describe('two clients', () => {
  test('a folder deleted in one Dropbox stays for what another client has in it', async () => {
    const world = new EngineWorld({ clients: 2 });
    world.cloud.write(`${ROOTS[0]}/d/f`, 'x');
    world.cloud.write(`${ROOTS[0]}/d/g/h`, 'y');
    expect(await world.settle()).not.toBeNull();
    const { store, clients } = world.computers[0]!;
    store.entries.assign(store.entries.entryAt('d/g' as never)!, clients[1]!);
    expect(await world.settle()).not.toBeNull();
    world.cloud.remove(`${ROOTS[0]}/d`);
    expect(await world.settle()).not.toBeNull();
    expect(world.here.texts()).toEqual({ d: null, 'd/g': null, 'd/g/h': 'y' });
    expect([world.cloud.tree(ROOTS[0]), world.cloud.tree(ROOTS[1])]).toEqual([
      { d: null },
      { d: null, 'd/g': null, 'd/g/h': 'y' },
    ]);
  });

  test('a document of the top that a person puts into a folder of another client goes to that one', async () => {
    const world = new EngineWorld({ clients: 2 });
    world.assignOwnFolders(world.computers[0]!);
    world.cloud.write(`${ROOTS[0]}/Stock/x`, 'x');
    world.cloud.write(`${ROOTS[0]}/a`, 'a');
    expect(await world.settle()).not.toBeNull();
    expect(world.here.texts()).toEqual({
      Sales: null,
      Stock: null,
      'Stock (main)': null,
      'Stock (main)/x': 'x',
      a: 'a',
    });
    world.here.person.rename('a', 'Stock/b');
    expect(await world.settle()).not.toBeNull();
    expect(world.here.texts()).toEqual({
      Sales: null,
      Stock: null,
      'Stock (main)': null,
      'Stock (main)/x': 'x',
      'Stock/b': 'a',
    });
    expect([world.cloud.tree(ROOTS[0]), world.cloud.tree(ROOTS[1])]).toEqual([
      { Sales: null, Stock: null, 'Stock/x': 'x' },
      { Stock: null, 'Stock/b': 'a' },
    ]);
  });

  test('so does a folder, while a name beside it is that of its former client (seed 7060655)', async () => {
    const world = new EngineWorld({ clients: 2 });
    world.assignOwnFolders(world.computers[0]!);
    world.cloud.write(`${ROOTS[0]}/Stock/x`, 'x');
    world.cloud.write(`${ROOTS[0]}/Quote/q`, 'q');
    expect(await world.settle()).not.toBeNull();
    world.here.person.rename('Quote', 'Stock/é');
    expect(await world.settle()).not.toBeNull();
    expect(world.here.person.read('Stock/é/q')).toBe('q');
    expect([world.cloud.tree(ROOTS[0]), world.cloud.tree(ROOTS[1])]).toEqual([
      { Sales: null, Stock: null, 'Stock/x': 'x' },
      { Stock: null, 'Stock/é': null, 'Stock/é/q': 'q' },
    ]);
  });

  test('a folder that was given to another client stays its own under another name and in another folder beside', async () => {
    const world = new EngineWorld({ clients: 2 });
    const { store, clients } = world.computers[0]!;
    world.assignOwnFolders(world.computers[0]!);
    world.here.person.write('Sales/d/f', 'x');
    world.here.person.write('Sales/e/g', 'y');
    expect(await world.settle()).not.toBeNull();
    const id = store.entries.entryAt('Sales/d' as never)!;
    store.entries.assign(id, clients[1]!);
    expect(await world.settle()).not.toBeNull();
    for (const [from, to] of [
      ['Sales/d', 'Sales/c'],
      ['Sales/c', 'Sales/e/c'],
    ] as const) {
      world.here.person.rename(from, to);
      expect(await world.settle()).not.toBeNull();
      expect(store.entries.clientOf(id)).toBe(clients[1]);
      expect(world.cloud.tree(ROOTS[1])).toMatchObject({ [`${to}/f`]: 'x' });
      expect(world.cloud.tree(ROOTS[0])).not.toHaveProperty(to);
    }
  });

  test('nothing is sent into a folder that may not be brought to its place', async () => {
    const world = new EngineWorld({ clients: 2 });
    const computer = world.computers[0]!;
    world.assignOwnFolders(computer);
    world.here.person.write('Sales/d/f', 'x');
    expect(await world.settle()).not.toBeNull();
    const { store } = computer;
    store.keeping.setFlow(store.entries.entryAt('Stock' as never)!, 'off');
    world.here.person.rename('Sales/d', 'Stock/d');
    await computer.parts.observer.observe('everything');
    store.entries.assign(store.entries.entryAt('Stock/d' as never)!, computer.clients[0]!);
    world.here.person.write('Stock/d/g', 'new');
    expect(await world.settle()).not.toBeNull();
    store.keeping.setFlow(store.entries.entryAt('Stock' as never)!, null);
    expect(await world.settle()).not.toBeNull();
    expect(world.cloud.tree(ROOTS[0])).toEqual({
      Sales: null,
      Stock: null,
      'Stock/d': null,
      'Stock/d/f': 'x',
      'Stock/d/g': 'new',
    });
    expect(world.cloud.calls.get('upload')).toBe(2);
  });

  test('what both Dropboxes have under one name has a place here for each, and stays there', async () => {
    const world = new EngineWorld({ clients: 2 });
    for (const root of ROOTS) {
      world.cloud.write(`${root}/X/f`, root);
      world.cloud.write(`${root}/n.txt`, root);
    }
    for (const client of [0, 1]) await world.pass(0, client);
    expect(await world.settle()).not.toBeNull();
    const both = {
      X: null,
      'X (second)': null,
      'X (second)/f': ROOTS[1],
      'X/f': ROOTS[0],
      'n (second).txt': ROOTS[1],
      'n.txt': ROOTS[0],
    };
    expect(world.here.texts()).toEqual(both);
    world.here.person.write('X (second)/g', 'new');
    world.cloud.move(`${ROOTS[1]}/X`, `${ROOTS[1]}/Y`);
    expect(await world.settle()).not.toBeNull();
    expect(world.cloud.tree(ROOTS[1])).toEqual({ Y: null, 'Y/f': ROOTS[1], 'Y/g': 'new', 'n.txt': ROOTS[1] });
    expect(world.here.person.exists('Y/g')).toBe(true);
    world.cloud.move(`${ROOTS[1]}/Y`, `${ROOTS[1]}/X`);
    expect(await world.settle()).not.toBeNull();
    expect(world.here.person.exists('X (second)/g')).toBe(true);
    expect(world.cloud.tree(ROOTS[0])).toEqual({ X: null, 'X/f': ROOTS[0], 'n.txt': ROOTS[0] });
  });

  test('a name that tells them apart and is taken itself gets a number, not a second mark (seed 5035116)', async () => {
    const world = new EngineWorld({ clients: 2 });
    for (const root of ROOTS) world.cloud.write(`${root}/X/f`, root);
    expect(await world.settle()).not.toBeNull();
    world.here.person.write('X/n', 'of the first');
    expect(await world.settle()).not.toBeNull();
    world.here.person.remove('X (second)');
    world.here.person.rename('X/n', 'X (second)');
    world.cloud.write(`${ROOTS[1]}/X/g`, 'new');
    expect(await world.settle()).not.toBeNull();
    const here = {
      X: null,
      'X (second 2)': null,
      'X (second 2)/g': 'new',
      'X (second)': 'of the first',
      'X/f': ROOTS[0],
    };
    const second = { X: null, 'X/g': 'new' };
    expect(world.here.texts()).toEqual(here);
    expect(world.cloud.tree(ROOTS[1])).toEqual(second);
    world.loseDatabase(world.computers[0]!);
    expect(await world.settle()).not.toBeNull();
    expect(world.here.texts()).toMatchObject(here);
    expect(world.cloud.tree(ROOTS[1])).toEqual({ ...second, Stock: null });
  });

  test('a new database finds both again', async () => {
    const world = new EngineWorld({ clients: 2 });
    for (const root of ROOTS) world.cloud.write(`${root}/X/f`, root);
    expect(await world.settle()).not.toBeNull();
    const before = world.here.texts();
    world.loseDatabase(world.computers[0]!);
    expect(await world.settle()).not.toBeNull();
    expect(world.here.texts()).toMatchObject(before);
    expect(world.cloud.tree(ROOTS[1])).toMatchObject({ X: null, 'X/f': ROOTS[1] });
    expect(Object.keys(world.cloud.tree(ROOTS[1])).filter((path) => path.endsWith('f'))).toEqual(['X/f']);
  });

  test('the same where somebody has edited the document in the first Dropbox: it is two documents', async () => {
    const world = new EngineWorld({ clients: 2 });
    const { store, disk, parts, clients } = world.computers[0]!;
    world.assignOwnFolders(world.computers[0]!);
    world.here.person.write('Sales/d/f', 'x');
    expect(await world.settle()).not.toBeNull();
    store.keeping.setKeep(store.entries.entryAt('Sales/d' as never)!, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    expect(world.here.texts()).not.toHaveProperty('Sales/d/f');
    world.cloud.write(`${ROOTS[0]}/Sales/d/f`, 'edited');
    world.here.person.rename('Sales/d', 'Stock/d');
    expect(await world.settle()).not.toBeNull();
    expect(world.cloud.tree(ROOTS[0])).toMatchObject({ 'Sales/d/f': 'edited' });
    expect(world.cloud.tree(ROOTS[1])).toMatchObject({ 'Stock/d/f': 'edited' });
  });

  test('bytes that only one Dropbox has come here when their link moves to another client, and go there', async () => {
    const world = await linkOnItsWay();
    await world.pass(0, 0);
    world.cloud.before = ({ method }) => {
      if (method === 'download') throw new Fault('network', 'no network', { retryable: true });
    };
    expect(await world.pass(0, 1)).toMatchObject({ failed: 1, deletedRemote: 0 });
    expect(world.cloud.tree(ROOTS[1])).toMatchObject({ 'Stock/d/f': 'x' });
    world.cloud.before = null;
    expect(await world.settle()).not.toBeNull();
    expect(world.cloud.tree(ROOTS[0])).toMatchObject({ 'Sales/d/f': 'x' });
    expect(world.cloud.tree(ROOTS[1])).toEqual({ Stock: null });
    expect(world.here.person.read('Sales/d/f')).toBe('x');
  });

  test('bytes that only one Dropbox had come here when their link moves to another client, also where they were deleted there (seed 2021264)', async () => {
    const world = await linkOnItsWay();
    world.cloud.remove(`${ROOTS[1]}/Stock/d`);
    world.cloud.before = ({ method }) => {
      if (method === 'download') throw new Fault('network', 'no network', { retryable: true });
    };
    await world.pass(0, 0);
    await world.pass(0, 1);
    world.cloud.before = null;
    expect(await world.settle()).not.toBeNull();
    expect(world.here.person.read('Sales/d/f')).toBe('x');
    expect(world.cloud.tree(ROOTS[0])).toMatchObject({ 'Sales/d/f': 'x' });
    expect(world.cloud.tree(ROOTS[1])).toEqual({ Stock: null });
  });

  test('an edit that was moved to another client, sent and freed there is not written over by the version before it (seed 7313821)', async () => {
    const world = new EngineWorld({ clients: 2 });
    const { store, parts, disk, clients } = world.computers[0]!;
    world.assignOwnFolders(world.computers[0]!);
    world.here.person.write('Sales/f', 'before');
    expect(await world.settle()).not.toBeNull();
    world.here.person.write('Sales/f', 'edited');
    world.here.person.rename('Sales/f', 'Stock/f');
    world.cloud.before = ({ method }) => {
      if (method === 'remove') throw new Fault('network', 'no network', { retryable: true });
    };
    await world.pass(0, 0);
    await world.pass(0, 1);
    world.cloud.before = null;
    for (const row of store.entries.children(null)) store.keeping.setKeep(row.id, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[1]!, { dryRun: false });
    expect(world.here.person.exists('Stock/f')).toBe(false);
    expect(await world.settle()).not.toBeNull();
    expect([world.cloud.tree(ROOTS[0]), world.cloud.tree(ROOTS[1])]).toEqual([
      { Sales: null },
      { Stock: null, 'Stock/f': 'edited' },
    ]);
  });

  test('bytes on their way from one client to another are not freed meanwhile (seed 3034337)', async () => {
    const world = new EngineWorld({ clients: 2 });
    const computer = world.computers[0]!;
    world.assignOwnFolders(computer);
    world.here.person.write('Stock/f', 'x');
    expect(await world.settle()).not.toBeNull();
    const { store, parts, disk, clients } = computer;
    world.here.person.rename('Stock/f', 'Sales/f');
    await parts.observer.observe('everything');
    for (const row of store.entries.children(null)) store.keeping.setKeep(row.id, { kind: 'links' });
    for (const client of clients) {
      expect(await freeBytes({ store, engine: parts, disk }, client, { dryRun: false })).toEqual([]);
    }
    expect(world.here.person.read('Sales/f')).toBe('x');
  });
});
