import { describe, expect, test } from 'vitest';
import { BACKUP_MARKER_NAME } from '../../../src-shared/names.ts';
import { EngineWorld, ROOTS, worked } from '../../support/engine-world.ts';

const there = (path: string) => `${ROOTS[0]}/${path}`;

/** A folder of backups as another computer (or this one, before it lost its database) has made it. */
function withBackups(folder = 'Backups', world = new EngineWorld()): EngineWorld {
  world.cloud.write(there(`${folder}/${BACKUP_MARKER_NAME}`), '{}');
  world.cloud.write(there(`${folder}/one.tar.gz`), 'backup one');
  return world;
}

async function settled(world: EngineWorld): Promise<void> {
  expect(await world.settle()).not.toBeNull();
  for (const { index } of world.computers) expect(worked(await world.pass(index))).toBe(false);
}

describe('folders that hold backups', () => {
  test('are not documents, on no computer, and no request more is made for them', async () => {
    const world = withBackups('Backups', new EngineWorld({ platforms: ['linux', 'win32'] }));
    world.cloud.write(there('a'), 'text');
    await settled(world);
    for (const { disk } of world.computers) expect(disk.texts()).toEqual({ a: 'text' });
    world.cloud.write(there('Backups/two.tar.gz'), 'backup two');
    expect(worked(await world.pass())).toBe(false);
    expect(await world.pass()).toMatchObject({ requests: 1 });
    expect(Object.keys(world.cloud.tree(there('Backups')))).toHaveLength(3);
  });

  test('make room for documents of that name, and go on being no documents', async () => {
    const world = withBackups();
    await settled(world);
    world.here.person.write('backups/report.txt', 'mine');
    await settled(world);
    expect(world.here.texts()).toEqual({ backups: null, 'backups/report.txt': 'mine' });
    expect(world.cloud.tree(ROOTS[0])).toEqual({
      backups: null,
      'backups/report.txt': 'mine',
      'Docktide backups': null,
      [`Docktide backups/${BACKUP_MARKER_NAME}`]: '{}',
      'Docktide backups/one.tar.gz': 'backup one',
    });
    // Without documents of that name it stays where it is, and people may delete what they will.
    world.here.person.remove('backups');
    await settled(world);
    expect(world.cloud.exists(there('Docktide backups/one.tar.gz'))).toBe(true);
    expect(world.cloud.exists(there('backups'))).toBe(false);
  });

  test('make room in the very pass that learns of both, also for a folder of the ERP', async () => {
    const world = withBackups();
    const { store } = world.computers[0]!;
    store.catalog.addType('x.backup', 'Backups');
    store.catalog.addRule({ type: 'x.backup', client: 'main' });
    await world.pass();
    expect(world.cloud.entry(there('Docktide backups/one.tar.gz')).kind).toBe('file');
    expect(world.cloud.tree(there('Backups'))).toEqual({});
    expect(world.here.texts()).toEqual({ Backups: null });
    await settled(world);
  });

  test('are not adopted as the peer of a folder here when the feed has not told of them yet', async () => {
    const world = new EngineWorld();
    world.here.person.write('Backups/mine.txt', 'mine');
    world.cloud.before = ({ method }) => {
      if (method !== 'createFolders') return;
      world.cloud.before = null;
      withBackups('Backups', world);
    };
    await settled(world);
    expect(world.here.texts()).toEqual({ Backups: null, 'Backups/mine.txt': 'mine' });
    expect(world.cloud.tree(there('Docktide backups'))).toMatchObject({ 'one.tar.gz': 'backup one' });
    expect(world.cloud.tree(there('Backups'))).toEqual({ 'mine.txt': 'mine' });
  });

  test('go back to the top from a folder of documents, whose deletion would take them along', async () => {
    const world = withBackups();
    world.here.person.write('Papers/a', 'text');
    await settled(world);
    world.cloud.move(there('Backups'), there('Papers/Backups'));
    await settled(world);
    world.here.person.remove('Papers');
    await settled(world);
    expect(world.cloud.tree(ROOTS[0])).toMatchObject({ 'Backups/one.tar.gz': 'backup one' });
  });

  test('stay reserved without their marker once they are known', async () => {
    const world = withBackups();
    await settled(world);
    world.cloud.remove(there(`Backups/${BACKUP_MARKER_NAME}`));
    await settled(world);
    expect(world.here.texts()).toEqual({});
  });

  test('a folder of documents stays one, whatever file somebody drops into it', async () => {
    const world = new EngineWorld();
    world.here.person.write('Papers/a', 'text');
    await settled(world);
    world.cloud.write(there(`Papers/${BACKUP_MARKER_NAME}`), '{}');
    await settled(world);
    expect(world.here.texts()).toMatchObject({ 'Papers/a': 'text' });
    world.here.person.remove('Papers');
    await settled(world);
    expect(world.cloud.exists(there('Papers'))).toBe(false);
  });
});
