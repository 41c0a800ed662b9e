import { describe, expect, test } from 'vitest';
import { PlanWorld } from '../../support/plan-world.ts';

// The planner alone, on the black-box scenarios whose outcome it decides. Ops counts are those of the scenario.

const CC = ' (conflicted copy from Dropbox, 2026-11-23)';

interface Case {
  readonly id: string;
  readonly init?: Record<string, string>;
  readonly folders?: string[];
  readonly here?: (world: PlanWorld) => void;
  readonly there?: (world: PlanWorld) => void;
  readonly expect: string[];
  readonly counts?: Partial<Record<'up' | 'down' | 'mv' | 'del', number>>;
}

const mvHere = (world: PlanWorld, from: string, to: string) => world.here.move(world.here.get(from), to);
const mvThere = (world: PlanWorld, from: string, to: string) => world.there.move(world.there.get(from), to);
const rmHere = (world: PlanWorld, path: string) => world.here.remove(world.here.get(path));
const rmThere = (world: PlanWorld, path: string) => world.there.remove(world.there.get(path));

const CASES: Case[] = [
  {
    id: 'A01',
    folders: ['a'],
    here: (w) => w.here.write('a/n', 'N'),
    expect: ['a/', 'a/n=N'],
    counts: { up: 1, down: 0 },
  },
  { id: 'A02', there: (w) => w.there.write('a/n', 'N'), expect: ['a/', 'a/n=N'], counts: { down: 1, up: 0 } },
  {
    id: 'A05',
    init: { '1': 'A', '2': 'A' },
    here: (w) => (w.here.write('2', 'L'), w.here.write('11', 'L')),
    there: (w) => (w.there.write('1', 'R'), w.there.write('10', 'R')),
    expect: ['1=R', '10=R', '11=L', '2=L'],
    counts: { up: 2, down: 2 },
  },
  { id: 'A16', init: { 'd/f': 'A' }, here: (w) => rmHere(w, 'd/f'), expect: ['d/'], counts: { del: 1 } },
  { id: 'D02', init: { f: 'A' }, there: (w) => rmThere(w, 'f'), expect: [] },
  { id: 'D03', init: { f: 'A' }, here: (w) => rmHere(w, 'f'), there: (w) => rmThere(w, 'f'), expect: [] },
  { id: 'D05', init: { f: 'A' }, here: (w) => w.here.write('f', 'L'), there: (w) => rmThere(w, 'f'), expect: ['f=L'] },
  {
    id: 'D06',
    init: { 'A/a': 'A' },
    here: (w) => w.here.write('A/h', 'H'),
    there: (w) => rmThere(w, 'A'),
    expect: ['A/', 'A/h=H'],
  },
  {
    id: 'D08',
    init: { 'A/x': 'X', 'A/B/y': 'Y', 'A/B/C/z': 'Z' },
    here: (w) => (w.here.write('A/B/C/n1', '1'), w.here.write('A/B/C/new/n2', '2')),
    there: (w) => rmThere(w, 'A'),
    expect: ['A/', 'A/B/', 'A/B/C/', 'A/B/C/n1=1', 'A/B/C/new/', 'A/B/C/new/n2=2'],
  },
  {
    id: 'D15',
    folders: ['d'],
    here: (w) => w.here.write('d/n', 'N'),
    there: (w) => rmThere(w, 'd'),
    expect: ['d/', 'd/n=N'],
  },
  {
    id: 'D18',
    init: { 'R/a': 'A', 'R/b': 'B' },
    here: (w) => rmHere(w, 'R'),
    expect: [],
    counts: { del: 1 },
  },
  {
    id: 'D20',
    init: { 'p/c': 'A' },
    there: (w) => (rmThere(w, 'p'), w.there.write('p/c2', 'B')),
    expect: ['p/', 'p/c2=B'],
  },
  { id: 'M01', init: { x: 'A' }, here: (w) => mvHere(w, 'x', 'y'), expect: ['y=A'], counts: { mv: 1, up: 0, del: 0 } },
  {
    id: 'M02',
    init: { 'd/a': 'A' },
    here: (w) => mvHere(w, 'd', 'e'),
    expect: ['e/', 'e/a=A'],
    counts: { mv: 1, up: 0 },
  },
  {
    id: 'M04',
    init: { x: 'X', y: 'Y', z: 'Z', 'c/b': 'B', 'd/a': 'A' },
    here: (w) => (mvHere(w, 'x', 'c/x'), mvHere(w, 'z', 'o'), mvHere(w, 'd', 'e'), w.here.write('c/z', 'Y')),
    expect: ['c/', 'c/b=B', 'c/x=X', 'c/z=Y', 'e/', 'e/a=A', 'o=Z', 'y=Y'],
    counts: { mv: 3, up: 1 },
  },
  {
    id: 'M08',
    init: { a: 'W' },
    here: (w) => mvHere(w, 'a', 'a2'),
    there: (w) => w.there.write('a', 'B'),
    expect: ['a2=B'],
  },
  {
    id: 'M10',
    init: { a: 'W' },
    here: (w) => (w.here.write('a', 'L'), w.here.write('at', 'N')),
    there: (w) => mvThere(w, 'a', 'at'),
    expect: ['a=L', `at${CC}=W`, 'at=N'],
  },
  {
    id: 'M11',
    init: { m: 'W' },
    here: (w) => w.here.write('n', 'N'),
    there: (w) => mvThere(w, 'm', 'n'),
    expect: [`n${CC}=W`, 'n=N'],
  },
  {
    id: 'M13',
    init: { 'C/1': '1', 'C/2': '2' },
    here: (w) => mvHere(w, 'C', 'CL'),
    there: (w) => mvThere(w, 'C', 'CR'),
    expect: ['CL/', 'CL/1=1', 'CL/2=2'],
    counts: { up: 0, down: 0 },
  },
  {
    id: 'M14',
    init: { 'A/1': 'A' },
    here: (w) => (mvHere(w, 'A', 'A2'), w.here.write('A2/1', 'B')),
    expect: ['A2/', 'A2/1=B'],
    counts: { mv: 1, up: 1 },
  },
  {
    id: 'M16',
    init: { 'A/1': 'A' },
    here: (w) => (w.here.write('A/1', 'L'), mvHere(w, 'A', 'A4')),
    there: (w) => w.there.write('A/1', 'R'),
    expect: ['A4/', `A4/1${CC}=R`, 'A4/1=L'],
  },
  {
    id: 'M19',
    init: { 'A/B/C/f': 'F' },
    here: (w) => (
      mvHere(w, 'A/B/C', 'C'),
      mvHere(w, 'A/B', 'C/B'),
      mvHere(w, 'A', 'C/B/A'),
      mvHere(w, 'C/f', 'C/B/A/f')
    ),
    expect: ['C/', 'C/B/', 'C/B/A/', 'C/B/A/f=F'],
    counts: { up: 0, down: 0 },
  },
  {
    id: 'M22',
    init: { 'A/1': '1', 'A/2': '2' },
    here: (w) => (w.here.makeFolder('C'), mvHere(w, 'A/1', 'C/1'), mvHere(w, 'A/2', 'C/2'), rmHere(w, 'A')),
    expect: ['C/', 'C/1=1', 'C/2=2'],
    counts: { up: 0 },
  },
  { id: 'M25', init: { x: 'A' }, here: (w) => mvHere(w, 'x', 'c'), there: (w) => rmThere(w, 'x'), expect: ['c=A'] },
  {
    id: 'M26',
    init: { x: 'A' },
    here: (w) => mvHere(w, 'x', 'z'),
    there: (w) => w.there.write('z', 'Z'),
    expect: [`z${CC}=Z`, 'z=A'],
  },
  {
    id: 'M29',
    init: { a: 'A', b: 'B' },
    here: (w) => (mvHere(w, 'a', 't'), mvHere(w, 'b', 'a'), mvHere(w, 't', 'b')),
    expect: ['a=B', 'b=A'],
    counts: { up: 0, down: 0, mv: 3 },
  },
  {
    id: 'M29 mirrored',
    init: { a: 'A', b: 'B' },
    there: (w) => (mvThere(w, 'a', 't'), mvThere(w, 'b', 'a'), mvThere(w, 't', 'b')),
    expect: ['a=B', 'b=A'],
    counts: { up: 0, down: 0, mv: 3 },
  },
  {
    id: 'M31',
    init: { a: 'A', b: 'B' },
    here: (w) => w.here.write('b', 'L'),
    there: (w) => (rmThere(w, 'b'), mvThere(w, 'a', 'b')),
    expect: [`b${CC}=A`, 'b=L'],
  },
  {
    id: 'C01',
    init: { f: 'A' },
    here: (w) => w.here.write('f', 'L'),
    there: (w) => w.there.write('f', 'R'),
    expect: [`f${CC}=R`, 'f=L'],
  },
  {
    id: 'C02',
    init: { f: 'A' },
    here: (w) => w.here.write('f', 'S'),
    there: (w) => w.there.write('f', 'S'),
    expect: ['f=S'],
    counts: { up: 0, down: 0 },
  },
  {
    id: 'C11',
    init: { f: 'A' },
    here: (w) => rmHere(w, 'f'),
    there: (w) => w.there.write('f', 'AB'),
    expect: ['f=AB'],
  },
  {
    id: 'C13',
    init: { 'd1/f': 'F' },
    folders: ['d2'],
    here: (w) => mvHere(w, 'd1', 'd9'),
    there: (w) => rmThere(w, 'd1'),
    expect: ['d2/', 'd9/', 'd9/f=F'],
  },
  {
    id: 'T02',
    init: { p: 'A' },
    here: (w) => w.here.write('p', 'L'),
    there: (w) => (rmThere(w, 'p'), w.there.makeFolder('p')),
    expect: ['p (conflicted copy from this computer, 2026-11-23)=L', 'p/'],
  },
  {
    id: 'T03',
    init: { 'd/1': '1', 'd/s/2': '2' },
    there: (w) => (rmThere(w, 'd'), w.there.write('d', 'F')),
    expect: ['d=F'],
  },
  { id: 'T05', init: { 'd/1': '1' }, here: (w) => (rmHere(w, 'd'), w.here.write('d', 'F')), expect: ['d=F'] },
  {
    id: 'T06',
    folders: ['d'],
    here: (w) => (rmHere(w, 'd'), w.here.write('d', 'F')),
    there: (w) => w.there.write('d/x', 'X'),
    expect: ['d (conflicted copy from this computer, 2026-11-23)=F', 'd/', 'd/x=X'],
  },
  {
    id: 'T08',
    here: (w) => w.here.write('Z/f', 'f'),
    there: (w) => w.there.write('Z', 'F'),
    expect: [`Z${CC}=F`, 'Z/', 'Z/f=f'],
  },
  {
    id: 'T09',
    init: { 'A/a': 'A' },
    here: (w) => w.here.write('A/a', 'AL'),
    there: (w) => (mvThere(w, 'A/a', 'A/am'), w.there.makeFolder('A/a')),
    expect: ['A/', 'A/a/', 'A/am=AL'],
  },
  {
    id: 'U01',
    init: { 'folder/f': 'F' },
    here: (w) => mvHere(w, 'folder', 'FOLDER'),
    expect: ['FOLDER/', 'FOLDER/f=F'],
    counts: { mv: 1, up: 0 },
  },
  {
    id: 'U04',
    folders: ['folder'],
    here: (w) => w.here.write('Folder/x', 'X'),
    expect: ['Folder (case conflict)/', 'Folder (case conflict)/x=X', 'folder/'],
  },
  {
    id: 'an edit that a move in Dropbox displaced brings its folder back, before a file of that name',
    init: { 'a/A': '1', c: '2' },
    here: (w) => (w.here.write('b', '3'), w.here.write('A', '4'), w.here.write('a/A', '5')),
    there: (w) => (mvThere(w, 'a/A', 'b'), rmThere(w, 'a')),
    expect: ['A (conflicted copy from this computer, 2026-11-23)=4', 'a/', 'a/A=5', `b${CC}=1`, 'b=3', 'c=2'],
  },
  {
    id: 'crossed moves',
    init: { 'A/a': '1', 'B/b': '2' },
    here: (w) => mvHere(w, 'A', 'B/A'),
    there: (w) => mvThere(w, 'B', 'A/B'),
    expect: ['B/', 'B/A/', 'B/A/a=1', 'B/b=2'],
    counts: { up: 0, down: 0 },
  },
];

const KINDS = {
  up: ['remote.upload'],
  down: ['local.download'],
  mv: ['remote.move', 'local.move'],
  del: ['remote.delete', 'local.trash'],
} as const;

describe('planner scenarios', () => {
  for (const scenario of CASES) {
    // oxlint-disable-next-line vitest/valid-title -- the title is a string of the table
    test(scenario.id, () => {
      const world = new PlanWorld();
      for (const path of scenario.folders ?? []) world.here.makeFolder(path);
      for (const [path, content] of Object.entries(scenario.init ?? {})) world.here.write(path, content);
      world.sync();
      scenario.here?.(world);
      scenario.there?.(world);
      const plans = world.sync(1);
      expect(world.here.tree()).toEqual([...scenario.expect].sort());
      expect(world.there.tree()).toEqual(world.here.tree());
      const kinds = plans.flatMap((plan) => plan.operations.map((operation) => operation.kind));
      for (const [name, count] of Object.entries(scenario.counts ?? {})) {
        const wanted: readonly string[] = KINDS[name as keyof typeof KINDS];
        expect([name, kinds.filter((kind) => wanted.includes(kind)).length]).toEqual([name, count]);
      }
    });
  }
});
