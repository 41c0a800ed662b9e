import { beforeEach, describe, expect, test } from 'vitest';
import { Fault, type CloudStore } from '../../../src-main/engine/ports.ts';
import { emptyOldTrash, TRASH_DAYS } from '../../../src-main/keeping/trash-expiry.ts';
import type { RelPath } from '../../../src-shared/domain.ts';
import { EngineWorld, ROOTS } from '../../support/engine-world.ts';

const DAY = 24 * 60 * 60_000;

describe('the end of the 30 days', () => {
  let world: EngineWorld;
  const computer = () => world.computers[0]!;
  const listed = () =>
    computer()
      .store.keepsakes.trashRows()
      .map(({ path }) => path)
      .toSorted();
  const empty = (cloud: CloudStore = world.cloud.client(ROOTS[0])) => {
    const { store, disk } = computer();
    return emptyOldTrash({ store, disk, cloudOf: () => cloud, now: () => world.clock.now() });
  };

  beforeEach(async () => {
    world = new EngineWorld();
    const { person } = computer().disk;
    for (const [path, text] of Object.entries({ gone: 'G', over: 'O', 'd/a': 'A', 'd/s/b': 'B', 'd/zero': '' })) {
      person.write(path, text);
    }
    await world.settle();
    world.cloud.remove(world.pathThere(0, 'gone'));
    world.cloud.remove(world.pathThere(0, 'd'));
    world.cloud.write(world.pathThere(0, 'over'), 'O2');
    await world.settle();
  });

  test('what Dropbox still has as a version goes, and not a day before', async () => {
    expect(listed()).toEqual(['d', 'gone', 'over']);
    world.clock.jump((TRASH_DAYS - 1) * DAY);
    expect(await empty()).toBe(0);
    world.clock.jump(2 * DAY);
    expect(await empty()).toBe(3);
    expect(listed()).toEqual([]);
    expect(await computer().disk.trashed()).toEqual([]);
  });

  test('what Dropbox no longer has stays, whatever its age', async () => {
    const { store } = computer();
    const kept = store.keepsakes.trashRows().find(({ path }) => path === ('d' as RelPath));
    const b = kept?.contents?.find(({ path }) => path === 's/b')?.remoteId;
    const cloud = world.cloud.client(ROOTS[0]);
    const forgetful = Object.assign(Object.create(cloud) as CloudStore, {
      versions: async (id: string) => (id === b ? [] : cloud.versions(id as NonNullable<typeof b>)),
    });
    world.clock.jump(400 * DAY);
    expect(await empty(forgetful)).toBe(2);
    expect(listed()).toEqual(['d']);
    expect([...computer().disk.trashedHashes().keys()]).toHaveLength(3);
  });

  test('without an answer, or without its client, everything stays', async () => {
    world.clock.jump(400 * DAY);
    const silent = Object.assign(Object.create(world.cloud.client(ROOTS[0])) as CloudStore, {
      versions: async () => {
        throw new Fault('network', 'away', { retryable: true });
      },
    });
    expect(await empty(silent)).toBe(0);
    computer().store.db.prepare('UPDATE trash SET client_id = NULL').run();
    expect(await empty()).toBe(0);
    expect(listed()).toEqual(['d', 'gone', 'over']);
  });
});
