import { describe, expect, test } from 'vitest';
import type { OperationKind } from '../../../src-main/sync/model.ts';
import { PlanWorld } from '../../support/plan-world.ts';

// Every cell of the decision table (SYNC.md §3), for files and for folders: the tree that both sides end with, and the
// operations that the plan needs for it. `f` is the synced file (content A), `g` the name it is moved to.

const COPY = ' (conflicted copy from Dropbox, 2026-11-23)';

type Act = (world: PlanWorld) => void;

const HERE: Record<string, Act> = {
  nothing: () => {},
  new: (w) => void w.here.write('n', 'HERE'),
  edited: (w) => void w.here.write('f', 'HERE'),
  moved: (w) => w.here.move(w.here.get('f'), 'g'),
  deleted: (w) => w.here.remove(w.here.get('f')),
};

interface Cell {
  readonly here: keyof typeof HERE;
  readonly name: string;
  readonly there: Act;
  readonly tree: readonly string[];
  readonly kinds: readonly OperationKind[];
}

const edit: Act = (w) => void w.there.write('f', 'THERE');
const move: Act = (w) => w.there.move(w.there.get('f'), 'h');
const remove: Act = (w) => w.there.remove(w.there.get('f'));

const CELLS: readonly Cell[] = [
  { here: 'nothing', name: 'nothing', there: () => {}, tree: ['f=A'], kinds: [] },
  {
    here: 'nothing',
    name: 'new',
    there: (w) => void w.there.write('n', 'N'),
    tree: ['f=A', 'n=N'],
    kinds: ['local.download'],
  },
  { here: 'nothing', name: 'edited', there: edit, tree: ['f=THERE'], kinds: ['local.download'] },
  { here: 'nothing', name: 'moved', there: move, tree: ['h=A'], kinds: ['local.move'] },
  { here: 'nothing', name: 'deleted', there: remove, tree: [], kinds: ['local.trash'] },

  { here: 'new', name: 'nothing', there: () => {}, tree: ['f=A', 'n=HERE'], kinds: ['remote.upload'] },
  {
    here: 'new',
    name: 'new, same content',
    there: (w) => void w.there.write('n', 'HERE'),
    tree: ['f=A', 'n=HERE'],
    kinds: ['adopt'],
  },
  {
    here: 'new',
    name: 'new, other content',
    there: (w) => void w.there.write('n', 'N'),
    tree: ['f=A', `n${COPY}=N`, 'n=HERE'],
    kinds: ['remote.copy', 'remote.upload', 'local.download'],
  },
  { here: 'new', name: 'edited', there: edit, tree: ['f=THERE', 'n=HERE'], kinds: ['remote.upload', 'local.download'] },
  {
    here: 'new',
    name: 'moved onto its place',
    there: (w) => w.there.move(w.there.get('f'), 'n'),
    tree: [`n${COPY}=A`, 'n=HERE'],
    kinds: ['remote.move', 'local.move', 'remote.upload'],
  },
  { here: 'new', name: 'deleted', there: remove, tree: ['n=HERE'], kinds: ['remote.upload', 'local.trash'] },

  { here: 'edited', name: 'nothing', there: () => {}, tree: ['f=HERE'], kinds: ['remote.upload'] },
  {
    here: 'edited',
    name: 'edited, same content',
    there: (w) => void w.there.write('f', 'HERE'),
    tree: ['f=HERE'],
    kinds: ['adopt'],
  },
  {
    here: 'edited',
    name: 'edited, other content',
    there: edit,
    tree: [`f${COPY}=THERE`, 'f=HERE'],
    kinds: ['remote.copy', 'remote.upload', 'local.download'],
  },
  { here: 'edited', name: 'moved', there: move, tree: ['h=HERE'], kinds: ['local.move', 'remote.upload'] },
  { here: 'edited', name: 'deleted', there: remove, tree: ['f=HERE'], kinds: ['remote.upload'] },

  { here: 'moved', name: 'nothing', there: () => {}, tree: ['g=A'], kinds: ['remote.move'] },
  {
    here: 'moved',
    name: 'new on its place',
    there: (w) => void w.there.write('g', 'N'),
    tree: [`g${COPY}=N`, 'g=A'],
    kinds: ['remote.move', 'remote.move', 'local.download'],
  },
  { here: 'moved', name: 'edited', there: edit, tree: ['g=THERE'], kinds: ['remote.move', 'local.download'] },
  { here: 'moved', name: 'moved elsewhere', there: move, tree: ['g=A'], kinds: ['remote.move'] },
  {
    here: 'moved',
    name: 'moved to the same place',
    there: (w) => w.there.move(w.there.get('f'), 'g'),
    tree: ['g=A'],
    kinds: ['adopt'],
  },
  { here: 'moved', name: 'deleted', there: remove, tree: ['g=A'], kinds: ['remote.upload'] },

  { here: 'deleted', name: 'nothing', there: () => {}, tree: [], kinds: ['remote.delete'] },
  { here: 'deleted', name: 'edited', there: edit, tree: ['f=THERE'], kinds: ['local.download'] },
  { here: 'deleted', name: 'moved', there: move, tree: [], kinds: ['remote.delete'] },
  {
    here: 'deleted',
    name: 'moved and edited',
    there: (w) => (move(w), void w.there.write('h', 'THERE')),
    tree: ['h=THERE'],
    kinds: ['local.download'],
  },
  { here: 'deleted', name: 'deleted', there: remove, tree: [], kinds: ['forget'] },
];

