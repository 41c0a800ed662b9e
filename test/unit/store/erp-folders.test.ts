import { describe, expect, test } from 'vitest';
import { ObservedStore } from '../../support/observed-store.ts';
import { dryDisk } from '../../../src-main/store/disk/dry-disk.ts';
import { faults } from '../../../src-main/store/disk/store-disk.ts';
import { createObserver } from '../../../src-main/store/observer.ts';

async function office(
  options: { filter?: string; pattern?: string; subfolders?: string[] } = {},
): Promise<ObservedStore> {
  const world = new ObservedStore();
  const { catalog } = world.store;
  catalog.addType('sale.order', 'Quotations');
  catalog.addRecord({ type: 'sale.order', ref: 'SO001', name: 'Acme', fields: { state: 'sent', city: 'Köln' } });
  catalog.addRecord({ type: 'sale.order', ref: 'SO002', name: 'Beta', fields: { state: 'draft' } });
  catalog.addRule({ type: 'sale.order', client: 'main', subfolders: ['Contracts', 'Drawings'], ...options });
  await world.observe();
  return world;
}

const folders = (world: ObservedStore): string[] =>
  Object.entries(world.disk.tree()).flatMap(([path, hash]) => (hash === null ? [path] : []));

describe('folders that rules and records ask for', () => {
  test('rule folder, record folders and default subfolders, on the disk and as rows', async () => {
    const world = await office();
    const expected = [
      'Quotations',
      'Quotations/Acme',
      'Quotations/Acme/Contracts',
      'Quotations/Acme/Drawings',
      'Quotations/Beta',
      'Quotations/Beta/Contracts',
      'Quotations/Beta/Drawings',
    ];
    expect(folders(world)).toEqual(expected);
    expect(world.paths()).toEqual(expected);
    expect(world.row('Quotations').role).toBe('rule');
    expect(world.row('Quotations/Acme').role).toBe('record');
    expect(world.row('Quotations/Acme/Drawings').role).toBe('subfolder');
    expect(world.store.listing.list().every((entry) => entry.client === 'main')).toBe(true);
    expect((await world.observe()).changed).toBe(0);
  });

  test('only records that the filter matches and that are not archived', async () => {
    const world = await office({ filter: 'state=sent', subfolders: [] });
    expect(folders(world)).toEqual(['Quotations', 'Quotations/Acme']);
    world.store.catalog.setRecordFields('sale.order', 'SO002', { state: 'sent' });
    world.store.catalog.addRecord({ type: 'sale.order', ref: 'SO003', name: 'Gone', fields: { state: 'sent' } });
    world.store.catalog.archiveRecord('sale.order', 'SO003');
    await world.observe();
    expect(folders(world)).toEqual(['Quotations', 'Quotations/Acme', 'Quotations/Beta']);
  });

  test('a file that any program puts into a record folder is an attachment of the record', async () => {
    const world = await office();
    world.disk.person.write('Quotations/Acme/Drawings/deep/plan.dwg', 'P');
    await world.observe();
    const entry = world.store.listing.list().find((one) => one.path.endsWith('plan.dwg'));
    expect(entry).toMatchObject({ record: 'sale.order/SO001', type: 'binary', client: 'main' });
  });

  test('equal names get distinct folders that stay', async () => {
    const world = await office({ subfolders: [] });
    world.store.catalog.addRecord({ type: 'sale.order', ref: 'SO/003', name: 'ACME', fields: {} });
    world.store.catalog.addRecord({ type: 'sale.order', ref: 'SO004', name: 'Acme', fields: {} });
    await world.observe();
    const expected = [
      'Quotations',
      'Quotations/ACME (SO-003)',
      'Quotations/Acme',
      'Quotations/Acme (SO004)',
      'Quotations/Beta',
    ];
    expect(folders(world)).toEqual(expected);
    const ids = expected.map((path) => world.id(path));
    await world.observe();
    world.store.catalog.setRecordFields('sale.order', 'SO004', { x: 'y' });
    await world.observe();
    expect(expected.map((path) => world.id(path))).toEqual(ids);
  });

  test('a renamed record moves its folder with all it holds', async () => {
    const world = await office();
    world.disk.person.write('Quotations/Acme/f', 'F');
    await world.observe();
    const [id, file] = [world.id('Quotations/Acme'), world.id('Quotations/Acme/f')];
    world.store.catalog.renameRecord('sale.order', 'SO001', 'Acme: "new" <name>?');
    const result = await world.observe();
    expect(result.hashed).toBe(0);
    expect(world.id("Quotations/Acme - 'new' (name)")).toBe(id);
    expect(world.id("Quotations/Acme - 'new' (name)/f")).toBe(file);
    expect(world.disk.person.read("Quotations/Acme - 'new' (name)/f")).toBe('F');
  });

  test('a relabelled type renames the rule folder', async () => {
    const world = await office({ subfolders: [] });
    const id = world.id('Quotations');
    world.store.catalog.setTypeLabel('sale.order', 'Offers');
    await world.observe();
    expect(world.id('Offers')).toBe(id);
    expect(folders(world)).toEqual(['Offers', 'Offers/Acme', 'Offers/Beta']);
  });

  test('a manual folder of that name is adopted', async () => {
    const world = new ObservedStore();
    world.disk.person.write('Quotations/acme/old.pdf', 'O');
    await world.observe();
    const [rule, record] = [world.id('Quotations'), world.id('Quotations/acme')];
    world.store.catalog.addType('sale.order', 'Quotations');
    world.store.catalog.addRecord({ type: 'sale.order', ref: 'SO001', name: 'acme', fields: {} });
    world.store.catalog.addRule({ type: 'sale.order', client: 'main' });
    await world.observe();
    expect(world.row('Quotations')).toMatchObject({ id: rule, role: 'rule' });
    expect(world.row('Quotations/acme')).toMatchObject({ id: record, role: 'record' });
    expect(world.paths()).toEqual(['Quotations', 'Quotations/acme', 'Quotations/acme/old.pdf']);
  });

  test('a file in the way gives the record another name', async () => {
    const world = new ObservedStore();
    world.disk.person.write('Quotations/Acme', 'a file');
    await world.observe();
    world.store.catalog.addType('sale.order', 'Quotations');
    world.store.catalog.addRecord({ type: 'sale.order', ref: 'SO001', name: 'Acme', fields: {} });
    world.store.catalog.addRule({ type: 'sale.order', client: 'main' });
    await world.observe();
    expect(folders(world)).toEqual(['Quotations', 'Quotations/Acme (SO001)']);
    expect(world.disk.person.read('Quotations/Acme')).toBe('a file');
  });

  test.each(['Contracts', 'contracts'])(
    'a document called %s is there instead of a default subfolder',
    async (name) => {
      const world = new ObservedStore();
      world.disk.person.write(`Quotations/Acme/${name}`, 'text');
      await world.observe();
      const { catalog, keepsakes } = world.store;
      catalog.addType('sale.order', 'Quotations');
      catalog.addRecord({ type: 'sale.order', ref: 'SO001', name: 'Acme', fields: {} });
      catalog.addRule({ type: 'sale.order', client: 'main', subfolders: ['Contracts/deep', 'Drawings'] });
      await world.observe();
      expect(world.disk.texts()).toEqual({
        Quotations: null,
        'Quotations/Acme': null,
        [`Quotations/Acme/${name}`]: 'text',
        'Quotations/Acme/Drawings': null,
      });
      expect(keepsakes.logRows().filter(({ kind }) => kind === 'erp-folder')).toEqual([]);
    },
  );

  test('rules of two clients for one type have a folder each', async () => {
    const world = await office({ filter: 'state=sent', subfolders: [] });
    world.store.clients.add({ name: 'Berlin', root: 'R', state: 'connected', appKey: null, credentials: {} });
    world.store.catalog.addRule({ type: 'sale.order', client: 'Berlin', filter: 'state=draft' });
    await world.observe();
    expect(folders(world)).toEqual([
      'Quotations',
      'Quotations (Berlin)',
      'Quotations (Berlin)/Beta',
      'Quotations/Acme',
    ]);
    expect(world.store.listing.list().map((entry) => [entry.path, entry.client])).toEqual([
      ['Quotations', 'main'],
      ['Quotations (Berlin)', 'Berlin'],
      ['Quotations (Berlin)/Beta', 'Berlin'],
      ['Quotations/Acme', 'main'],
    ]);
  });

  test('patterns name the folders', async () => {
    const world = await office({ pattern: '{ref} {name}, {city}', subfolders: [] });
    expect(folders(world)).toEqual(['Quotations', 'Quotations/SO001 Acme, Köln', 'Quotations/SO002 Beta,']);
  });
});

