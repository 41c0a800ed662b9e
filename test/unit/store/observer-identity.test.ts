import { describe, expect, test } from 'vitest';
import { observed } from '../../support/observed-store.ts';

describe('which row is which file', () => {
  test('new files and folders get rows with their content hash', async () => {
    const world = await observed({ 'a.txt': 'A', 'd/e/b.txt': 'B', 'empty/': '' });
    expect(world.paths()).toEqual(['a.txt', 'd', 'd/e', 'd/e/b.txt', 'empty']);
    expect(world.row('d/e/b.txt').hash).toBe(world.disk.tree()['d/e/b.txt']);
    expect((await world.observe()).changed).toBe(0);
  });

  test('a folder found again by its content leaves behind what it lost', async () => {
    const world = await observed({ 'b/a/': '', 'b/b': 'same' });
    world.disk.person.remove('b');
    world.disk.person.write('a/a', 'same');
    await world.observe();
    expect(world.paths()).toEqual(['a', 'a/a']);
    expect(world.row('a/a').kind).toBe('file');
  });

  test('(a) an edit in place keeps the entry and reads only that file', async () => {
    const world = await observed({ a: 'A', b: 'B' });
    const id = world.id('a');
    world.disk.person.write('a', 'A2');
    const result = await world.observe();
    expect(result.hashed).toBe(1);
    expect(world.id('a')).toBe(id);
    expect(world.row('a').hash).toBe(world.disk.tree()['a']);
  });

  test('(a) an edit that keeps size and date is found', async () => {
    const world = await observed({ f: 'AAAA' });
    world.disk.person.write('f', 'BBBB', 0);
    await world.observe();
    expect(world.row('f').hash).toBe(world.disk.tree()['f']);
  });

  test('(b) a rename is the same entry, also with an edit and into another folder', async () => {
    const world = await observed({ x: 'X', 'd/': '' });
    const id = world.id('x');
    world.disk.person.rename('x', 'd/y');
    world.disk.person.write('d/y', 'X2');
    await world.observe();
    expect(world.id('d/y')).toBe(id);
    expect(world.paths()).toEqual(['d', 'd/y']);
    expect(world.row('d/y').hash).toBe(world.disk.tree()['d/y']);
  });

  test('(b) a rename over another file: the moved one stays, the overwritten one goes', async () => {
    const world = await observed({ x: 'X', y: 'Y' });
    const id = world.id('x');
    world.markSynced('x');
    world.markSynced('y');
    world.disk.person.rename('x', 'y');
    await world.observe();
    expect(world.paths()).toEqual(['y']);
    expect(world.id('y')).toBe(id);
  });

  test('(b) swapped names swap the entries', async () => {
    const world = await observed({ a: 'A', b: 'B', 'd/1': '1', 'e/2': '2' });
    const [a, b, d, e] = ['a', 'b', 'd', 'e'].map((path) => world.id(path));
    const { person } = world.disk;
    for (const [one, other] of [
      ['a', 'b'],
      ['d', 'e'],
    ] as const) {
      person.rename(one, 'tmp');
      person.rename(other, one);
      person.rename('tmp', other);
    }
    await world.observe();
    expect(['a', 'b', 'd', 'e'].map((path) => world.id(path))).toEqual([b, a, e, d]);
    expect(world.paths()).toEqual(['a', 'b', 'd', 'd/2', 'e', 'e/1']);
  });

  test('(b) a chain of renames with a new file at its start', async () => {
    const world = await observed({ log: '0', 'log.1': '1' });
    const [first, second] = [world.id('log'), world.id('log.1')];
    world.disk.person.rename('log.1', 'log.2');
    world.disk.person.rename('log', 'log.1');
    world.disk.person.write('log', 'new');
    await world.observe();
    expect([world.id('log.1'), world.id('log.2')]).toEqual([first, second]);
    expect(world.paths()).toEqual(['log', 'log.1', 'log.2']);
  });

  test('(c) an editor that saves by rename leaves one edited entry', async () => {
    const world = await observed({ doc: 'A' });
    const id = world.id('doc');
    const { person } = world.disk;
    person.write('tmp', 'B');
    person.rename('doc', 'bak');
    person.rename('tmp', 'doc');
    person.remove('bak');
    await world.observe();
    expect(world.paths()).toEqual(['doc']);
    expect(world.id('doc')).toBe(id);
    expect(world.row('doc').hash).toBe(world.disk.tree()['doc']);
  });

  test('(c) a backup that the editor keeps is new; the document stays itself', async () => {
    const world = await observed({ 'plan.dwg': 'A' });
    const id = world.id('plan.dwg');
    world.disk.person.rename('plan.dwg', 'plan.bak');
    world.disk.person.write('plan.dwg', 'B');
    await world.observe();
    expect(world.id('plan.dwg')).toBe(id);
    expect(world.id('plan.bak')).not.toBe(id);
  });

  test('(c) the temporary file of an editor that was seen on its own does not replace the document', async () => {
    const world = await observed({ doc: 'A' });
    world.markSynced('doc');
    const id = world.id('doc');
    world.disk.person.write('doc.new', 'B');
    await world.observe();
    world.disk.person.rename('doc.new', 'doc');
    await world.observe();
    expect(world.paths()).toEqual(['doc']);
    expect(world.id('doc')).toBe(id);
    expect(world.row('doc').hash).toBe(world.disk.tree()['doc']);
  });

  test('(d) a file that was copied and then removed is the same entry where its content is unique', async () => {
    const world = await observed({ x: 'unique', 'd/': '' });
    const id = world.id('x');
    world.disk.person.copy('x', 'd/renamed');
    world.disk.person.remove('x');
    await world.observe();
    expect(world.paths()).toEqual(['d', 'd/renamed']);
    expect(world.id('d/renamed')).toBe(id);
  });

  test('(d) among equal contents only the same name proves a move', async () => {
    const world = await observed({ 'a/one': 'same', 'a/two': 'same', 'b/': '' });
    const [one, two] = [world.id('a/one'), world.id('a/two')];
    const { person } = world.disk;
    person.copy('a/one', 'b/one');
    person.copy('a/two', 'b/other');
    person.remove('a/one');
    person.remove('a/two');
    await world.observe();
    expect(world.id('b/one')).toBe(one);
    expect(world.id('b/other')).not.toBe(two);
    expect(world.paths()).toEqual(['a', 'b', 'b/one', 'b/other']);
  });

  test('(d) empty files are alike: another name is another file', async () => {
    const world = await observed({ a: '' });
    const id = world.id('a');
    world.disk.person.remove('a');
    world.disk.person.write('b', '');
    await world.observe();
    expect(world.id('b')).not.toBe(id);
  });

  test('(d) a folder that was copied and then removed is the same folder, freed documents and all', async () => {
    const world = await observed({ 'd/s/f': 'F', 'd/g': 'G' });
    const ids = ['d', 'd/s', 'd/s/f'].map((path) => world.id(path));
    world.free('d/s/freed', 'elsewhere');
    const { person } = world.disk;
    person.copy('d/s/f', 'n/s/f');
    person.copy('d/g', 'n/g');
    person.remove('d');
    await world.observe();
    expect(['n', 'n/s', 'n/s/f'].map((path) => world.id(path))).toEqual(ids);
    expect(world.paths()).toEqual(['n', 'n/g', 'n/s', 'n/s/f', 'n/s/freed']);
  });

  test('other bytes under another name are a deletion and a new file', async () => {
    const world = await observed({ y: 'A' });
    const id = world.id('y');
    world.disk.person.remove('y');
    world.disk.person.write('x', 'B');
    await world.observe();
    expect(world.paths()).toEqual(['x']);
    expect(world.id('x')).not.toBe(id);
  });

  test('a renamed folder carries all rows below without touching them', async () => {
    const world = await observed({ 'd/a': 'A', 'd/s/b': 'B' });
    const before = world.row('d/s/b');
    world.disk.person.rename('d', 'e');
    const result = await world.observe();
    expect(world.paths()).toEqual(['e', 'e/a', 'e/s', 'e/s/b']);
    expect(world.row('e/s/b')).toEqual(before);
    expect(result.hashed).toBe(0);
  });

  test('nested folders turned inside out keep their identity', async () => {
    const world = await observed({ 'A/B/C/f': 'F' });
    const [a, b, c, f] = ['A', 'A/B', 'A/B/C', 'A/B/C/f'].map((path) => world.id(path));
    const { person } = world.disk;
    person.rename('A/B/C', 'C');
    person.rename('A/B', 'C/B');
    person.rename('A', 'C/B/A');
    person.rename('C/f', 'C/B/A/f');
    await world.observe();
    expect(['C/B/A', 'C/B', 'C', 'C/B/A/f'].map((path) => world.id(path))).toEqual([a, b, c, f]);
  });

  test('a top-level file moved into a new folder keeps its entry', async () => {
    const world = await observed({ x: 'X' });
    const id = world.id('x');
    world.disk.person.mkdir('new');
    world.disk.person.rename('x', 'new/x');
    await world.observe();
    expect(world.id('new/x')).toBe(id);
    expect(world.paths()).toEqual(['new', 'new/x']);
  });

  test('a file becomes a folder and a folder a file', async () => {
    const world = await observed({ p: 'P', 'd/1': '1' });
    const { person } = world.disk;
    person.remove('p');
    person.write('p/q', 'Q');
    person.remove('d');
    person.write('d', 'D');
    await world.observe();
    expect(world.paths()).toEqual(['d', 'p', 'p/q']);
    expect(world.row('p').kind).toBe('folder');
    expect(world.row('d').kind).toBe('file');
  });

  test('a hard link is a new file, and the first name stays', async () => {
    const world = await observed({ a: 'A' });
    const id = world.id('a');
    const inode = world.disk.hand.find('a');
    if (inode === null) throw new Error('a is there');
    world.disk.hand.enter('b', inode);
    await world.observe();
    expect(world.id('a')).toBe(id);
    expect(world.id('b')).not.toBe(id);
    expect((await world.observe()).changed).toBe(0);
  });

  test('a respelled name is the same entry', async () => {
    const world = await observed({ 'folder/f': 'F' }, { caseSensitive: false });
    const id = world.id('folder');
    world.disk.person.rename('folder', 'FOLDER');
    await world.observe();
    expect(world.id('FOLDER')).toBe(id);
    expect(world.paths()).toEqual(['FOLDER', 'FOLDER/f']);
  });

  test('a moved-away file that goes to the top stays with its client', async () => {
    const world = await observed({ 'd/f': 'F' });
    const client = world.store.entries.clientOf(world.id('d/f'));
    world.store.clients.add({ name: 'second', root: 'R', state: 'connected', appKey: null, credentials: {} });
    world.disk.person.rename('d/f', 'f');
    await world.observe();
    expect(client).not.toBeNull();
    expect(world.store.entries.clientOf(world.id('f'))).toBe(client);
  });
});
