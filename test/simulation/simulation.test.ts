import { describe, test } from 'vitest';
import { simulate } from './simulation.ts';

const RUNS = Number(process.env.DOCKTIDE_SIM_RUNS ?? 300);

describe('simulation of the whole engine', () => {
  test(`${RUNS} seeds: quiet in the end, equal on all sides, nothing lost`, async () => {
    for (let seed = 1; seed <= RUNS; seed++) await simulate(seed);
  });
});
