// What keeps documents safe and tidy, through the real process: trash, conflicts, freeing, opening, ignore patterns,
// one-way folders. Each in both directions, with the shapes that scripts rely on, and with bad input.

import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Bench, ROOT, TOKEN, until } from '../support/cli.ts';
import { agreeWithPeerAfterEach } from '../support/peer-check.ts';
import type { FreedDocument } from '../../src-main/keeping/cleaner.ts';
import type { TrashView } from '../../src-main/app/keeping-service.ts';
import type { ConflictView, EntryView, SyncSummary } from '../../src-shared/views.ts';

let bench: Bench;
const at = (path: string): string => join(bench.documents, path);

function write(path: string, text: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}

const read = (path: string): string => readFileSync(at(path), 'utf8');
const readThere = async (path: string): Promise<string> =>
  (await bench.emulator.content(`/${ROOT}/${path}`)).toString('utf8');

async function value<T>(...args: string[]): Promise<T> {
  const answer = await bench.json<T>(...args);
  expect({ args, code: answer.code, stderr: answer.code === 0 ? '' : answer.stderr }).toMatchObject({ code: 0 });
  return answer.value;
}

async function trash(): Promise<readonly TrashView[]> {
  return value('trash', 'list');
}

async function entry(path: string): Promise<EntryView | undefined> {
  return (await value<EntryView[]>('ls')).find((one) => one.path === path);
}

const ALL_SCOPES = [
  'account_info.read',
  'files.metadata.read',
  'files.metadata.write',
  'files.content.read',
  'files.content.write',
  'sharing.read',
  'sharing.write',
];
const NOTHING = { uploaded: 0, downloaded: 0, moved: 0, deletedLocal: 0, deletedRemote: 0, conflicts: 0, failed: 0 };

/** Both sides hold the same bytes, rclone agrees, and another pass finds nothing to do. */
async function agree(expected: Readonly<Record<string, string>>): Promise<void> {
  const local = await bench.local();
  expect(await bench.remote()).toEqual(local);
  const files = Object.keys(local).filter((path) => local[path] !== null);
  expect(Object.fromEntries(files.map((path) => [path, read(path)]))).toEqual(expected);
  expect(await bench.settle()).toMatchObject(NOTHING);
}

async function open(): Promise<void> {
  bench = await Bench.open();
  await bench.setUp('folder', 'add', 'P', '--client', 'Office');
}

