// Nothing holds up the program for long: rows are written in portions, and others have their turn in between.

import { expect, test } from 'vitest';
import type { EngineParts } from '../../../src-main/engine/parts.ts';
import { runPass } from '../../../src-main/engine/pass.ts';
import type { SyncStore } from '../../../src-main/engine/ports.ts';
import { EngineWorld } from '../../support/engine-world.ts';

const FILES = 600;

interface Portions {
  readonly parts: EngineParts;
  /** Rows written since others last had their turn, at most. */
  largest(): number;
}

/** Counts rows that the engine writes between two turns of everything else. */
function counted(parts: EngineParts): Portions {
  let since = 0;
  let largest = 0;
  const note = (rows: number) => {
    since += rows;
    largest = Math.max(largest, since);
  };
  const { atOnce: _, ...usual } = parts;
  const store: SyncStore = {
    ...parts.store,
    applyPage: (id, page) => (note(page.changes.length), parts.store.applyPage(id, page)),
    putTasks: (id, some, from, now) => (note(some.length), parts.store.putTasks(id, some, from, now)),
    retireTasks: (id, before, limit, now) => (note(limit), parts.store.retireTasks(id, before, limit, now)),
    record: (...args) => (note(1), parts.store.record(...args)),
    updateTask: (...args) => (note(1), parts.store.updateTask(...args)),
  };
  // Commits become known with an answer from the network: others have had their turn.
  const cloud: EngineParts['cloud'] = (client) => {
    const own = parts.cloud(client);
    const upload = own.upload.bind(own);
    own.upload = (requests, hooks) =>
      upload(requests, { ...hooks, settledTogether: (results) => ((since = 0), hooks.settledTogether?.(results)) });
    return own;
  };
  const turn = async () => {
    since = 0;
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { parts: { ...usual, store, cloud, turn }, largest: () => largest };
}

function filled(side: 'here' | 'there', world: EngineWorld): void {
  for (let index = 0; index < FILES; index++) {
    const path = `Folder ${index % 70}/document ${index}.txt`;
    if (side === 'here') world.here.person.write(path, `text ${index}`);
    else world.cloud.write(`ERP Documents/${path}`, `text ${index}`);
  }
}

test.each(['here', 'there'] as const)('a first pass of many files %s is written in portions', async (side) => {
  const world = new EngineWorld();
  const { clients } = world.computers[0]!;
  filled(side, world);
  const portions = counted(world.computers[0]!.parts);
  const { uploaded, downloaded } = await runPass(portions.parts, clients[0]!);
  expect(uploaded + downloaded).toBe(FILES);
  expect(portions.largest()).toBeGreaterThan(1);
  expect(portions.largest()).toBeLessThanOrEqual(400);
});

test('what both sides have already is agreed upon in portions, and so is a folder that is deleted', async () => {
  const world = new EngineWorld();
  const { clients } = world.computers[0]!;
  filled('here', world);
  filled('there', world);
  const adopting = counted(world.computers[0]!.parts);
  expect((await runPass(adopting.parts, clients[0]!)).adopted).toBe(FILES + 70);
  expect(adopting.largest()).toBeLessThanOrEqual(400);
  for (let folder = 0; folder < 70; folder++) world.here.person.remove(`Folder ${folder}`);
  const deleting = counted(world.computers[0]!.parts);
  expect((await runPass(deleting.parts, clients[0]!, { approveDeletions: true })).deletedRemote).toBe(FILES + 70);
  expect(deleting.largest()).toBeLessThanOrEqual(400);
});