describe('when a person changes what belongs to the ERP', () => {
  test('renamed and moved folders go back, with what they hold', async () => {
    const world = await office({ subfolders: [] });
    world.disk.person.write('Quotations/Acme/f', 'F');
    await world.observe();
    const ids = ['Quotations', 'Quotations/Acme', 'Quotations/Acme/f'].map((path) => world.id(path));
    const { person } = world.disk;
    person.rename('Quotations', 'Q');
    person.rename('Q/Acme', 'Acme moved');
    person.write('Acme moved/f', 'F2');
    person.write('Acme moved/g', 'G');
    await world.observe();
    expect(['Quotations', 'Quotations/Acme', 'Quotations/Acme/f'].map((path) => world.id(path))).toEqual(ids);
    expect(world.disk.texts()).toEqual({
      Quotations: null,
      'Quotations/Acme': null,
      'Quotations/Acme/f': 'F2',
      'Quotations/Acme/g': 'G',
      'Quotations/Beta': null,
    });
    expect(world.row('Quotations/Acme/f').hash).toBe(world.disk.tree()['Quotations/Acme/f']);
    expect(world.row('Quotations/Acme/g').hash).toBe(world.disk.tree()['Quotations/Acme/g']);
    expect((await world.observe()).changed).toBe(0);
  });

  test('a removed record folder comes back empty, with its subfolders; freed documents stay', async () => {
    const world = await office();
    world.disk.person.write('Quotations/Acme/f', 'F');
    world.disk.person.write('Quotations/Acme/by hand/g', 'G');
    await world.observe();
    const id = world.id('Quotations/Acme');
    world.free('Quotations/Acme/freed', 'x');
    world.disk.person.remove('Quotations/Acme/Drawings');
    await world.observe();
    world.disk.person.remove('Quotations/Acme');
    await world.observe();
    expect(world.id('Quotations/Acme')).toBe(id);
    expect(world.paths().filter((path) => path.startsWith('Quotations/Acme'))).toEqual([
      'Quotations/Acme',
      'Quotations/Acme/Contracts',
      'Quotations/Acme/Drawings',
      'Quotations/Acme/freed',
    ]);
    expect(folders(world)).toContain('Quotations/Acme/Drawings');
    expect((await world.observe()).changed).toBe(0);
  });

  test('a removed rule folder comes back with its records', async () => {
    const world = await office();
    const before = world.paths();
    const ids = before.map((path) => world.id(path));
    world.disk.person.remove('Quotations');
    await world.observe();
    expect(world.paths()).toEqual(before);
    expect(before.map((path) => world.id(path))).toEqual(ids);
    expect(folders(world)).toEqual(before);
  });

  test('a removed default subfolder stays away', async () => {
    const world = await office();
    world.disk.person.remove('Quotations/Acme/Drawings');
    await world.observe();
    world.store.catalog.setRecordFields('sale.order', 'SO001', { x: 'y' });
    await world.observe();
    expect(folders(world)).not.toContain('Quotations/Acme/Drawings');
    expect(folders(world)).toContain('Quotations/Beta/Drawings');
  });

  test('a folder made anew at the place of a moved one is the record; the moved one is a folder by hand', async () => {
    const world = await office({ subfolders: [] });
    world.disk.person.write('Quotations/Acme/f', 'F');
    await world.observe();
    const [record, file] = [world.id('Quotations/Acme'), world.id('Quotations/Acme/f')];
    world.disk.person.rename('Quotations/Acme', 'mine');
    world.disk.person.mkdir('Quotations/Acme');
    await world.observe();
    expect(world.row('Quotations/Acme')).toMatchObject({ id: record, role: 'record' });
    expect(world.row('mine').role).toBe('manual');
    expect(world.id('mine/f')).toBe(file);
  });

  test.each([
    ['a rule that is gone', (world: ObservedStore) => world.store.catalog.removeRule(1)],
    [
      'a rule that no longer meets it',
      (world: ObservedStore) => world.store.catalog.updateRule(1, { filter: 'state=draft' }),
    ],
  ])('the folder of %s is theirs, while the record has one of another rule', async (_, change) => {
    const world = await office({ subfolders: [] });
    world.disk.person.write('Quotations/Acme/f', 'F');
    world.store.clients.add({ name: 'Berlin', root: 'R', state: 'connected', appKey: null, credentials: {} });
    world.store.catalog.addRule({ type: 'sale.order', client: 'Berlin', filter: 'state=sent' });
    change(world);
    await world.observe();
    world.disk.person.rename('Quotations/Acme', 'old');
    await world.observe();
    expect(world.disk.texts()).toMatchObject({ old: null, 'old/f': 'F', 'Quotations (Berlin)/Acme': null });
    expect(folders(world)).not.toContain('Quotations/Acme');
    world.disk.person.remove('old');
    await world.observe();
    expect(folders(world).filter((path) => path.endsWith('Acme'))).toEqual(['Quotations (Berlin)/Acme']);
    world.disk.person.rename('Quotations (Berlin)/Acme', 'away');
    await world.observe();
    expect(folders(world)).toContain('Quotations (Berlin)/Acme');
  });

  test('a file in place of a record folder is moved aside, and both are there in one look', async () => {
    const world = await office({ subfolders: [] });
    world.disk.person.remove('Quotations/Acme');
    world.disk.person.write('Quotations/Acme', 'file');
    world.disk.person.write('Quotations/Beta/g', 'G');
    await world.observe();
    expect(world.paths()).toContain('Quotations/Beta/g');
    expect(world.disk.person.read('Quotations/Acme (moved aside)')).toBe('file');
    expect(world.paths()).toEqual([
      'Quotations',
      'Quotations/Acme',
      'Quotations/Acme (moved aside)',
      'Quotations/Beta',
      'Quotations/Beta/g',
    ]);
    expect(world.row('Quotations/Acme').role).toBe('record');
  });
});

