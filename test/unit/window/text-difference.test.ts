// Two texts side by side: whatever is told leads from one to the other, and equal lines are found.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changedRows, difference, shortened } from '../../../src-renderer/features/conflicts/text-difference.ts';

const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const told = (left: string, right: string): readonly string[] =>
  difference(left, right).map((row) =>
    row.kind === 'equal' ? `= ${row.left.text}` : `${row.left?.text ?? '∅'} → ${row.right?.text ?? '∅'}`,
  );

describe('the difference of two texts', () => {
  test('equal, changed, added and removed lines', () => {
    expect(told(text('a', 'b', 'c', 'd'), text('a', 'B', 'c', 'x', 'd'))).toEqual([
      '= a',
      'b → B',
      '= c',
      '∅ → x',
      '= d',
    ]);
    expect(told(text('a', 'b'), text('b'))).toEqual(['a → ∅', '= b']);
    expect(told('', text('a'))).toEqual(['∅ → a']);
    expect(told('', '')).toEqual([]);
  });

  test('other ends of lines are no difference, and a missing last one neither', () => {
    expect(changedRows(difference('a\r\nb', 'a\nb\n'))).toBe(0);
  });

  test('in a changed line the part that differs is marked', () => {
    const [row] = difference('price: 12 EUR', 'price: 150 EUR');
    expect(row?.left).toMatchObject({ number: 1, differs: [8, 9] });
    expect(row?.right).toMatchObject({ number: 1, differs: [8, 10] });
  });

  test('long runs of equal lines are left out around the changes', () => {
    const lines = Array.from({ length: 40 }, (_, n) => `line ${n}`);
    const other = lines.with(20, 'changed');
    const parts = shortened(difference(text(...lines), text(...other)), 3);
    expect(parts.map(({ skipped, shown }) => [skipped.length, shown.length])).toEqual([
      [17, 7],
      [16, 0],
    ]);
    expect(shortened(difference(text(...lines), text(...lines)), 3)).toMatchObject([{ shown: [] }]);
  });

  test('any two texts: both are told whole and in order, and as few changes as an edit needs', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 14 });
    fc.assert(
      fc.property(lines, lines, (left, right) => {
        const rows = difference(text(...left), text(...right));
        const side = (key: 'left' | 'right') => rows.flatMap((row) => (row[key] === null ? [] : [row[key].text]));
        expect([side('left'), side('right')]).toEqual([left, right]);
        for (const key of ['left', 'right'] as const) {
          const numbers = rows.flatMap((row) => (row[key] === null ? [] : [row[key].number]));
          expect(numbers).toEqual(numbers.map((_, index) => index + 1));
        }
        const equals = rows.filter((row) => row.kind === 'equal');
        expect(equals.every((row) => row.left.text === row.right.text)).toBe(true);
        expect(equals.length).toBe(longestCommon(left, right));
      }),
    );
  });

  test('texts without anything in common take no time', () => {
    const many = (word: string) => text(...Array.from({ length: 20_000 }, (_, n) => `${word} ${n}`));
    const started = performance.now();
    expect(changedRows(difference(many('a'), many('b')))).toBe(20_000);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

/** The length of the longest common subsequence, by the table that everybody knows. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = b.map(() => 0);
  for (const one of a) {
    let corner = 0;
    row = row.map((above, index) => {
      const value = one === b[index] ? corner + 1 : above;
      corner = above;
      return value;
    });
    for (let at = 1; at < row.length; at++) row[at] = Math.max(row[at] ?? 0, row[at - 1] ?? 0);
  }
  return row.at(-1) ?? 0;
}
