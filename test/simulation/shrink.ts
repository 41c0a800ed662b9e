// Cuts a failing scenario down: leaves out steps, then what happens inside of passes, then the frame, as long as it
// still fails. In: a scenario and how to play it; out: a smaller one that fails too. Bounded in attempts.

import type { PassStep, Scenario } from './scenario.ts';

export async function shrink(
  scenario: Scenario,
  fails: (scenario: Scenario) => Promise<boolean>,
  attempts = 3000,
): Promise<Scenario> {
  let best = scenario;
  let left = attempts;
  const attempt = async (candidate: Scenario): Promise<boolean> => {
    if (left-- <= 0 || !(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let changed = true; changed && left > 0;) {
    changed = false;
    for (const frame of frames(best)) changed = (await attempt(frame)) || changed;
    changed =
      (await cut(
        () => best.steps,
        (steps) => attempt({ ...best, steps }),
      )) || changed;
    for (let index = 0; index < best.steps.length; index++) {
      const at = index;
      const pass = () => best.steps[at] as PassStep;
      if (pass().step !== 'pass') continue;
      const put = (step: PassStep) => attempt({ ...best, steps: best.steps.with(at, step) });
      if (pass().crashAt !== null) changed = (await put({ ...pass(), crashAt: null })) || changed;
      if (pass().hinted) changed = (await put({ ...pass(), hinted: false })) || changed;
      changed =
        (await cut(
          () => pass().acts,
          (acts) => put({ ...pass(), acts }),
        )) || changed;
      changed =
        (await cut(
          () => pass().faults,
          (faults) => put({ ...pass(), faults }),
        )) || changed;
    }
  }
  return best;
}

function* frames(scenario: Scenario): Generator<Scenario> {
  const { platforms, clients, erp, links, approved, pageSize } = scenario;
  if (platforms.length > 1) yield { ...scenario, platforms: platforms.slice(0, -1) };
  if (platforms.some((platform) => platform !== 'linux'))
    yield { ...scenario, platforms: platforms.map(() => 'linux') };
  if (clients > 1) yield { ...scenario, clients: 1 };
  if (erp > 0) yield { ...scenario, erp: erp - 1 };
  if (links !== null) yield { ...scenario, links: null };
  if (!approved) yield { ...scenario, approved: true };
  if (pageSize < 2000) yield { ...scenario, pageSize: 2000 };
}

/** Leaves out ever smaller parts of a list. */
async function cut<T>(list: () => readonly T[], attempt: (list: readonly T[]) => Promise<boolean>): Promise<boolean> {
  let changed = false;
  for (let size = Math.max(1, list().length >> 1); size >= 1; size >>= 1) {
    for (let start = 0; start < list().length;) {
      const shorter = [...list().slice(0, start), ...list().slice(start + size)];
      if (await attempt(shorter)) changed = true;
      else start += size;
    }
  }
  return changed;
}
