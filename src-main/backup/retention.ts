// Which backups stay: the last ones, and of each day, week and month the newest (grandfather, father, son). Pure: the
// backups, a policy and the calendar in; what to keep and why, and what to remove, out. Called by backups.ts.
//
// Whatever the policy says, the newest backup that was verified stays, and so does the newest of all. One that was found
// to be bad takes nobody's place, and goes once there is a verified one.

export interface RetentionPolicy {
  readonly last: number;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
}

export const DEFAULT_POLICY: RetentionPolicy = { last: 7, daily: 7, weekly: 4, monthly: 12 };

export interface Retained {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly madeAt: number;
  readonly state: 'unverified' | 'verified' | 'failed';
}

export type KeepReason = 'last' | 'daily' | 'weekly' | 'monthly' | 'newest' | 'newest-verified';

export interface Retention<T extends Retained> {
  /** Newest first. */
  readonly keep: readonly { readonly backup: T; readonly reasons: readonly KeepReason[] }[];
  /** Oldest first. */
  readonly remove: readonly T[];
}

/** Tells days, weeks and months apart; equal texts are the same one. */
export interface Calendar {
  readonly day: (time: number) => string;
  readonly week: (time: number) => string;
  readonly month: (time: number) => string;
}

export function retain<T extends Retained>(
  backups: readonly T[],
  policy: RetentionPolicy,
  calendar: Calendar,
): Retention<T> {
  const newestFirst = backups.toSorted((a, b) => b.madeAt - a.madeAt || (a.id < b.id ? 1 : -1));
  const good = newestFirst.filter((backup) => backup.state !== 'failed');
  const reasons = new Map<T, KeepReason[]>();
  const keep = (backup: T | undefined, reason: KeepReason): void => {
    if (backup !== undefined) reasons.set(backup, [...(reasons.get(backup) ?? []), reason]);
  };
  for (const backup of good.slice(0, policy.last)) keep(backup, 'last');
  for (const [reason, count, periodOf] of [
    ['daily', policy.daily, calendar.day],
    ['weekly', policy.weekly, calendar.week],
    ['monthly', policy.monthly, calendar.month],
  ] as const) {
    for (const backup of newestOfEach(good, periodOf).slice(0, count)) keep(backup, reason);
  }
  keep(good[0] ?? newestFirst[0], 'newest');
  keep(
    good.find((backup) => backup.state === 'verified'),
    'newest-verified',
  );
  return {
    keep: newestFirst.flatMap((backup) => {
      const why = reasons.get(backup);
      return why === undefined ? [] : [{ backup, reasons: why }];
    }),
    remove: newestFirst.filter((backup) => !reasons.has(backup)).reverse(),
  };
}

function newestOfEach<T extends Retained>(newestFirst: readonly T[], periodOf: (time: number) => string): T[] {
  const seen = new Set<string>();
  return newestFirst.filter(({ madeAt }) => {
    const period = periodOf(madeAt);
    return seen.has(period) ? false : seen.add(period) !== undefined;
  });
}

/** As people here count: days from midnight, weeks from Monday. */
export const localCalendar: Calendar = {
  day: (time) => dayText(new Date(time)),
  week: (time) => {
    const date = new Date(time);
    date.setDate(date.getDate() - ((date.getDay() + 6) % 7));
    return dayText(date);
  },
  month: (time) => dayText(new Date(time)).slice(0, 7),
};

function dayText(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
