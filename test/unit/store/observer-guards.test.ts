import type { RelPath } from '../../../src-shared/domain.ts';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src-main/engine/ports.ts';
import { observed } from '../../support/observed-store.ts';

describe('what is never read as deleted', () => {
  test.each(['documents-missing', 'marker-missing', 'read-only'] as const)(
    '%s is a fault and changes nothing',
    async (state) => {
      const world = await observed({ 'd/f': 'F' });
      const before = world.picture();
      world.disk.person.remove('d');
      world.disk.state = state;
      await expect(world.observe()).rejects.toMatchObject({ name: 'Fault', code: state });
      expect(world.picture()).toEqual(before);
    },
  );

  test('a document whose place an interrupted replacement has left empty', async () => {
    const world = await observed({ 'd/f': 'F' });
    const id = world.id('d/f');
    const path = 'd/f' as RelPath;
    const unknown = { client: null, hash: null, remoteId: null, rev: null, contents: null, size: 1 };
    const note = { ...unknown, path, trashKey: 'version-1', entryKind: 'file', reason: 'overwritten' } as const;
    world.store.keepsakes.beginTrash(note);
    await world.disk.trash(path, 'version-1');
    await world.observe();
    expect([world.id('d/f'), world.disk.texts()]).toEqual([id, { d: null, 'd/f': 'F' }]);
    expect(world.store.keepsakes.trashRows()).toEqual([]);
    // Where both are there, the one before is kept.
    world.store.keepsakes.beginTrash(note);
    await world.disk.trash(path, 'version-1');
    world.disk.person.write('d/f', 'F2');
    await world.observe();
    expect(world.store.keepsakes.trashRows()).toMatchObject([{ path, reason: 'overwritten' }]);
    expect(world.disk.texts()).toEqual({ d: null, 'd/f': 'F2' });
  });

  test('a folder that cannot be read keeps its rows, frozen, and heals', async () => {
    const world = await observed({ 'd/s/f': 'F', g: 'G' });
    world.disk.unreadable.add('d/s');
    world.disk.person.write('g', 'G2');
    const result = await world.observe();
    expect(result.problems).toMatchObject([{ path: 'd/s', code: 'unreadable' }]);
    expect([world.row('d/s').frozen, world.row('d/s/f').frozen, world.row('d').frozen]).toEqual([1, 1, 0]);
    expect(world.row('g').hash).toBe(world.disk.tree()['g']);
    world.disk.unreadable.clear();
    expect((await world.observe()).problems).toEqual([]);
    expect([world.row('d/s').frozen, world.row('d/s/f').frozen]).toEqual([0, 0]);
  });

  test('a changed file that cannot be read is frozen with its former content', async () => {
    const world = await observed({ f: 'F' });
    const { hash } = world.row('f');
    world.disk.person.write('f', 'F2');
    world.disk.unreadable.add('f');
    const result = await world.observe();
    expect(result.problems).toMatchObject([{ path: 'f', code: 'unreadable' }]);
    expect(world.row('f')).toMatchObject({ frozen: 1, hash });
    world.disk.unreadable.clear();
    await world.observe();
    expect(world.row('f')).toMatchObject({ frozen: 0, hash: world.disk.tree()['f'] });
  });

  test('a file that changes while it is read waits: a known one frozen, a new one without a row', async () => {
    const world = await observed({ f: 'F' });
    world.disk.person.write('f', 'half');
    world.disk.person.write('new', 'half');
    world.disk.onHashing = (path) => world.disk.person.write(path, 'more');
    const result = await world.observe();
    expect(result.problems.map((problem) => [problem.path, problem.code])).toEqual([
      ['f', 'changing'],
      ['new', 'changing'],
    ]);
    expect(world.paths()).toEqual(['f']);
    expect(world.row('f').frozen).toBe(1);
    world.disk.onHashing = null;
    expect((await world.observe()).problems).toEqual([]);
    expect(world.paths()).toEqual(['f', 'new']);
    expect(world.row('f')).toMatchObject({ frozen: 0, hash: world.disk.tree()['f'] });
  });

  test.each([
    ['for that look only', 1],
    ['for longer', Number.POSITIVE_INFINITY],
  ])('what was copied and removed is not gone while the copy cannot be read, %s', async (_, failures) => {
    const world = await observed({ f: 'F', 'd/g': 'GG', 'd/gone': 'long gone' });
    const before = [world.row('f').id, world.row('d').id, world.row('d/g').id];
    world.disk.person.copy('f', 'f2');
    world.disk.person.remove('f');
    world.disk.person.copy('d/g', 'e/g');
    world.disk.person.remove('d');
    const left = new Map<string, number>();
    world.disk.onCall = (call, path) => {
      const count = left.get(path) ?? failures;
      left.set(path, count - 1);
      if (call === 'hash' && count > 0) throw new Fault('unreadable', `"${path}" cannot be read.`);
    };
    const result = await world.observe();
    expect(result.problems.map(({ path }) => path)).toEqual(['f2', 'e/g']);
    expect(world.paths()).toEqual(['d', 'd/g', 'e', 'f']);
    expect([world.row('f').frozen, world.row('d').frozen, world.row('d/g').frozen]).toEqual([1, 1, 1]);
    world.disk.onCall = null;
    await world.observe();
    expect(world.paths()).toEqual(['e', 'e/g', 'f2']);
    // The folder has had a row of its own since.
    expect([world.row('f2').id, world.row('e/g').id]).toEqual([before[0], before[2]]);
    expect([world.row('f2').frozen, world.row('e').frozen, world.row('e/g').frozen]).toEqual([0, 0, 0]);
  });

  test('a file that is being written is left for the look that follows, as though it changed after this one', async () => {
    const world = await observed({ 'd/f': 'F', 'd/g': 'G', 'd/h': 'H' });
    const { hash } = world.row('d/f');
    world.disk.person.write('d/f', 'half');
    world.disk.person.write('d/g', 'G2');
    world.disk.person.write('d/new', 'half');
    const changing = new Set(['d/f', 'd/new']);
    for (const scope of [['d/g' as RelPath], 'everything'] as const) {
      const { problems } = await world.observer.observe(scope, (path) => changing.has(path));
      expect(problems).toEqual([]);
      expect(world.row('d/f')).toMatchObject({ frozen: 0, hash });
      expect(world.paths()).toEqual(['d', 'd/f', 'd/g', 'd/h']);
      expect(world.row('d/g').hash).toBe(world.disk.tree()['d/g']);
    }
    // Something is missing that the new one may be.
    world.disk.person.remove('d/h');
    await world.observer.observe('everything', (path) => changing.has(path));
    expect(world.paths()).toEqual(['d', 'd/f', 'd/g', 'd/new']);
    changing.clear();
    await world.observe(['d/f']);
    expect(world.row('d/f').hash).toBe(world.disk.tree()['d/f']);
  });

  test('a folder of links that may lie in one that cannot be read is not gone until that can be read', async () => {
    const world = await observed({ 'd/f': 'F', 'e/': '', f: 'F0', 'shut/g': 'G' });
    const link = world.free('e/link', 'L');
    for (const path of ['d', 'd/f', 'e', 'e/link', 'f']) world.markSynced(path);
    const ids = { e: world.id('e'), d: world.id('d') };
    world.disk.unreadable.add('shut');
    world.disk.person.rename('e', 'shut/e');
    // Its bytes are on the disk, wherever that is: it waits for nothing.
    world.disk.person.remove('f');
    // Another folder takes the place: it waits, too.
    world.disk.person.rename('d', 'e');
    for (let look = 0; look < 2; look++) {
      const { problems } = await world.observe();
      expect(problems.map(({ path, code }) => [path, code])).toEqual([
        ['shut', 'unreadable'],
        ['e', 'hidden'],
      ]);
      expect(problems[1]?.message).toContain('"e" is gone and may be in "shut"');
      expect(world.paths()).not.toContain('f');
      const frozen = ['d', 'e', 'e/link'].map((path) => [world.id(path), world.row(path).frozen]);
      expect(frozen).toEqual([ids.d, ids.e, link].map((id) => [id, 1]));
    }
    world.disk.unreadable.clear();
    expect((await world.observe(['shut'])).problems).toEqual([]);
    expect(['e', 'shut/e', 'shut/e/link'].map((path) => world.id(path))).toEqual([ids.d, ids.e, link]);
    expect(['e', 'e/f', 'shut/e', 'shut/e/link'].map((path) => world.row(path).frozen)).toEqual([0, 0, 0, 0]);
  });

  test('what was waited for is gone with the folder that could not be read', async () => {
    const world = await observed({ 'd/': '', 'shut/g': 'G' });
    world.free('d/link', 'L');
    for (const path of ['d', 'd/link', 'shut', 'shut/g']) world.markSynced(path);
    world.disk.unreadable.add('shut');
    world.disk.person.remove('d');
    await world.observe();
    expect(world.paths()).toEqual(['d', 'd/link', 'shut', 'shut/g']);
    world.disk.person.remove('shut');
    expect((await world.observe()).problems).toEqual([]);
    expect(world.paths()).toEqual([]);
  });

  test('nothing waits for a folder that could never be read', async () => {
    const world = await observed({ 'd/': '' });
    world.free('d/link', 'L');
    for (const path of ['d', 'd/link']) world.markSynced(path);
    world.disk.person.mkdir('lost+found');
    world.disk.unreadable.add('lost+found');
    world.disk.person.remove('d');
    await world.observe();
    expect(world.paths()).toEqual([]);
  });

  test('a symlink in place of a document keeps its row', async () => {
    const world = await observed({ f: 'F' });
    world.disk.person.remove('f');
    world.disk.person.unusable('f');
    const result = await world.observe();
    expect(result.problems).toMatchObject([{ path: 'f', code: 'symlink' }]);
    expect(world.row('f').frozen).toBe(1);
  });

  test('names that are not UTF-8 are reported and the rest goes on', async () => {
    const world = await observed({});
    world.disk.person.unusable('b\ufffdd');
    world.disk.person.write('ok', 'O');
    const result = await world.observe();
    expect(result.problems).toMatchObject([{ code: 'not-utf8' }]);
    expect(world.paths()).toEqual(['ok']);
  });

  test('a freed attachment needs no file, follows its folder, and comes back with its file', async () => {
    const world = await observed({ 'd/': '' });
    const id = world.free('d/freed.pdf', 'content');
    await world.observe();
    world.disk.person.rename('d', 'e');
    await world.observe();
    expect(world.row('e/freed.pdf')).toMatchObject({ id, present: 0 });
    world.disk.person.write('e/freed.pdf', 'content');
    await world.observe();
    expect(world.row('e/freed.pdf')).toMatchObject({ id, present: 1, hash: world.disk.tree()['e/freed.pdf'] });
  });

  test('a folder in the place of a freed attachment is a change of kind', async () => {
    const world = await observed({});
    world.free('x', 'content');
    world.disk.person.write('x/y', 'Y');
    await world.observe();
    expect(world.paths()).toEqual(['x', 'x/y']);
  });

  test('a file that moves into a folder that was looked at already is not lost', async () => {
    const world = await observed({ 'a/of a': 'A', 'b/of b': 'B' });
    const ids = { a: world.id('a/of a'), b: world.id('b/of b') };
    const listed: string[] = [];
    world.disk.onCall = (call, path) => {
      if (call !== 'list' || path === '' || listed.length === 2) return;
      listed.push(path);
      if (listed.length === 2) world.disk.person.rename(`${path}/of ${path}`, `${listed[0]}/of ${path}`);
    };
    await world.observe();
    const [first, moved] = listed;
    expect(world.id(`${first}/of ${moved}`)).toBe(moved === 'a' ? ids.a : ids.b);
    expect(world.paths()).toHaveLength(4);
  });

  test('while the folder never stands still, nothing is read as gone', async () => {
    const world = await observed({ 'a/': '', f: 'F' });
    world.disk.person.remove('f');
    let turn = 0;
    world.disk.onCall = (call, path) => {
      if (call === 'list' && path === 'a') world.disk.person.write(`a/${++turn}`, 'x');
      if (call === 'stat' && path === 'a') world.disk.person.write(`a/${++turn}`, 'x');
    };
    await world.observe();
    expect(world.paths()).toContain('f');
    world.disk.onCall = null;
    await world.observe();
    expect(world.paths()).not.toContain('f');
  });

  test('a folder that disappears while it is being looked at changes nothing', async () => {
    const world = await observed({ 'd/f': 'F' });
    const before = world.picture();
    world.disk.onCall = (call, path) => {
      if (call !== 'list' || path !== 'd') return;
      world.disk.state = 'documents-missing';
      world.disk.person.remove('d');
    };
    await expect(world.observe()).rejects.toBeInstanceOf(Fault);
    expect(world.picture()).toEqual(before);
  });
});

