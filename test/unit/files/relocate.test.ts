// Making, renaming, moving, deleting and taking it back, on real folders and against the emulator.

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serviceWorld, type ServiceWorld } from '../../support/service-world.ts';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld();
});
afterEach(() => world.close());

const code = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error as { code: string }).code,
  );
const NOTHING = { uploaded: 0, downloaded: 0, moved: 0, deletedLocal: 0, deletedRemote: 0, conflicts: 0 };
const settled = async (): Promise<void> => {
  expect(await world.sync()).toMatchObject(NOTHING);
  expect(await world.remote()).toEqual(await world.local());
};
/** Documents that need not be here: the bytes go, the attachment stays. */
async function free(...paths: string[]): Promise<void> {
  for (const path of paths) world.service.setFolderKeep(path.slice(0, path.lastIndexOf('/')), 'links');
  await world.service.free({ dryRun: false });
  for (const path of paths) expect(world.entry(path).state).toBe('freed');
}

describe('moving', () => {
  test('between records: the attachment keeps its identity, one move in Dropbox and no upload', async () => {
    world.write('Quotations/SO001/offer.pdf', 'offer');
    await world.sync();
    const { id, remoteId } = world.entry('Quotations/SO001/offer.pdf');
    const moved = await world.service.move([id], { kind: 'record', type: 'sale.order', ref: 'SO002', sub: 'Drawings' });
    expect(moved.moved).toEqual([
      { id, from: 'Quotations/SO001/offer.pdf', to: 'Quotations/SO002/Drawings/offer.pdf' },
    ]);
    expect(world.read('Quotations/SO002/Drawings/offer.pdf')).toBe('offer');
    expect(world.entry('Quotations/SO002/Drawings/offer.pdf')).toMatchObject({ id, record: 'sale.order/SO002' });
    const { byEndpoint, bytesDown } = await world.counted(async () =>
      expect(await world.sync()).toMatchObject({ moved: 1, uploaded: 0, downloaded: 0, deletedRemote: 0 }),
    );
    expect(Object.keys(byEndpoint).filter((name) => /upload|download|delete/.test(name))).toEqual([]);
    expect(bytesDown).toBeLessThan(20_000);
    expect(world.entry('Quotations/SO002/Drawings/offer.pdf')).toMatchObject({ remoteId, state: 'synced' });
    await settled();
  });

  test('a folder with freed documents is one move; nothing is fetched', async () => {
    world.write('P/Dir/In/a.txt', 'a');
    world.write('P/Dir/b.txt', 'b');
    await world.sync();
    await free('P/Dir/In/a.txt', 'P/Dir/b.txt');
    const ids = [world.entry('P/Dir/In/a.txt').id, world.entry('P/Dir/b.txt').id];
    await world.service.move(['P/Dir'], { kind: 'record', type: 'sale.order', ref: 'SO001' });
    const there = 'Quotations/SO001/Dir';
    expect([world.entry(`${there}/In/a.txt`), world.entry(`${there}/b.txt`)]).toMatchObject(
      ids.map((id) => ({ id, type: 'url' })),
    );
    const { byEndpoint } = await world.counted(async () => expect(await world.sync()).toMatchObject({ moved: 1 }));
    expect(byEndpoint['files/download']).toBeUndefined();
    expect([world.entry(`${there}/In/a.txt`).state, world.entry(`${there}/b.txt`).state]).toEqual(['freed', 'freed']);
    expect(await world.remote()).toMatchObject({ [`${there}/b.txt`]: expect.any(String) as string });
    await world.service.open(`${there}/b.txt`);
    expect(world.read(`${there}/b.txt`)).toBe('b');
    // A freed document alone, too.
    await world.service.move([`${there}/In/a.txt`], { kind: 'folder', path: 'P' });
    expect(await world.sync()).toMatchObject({ moved: 1, downloaded: 0 });
    await world.service.open('P/a.txt');
    expect(world.read('P/a.txt')).toBe('a');
    await settled();
  });

  test('a taken name is numbered, what lies in a named folder comes along once', async () => {
    world.write('P/offer.pdf', 'here');
    world.write('P/Sub/Offer.PDF', 'other');
    world.write('P/Dir/x.txt', 'x');
    await world.sync();
    const { moved } = await world.service.move(['P/Sub/Offer.PDF', 'P/Dir/x.txt', 'P/Dir'], {
      kind: 'folder',
      path: 'P',
    });
    expect(moved.map(({ to }) => to)).toEqual(['P/Offer (2).PDF']);
    await world.service.move(['P/Dir', 'P/Dir/x.txt'], { kind: 'folder', path: 'P/Sub' });
    expect(world.read('P/Sub/Dir/x.txt')).toBe('x');
    await world.sync();
    await settled();
  });

  test('what cannot be is refused before anything moves', async () => {
    world.write('P/a.txt', 'a');
    world.write('P/Dir/b.txt', 'b');
    await world.sync();
    const before = await world.local();
    const to = (path: string) => ({ kind: 'folder', path }) as const;
    expect([
      await code(world.service.move(['P/a.txt', 'P/Dir'], to('P/Dir'))),
      await code(world.service.move(['P/a.txt', 'Quotations/SO001'], to('P/Dir'))),
      await code(world.service.move(['P/a.txt', 'P/nope'], to('P/Dir'))),
      await code(world.service.move(['P/a.txt'], to('P/nope'))),
      await code(world.service.move(['P/a.txt'], { kind: 'record', type: 'sale.order', ref: 'nope' })),
      await code(world.service.rename('Quotations/SO001', 'X')),
      await code(world.service.rename('Quotations', 'X')),
      await code(world.service.rename('P/a.txt', 'x/y')),
      await code(world.service.rename('P/a.txt', 'dir')),
      await code(world.service.rename('P/a.txt', '~$a.txt')),
      await code(world.service.delete(['P/a.txt', 'Quotations/SO001'])),
      await code(world.service.delete(['../P'])),
    ]).toEqual([
      'bad-path',
      'erp-folder',
      'unknown-path',
      'unknown-folder',
      'unknown-record',
      'erp-folder',
      'erp-folder',
      'bad-name',
      'place-taken',
      'bad-name',
      'erp-folder',
      'bad-path',
    ]);
    expect(await world.local()).toEqual(before);
    expect(world.service.trash()).toEqual([]);
    await settled();
  });

  test('to the folder of another client: bytes come first, then it belongs there', async () => {
    world.service.addClient('Second', 'Other', { kind: 'access-token', token: 'service-token' });
    await world.service.addFolder('Q', 'Second');
    world.write('P/Dir/freed.txt', 'freed');
    await world.sync();
    await free('P/Dir/freed.txt');
    await world.service.move(['P/Dir'], { kind: 'folder', path: 'Q' });
    expect(world.read('Q/Dir/freed.txt')).toBe('freed');
    expect(await world.sync()).toMatchObject({ uploaded: 1, deletedRemote: expect.any(Number) as number });
    expect(Object.keys(await world.remote('Other'))).toEqual(['Q', 'Q/Dir', 'Q/Dir/freed.txt']);
    expect(Object.keys(await world.remote())).not.toContain('P/Dir');
    expect(world.entry('Q/Dir/freed.txt')).toMatchObject({ client: 'Second', state: 'synced' });
  });

  test('a document of the top belongs to the client of the folder it is moved to, by the program or on the disk', async () => {
    world.write('one.txt', 'one');
    world.write('two.txt', 'two');
    await world.sync();
    world.service.addClient('Second', 'Other', { kind: 'access-token', token: 'service-token' });
    await world.service.addFolder('Q', 'Second');
    await world.service.move(['one.txt'], { kind: 'folder', path: 'Q' });
    renameSync(join(world.documents, 'two.txt'), join(world.documents, 'Q', 'two.txt'));
    await world.sync();
    await world.sync();
    expect(Object.keys(await world.remote('Other'))).toEqual(['Q', 'Q/one.txt', 'Q/two.txt']);
    expect(Object.keys(await world.remote()).filter((path) => /one|two|^Q$/.test(path))).toEqual([]);
    for (const name of ['one', 'two']) expect(world.entry(`Q/${name}.txt`)).toMatchObject({ client: 'Second' });
  });

  test('a folder of the top belongs to the client of the folder it is moved to; one that was given away keeps its client', async () => {
    world.write('One/a.txt', 'a');
    world.write('Two/b.txt', 'b');
    await world.sync();
    world.service.addClient('Second', 'Other', { kind: 'access-token', token: 'service-token' });
    await world.service.addFolder('Q', 'Second');
    await world.service.move(['One'], { kind: 'folder', path: 'Q' });
    await world.sync();
    renameSync(join(world.documents, 'Two'), join(world.documents, 'Q', 'Two'));
    await world.sync();
    await world.sync();
    expect(Object.keys(await world.remote('Other'))).toEqual(['Q', 'Q/One', 'Q/One/a.txt', 'Q/Two', 'Q/Two/b.txt']);
    expect(Object.keys(await world.remote()).filter((path) => /One|Two|^Q$/.test(path))).toEqual([]);
    world.service.setFolderClient('Q/One', 'Office');
    await world.sync();
    await world.service.rename('Q/One', 'Three');
    expect(world.entry('Q/Three/a.txt')).toMatchObject({ client: 'Office' });
  });

  test('beside a pass that is at work', async () => {
    for (let number = 0; number < 40; number++) world.write(`P/Many/${number}.txt`, `text ${number}`);
    world.write('P/Many/gone.txt', 'not edited');
    await world.sync();
    for (let number = 0; number < 40; number++) world.write(`P/Many/${number}.txt`, `edited ${number}`);
    await world.emulator.control('faults', { latencyMs: 15 });
    const pass = world.service.sync();
    const ids = [1, 2, 3].map((number) => world.entry(`P/Many/${number}.txt`).id);
    for (const id of ids) await world.service.move([id], { kind: 'record', type: 'sale.order', ref: 'SO001' });
    await world.service.rename('P/Many/5.txt', 'five.txt');
    // Not one whose edit is on its way: an edit outlives the deletion (SYNC.md §3).
    await world.service.delete(['P/Many/gone.txt']);
    await pass;
    await world.emulator.control('faults', { clear: true });
    for (let round = 0; round < 3; round++) await world.sync();
    await settled();
    expect(ids.map((id, index) => world.entry(`Quotations/SO001/${index + 1}.txt`).id === id)).toEqual([
      true,
      true,
      true,
    ]);
    expect(world.read('Quotations/SO001/2.txt')).toBe('edited 2');
    expect([world.exists('P/Many/gone.txt'), world.read('P/Many/five.txt')]).toEqual([false, 'edited 5']);
  });
});

