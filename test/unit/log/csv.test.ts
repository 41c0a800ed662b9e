import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvCell, csvLine } from '../../../src-main/log/csv.ts';

describe('CSV cells', () => {
  test.each([
    [null, ''],
    [0, '0'],
    [-5, '-5'],
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\r\nlines', '"two\r\nlines"'],
    // What a spreadsheet would run.
    ['=1+1', "'=1+1"],
    ['+49 30', "'+49 30"],
    ['-draft.pdf', "'-draft.pdf"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['＝1+1', "'＝1+1"],
    ['=HYPERLINK("http://x";"y")', `"'=HYPERLINK(""http://x"";""y"")"`],
    ['a=b', 'a=b'],
  ])('%j is written as %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  test('other programs read back what was written, but for the apostrophe', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 5 }), { minLength: 1 }), (rows) => {
        const width = Math.min(...rows.map((row) => row.length));
        const even = rows.map((row) => row.slice(0, width));
        const read = parse(even.map(csvLine).join(''), { record_delimiter: '\r\n' });
        expect(read).toEqual(even.map((row) => row.map((cell) => (/^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell))));
      }),
    );
  });
});