describe('names', () => {
  test('ignored names are skipped and the log says so once', async () => {
    const world = await observed({
      'd/~$offer.docx': 'x',
      'd/.DS_Store': 'x',
      'd/.docktide-key.tmp': 'x',
      'd/ok': 'O',
    });
    await world.observe();
    expect(world.paths()).toEqual(['d', 'd/ok']);
    const noted = world.store.keepsakes.logRows().filter((row) => row.kind === 'ignored');
    expect(new Set(noted.map((row) => row.path))).toEqual(new Set(['d/.DS_Store', 'd/~$offer.docx']));
    expect(noted).toHaveLength(2);
  });

  test('two names that Dropbox takes for one keep both rows and are reported', async () => {
    const world = await observed({ 'folder/a': 'A', 'Folder/b': 'B' });
    expect(world.paths()).toEqual(['Folder', 'Folder/b', 'folder', 'folder/a']);
    expect((await world.observe()).problems).toMatchObject([{ code: 'case-clash' }]);
  });
});

describe('whose an entry is', () => {
  test('the only client gets what lies at the top, for good; a second client gets nothing by itself', async () => {
    const world = await observed({ 'd/f': 'F' });
    const [first] = world.store.sync.clients();
    const second = world.store.clients.add({
      name: 'two',
      root: 'R',
      state: 'connected',
      appKey: null,
      credentials: {},
    });
    world.disk.person.write('later', 'L');
    await world.observe();
    expect(
      world.store.sync
        .localTree(first!.id)
        .map((entry) => entry.name)
        .toSorted(),
    ).toEqual(['d', 'f']);
    expect(world.store.sync.localTree(second.id)).toEqual([]);
    expect(world.store.listing.list().find((entry) => entry.path === 'later')).toMatchObject({
      client: null,
      state: 'unassigned',
    });
    world.store.assign(world.id('later'), second.id);
    expect(world.store.sync.localTree(second.id).map((entry) => entry.name)).toEqual(['later']);
    expect(() => world.store.assign(world.id('d/f'), second.id)).toThrow(/belongs to another client/);
  });

  test('a removed client leaves its entries to nobody; the one that is left gets them only when a person says so', async () => {
    const world = await observed({ f: 'F' });
    const two = world.store.clients.add({ name: 'two', root: 'R', state: 'connected', appKey: null, credentials: {} });
    world.store.clients.remove('main');
    await world.observe();
    expect(world.store.listing.list()).toMatchObject([{ path: 'f', client: null }]);
    world.store.assign(world.store.entries.entryAt('f' as RelPath)!, two.id);
    await world.observe();
    expect(world.store.listing.list()).toMatchObject([{ path: 'f', client: 'two' }]);
  });
});
