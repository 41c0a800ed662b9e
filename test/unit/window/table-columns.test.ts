import { describe, expect, test } from 'vitest';
import { guessedColumns, mapOf } from '../../../src-renderer/features/attachment-box/table-columns.ts';

describe('columns of a file with records', () => {
  test.each([
    [['type', 'ref', 'name', 'city'], { type: 'type', ref: 'ref', name: 'name' }],
    [['Nummer', 'Kunde', 'Stadt'], { type: null, ref: 'Nummer', name: 'Kunde' }],
    [['Customer', 'Order', 'City'], { type: null, ref: 'Order', name: 'Customer' }],
    [['Numéro', 'Désignation'], { type: null, ref: 'Numéro', name: 'Désignation' }],
    [['رقم', 'الاسم'], { type: null, ref: 'رقم', name: 'الاسم' }],
    // Where no title tells, the first column is the number, and names itself.
    [['Foo', 'Bar'], { type: null, ref: 'Foo', name: 'Foo' }],
  ] as const)('%j', (titles, columns) => {
    expect(guessedColumns(titles)).toEqual(columns);
  });

  test('every other column comes along as a field of its own name', () => {
    const titles = ['Kind', 'Number', 'Customer', 'City', 'State'];
    expect(mapOf(titles, { type: 'Kind', ref: 'Number', name: 'Customer' })).toEqual({
      type: 'Kind',
      ref: 'Number',
      name: 'Customer',
      'field.City': 'City',
      'field.State': 'State',
    });
    expect(mapOf(['Number', 'City'], { type: null, ref: 'Number', name: 'Number' })).toEqual({
      ref: 'Number',
      name: 'Number',
      'field.City': 'City',
    });
  });
});