describe('when the ERP removes', () => {
  test.each([
    ['shared the folder', (world: ObservedStore) => world.observe()],
    ['takes its place at once', async () => {}],
  ])('a rule: another that %s goes on with it', async (_, between) => {
    const world = await office({ filter: 'state=sent', subfolders: [] });
    const [folder, record] = [world.id('Quotations'), world.id('Quotations/Acme')];
    world.store.catalog.addRule({ type: 'sale.order', client: 'main', pattern: '{ref}' });
    await between(world);
    world.store.catalog.removeRule(1);
    await world.observe();
    expect(folders(world)).toEqual(['Quotations', 'Quotations/SO001', 'Quotations/SO002']);
    expect(world.id('Quotations')).toBe(folder);
    expect(world.id('Quotations/SO001')).toBe(record);
    world.disk.person.rename('Quotations/SO001', 'away');
    await world.observe();
    expect(world.id('Quotations/SO001')).toBe(record);
  });

  test('a record: its folder goes to the trash as a whole', async () => {
    const world = await office();
    world.disk.person.write('Quotations/Acme/Drawings/f', 'F');
    await world.observe();
    const hash = world.row('Quotations/Acme/Drawings/f').hash;
    world.store.catalog.removeRecord('sale.order', 'SO001');
    await world.observe();
    expect(folders(world)).toEqual([
      'Quotations',
      'Quotations/Beta',
      'Quotations/Beta/Contracts',
      'Quotations/Beta/Drawings',
    ]);
    expect(world.paths()).toEqual(folders(world));
    expect([...world.disk.trashedHashes().values()]).toEqual([hash]);
    expect(world.store.keepsakes.trashRows()).toMatchObject([
      { path: 'Quotations/Acme', kind: 'folder', client: 'main' },
    ]);
  });

  test('a record is archived: its folder stays', async () => {
    const world = await office({ subfolders: [] });
    world.store.catalog.archiveRecord('sale.order', 'SO001');
    await world.observe();
    expect(folders(world)).toContain('Quotations/Acme');
  });

  test('an effect of the engine that takes a record folder away brings it back with the next observation', async () => {
    const world = await office({ subfolders: [] });
    const [client] = world.store.sync.clients();
    await world.disk.trash('Quotations/Acme' as never, 'key');
    world.store.sync.record(client!.id, [
      { kind: 'local.remove', localId: world.id('Quotations/Acme'), trashKey: 'key', remoteId: null, rev: null },
    ]);
    await world.observe();
    expect(folders(world)).toContain('Quotations/Acme');
    expect(world.row('Quotations/Acme').role).toBe('record');
  });
});

test('a preview changes rows of its copy only', async () => {
  const world = await office();
  world.store.catalog.addRecord({ type: 'sale.order', ref: 'SO009', name: 'New', fields: {} });
  world.disk.person.rename('Quotations/Acme', 'away');
  world.disk.person.write('away/f', 'F');
  const before = world.disk.texts();
  const preview = createObserver({ store: world.store, disk: dryDisk(world.disk) });
  await preview.observe('everything');
  expect(world.disk.texts()).toEqual(before);
  expect(world.paths()).toContain('Quotations/New/Drawings');
  expect(world.paths()).toContain('Quotations/Acme/f');
});

test('a full disk stops the preparation and the next one goes on', async () => {
  const world = await office({ subfolders: [] });
  world.store.catalog.addRecord({ type: 'sale.order', ref: 'SO009', name: 'New', fields: {} });
  world.disk.onCall = (call, path) => {
    if (call === 'makeFolder') throw faults.diskFull(path);
  };
  await expect(world.observe()).rejects.toMatchObject({ code: 'disk-full' });
  world.disk.onCall = null;
  await world.observe();
  expect(folders(world)).toContain('Quotations/New');
});
