import { describe, expect, test } from 'vitest';
import { Fault, type Effect, type RemoteChange } from '../../src-main/engine/ports.ts';
import { runPass } from '../../src-main/engine/pass.ts';
import { Crash, EngineWorld, ROOTS } from '../support/engine-world.ts';
import { agreed, dyingAt, dyingWhen, lost, settled, there } from './stories.ts';

// What runs of the simulation have found, each as the shortest story that shows it: conflicts, and programs that die in the middle.

describe('conflicts', () => {
  test('an upload that fails after the copy was made leads to no second copy', async () => {
    const world = await agreed({ a: 'base' });
    world.cloud.write(there('a'), 'theirs');
    world.here.person.write('a', 'mine');
    let failures = 2;
    world.cloud.before = ({ method }) => {
      if (method === 'upload' && failures-- > 0) throw new Fault('busy', 'busy', { retryable: true });
    };
    await world.pass();
    expect(await settled(world)).toEqual({ a: 'mine', 'a (conflicted copy from Dropbox, 2026-11-23)': 'theirs' });
  });

  test.each([
    ['agreed upon', { b: 'base' }],
    ['new on both sides', {}],
  ])(
    'a document %s is kept once, although a folder took its place after the copy (seeds 7055254, 7300139)',
    async (_, files: Record<string, string>) => {
      const world = await agreed(files);
      world.cloud.write(there('b'), 'theirs');
      world.here.person.write('b', 'mine');
      world.cloud.before = ({ method }) => {
        if (method === 'upload') throw new Fault('busy', 'busy', { retryable: true });
      };
      await world.pass();
      world.cloud.before = null;
      world.here.person.remove('b');
      world.here.person.mkdir('b');
      expect(await settled(world)).toEqual({ b: null, 'b (conflicted copy from Dropbox, 2026-11-23)': 'theirs' });
    },
  );

  test('an upload whose answer was lost is known again at the place to which the document was moved', async () => {
    const world = await agreed({ a: 'text' });
    world.cloud.remove(there('a'));
    world.here.person.rename('a', 'b');
    world.cloud.after = ({ method }) => {
      if (method === 'upload') throw lost();
    };
    await world.pass();
    world.cloud.after = null;
    expect(await settled(world)).toEqual({ b: 'text' });
  });
});

describe('a document that was copied and then removed', () => {
  test('is one document for everybody, although the copy could not be read at first (seeds 7041456, 7041502)', async () => {
    const world = await agreed({ a: 'text' }, new EngineWorld({ platforms: ['linux', 'linux'] }));
    const [first, second] = world.computers;
    first!.disk.person.copy('a', 'b');
    first!.disk.person.remove('a');
    first!.disk.unreadable.add('b');
    await world.pass();
    second!.disk.person.rename('a', 'c');
    first!.disk.unreadable.clear();
    expect(Object.values(await settled(world))).toEqual(['text']);
  });
});

describe('the list of conflicts', () => {
  const copies = (world: EngineWorld) => world.computers[0]!.store.keepsakes.openConflicts().map(({ copy }) => copy);

  test('knows a version whose download failed, once', async () => {
    const world = await agreed({ a: 'base' });
    world.cloud.write(there('a'), 'theirs');
    world.here.person.write('a', 'mine');
    world.here.onCall = (call) => {
      if (call === 'place') throw new Fault('read-only', 'It cannot be written.');
    };
    const first = await world.pass();
    world.here.onCall = null;
    await settled(world);
    expect(first.conflicts).toBe(1);
    expect(copies(world)).toEqual(['a (conflicted copy from Dropbox, 2026-11-23)']);
  });

  test('knows a document that was renamed for another one when the program died', async () => {
    const world = await agreed({ é: 'one' });
    const computer = world.computers[0]!;
    world.here.person.write('e\u0301', 'two');
    computer.parts = { ...computer.parts, store: dyingAt('local.move', computer.parts.store) };
    await expect(world.pass()).rejects.toThrow(Crash);
    world.restart(computer);
    await settled(world);
    expect(copies(world)).toEqual(['e\u0301 (case conflict)']);
  });
});

