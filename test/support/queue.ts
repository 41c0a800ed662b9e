// The queue made equal to a plan at once, as the engine does it in portions (engine/queue.ts).

import type { StandingProblem, SyncStore, TaskRow } from '../../src-main/engine/ports.ts';
import type { Operation } from '../../src-main/sync/model.ts';
import type { ClientId } from '../../src-shared/domain.ts';

export function replaceQueue(
  sync: SyncStore,
  id: ClientId,
  operations: readonly Operation[],
  problems: readonly StandingProblem[],
  now: number,
): TaskRow[] {
  return sync.batch(() => {
    const first = sync.nextPosition(id);
    const tasks = [
      ...sync.putTasks(id, operations, first, now),
      ...sync.putProblems(id, problems, first + operations.length, now),
    ];
    while (sync.retireTasks(id, first, 1_000, now));
    return tasks;
  });
}
