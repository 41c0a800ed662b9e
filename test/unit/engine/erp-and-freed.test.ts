import { expect, test } from 'vitest';
import { freeBytes } from '../../../src-main/keeping/cleaner.ts';
import { restoreFromTrash } from '../../../src-main/keeping/trash.ts';
import { EngineWorld } from '../../support/engine-world.ts';

/** Record `Acme` with the document `doc`, which has no bytes here. */
async function freedInRecord(): Promise<EngineWorld> {
  const world = new EngineWorld();
  const { disk, store, parts, clients } = world.computers[0]!;
  store.catalog.addType('sale.order', 'Quotations');
  store.catalog.addRecord({ type: 'sale.order', ref: 'SO001', name: 'Acme', fields: {} });
  store.catalog.addRule({ type: 'sale.order', client: 'main', subfolders: ['Drawings'] });
  await world.settle();
  disk.person.write('Quotations/Acme/doc', 'D');
  await world.settle();
  store.keeping.setKeep(store.entries.at(null, 'Quotations')!.id, { kind: 'links' });
  await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
  expect(disk.person.exists('Quotations/Acme/doc')).toBe(false);
  return world;
}

test('a record removed in the ERP: its documents without bytes here come back from the trash', async () => {
  const world = await freedInRecord();
  const { disk, store, parts } = world.computers[0]!;
  store.catalog.removeRecord('sale.order', 'SO001');
  await world.settle();
  expect(Object.keys(world.cloud.tree(world.pathThere(0, '')))).toEqual(['Quotations']);
  const [row] = store.keepsakes.trashRows();
  const { observer, gate } = parts;
  const cloudOf = () => parts.cloud(store.sync.clients()[0]!);
  const restored = await restoreFromTrash(
    { store, disk, observer, gate, cloudOf, now: () => world.clock.now() },
    row!.id,
  );
  expect(restored.missing).toEqual([]);
  await world.settle();
  expect(world.cloud.tree(world.pathThere(0, ''))).toMatchObject({ 'Quotations/Acme/doc': 'D' });
});

test('a default subfolder is not made where a document without bytes here has its name', async () => {
  const world = await freedInRecord();
  const { disk } = world.computers[0]!;
  const there = world.pathThere(0, 'Quotations/Acme/Drawings');
  world.cloud.remove(there);
  world.cloud.write(there, 'a file');
  await world.settle();
  disk.person.remove('Quotations/Acme');
  disk.person.write('Quotations/Acme', 'in its place');
  expect(await world.settle()).not.toBeNull();
  expect(disk.person.isFolder('Quotations/Acme')).toBe(true);
  expect(Object.values(world.cloud.tree(world.pathThere(0, '')))).toContain('a file');
});