function synced(init: Record<string, string>, folders: readonly string[] = []): PlanWorld {
  const world = new PlanWorld();
  for (const path of folders) world.here.makeFolder(path);
  for (const [path, content] of Object.entries(init)) world.here.write(path, content);
  world.sync();
  return world;
}

function expectOutcome(world: PlanWorld, tree: readonly string[], kinds: readonly OperationKind[] | null): void {
  const plans = world.sync(1);
  expect(world.here.tree()).toEqual([...tree].sort());
  expect(world.there.tree()).toEqual([...tree].sort());
  const used = plans.flatMap((plan) => plan.operations.map((one) => one.kind)).sort();
  expect(used).toEqual(kinds === null ? used : [...kinds].sort());
}

describe('decision table, files', () => {
  test.each(CELLS)('$here × $name', ({ here, there, tree, kinds }) => {
    const world = synced({ f: 'A' });
    HERE[here]!(world);
    there(world);
    expectOutcome(world, tree, kinds);
  });

  test('freed bytes moved here, deleted there: restored from the deleted rev at the new place', () => {
    const world = synced({ f: 'A' });
    world.here.get('f').present = false;
    world.here.move(world.here.get('f'), 'g');
    world.there.remove(world.there.get('f'));
    expectOutcome(world, ['g=A'], ['remote.restore']);
  });

  test('freed bytes: neither a missing file nor an edit there fetches them', () => {
    const world = synced({ f: 'A' });
    world.here.get('f').present = false;
    expect(world.plan().operations).toEqual([]);
    edit(world);
    expectOutcome(world, ['f=THERE'], ['local.link']);
  });

  test('freed bytes that shall be here are brought back before all else, and nothing else is', () => {
    const world = synced({ f: 'A', g: 'B' });
    world.here.get('f').present = false;
    world.policy = { ...world.policy, bringBack: () => true };
    const plan = world.plan();
    expect(plan.operations.map((one) => [one.kind, one.direction, one.priority, one.path])).toEqual([
      ['local.download', 'reverse', 0, 'f'],
    ]);
  });

  test('bytes by policy: what is new in Dropbox is only linked where the policy says so', () => {
    const world = synced({ f: 'A' });
    world.policy = { ...world.policy, fetch: () => false };
    world.there.write('n', 'N');
    expectOutcome(world, ['f=A', 'n=N'], ['local.link']);
    expect(world.here.get('n').present).toBe(false);
  });
});

