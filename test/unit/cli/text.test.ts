import { describe, expect, test } from 'vitest';
import { fieldWords, nameList, recordWord } from '../../../src-main/cli/commands/words.ts';
import { progressLine } from '../../../src-main/cli/progress.ts';
import { displayWidth, printable, sizeText, table } from '../../../src-main/cli/text.ts';

describe('tables', () => {
  const columns = [
    { title: 'Name', value: (row: { name: string; size: number }) => row.name },
    { title: 'Size', value: (row: { name: string; size: number }) => row.size, align: 'right' as const },
  ];

  test('columns stand below each other, also with wide letters', () => {
    const rows = [
      { name: 'plan', size: 5 },
      { name: '図面', size: 1234 },
      { name: 'e\u0301te\u0301', size: 7 },
    ];
    expect(table(rows, columns, 'none')).toBe('Name  Size\nplan     5\n図面  1234\ne\u0301te\u0301      7\n');
    expect(table([], columns, 'none')).toBe('none\n');
  });

  test('names cannot steer the terminal', () => {
    expect(printable('a\u001b[31m\nb\u202e')).toBe('a\ufffd[31m\ufffdb\ufffd');
    expect(table([{ name: '\u001b[2J', size: 1 }], columns, '')).not.toContain('\u001b');
  });

  test.each([
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['図', 2],
    ['👩‍🚀', 2],
    ['', 0],
  ])('%s takes %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KB'],
  [1536, '1.5 KB'],
  [300 * 1024 * 1024, '300 MB'],
  [5 * 1024 ** 4, '5.0 TB'],
])('%i bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test('the progress line sums its clients and keeps to the width', () => {
  const progress = { kind: 'progress' as const, client: 'Office', done: 5, total: 20, bytesUp: 2048, bytesDown: 0 };
  expect(progressLine([progress], 200)).toBe('██████░░░░░░░░░░░░░░░░░░ 5 of 20  ↑ 2.0 KB  ↓ 0 B  Office');
  expect(progressLine([progress, { ...progress, client: 'B' }], 200)).toContain('10 of 40  ↑ 4.0 KB');
  expect(displayWidth(progressLine([progress], 40))).toBe(40);
  expect(progressLine([{ ...progress, done: 0, total: 0 }], 200)).toContain('0 of 1');
});

describe('words of the command line', () => {
  test('records and fields', () => {
    expect(recordWord('sale.order/SO/1')).toEqual({ type: 'sale.order', ref: 'SO/1' });
    expect(() => recordWord('SO1')).toThrow(/TYPE\/REF/);
    expect(() => recordWord('a/')).toThrow(/TYPE\/REF/);
    expect(fieldWords(['a=1', 'b=x=y', 'a=2'])).toEqual({ a: '2', b: 'x=y' });
    expect(() => fieldWords(['=1'])).toThrow(/NAME=VALUE/);
    expect(nameList(' A, ,B b ')).toEqual(['A', 'B b']);
  });
});
