// Moments and facts as people of a language write them; what a record is called.

import { afterEach, describe, expect, test } from 'vitest';
import { refBeside } from '../../../src-renderer/features/attachment-box/ref-beside.ts';
import { formatFacts, formatMoment, formatMomentAlone } from '../../../src-renderer/ui/format.ts';
import { recordRef } from '../../../src-renderer/ui/record-ref.ts';
import { speak } from '../../../src-renderer/ui/words.ts';

function yesterday(): string {
  const day = new Date();
  day.setDate(day.getDate() - 1);
  day.setHours(14, 5, 0, 0);
  return day.toISOString();
}

afterEach(() => speak('en', 'en-GB'));

describe('moments', () => {
  test('within a sentence in small letters, alone with a capital', () => {
    speak('en', 'en-GB');
    expect(formatMoment(yesterday())).toBe('yesterday, 14:05');
    expect(formatMomentAlone(yesterday())).toBe('Yesterday, 14:05');
    speak('de', 'de-DE');
    expect(formatMomentAlone(yesterday())).toBe('Gestern, 14:05');
  });

  test('in Arabic with its own comma', () => {
    speak('ar', 'ar');
    expect(formatMoment(yesterday())).toMatch(/^أمس، /);
  });
});

test('facts keep their direction from right to left, and stay as they are from left to right', () => {
  speak('en', 'en-GB');
  expect(formatFacts(['Quotations', '3 documents'])).toBe('Quotations · 3 documents');
  speak('ar', 'ar');
  expect(formatFacts(['Quotations', '3'])).toBe('\u2068Quotations\u2069 · \u20683\u2069');
});

test('the number of a record stands beside its name only where that does not hold it', () => {
  expect(refBeside({ name: 'SO001 Müller', ref: 'SO001' })).toBeNull();
  expect(refBeside({ name: 'Müller', ref: 'SO001' })).toBe('SO001');
  expect(recordRef('sale.order/SO001')).toBe('SO001');
  expect(recordRef('sale.order/2026/SO001')).toBe('2026/SO001');
});