describe('decision table, folders', () => {
  const init = { 'd/x': 'X', 'd/s/y': 'Y' };
  const full = (name: string) => [`${name}/`, `${name}/s/`, `${name}/s/y=Y`, `${name}/x=X`];

  test('nothing × moved: one local move, whatever it holds', () => {
    const world = synced(init);
    world.there.move(world.there.get('d'), 'e');
    expectOutcome(world, full('e'), ['local.move']);
  });
  test('moved × nothing: one server move', () => {
    const world = synced(init);
    world.here.move(world.here.get('d'), 'e');
    expectOutcome(world, full('e'), ['remote.move']);
  });
  test('moved × moved: the move made here wins', () => {
    const world = synced(init);
    world.here.move(world.here.get('d'), 'e');
    world.there.move(world.there.get('d'), 'g');
    expectOutcome(world, full('e'), ['remote.move']);
  });
  test('deleted × nothing, nothing × deleted: one operation for all of it', () => {
    const here = synced(init);
    here.here.remove(here.here.get('d'));
    expectOutcome(here, [], ['remote.delete']);
    const there = synced(init);
    there.there.remove(there.there.get('d'));
    expectOutcome(there, [], ['local.trash']);
  });
  test('deleted × something new inside: it survives with the folders above it', () => {
    const world = synced(init);
    world.here.remove(world.here.get('d'));
    world.there.write('d/s/n', 'N');
    expectOutcome(world, ['d/', 'd/s/', 'd/s/n=N'], null);
  });
  test('something edited inside × deleted: it survives with the folders above it', () => {
    const world = synced(init);
    world.here.write('d/s/y', 'L');
    world.there.remove(world.there.get('d'));
    expectOutcome(world, ['d/', 'd/s/', 'd/s/y=L'], null);
  });
  test('moved × deleted: the move counts as an edit of what it holds', () => {
    const world = synced(init);
    world.here.move(world.here.get('d'), 'e');
    world.there.remove(world.there.get('d'));
    expectOutcome(world, full('e'), null);
  });
  test('deleted × moved: deleted at its new place', () => {
    const world = synced(init);
    world.here.remove(world.here.get('d'));
    world.there.move(world.there.get('d'), 'e');
    expectOutcome(world, [], ['remote.delete']);
  });
  test('new × new: merged, contents compared one by one', () => {
    const world = synced({});
    world.here.write('d/same', 'S');
    world.here.write('d/here', 'H');
    world.there.write('d/same', 'S');
    world.there.write('d/there', 'T');
    expectOutcome(
      world,
      ['d/', 'd/here=H', 'd/same=S', 'd/there=T'],
      ['adopt', 'adopt', 'remote.upload', 'local.download'],
    );
  });
});

describe('folders of the ERP', () => {
  function record(): PlanWorld {
    const world = new PlanWorld();
    world.here.makeFolder('Quotations', 'rule');
    world.here.makeFolder('Quotations/SO001', 'record');
    world.here.write('Quotations/SO001/a', 'A');
    world.sync();
    return world;
  }

  test('deleted in Dropbox: attachments go, the folders return empty', () => {
    const world = record();
    world.there.remove(world.there.get('Quotations'));
    expectOutcome(world, ['Quotations/', 'Quotations/SO001/'], null);
    expect(world.here.trash).toEqual(['A']);
  });
  test('renamed in Dropbox: moved back, what is inside is kept', () => {
    const world = record();
    world.there.move(world.there.get('Quotations/SO001'), 'Quotations/Other');
    world.there.write('Quotations/Other/b', 'B');
    expectOutcome(
      world,
      ['Quotations/', 'Quotations/SO001/', 'Quotations/SO001/a=A', 'Quotations/SO001/b=B'],
      ['remote.move', 'local.download'],
    );
  });
  test('an attachment added here while its record folder is deleted there survives', () => {
    const world = record();
    world.here.write('Quotations/SO001/b', 'B');
    world.there.remove(world.there.get('Quotations/SO001'));
    expectOutcome(world, ['Quotations/', 'Quotations/SO001/', 'Quotations/SO001/b=B'], null);
  });
  test('the record is gone here: one folder deletion', () => {
    const world = record();
    world.here.remove(world.here.get('Quotations/SO001'));
    expectOutcome(world, ['Quotations/'], ['remote.delete']);
  });
});

