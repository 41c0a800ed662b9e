// How many requests a pass may cost, whatever there is: counted by the emulator, on real folders. Times depend on the
// machine and belong to the benchmark; counts do not.

import { appendFileSync, renameSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, serviceWorld, type ServiceWorld } from '../support/service-world.ts';

const FILES = 1_200;
const FOLDERS = 12;

type Counts = Readonly<Record<string, number>>;

let world: ServiceWorld;
beforeAll(async () => {
  world = await serviceWorld({ company: false });
});
afterAll(() => world.close());

const pathOf = (index: number) => `P/Year/Folder ${index % FOLDERS}/document ${index}.txt`;

const sum = (counts: Counts): number => Object.values(counts).reduce((total, count) => total + count, 0);
const isTransfer = (endpoint: string): boolean => /upload|download/.test(endpoint);
const transfers = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([endpoint]) => isTransfer(endpoint)));
const others = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([endpoint]) => !isTransfer(endpoint)));

test('first upload: many files in one request, a commit for each thousand, folders in one batch', async () => {
  for (let index = 0; index < FILES; index++) world.write(pathOf(index), `document ${index}`);
  const { byEndpoint } = await world.counted(() => world.sync());
  expect(byEndpoint['files/upload_session/finish_batch_v2']).toBe(2);
  expect(sum(transfers(byEndpoint))).toBeLessThanOrEqual(FILES / 20);
  expect(byEndpoint['files/upload'] ?? 0).toBe(0);
  expect(byEndpoint['files/create_folder_batch']).toBe(1);
  expect(sum(others(byEndpoint))).toBeLessThanOrEqual(15);
});

test('nothing changed: one request', async () => {
  const { byEndpoint } = await world.counted(() => world.sync());
  expect(byEndpoint).toEqual({ 'files/list_folder/continue': 1 });
});

test('50 changes on both sides: at most five requests beside the transfers', async () => {
  for (let index = 0; index < 10; index++) appendFileSync(world.at(pathOf(index)), ' edited');
  for (let index = 10; index < 15; index++) world.write(`${pathOf(index)}.new.txt`, `new ${index}`);
  for (let index = 15; index < 20; index++) rmSync(world.at(pathOf(index)));
  for (let index = 20; index < 25; index++)
    renameSync(world.at(pathOf(index)), world.at(`${pathOf(index)}.renamed.txt`));
  for (let index = 25; index < 50; index++) {
    const text = `there ${index}`;
    if (index < 40) await world.emulator.control('write', { path: `/${ROOT}/${pathOf(index)}`, text });
    else await world.emulator.control('delete', { path: `/${ROOT}/${pathOf(index)}` });
  }
  const { byEndpoint } = await world.counted(async () => {
    const report = await world.sync();
    expect(report).toMatchObject({ uploaded: 15, downloaded: 15, moved: 5, deletedRemote: 5, deletedLocal: 10 });
  });
  expect(sum(others(byEndpoint))).toBeLessThanOrEqual(5);
  expect(byEndpoint['files/download']).toBe(15);
});

test('several documents moved here: one request for all of them, and two looks at what has changed', async () => {
  for (let index = 50; index < 58; index++) renameSync(world.at(pathOf(index)), world.at(`P/Year/moved ${index}.txt`));
  const { byEndpoint } = await world.counted(async () => {
    expect(await world.sync()).toMatchObject({ moved: 8, uploaded: 0, downloaded: 0 });
  });
  expect(byEndpoint['files/move_batch_v2']).toBe(1);
  expect(byEndpoint['files/move_v2'] ?? 0).toBe(0);
  expect(sum(byEndpoint)).toBeLessThanOrEqual(4);
});

test('a renamed folder here: one move, nothing else but the look at what has changed', async () => {
  renameSync(world.at('P/Year'), world.at('P/Year two'));
  const { byEndpoint } = await world.counted(async () => {
    expect(await world.sync()).toMatchObject({ moved: 1, uploaded: 0, downloaded: 0 });
  });
  expect(byEndpoint['files/move_v2']).toBe(1);
  expect(transfers(byEndpoint)).toEqual({});
  expect(sum(byEndpoint)).toBeLessThanOrEqual(4);
});

test('a renamed folder in Dropbox: no write there and no transfer', async () => {
  await world.emulator.control('move', { from: `/${ROOT}/P/Year two`, to: `/${ROOT}/P/Year three` });
  const { byEndpoint } = await world.counted(async () => {
    expect(await world.sync()).toMatchObject({ moved: 1, uploaded: 0, downloaded: 0 });
  });
  expect(Object.keys(byEndpoint).filter((endpoint) => !/list_folder|get_metadata/.test(endpoint))).toEqual([]);
  expect(sum(byEndpoint)).toBeLessThanOrEqual(4);
  expect(world.exists('P/Year three/Folder 0')).toBe(true);
});
