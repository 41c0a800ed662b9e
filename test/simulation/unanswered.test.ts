import { describe, expect, test } from 'vitest';
import { Fault } from '../../src-main/engine/ports.ts';
import { Crash, type Computer, type EngineWorld } from '../support/engine-world.ts';
import { agreed, dyingWhen, lost, settled, there } from './stories.ts';

// Uploads and folders that arrived in Dropbox while nobody here knows it: the answer was lost, the program died, or what
// was sent had left its place by then. Found by the simulation, each as the shortest story that shows it.

describe('an upload whose answer was lost', () => {
  async function uploadLost(world: EngineWorld): Promise<void> {
    world.cloud.after = ({ method }) => {
      if (method === 'upload') throw lost();
    };
    await world.pass();
    world.cloud.after = null;
  }

  test('is known again when the document is renamed here', async () => {
    const world = await agreed({ other: 'x', d: 'y' });
    world.here.person.write('a', 'text');
    await uploadLost(world);
    world.here.person.mkdir('e');
    world.here.person.rename('a', 'e/b');
    expect(await settled(world)).toEqual({ d: 'y', e: null, 'e/b': 'text', other: 'x' });
    expect(world.cloud.calls.get('upload')).toBe(3);
  });

  test('is known again when it is moved in Dropbox', async () => {
    const world = await agreed({ other: 'x' });
    world.here.person.write('a', 'text');
    await uploadLost(world);
    world.cloud.move(there('a'), there('b'));
    expect(await settled(world)).toEqual({ b: 'text', other: 'x' });
    expect(Object.keys(world.here.texts())).toEqual(['b', 'other']);
  });

  test('is known again when it replaced another version, which was then moved in Dropbox', async () => {
    const world = await agreed({ other: 'x' });
    world.here.person.write('a', 'mine');
    world.cloud.write(there('a'), 'theirs');
    await uploadLost(world);
    world.cloud.move(there('a'), there('b'));
    expect(await settled(world)).toEqual({
      'a (conflicted copy from Dropbox, 2026-11-23)': 'theirs',
      b: 'mine',
      other: 'x',
    });
  });

  test('is deleted in Dropbox when the document is removed here', async () => {
    const world = await agreed({ other: 'x' });
    world.here.person.write('a', 'text');
    await uploadLost(world);
    world.here.person.remove('a');
    expect(await settled(world)).toEqual({ other: 'x' });
  });

  test('is known again when the program died and another document has taken its place here', async () => {
    const world = await agreed({ other: 'x' });
    const { person } = world.here;
    person.write('a', 'text');
    let dead = false;
    world.cloud.after = ({ method }) => {
      dead ||= method === 'upload';
    };
    const computer = world.computers[0]!;
    computer.parts = { ...computer.parts, store: dyingWhen(() => dead, computer.parts.store) };
    await expect(world.pass()).rejects.toThrow(Crash);
    world.cloud.after = null;
    world.restart(computer);
    person.rename('a', 'b');
    person.write('a', 'another');
    expect(await settled(world)).toEqual({ a: 'another', b: 'text', other: 'x' });
  });

  test('a folder that failed and was made on the way to one below it is agreed upon', async () => {
    const world = await agreed({ other: 'x' });
    const { person } = world.here;
    person.write('d/e/f', 'text');
    world.cloud.before = ({ method, path }) => {
      if (method === 'createFolders' && path === 'd') throw new Fault('busy', 'busy', { retryable: true });
    };
    await world.pass();
    world.cloud.before = null;
    person.rename('d/e', 'moved');
    expect(await settled(world)).toEqual({ d: null, moved: null, 'moved/f': 'text', other: 'x' });
  });
});

/** The program dies once an upload has arrived. */
async function diesAfterUpload(world: EngineWorld): Promise<void> {
  const computer = world.computers[0]!;
  let dead = false;
  world.cloud.after = ({ method }) => {
    dead ||= method === 'upload';
  };
  computer.parts = { ...computer.parts, store: dyingWhen(() => dead, computer.parts.store) };
  await expect(world.pass()).rejects.toThrow(Crash);
  world.cloud.after = null;
  world.restart(computer);
}

