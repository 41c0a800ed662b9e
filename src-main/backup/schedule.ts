// When the next backup is due: a cron expression and the start of the last scheduled one in, a time out. A run that the
// computer slept through, or was off for, is due at once, and once only, however many were missed. Pure but for croner.

import { Cron } from 'croner';

/** Null where it is one; else what is wrong with it, as a sentence. */
export function refuseSchedule(expression: string): string | null {
  try {
    const job = new Cron(expression, { paused: true });
    if (job.nextRun() !== null) return null;
    return `"${expression}" never comes. Write it as in "0 3 * * *": every day at three in the morning.`;
  } catch {
    return `"${expression}" is no schedule. Write minute, hour, day, month and weekday, as in "0 3 * * *": every day at three in the morning.`;
  }
}

/** Local time. Null where the expression never comes (again). */
export function dueAfter(expression: string, last: number): number | null {
  return new Cron(expression, { paused: true }).nextRun(new Date(last))?.getTime() ?? null;
}
