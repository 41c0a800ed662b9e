import { describe, expect, test } from 'vitest';
import type { RelPath, RemoteId } from '../../../src-shared/domain.ts';
import { EngineWorld } from '../../support/engine-world.ts';

const here = (world: EngineWorld) => world.computers[0]!;

async function synced(files: Record<string, string>): Promise<EngineWorld> {
  const world = new EngineWorld();
  for (const [path, content] of Object.entries(files)) here(world).disk.person.write(path, content);
  await world.settle();
  return world;
}

describe('the audit of folders', () => {
  test('repairs what the change feed never told', async () => {
    const world = await synced({ 'd/a': 'A', 'd/b': 'B', top: 'T' });
    const { store, parts, disk } = here(world);
    const clientId = parts.store.clients()[0]!.id;
    // The rows lose one entry, invent another and misread a third, as if the feed had lied.
    const a = parts.store.remoteAt(clientId, 'd/a' as RelPath)!;
    const b = parts.store.remoteAt(clientId, 'd/b' as RelPath)!;
    parts.store.record(clientId, [
      { kind: 'remote.remove', id: a.id },
      { kind: 'remote.put', entry: { ...b, rev: null, hash: null, name: 'B' } },
      {
        kind: 'remote.put',
        entry: { ...a, id: 'id:never' as RemoteId, pathLower: 'd/ghost' as RelPath, name: 'ghost' },
      },
    ]);
    await world.pass(0, 0, { audit: 100 });
    expect(store.sync.remoteChildren(clientId, 'd' as RelPath).map((entry) => entry.name)).toEqual(['a', 'b']);
    expect(Object.keys(disk.texts())).toEqual(['d', 'd/a', 'd/b', 'top']);
    const again = await world.pass(0);
    expect(again).toMatchObject({
      uploaded: 0,
      downloaded: 0,
      moved: 0,
      deletedLocal: 0,
      deletedRemote: 0,
      requests: 1,
    });
  });

  test('a folder that the store had lost comes back with all it holds, and nothing is deleted here', async () => {
    const world = await synced({ 'd/a': 'A', 'd/b': 'B', top: 'T' });
    const { parts, disk } = here(world);
    const clientId = parts.store.clients()[0]!.id;
    const before = disk.tree();
    for (const limit of [1, 100]) {
      for (const folder of parts.store.auditDue(clientId, 100)) parts.store.setAudited(clientId, folder.id, 1000);
      // Only the folder above is looked at.
      parts.store.setAudited(clientId, null, 0);
      parts.store.record(clientId, [{ kind: 'remote.remove', id: parts.store.remoteAt(clientId, 'd' as RelPath)!.id }]);
      expect(await world.pass(0, 0, { audit: limit })).toMatchObject({ deletedLocal: 0, uploaded: 0, downloaded: 0 });
      expect(disk.tree()).toEqual(before);
      await world.settle();
      expect(disk.tree()).toEqual(before);
    }
  });

  test('what lies elsewhere by now is found by its id', async () => {
    const world = await synced({ 'a/x': 'X', 'b/z': 'Z' });
    const { parts, disk } = here(world);
    const clientId = parts.store.clients()[0]!.id;
    const [x, b] = ['a/x', 'b'].map((path) => parts.store.remoteAt(clientId, path as RelPath)!);
    // The rows have it where it is not, and only that folder is looked at.
    parts.store.record(clientId, [{ kind: 'remote.move', id: x!.id, pathLower: 'b/x' as RelPath, name: 'x' }]);
    for (const folder of parts.store.auditDue(clientId, 100)) {
      parts.store.setAudited(clientId, folder.id, folder.remoteId === b!.id ? 0 : 1000);
    }
    const result = await world.pass(0, 0, { audit: 1 });
    expect(result).toMatchObject({ deletedLocal: 0, deletedRemote: 0, uploaded: 0, downloaded: 0, moved: 0 });
    expect(disk.texts()).toMatchObject({ 'a/x': 'X', 'b/z': 'Z' });
  });

  test('a document whose row was lost is asked for before it would be deleted here, a deletion that is told is not', async () => {
    const world = await synced({ 'd/a': 'A', 'd/b': 'B', 'd/c': 'C' });
    const { parts, disk } = here(world);
    const clientId = parts.store.clients()[0]!.id;
    parts.store.record(clientId, [{ kind: 'remote.remove', id: parts.store.remoteAt(clientId, 'd/a' as RelPath)!.id }]);
    world.cloud.remove(world.pathThere(0, 'd/b'));
    // The change feed, the look-up of what was not told, the change feed again.
    expect(await world.pass()).toMatchObject({ deletedLocal: 1, downloaded: 0, uploaded: 0, requests: 3 });
    expect(disk.texts()).toEqual({ d: null, 'd/a': 'A', 'd/c': 'C' });
    await world.settle();
    expect(disk.texts()).toEqual({ d: null, 'd/a': 'A', 'd/c': 'C' });
  });

  test('takes the folders in turn, the unexamined first, one request each', async () => {
    const world = await synced({ 'a/x': '1', 'b/x': '2', 'c/x': '3' });
    const { parts } = here(world);
    const clientId = parts.store.clients()[0]!.id;
    const order: (string | null)[] = [];
    for (let i = 0; i < 4; i++) {
      const [next] = parts.store.auditDue(clientId, 1);
      order.push(next?.remoteId ? (parts.store.remoteEntry(clientId, next.remoteId)?.name ?? null) : null);
      const { requests } = await world.pass(0, 0, { audit: 1 });
      expect(requests).toBe(2);
    }
    expect(new Set(order)).toEqual(new Set(['a', 'b', 'c', null]));
  });
});

describe('a union after the database was lost', () => {
  test('takes what Dropbox knows as an earlier version for no rival: the edit there comes here, the one from here keeps both', async () => {
    const world = await synced({ f: 'A', g: 'G', same: 'S' });
    const computer = here(world);
    world.loseDatabase(computer);
    computer.disk.person.write('f', 'L');
    world.cloud.write(world.pathThere(0, 'g'), 'R');
    const result = await world.pass(0);
    expect(result).toMatchObject({ deletedLocal: 0, deletedRemote: 0, conflicts: 1 });
    await world.settle();
    const texts = computer.disk.texts();
    expect(texts).toMatchObject({ f: 'L', g: 'R', same: 'S' });
    expect(Object.keys(texts).filter((path) => path.includes('conflicted copy'))).toEqual([
      'f (conflicted copy from Dropbox, 2026-11-23)',
    ]);
  });
});
