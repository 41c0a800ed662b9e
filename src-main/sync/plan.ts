// The planner: three trees in, one plan out. Pure: same input, same plan; no I/O, no clock.
// Reading order: model.ts (words), nodes.ts (pairing), merge.ts (decision table), places.ts (collisions, conflicts),
// operations.ts, transfers.ts and working-side.ts (work in order), guards.ts (held deletions).
// Called by the engine before every run and by the preview, with whole trees or with the neighbourhood of what changed.

import { holdMassDeletions } from './guards.ts';
import { decideNodes, keepFoldersOfSurvivors, undoCycles } from './merge.ts';
import type { Plan, PlanInput } from './model.ts';
import { unsettledOf } from './unsettled.ts';
import { buildNodes } from './nodes.ts';
import { makeOperations } from './operations.ts';
import { fitPlaces } from './places.ts';

export function plan(input: PlanInput): Plan {
  const graph = buildNodes(input);
  decideNodes(graph, input.policy);
  keepFoldersOfSurvivors(graph);
  // Undoing a move can need a folder that was given up; each round settles at least one move for good.
  while (undoCycles(graph)) keepFoldersOfSurvivors(graph);
  const conflicts = fitPlaces(graph, input.policy);
  const list = makeOperations(graph, conflicts, input.policy);
  const { operations, deletions } = holdMassDeletions(
    list.operations,
    (input.entries ?? input.synced.length) + 1,
    input.policy,
  );
  return {
    operations,
    problems: list.problems,
    conflicts: list.conflicts,
    deletions,
    unsettled: unsettledOf(graph, operations),
  };
}
