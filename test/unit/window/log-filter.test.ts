// What is chosen above the log becomes the filter that the main process gets.

import { expect, test } from 'vitest';
import { choiceOf, EVERYTHING, filterOf, isEverything } from '../../../src-renderer/features/log/log-filter.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

test('nothing chosen is no filter, and everything chosen is in it', () => {
  expect(filterOf(EVERYTHING, NOW)).toEqual({});
  expect(isEverything(EVERYTHING)).toBe(true);
  const choice = {
    text: ' Offer ',
    record: 'SO001',
    span: 'day',
    from: '',
    to: '',
    client: 'Office',
    direction: 'backward',
    group: 'conflicts',
    level: 'warning',
  } as const;
  expect(filterOf(choice, NOW)).toEqual({
    since: '2026-11-19T12:00:00.000Z',
    text: 'Offer',
    record: 'SO001',
    client: 'Office',
    direction: 'backward',
    kinds: ['conflict'],
    level: 'warning',
  });
  expect(isEverything(choice)).toBe(false);
});

test('days of one’s own: from the beginning of the first to the end of the last, each may be open', () => {
  const own = { ...EVERYTHING, span: 'own' } as const;
  expect(filterOf(own, NOW)).toEqual({});
  const { since, until } = filterOf({ ...own, from: '2026-11-01', to: '2026-11-02' }, NOW);
  expect(Date.parse(until ?? '') - Date.parse(since ?? '')).toBe(2 * 86_400_000 - 1);
  expect(new Date(since ?? '').getHours()).toBe(0);
  expect(Object.keys(filterOf({ ...own, to: '2026-11-02' }, NOW))).toEqual(['until']);
});

test('another screen asks by words; what is not known is left out', () => {
  expect(choiceOf({})).toEqual(EVERYTHING);
  expect(choiceOf({ level: 'error', client: 'Office', span: 'week' })).toEqual({
    ...EVERYTHING,
    level: 'error',
    client: 'Office',
    span: 'week',
  });
  expect(choiceOf({ level: 'loud', group: 'nonsense', direction: 'up' })).toEqual(EVERYTHING);
  expect(choiceOf({ from: '2026-11-01' })).toMatchObject({ span: 'own', from: '2026-11-01', to: '' });
});
