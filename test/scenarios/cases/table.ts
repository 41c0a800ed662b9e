// The scenarios that are one tree, changes on both sides, one pass and one resulting tree.

import type { TableScenario } from '../../support/scenario-run.ts';

export const PROPAGATION: readonly TableScenario[] = [
  { id: 'A01', init: 'a/', here: 'write a/n=N', expect: 'a/n=N', bounds: { up: 1, down: 0 } },
  { id: 'A02', there: 'write a/n=N', expect: 'a/n=N', bounds: { down: 1, up: 0 } },
  { id: 'A04', there: 'mkdir Y; mkdir Z; write Z/d=D', expect: 'Y/ Z/d=D', bounds: { down: 1, up: 0 } },
  {
    id: 'A05',
    init: '1=A 2=B',
    here: 'write 2=L; write 11=L',
    there: 'write 1=R; write 10=R',
    expect: '1=R 2=L 10=R 11=L',
    bounds: { up: 2, down: 2 },
  },
  {
    id: 'A14',
    init: 'f=AAAA',
    there: 'write f=BBBB',
    expect: 'f=BBBB',
    bounds: { down: 1, up: 0 },
  },
  { id: 'A16', init: 'd/f=A', here: 'delete d/f', expect: 'd/', bounds: { del: 1 } },
];

export const DELETION: readonly TableScenario[] = [
  { id: 'D02', init: 'f=A', there: 'delete f', expect: '' },
  { id: 'D03', init: 'f=A', here: 'delete f', there: 'delete f', expect: '', bounds: { del: 0 } },
  { id: 'D05', init: 'f=A', here: 'write f=L', there: 'delete f', expect: 'f=L' },
  { id: 'D06', init: 'A/a=A', here: 'write A/h=H', there: 'delete A', expect: 'A/h=H', bounds: { up: 1 } },
  {
    id: 'D08',
    init: 'A/x A/B/y A/B/C/z',
    here: 'write A/B/C/n1=n1; write A/B/C/new/n2=n2',
    there: 'delete A',
    expect: 'A/B/C/n1=n1 A/B/C/new/n2=n2',
    bounds: { up: 2 },
  },
  { id: 'D14', init: 'f', there: 'delete f', expect: '', bounds: { del: 0 } },
  { id: 'D15', init: 'd/', here: 'write d/n=N', there: 'delete d', expect: 'd/n=N' },
  { id: 'D20', init: 'p/c=A', there: 'delete p; write p/c2=B', expect: 'p/c2=B', bounds: { down: 1, up: 0 } },
  { id: 'D21', init: 'd/f', here: 'write d/u', there: 'delete d', expect: 'd/u', bounds: { up: 1 } },
];

const NESTED = nested(20, (level) => `l${level}`);
const NESTED_RENAMED = nested(20, (level) => ([1, 5, 10].includes(level) ? `r${level}` : `l${level}`));
const RENAME_LEVELS = [
  `move ${folderAt(10, (level) => `l${level}`)} -> ${folderAt(9, (level) => `l${level}`)}/r10`,
  `move ${folderAt(5, (level) => `l${level}`)} -> ${folderAt(4, (level) => `l${level}`)}/r5`,
  'move l1 -> r1',
].join('; ');

