// npm run sim -- --seed N --runs K: K runs of the simulation from seed N on; ends at the first failure.

import { parseArgs } from 'node:util';
import { simulate } from './simulation.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, runs: { type: 'string', default: '1000' } },
});
const first = Number(values.seed);
const runs = Number(values.runs);
if (!Number.isInteger(first) || !Number.isInteger(runs) || runs < 1) {
  console.error('Give --seed and --runs as whole numbers, such as: npm run sim -- --seed 1 --runs 1000');
  process.exit(2);
}
const started = performance.now();
const sum = { passes: 0, crashes: 0, faults: 0 };
let failed = 0;
for (let seed = first; seed < first + runs; seed++) {
  try {
    const result = await simulate(seed);
    sum.passes += result.passes;
    sum.crashes += result.crashes;
    sum.faults += result.faults;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    failed++;
    break;
  }
}
const seconds = (performance.now() - started) / 1000;
console.log(
  `${runs - failed} runs, ${sum.passes} troubled passes, ${sum.crashes} crashes, ${sum.faults} faults, ` +
    `${(runs / seconds).toFixed(0)} runs a second, ${failed === 0 ? 'no violation' : 'a violation'}`,
);
process.exitCode = failed === 0 ? 0 : 1;