describe('half of a move', () => {
  /** What the feed tells from here on, page by page. */
  function retell(world: EngineWorld, tell: (changes: readonly RemoteChange[]) => readonly RemoteChange[]): void {
    const { parts, store, clients } = world.computers[0]!;
    const client = parts.cloud(store.sync.client(clients[0]!)!);
    const changes = client.changes.bind(client);
    client.changes = async (cursor) => {
      const page = await changes(cursor);
      return { ...page, changes: tell(page.changes) };
    };
  }
  const newPlacesFirst = (changes: readonly RemoteChange[]) =>
    changes.toSorted((a, b) => Number(a.kind === 'deleted') - Number(b.kind === 'deleted'));
  const goneOnly = (changes: readonly RemoteChange[]) => changes.filter(({ kind }) => kind === 'deleted');

  test('of a folder is no deletion of what was moved in it and told as a whole', async () => {
    const world = await agreed({ 'd/a': 'text', other: 'x' });
    world.here.person.rename('d', 'e');
    world.cloud.move(there('d/a'), there('d/b'));
    let whole = true;
    retell(world, (changes) => (whole ? newPlacesFirst(changes) : goneOnly(changes)));
    world.cloud.after = ({ method }) => {
      if (method === 'move') whole = false;
    };
    await world.pass();
    expect(world.here.trashedHashes().size).toBe(0);
    expect(await settled(world)).toEqual({ e: null, 'e/b': 'text', other: 'x' });
  });

  test('of its own that is told late is followed by what was deleted before it', async () => {
    const world = await agreed({ 'd/a': 'text', 'd/b': 'more', other: 'x' });
    world.here.person.rename('d', 'e');
    let isLate = false;
    world.cloud.before = ({ method }) => {
      if (method !== 'move') return;
      world.cloud.before = null;
      world.cloud.remove(there('d/a'));
      isLate = true;
    };
    const { parts, store, clients } = world.computers[0]!;
    const client = parts.cloud(store.sync.client(clients[0]!)!);
    const changes = client.changes.bind(client);
    client.changes = async (cursor) => {
      if (cursor === null || !isLate) return changes(cursor);
      isLate = false;
      return { changes: [], cursor, hasMore: false };
    };
    await world.pass();
    expect(world.here.texts()).toMatchObject({ e: null });
    expect(await settled(world)).toEqual({ e: null, 'e/b': 'more', other: 'x' });
  });

  test('lets a deletion here stand: the document is deleted at its new place', async () => {
    const world = await agreed({ a: 'text', other: 'x' });
    world.here.person.remove('a');
    world.cloud.move(there('a'), there('b'));
    let half = true;
    retell(world, (changes) => (half ? goneOnly(changes) : changes));
    await world.pass();
    half = false;
    world.cloud.resetCursors();
    expect(await settled(world)).toEqual({ other: 'x' });
  });

  test('of its own is no deletion, and no reason to ask', async () => {
    const world = await agreed({ a: 'text', other: 'x' });
    world.here.person.rename('a', 'b');
    retell(world, goneOnly);
    await world.pass();
    expect(world.here.texts()).toEqual({ b: 'text', other: 'x' });
    expect(world.cloud.calls.get('lookup') ?? 0).toBe(0);
    expect(await settled(world)).toEqual({ b: 'text', other: 'x' });
  });

  test('that the feed has told is no deletion of a document that was moved here too', async () => {
    const world = await agreed({ a: 'text', other: 'x' });
    const { id } = world.cloud.entry(there('a'));
    world.here.person.rename('a', 'b');
    world.cloud.move(there('a'), there('c'));
    const client = world.computers[0]!.parts.cloud(
      world.computers[0]!.store.sync.client(world.computers[0]!.clients[0]!)!,
    );
    const changes = client.changes.bind(client);
    // The feed tells that it is gone, and only at the next look where it is now.
    client.changes = async (cursor) => {
      const page = await changes(cursor);
      return { ...page, changes: page.changes.filter((change) => change.kind === 'deleted') };
    };
    await world.pass();
    client.changes = changes;
    world.cloud.resetCursors();
    expect(await settled(world)).toEqual({ b: 'text', other: 'x' });
    expect(world.cloud.entry(there('b')).id).toBe(id);
  });
});