/** The change feed tells nothing of these names; at the end, everything. */
async function untold(world: EngineWorld, names: readonly string[], work: () => Promise<void>): Promise<void> {
  const computer = world.computers[0]!;
  const client = computer.parts.cloud(computer.store.sync.client(computer.clients[0]!)!);
  const changes = client.changes.bind(client);
  const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  client.changes = async (cursor) => {
    const page = await changes(cursor);
    const told = page.changes.filter((change) =>
      change.kind === 'deleted' ? !names.includes(nameOf(change.pathLower)) : !names.includes(change.entry.name),
    );
    return { ...page, changes: told };
  };
  await work();
  client.changes = changes;
  world.cloud.resetCursors();
}

describe('an edit that arrived and was not recorded', () => {
  test('is no rival of what was made of it in Dropbox since', async () => {
    const world = await agreed({ a: 'base' });
    world.here.person.write('a', 'mine');
    await diesAfterUpload(world);
    world.cloud.write(there('a'), 'theirs');
    expect(await settled(world)).toEqual({ a: 'theirs' });
    expect(world.cloud.calls.get('versions')).toBe(1);
  });

  test('is edited on, without a conflict with itself', async () => {
    const world = await agreed({ a: 'base' });
    world.here.person.write('a', 'mine');
    await diesAfterUpload(world);
    world.here.person.write('a', 'mine again');
    expect(await settled(world)).toEqual({ a: 'mine again' });
  });

  test('does not bring back what is then deleted here', async () => {
    const world = await agreed({ a: 'base', other: 'x' });
    world.here.person.write('a', 'mine');
    await diesAfterUpload(world);
    world.here.person.remove('a');
    expect(await settled(world)).toEqual({ other: 'x' });
  });

  test('is newer than what the feed has told so far', async () => {
    const world = await agreed({ a: 'base' });
    // The move makes a new version there, so that what was agreed upon is not what the feed tells of.
    world.here.person.rename('a', 'b');
    world.here.person.write('b', 'mine');
    await diesAfterUpload(world);
    await untold(world, ['b'], async () => {
      await world.pass();
    });
    expect(await settled(world)).toEqual({ b: 'mine' });
    expect(world.here.trashedHashes().size).toBe(0);
  });

  test('in a conflict is no rival of what was made of it in Dropbox since (seed 7000237)', async () => {
    const world = await agreed({ a: 'base' });
    world.cloud.write(there('a'), 'theirs');
    world.here.person.write('a', 'mine');
    await diesAfterUpload(world);
    world.cloud.write(there('a'), 'theirs again');
    expect(await settled(world)).toEqual({
      a: 'theirs again',
      'a (conflicted copy from Dropbox, 2026-11-23)': 'theirs',
    });
  });

  test('is told from one that did not arrive and has an older content', async () => {
    const world = await agreed({ a: 'old' });
    world.here.person.write('a', 'base');
    await settled(world);
    world.here.person.write('a', 'old');
    world.cloud.before = ({ method }) => {
      if (method === 'upload') throw lost();
    };
    await world.pass();
    world.cloud.before = null;
    world.cloud.write(there('a'), 'theirs');
    expect(await settled(world)).toEqual({ a: 'old', 'a (conflicted copy from Dropbox, 2026-11-23)': 'theirs' });
  });
});