export const MOVES: readonly TableScenario[] = [
  { id: 'M01', init: 'x=A', here: 'move x -> y', expect: 'y=A', bounds: { mv: 1, up: 0, del: 0 } },
  { id: 'M02', init: 'd/a=A', here: 'move d -> e', expect: 'e/a=A', bounds: { mv: 1, up: 0 } },
  {
    id: 'M04',
    init: 'x y z c/b d/a',
    here: 'move x -> c/x; move z -> o; move d -> e; write c/z=y',
    expect: 'y o=z c/b c/x=x c/z=y e/a=d/a',
    bounds: { mv: 3, up: 1 },
  },
  {
    id: 'M07',
    init: 'A/a=A B/b=B',
    here: 'move A/a -> A/am; write A/am=A1',
    there: 'move B/b -> B/bm; write B/bm=B1',
    expect: 'A/am=A1 B/bm=B1',
    bounds: { up: 1, down: 1 },
  },
  { id: 'M08', init: 'a=W', here: 'move a -> a2', there: 'write a=B', expect: 'a2=B', bounds: { up: 0, down: 1 } },
  {
    id: 'M10',
    init: 'a=W',
    here: 'write a=L; write at=N',
    there: 'move a -> at',
    expect: 'a=L at=N cc(at)=W',
  },
  { id: 'M11', init: 'm=W', here: 'write n=N', there: 'move m -> n', expect: 'n=N cc(n)=W', bounds: { down: 0 } },
  { id: 'M13', init: 'C/1 C/2', here: 'move C -> CL', there: 'move C -> CR', expect: 'CL/1=C/1 CL/2=C/2' },
  {
    id: 'M14',
    init: 'A/1=A',
    here: 'move A -> A2; write A2/1=B',
    expect: 'A2/1=B',
    bounds: { mv: 1, up: 1 },
  },
  {
    id: 'M16',
    init: 'A/1=A',
    here: 'write A/1=L; move A -> A4',
    there: 'write A/1=R',
    expect: 'A4/1=L cc(A4/1)=R',
  },
  {
    id: 'M17',
    init: 'A/1 A/2',
    here: 'move A/1 -> A/1b; move A -> A5',
    expect: 'A5/1b=A/1 A5/2=A/2',
    bounds: { mv: 2, up: 0 },
  },
  {
    id: 'M19',
    init: 'A/B/C/f=F',
    here: 'move A/B/C -> C; move A/B -> C/B; move A -> C/B/A; move C/f -> C/B/A/f',
    expect: 'C/B/A/f=F',
    bounds: { up: 0 },
  },
  {
    id: 'M19',
    form: 'in Dropbox',
    init: 'A/B/C/f=F',
    there: 'move A/B/C -> C; move A/B -> C/B; move A -> C/B/A; move C/f -> C/B/A/f',
    expect: 'C/B/A/f=F',
    bounds: { up: 0, down: 0 },
  },
  { id: 'M20', init: NESTED, here: RENAME_LEVELS, expect: NESTED_RENAMED, bounds: { mv: 3, up: 0, del: 0 } },
  {
    id: 'M20',
    form: 'in Dropbox',
    init: NESTED,
    there: RENAME_LEVELS,
    expect: NESTED_RENAMED,
    bounds: { up: 0, down: 0, mv: 0, del: 0 },
  },
  {
    id: 'M22',
    init: 'A/1 A/2',
    here: 'mkdir C; move A/1 -> C/1; move A/2 -> C/2; delete A',
    expect: 'C/1=A/1 C/2=A/2',
    bounds: { up: 0 },
  },
  ...inDropbox([
    { id: 'M02', init: 'd/a=A', there: 'move d -> e', expect: 'e/a=A' },
    {
      id: 'M04',
      init: 'x y z c/b d/a',
      there: 'move x -> c/x; move z -> o; move d -> e; move y -> c/z',
      expect: 'o=z c/b c/x=x c/z=y e/a=d/a',
    },
    { id: 'M17', init: 'A/1 A/2', there: 'move A/1 -> A/1b; move A -> A5', expect: 'A5/1b=A/1 A5/2=A/2' },
    {
      id: 'M22',
      init: 'A/1 A/2',
      there: 'mkdir C; move A/1 -> C/1; move A/2 -> C/2; delete A',
      expect: 'C/1=A/1 C/2=A/2',
    },
    { id: 'M28', init: 'x=X y=Y', there: 'delete y; move x -> y', expect: 'y=X' },
    {
      id: 'M29',
      init: 'd/a=A d/b=B',
      there: 'move d/a -> d/t; move d/b -> d/a; move d/t -> d/b',
      expect: 'd/a=B d/b=A',
    },
  ]),
  { id: 'M25', init: 'x=A', here: 'move x -> c', there: 'delete x', expect: 'c=A' },
  { id: 'M26', init: 'x=A', here: 'move x -> z', there: 'write z=Z', expect: 'z=A cc(z)=Z', bounds: { up: 0 } },
  { id: 'M28', init: 'x=X y=Y', here: 'move x -> y', expect: 'y=X' },
  {
    id: 'M31',
    init: 'a b=B',
    here: 'write b=L',
    there: 'delete b; move a -> b',
    expect: 'b=L cc(b)=a',
    bounds: { up: 1, down: 0 },
  },
];

export const CONFLICTS: readonly TableScenario[] = [
  { id: 'C01', init: 'f=A', here: 'write f=L', there: 'write f=R', expect: 'f=L cc(f)=R', bounds: { down: 1 } },
  {
    id: 'C02',
    init: 'f=A',
    here: 'write f=S',
    there: 'write f=S',
    expect: 'f=S',
    bounds: { up: 0, down: 0 },
  },
  { id: 'C11', init: 'f=A', here: 'delete f', there: 'append f=+', expect: 'f=A+', bounds: { down: 1, up: 0, del: 0 } },
  { id: 'C13', init: 'd1/f d2/', here: 'move d1 -> d9', there: 'delete d1', expect: 'd2/ d9/f=d1/f' },
];

export const TYPE_CHANGES: readonly TableScenario[] = [
  { id: 'T02', init: 'p=A', here: 'write p=L', there: 'delete p; mkdir p', expect: 'p/ cc(p)=L' },
  { id: 'T03', init: 'd/1 d/s/2', there: 'delete d; write d=F', expect: 'd=F', bounds: { up: 0, down: 1 } },
  { id: 'T05', init: 'd/1', here: 'delete d; write d=F', expect: 'd=F', bounds: { up: 1 } },
  {
    id: 'T06',
    init: 'd/',
    here: 'delete d; write d=F',
    there: 'write d/x=X',
    expect: 'd/x=X cc(d)=F',
  },
  { id: 'T08', here: 'mkdir Z; write Z/f=f', there: 'write Z=F', expect: 'Z/f=f cc(Z)=F' },
  { id: 'T08', form: 'the other way', here: 'write Z=F', there: 'mkdir Z; write Z/f=f', expect: 'Z/f=f cc(Z)=F' },
  {
    id: 'T09',
    init: 'A/a=A',
    here: 'append A/a=+',
    there: 'move A/a -> A/am; mkdir A/a',
    expect: 'A/a/ A/am=A+',
  },
];

export const NAMES: readonly TableScenario[] = [
  { id: 'U04', init: 'folder/f', here: 'write Folder/g=G', expect: 'folder/f cc(Folder)/g=G' },
];

/** Moves made in Dropbox alone: nothing is transferred and nothing is written there. */
function inDropbox(scenarios: readonly Omit<TableScenario, 'form' | 'bounds'>[]): readonly TableScenario[] {
  return scenarios.map((one) => ({ ...one, form: 'in Dropbox', bounds: { up: 0, down: 0, mv: 0, del: 0 } }));
}

/** Folders one in another, each with a file. */
function nested(depth: number, name: (level: number) => string): string {
  return Array.from({ length: depth }, (_, index) => `${folderAt(index + 1, name)}/f=F${index + 1}`).join(' ');
}

function folderAt(level: number, name: (level: number) => string): string {
  return Array.from({ length: level }, (_, index) => name(index + 1)).join('/');
}
