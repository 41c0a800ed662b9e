// Scenarios of many files: requests, transfers, processor time and memory are counted; the trees are compared by hash.

import { mkdirSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import {
  agree,
  expectBounds,
  expectClean,
  expectQuiet,
  expectSame,
  type ScriptedScenario,
} from '../../support/scenario-run.ts';
import { CLIENT, ROOT, TOKEN, until, type ScenarioWorld } from '../../support/scenario-world.ts';

/** Processor seconds that one process may take; beyond them the system ends it. */
const PROCESSOR_SECONDS = 10;
const MEMORY_MIB = 512;

function files(count: number, folders: number): string[] {
  return Array.from({ length: count }, (_, index) => `d${index % folders}/f${index}`);
}

function writeHere(world: ScenarioWorld, paths: readonly string[], text: (path: string) => string): void {
  const folders = new Set(paths.map((path) => path.slice(0, path.indexOf('/'))));
  for (const folder of folders) mkdirSync(world.here.at(folder), { recursive: true });
  for (const path of paths) writeFileSync(world.here.at(path), text(path));
}

/** Time is processor time: what others do on the machine does not count. */
function limited(world: ScenarioWorld): void {
  world.start = { through: ['prlimit', `--cpu=${PROCESSOR_SECONDS}`, '--'] };
  world.env['NODE_OPTIONS'] = `--max-old-space-size=${MEMORY_MIB}`;
}

function unlimited(world: ScenarioWorld): void {
  world.start = {};
  delete world.env['NODE_OPTIONS'];
}

async function manyNewHere(world: ScenarioWorld): Promise<void> {
  await agree(world, '');
  const paths = files(10_000, 100);
  writeHere(world, paths, (path) => path.padEnd(1024, '.'));
  const outcome = await world.pass();
  expectClean(outcome);
  expect(outcome.report).toMatchObject({ uploaded: 10_000, createdFolders: 100, downloaded: 0 });
  expect(outcome.writes).toHaveLength(10_100);
  // Small files travel many in one request, commits in batches.
  expect(outcome.requests).toBeLessThanOrEqual(25 * 10 + 100);
  await expectSame(world);
  await expectQuiet(world);
}

async function equalWithoutDatabase(world: ScenarioWorld): Promise<void> {
  const paths = files(10_000, 100);
  writeHere(world, paths, (path) => path);
  await world.there.writeMany(paths.map((path) => [path, path]));
  await world.service(async (service) => {
    await service.init(world.documents);
    service.addClient(CLIENT, ROOT, { kind: 'access-token', token: TOKEN });
  });
  const outcome = await world.pass();
  expectClean(outcome);
  expectBounds(outcome, { up: 0, down: 0, mv: 0, del: 0 });
  expect(outcome.report.adopted).toBe(10_100);
  expect(outcome.writes).toEqual([]);
  await expectSame(world);
  await expectQuiet(world);
}

async function manyChangesThere(world: ScenarioWorld): Promise<void> {
  await agree(world, '');
  await world.there.writeMany(files(20_000, 100).map((path) => [path, path]));
  limited(world);
  const outcome = await world.pass('--prepare-only');
  unlimited(world);
  expect(outcome.code).toBe(0);
  expect(outcome.byEndpoint['files/download']).toBeUndefined();
  expect(outcome.requests).toBeLessThanOrEqual(20_100 / 500);
  const queue = await world.json<readonly unknown[]>('queue', '--limit', '100000');
  expect(queue).toHaveLength(20_100);
}

async function manyEventsHere(world: ScenarioWorld): Promise<void> {
  await agree(world, '');
  const paths = files(100, 10);
  writeHere(world, paths, (path) => path);
  await world.pass();
  const watch = world.launch('watch', '--quiet');
  await until('the watch listens', () => world.seen().byEndpoint['files/list_folder/longpoll'] !== undefined);
  world.forgetSeen();
  for (let turn = 1; turn <= 200; turn++) {
    writeHere(world, paths, (path) => `${path} ${turn}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const isThere = async () => {
    const [here, there] = [await world.here.tree(), await world.there.tree()];
    return [...here].every(([path, hash]) => there.get(path) === hash);
  };
  await until('the last contents have arrived', isThere, 240);
  watch.child.kill('SIGTERM');
  expect((await watch.ended).code).toBe(0);
  const written = world.seen().writes.filter(({ op }) => op === 'file').length;
  expect(written, '20,000 changes of 100 files').toBeLessThanOrEqual(2000);
  await expectSame(world);
  expectClean(await world.pass());
  await expectQuiet(world);
}

export const SCALE_SCRIPTS: readonly ScriptedScenario[] = [
  { id: 'P01', run: manyNewHere },
  { id: 'P02', run: equalWithoutDatabase },
  { id: 'P04', run: manyChangesThere },
  { id: 'P05', run: manyEventsHere },
];