describe('guards of the planner', () => {
  function many(count: number): PlanWorld {
    const world = new PlanWorld();
    for (let i = 0; i < count; i++) world.here.write(`f${i}`, `content ${i}`);
    world.sync();
    world.policy = { ...world.policy, deletionsApproved: false };
    return world;
  }
  const deleteHere = (world: PlanWorld, count: number) => {
    for (let i = 0; i < count; i++) world.here.remove(world.here.get(`f${i}`));
  };

  test.each([
    { entries: 9, deleted: 5, held: true },
    { entries: 9, deleted: 2, held: false },
    { entries: 8, deleted: 8, held: false },
    { entries: 99, deleted: 20, held: false },
    { entries: 99, deleted: 21, held: true },
    { entries: 600, deleted: 100, held: false },
    { entries: 600, deleted: 101, held: true },
  ])('$deleted of $entries and the root: held $held', ({ entries, deleted, held }) => {
    const world = many(entries);
    deleteHere(world, deleted);
    const deletions = world.plan().operations.filter((one) => one.kind === 'remote.delete');
    expect(deletions).toHaveLength(deleted);
    expect(deletions.every((one) => one.held === held)).toBe(true);
  });

  test('the other side is guarded alike, everything else goes on, and consent lets it go', () => {
    const world = many(20);
    for (let i = 0; i < 10; i++) world.there.remove(world.there.get(`f${i}`));
    world.here.write('new', 'N');
    world.sync();
    expect(world.here.items.size).toBe(21);
    expect(world.there.find('new')).not.toBeNull();
    world.policy = { ...world.policy, deletionsApproved: true };
    world.sync();
    expect(world.here.tree()).toEqual(world.there.tree());
    expect(world.here.items.size).toBe(11);
  });

  test('what cannot be judged stays on both sides, and so does what is above it', () => {
    const world = synced({ 'd/x': 'X', 'd/y': 'Y' });
    world.here.get('d/x').frozen = true;
    world.there.remove(world.there.get('d'));
    world.sync(1);
    expect(world.here.tree()).toEqual(['d/', 'd/x=X']);
    world.here.get('d/x').frozen = false;
    world.sync(2);
    expect(world.here.tree()).toEqual(world.there.tree());
  });

  test('names that Dropbox refuses are reported, with what lies below them; the rest is synced', () => {
    const world = new PlanWorld();
    world.here.write('a\\b.txt', '1');
    world.here.write('ends with space /inner', '2');
    world.here.write('fine', '3');
    const plan = world.plan();
    expect(plan.problems.map((problem) => problem.path).sort()).toEqual(['a\\b.txt', 'ends with space ']);
    world.sync(1);
    expect(world.there.tree()).toEqual(['fine=3']);
    world.here.move(world.here.get('a\\b.txt'), 'ab.txt');
    world.sync(1);
    expect(world.there.tree()).toEqual(['ab.txt=1', 'fine=3']);
  });

  test('ignored names take no part, on either side, new or known', () => {
    const world = synced({ 'a.txt': '1', 'b.tmp': '2' });
    world.policy = { ...world.policy, ignored: (path) => path.endsWith('.tmp') };
    world.here.write('b.tmp', 'edited');
    world.here.write('c.tmp', '3');
    world.there.write('d.tmp', '4');
    expect(world.plan().operations).toEqual([]);
  });

  test('one-way folders: what is below them flows one way only', () => {
    const world = synced({ 'up/a': '1', 'down/b': '2' });
    world.policy = {
      ...world.policy,
      flow: (path) => (path.startsWith('up') ? 'up' : path.startsWith('down') ? 'down' : 'both'),
    };
    world.here.write('up/new', 'U');
    world.there.write('up/ignored', 'I');
    world.there.write('down/new', 'D');
    world.here.write('down/ignored', 'I');
    const plan = world.plan();
    expect(plan.operations.map((one) => `${one.kind} ${one.path}`).sort()).toEqual([
      'local.download down/new',
      'remote.upload up/new',
    ]);
  });

  test('an interrupted rename of case only, or a swap, is finished from its aside names', () => {
    const world = synced({ a: 'A', b: 'B' });
    world.there.move(world.there.get('a'), '.dt-aside-1-a');
    expectOutcome(world, ['a=A', 'b=B'], ['remote.move']);
    world.here.move(world.here.get('b'), '.dt-aside-2-b');
    expectOutcome(world, ['a=A', 'b=B'], ['local.move']);
  });

  test('a conflict whose copy was made before the pass was interrupted is not copied twice', () => {
    const world = synced({ f: 'A' });
    world.here.write('f', 'HERE');
    world.there.write('f', 'THERE');
    const [copy] = world.plan().operations;
    expect(copy?.kind).toBe('remote.copy');
    world.apply(copy!);
    expectOutcome(world, [`f${COPY}=THERE`, 'f=HERE'], ['remote.upload', 'local.download']);
  });
});