describe('crashes', () => {
  test('a document that was placed but not recorded, and moved in Dropbox meanwhile, is one document', async () => {
    const world = await agreed({ other: 'x' });
    world.cloud.write(there('a'), 'text');
    const computer = world.computers[0]!;
    computer.parts = { ...computer.parts, store: dyingAt('local.add', computer.parts.store) };
    await expect(world.pass()).rejects.toThrow(Crash);
    expect(world.here.person.read('a')).toBe('text');
    world.restart(computer);
    world.cloud.move(there('a'), there('b'));
    expect(await settled(world)).toEqual({ b: 'text', other: 'x' });
  });

  test('what had gone to the trash when the program died is listed there', async () => {
    const world = await agreed({ 'd/a': 'text', other: 'x' });
    const computer = world.computers[0]!;
    const { keepsakes } = computer.store;
    world.cloud.remove(there('d'));
    computer.parts = { ...computer.parts, store: dyingAt('local.remove', computer.parts.store) };
    await expect(world.pass()).rejects.toThrow(Crash);
    expect(keepsakes.trashRows()).toEqual([]);
    world.restart(computer);
    expect(await settled(world)).toEqual({ other: 'x' });
    expect(keepsakes.trashRows()).toMatchObject([{ path: 'd', kind: 'folder', contents: [{ path: 'a', size: 4 }] }]);
    expect([...world.here.trashedHashes()]).toHaveLength(1);
  });

  test('what sync took to the trash and could not note is no deletion by a person', async () => {
    const world = await agreed({ a: 'text', other: 'x' });
    const { id } = world.cloud.entry(there('a'));
    world.cloud.move(there('a'), 'elsewhere');
    let taken = false;
    world.here.onCall = (call) => {
      // The disk is gone right after.
      if (taken && call === 'check') world.here.state = 'marker-missing';
      taken ||= call === 'trash';
    };
    await expect(world.pass()).rejects.toMatchObject({ code: 'marker-missing' });
    world.here.onCall = null;
    world.here.state = 'ready';
    world.cloud.move('elsewhere', there('b'));
    expect(await settled(world)).toEqual({ b: 'text', other: 'x' });
    expect(world.cloud.entry(there('b')).id).toBe(id);
  });

  test('what was on its way to the trash when the program died, and stayed, is not listed there', async () => {
    const world = await agreed({ a: 'text', other: 'x' });
    const computer = world.computers[0]!;
    world.cloud.remove(there('a'));
    world.here.onCall = (call) => {
      if (call === 'trash') throw new Fault('read-only', 'It cannot be written.');
    };
    await world.pass();
    world.here.onCall = null;
    world.restart(computer);
    world.cloud.write(there('a'), 'text');
    expect(await settled(world)).toEqual({ a: 'text', other: 'x' });
    expect(computer.store.keepsakes.trashRows()).toEqual([]);
    expect(computer.store.keepsakes.begunTrash()).toEqual([]);
  });

  test('bytes in the trash that no row tells of are listed when the program starts, and rows without bytes go', async () => {
    const world = await agreed({ a: 'text', b: 'more', other: 'x' });
    const computer = world.computers[0]!;
    const { keepsakes } = computer.store;
    world.cloud.remove(there('a'));
    world.cloud.remove(there('b'));
    await settled(world);
    const [b, a] = keepsakes.trashRows();
    keepsakes.removeTrash(a!.id);
    await world.here.purge(b!.trashKey!);
    world.restart(computer);
    await world.pass();
    expect(keepsakes.trashRows()).toMatchObject([
      { path: `Found again/${a!.trashKey}`, trashKey: a!.trashKey, size: 4 },
      { path: 'b', trashKey: null, rev: b!.rev },
    ]);
  });

  test('a file that was respelled when the program died is still there, where both spellings are one name', async () => {
    const world = await agreed({ é: 'text' }, new EngineWorld({ platforms: ['darwin'] }));
    const computer = world.computers[0]!;
    world.cloud.move(there('é'), there('e\u0301'));
    computer.parts = { ...computer.parts, store: dyingAt('local.move', computer.parts.store) };
    await expect(world.pass(0, 0, { audit: 100 })).rejects.toThrow(Crash);
    world.restart(computer);
    expect(Object.values(await settled(world))).toEqual(['text']);
  });

  test('a file that has both names when the program dies in a move is one document', async () => {
    const world = await agreed({ a: 'text', other: 'x' });
    const computer = world.computers[0]!;
    world.cloud.move(there('a'), there('b'));
    let dead = false;
    world.here.onCall = (call) => {
      dead ||= call === 'unlink';
      if (dead) throw new Crash('crash');
    };
    computer.parts = { ...computer.parts, store: dyingWhen(() => dead, computer.parts.store) };
    await expect(world.pass()).rejects.toThrow(Crash);
    world.here.onCall = null;
    expect(Object.keys(world.here.texts())).toEqual(['a', 'b', 'other']);
    world.restart(computer);
    expect(await settled(world)).toEqual({ b: 'text', other: 'x' });
    expect(world.cloud.calls.get('upload')).toBe(2);
  });

  test('what an interrupted download left behind is removed once nobody wants it', async () => {
    const world = await agreed({ other: 'x' });
    world.cloud.write(there('a'), 'text');
    world.cloud.during = () => {
      throw lost();
    };
    await world.pass();
    world.cloud.during = null;
    expect(world.here.temps()).toHaveLength(1);
    world.cloud.remove(there('a'));
    world.restart(world.computers[0]!);
    await world.pass();
    await world.pass();
    expect(world.here.temps()).toEqual([]);
  });
});