describe('a document that is deleted here while it is on its way', () => {
  async function deleted({ disk, parts }: Computer, path: string): Promise<void> {
    disk.person.remove(path);
    await parts.observer.observe('everything');
  }

  test.each([
    ['new', {}, 'a'],
    ['edited', { a: 'base' }, 'a'],
    ['new in a folder that goes too', {}, 'd/e/a'],
  ])('is gone: %s', async (_, before, path) => {
    const world = await agreed({ ...before, other: 'x' });
    const computer = world.computers[0]!;
    world.here.person.write(path, 'mine');
    let seen = 0;
    world.cloud.after = async ({ method }) => {
      if (method !== 'upload' || seen++ > 0) return;
      // Another lane looks at the folder meanwhile.
      await deleted(computer, path.split('/')[0]!);
    };
    await world.pass();
    world.cloud.after = null;
    expect(await settled(world)).toEqual({ other: 'x' });
  });

  test('stays where somebody has edited it there since', async () => {
    const world = await agreed({ a: 'base', other: 'x' });
    world.here.person.write('a', 'mine');
    await diesAfterUpload(world);
    world.here.person.remove('a');
    world.cloud.write(there('a'), 'theirs');
    expect(await settled(world)).toEqual({ a: 'theirs', other: 'x' });
  });
});

describe('what is no longer planned', () => {
  test('is known again when the feed told first of what took its place', async () => {
    const world = await agreed({ other: 'x' });
    world.here.person.write('a', 'text');
    await untold(world, ['b'], async () => {
      world.cloud.after = ({ method }) => {
        if (method !== 'upload') return;
        world.cloud.move(there('a'), there('b'));
        world.cloud.mkdir(there('a'));
        throw lost();
      };
      // The document here makes room for the folder and would be sent under another name.
      await world.pass(0, 0, { ignoreBackoff: false });
      world.cloud.after = null;
    });
    const tree = await settled(world);
    expect(Object.values(tree).filter((content) => content === 'text')).toHaveLength(1);
    expect(world.cloud.calls.get('upload')).toBe(2);
  });

  test('is known again when the document was moved after the look at the folder', async () => {
    const world = await agreed({ other: 'x' });
    world.here.person.write('a', 'text');
    await diesAfterUpload(world);
    await untold(world, ['a'], async () => {
      world.here.onCall = (call, path) => {
        if (call !== 'stat' || path !== 'a') return;
        world.here.onCall = null;
        world.here.person.rename('a', 'b');
      };
      await world.pass();
    });
    expect(await settled(world)).toEqual({ b: 'text', other: 'x' });
    expect(world.cloud.calls.get('upload')).toBe(2);
  });

  test('is known again when it replaced another version and has left its place here, before the feed tells', async () => {
    const world = await agreed({ other: 'x' });
    world.here.person.write('a', 'mine');
    world.cloud.write(there('a'), 'theirs');
    await diesAfterUpload(world);
    world.here.person.rename('a', 'b');
    await untold(world, ['a'], async () => {
      await world.pass();
    });
    expect(await settled(world)).toEqual({
      'a (conflicted copy from Dropbox, 2026-11-23)': 'theirs',
      b: 'mine',
      other: 'x',
    });
    expect(world.cloud.calls.get('upload')).toBe(2);
  });

  test.each([
    ['at once', []],
    ['late', ['d', 'a']],
  ])('is known again in a folder that it made anew, of which the feed tells %s', async (_, late) => {
    const world = await agreed({ 'd/other': 'x' });
    world.here.person.write('d/a', 'text');
    await untold(world, late, async () => {
      world.cloud.before = ({ method }) => {
        if (method === 'upload') world.cloud.move(there('d'), there('e'));
      };
      await diesAfterUpload(world);
      world.cloud.before = null;
      await world.pass();
    });
    const tree = await settled(world);
    expect(Object.values(tree).filter((content) => content === 'text')).toHaveLength(1);
    expect(tree['e/other']).toBe('x');
  });

  test('is looked for a few times and then forgotten', async () => {
    const world = await agreed({ other: 'x' });
    world.here.person.write('a', 'text');
    world.cloud.before = ({ method }) => {
      if (method === 'upload') throw lost();
    };
    await world.pass();
    world.cloud.before = null;
    world.here.person.remove('a');
    await settled(world);
    const lookups = () => world.cloud.calls.get('lookup') ?? 0;
    for (let pass = 0; pass < 5; pass++) await world.pass();
    const before = lookups();
    for (let pass = 0; pass < 3; pass++) expect(await world.pass()).toMatchObject({ requests: 1 });
    expect(lookups()).toBe(before);
    expect(before).toBeLessThan(6);
  });
});
