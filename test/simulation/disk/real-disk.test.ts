import { expect, test } from 'vitest';
import { playOnDisk } from './real-disk.ts';

// Drawn days on real folders; `node test/simulation/disk/real-disk.ts SEED COUNT COMPUTERS [faults]` plays many more.
test.each([
  { seed: 1, computers: 1, days: 2, faults: false },
  { seed: 2, computers: 1, days: 2, faults: false },
  { seed: 101, computers: 2, days: 2, faults: false },
  { seed: 303, computers: 3, days: 1, faults: false },
  { seed: 204, computers: 1, days: 1, faults: true },
])('seed $seed: $computers computers, $days days, faults $faults', async (run) => {
  const told: string[] = [];
  const problems = await playOnDisk({ ...run, tell: (line) => told.push(line) });
  // What was told leads to the cause.
  expect(problems.length === 0 ? [] : [...told, ...problems]).toEqual([]);
  expect(told.filter((line) => line.includes('sync computer')).length).toBeGreaterThan(3);
});