test('an edit that was sent as a document of its own is known again after a crash (seed 3048347)', async () => {
  const world = await agreed({ c: 'base' });
  const computer = world.computers[0]!;
  world.here.person.write('b', 'another');
  world.here.person.write('c', 'edited');
  world.cloud.move(there('c'), there('b'));
  let dead = false;
  const isEdit = (effect: Effect) => effect.kind === 'remote.put' && effect.entry.name === 'c';
  const store = dyingWhen(
    (name, values) => (dead ||= name === 'record' && (values[1] as readonly Effect[]).some(isEdit)),
    computer.parts.store,
  );
  await expect(runPass({ ...computer.parts, store }, computer.clients[0]!, {})).rejects.toThrow(Crash);
  expect(world.cloud.tree(ROOTS[0])).toMatchObject({ c: 'edited' });
  world.restart(computer);
  expect(await settled(world)).toEqual({
    b: 'another',
    'b (conflicted copy from Dropbox, 2026-11-23)': 'base',
    c: 'edited',
  });
});

test('what was sent in a conflict is no earlier version of it, when the feed is late and the program dies (seed 4000809)', async () => {
  const world = new EngineWorld();
  const computer = world.computers[0]!;
  world.cloud.lag = 1;
  world.here.person.write('a', 'mine');
  world.cloud.write(there('a'), 'theirs');
  let dead = false;
  const isSent = (effect: Effect) => effect.kind === 'remote.put' && effect.entry.name === 'a';
  const store = dyingWhen(
    (name, values) => (dead ||= name === 'record' && (values[1] as readonly Effect[]).some(isSent)),
    computer.parts.store,
  );
  await expect(runPass({ ...computer.parts, store }, computer.clients[0]!, {})).rejects.toThrow(Crash);
  expect(world.cloud.tree(ROOTS[0])).toMatchObject({ a: 'mine' });
  world.restart(computer);
  await world.pass();
  expect(world.here.person.read('a')).toBe('mine');
  world.cloud.lag = 0;
  expect(await settled(world)).toEqual({ a: 'mine', 'a (conflicted copy from Dropbox, 2026-11-23)': 'theirs' });
});

test('what was deleted in Dropbox while a page of the listing had been applied in part is not taken for there (seeds 5501819, 7041775)', async () => {
  const world = new EngineWorld();
  const computer = world.computers[0]!;
  world.cloud.write(there('first'), 'x');
  for (let file = 0; file < 60; file++) world.cloud.write(there(`more ${file}`), 'y');
  let pages = 0;
  const store = dyingWhen((name) => name === 'applyPage' && ++pages > 1, computer.parts.store);
  await expect(runPass({ ...computer.parts, store }, computer.clients[0]!, {})).rejects.toThrow(Crash);
  expect(computer.store.sync.remoteTree(computer.clients[0]!).some(({ name }) => name === 'first')).toBe(true);
  world.restart(computer);
  world.cloud.remove(there('first'));
  expect(Object.keys(await settled(world))).toHaveLength(60);
});

test('what came down as the documents folder went away is known again, also where Dropbox has moved it since (seed 7612907)', async () => {
  const world = await agreed({ a: 'x' });
  world.cloud.write(there('b'), 'y');
  let placed = false;
  world.here.onCall = (call) => {
    // The disk is asked for once more between the document at its place and the record of it.
    if (placed && call === 'check') world.here.state = 'documents-missing';
    placed ||= call === 'place';
  };
  await expect(world.pass()).rejects.toThrow('is missing');
  world.here.onCall = null;
  world.here.state = 'ready';
  expect(world.here.person.read('b')).toBe('y');
  world.cloud.move(there('b'), there('c'));
  expect(await settled(world)).toEqual({ a: 'x', c: 'y' });
});
