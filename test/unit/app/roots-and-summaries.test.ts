import { describe, expect, test } from 'vitest';
import { refuseSharedRoot } from '../../../src-main/app/roots.ts';
import { sumOf } from '../../../src-main/app/summaries.ts';
import { NOTHING_DONE } from '../../../src-shared/views.ts';

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
