// The pure parts of the kit: what is selected, the columns of a table, shortcuts, the filters of the search.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  filtersOf,
  isEmpty,
  NO_FILTERS,
  paramsOf,
  queryOf,
  type Filters,
} from '../../../src-renderer/features/search/search-filters.ts';
import { querySchema } from '../../../src-shared/ipc/files.ts';
import { movedIndex } from '../../../src-renderer/ui/moved-index.ts';
import {
  banded,
  clicked,
  everything,
  movedTo,
  NOTHING,
  only,
  pointed,
  toggled,
  without,
} from '../../../src-renderer/ui/selection.ts';
import { isPressed, keysOf, type KeyPress } from '../../../src-renderer/ui/shortcut.ts';
import {
  firstArrangement,
  fitting,
  gridOf,
  isArrangement,
  orderedBy,
  resized,
  shownColumns,
  toggledColumn,
  widthOf,
} from '../../../src-renderer/ui/table/columns.ts';

const order = ['a', 'b', 'c', 'd', 'e'];
const plain = { shiftKey: false, ctrlKey: false, metaKey: false };
const shift = { ...plain, shiftKey: true };
const ctrl = { ...plain, ctrlKey: true };
const cmd = { ...plain, metaKey: true };

describe('the selection', () => {
  test('a click chooses one, Ctrl and ⌘ add and take away, Shift reaches from the anchor', () => {
    let selection = clicked(order, NOTHING, 'b', plain);
    expect([...selection.keys]).toEqual(['b']);
    selection = clicked(order, selection, 'd', ctrl);
    expect([...selection.keys]).toEqual(['b', 'd']);
    selection = clicked(order, selection, 'b', cmd);
    expect([...selection.keys]).toEqual(['d']);
    // The anchor is where Ctrl was last.
    selection = clicked(order, selection, 'e', shift);
    expect([...selection.keys]).toEqual(['b', 'c', 'd', 'e']);
    selection = clicked(order, selection, 'a', shift);
    expect([...selection.keys]).toEqual(['a', 'b']);
    expect(selection.active).toBe('a');
  });

  test('Ctrl + Shift keeps what was chosen before', () => {
    const selection = clicked(order, clicked(order, only('a'), 'c', ctrl), 'e', { ...shift, ctrlKey: true });
    expect([...selection.keys]).toEqual(['a', 'c', 'd', 'e']);
  });

  test('keys move, reach with Shift, and only look with Ctrl', () => {
    expect([...movedTo(order, only('b'), 'c', plain).keys]).toEqual(['c']);
    expect([...movedTo(order, only('b'), 'd', shift).keys]).toEqual(['b', 'c', 'd']);
    expect(movedTo(order, only('b'), 'd', ctrl)).toMatchObject({ keys: new Set(['b']), active: 'd' });
    expect([...toggled(only('b'), 'd').keys]).toEqual(['b', 'd']);
    expect([...everything(order, NOTHING).keys]).toEqual(order);
  });

  test('a right click keeps a selection that it hits', () => {
    const two = clicked(order, only('a'), 'c', ctrl);
    expect(pointed(two, 'a').keys).toBe(two.keys);
    expect([...pointed(two, 'd').keys]).toEqual(['d']);
  });

  test('a band takes what it touches, with Ctrl beside what was chosen', () => {
    expect([...banded(only('a'), ['c', 'd'], false).keys]).toEqual(['c', 'd']);
    expect([...banded(only('a'), ['c', 'd'], true).keys]).toEqual(['a', 'c', 'd']);
  });

  test('what is gone is no longer chosen, whatever was done before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...order), fc.constantFrom(plain, shift, ctrl))),
        fc.subarray(order),
        (clicks, gone) => {
          const start = clicks.reduce((now, [key, held]) => clicked(order, now, key, held), NOTHING);
          const left = without(start, (key) => !gone.includes(key));
          for (const key of [...left.keys, left.active, left.anchor]) expect(gone).not.toContain(key);
          expect([...left.keys]).toEqual([...start.keys].filter((key) => !gone.includes(key)));
        },
      ),
    );
  });
});

describe('columns', () => {
  const columns = [
    { id: 'name', width: 200, min: 120, grow: true },
    { id: 'size', width: 90, yields: 1 },
    { id: 'type', width: 120, yields: 2 },
    { id: 'record', width: 100, hiddenAtFirst: true },
  ];
  const first = firstArrangement(columns, { column: 'name', descending: false });

  test('shown, hidden, resized within bounds, sorted to and fro', () => {
    const ids = (arrangement = first): string[] => shownColumns(columns, arrangement).map((column) => column.id);
    expect(ids()).toEqual(['name', 'size', 'type']);
    expect(ids(toggledColumn(toggledColumn(first, 'record'), 'size'))).toEqual(['name', 'type', 'record']);
    // The first column stays, whatever is kept.
    expect(ids({ ...first, hidden: ['name', 'size', 'type', 'record'] })).toEqual(['name']);
    const wide = resized(first, columns[1]!, 140.4);
    expect(widthOf(columns[1]!, wide)).toBe(140);
    expect(widthOf(columns[0]!, resized(first, columns[0]!, 5))).toBe(120);
    expect(orderedBy(first, 'name').order).toEqual({ column: 'name', descending: true });
    expect(orderedBy(first, 'size').order).toEqual({ column: 'size', descending: false });
    expect(gridOf(shownColumns(columns, wide), wide)).toBe('minmax(120px, 1fr) 140px minmax(120px, 0.2fr)');
  });

  test('in a narrow table columns give way in their order', () => {
    const shown = shownColumns(columns, first);
    const ids = (width: number): string[] => fitting(shown, first, width).map((column) => column.id);
    expect(ids(0)).toEqual(['name', 'size', 'type']);
    expect(ids(410)).toEqual(['name', 'size', 'type']);
    expect(ids(409)).toEqual(['name', 'size']);
    expect(ids(100)).toEqual(['name']);
  });

  test('what an earlier version has kept is refused where it does not fit', () => {
    expect(isArrangement(first)).toBe(true);
    for (const wrong of [null, 1, {}, { ...first, widths: [1] }, { ...first, hidden: 'size' }]) {
      expect(isArrangement(wrong)).toBe(false);
    }
  });
});