describe('with a store of its own', () => {
  beforeEach(open);
  afterEach(() => bench.close());
  agreeWithPeerAfterEach(() => [bench]);

  test('trash: a deleted and an overwritten file come back', async () => {
    write('P/gone.txt', 'gone');
    write('P/Sub/over.txt', 'first');
    await bench.settle();
    expect(await trash()).toEqual([]);
    await bench.removeThere('P/gone.txt');
    await bench.put('P/Sub/over.txt', 'second');
    expect(await bench.sync()).toMatchObject({ deletedLocal: 1, downloaded: 1 });
    const rows = await trash();
    const deleted = rows.find((row) => row.path === 'P/gone.txt');
    const overwritten = rows.find((row) => row.path === 'P/Sub/over.txt');
    expect(rows).toHaveLength(2);
    expect(deleted).toEqual({
      id: expect.any(Number) as number,
      path: 'P/gone.txt',
      kind: 'file',
      client: 'Office',
      reason: 'deleted',
      size: 4,
      removedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
    });
    expect(overwritten).toMatchObject({ reason: 'overwritten', size: 5 });
    expect(await value('trash', 'restore', String(deleted?.id))).toEqual({
      id: deleted?.id,
      path: 'P/gone.txt',
      from: 'trash',
      missing: [],
      undo: expect.objectContaining({ number: expect.any(Number) as number }) as object,
    });
    // Its place is taken by what overwrote it.
    expect(await value('trash', 'restore', String(overwritten?.id))).toMatchObject({
      path: 'P/Sub/over (restored).txt',
      from: 'trash',
    });
    expect(await trash()).toEqual([]);
    expect(await bench.sync()).toMatchObject({ uploaded: 2, deletedLocal: 0, deletedRemote: 0 });
    await agree({ 'P/gone.txt': 'gone', 'P/Sub/over.txt': 'second', 'P/Sub/over (restored).txt': 'first' });
    expect(await bench.json('trash', 'restore', String(deleted?.id))).toMatchObject({
      code: 1,
      value: { error: { code: 'unknown-trash', message: expect.stringContaining('trash list') as string } },
    });
    expect(await bench.json('trash', 'restore', 'first')).toMatchObject({
      code: 2,
      value: { error: { code: 'usage' } },
    });
  });

  test('trash: a folder comes back with all it held, what was freed included', async () => {
    write('P/Dir/a.txt', 'a');
    write('P/Dir/In/b.txt', 'b');
    write('P/Dir/In/freed.txt', 'freed');
    write('P/stays.txt', 'stays');
    await bench.settle();
    await bench.setUp('folder', 'keep', 'P/Dir/In', 'links');
    expect(await value('free')).toMatchObject({ freed: 2, bytes: 6 });
    await bench.ok('open', 'P/Dir/In/b.txt');
    await bench.removeThere('P/Dir');
    expect(await bench.sync('--yes')).toMatchObject({ deletedLocal: expect.any(Number) as number });
    expect(existsSync(at('P/Dir'))).toBe(false);
    const [row, ...others] = await trash();
    expect(others).toEqual([]);
    expect(row).toMatchObject({ path: 'P/Dir', kind: 'folder', reason: 'deleted' });
    expect(await value('trash', 'restore', String(row?.id))).toMatchObject({ path: 'P/Dir' });
    await bench.settle();
    expect(await bench.remote()).toMatchObject({
      'P/Dir/a.txt': expect.any(String) as string,
      'P/Dir/In/b.txt': expect.any(String) as string,
      'P/Dir/In/freed.txt': expect.any(String) as string,
    });
    expect(await readThere('P/Dir/In/freed.txt')).toBe('freed');
    await bench.ok('open', 'P/Dir/In/freed.txt');
    await agree({ 'P/Dir/a.txt': 'a', 'P/Dir/In/b.txt': 'b', 'P/Dir/In/freed.txt': 'freed', 'P/stays.txt': 'stays' });
    expect(await trash()).toEqual([]);
  });

  test('trash: what had no bytes here is restored in Dropbox by its rev', async () => {
    write('P/freed.txt', 'first');
    await bench.settle();
    await bench.setUp('folder', 'keep', 'P', '0');
    expect(await value('free')).toMatchObject({ freed: 1 });
    await bench.removeThere('P/freed.txt');
    expect(await bench.sync()).toMatchObject({ deletedLocal: 1, deletedRemote: 0 });
    expect(await bench.listed()).toEqual({ P: null });
    const [row] = await trash();
    expect(row).toMatchObject({ path: 'P/freed.txt', size: 5, reason: 'deleted' });
    // Somebody else's document has taken the place meanwhile: it is not overwritten.
    await bench.put('P/freed.txt', 'of somebody else');
    expect(await value('trash', 'restore', String(row?.id))).toMatchObject({ path: 'P/freed (restored).txt' });
    await bench.setUp('folder', 'keep', 'P', 'always');
    await bench.settle();
    await agree({ 'P/freed.txt': 'of somebody else', 'P/freed (restored).txt': 'first' });
  });

  test('trash: a version from the trash does not take the place of a freed document', async () => {
    write('P/doc.txt', 'first');
    await bench.settle();
    await bench.put('P/doc.txt', 'second');
    await bench.settle();
    await bench.setUp('folder', 'keep', 'P', 'links');
    expect(await value('free')).toMatchObject({ freed: 1 });
    const [row] = await trash();
    expect(await value('trash', 'restore', String(row?.id))).toMatchObject({ path: 'P/doc (restored).txt' });
    await bench.settle();
    expect(await readThere('P/doc.txt')).toBe('second');
    expect(await readThere('P/doc (restored).txt')).toBe('first');
  });

  test('conflicts are settled three ways, and a copy that is deleted ends its conflict', async () => {
    const names = ['here', 'there', 'both', 'gone here', 'gone there', 'freed'];
    for (const name of names) write(`P/${name}.txt`, 'base');
    await bench.settle();
    for (const name of names) {
      write(`P/${name}.txt`, `${name} local`);
      await bench.put(`P/${name}.txt`, `${name} remote`);
    }
    const made = await bench.json<SyncSummary>('sync');
    expect({ code: made.code, conflicts: made.value.conflicts }).toEqual({ code: 3, conflicts: names.length });
    const open = await value<ConflictView[]>('conflicts');
    expect(open).toHaveLength(names.length);
    const of = (name: string): ConflictView => {
      const found = open.find((one) => one.path === `P/${name}.txt`);
      if (found === undefined) throw new Error(`no conflict of ${name}`);
      return found;
    };
    expect(of('here')).toMatchObject({
      client: 'Office',
      copy: expect.stringMatching(/^P\/here \(conflicted copy from Dropbox, \d{4}-\d\d-\d\d\)\.txt$/) as string,
    });
    const settle = (how: string, name: string) =>
      value<{ settled: string; kept: string[] }>('conflict', how, String(of(name).id));
    // A version whose bytes are not here can be discarded as well, and comes back from Dropbox.
    await bench.setUp('folder', 'keep', 'P', 'links');
    await bench.ok('free');
    expect(await settle('keep-here', 'freed')).toMatchObject({ kept: ['P/freed.txt'] });
    expect(await bench.json('conflict', 'keep-dropbox', String(of('there').id))).toMatchObject({
      code: 1,
      value: { error: { message: expect.stringContaining('docktide open') as string } },
    });
    await bench.setUp('folder', 'keep', 'P', 'always');
    await bench.settle();

    expect(await settle('keep-here', 'here')).toEqual({
      id: of('here').id,
      path: 'P/here.txt',
      settled: 'keep-here',
      kept: ['P/here.txt'],
    });
    expect(await settle('keep-dropbox', 'there')).toMatchObject({ settled: 'keep-dropbox', kept: ['P/there.txt'] });
    expect(await settle('keep-both', 'both')).toMatchObject({ kept: ['P/both.txt', of('both').copy] });
    rmSync(at(of('gone here').copy));
    await bench.removeThere(of('gone there').copy);
    const report = await bench.json<SyncSummary>('sync', '--yes');
    expect(report).toMatchObject({ code: 0, value: { failed: 0, held: 0 } });
    expect(await value('conflicts')).toEqual([]);
    await agree({
      'P/here.txt': 'here local',
      'P/there.txt': 'there remote',
      'P/both.txt': 'both local',
      [of('both').copy]: 'both remote',
      'P/gone here.txt': 'gone here local',
      'P/gone there.txt': 'gone there local',
      'P/freed.txt': 'freed local',
    });
    // What gave way is in the trash, the freed copy by its rev.
    const rows = await trash();
    const gaveWay = (path: string) => rows.find((row) => row.path === path)?.id;
    expect(await value('trash', 'restore', String(gaveWay('P/there.txt')))).toMatchObject({
      path: 'P/there (restored).txt',
    });
    expect(read('P/there (restored).txt')).toBe('there local');
    await value('trash', 'restore', String(gaveWay(of('here').copy)));
    expect(read(of('here').copy)).toBe('here remote');
    expect(await value('trash', 'restore', String(gaveWay(of('freed').copy)))).toMatchObject({ from: 'dropbox' });
    await bench.settle();
    expect(read(of('freed').copy)).toBe('freed remote');
    for (const how of ['keep-here', 'keep-dropbox', 'keep-both']) {
      expect(await bench.json('conflict', how, String(of('here').id))).toMatchObject({
        code: 1,
        value: { error: { code: 'unknown-conflict' } },
      });
    }
    expect((await bench.run('conflict', 'keep-here', '-1')).code).toBe(2);
  });

  test('free asks Dropbox itself, and frees nothing that is not safe there', async () => {
    for (const name of ['safe', 'edited there', 'deleted there', 'edited here', 'new here'])
      write(`P/${name}.txt`, name);
    rmSync(at('P/new here.txt'));
    await bench.settle();
    await bench.setUp('folder', 'keep', 'P', 'links');
    await bench.put('P/edited there.txt', 'newer');
    await bench.removeThere('P/deleted there.txt');
    write('P/edited here.txt', 'newer here');
    write('P/new here.txt', 'new here');
    expect(await value('free', '--dry-run')).toMatchObject({ dryRun: true, freed: 4 });
    expect(existsSync(at('P/safe.txt'))).toBe(true);
    const answer = await value<{ documents: FreedDocument[] }>('free');
    expect(answer).toEqual({
      dryRun: false,
      freed: 1,
      bytes: 4,
      documents: [
        { path: 'P/deleted there.txt', size: 13, result: 'kept', reason: expect.any(String) as string },
        { path: 'P/edited here.txt', size: 11, result: 'kept', reason: expect.any(String) as string },
        { path: 'P/edited there.txt', size: 12, result: 'kept', reason: expect.any(String) as string },
        { path: 'P/safe.txt', size: 4, result: 'freed', reason: null },
      ],
    });
    expect(existsSync(at('P/safe.txt'))).toBe(false);
    for (const name of ['edited there', 'deleted there', 'edited here', 'new here']) {
      expect(existsSync(at(`P/${name}.txt`))).toBe(true);
    }
    // What Dropbox does not answer for is not freed.
    await bench.ok('open', 'P/safe.txt');
    await bench.emulator.control('scopes', { token: TOKEN, scopes: ['account_info.read'] });
    expect(await value('free')).toMatchObject({ freed: 0, bytes: 0 });
    expect(read('P/safe.txt')).toBe('safe');
    await bench.emulator.control('scopes', { token: TOKEN, scopes: ALL_SCOPES });
    expect(await value('free')).toMatchObject({ freed: 1 });
    // Nothing here is a deletion; what is newer in Dropbox is known and stays a link.
    expect(await bench.sync('--yes')).toMatchObject({ deletedRemote: 0, deletedLocal: 1, uploaded: 2 });
    expect(await readThere('P/safe.txt')).toBe('safe');
    expect(await bench.json('free', '--client', 'Nobody')).toMatchObject({
      code: 1,
      value: { error: { code: 'unknown-client' } },
    });
  });

  test('a process that is killed while it frees deletes nothing', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `P/${index}.txt`);
    for (const name of names) write(name, name);
    await bench.settle();
    await bench.setUp('folder', 'keep', 'P', 'links');
    let killed = 0;
    for (let round = 0; round < 6; round++) {
      for (const name of names) write(name, name);
      await bench.settle();
      const running = bench.start(['free', '--json']);
      const wanted = 3 * round;
      await until('some freed', () => names.filter((name) => !existsSync(at(name))).length > wanted, running.output);
      running.child.kill('SIGKILL');
      if ((await running.ended).code === null) killed++;
      expect(await bench.sync('--yes')).toMatchObject({ deletedRemote: 0, deletedLocal: 0, conflicts: 0 });
    }
    expect(killed).toBeGreaterThan(0);
    expect(Object.keys(await bench.remote())).toHaveLength(names.length + 1);
    await bench.setUp('folder', 'keep', 'P', 'always');
    await bench.settle();
    await agree(Object.fromEntries(names.map((name) => [name, name])));
  });

  test('policies by days of use; opening is a use; always brings bytes back', async () => {
    for (const name of ['old', 'opened', 'new']) write(`P/Old/${name}.txt`, name);
    write('P/other.txt', 'other');
    await bench.settle();
    expect(await value('folder', 'keep', 'P', '20')).toEqual({ path: 'P', keep: 'days:20', flow: null });
    // Nothing is as old as that by the clock of the store: a file's own dates alone free nothing.
    const longAgo = new Date(Date.now() - 40 * 86_400_000);
    utimesSync(at('P/Old/old.txt'), longAgo, longAgo);
    expect(await value('free')).toMatchObject({ freed: 0 });
    await bench.setUp('folder', 'keep', 'P/Old', '0');
    expect(await value('free')).toMatchObject({ freed: 3 });
    expect(await value('open', 'P/Old/opened.txt')).toEqual({
      path: 'P/Old/opened.txt',
      file: at('P/Old/opened.txt'),
      fetched: true,
    });
    expect(await value('open', 'P/Old/opened.txt')).toMatchObject({ fetched: false });
    await bench.setUp('folder', 'keep', 'P/Old', '1');
    expect(await value('free')).toMatchObject({ freed: 0 });
    expect(await entry('P/Old/old.txt')).toMatchObject({
      type: 'url',
      size: 3,
      remoteId: expect.any(String) as string,
    });
    expect(await bench.settle()).toMatchObject(NOTHING);
    expect(await value('folder', 'keep', 'P/Old', 'inherit')).toMatchObject({ keep: null });
    expect(await value('folder', 'keep', 'P', 'always')).toMatchObject({ keep: 'always' });
    expect(await bench.sync()).toMatchObject({ downloaded: 2, uploaded: 0, deletedRemote: 0 });
    await agree({
      'P/Old/old.txt': 'old',
      'P/Old/opened.txt': 'opened',
      'P/Old/new.txt': 'new',
      'P/other.txt': 'other',
    });
  });

  test('a freed document: an edit after opening, a new file at its place, moves and deletions of both sides', async () => {
    const names = ['opened', 'replaced', 'edited there', 'moved there', 'deleted there'];
    for (const name of names) write(`P/${name}.txt`, name);
    await bench.settle();
    await bench.setUp('folder', 'keep', 'P', 'links');
    await bench.ok('free');
    await bench.ok('open', 'P/opened.txt');
    appendFileSync(at('P/opened.txt'), ', edited here');
    write('P/replaced.txt', 'put at its place');
    await bench.put('P/edited there.txt', 'newer there');
    await bench.moveThere('P/moved there.txt', 'P/New/place.txt');
    await bench.removeThere('P/deleted there.txt');
    const report = await bench.json<SyncSummary>('sync', '--yes');
    expect(report).toMatchObject({ code: 0, value: { uploaded: 2, deletedRemote: 0, deletedLocal: 1, conflicts: 0 } });
    expect(await readThere('P/opened.txt')).toBe('opened, edited here');
    expect(await readThere('P/replaced.txt')).toBe('put at its place');
    expect(await bench.listed()).toEqual(await bench.remote());
    await bench.ok('open', 'P/New/place.txt');
    await bench.ok('open', 'P/edited there.txt');
    expect([read('P/New/place.txt'), read('P/edited there.txt')]).toEqual(['moved there', 'newer there']);
    await agree({
      'P/opened.txt': 'opened, edited here',
      'P/replaced.txt': 'put at its place',
      'P/edited there.txt': 'newer there',
      'P/New/place.txt': 'moved there',
    });
    expect(await bench.json('open', 'P/deleted there.txt')).toMatchObject({
      code: 1,
      value: { error: { code: 'unknown-file' } },
    });
    expect(await bench.json('open', '../secret')).toMatchObject({ code: 1, value: { error: { code: 'bad-path' } } });
    expect(await bench.json('open', 'P')).toMatchObject({ code: 1, value: { error: { code: 'unknown-file' } } });
  });
});

