// The documents that sync moved last, for the tray: read once from the queue, then followed by the events of tasks.

import type { TaskView } from '../../src-shared/views.ts';
import { recentPaths } from './tray-menu.ts';

export interface Recent {
  paths(): readonly string[];
  /** True where the list is another one now. */
  task(task: TaskView): boolean;
  /** Another store is in use: it is read anew. */
  forget(): void;
}

const SHOWN = 5;
/** Finished tasks that are looked through at the start. */
const READ = 60;

export function createRecent(finished: (limit: number) => readonly TaskView[]): Recent {
  let paths: readonly string[] | null = null;
  const known = (): readonly string[] =>
    (paths ??= recentPaths(
      readable(() => finished(READ)),
      SHOWN,
    ));
  return {
    paths: known,
    task(task) {
      const [newest] = recentPaths([task], 1);
      const before = known();
      if (newest === undefined || before[0] === newest) return false;
      paths = [newest, ...before.filter((path) => path !== newest)].slice(0, SHOWN);
      return true;
    },
    forget: () => void (paths = null),
  };
}

/** Without a store there is nothing to show. */
function readable(read: () => readonly TaskView[]): readonly TaskView[] {
  try {
    return read();
  } catch {
    return [];
  }
}
