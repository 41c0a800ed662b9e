// When backups are made by themselves: the usual wishes as cron expressions in local time.

import { t } from '../../ui/words.ts';

export const SCHEDULES = { off: null, daily: '0 3 * * *', workdays: '0 20 * * 1-5', weekly: '0 3 * * 0' } as const;
export type Wish = keyof typeof SCHEDULES;
export const WISHES = Object.keys(SCHEDULES) as readonly Wish[];

/** Null for an expression of somebody's own. */
export function wishOf(schedule: string | null): Wish | null {
  return WISHES.find((wish) => SCHEDULES[wish] === schedule) ?? null;
}

export function scheduleWord(schedule: string | null): string {
  const wish = wishOf(schedule);
  return wish === null ? (schedule ?? '') : t(`backups.schedules.${wish}`);
}
