import { expect, test } from 'vitest';
import { expiryOf } from '../../../src-main/links/expiry.ts';

const NOW = new Date(2026, 10, 23, 12, 0, 0).getTime();

test.each([
  ['2026-11-23', new Date(2026, 10, 23, 23, 59, 59)],
  [' 2028-02-29 ', new Date(2028, 1, 29, 23, 59, 59)],
  ['2027-01-31T12:00', new Date(2027, 0, 31, 12, 0, 0)],
  ['2027-01-31T12:00:30.9Z', new Date(Date.UTC(2027, 0, 31, 12, 0, 30))],
  ['2027-01-31T12:00:00+02:00', new Date(Date.UTC(2027, 0, 31, 10, 0, 0))],
])('%s', (text, expected) => {
  expect(expiryOf(text, NOW)).toEqual({ ok: true, time: expected.getTime() });
});

test.each([
  ['2026-11-22', 'over already'],
  ['2026-11-23T11:59', 'over already'],
  ['2027-02-30', 'is not a day'],
  ['2027-02-30T10:00', 'is not a day'],
  ['2027-13-01', 'is not a day'],
  ['31.01.2027', 'is not a day'],
  ['tomorrow', 'is not a day'],
  ['2027', 'is not a day'],
  ['', 'is not a day'],
])('%j is refused', (text, words) => {
  expect(expiryOf(text, NOW)).toMatchObject({ ok: false, message: expect.stringContaining(words) as string });
});
