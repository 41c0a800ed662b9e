import { describe, expect, test } from 'vitest';
import { bringBack } from '../../src-main/engine/bring-back.ts';
import type { Effect } from '../../src-main/engine/ports.ts';
import { freeBytes } from '../../src-main/keeping/cleaner.ts';
import { refuseDeletions } from '../../src-main/keeping/held.ts';
import type { LocalId } from '../../src-shared/domain.ts';
import { Crash, EngineWorld, ROOTS } from '../support/engine-world.ts';
import { agreed, dyingWhen, settled, there, withErp } from './stories.ts';

// What runs of the simulation have found, each as the shortest story that shows it: links, one-way folders.

describe('links only', () => {
  test('a document without bytes thaws with its folder', async () => {
    const world = await agreed({ 'd/f': 'x' });
    const { store, parts, disk, clients } = world.computers[0]!;
    store.keeping.setKeep(store.entries.entryAt('d' as never)!, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    disk.unreadable.add('d');
    await world.pass();
    disk.unreadable.clear();
    await world.pass();
    expect(store.entries.get(store.entries.entryAt('d/f' as never)!)).toMatchObject({ frozen: 0, present: 0 });
  });

  test('a folder of links that is moved to where nobody can look is not deleted in Dropbox', async () => {
    const world = await agreed({ 'd/f': 'x', 'shut/g': 'y' });
    const { store, parts, disk, clients } = world.computers[0]!;
    store.keeping.setKeep(store.entries.entryAt('d' as never)!, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    disk.unreadable.add('shut');
    world.here.person.rename('d', 'shut/d');
    await world.pass();
    expect(world.cloud.tree(ROOTS[0])).toMatchObject({ 'd/f': 'x', 'shut/g': 'y' });
    disk.unreadable.clear();
    expect(await world.settle()).not.toBeNull();
    expect(world.cloud.tree(ROOTS[0])).toEqual({ shut: null, 'shut/d': null, 'shut/d/f': 'x', 'shut/g': 'y' });
  });

  test('refused deletions bring a document without bytes back in Dropbox, also where a folder has its place (seed 5500575)', async () => {
    const names = Array.from({ length: 12 }, (_, number) => `d/${number}`);
    const world = await agreed(Object.fromEntries(names.map((name) => [name, name])));
    const { store, parts, disk, clients } = world.computers[0]!;
    store.keeping.setKeep(store.entries.entryAt('d' as never)!, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    for (const name of names) world.cloud.remove(there(name));
    world.cloud.mkdir(there('d/0'));
    await world.pass(0, 0, { approveDeletions: false });
    const client = store.sync.client(clients[0]!)!;
    const answer = await refuseDeletions({ store, cloudOf: (row) => parts.cloud(row) }, client);
    expect(answer).toMatchObject({ dropbox: 12, missing: [] });
    expect(await world.settle()).not.toBeNull();
    const files = Object.values(world.cloud.tree(ROOTS[0])).filter((content) => content !== null);
    expect(files.toSorted()).toEqual(names.toSorted());
    expect(world.cloud.entry(there('d/0')).kind).toBe('folder');
    expect(store.sync.hasUnproven(clients[0]!)).toBe(false);
  });

  test('a link does not come into a folder that a person has just removed, and go with it', async () => {
    const world = await agreed({ 'b/f': 'x' });
    const { store } = world.computers[0]!;
    store.keeping.setKeep(store.entries.entryAt('b' as never)!, { kind: 'links' });
    world.cloud.write(there('b/new'), 'unseen');
    world.cloud.after = ({ method }) => {
      if (method !== 'changes') return;
      world.cloud.after = null;
      world.here.person.remove('b');
    };
    await world.pass();
    expect(await world.settle()).not.toBeNull();
    expect(world.cloud.tree(ROOTS[0])).toEqual({ b: null, 'b/new': 'unseen' });
  });

  test('a document without bytes is not restored over another one', async () => {
    const world = await agreed({ 'd/f': 'x' });
    const { store, parts, disk, clients } = world.computers[0]!;
    store.keeping.setKeep(store.entries.entryAt('d' as never)!, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    world.here.person.rename('d', 'e');
    world.cloud.remove(there('d/f'));
    world.cloud.after = ({ method }) => {
      if (method !== 'move') return;
      world.cloud.after = null;
      world.cloud.write(there('e/f'), 'another');
    };
    await world.pass();
    expect(await world.settle()).not.toBeNull();
    expect(world.cloud.tree(ROOTS[0])).toMatchObject({ 'e/f': 'another' });
  });

  test('a document without bytes is restored although something else has its former place', async () => {
    const world = await agreed({ 'd/f': 'x' });
    const { store, parts, disk, clients } = world.computers[0]!;
    store.keeping.setKeep(store.entries.entryAt('d' as never)!, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    world.here.person.rename('d', 'e');
    world.cloud.remove(there('d/f'));
    world.cloud.mkdir(there('d/f'));
    expect(await world.settle()).not.toBeNull();
    expect(Object.values(world.cloud.tree(ROOTS[0]))).toContain('x');
  });

  test('a folder that a person makes where a link is about to come is no deletion of the document', async () => {
    const world = await agreed({ f: 'x' });
    const { store, parts, disk, clients } = world.computers[0]!;
    store.keeping.setKeep(store.entries.entryAt('f' as never)!, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    world.cloud.move(there('f'), there('g'));
    world.cloud.after = ({ method }) => {
      if (method === 'changes' && !disk.person.exists('g')) disk.person.mkdir('g');
    };
    await world.pass();
    world.cloud.after = null;
    expect(await world.settle()).not.toBeNull();
    expect(new Set(Object.values(world.cloud.tree(ROOTS[0])))).toEqual(new Set([null, 'x']));
  });

  test('a file that a person puts at the place to which a link is moved is no edit of it', async () => {
    const world = await agreed({ f: 'x' });
    const { store, parts, disk, clients } = world.computers[0]!;
    store.keeping.setKeep(store.entries.entryAt('f' as never)!, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    world.cloud.move(there('f'), there('g'));
    let looks = 0;
    disk.onCall = (call, path) => {
      // Between the look at the folder and the one at the place.
      if (call === 'stat' && path === 'g' && looks++ === 0) disk.person.write('g', 'another');
    };
    await world.pass();
    disk.onCall = null;
    expect(looks).toBeGreaterThan(0);
    expect(await world.settle()).not.toBeNull();
    expect(new Set(Object.values(world.cloud.tree(ROOTS[0])))).toEqual(new Set(['another', 'x']));
  });

  describe('a person at work in the instant before a link is recorded', () => {
    /** A world where `b` keeps links only; `act` happens right before such an effect is recorded. */
    async function linking(effect: Effect['kind'], act: (person: EngineWorld['here']['person']) => void) {
      const world = await agreed({ 'b/f': 'x' });
      const computer = world.computers[0]!;
      const { store, parts, disk, clients } = computer;
      store.keeping.setKeep(store.entries.entryAt('b' as never)!, { kind: 'links' });
      await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
      let isDue = true;
      const acting = dyingWhen((name, values) => {
        const effects = name === 'record' ? (values[1] as readonly Effect[]) : [];
        if (isDue && effects.some(({ kind }) => kind === effect)) {
          isDue = false;
          act(world.here.person);
        }
        return false;
      }, parts.store);
      computer.parts = { ...parts, store: acting };
      return world;
    }
    const ends = async (world: EngineWorld) => {
      expect(await world.settle()).not.toBeNull();
      return world.cloud.tree(ROOTS[0]);
    };
    const COPY = 'b/f (conflicted copy from Dropbox, 2026-11-23)';

    test('who writes at its place has not edited it', async () => {
      const world = await linking('local.add', (person) => person.write('b/new', 'mine'));
      world.cloud.write(there('b/new'), 'theirs');
      expect(Object.values(await ends(world))).toEqual([null, 'x', 'mine', 'theirs']);
    });

    test('who writes at its place has edited the version before', async () => {
      const world = await linking('local.content', (person) => person.write('b/f', 'mine'));
      world.cloud.write(there('b/f'), 'theirs');
      expect(await ends(world)).toEqual({ b: null, 'b/f': 'mine', [COPY]: 'theirs' });
    });

    test('who removes its folder has not removed it (seed 7054435)', async () => {
      const world = await linking('local.add', (person) => person.remove('b'));
      world.cloud.write(there('b/new'), 'unseen');
      expect(await ends(world)).toEqual({ b: null, 'b/new': 'unseen' });
    });

    test('who writes where it is moved to has not edited it', async () => {
      const world = await linking('local.move', (person) => person.write('b/g', 'mine'));
      world.cloud.move(there('b/f'), there('b/g'));
      expect(new Set(Object.values(await ends(world)))).toEqual(new Set([null, 'mine', 'x']));
    });
  });

  test('bytes that another scan has found are no link to an edit of which nobody knew (seed 7046271)', async () => {
    const world = await agreed({ f: 'x' });
    const { store, parts, disk, clients } = world.computers[0]!;
    store.keeping.setKeep(store.entries.entryAt('f' as never)!, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    world.cloud.write(there('f'), 'theirs');
    let isDue = true;
    await world.pass(0, 0, {
      report: ({ kind }) => {
        if (kind !== 'planned' || !isDue) return;
        isDue = false;
        disk.person.write('f', 'mine');
        void parts.gate.scan(() => parts.observer.observe('everything'));
      },
    });
    expect(await world.settle()).not.toBeNull();
    expect(Object.values(world.cloud.tree(ROOTS[0]))).toEqual(['mine', 'theirs']);
  });

  test('bytes that were about to be freed when the program died, and were renamed, are the document still', async () => {
    const world = await agreed({ a: 'x' });
    const computer = world.computers[0]!;
    const { store, parts, disk, clients } = computer;
    store.keeping.setKeep(store.entries.entryAt('a' as never)!, { kind: 'links' });
    let dead = false;
    disk.onCall = (call) => {
      dead ||= call === 'free';
      if (dead) throw new Crash('crash');
    };
    const engine = { ...parts, store: dyingWhen(() => dead, parts.store) };
    await expect(freeBytes({ store, engine, disk }, clients[0]!, { dryRun: false })).rejects.toThrow(Crash);
    disk.onCall = null;
    expect(disk.person.read('a')).toBe('x');
    world.restart(computer);
    disk.person.rename('a', 'b');
    expect(await settled(world)).toEqual({ b: 'x' });
    expect(world.cloud.calls.get('upload')).toBe(1);
  });

  test('a document that was renamed here meanwhile can be opened', async () => {
    const world = await agreed({ f: 'x' });
    const { store, parts, disk, clients } = world.computers[0]!;
    const id: LocalId = store.entries.entryAt('f' as never)!;
    store.keeping.setKeep(id, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    store.entries.place(id, null, 'g');
    await bringBack(parts, clients[0]!, id);
    expect(disk.person.read('g')).toBe('x');
    store.keeping.setKeep(id, null);
    expect(await settled(world)).toEqual({ g: 'x' });
  });

  test('opening a document that was moved in Dropbox is no agreement about its place', async () => {
    const world = await agreed({ f: 'x' });
    const { store, parts, disk, clients } = world.computers[0]!;
    const id: LocalId = store.entries.entryAt('f' as never)!;
    store.keeping.setKeep(id, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    store.keeping.setKeep(id, null);
    world.cloud.move(there('f'), there('g'));
    const { changes, cursor, hasMore } = await parts
      .cloud(store.sync.client(clients[0]!)!)
      .changes(store.sync.feed(clients[0]!).cursor);
    store.sync.applyPage(clients[0]!, { changes, cursor, hasMore });
    await bringBack(parts, clients[0]!, id);
    expect(await settled(world)).toEqual({ g: 'x' });
  });
});

describe('links only, deleted in Dropbox', () => {
  test('a document that was renamed here can be opened, and lives on', async () => {
    const world = await agreed({ f: 'x' });
    const { store, parts, disk, clients } = world.computers[0]!;
    const id: LocalId = store.entries.entryAt('f' as never)!;
    store.keeping.setKeep(id, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    // Dropbox does not take the name: it cannot be restored there.
    store.entries.place(id, null, 'c\\d');
    world.cloud.remove(there('f'));
    await world.pass();
    await bringBack(parts, clients[0]!, id);
    store.keeping.setKeep(id, null);
    disk.person.rename('c\\d', 'g');
    expect(await settled(world)).toEqual({ g: 'x' });
  });
});

describe('one-way folders and patterns', () => {
  test('a conflict in a folder that goes up only keeps the version from Dropbox there', async () => {
    const world = await agreed({ 'd/a': 'base' });
    const { store } = world.computers[0]!;
    store.keeping.setFlow(store.entries.entryAt('d' as never)!, 'up');
    world.cloud.write(there('d/a'), 'theirs');
    world.here.person.write('d/a', 'mine');
    expect(await world.settle()).not.toBeNull();
    const both = { d: null, 'd/a': 'mine', 'd/a (conflicted copy from Dropbox, 2026-11-23)': 'theirs' };
    expect(world.cloud.tree(ROOTS[0])).toEqual(both);
    expect(world.here.texts()).toEqual({ d: null, 'd/a': 'mine' });
    store.keeping.setFlow(store.entries.entryAt('d' as never)!, null);
    expect(await settled(world)).toEqual(both);
  });

  test('what comes into a one-way folder and moves it at once comes no further', async () => {
    const world = await agreed({ 'd/a': 'base' });
    const { store } = world.computers[0]!;
    store.keeping.setFlow(store.entries.entryAt('d' as never)!, 'up');
    world.cloud.move(there('d'), there('e'));
    world.cloud.write(there('e/a'), 'theirs');
    world.cloud.write(there('e/new'), 'new');
    expect(await world.settle()).not.toBeNull();
    expect(world.here.texts()).toEqual({ d: null, 'd/a': 'base' });
    store.keeping.setFlow(store.entries.entryAt('d' as never)!, null);
    expect(await settled(world)).toEqual({ e: null, 'e/a': 'theirs', 'e/new': 'new' });
  });

  test('what may not be touched is not moved aside for others', async () => {
    const world = await agreed({ f: 'x', 'd/g': 'y' });
    const { store } = world.computers[0]!;
    store.keeping.setFlow(store.entries.entryAt('d' as never)!, 'off');
    world.here.person.rename('f', 'between');
    world.here.person.rename('d', 'f');
    world.here.person.rename('between', 'd');
    expect(await world.settle()).not.toBeNull();
    expect(world.cloud.tree(ROOTS[0])).toMatchObject({ d: null, 'd/g': 'y' });
    store.keeping.setFlow(store.entries.entryAt('f' as never)!, null);
    expect(await settled(world)).toEqual({ d: 'x', f: null, 'f/g': 'y' });
  });

  test.each(['here', 'there'])(
    'a folder removed %s that holds what is never synced on the other side stays',
    async (side) => {
      const world = await agreed({ 'd/f': 'x' });
      const { store } = world.computers[0]!;
      store.keeping.setIgnorePatterns(['*.bak']);
      if (side === 'here') {
        world.cloud.write(there('d/n.bak'), 'kept');
        world.here.person.remove('d');
      } else {
        world.here.person.write('d/n.bak', 'kept');
        world.cloud.remove(there('d'));
      }
      expect(await world.settle()).not.toBeNull();
      const kept = side === 'here' ? world.cloud.tree(ROOTS[0]) : world.here.texts();
      expect(kept).toEqual({ d: null, 'd/n.bak': 'kept' });
      store.keeping.setIgnorePatterns([]);
      expect(await settled(world)).toEqual({ d: null, 'd/n.bak': 'kept' });
    },
  );

  test('what a pattern leaves alone and Dropbox moves to where it does not, moves here too', async () => {
    const world = await agreed({ 'n.bak': 'x' });
    world.computers[0]!.store.keeping.setIgnorePatterns(['*.bak']);
    world.cloud.move(there('n.bak'), there('n.txt'));
    expect(await settled(world)).toEqual({ 'n.txt': 'x' });
    expect(world.here.texts()).toEqual({ 'n.txt': 'x' });
  });

  test('a document without bytes here does not leave Dropbox by getting a name that is never synced', async () => {
    const world = await agreed({ f: 'x' });
    const { store, parts, disk, clients } = world.computers[0]!;
    const id = store.entries.entryAt('f' as never)!;
    store.keeping.setKeep(id, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    store.keeping.setIgnorePatterns(['*.bak']);
    store.entries.place(id, null, 'f.bak');
    expect(await world.settle()).not.toBeNull();
    expect(world.cloud.tree(ROOTS[0])).toEqual({ f: 'x' });
  });
});

test('a freed document whose folder of the ERP is taken away while it is looked at can be judged when the folder is back (seed 3022269)', async () => {
  const world = withErp(new EngineWorld());
  const { store, disk } = world.computers[0]!;
  await world.pass();
  world.here.person.write('Quote/f', 'text');
  await settled(world);
  store.keeping.setKeep(store.entries.at(null, 'Quote')!.id, { kind: 'links' });
  await freeBytes({ store, engine: world.computers[0]!.parts, disk }, world.computers[0]!.clients[0]!, {
    dryRun: false,
  });
  expect(world.here.person.exists('Quote/f')).toBe(false);
  disk.onCall = (call, path) => {
    if (call === 'list' && path === 'Quote') world.here.person.remove('Quote');
  };
  await world.pass().catch(() => {});
  disk.onCall = null;
  expect(await world.settle()).not.toBeNull();
  expect(store.db.prepare('SELECT name FROM entries WHERE frozen = 1').all()).toEqual([]);
  expect(world.cloud.tree(ROOTS[0])).toEqual({ Quote: null, 'Quote/f': 'text' });
});

test.each(['changes places with', 'takes the place of'])(
  'a freed document goes along where its folder %s one of the ERP (seed 4033923)',
  async (how) => {
    const world = withErp(new EngineWorld());
    const { store, parts, disk, clients } = world.computers[0]!;
    world.here.person.write('n/f', 'text');
    await settled(world);
    store.keeping.setKeep(store.entries.at(null, 'n')!.id, { kind: 'links' });
    await freeBytes({ store, engine: parts, disk }, clients[0]!, { dryRun: false });
    const { person } = world.here;
    person.rename('Quote', 'between');
    person.rename('n', 'Quote');
    if (how === 'changes places with') person.rename('between', 'n');
    else person.remove('between');
    expect(await world.settle()).not.toBeNull();
    expect(world.cloud.tree(ROOTS[0])).toMatchObject({ 'Quote/f': 'text' });
    expect(store.entries.entryAt('Quote/f' as never)).not.toBeNull();
  },
);
