// Scenarios of conflicts over several passes, with a lost database, or with a change in the middle of a pass.

import { readdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { DATABASE_NAME } from '../../../src-main/store/open-store.ts';
import { utf8Length } from '../../../src-shared/names.ts';
import { contentHashOf } from '../../dropbox-emulator/content-hash.ts';
import {
  agree,
  expectBounds,
  expectClean,
  expectQuiet,
  expectTree,
  type ScriptedScenario,
} from '../../support/scenario-run.ts';
import { parseSteps } from '../../support/scenario-tree.ts';
import { CLIENT, ROOT, TOKEN, type ScenarioWorld } from '../../support/scenario-world.ts';
import { agreeOnRecord, RECORD, RECORD_FOLDER } from './deletion.ts';
import type { ConflictView, EntryView } from '../../../src-shared/views.ts';

const COPY = 'f (conflicted copy from Dropbox, 2026-01-02)';

/** The database goes; settings, documents folder and Dropbox stay. Then the store is made anew. */
export async function loseDatabase(world: ScenarioWorld): Promise<void> {
  for (const name of readdirSync(world.data)) {
    if (name.startsWith(DATABASE_NAME)) rmSync(join(world.data, name));
  }
  await world.json('init', '--documents', world.documents);
  await world.json('client', 'add', CLIENT, '--root', ROOT, '--access-token', TOKEN);
}

async function editBetweenListAndUpload(world: ScenarioWorld): Promise<void> {
  await agree(world, 'f=A');
  await world.here.write('f', 'L');
  // The latency keeps the upload from being looked at before the other write is done.
  await world.emulator.control('faults', { latencyMs: 300 });
  let meanwhile: Promise<void> | null = null;
  world.onRequest((endpoint) => {
    if (endpoint === 'files/upload') meanwhile ??= world.there.write('f', 'R');
  });
  const outcome = await world.pass();
  expect(meanwhile).not.toBeNull();
  await world.emulator.control('faults', { latencyMs: 0 });
  expectClean(outcome);
  await expectTree(world, 'f=L cc(f)=R');
  const [local, remote] = ['L', 'R'].map((text) => contentHashOf(Buffer.from(text)));
  const written = outcome.writes.flatMap((one) =>
    one.op === 'file' ? [{ name: one.name, hash: one.version.hash }] : [],
  );
  const copied = written.findIndex(({ name, hash }) => name !== 'f' && hash === remote);
  const replaced = written.findIndex(({ name, hash }) => name === 'f' && hash === local);
  expect(copied, 'R is kept before L takes its name').toBeLessThan(replaced);
  expect(copied).toBeGreaterThanOrEqual(0);
  await expectQuiet(world);
}

export const CONFLICT_SCRIPTS: readonly ScriptedScenario[] = [
  {
    id: 'C04',
    run: async (world) => {
      await world.here.write('f', 'A');
      await world.here.write(COPY, 'R');
      await world.settle();
      await world.here.write(COPY, 'P');
      const up = await world.pass();
      expectClean(up);
      expectBounds(up, { up: 1, down: 0, mv: 0, del: 0 });
      await expectTree(world, 'f=A cc(f)=P');
      await world.there.write(COPY, 'Q');
      const down = await world.pass();
      expectClean(down);
      expectBounds(down, { up: 0, down: 1, mv: 0, del: 0 });
      await expectTree(world, 'f=A cc(f)=Q');
      await expectQuiet(world);
    },
  },
  {
    id: 'C05',
    run: async (world) => {
      await world.here.write(COPY, 'X');
      await world.settle();
      await world.here.write(COPY, 'L');
      await world.there.write(COPY, 'R');
      expectClean(await world.pass());
      await expectTree(world, 'cc(f)=L cc(cc(f))=R');
      for (const name of (await world.here.tree()).keys()) expect(utf8Length(name)).toBeLessThan(255);
      await expectQuiet(world);
    },
  },
  {
    id: 'C07',
    run: async (world) => {
      await agree(world, 'f=A');
      for (let turn = 1; turn <= 5; turn++) {
        await world.here.write('f', `L${turn}`);
        await world.there.write('f', `R${turn}`);
        expectClean(await world.pass());
      }
      await expectTree(world, 'f=L5 cc(f)=R1 cc(f)=R2 cc(f)=R3 cc(f)=R4 cc(f)=R5');
      await expectQuiet(world);
    },
  },
  {
    id: 'C08',
    run: async (world) => {
      await agree(world, 'f=A d/g=G');
      await loseDatabase(world);
      const outcome = await world.pass();
      expectClean(outcome);
      expectBounds(outcome, { up: 0, down: 0, mv: 0, del: 0 });
      await expectTree(world, 'f=A d/g=G');
      await expectQuiet(world);
    },
  },
  {
    id: 'C08',
    form: 'another time of change',
    run: async (world) => {
      await agree(world, 'f=A');
      utimesSync(world.here.at('f'), new Date(0), new Date(0));
      const outcome = await world.pass();
      expectClean(outcome);
      expectBounds(outcome, { up: 0, down: 0, mv: 0, del: 0 });
      await expectTree(world, 'f=A');
      await expectQuiet(world);
    },
  },
  {
    id: 'C10',
    run: async (world) => {
      await agree(world, 'f=A g=G h=H');
      await loseDatabase(world);
      await world.here.write('f', 'L');
      await world.there.write('g', 'R');
      await world.here.remove('h');
      const outcome = await world.pass();
      expectClean(outcome);
      expectBounds(outcome, { del: 0 });
      expect(outcome.report.deletedLocal).toBe(0);
      // Dropbox knows what is here as an earlier version of g: no rival. For f both versions stay.
      await expectTree(world, 'f=L cc(f)=A g=R h=H');
      await expectQuiet(world);
    },
  },
  {
    id: 'C14',
    run: async (world) => {
      await agreeOnRecord(world, ['a']);
      const path = `${RECORD_FOLDER}/a`;
      const entry = async () => (await world.json<EntryView[]>('ls', path))[0];
      const before = await entry();
      await world.here.write(path, 'a2');
      await world.there.remove(path);
      expectClean(await world.pass());
      await expectTree(world, `${path}=a2`);
      const after = await entry();
      expect(after).toMatchObject({ id: before?.id, record: RECORD, state: 'synced', type: 'url' });
      expect(after?.contentHash).toBe(contentHashOf(Buffer.from('a2')));
      expect(after?.remoteId).toBe(await world.there.idOf(path));
      await expectQuiet(world);
    },
  },
  { id: 'C16', run: editBetweenListAndUpload },
  {
    id: 'C17',
    run: async (world) => {
      await agree(world, 'f=A');
      await world.apply('here', parseSteps('write f=L'));
      await world.apply('there', parseSteps('write f=R'));
      expectClean(await world.pass());
      await expectTree(world, 'f=L cc(f)=R');
      const [conflict] = await world.json<ConflictView[]>('conflicts');
      const copy = conflict?.copy ?? '';
      await world.here.remove(copy);
      await world.there.remove('f');
      await world.there.remove(copy);
      const outcome = await world.pass();
      expectClean(outcome);
      expectBounds(outcome, { up: 0, down: 0, del: 0 });
      await expectTree(world, '');
      expect(await world.json<ConflictView[]>('conflicts')).toEqual([]);
      await expectQuiet(world);
    },
  },
];
