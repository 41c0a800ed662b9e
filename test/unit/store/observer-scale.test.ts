// A look at a large documents folder keeps in mind what is other than the rows know, and nothing of the rest.

import { expect, test } from 'vitest';
import { SETTLED, walkEverything, type DiskNode } from '../../../src-main/store/observer/disk-tree.ts';
import { matchTree } from '../../../src-main/store/observer/match.ts';
import { Pacer } from '../../../src-main/store/observer/pacer.ts';
import type { RelPath } from '../../../src-shared/domain.ts';
import { ObservedStore } from '../../support/observed-store.ts';

const FILES = 200;

async function filled(): Promise<ObservedStore> {
  const world = new ObservedStore();
  for (let index = 0; index < FILES; index++) world.disk.person.write(`d${index % 10}/f${index}`, `text ${index}`);
  await world.observe();
  return world;
}

function filesOf(node: DiskNode): string[] {
  return [...node.children.values()].flatMap((child) => (child.kind === 'folder' ? filesOf(child) : [child.name]));
}

test('files that are as the rows know them have no node; all others have', async () => {
  const world = await filled();
  world.disk.person.write('d1/f1', 'edited');
  world.disk.person.write('d2/new', 'new');
  world.disk.person.rename('d3/f3', 'd4/moved');
  world.disk.person.remove('d5/f5');
  const { entries } = world.store;
  const pacer = new Pacer();
  const tree = await walkEverything(world.disk, entries, pacer);
  expect(filesOf(tree.root).toSorted()).toEqual(['f1', 'moved', 'new']);
  expect(tree.settled.size).toBe(FILES - 3);
  const matching = await matchTree({ tree, entries, isWanted: () => false, wasSynced: () => false, pacer });
  expect(matching.missing.map((row) => row.name)).toEqual(['f5']);
  expect(matching.movedFiles.map((node) => node.name)).toEqual(['moved']);
  expect(matching.newFiles.map((node) => node.name)).toEqual(['new']);
  expect([...matching.nodeOf.values()].filter((node) => node === SETTLED)).toHaveLength(FILES - 3);
  await world.observe();
  expect(world.paths()).toContain('d4/moved');
  expect(world.paths()).not.toContain('d3/f3');
  expect(world.paths()).not.toContain('d5/f5');
});

test('a second name of a settled file is known for what it is', async () => {
  const world = await filled();
  const { entries } = world.store;
  const stamp = (await world.disk.stat('d1/f1' as RelPath))!.stamp;
  // As a hard link has it: the same file under another name.
  const { disk } = world;
  const list = disk.list.bind(disk);
  disk.list = async (folder) => {
    const found = await list(folder);
    return folder === 'd2' ? [...found, { name: 'link', kind: 'file', stamp }] : found;
  };
  const pacer = new Pacer();
  const tree = await walkEverything(disk, entries, pacer);
  const matching = await matchTree({ tree, entries, isWanted: () => false, wasSynced: () => false, pacer });
  expect(matching.hasTwins).toBe(true);
  expect(matching.movedFiles).toEqual([]);
  expect(matching.missing).toEqual([]);
});
