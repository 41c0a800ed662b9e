// The history of one document: under its name now and, before each move, under the one that it had then.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { staysOf } from '../../../src-main/log/history.ts';
import { serviceWorld, type ServiceWorld } from '../../support/service-world.ts';

const moved = (time: number, ...moves: [from: string, to: string][]) => ({
  time,
  change: { kind: 'moved' as const, moves: moves.map(([from, to], id) => ({ id, from, to })) },
});

test('former paths: its own moves and those of folders above it, newest first', () => {
  const changes = [
    moved(30, ['A/plan.pdf', 'B/plan.pdf']),
    moved(20, ['Old', 'A']),
    { time: 15, change: { kind: 'made' as const, folders: [] } },
    moved(10, ['Old/draft.pdf', 'Old/plan.pdf'], ['x', 'y']),
  ];
  expect(staysOf('B/plan.pdf', changes)).toEqual([
    { path: 'B/plan.pdf', until: Number.MAX_SAFE_INTEGER },
    { path: 'A/plan.pdf', until: 30 },
    { path: 'Old/plan.pdf', until: 20 },
    { path: 'Old/draft.pdf', until: 10 },
  ]);
  expect(staysOf('Bx/plan.pdf', changes)).toHaveLength(1);
});

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld({ company: false });
});
afterEach(() => world.close());

test('in the store: what happened before a renaming is part of it, what happened to others is not', async () => {
  world.write('P/a.txt', 'one');
  world.write('P/ab.txt', 'other');
  await world.sync();
  await world.service.rename('P/a.txt', 'b.txt');
  await world.sync();
  const lines = world.service.history('P/b.txt', 50);
  expect(lines.map(({ kind, from }) => [kind, from])).toEqual(
    expect.arrayContaining([
      ['remote.upload', 'P/a.txt'],
      ['remote.move', null],
    ]),
  );
  expect(lines.map(({ id }) => id)).toEqual(lines.map(({ id }) => id).toSorted((a, b) => b - a));
  expect(new Set(lines.map(({ path }) => path))).toEqual(new Set(['P/b.txt', 'P/a.txt']));
});
