// One run of the simulation, from a seed: drawn (draw.ts), played (play.ts); where an invariant of SYNC.md does not hold,
// cut down (shrink.ts) and told with the trace and the command that repeats it. Called by simulation.test.ts and by
// run.ts (npm run sim).

import { draw, drawWithPurge, drawWithRestore } from './draw.ts';
import { play } from './play.ts';
import type { Scenario } from './scenario.ts';
import { shrink } from './shrink.ts';
import type { Counts } from './watch.ts';

export class SimulationFailure extends Error {}

/** What a seed is drawn as, and the option of `npm run sim` that asks for it. */
const OPTIONS = new Map([
  [drawWithRestore, ' --restores'],
  [drawWithPurge, ' --purges'],
]);

/** Throws SimulationFailure. */
export async function simulate(seed: number, drawn: (seed: number) => Scenario = draw): Promise<Counts> {
  const scenario = drawn(seed);
  const first = await play(scenario);
  if (first.violation === null) return first.counts;
  const small = await shrink(scenario, async (candidate) => (await play(candidate)).violation !== null);
  throw new SimulationFailure(
    [
      `seed ${seed}: ${first.violation}`,
      `repeat with: npm run sim -- --seed ${seed} --runs 1${OPTIONS.get(drawn) ?? ''}`,
      'the smallest run that fails:',
      await report(small),
      JSON.stringify(small),
    ].join('\n'),
  );
}

/** Plays a scenario once more; throws SimulationFailure. */
export async function replay(scenario: Scenario): Promise<Counts> {
  const { violation, counts } = await play(scenario);
  if (violation !== null) throw new SimulationFailure(await report(scenario));
  return counts;
}

async function report(scenario: Scenario): Promise<string> {
  const { trace, violation } = await play(scenario);
  return [...trace.map((line) => `  ${line}`), `  ${violation ?? 'no violation'}`].join('\n');
}
