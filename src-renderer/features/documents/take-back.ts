// Taking back what was done to documents, by the number that the main process keeps it under; and doing it again, which is
// taking the taking back back.

import { call } from '../../bridge/bridge.ts';
import type { Back } from '../../stores/undo-store.ts';

const SHOWN_PROBLEMS = 5;

export function takeBack(number: number): Back {
  return async () => {
    const { failed, undo } = await call('files.undo', { number });
    if (failed.length > 0) throw new Error(failed.slice(0, SHOWN_PROBLEMS).join(' '));
    return undo === null ? null : takeBack(undo);
  };
}
