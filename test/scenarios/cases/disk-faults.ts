// Scenarios of faults in the documents folder: what may not be read, and links that lead out of it.

import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  agree,
  expectBounds,
  expectClean,
  expectQuiet,
  expectSame,
  expectTree,
  type ScriptedScenario,
} from '../../support/scenario-run.ts';
import type { ScenarioWorld } from '../../support/scenario-world.ts';
import { plainPng } from '../../dropbox-emulator/images.ts';
import { agreeOnRecord, RECORD, RECORD_FOLDER } from './deletion.ts';
import type { TaskView } from '../../../src-shared/views.ts';

const NOBODY = 65534;

/** From here on the command line runs without the rights of root, to whom no file is closed. */
function withoutRoot(world: ScenarioWorld): void {
  if (process.getuid?.() !== 0) return;
  const give = (path: string): void => {
    chownSync(path, NOBODY, NOBODY);
    if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) give(join(path, name));
  };
  give(world.folder);
  world.start = { uid: NOBODY, gid: NOBODY };
}

async function closedFile(world: ScenarioWorld): Promise<void> {
  await agree(world, 'd/f=A g=G');
  withoutRoot(world);
  chmodSync(world.here.at('d/f'), 0);
  // The mode alone is a change that makes the engine read the file again.
  await world.there.write('d/f', 'R');
  await world.there.write('g', 'S');
  const outcome = await world.pass();
  expect(outcome.report).toMatchObject({ downloaded: 1, failed: 1, deletedRemote: 0 });
  expect(outcome.code).toBe(3);
  expect(outcome.writes).toEqual([]);
  expect(world.here.read('g')).toBe('S');
  expect((await world.json<TaskView[]>('queue')).map(({ path }) => path)).toEqual(['d/f']);
  chmodSync(world.here.at('d/f'), 0o644);
  expectClean(await world.pass());
  await expectTree(world, 'd/f=R g=S');
  await expectQuiet(world);
}

async function closedFolder(world: ScenarioWorld): Promise<void> {
  await agree(world, 'd/f=A g=G');
  withoutRoot(world);
  chmodSync(world.here.at('d'), 0);
  await world.there.write('d/f', 'R');
  await world.there.write('g', 'S');
  const outcome = await world.pass();
  expect(outcome.report).toMatchObject({ downloaded: 1, deletedRemote: 0, deletedLocal: 0 });
  expect(outcome.report.failed).toBeGreaterThan(0);
  expect(outcome.code).toBe(3);
  expect(outcome.writes).toEqual([]);
  expect(world.here.read('g')).toBe('S');
  chmodSync(world.here.at('d'), 0o755);
  expectClean(await world.pass());
  await expectTree(world, 'd/f=R g=S');
  await expectQuiet(world);
}

async function linkOutside(world: ScenarioWorld): Promise<void> {
  await agree(world, '');
  const outside = join(world.folder, 'outside');
  mkdirSync(outside);
  symlinkSync(outside, world.here.at('d'));
  await world.there.write('d/f', 'F');
  await world.there.write('g', 'G');
  await world.pass();
  expect(readdirSync(outside)).toEqual([]);
  expect(lstatSync(world.here.at('d')).isSymbolicLink()).toBe(true);
  expect(world.here.read('g')).toBe('G');
  expect(world.known.lines(await world.there.tree())).toEqual(['d/', 'd/f=F', 'g=G']);
  await expectQuiet(world);
  expect(readdirSync(outside)).toEqual([]);
  // The document is not passed over in silence.
  expect((await world.json<TaskView[]>('queue')).map(({ path }) => path)).toContain('d');
}

/**
 * The ERP is the store itself here: what it writes are files and records. A time of change that has whole seconds, as an
 * ERP's, hides neither the second write of a document nor that of a record.
 */
async function twoWritesInOneSecond(world: ScenarioWorld): Promise<void> {
  await agreeOnRecord(world, ['f']);
  const path = `${RECORD_FOLDER}/f`;
  const second = new Date(Math.floor(Date.now() / 1000) * 1000);
  for (const text of ['B', 'C']) {
    await world.here.write(path, text);
    utimesSync(world.here.at(path), second, second);
    const outcome = await world.pass();
    expectClean(outcome);
    expectBounds(outcome, { up: 1, down: 0, mv: 0, del: 0 });
    await expectTree(world, `${path}=${text}`);
  }
  for (const name of ['Rec-2', 'Rec-3']) {
    await world.service(async (service) => {
      await service.renameRecord('sale.order', 'SO001', name);
      await service.addRecord('sale.order', name, `New-${name}`, {});
    });
    const outcome = await world.pass();
    expectClean(outcome);
    expectBounds(outcome, { up: 0, down: 0, mv: 1, del: 0 });
  }
  await expectTree(world, 'Quotations/Rec-3/f=C Quotations/New-Rec-2/ Quotations/New-Rec-3/');
  await expectQuiet(world);
}

/**
 * The ERP is the store itself here: a photo that Odoo would shrink is kept byte for byte when it comes from Dropbox, and
 * when it is attached to a record here, so that nothing smaller is ever sent over the original.
 */
async function largePhoto(world: ScenarioWorld): Promise<void> {
  const photo = plainPng(2500, 1200);
  const [fromDropbox, fromHere] = [`${RECORD_FOLDER}/photo.png`, `${RECORD_FOLDER}/attached.png`];
  const isWhole = async (path: string): Promise<boolean> => {
    const there = await world.emulator.content(world.there.at(path));
    return readFileSync(world.here.at(path)).equals(photo) && there.equals(photo);
  };
  await agreeOnRecord(world, ['f']);
  await world.there.writeMany([[fromDropbox, photo]]);
  const down = await world.pass();
  expectClean(down);
  expectBounds(down, { up: 0, down: 1, mv: 0, del: 0 });
  expect(await isWhole(fromDropbox)).toBe(true);
  await expectQuiet(world);
  const file = join(world.folder, 'attached.png');
  writeFileSync(file, photo);
  await world.json('attach', file, '--record', RECORD);
  const up = await world.pass();
  expectClean(up);
  expectBounds(up, { up: 1, down: 0, mv: 0, del: 0 });
  expect(await isWhole(fromHere)).toBe(true);
  await expectSame(world);
  await expectQuiet(world);
}

export const DISK_FAULT_SCRIPTS: readonly ScriptedScenario[] = [
  { id: 'F10', form: 'file', run: closedFile },
  { id: 'F10', form: 'folder', run: closedFolder },
  { id: 'F12', run: linkOutside },
  { id: 'F18', run: largePhoto },
  { id: 'F19', run: twoWritesInOneSecond },
];