describe('renaming', () => {
  test('documents, folders and letters alone; the id stays', async () => {
    world.write('P/Dir/a.txt', 'a');
    await world.sync();
    const { id } = world.entry('P/Dir/a.txt');
    await world.service.rename('P/Dir', 'dir');
    await world.service.rename(id, 'Ä.txt');
    expect(await world.sync()).toMatchObject({ moved: 2, uploaded: 0 });
    expect(world.entry('P/dir/Ä.txt')).toMatchObject({ id, state: 'synced' });
    expect(await world.service.rename(id, 'Ä.txt')).toEqual({ moved: [], undo: null });
    await settled();
  });

  test('a freed document', async () => {
    world.write('P/a.txt', 'a');
    await world.sync();
    await free('P/a.txt');
    world.write('P/taken.txt', 'unseen by any scan');
    expect(await code(world.service.rename('P/a.txt', 'Taken.txt'))).toBe('place-taken');
    await world.service.rename('P/a.txt', 'b.txt');
    await world.sync();
    expect(world.entry('P/b.txt').state).toBe('freed');
    expect(Object.keys(await world.remote())).toContain('P/b.txt');
  });
});

describe('making folders', () => {
  test('with those above; one that is there under another spelling is that one', async () => {
    const made = await world.service.makeFolder('P/Photos/2026');
    expect(made).toMatchObject({
      folder: { path: 'P/Photos/2026', client: 'Office' },
      made: ['P/Photos', 'P/Photos/2026'],
    });
    expect(await world.service.makeFolder('P/PHOTOS/2026')).toMatchObject({
      folder: { path: 'P/Photos/2026' },
      made: [],
      undo: null,
    });
    world.write('P/file', 'x');
    expect([await code(world.service.makeFolder('P/file/x')), await code(world.service.makeFolder('P/a.'))]).toEqual([
      'place-taken',
      'bad-name',
    ]);
    await world.sync();
    await settled();
  });
});

