// How often a continuous run looks everywhere, in the database: every process that works on this document store reads it.

import { durable, type Db } from './database.ts';

const USUAL_MINUTES = 15;
const KEY = 'schedule.minutes';

export interface ScheduleRow {
  minutes(): number;
  set(minutes: number): void;
}

export function createScheduleRow(db: Db): ScheduleRow {
  const get = db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE key = ?');
  const put = db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value');
  return {
    minutes: () => Number(get.get(KEY)?.value ?? USUAL_MINUTES),
    set: (minutes) => void durable(db, () => put.run(KEY, String(minutes))),
  };
}

/** Whether a look is due: `every` minutes after the last one, both in milliseconds since the epoch. Pure. */
export function isLookDue(last: number, now: number, every: number): boolean {
  // A clock that was set back must not stop the looks.
  return now < last || now - last >= every * 60_000;
}
