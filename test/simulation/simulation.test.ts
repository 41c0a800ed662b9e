import { describe, expect, test } from 'vitest';
import { simulate } from './simulation.ts';

const RUNS = Number(process.env.DOCKTIDE_SIM_RUNS ?? 300);

/** Seeds that once found a violation. */
const FOUND: readonly { readonly seed: number; readonly what: string }[] = [
  { seed: 1379, what: 'an edit between the look at a file and its move was taken for the moved content' },
  { seed: 4358, what: 'a document that Dropbox moved between two effects was agreed upon under two names' },
];

describe('simulation of the whole engine', () => {
  test(`${RUNS} seeds: quiet in the end, equal on all sides, nothing lost`, async () => {
    let passes = 0;
    for (let seed = 1; seed <= RUNS; seed++) passes += (await simulate(seed)).passes;
    expect(passes).toBeGreaterThan(RUNS);
  });

  test.each(FOUND)('seed $seed: $what', async ({ seed }) => {
    await expect(simulate(seed)).resolves.toMatchObject({ passes: expect.any(Number) });
  });
});
