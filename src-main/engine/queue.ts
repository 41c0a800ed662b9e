// Makes the persisted queue equal to a plan, in short steps: the plan's tasks are entered one after another, then what
// the plan no longer holds is retired, and the changes that led to it are forgotten. A program that dies in between has tasks of both plans; the next plan renews them.
// Called by pass.ts with every plan, before anything of it is run.

import type { ClientId } from '../../src-shared/domain.ts';
import type { Operation } from '../sync/model.ts';
import { giveWay, inBatches, rowsAtOnce } from './batches.ts';
import type { EngineParts } from './parts.ts';
import type { StandingProblem, TaskRow } from './ports.ts';

/** Tasks entered or retired in one transaction. */
export const TASKS_AT_ONCE = 200;

/** Changes forgotten in one transaction. */
const CHANGES_AT_ONCE = 2_000;

/** Answers the tasks in the plan's order. `entered` is told of each portion. */
export async function renewQueue(
  parts: Pick<EngineParts, 'store' | 'clock' | 'turn' | 'atOnce'>,
  id: ClientId,
  work: { readonly operations: readonly Operation[]; readonly problems: readonly StandingProblem[] },
  entered: (tasks: readonly TaskRow[]) => void = () => {},
): Promise<TaskRow[]> {
  const { store } = parts;
  const now = parts.clock.now();
  const first = store.nextPosition(id);
  const tasks: TaskRow[] = [];
  const enter = (some: readonly TaskRow[]): void => {
    for (const task of some) tasks.push(task);
    entered(some);
  };
  await inBatches(
    parts,
    work.operations,
    (some, at) => enter(store.putTasks(id, some, first + at, now)),
    TASKS_AT_ONCE,
  );
  const last = first + work.operations.length;
  await inBatches(
    parts,
    work.problems,
    (some, at) => enter(store.putProblems(id, some, last + at, now)),
    TASKS_AT_ONCE,
  );
  while (store.retireTasks(id, first, rowsAtOnce(parts, TASKS_AT_ONCE), now)) await giveWay(parts);
  while (store.pruneChanges(id, rowsAtOnce(parts, CHANGES_AT_ONCE))) await giveWay(parts);
  return tasks;
}
