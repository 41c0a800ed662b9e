// Taking back what was done to documents, by the number that the main process keeps it under; and doing it again, which is
// taking the taking back back.

import { call } from '../../bridge/bridge.ts';
import type { Back } from '../../stores/undo-store.ts';

const SHOWN_PROBLEMS = 5;

export function takeBack(number: number): Back {
  return takeBackAll([number]);
}

/** Several deeds that were one for the person, the last one first. */
export function takeBackAll(numbers: readonly number[]): Back {
  return async () => {
    const again: number[] = [];
    const problems: string[] = [];
    for (const number of numbers.toReversed()) {
      const { failed, undo } = await call('files.undo', { number });
      problems.push(...failed);
      if (undo !== null) again.push(undo);
    }
    if (problems.length > 0) throw new Error(problems.slice(0, SHOWN_PROBLEMS).join(' '));
    return again.length < numbers.length ? null : takeBackAll(again);
  };
}
