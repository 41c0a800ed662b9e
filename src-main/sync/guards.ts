// Guard 2 of SYNC.md §4: a plan that would delete much is held until a person agrees; everything else goes on.
// In: operations and how many entries are synced. Out: the same operations, deletions marked as held where needed.

import type { Operation, Plan, PlanPolicy } from './model.ts';

export const HELD_COUNT = 100;
export const HELD_SHARE = 0.2;
/** Below this many entries the share says nothing. */
export const SHARE_NEEDS_ENTRIES = 10;

/** `deleted` of `entries` is too much to go unasked. */
export function isMassDeletion(deleted: number, entries: number): boolean {
  if (deleted > HELD_COUNT) return true;
  return entries >= SHARE_NEEDS_ENTRIES && deleted > HELD_SHARE * entries;
}

/** `entries` counts the client's root folder too. Each side is judged by itself, all plans of one pass together. */
export function holdMassDeletions(
  operations: readonly Operation[],
  entriesNow: number,
  { deletionsApproved: approved, before }: Pick<PlanPolicy, 'deletionsApproved' | 'before'>,
): { readonly operations: readonly Operation[]; readonly deletions: Plan['deletions'] } {
  const entries = Math.max(entriesNow, before?.entries ?? 0);
  let here = before?.here ?? 0;
  let there = before?.there ?? 0;
  for (const operation of operations) {
    if (operation.kind === 'local.trash') here += operation.covers.length;
    else if (operation.kind === 'remote.delete') there += operation.covers.length;
  }
  const deletions = { here, there, entries };
  const holdHere = !approved && isMassDeletion(here, entries);
  const holdThere = !approved && isMassDeletion(there, entries);
  if (!holdHere && !holdThere) return { operations, deletions };
  return {
    deletions,
    operations: operations.map((operation) =>
      (operation.kind === 'local.trash' && holdHere) || (operation.kind === 'remote.delete' && holdThere)
        ? { ...operation, held: true }
        : operation,
    ),
  };
}
