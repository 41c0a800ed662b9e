import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localCalendar, retain, type Calendar, type Retained } from '../../../src-main/backup/retention.ts';

const DAY = 24 * 3_600_000;
const utc: Calendar = {
  day: (time) => new Date(time).toISOString().slice(0, 10),
  week: (time) => String(Math.floor((time + 3 * DAY) / (7 * DAY))),
  month: (time) => new Date(time).toISOString().slice(0, 7),
};
const NONE = { last: 0, daily: 0, weekly: 0, monthly: 0 };

const at = (iso: string, state: Retained['state'] = 'verified'): Retained => ({
  id: iso,
  madeAt: Date.parse(iso),
  state,
});
const kept = (backups: readonly Retained[], policy: Partial<typeof NONE>) =>
  retain(backups, { ...NONE, ...policy }, utc).keep.map(({ backup }) => backup.id);

describe('what stays', () => {
  const hourly = [
    '2026-11-21T08:00Z',
    '2026-11-21T20:00Z',
    '2026-11-22T08:00Z',
    '2026-11-23T08:00Z',
    '2026-11-23T09:00Z',
  ];

  test('the last ones', () => {
    expect(
      kept(
        hourly.map((iso) => at(iso)),
        { last: 2 },
      ),
    ).toEqual(['2026-11-23T09:00Z', '2026-11-23T08:00Z']);
  });
  test('of each day the newest, and days without a backup do not count', () => {
    expect(
      kept(
        hourly.map((iso) => at(iso)),
        { daily: 3 },
      ),
    ).toEqual(['2026-11-23T09:00Z', '2026-11-22T08:00Z', '2026-11-21T20:00Z']);
    expect(kept([at('2026-01-01T00:00Z'), at('2026-11-23T00:00Z')], { daily: 2 })).toHaveLength(2);
  });
  test('of each week and month the newest, with the reasons', () => {
    const { keep, remove } = retain(
      ['2026-09-30', '2026-10-01', '2026-10-31', '2026-11-20', '2026-11-23'].map((day) => at(`${day}T00:00Z`)),
      { ...NONE, weekly: 1, monthly: 3 },
      utc,
    );
    expect(keep.map(({ backup, reasons }) => [backup.id.slice(0, 10), ...reasons])).toEqual([
      ['2026-11-23', 'weekly', 'monthly', 'newest', 'newest-verified'],
      ['2026-10-31', 'monthly'],
      ['2026-09-30', 'monthly'],
    ]);
    expect(remove.map(({ id }) => id.slice(0, 10))).toEqual(['2026-10-01', '2026-11-20']);
  });
  test('the newest verified one, whatever came after it', () => {
    const backups = [
      at('2026-11-20T00:00Z'),
      at('2026-11-21T00:00Z', 'unverified'),
      at('2026-11-22T00:00Z', 'unverified'),
      at('2026-11-23T00:00Z', 'failed'),
    ];
    expect(kept(backups, { last: 1 })).toEqual(['2026-11-22T00:00Z', '2026-11-20T00:00Z']);
    expect(kept([at('2026-11-23T00:00Z', 'failed')], { last: 1 })).toEqual(['2026-11-23T00:00Z']);
  });
  test('weeks begin on Monday, days at midnight here', () => {
    const monday = new Date(2026, 10, 23, 0, 0, 0).getTime();
    expect(localCalendar.week(monday)).toBe(localCalendar.week(monday + 7 * DAY - 1));
    expect(localCalendar.week(monday)).not.toBe(localCalendar.week(monday - 1));
    expect(localCalendar.day(monday)).not.toBe(localCalendar.day(monday - 1));
    expect(localCalendar.month(monday)).toBe('2026-11');
  });
});

const backups = fc
  .uniqueArray(
    fc.record({
      hours: fc.integer({ min: 0, max: 24 * 500 }),
      state: fc.constantFrom('verified' as const, 'unverified' as const, 'failed' as const),
    }),
    { selector: ({ hours }) => hours, maxLength: 60 },
  )
  .map((list) =>
    list.map(({ hours, state }) => ({ id: String(hours), madeAt: Date.UTC(2025, 0, 1) + hours * 3_600_000, state })),
  );
const policy = fc.record({
  last: fc.nat({ max: 10 }),
  daily: fc.nat({ max: 10 }),
  weekly: fc.nat({ max: 6 }),
  monthly: fc.nat({ max: 14 }),
});

test('for all backups and policies', () => {
  fc.assert(
    fc.property(backups, policy, (list, rule) => {
      const { keep, remove } = retain(list, rule, utc);
      const keptIds = new Set(keep.map(({ backup }) => backup.id));
      // Each is kept or removed.
      expect(keptIds.size + remove.length).toBe(list.length);
      expect(remove.some(({ id }) => keptIds.has(id))).toBe(false);
      // Never the only verified one, never all.
      const verified = list.filter(({ state }) => state === 'verified');
      expect(verified.length === 0 || verified.some(({ id }) => keptIds.has(id))).toBe(true);
      expect(list.length === 0 || keptIds.size > 0).toBe(true);
      const good = list.filter(({ state }) => state !== 'failed').toSorted((a, b) => b.madeAt - a.madeAt);
      for (const { id } of good.slice(0, rule.last)) expect(keptIds.has(id)).toBe(true);
      // No more than the policy asks for, and the two that always stay.
      expect(keptIds.size).toBeLessThanOrEqual(rule.last + rule.daily + rule.weekly + rule.monthly + 2);
      // Pruning again removes nothing, in whatever order they come.
      const again = retain(keep.map(({ backup }) => backup).toReversed(), rule, utc);
      expect(again.remove).toEqual([]);
      // What is verified or not, the newest of the latest day that has a good one stays with any daily rule.
      expect(rule.daily === 0 || !good[0] || keptIds.has(good[0].id)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
