// The process is killed (SIGKILL) in the middle of passes, again and again, and run again. In the end everything is where
// it belongs: nothing lost, nothing doubled.

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashOfBytes } from '../../src-main/infra/content-hash.ts';
import { Bench, ROOT } from '../support/cli.ts';
import { seeded } from '../support/cli-files.ts';

const KILLS = 60;
const random = seeded(20261123);
const pick = (limit: number): number => Math.floor(random() * limit);

let bench: Bench;
/** What each side owns: path → content. Each file is changed on one side only, so the end is known. */
const here = new Map<string, Buffer>();
const there = new Map<string, Buffer>();
let serial = 0;

beforeAll(async () => {
  bench = await Bench.open();
  await bench.ok('folder', 'add', 'Here', '--client', 'Office');
  await bench.ok('folder', 'add', 'There', '--client', 'Office');
  // Makes a pass last long enough to be hit at any point of it.
  await bench.emulator.control('faults', { latencyMs: 4 });
});
afterAll(() => bench.close());

function content(): Buffer {
  return Buffer.from(`${++serial} ${'x'.repeat(pick(3000))}`);
}

function some(side: ReadonlyMap<string, Buffer>): string | undefined {
  return [...side.keys()][pick(side.size)];
}

function changeHere(): void {
  const at = (path: string): string => join(bench.documents, path);
  const put = (path: string, bytes: Buffer): void => {
    mkdirSync(join(at(path), '..'), { recursive: true });
    writeFileSync(at(path), bytes);
    here.set(path, bytes);
  };
  for (let index = 0; index < 4; index++) put(`Here/${pick(3)}/new ${++serial}.txt`, content());
  const edited = some(here);
  if (edited !== undefined) put(edited, content());
  const moved = some(here);
  if (moved !== undefined) {
    const to = `Here/moved ${pick(2)}/m ${++serial}`;
    mkdirSync(join(at(to), '..'), { recursive: true });
    renameSync(at(moved), at(to));
    here.set(to, here.get(moved) ?? Buffer.alloc(0));
    here.delete(moved);
  }
  const gone = here.size > 8 ? some(here) : undefined;
  if (gone !== undefined) {
    rmSync(at(gone));
    here.delete(gone);
  }
}

async function changeThere(): Promise<void> {
  const put = async (path: string, bytes: Buffer): Promise<void> => {
    await bench.put(path, bytes);
    there.set(path, bytes);
  };
  for (let index = 0; index < 4; index++) await put(`There/${pick(3)}/new ${++serial}.txt`, content());
  const edited = some(there);
  if (edited !== undefined) await put(edited, content());
  const moved = some(there);
  if (moved !== undefined) {
    const to = `There/moved ${pick(2)}/m ${++serial}`;
    await bench.moveThere(moved, to);
    there.set(to, there.get(moved) ?? Buffer.alloc(0));
    there.delete(moved);
  }
  const gone = there.size > 8 ? some(there) : undefined;
  if (gone !== undefined) {
    await bench.removeThere(gone);
    there.delete(gone);
  }
}

/** Starts a pass and kills it after a random number of requests, now and then a moment later. True if it was killed. */
async function killedPass(): Promise<boolean> {
  const { counts } = bench.emulator;
  const target = counts.view.total + 1 + pick(16);
  const running = bench.start(['sync', '--yes']);
  let over = false;
  void running.ended.then(() => (over = true));
  while (!over && counts.view.total < target) await new Promise((resolve) => setTimeout(resolve, 1));
  if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, pick(25)));
  running.child.kill('SIGKILL');
  return (await running.ended).code === null;
}

test(`${KILLS} kills in the middle of passes`, async () => {
  let kills = 0;
  for (let round = 0; kills < KILLS; round++) {
    expect(round).toBeLessThan(KILLS);
    changeHere();
    await changeThere();
    // Large enough for an upload session and a download in several pieces.
    const large = Buffer.alloc(22 * 1024 * 1024, `large ${round}`);
    if (round === 4) {
      writeFileSync(join(bench.documents, 'Here/large.bin'), large);
      here.set('Here/large.bin', large);
    }
    if (round === 8) {
      await bench.put('There/large.bin', large);
      there.set('There/large.bin', large);
    }
    for (let attempt = 0; attempt < 4; attempt++) if (await killedPass()) kills++;
    expect(await bench.json('sync', '--yes')).toMatchObject({ code: 0, value: { failed: 0, held: 0, conflicts: 0 } });
  }
  await bench.emulator.control('faults', { clear: true });
  const last = await bench.json<{ failed: number; held: number; conflicts: number }>('sync', '--yes');
  expect(last).toMatchObject({ code: 0, value: { failed: 0, held: 0, conflicts: 0 } });

  const local = await bench.local();
  expect(await bench.remote()).toEqual(local);
  expect(await bench.listed()).toEqual(local);
  const expected = [...here, ...there].map(([path, bytes]) => [path, hashOfBytes(bytes)] as const);
  const files = Object.entries(local).filter(([, hash]) => hash !== null);
  expect(Object.fromEntries(files)).toEqual(Object.fromEntries(expected.toSorted(([a], [b]) => (a < b ? -1 : 1))));
  expect((await bench.json('conflicts')).value).toEqual([]);
  const quiet = await bench.sync();
  expect(quiet).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, deletedLocal: 0, deletedRemote: 0, adopted: 0 });
  expect(quiet.requests).toBeLessThanOrEqual(1);
  expect((await bench.emulator.tree(`/${ROOT}`)).filter((row) => row.kind === 'file')).toHaveLength(expected.length);
});
