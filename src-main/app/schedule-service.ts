// The part of the application service that says how often a continuous run looks everywhere, beside what watcher and
// Dropbox tell at once.

import type { ScheduleView } from '../../src-shared/views.ts';
import type { Workplace } from './docktide.ts';
import { AppError } from './service.ts';

const LEAST = 1;
const MOST = 24 * 60;

export interface ScheduleService {
  schedule(): ScheduleView;
  /** Whole minutes from 1 to a day. Runs under way follow within a minute. Throws AppError 'bad-schedule'. */
  setSchedule(minutes: number): ScheduleView;
}

export function scheduleOf(use: () => Workplace): ScheduleService {
  return {
    schedule: () => ({ minutes: use().store.schedule.minutes() }),
    setSchedule(minutes) {
      if (!Number.isSafeInteger(minutes) || minutes < LEAST || minutes > MOST) {
        throw new AppError(
          'bad-schedule',
          `${minutes} minutes is no schedule. Take a whole number from ${LEAST} to ${MOST}.`,
        );
      }
      const { schedule } = use().store;
      schedule.set(minutes);
      return { minutes: schedule.minutes() };
    },
  };
}