describe('deleting and taking back', () => {
  test.each([
    ['before a pass', async () => undefined],
    [
      'after a pass',
      async () => {
        expect(await world.service.sync({ yes: true })).toMatchObject({ uploaded: 0, downloaded: 0 });
        expect(Object.keys(await world.remote()).filter((path) => path.startsWith('P/'))).toEqual([]);
      },
    ],
  ])('a file and a folder with freed documents go to the trash and come back, %s', async (_when, meanwhile) => {
    world.write('P/a.txt', 'a');
    world.write('P/Dir/b.txt', 'b');
    world.write('P/Dir/Freed/c.txt', 'c');
    await world.sync();
    await free('P/Dir/Freed/c.txt');
    const { deleted, undo } = await world.service.delete(['P/a.txt', 'P/Dir']);
    expect(deleted.map(({ path }) => path)).toEqual(['P/a.txt', 'P/Dir']);
    expect(world.service.trash()).toHaveLength(2);
    expect(world.service.list('P').map(({ path }) => path)).toEqual(['P']);
    await meanwhile();
    expect(await world.service.undo(undo!.number)).toMatchObject({ undone: ['P/a.txt', 'P/Dir'], failed: [] });
    expect(world.service.trash()).toEqual([]);
    await world.sync();
    await world.sync();
    expect(world.read('P/Dir/b.txt')).toBe('b');
    await world.service.open('P/Dir/Freed/c.txt');
    expect(world.read('P/Dir/Freed/c.txt')).toBe('c');
    await settled();
  });

  test('a freed document alone comes back before a pass has deleted it in Dropbox', async () => {
    world.write('P/Freed/c.txt', 'c');
    await world.sync();
    await free('P/Freed/c.txt');
    const { deleted } = await world.service.delete(['P/Freed/c.txt']);
    expect(await world.service.restore(deleted[0]!.trash)).toMatchObject({ from: 'dropbox', undo: null });
    expect(await world.sync()).toMatchObject({ deletedRemote: 0 });
    await world.service.open('P/Freed/c.txt');
    expect(world.read('P/Freed/c.txt')).toBe('c');
    await settled();
  });

  test('what came out of the trash goes back into it and out again, unless it was edited since', async () => {
    world.write('P/Dir/b.txt', 'b');
    world.write('P/c.txt', 'c');
    await world.sync();
    const { deleted } = await world.service.delete(['P/Dir', 'P/c.txt']);
    await world.sync();
    const [dir, file] = [
      await world.service.restore(deleted[0]!.trash),
      await world.service.restore(deleted[1]!.trash),
    ];
    expect(world.service.trash()).toEqual([]);
    await world.sync();
    const back = await world.service.undo(dir.undo!.number);
    expect(back).toMatchObject({ undone: ['P/Dir'], failed: [] });
    expect(world.service.trash()).toMatchObject([{ path: 'P/Dir' }]);
    expect(world.exists('P/Dir')).toBe(false);
    await world.sync();
    expect(await world.service.undo(back.undo!.number)).toMatchObject({ undone: ['P/Dir'], failed: [] });
    expect(world.read('P/Dir/b.txt')).toBe('b');
    world.write('P/c.txt', 'edited');
    expect(await world.service.undo(file.undo!.number)).toMatchObject({ undone: [], failed: [{ path: 'P/c.txt' }] });
    expect(world.read('P/c.txt')).toBe('edited');
    await world.sync();
    await settled();
  });

  test('an operation is taken back once, by number or by value, also after a new start', async () => {
    world.write('P/a.txt', 'a');
    await world.sync();
    const { id } = world.entry('P/a.txt');
    const { undo } = await world.service.move([id], { kind: 'record', type: 'sale.order', ref: 'SO001' });
    await world.reopen();
    expect(world.service.lastOperation()).toEqual(undo);
    const back = await world.service.undo(undo!.change);
    expect(back.undone).toEqual(['P/a.txt']);
    expect(world.entry('P/a.txt').id).toBe(id);
    expect(await code(world.service.undo(undo!.number))).toBe('unknown-operation');
    // Taking back can be taken back.
    expect((await world.service.undo(back.undo!.number)).undone).toEqual(['Quotations/SO001/a.txt']);
    expect(await code(world.service.undo(99))).toBe('unknown-operation');
    await world.sync();
    await settled();
  });

  test('folders are made, brought in and deleted again as often as somebody likes, with all that they hold', async () => {
    const paths = (): string[] => world.service.list('P').map(({ path }) => path);
    /** There and back, twice. */
    const both = async (number: number, done: readonly string[], undone: readonly string[]): Promise<void> => {
      expect(paths()).toEqual(done);
      let next = number;
      for (const expected of [undone, done, undone, done]) {
        const report = await world.service.undo(next);
        expect({ failed: report.failed, paths: paths() }).toEqual({ failed: [], paths: expected });
        next = report.undo!.number;
        // So much of so little is held back otherwise.
        await world.service.sync({ yes: true });
        await settled();
      }
    };
    const made = await world.service.makeFolder('P/New/Inner');
    await both(made.undo!.number, ['P', 'P/New', 'P/New/Inner'], ['P']);

    const source = join(world.folder, 'Site');
    mkdirSync(join(source, 'Empty'), { recursive: true });
    writeFileSync(join(source, 'plan.txt'), 'plan');
    const added = await world.service.upload([source], { kind: 'folder', path: 'P/New' });
    const site = ['P', 'P/New', 'P/New/Inner', 'P/New/Site', 'P/New/Site/Empty', 'P/New/Site/plan.txt'];
    await both(added.undo!.number, site, site.slice(0, 3));
    expect(world.read('P/New/Site/plan.txt')).toBe('plan');

    const { undo } = await world.service.delete(['P/New']);
    await both(undo!.number, ['P'], site);
    await world.service.undo(world.service.lastOperation()!.number);
    expect(world.read('P/New/Site/plan.txt')).toBe('plan');
  });

  test('a folder that came back is not deleted again once somebody has put something else into it', async () => {
    world.write('P/Dir/Sub/a.txt', 'a');
    await world.sync();
    const { undo } = await world.service.delete(['P/Dir']);
    const back = await world.service.undo(undo!.number);
    // No pass and no look has seen it yet.
    world.write('P/Dir/Sub/new.txt', 'by a colleague');
    expect(await world.service.undo(back.undo!.number)).toMatchObject({
      undone: [],
      failed: [{ path: 'P/Dir', reason: 'It was edited since.' }],
      undo: null,
    });
    expect(world.read('P/Dir/Sub/new.txt')).toBe('by a colleague');
    await world.sync();
    await settled();
  });

  test('what others have changed meanwhile stays as it is, and that is said', async () => {
    world.write('P/a.txt', 'a');
    world.write('P/b.txt', 'b');
    await world.sync();
    const moved = await world.service.move(['P/a.txt', 'P/b.txt'], {
      kind: 'record',
      type: 'sale.order',
      ref: 'SO001',
    });
    world.write('P/a.txt', 'another');
    const report = await world.service.undo(moved.undo!.number);
    expect(report.undone).toEqual(['P/b.txt']);
    expect(report.failed).toMatchObject([
      { path: 'Quotations/SO001/a.txt', reason: expect.stringContaining('taken') as string },
    ]);
    const made = await world.service.makeFolder('P/New/Inner');
    world.write('P/New/note.txt', 'n');
    expect(await world.service.undo(made.undo!.number)).toMatchObject({
      undone: ['P/New/Inner'],
      failed: [{ path: 'P/New' }],
    });
    await world.sync();
    await settled();
    expect([world.read('P/a.txt'), world.read('Quotations/SO001/a.txt')]).toEqual(['another', 'a']);
  });

  test('a document that another program has moved or removed is told, not guessed', async () => {
    world.write('P/a.txt', 'a');
    await world.sync();
    mkdirSync(world.at('P/x'));
    renameSync(world.at('P/a.txt'), world.at('P/x/a.txt'));
    expect(await code(world.service.rename('P/a.txt', 'b.txt'))).toBe('gone');
    await world.sync();
    rmSync(world.at('P/x'), { recursive: true });
    expect(await code(world.service.delete(['P/x/a.txt']))).toBe('gone');
    await world.service.sync({ yes: true });
    await settled();
  });
});
