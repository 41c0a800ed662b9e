import { describe, expect, test } from 'vitest';
import { Fault } from '../../src-main/engine/ports.ts';
import { freeBytes } from '../../src-main/keeping/cleaner.ts';
import { EngineWorld, ROOTS } from '../support/engine-world.ts';
import { agreed, settled, there } from './stories.ts';

// What runs of the simulation have found, each as the shortest story that shows it: names, deletions, the documents folder.

describe('mass deletions', () => {
  test('are counted over all plans of a pass', async () => {
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`f${index}`, `text ${index}`]));
    const world = await agreed(files);
    for (const name of ['f0', 'f1']) world.cloud.remove(there(name));
    world.here.onCall = (call) => {
      if (call !== 'trash') return;
      world.here.onCall = null;
      // While the first two go, one more is deleted there.
      world.cloud.remove(there('f2'));
    };
    expect(await world.pass(0, 0, { approveDeletions: false })).toMatchObject({ deletedLocal: 2, held: 1 });
    expect(world.here.person.exists('f2')).toBe(true);
  });
});

describe('the documents folder', () => {
  test('bytes that were written while its disk was away are not recorded', async () => {
    const world = await agreed({ other: 'x' });
    world.cloud.write(there('a'), 'text');
    world.here.onCall = (call) => {
      if (call === 'place') world.here.state = 'marker-missing';
    };
    await expect(world.pass()).rejects.toMatchObject({ code: 'marker-missing' });
    world.here.onCall = null;
    world.here.state = 'ready';
    expect(await settled(world)).toEqual({ a: 'text', other: 'x' });
  });

  test('a folder that cannot be read is one problem, however often it is looked at', async () => {
    const world = await agreed({ 'd/f': 'x' });
    world.here.unreadable.add('d');
    for (let look = 0; look < 2; look++) {
      expect(await world.pass(0, 0, { scope: ['d/f' as never] })).toMatchObject({ failed: 1 });
    }
    world.here.unreadable.clear();
    expect(await settled(world)).toEqual({ d: null, 'd/f': 'x' });
  });

  test('a documents folder that cannot be listed ends the pass', async () => {
    const world = await agreed({ f: 'x' });
    world.here.unreadable.add('');
    world.here.onCall = (call, path) => {
      if (call === 'list' && path === '') throw new Fault('unreadable', 'It cannot be read.');
    };
    await expect(world.pass()).rejects.toMatchObject({ code: 'unreadable' });
  });

  test('where two spellings are one name, another document at the place does not hinder a deletion', async () => {
    const world = await agreed({ A: 'one', b: 'two' }, new EngineWorld({ platforms: ['darwin'] }));
    world.here.person.rename('b', 'a');
    expect(await settled(world)).toEqual({ a: 'two' });
  });

  test('a file that is moved while the folder is looked at, and is seen twice, is one document', async () => {
    const world = await agreed({ a: 'text', 'd/other': 'x' });
    world.here.onCall = (call, path) => {
      if (call !== 'list' || path !== 'd') return;
      world.here.onCall = null;
      world.here.person.rename('a', 'd/b');
    };
    await world.pass();
    expect(await settled(world)).toEqual({ d: null, 'd/b': 'text', 'd/other': 'x' });
    expect(world.cloud.calls.get('upload')).toBe(2);
  });

  test('a folder that is moved while it is looked at, and is seen twice, keeps the documents without bytes', async () => {
    const world = await agreed({ 'a/f': 'text', 'd/other': 'x' });
    const { store, parts, disk, clients } = world.computers[0]!;
    store.keeping.setKeep(store.entries.entryAt('a' as never)!, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    disk.onCall = (call, path) => {
      if (call !== 'list' || path !== 'd') return;
      disk.onCall = null;
      disk.person.rename('a', 'd/b');
    };
    await world.pass();
    expect(await world.settle()).not.toBeNull();
    expect(world.cloud.tree(ROOTS[0])).toEqual({ d: null, 'd/b': null, 'd/b/f': 'text', 'd/other': 'x' });
  });

  test('two names of one file are two documents', async () => {
    const world = await agreed({ a: 'text' });
    world.here.person.link('a', 'b');
    expect(await settled(world)).toEqual({ a: 'text', b: 'text' });
  });

  test('an edit that another scan found after the plan was made is not taken to the trash', async () => {
    const world = await agreed({ a: 'text' });
    world.cloud.remove(there('a'));
    const { parts } = world.computers[0]!;
    world.here.onCall = async (call, path) => {
      if (call !== 'stat' || path !== 'a') return;
      world.here.onCall = null;
      world.here.person.write('a', 'edited');
      await parts.observer.observe('everything');
    };
    await world.pass();
    expect(await settled(world)).toEqual({ a: 'edited' });
  });
});

describe('names', () => {
  test.each(['.docktide', '.DOCKTIDE', '.docktide-x.tmp'])(
    '%s in Dropbox is kept under another name here',
    async (name) => {
      const world = await agreed({ a: 'text' });
      world.cloud.move(there('a'), there(name));
      expect(await settled(world)).toEqual({ [name]: 'text' });
      expect(world.here.texts()).toEqual({ [`_${name}`]: 'text' });
      world.cloud.move(there(name), there('b'));
      expect(await settled(world)).toEqual({ b: 'text' });
    },
  );

  test('what gets an ignored name in Dropbox has left it: it goes to the trash here', async () => {
    const world = await agreed({ a: 'text' });
    world.cloud.move(there('a'), there('~$a'));
    expect(await world.settle()).not.toBeNull();
    expect(world.here.texts()).toEqual({});
    expect(world.here.trashedHashes().size).toBe(1);
    world.cloud.write(there('a'), 'another');
    expect(await world.settle()).not.toBeNull();
    expect(world.here.texts()).toEqual({ a: 'another' });
  });

  describe.each(['linux', 'darwin'] as const)('one name in two spellings, made on both sides (%s)', (platform) => {
    const made = (content: string) => {
      const world = new EngineWorld({ platforms: [platform, platform] });
      world.here.person.write('Offers/Offer.pdf', 'mine');
      world.cloud.write(there('offers/offer.PDF'), content);
      return world;
    };

    test('of one content is one document; each side keeps its spelling, and nothing is left to do', async () => {
      const world = made('mine');
      expect(await world.settle({ audit: 100 })).not.toBeNull();
      expect(world.cloud.tree(ROOTS[0])).toEqual({ offers: null, 'offers/offer.PDF': 'mine' });
      expect(world.here.texts()).toEqual({ Offers: null, 'Offers/Offer.pdf': 'mine' });
      // A computer that had neither takes Dropbox's.
      expect(world.computers[1]!.disk.texts()).toEqual(world.cloud.tree(ROOTS[0]));
      const calls = () => ['upload', 'move', 'copy', 'remove'].map((method) => world.cloud.calls.get(method) ?? 0);
      expect(calls()).toEqual([0, 0, 0, 0]);
      for (const computer of [0, 1]) expect(await world.pass(computer)).toMatchObject({ requests: 1, adopted: 0 });
    });

    test('of two contents is a conflict; both versions are on all sides', async () => {
      const world = made('theirs');
      expect(await world.settle({ audit: 100 })).not.toBeNull();
      const sides = [world.cloud.tree(ROOTS[0]), ...world.computers.map(({ disk }) => disk.texts())];
      for (const tree of sides) expect(new Set(Object.values(tree))).toEqual(new Set([null, 'theirs', 'mine']));
      expect(world.cloud.tree(ROOTS[0])['offers/offer.PDF']).toBe('mine');
      expect(world.here.texts()['Offers/Offer.pdf']).toBe('mine');
      expect(await world.pass()).toMatchObject({ requests: 1 });
    });

    test('follows a person who respells it here, and one who does so in Dropbox', async () => {
      const world = made('mine');
      await world.settle();
      world.here.person.rename('Offers/Offer.pdf', 'Offers/OFFER.pdf');
      expect(await world.settle()).not.toBeNull();
      expect(Object.keys(world.cloud.tree(ROOTS[0]))).toEqual(['offers', 'offers/OFFER.pdf']);
      world.cloud.move(there('offers/offer.pdf'), there('offers/offer.Pdf'));
      // Its feed never tells that; comparing the folders does.
      expect(await world.settle({ audit: 100 })).not.toBeNull();
      expect(Object.keys(world.here.texts())).toEqual(['Offers', 'Offers/offer.Pdf']);
    });
  });

  test('a name that looks as if set aside gets its own name again in whatever spelling', async () => {
    const world = await agreed({ '.DT-ASIDE-X1-A': 'text' });
    expect(await settled(world)).toEqual({ A: 'text' });
  });

  test('a name that was set aside twice gets its own name again', async () => {
    const world = await agreed({});
    world.cloud.write(there('.dt-aside-9-.dt-aside-8-b'), 'text');
    expect(await settled(world)).toEqual({ b: 'text' });
  });
});

describe('folders that are deleted in Dropbox', () => {
  // How late the feed is, is drawn.
  test.each([1, 2, 3, 4, 5, 6])(
    'what was moved into one that is made anew stays here while Dropbox has not told of it yet (seed 4015654, draw %i)',
    async (seed) => {
      const world = await agreed({ 'c/c': 'x', 'd/f': 'text' }, new EngineWorld({ seed }));
      world.cloud.lag = 4;
      world.cloud.remove(there('c'));
      world.here.person.rename('d', 'c/b');
      const inode = world.here.stampAt('c/b/f')?.fileId;
      for (let pass = 0; pass < 4; pass++) {
        await world.pass();
        expect(world.here.stampAt('c/b/f')?.fileId).toBe(inode);
      }
      world.cloud.lag = 0;
      expect(await settled(world)).toEqual({ c: null, 'c/b': null, 'c/b/f': 'text' });
      expect(world.here.stampAt('c/b/f')?.fileId).toBe(inode);
    },
  );

  test('what one deletion has found out about a folder keeps the next one from taking it along', async () => {
    const world = await agreed({ 'c/x': 'x', 'Quote/y': 'y' });
    world.here.person.remove('Quote');
    world.here.person.remove('c');
    world.here.person.write('c', 'a file');
    world.here.person.mkdir('new');
    let looks = 0;
    world.cloud.before = ({ method }) => {
      // The first look is the pass's own, the second one is for the first of the two folders.
      if (method === 'changes' && ++looks === 2) world.cloud.write(there('Quote/late'), 'late');
    };
    await world.pass();
    world.cloud.before = null;
    expect(await settled(world)).toEqual({ 'Quote/late': 'late', Quote: null, c: 'a file', new: null });
  });
});

describe('documents moved in Dropbox to where they are left alone', () => {
  test('are not sent again because their folder was renamed here meanwhile (seed 5597)', async () => {
    const world = await agreed({ 'f/c': 'text', 'f/a': 'other' });
    world.here.person.unusable('c');
    world.cloud.move(there('f/c'), there('c'));
    world.here.person.rename('f', 'g');
    await world.pass();
    expect(world.cloud.tree(ROOTS[0])).toEqual({ c: 'text', g: null, 'g/a': 'other' });
    world.here.person.remove('c');
    expect(await settled(world)).toEqual({ c: 'text', g: null, 'g/a': 'other' });
  });

  test('stay here with the folder that was moved here too (seed 7044028)', async () => {
    const world = await agreed({ 'd/a': 'text' });
    world.here.person.rename('d', 'e');
    world.cloud.move(there('d'), there('desktop.ini'));
    expect(await settled(world)).toEqual({ e: null, 'e/a': 'text' });
    expect(world.here.trashedHashes().size).toBe(0);
  });

  test('and back after the plan was made do not go here (seed 7020718)', async () => {
    const world = await agreed({ a: 'text' });
    world.cloud.move(there('a'), there('desktop.ini'));
    await world.pass(0, 0, {
      report: ({ kind }) => {
        if (kind === 'planned' && world.cloud.exists(there('desktop.ini')))
          world.cloud.move(there('desktop.ini'), there('b'));
      },
    });
    expect(await settled(world)).toEqual({ b: 'text' });
    expect(world.here.trashedHashes().size).toBe(0);
  });
});

describe('what is no file', () => {
  test.each(['n', '.docktide-x.tmp'])('keeps the document %s away until it is gone', async (name) => {
    const world = await agreed({ other: 'x' });
    const here = name === 'n' ? name : `_${name}`;
    world.here.person.unusable(here);
    await world.pass();
    world.cloud.write(there(name), 'text');
    await world.pass();
    world.here.person.remove(here);
    expect(await settled(world)).toEqual({ [name]: 'text', other: 'x' });
    expect(world.here.person.read(here)).toBe('text');
  });
});

describe('documents of one content', () => {
  test('one that Dropbox moves to where its copy is being sent leaves none behind (seed 3008371)', async () => {
    const world = await agreed({ b: 'text' });
    world.here.person.write('a', 'text');
    world.cloud.before = ({ method }) => {
      if (method === 'upload' && world.cloud.exists(there('b'))) world.cloud.move(there('b'), there('a'));
    };
    await world.pass();
    world.cloud.before = null;
    expect(await settled(world)).toEqual({ a: 'text', b: 'text' });
  });
});

describe('a document whose place in Dropbox has a Paper document', () => {
  test('is no earlier version of that: its bytes are not sent over it (seed 7600224)', async () => {
    const world = await agreed({ f: 'text' });
    world.cloud.remove(there('f'));
    world.cloud.writeCloudOnly(there('f'));
    expect(await world.settle()).not.toBeNull();
    expect(world.here.texts()).toEqual({});
    expect([...world.here.trashedHashes()]).toHaveLength(1);
    expect(world.cloud.entry(there('f'))?.downloadable).toBe(false);
  });
});

describe('documents made again where others were deleted', () => {
  test('do not change places for ever while deletions are held and Dropbox has swapped them (seed 5501266)', async () => {
    const files = Object.fromEntries(Array.from({ length: 12 }, (_, number) => [`d/${number}`, `text ${number}`]));
    const world = await agreed({ ...files, 'a/f': 'x', 'c/f': 'y' });
    for (const path of ['a/f', 'c', ...Object.keys(files).slice(0, 4)]) world.here.person.remove(path);
    world.cloud.move(there('a/f'), there('swapping'));
    world.cloud.move(there('c/f'), there('a/f'));
    world.cloud.move(there('swapping'), there('c/f'));
    await world.pass(0, 0, { approveDeletions: false });
    world.here.person.write('a/f', 'new');
    expect(await world.settle({ approveDeletions: false })).not.toBeNull();
    expect(Object.values(world.here.texts())).toContain('new');
    expect(Object.values(world.cloud.tree(ROOTS[0]))).toContain('new');
  });
});
