import { describe, expect, test } from 'vitest';
import { freeBytes } from '../../src-main/keeping/cleaner.ts';
import { EngineWorld, ROOTS } from '../support/engine-world.ts';
import { settled, there, withErp } from './stories.ts';

// What runs of the simulation have found, each as the shortest story that shows it: folders of the ERP.

describe('folders of the ERP', () => {
  test('two computers whose rule folder is moved in Dropbox come to rest', async () => {
    const world = withErp(new EngineWorld({ platforms: ['linux', 'linux'] }));
    await world.pass(0);
    world.cloud.move(there('Quote'), there('b'));
    await world.pass(1);
    expect(Object.keys(await settled(world))).toContain('Quote');
  });

  test('computers that tell a record of a common name apart by different names come to rest', async () => {
    const world = withErp(new EngineWorld({ platforms: ['linux', 'linux'] }));
    const { store } = world.computers[0]!;
    for (const computer of world.computers) {
      computer.store.catalog.addRecord({ type: 'sale.order', ref: 'SO0', name: 'n', fields: {} });
    }
    await settled(world);
    world.cloud.move(there('Quote/n'), there('Quote/n (SO0)'));
    expect(Object.keys(await settled(world))).toEqual(['Quote', 'Quote/n (SO0)']);
    expect(store.entries.entryAt('Quote/n (SO0)' as never)).not.toBeNull();
  });

  test('computers that met two records in Dropbox the one way and the other way round come to rest', async () => {
    const world = withErp(new EngineWorld({ platforms: ['linux', 'linux'] }));
    for (const { store } of world.computers) {
      for (const [ref, name] of Object.entries({ SO0: 'm', SO1: 'n' }))
        store.catalog.addRecord({ type: 'sale.order', ref, name, fields: {} });
    }
    await world.pass(0);
    world.cloud.write(there('Quote/m/f'), 'text');
    world.cloud.move(there('Quote/m'), 'between');
    world.cloud.move(there('Quote/n'), there('Quote/m'));
    world.cloud.move('between', there('Quote/n'));
    await world.pass(1);
    expect(Object.values(await settled(world)).filter((content) => content !== null)).toEqual(['text']);
  });

  test('records that somebody swaps in Dropbox are swapped back, with what they hold', async () => {
    const world = withErp(new EngineWorld());
    const { store } = world.computers[0]!;
    for (const [ref, name] of Object.entries({ SO0: 'm', SO1: 'n' }))
      store.catalog.addRecord({ type: 'sale.order', ref, name, fields: {} });
    await settled(world);
    world.cloud.write(there('Quote/m/f'), 'text');
    await settled(world);
    world.cloud.move(there('Quote/m'), 'between');
    world.cloud.move(there('Quote/n'), there('Quote/m'));
    world.cloud.move('between', there('Quote/n'));
    expect(await settled(world)).toEqual({ Quote: null, 'Quote/m': null, 'Quote/m/f': 'text', 'Quote/n': null });
  });

  test('computers that spell it differently come to rest', async () => {
    const world = withErp(new EngineWorld({ platforms: ['linux', 'linux', 'linux'] }));
    await world.pass(0);
    await world.pass(1);
    world.cloud.move(there('Quote'), there('QUOTE'));
    await world.pass(2);
    expect(await world.settle()).not.toBeNull();
  });

  test('one that is the folder of a rule on one computer and of a record on another comes to rest', async () => {
    const world = new EngineWorld({ platforms: ['linux', 'linux'] });
    world.here.person.write('Quote', 'file');
    await world.pass(0);
    withErp(world);
    await settled(world);
    // The first computer calls it otherwise, for the document that had its name.
    world.cloud.move(there('Quote'), there('Quote (main)/a'));
    await world.pass(0);
    for (const { store } of world.computers)
      store.catalog.addRecord({ type: 'sale.order', ref: 'SO0', name: 'a', fields: {} });
    expect(Object.keys(await settled(world))).toEqual(
      expect.arrayContaining(['Quote', 'Quote/a', 'Quote (main)', 'Quote (main)/a']),
    );
  });

  test('a folder whose rule is gone may be moved by a person on one computer of two', async () => {
    const world = withErp(new EngineWorld({ platforms: ['linux', 'linux'] }));
    await settled(world);
    for (const { store } of world.computers) store.catalog.removeRule(store.catalog.rules()[0]!.id);
    world.here.person.rename('Quote', 'mine');
    expect(await settled(world)).toEqual({ mine: null });
  });

  test('a deletion that Dropbox tells by the former path of a folder that was moved back is believed', async () => {
    const world = withErp(new EngineWorld());
    await settled(world);
    world.cloud.move(there('Quote'), there('b'));
    world.cloud.write(there('b/f'), 'text');
    let moves = 0;
    world.cloud.before = ({ method }) => {
      if (method === 'move' && moves++ === 0) world.cloud.remove(there('b/f'));
    };
    await world.pass();
    world.cloud.before = null;
    expect(await settled(world)).toEqual({ Quote: null });
  });

  test('a document in its place makes room for it, and none for itself where one without bytes is', async () => {
    const world = withErp(new EngineWorld());
    const { store, parts, disk, clients } = world.computers[0]!;
    const aside = 'Quote (moved aside)';
    world.here.person.write(aside, 'x');
    await settled(world);
    store.keeping.setKeep(store.entries.entryAt(aside as never)!, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    world.here.person.remove('Quote');
    world.here.person.write('Quote', 'y');
    expect(await world.settle()).not.toBeNull();
    expect(world.cloud.tree(ROOTS[0])).toEqual({ Quote: null, [aside]: 'x', 'Quote (moved aside 2)': 'y' });
  });

  test('a folder that changed places with one is that one', async () => {
    const world = withErp(new EngineWorld());
    world.here.person.write('n/f', 'text');
    world.here.person.mkdir('Quote/SO');
    await settled(world);
    const { person } = world.here;
    person.rename('Quote', 'between');
    person.rename('n', 'Quote');
    person.rename('between', 'n');
    await world.pass();
    const rows = world.computers[0]!.store.db.prepare('SELECT frozen FROM entries WHERE frozen = 1').all();
    expect(rows).toEqual([]);
    expect(await settled(world)).toEqual({ Quote: null, 'Quote/f': 'text', n: null, 'n/SO': null });
    expect(world.cloud.calls.get('upload')).toBe(1);
  });

  test('a document that takes the place of one, and whose own is taken by another, makes room for it', async () => {
    const world = withErp(new EngineWorld());
    const { store } = world.computers[0]!;
    for (const [ref, name] of Object.entries({ SO0: 'm', SO1: 'n' }))
      store.catalog.addRecord({ type: 'sale.order', ref, name, fields: {} });
    world.here.person.write('a', 'text');
    await settled(world);
    const { person } = world.here;
    person.rename('Quote/n', 'between');
    person.rename('a', 'Quote/n');
    person.rename('Quote/m', 'a');
    person.rename('between', 'Quote/m');
    const tree = await settled(world);
    expect(Object.values(tree).filter((content) => content !== null)).toEqual(['text']);
    expect(Object.keys(tree)).toEqual(expect.arrayContaining(['Quote/m', 'Quote/n']));
  });

  test('a document that takes the place of one makes room for it, though its own folder was removed', async () => {
    const world = withErp(new EngineWorld());
    world.here.person.write('x/f', 'text');
    await settled(world);
    const { person } = world.here;
    person.rename('Quote', 'z');
    person.rename('x/f', 'Quote');
    person.remove('x');
    expect(await settled(world)).toEqual({ Quote: null, 'Quote (moved aside)': 'text' });
  });

  test('one that was moved away stays there when its place went with the folder of a rule that is gone', async () => {
    const world = withErp(new EngineWorld());
    const { catalog } = world.computers[0]!.store;
    catalog.addRecord({ type: 'sale.order', ref: 'SO0', name: 'm', fields: {} });
    world.here.person.write('a', 'file');
    await settled(world);
    world.here.person.write('Quote/m/f', 'text');
    await settled(world);
    catalog.removeRule(catalog.rules()[0]!.id);
    catalog.addRule({ type: 'sale.order', client: 'main' });
    const { person } = world.here;
    person.mkdir('k');
    person.rename('Quote/m', 'k/m');
    person.rename('a', 'k/m/g');
    person.remove('Quote');
    expect(await settled(world)).toEqual({
      Quote: null,
      'Quote/m': null,
      k: null,
      'k/m': null,
      'k/m/f': 'text',
      'k/m/g': 'file',
    });
  });

  test('a document that changed places with one makes room for it', async () => {
    const world = withErp(new EngineWorld());
    world.here.person.write('a', 'text');
    await settled(world);
    const { person } = world.here;
    person.rename('Quote', 'between');
    person.rename('a', 'Quote');
    person.rename('between', 'a');
    expect(await settled(world)).toEqual({ Quote: null, 'Quote (moved aside)': 'text' });
  });
});
