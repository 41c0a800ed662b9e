// npm run sim -- --seed N --runs K: K runs of the simulation from seed N on; ends at the first failure, or with
// --keep-going counts them. --restores puts a backup and its restore into each, --purges a mass deletion. --replay FILE
// plays a scenario that a failure has printed.

import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { draw, drawWithPurge, drawWithRestore } from './draw.ts';
import type { Scenario } from './scenario.ts';
import { replay, simulate } from './simulation.ts';

/** A long sweep that is ended early has said how far it came. */
const TOLD_EVERY = 1_000;

const USAGE = `npm run sim -- [--seed N] [--runs K] [--keep-going] [--restores | --purges]
npm run sim -- --replay FILE`;

function readArguments() {
  const options = {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '1000' },
    'keep-going': { type: 'boolean', default: false },
    restores: { type: 'boolean', default: false },
    purges: { type: 'boolean', default: false },
    replay: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    // The first sentence names the option.
    console.error(`${String(error instanceof Error ? error.message : error).split(/[.\n]/, 1)[0]}.\n${USAGE}`);
    return process.exit(2);
  }
}

const values = readArguments();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const first = Number(values.seed);
const runs = Number(values.runs);
if (!Number.isInteger(first) || !Number.isInteger(runs) || runs < 1) {
  console.error('Give --seed and --runs as whole numbers, such as: npm run sim -- --seed 1 --runs 1000');
  process.exit(2);
}
if (values.replay !== undefined && !existsSync(values.replay)) {
  console.error(`There is no file "${values.replay}".`);
  process.exit(2);
}
if (values.replay !== undefined) {
  // Written by this program itself, when a run failed.
  await replay(JSON.parse(readFileSync(values.replay, 'utf8')) as Scenario);
  console.log('no violation');
  process.exit(0);
}
const drawn = values.purges ? drawWithPurge : values.restores ? drawWithRestore : draw;
const cpu = process.cpuUsage();
const sum = { passes: 0, crashes: 0, faults: 0, residual: 0 };
let failed = 0;
let played = 0;
for (let seed = first; seed < first + runs && (failed === 0 || values['keep-going']); seed++) {
  played++;
  try {
    const counts = await simulate(seed, drawn);
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += counts[key];
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    failed++;
  }
  if (played % TOLD_EVERY === 0) console.error(`${played} runs up to seed ${seed}, ${failed} violations`);
}
const used = process.cpuUsage(cpu);
const seconds = (used.user + used.system) / 1e6;
console.log(
  `${played} runs, ${sum.passes} passes, ${sum.crashes} crashes, ${sum.faults} faults, ` +
    `${sum.residual} contents in Dropbox's history only (see docs/sync.md), ` +
    `${(played / seconds).toFixed(0)} runs a second of one core, ${failed === 0 ? 'no violation' : `${failed} violations`}`,
);
process.exitCode = failed === 0 ? 0 : 1;
