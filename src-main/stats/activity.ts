// What was done by hour, day and month, from the activity table that the log feeds: 48 hours, 31 days and 12 months of
// this computer's time zone, without gaps. Called by figures.ts.

import type { ActivityBucket, ActivityFigures } from '../../src-shared/figures-views.ts';
import type { Db } from '../store/database.ts';
import { iso } from '../store/keepsakes.ts';

const HOURS = 48;
const DAYS = 31;
const MONTHS = 12;

type Counts = Omit<ActivityBucket, 'start'>;

const NONE: Counts = {
  uploads: 0,
  downloads: 0,
  bytesUp: 0,
  bytesDown: 0,
  moves: 0,
  deletions: 0,
  warnings: 0,
  errors: 0,
};

/** `client` by name, as in the log; null: all. */
export function activityFigures(db: Db, now: number, client: string | null): ActivityFigures {
  const rows = db.prepare<
    [{ scale: string; since: number; until: number; client: string | null }],
    Counts & { start: number }
  >(
    `SELECT start, sum(uploads) AS uploads, sum(downloads) AS downloads, sum(bytes_up) AS bytesUp,
       sum(bytes_down) AS bytesDown, sum(moves) AS moves, sum(deletions) AS deletions, sum(warnings) AS warnings,
       sum(errors) AS errors
     FROM activity WHERE scale = @scale AND start BETWEEN @since AND @until AND (@client IS NULL OR client = @client) GROUP BY start`,
  );
  const buckets = (scale: string, starts: readonly number[]): ActivityBucket[] => {
    const found = new Map(
      rows.all({ scale, since: starts[0] ?? 0, until: starts.at(-1) ?? 0, client }).map((row) => [row.start, row]),
    );
    return starts.map((start) => ({ ...NONE, ...found.get(start), start: iso(start) }));
  };
  const date = new Date(now);
  const [year, month, day, hour] = [date.getFullYear(), date.getMonth(), date.getDate(), date.getHours()];
  return {
    hours: buckets(
      'hour',
      lastStarts(HOURS, (back) => new Date(year, month, day, hour - back)),
    ),
    days: buckets(
      'day',
      lastStarts(DAYS, (back) => new Date(year, month, day - back)),
    ),
    months: buckets(
      'month',
      lastStarts(MONTHS, (back) => new Date(year, month - back, 1)),
    ),
  };
}

/** Oldest first. Where clocks are set forward two hours of the calendar are one. */
function lastStarts(count: number, start: (back: number) => Date): number[] {
  const starts = Array.from({ length: count }, (_, index) => start(count - 1 - index).getTime());
  return [...new Set(starts)].sort((a, b) => a - b);
}