describe('ignore patterns', () => {
  beforeEach(open);
  afterEach(() => bench.close());
  agreeWithPeerAfterEach(() => [bench]);

  test.each(['settings', 'file'] as const)('of the %s leave both sides alone and are no deletion', async (where) => {
    const exclude = async (...patterns: string[]): Promise<void> => {
      if (where === 'file') writeFileSync(at('.docktideignore'), patterns.map((pattern) => `${pattern}\n`).join(''));
      else {
        const known = await value<string[]>('ignore', 'list');
        if (known.length > 0) await bench.ok('ignore', 'remove', ...known);
        if (patterns.length > 0) await bench.ok('ignore', 'add', ...patterns);
      }
    };
    write('P/a.txt', 'a');
    write('P/b.tmp', 'b');
    write('P/Drafts/c.txt', 'c');
    write('P/Sub/Drafts/d.txt', 'd');
    await bench.settle();
    await exclude('*.tmp', 'Drafts/');
    // The file of patterns is a document like any other, for the other computers.
    expect(await bench.sync()).toMatchObject({ ...NOTHING, uploaded: where === 'file' ? 1 : 0 });
    // Changes of what is ignored stay on their side, whichever they are.
    write('P/new.tmp', 'new here');
    write('P/b.tmp', 'b edited');
    await bench.put('P/there.tmp', 'new there');
    await bench.put('P/Drafts/c.txt', 'c edited there');
    rmSync(at('P/Sub/Drafts'), { recursive: true });
    write('P/a.txt', 'a edited');
    expect(await bench.sync()).toMatchObject({ ...NOTHING, uploaded: 1 });
    expect(await readThere('P/b.tmp')).toBe('b');
    expect(read('P/Drafts/c.txt')).toBe('c');
    expect(await readThere('P/Sub/Drafts/d.txt')).toBe('d');
    expect(existsSync(at('P/there.tmp'))).toBe(false);
    // Undone: nothing to transfer for what is equal, the changes of each side otherwise.
    write('P/b.tmp', 'b');
    await exclude();
    const back = await bench.sync('--yes');
    expect(back).toMatchObject({ uploaded: where === 'file' ? 2 : 1, downloaded: 2, deletedLocal: 0 });
    expect(back.deletedRemote).toBeGreaterThan(0);
    rmSync(at('.docktideignore'), { force: true });
    await bench.settle();
    await agree({
      'P/a.txt': 'a edited',
      'P/b.tmp': 'b',
      'P/new.tmp': 'new here',
      'P/there.tmp': 'new there',
      'P/Drafts/c.txt': 'c edited there',
    });
  });

  test('nested and negated patterns; excluded and included again without a transfer', async () => {
    const files = ['P/a.log', 'P/keep.log', 'P/Build/x.txt', 'P/Sub/Build/y.txt', 'P/Sub/deep/er/z.log', 'P/plain.txt'];
    for (const file of files) write(file, file);
    await bench.settle();
    const patterns = ['*.log', '!keep.log', '/P/Build', '**/er/'];
    await bench.ok('ignore', 'add', ...patterns);
    await bench.settle();
    for (const file of files) write(file, `${file} edited`);
    expect(await bench.sync()).toMatchObject({ uploaded: 3, deletedRemote: 0, downloaded: 0 });
    const remote = await bench.remote();
    const local = await bench.local();
    expect(files.filter((file) => remote[file] === local[file])).toEqual([
      'P/keep.log',
      'P/Sub/Build/y.txt',
      'P/plain.txt',
    ]);
    for (const file of files) if (remote[file] !== local[file]) write(file, file);
    await bench.settle();
    await bench.ok('ignore', 'remove', ...patterns);
    expect(await bench.settle()).toMatchObject(NOTHING);
    expect(await bench.remote()).toEqual(await bench.local());
    expect(await bench.json('ignore', 'remove', '*.never')).toMatchObject({
      code: 2,
      value: { error: { message: expect.stringContaining('*.never') as string } },
    });
    expect(await value('ignore', 'add', ' ', '*.x', '*.x')).toEqual({ added: ['*.x'], patterns: ['*.x'] });
    expect(await value('ignore', 'list')).toEqual(['*.x']);
  });
});

