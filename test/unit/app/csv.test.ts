import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { CsvError, parseCsv } from '../../../src-main/app/csv.ts';
import { recordsOf } from '../../../src-main/app/record-csv.ts';
import { refuseSharedRoot } from '../../../src-main/app/roots.ts';
import { sumOf, NOTHING_DONE } from '../../../src-main/app/summaries.ts';

const cells = (text: string) => parseCsv(text).map((row) => row.cells);

describe('CSV', () => {
  test.each([
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      '\ufeffa;b\n1,5;2\n',
      [
        ['a', 'b'],
        ['1,5', '2'],
      ],
    ],
    [
      'a,b\n"x ""y"", z",\n',
      [
        ['a', 'b'],
        ['x "y", z', ''],
      ],
    ],
    ['a\n\n\nb\n', [['a'], ['b']]],
    ['', []],
  ])('%j', (text, rows) => {
    expect(cells(text)).toEqual(rows);
  });

  test('lines are counted through line breaks in cells', () => {
    expect(parseCsv('a\n"1\n2"\n\nb\n').map((row) => row.line)).toEqual([1, 2, 5]);
  });

  test.each(['a\n"open', '"a"x\n'])('%j is refused', (text) => {
    expect(() => parseCsv(text)).toThrow(CsvError);
  });

  test('what is written quoted is read back', () => {
    const table = fc.array(fc.array(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 4 }), { minLength: 1 });
    fc.assert(
      fc.property(table, (rows) => {
        const kept = rows.filter((row) => row.some((cell) => cell.trim() !== ''));
        const text = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n');
        // The separator is found in the first line; quoted signs there could mislead it.
        fc.pre(!(rows[0] ?? []).some((cell) => /[;,\r\n]/.test(cell)));
        expect(cells(text)).toEqual(kept);
      }),
    );
  });
});

describe('records from CSV', () => {
  test('fields are the further columns; empty cells are no field', () => {
    expect(recordsOf('Type,Ref,Name,state,city\nt,1,One,sent,\nt,2, Two \n', 'f.csv')).toEqual([
      { type: 't', ref: '1', name: 'One', fields: { state: 'sent' } },
      { type: 't', ref: '2', name: 'Two', fields: {} },
    ]);
  });

  test.each([
    ['ref,type,name\n', /begin with type,ref,name/],
    ['type,ref,name,a,a\n', /same name twice/],
    ['type,ref,name\nt,1\n', /line 2 lacks/],
    ['type,ref,name\nt,1,x,y\n', /line 2 has more cells/],
    ['type,ref,name\nt,1,x\n\nt,1,y\n', /line 4 names t\/1 a second time/],
  ])('%j is refused and says where', (text, words) => {
    expect(() => recordsOf(text, 'f.csv')).toThrow(words);
  });
});

describe('roots of one account', () => {
  const others = [{ client: 'Office', root: 'ERP Documents' }];
  test.each(['ERP Documents', 'erp documents', 'ERP Documents/Inner', 'ERP documents/'])('%s is in use', (root) => {
    expect(() => refuseSharedRoot('New', root, others)).toThrow(/Office/);
  });
  test('one above another is in use too', () => {
    expect(() => refuseSharedRoot('New', 'ERP', [{ client: 'Office', root: 'ERP/Documents' }])).toThrow(/inside/);
  });
  test.each(['ERP', 'ERP Documents 2', 'Other'])('%s is free', (root) => {
    expect(() => refuseSharedRoot('New', root, others)).not.toThrow();
  });
  test('a client is not in its own way', () => {
    expect(() => refuseSharedRoot('Office', 'ERP Documents', others)).not.toThrow();
  });
});

test('lanes run side by side: their work adds up, their time does not', () => {
  const one = { ...NOTHING_DONE, uploaded: 2, requests: 5, seconds: 3 };
  const other = { ...NOTHING_DONE, uploaded: 1, requests: 1, seconds: 7 };
  expect(sumOf([one, other])).toEqual({ ...NOTHING_DONE, uploaded: 3, requests: 6, seconds: 7 });
  expect(sumOf([])).toEqual(NOTHING_DONE);
});
