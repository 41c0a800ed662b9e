// Scenarios of deletion that take more than one pass, a record of the ERP, or a change while a pass runs.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  agree,
  expectBounds,
  expectClean,
  expectQuiet,
  expectTree,
  kindsOf,
  type ScriptedScenario,
} from '../../support/scenario-run.ts';
import { parseSteps } from '../../support/scenario-tree.ts';
import { CLIENT, until, type ScenarioWorld } from '../../support/scenario-world.ts';
import type { EntryView, TaskView } from '../../../src-shared/views.ts';

export const RECORD = 'sale.order/SO001';
export const RECORD_FOLDER = 'Quotations/Rec-1';

/** A record folder `Quotations/Rec-1` with these attachments, the same on both sides. */
export async function agreeOnRecord(world: ScenarioWorld, names: readonly string[]): Promise<void> {
  await world.settle(async (service) => {
    service.addType('sale.order', 'Quotations');
    await service.addRecord('sale.order', 'SO001', 'Rec-1', {});
    await service.addRule('sale.order', CLIENT, {});
  });
  for (const name of names) await attachToRecord(world, name);
  expectClean(await world.pass());
  await expectTree(world, `${RECORD_FOLDER}/ ${names.map((name) => `${RECORD_FOLDER}/${name}=${name}`).join(' ')}`);
}

/** Attaches a file whose content is its name. */
export async function attachToRecord(world: ScenarioWorld, name: string): Promise<void> {
  const file = join(world.folder, name);
  world.known.learn(name);
  writeFileSync(file, name);
  await world.json('attach', file, '--record', RECORD);
}

async function deleteWhileUploading(world: ScenarioWorld): Promise<void> {
  await agree(world, '');
  await world.here.write('f', 'F'.repeat(400_000));
  await world.emulator.control('faults', { bandwidthBytesPerSecond: 400_000 });
  world.forgetSeen();
  const sync = world.launch('sync', '--json');
  await until('the upload runs', () => world.seen().bytesUp > 100_000);
  await world.here.remove('f');
  expect((await sync.ended).code).toBe(0);
  await world.emulator.control('faults', { bandwidthBytesPerSecond: 0 });
  expectClean(await world.pass());
  await expectTree(world, '');
  expect(await world.json<TaskView[]>('queue')).toEqual([]);
  await expectQuiet(world);
}

export const DELETION_SCRIPTS: readonly ScriptedScenario[] = [
  {
    id: 'D09',
    run: async (world) => {
      await agree(world, 'B/b=B');
      await world.apply('here', parseSteps('delete B'));
      expectClean(await world.pass());
      await expectTree(world, '');
      await world.apply('here', parseSteps('write B/b=B2'));
      expectClean(await world.pass());
      await expectTree(world, 'B/b=B2');
      await expectQuiet(world);
    },
  },
  {
    id: 'D11',
    run: async (world) => {
      await agree(world, 'f d/');
      await world.json('client', 'pause', CLIENT);
      await world.apply('here', parseSteps('delete f; delete d'));
      await world.apply('there', parseSteps('delete f; delete d'));
      const paused = await world.watching(() => world.run('sync', '--json'));
      expect(paused.seen.requests, 'requests while paused').toBe(0);
      await world.json('client', 'resume', CLIENT);
      const outcome = await world.pass();
      expectClean(outcome);
      expectBounds(outcome, { up: 0, down: 0, mv: 0, del: 0 });
      await expectTree(world, '');
      await expectQuiet(world);
    },
  },
  { id: 'D12', run: deleteWhileUploading },
  {
    id: 'D17',
    run: async (world) => {
      await agreeOnRecord(world, ['a']);
      await attachToRecord(world, 'b');
      await world.there.remove(RECORD_FOLDER);
      const outcome = await world.pass();
      expectClean(outcome);
      expectBounds(outcome, { up: 1, down: 0, del: 0 });
      await expectTree(world, `${RECORD_FOLDER}/b=b`);
      const listed = await world.json<EntryView[]>('ls');
      expect(listed.find(({ path }) => path === `${RECORD_FOLDER}/b`)?.record).toBe(RECORD);
      await expectQuiet(world);
    },
  },
  {
    id: 'D18',
    run: async (world) => {
      await agreeOnRecord(world, ['a', 'b']);
      await world.json('record', 'remove', 'sale.order', 'SO001');
      const outcome = await world.pass();
      expectClean(outcome);
      expectBounds(outcome, { up: 0, down: 0, mv: 0, del: 1 });
      expect(kindsOf(outcome)).toEqual(['remove']);
      await expectTree(world, 'Quotations/');
      await expectQuiet(world);
    },
  },
];