describe('one-way folders', () => {
  beforeAll(async () => {
    await open();
    for (const flow of ['up', 'down', 'off', 'both']) {
      write(`P/${flow}/same.txt`, 'same');
      write(`P/${flow}/edit here.txt`, 'base');
      write(`P/${flow}/edit there.txt`, 'base');
      write(`P/${flow}/gone here.txt`, 'base');
      write(`P/${flow}/gone there.txt`, 'base');
    }
    await bench.settle();
    for (const flow of ['up', 'down', 'off']) {
      await bench.ok('folder', 'flow', `P/${flow}`, flow);
    }
    for (const flow of ['up', 'down', 'off', 'both']) {
      write(`P/${flow}/edit here.txt`, 'here');
      write(`P/${flow}/In here/new here.txt`, 'new here');
      rmSync(at(`P/${flow}/gone here.txt`));
      await bench.put(`P/${flow}/edit there.txt`, 'there');
      await bench.put(`P/${flow}/In there/new there.txt`, 'new there');
      await bench.removeThere(`P/${flow}/gone there.txt`);
    }
    await bench.settle('--yes');
  });
  afterAll(() => bench.close());

  async function sides(flow: string): Promise<{ here: Record<string, string>; there: Record<string, string> }> {
    const prefix = `P/${flow}/`;
    const here: Record<string, string> = {};
    for (const [path, hash] of Object.entries(await bench.local())) {
      if (hash !== null && path.startsWith(prefix)) here[path.slice(prefix.length)] = read(path);
    }
    const there: Record<string, string> = {};
    for (const [path, hash] of Object.entries(await bench.remote())) {
      if (hash !== null && path.startsWith(prefix)) there[path.slice(prefix.length)] = await readThere(path);
    }
    return { here, there };
  }

  const CHANGED = {
    'same.txt': 'same',
    'edit here.txt': 'here',
    'edit there.txt': 'there',
    'In here/new here.txt': 'new here',
    'In there/new there.txt': 'new there',
  };
  const HERE = {
    'same.txt': 'same',
    'edit here.txt': 'here',
    'edit there.txt': 'base',
    'gone there.txt': 'base',
    'In here/new here.txt': 'new here',
  };
  const THERE = {
    'same.txt': 'same',
    'edit here.txt': 'base',
    'edit there.txt': 'there',
    'gone here.txt': 'base',
    'In there/new there.txt': 'new there',
  };

  test('both is the default', async () => {
    expect(await sides('both')).toEqual({ here: CHANGED, there: CHANGED });
  });
  test('off: each side keeps its own', async () => {
    expect(await sides('off')).toEqual({ here: HERE, there: THERE });
  });
  test('up: nothing comes from Dropbox', async () => {
    const { here, there } = await sides('up');
    expect(here).toEqual(HERE);
    expect(there).toMatchObject({
      'same.txt': 'same',
      'edit here.txt': 'here',
      'edit there.txt': 'there',
      'In here/new here.txt': 'new here',
      'In there/new there.txt': 'new there',
    });
    expect(there).not.toHaveProperty(['gone here.txt']);
  });
  test('down: nothing goes to Dropbox', async () => {
    const { here, there } = await sides('down');
    expect(there).toEqual(THERE);
    expect(here).toMatchObject({
      'same.txt': 'same',
      'edit here.txt': 'here',
      'edit there.txt': 'there',
      'In here/new here.txt': 'new here',
      'In there/new there.txt': 'new there',
    });
    expect(here).not.toHaveProperty(['gone there.txt']);
  });
  test('both again: all is the same, and nothing that only one side has is lost', async () => {
    for (const flow of ['up', 'down', 'off']) await bench.ok('folder', 'flow', `P/${flow}`, 'inherit');
    const report = await bench.json<SyncSummary>('sync', '--yes');
    expect(report).toMatchObject({ code: 0, value: { failed: 0, held: 0 } });
    expect(await bench.remote()).toEqual(await bench.local());
    for (const flow of ['up', 'down', 'off']) expect((await sides(flow)).here).toMatchObject(CHANGED);
    expect(await bench.settle()).toMatchObject(NOTHING);
  });
  test('the words of scripts', async () => {
    expect(await value('folder', 'flow', 'P/up', 'up')).toEqual({ path: 'P/up', keep: null, flow: 'up' });
    expect(await value('folder', 'flow', 'P/up', 'inherit')).toEqual({ path: 'P/up', keep: null, flow: null });
  });
  test('bad words', async () => {
    expect(await bench.json('folder', 'flow', 'P/up', 'sideways')).toMatchObject({
      code: 1,
      value: { error: { code: 'bad-policy', message: expect.stringContaining('sideways') as string } },
    });
    expect(await bench.json('folder', 'keep', 'P/up', 'never')).toMatchObject({
      code: 1,
      value: { error: { code: 'bad-policy' } },
    });
    for (const command of [
      ['flow', 'P/none', 'up'],
      ['keep', 'P/up/same.txt', 'always'],
      ['set-client', 'P/none', 'Office'],
    ]) {
      expect(await bench.json('folder', ...command)).toMatchObject({
        code: 1,
        value: { error: { code: 'unknown-folder' } },
      });
    }
    expect(await bench.json('folder', 'set-client', 'P', 'Nobody')).toMatchObject({
      code: 1,
      value: { error: { code: 'unknown-client' } },
    });
    expect(await bench.json('rule', 'set-client', 'no.type', 'Office')).toMatchObject({ code: 1 });
    expect(await bench.json('client', 'reset', 'Nobody')).toMatchObject({
      code: 1,
      value: { error: { code: 'unknown-client' } },
    });
  });
});