describe('shortcuts', () => {
  const key = (name: string, held: Partial<KeyPress> = {}): KeyPress => ({
    key: name,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...held,
  });
  test.each<[string, KeyPress, boolean, boolean]>([
    ['mod+k', key('k', { ctrlKey: true }), false, true],
    ['mod+k', key('k', { metaKey: true }), true, true],
    ['mod+k', key('k', { ctrlKey: true }), true, false],
    ['mod+k', key('k'), false, false],
    ['mod+k', key('K', { ctrlKey: true, shiftKey: true }), false, false],
    ['mod+shift+n', key('N', { ctrlKey: true, shiftKey: true }), false, true],
    ['?', key('?', { shiftKey: true }), false, true],
    ['?', key('ß', { shiftKey: true }), false, false],
    ['F2', key('F2'), false, true],
    ['alt+ArrowLeft', key('ArrowLeft', { altKey: true }), false, true],
    ['alt+ArrowLeft', key('ArrowLeft'), false, false],
    // A keyboard with other letters: the place of the key counts.
    ['mod+k', key('л', { ctrlKey: true, code: 'KeyK' }), false, true],
    ['mod+1', key('&', { ctrlKey: true, code: 'Digit1' }), false, true],
  ])('%s', (shortcut, event, mac, expected) => {
    expect(isPressed(shortcut, event, mac)).toBe(expected);
  });
  test('are written as they stand on the keyboard', () => {
    expect(keysOf('mod+shift+n', false)).toEqual(['Ctrl', 'Shift', 'N']);
    expect(keysOf('mod+shift+n', true)).toEqual(['⌘', '⇧', 'N']);
    expect(keysOf('Delete', false)).toEqual(['Del']);
  });
});

describe('typing the beginning of a name', () => {
  const names = ['Alpha', 'beta', 'Bravo', 'charlie'];
  const list = { count: names.length, nameOf: (index: number) => names[index] ?? '' };
  const press = (key: string, at: number) =>
    movedIndex({ key, ctrlKey: false, metaKey: false, altKey: false }, list, at, 2);
  test('goes to the next that begins so, round the end; keys go as everywhere', () => {
    expect(press('c', 0)).toBe(3);
    expect(press('End', 0)).toBe(3);
    expect(press('PageDown', 0)).toBe(2);
    expect(press('ArrowUp', 0)).toBe(0);
    expect(press('F2', 0)).toBeNull();
    expect(
      movedIndex({ key: 'Home', ctrlKey: false, metaKey: false, altKey: false }, { ...list, count: 0 }, -1, 2),
    ).toBe(null);
  });
});

describe('the filters of the search', () => {
  const anyFilters: fc.Arbitrary<Filters> = fc.record({
    kind: fc.constantFrom('file', 'folder', 'record', null),
    what: fc.constantFrom('pdf', 'image', 'mail', null),
    state: fc.constantFrom('waiting', 'trouble', 'freed', null),
    size: fc.constantFrom('small', 'large', null),
    when: fc.constantFrom('today', 'year', null),
    folder: fc.constantFrom(1, 812, null),
  });
  test('come back from the address that they make, and ask what the contract knows', () => {
    fc.assert(
      fc.property(fc.string(), anyFilters, (text, filters) => {
        const params = paramsOf(text, filters);
        expect(params['search']).toBe(text);
        expect(filtersOf(params)).toEqual(filters);
        expect(() => querySchema.parse(queryOf(text.slice(0, 500), filters, 0))).not.toThrow();
      }),
    );
  });
  test('nonsense in an address is no filter', () => {
    expect(filtersOf({ what: 'toString', size: 'huge', folder: '-3', kind: '' })).toEqual(NO_FILTERS);
    expect([isEmpty(' ', { ...NO_FILTERS, folder: 3 }), isEmpty('', { ...NO_FILTERS, what: 'pdf' })]).toEqual([
      true,
      false,
    ]);
    expect(queryOf('x', { ...NO_FILTERS, when: 'week' }, Date.parse('2026-11-20T00:00:00Z')).since).toBe(
      '2026-11-13T00:00:00.000Z',
    );
  });
});
