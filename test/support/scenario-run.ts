// What a scenario is and how it is run and judged. In: an entry of test/scenarios/cases. Out: nothing, or an error that
// tells what was found beside what was expected. Called by test/scenarios/scenarios.test.ts.

import { expect } from 'vitest';
import { expectPeerSees } from './peer-check.ts';
import { expectedLines, parseSteps, stepsFor, type Tree } from './scenario-tree.ts';
import { ScenarioWorld, type PassOutcome, type Seen } from './scenario-world.ts';

/** The most that a pass may do in Dropbox. */
export interface Bounds {
  readonly up?: number;
  readonly down?: number;
  readonly mv?: number;
  readonly del?: number;
}

/** Both sides agree on `init`; then `here` and `there` happen; then one pass; then both sides are `expect`. */
export interface TableScenario {
  readonly id: string;
  /** Told beside the id where one id has several forms. */
  readonly form?: string;
  readonly init?: string;
  readonly here?: string;
  readonly there?: string;
  readonly expect: string;
  readonly bounds?: Bounds;
  /** Deletions are approved: they are what is tested. */
  readonly approve?: boolean;
}

export interface ScriptedScenario {
  readonly id: string;
  readonly form?: string;
  readonly run: (world: ScenarioWorld) => Promise<void>;
  readonly bytesOnDisk?: boolean;
}

export type Scenario = TableScenario | ScriptedScenario;

/** Answers the scenario's id when all held. */
export async function runScenario(scenario: Scenario): Promise<string> {
  const world = await ScenarioWorld.open('run' in scenario ? scenario : {});
  try {
    if ('run' in scenario) await scenario.run(world);
    else await runTable(world, scenario);
    await expectPeerSees(world.emulator);
    return scenario.id;
  } finally {
    await world.close();
  }
}

async function runTable(world: ScenarioWorld, scenario: TableScenario): Promise<void> {
  await agree(world, scenario.init ?? '');
  const agreed = await bothTrees(world);
  await world.apply('here', parseSteps(scenario.here ?? ''));
  await world.apply('there', parseSteps(scenario.there ?? ''));
  const before = await bothTrees(world);
  const outcome = await world.pass(...(scenario.approve === true ? ['--yes'] : []));
  await expectTree(world, scenario.expect);
  expectNothingLost(world, agreed, before, await world.here.tree());
  expectClean(outcome);
  expectBounds(outcome, scenario.bounds ?? {});
  await expectQuiet(world);
}

/** Both sides hold `tree` and know it of each other. */
export async function agree(world: ScenarioWorld, tree: string): Promise<void> {
  await world.apply('here', stepsFor(tree));
  await world.settle();
  const lines = expectedLines(tree);
  expect(world.known.lines(await world.here.tree()), 'here, before anything happens').toEqual(lines);
  expect(world.known.lines(await world.there.tree()), 'in Dropbox, before anything happens').toEqual(lines);
}

/** Documents folder, `ls` and Dropbox hold exactly this. */
export async function expectTree(world: ScenarioWorld, tree: string): Promise<void> {
  const lines = expectedLines(tree);
  expect(world.known.lines(await world.here.tree()), 'the documents folder').toEqual(lines);
  expect(world.known.lines(await world.there.tree()), 'Dropbox').toEqual(lines);
  expect(world.known.lines(await world.listed()), 'docktide ls').toEqual(lines);
  await expectSame(world);
}

/** Documents folder, `ls` and Dropbox hold the same, by content hash. */
export async function expectSame(world: ScenarioWorld): Promise<void> {
  const there = byPath(await world.there.tree());
  expect(byPath(await world.here.tree()), 'documents folder and Dropbox').toEqual(there);
  expect(byPath(await world.listed()), 'docktide ls and Dropbox').toEqual(there);
}

function byPath(tree: Tree): readonly (readonly [string, string | null])[] {
  return [...tree].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

export function expectClean(outcome: PassOutcome): void {
  const { conflicts, failed, held, errors } = outcome.report;
  expect({ failed, held, errors }).toEqual({ failed: 0, held: 0, errors: [] });
  expect(outcome.code, 'exit code').toBe(conflicts > 0 ? 3 : 0);
}

export function expectBounds(outcome: PassOutcome, bounds: Bounds): void {
  const { report, writes } = outcome;
  const most = (what: string, found: number, bound: number | undefined): void => {
    if (bound !== undefined) expect(found, `${what}, at most`).toBeLessThanOrEqual(bound);
  };
  most('uploads told', report.uploaded, bounds.up);
  most('files written in Dropbox', writes.filter(({ op }) => op === 'file').length, bounds.up);
  most('downloads told', report.downloaded, bounds.down);
  most('downloads', outcome.byEndpoint['files/download'] ?? 0, bounds.down);
  most('moves in Dropbox', writes.filter(({ op }) => op === 'move' || op === 'recase').length, bounds.mv);
  most('deletions in Dropbox', writes.filter(({ op }) => op === 'remove').length, bounds.del);
}

/** Another pass right after writes nothing and asks Dropbox once. */
export async function expectQuiet(world: ScenarioWorld): Promise<void> {
  const before = byPath(await world.here.tree());
  const outcome = await world.quickPass();
  expect(didSomething(outcome), 'the second pass').toEqual([]);
  expect(outcome.writes, 'writes of the second pass').toEqual([]);
  expect(outcome.byEndpoint, 'requests of the second pass').toSatisfy(() => outcome.requests <= 1);
  expect(byPath(await world.here.tree()), 'the documents folder after the second pass').toEqual(before);
}

/** What a report says was done, by name. */
export function didSomething(outcome: PassOutcome): readonly string[] {
  const { report } = outcome;
  return (['uploaded', 'downloaded', 'moved', 'deletedLocal', 'deletedRemote', 'createdFolders', 'adopted'] as const)
    .filter((what) => report[what] > 0)
    .map((what) => `${what}: ${report[what]}`);
}

interface BothTrees {
  readonly here: Tree;
  readonly there: Tree;
}

export async function bothTrees(world: ScenarioWorld): Promise<BothTrees> {
  return { here: await world.here.tree(), there: await world.there.tree() };
}

/**
 * What was new on either side is still there, and so is what neither side had removed. What one side alone still had of
 * the agreed contents was deleted or replaced on the other, and may go.
 */
function expectNothingLost(world: ScenarioWorld, agreed: BothTrees, before: BothTrees, after: Tree): void {
  const old = hashesOf(agreed.here);
  const [here, there] = [hashesOf(before.here), hashesOf(before.there)];
  const left = hashesOf(after);
  const lost = [...new Set([...here, ...there])].filter(
    (hash) => (!old.has(hash) || (here.has(hash) && there.has(hash))) && !left.has(hash),
  );
  expect(world.known.lines(new Map(lost.map((hash) => ['lost', hash])))).toEqual([]);
}

function hashesOf(tree: Tree): ReadonlySet<string> {
  return new Set([...tree.values()].filter((hash) => hash !== null));
}

/** The kinds of what was done in Dropbox, for expectations about it. */
export function kindsOf(seen: Seen): readonly string[] {
  return seen.writes.map(({ op }) => op);
}
