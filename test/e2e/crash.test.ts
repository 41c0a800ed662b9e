// 300 kills (SIGKILL) at random moments over a working set of 300 files, with both sides changing all the time: files and
// folders of both owners mixed in the same folders. Each is changed by its owner alone, so the end is known: nothing is
// lost, nothing is doubled, and what sync removed here can be restored from the trash.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashOfBytes } from '../../src-main/infra/content-hash.ts';
import { Bench, ROOT } from '../support/cli.ts';
import { seeded } from '../support/cli-files.ts';
import { agreeWithPeerAfterEach } from '../support/peer-check.ts';
import type { TrashView } from '../../src-main/app/keeping-service.ts';

const KILLS = 300;
const FILES = 300;
const FOLDERS = 20;
const random = seeded(20261125);
const pick = (limit: number): number => Math.floor(random() * limit);

type Side = 'here' | 'there';

interface Folder {
  readonly owner: Side;
  /** Every name that it ever had, the present one first. */
  readonly names: string[];
}

interface File {
  readonly owner: Side;
  folder: Folder;
  name: string;
  bytes: Buffer;
}

let bench: Bench;
const folders: Folder[] = [];
/** Changed since both sides last agreed: what a killed pass may have carried over unrecorded is left alone until then. */
const touched = new Set<File | Folder>();
/** Folders that have lost a document since then. */
const thinned = new Set<Folder>();
const files: File[] = [];
let serial = 0;
/** Called at each request of the running pass, before it is looked at. */
let onRequest = (): void => {};

const at = (path: string): string => join(bench.documents, path);
const content = (): Buffer => Buffer.from(`${++serial} ${'x'.repeat(pick(2000))}`);
const one = <T>(list: readonly T[]): T => list[pick(list.length)] as T;

function existsThere(path: string): boolean {
  const names = `${ROOT}/W/${path}`.toLowerCase().split('/');
  let node = bench.emulator.state.tree.root as { children?: ReadonlyMap<string, unknown> };
  for (const name of names) {
    const next = node.children?.get(name) as typeof node | undefined;
    if (next === undefined) return false;
    node = next;
  }
  return true;
}

/** Its name on one side at this moment: a rename may not have arrived. */
function nameOn(side: Side, folder: Folder): string | undefined {
  return folder.names.find((name) => (side === 'here' ? existsSync(at(`W/${name}`)) : existsThere(name)));
}

async function put(side: Side, path: string, bytes: Buffer): Promise<void> {
  if (side === 'here') writeFileSync(at(`W/${path}`), bytes);
  else await bench.put(`W/${path}`, bytes);
}

async function move(side: Side, from: string, to: string): Promise<void> {
  if (side === 'here') renameSync(at(`W/${from}`), at(`W/${to}`));
  else await bench.moveThere(`W/${from}`, `W/${to}`);
}

async function remove(side: Side, path: string): Promise<void> {
  if (side === 'here') rmSync(at(`W/${path}`));
  else await bench.removeThere(`W/${path}`);
}

async function addFile(owner: Side, folder: Folder, bytes = content()): Promise<void> {
  const name = nameOn(owner, folder);
  if (name === undefined || isOnItsWay(owner, folder)) return;
  const file: File = { owner, folder, name: `f${++serial}.txt`, bytes };
  await put(owner, `${name}/${file.name}`, file.bytes);
  files.push(file);
  touched.add(file);
}

/** The other side's new name of a folder may arrive at any moment while a pass runs. */
let passRuns = false;
const isOnItsWay = (side: Side, folder: Folder): boolean => passRuns && folder.owner !== side && touched.has(folder);

/** One change by one side. What has not arrived at that side yet cannot be changed there. */
async function change(side: Side): Promise<void> {
  const file = one(files.filter((each) => each.owner === side));
  const folder = nameOn(side, file.folder);
  const kind = random();
  if (folder === undefined || touched.has(file) || isOnItsWay(side, file.folder)) return;
  if (kind >= 0.65 && kind < 0.8) {
    // A document that is deleted on one side while its folder moves on the other is a story of its own.
    if (touched.has(file.folder)) return;
    thinned.add(file.folder);
  }
  if (kind < 0.8) touched.add(file);
  if (kind < 0.45) {
    file.bytes = content();
    await put(side, `${folder}/${file.name}`, file.bytes);
  } else if (kind < 0.65) {
    const target = one(folders);
    const to = nameOn(side, target);
    if (to === undefined || isOnItsWay(side, target)) return;
    const name = `m${++serial}.txt`;
    await move(side, `${folder}/${file.name}`, `${to}/${name}`);
    Object.assign(file, { folder: target, name });
  } else if (kind < 0.8) {
    await remove(side, `${folder}/${file.name}`);
    files.splice(files.indexOf(file), 1);
    await addFile(side, one(folders));
  } else if (kind < 0.9) {
    const mine = one(folders.filter((each) => each.owner === side));
    const from = nameOn(side, mine);
    if (from === undefined || touched.has(mine) || thinned.has(mine)) return;
    touched.add(mine);
    mine.names.unshift(`d${++serial}`);
    await move(side, from, mine.names[0] ?? '');
  } else await addFile(side, one(folders));
}

async function changeBothSides(): Promise<void> {
  for (let count = 0; count < 4; count++) await change(random() < 0.5 ? 'here' : 'there');
}

/**
 * Starts a pass and kills it when a random request arrives, or a moment later; both sides change something before it
 * starts or while it works. True if it was killed.
 */
async function killedPass(): Promise<boolean> {
  const isBefore = random() < 0.5;
  if (isBefore) await changeBothSides();
  const running = bench.start(['sync', '--yes']);
  const kill = (): void => void running.child.kill('SIGKILL');
  let left = 1 + pick(9);
  onRequest = (): void => {
    if (--left !== 0) return;
    if (random() < 0.5) kill();
    else setTimeout(kill, pick(20));
  };
  passRuns = true;
  if (!isBefore) await changeBothSides();
  const { code } = await running.ended;
  passRuns = false;
  onRequest = () => {};
  return code === null;
}

beforeAll(async () => {
  bench = await Bench.open();
  const { counts } = bench.emulator;
  const count = counts.request.bind(counts);
  counts.request = (endpoint) => {
    count(endpoint);
    if (endpoint.startsWith('files/')) onRequest();
  };
  await bench.setUp('folder', 'add', 'W', '--client', 'Office');
  for (let index = 0; index < FOLDERS; index++) {
    folders.push({ owner: index % 2 === 0 ? 'here' : 'there', names: [`d${index}`] });
    mkdirSync(at(`W/d${index}`));
  }
  for (let index = 0; index < FILES; index++) {
    const folder = folders[index % FOLDERS] as Folder;
    const file: File = { owner: index % 3 === 0 ? 'there' : 'here', folder, name: `f${index}.txt`, bytes: content() };
    writeFileSync(at(`W/${folder.names[0] ?? ''}/${file.name}`), file.bytes);
    files.push(file);
  }
  await bench.settle();
  await bench.emulator.control('faults', { latencyMs: 2 });
});
afterAll(() => bench.close());
agreeWithPeerAfterEach(() => [bench]);

/** Attempt → the side that gets a large document: upload sessions and downloads in pieces are interrupted too. */
const LARGE: ReadonlyMap<number, Side> = new Map([
  [30, 'here'],
  [60, 'there'],
]);
const LARGE_BYTES = 22 * 1024 * 1024;

// Two minutes on two idle cores; a busy machine may take ten times as long.
const LIMIT = 40 * 60_000;

test(`${KILLS} kills over ${FILES} files while both sides change`, { timeout: LIMIT }, async () => {
  let kills = 0;
  for (let attempt = 0; kills < KILLS; attempt++) {
    expect(attempt).toBeLessThan(2 * KILLS);
    const large = LARGE.get(attempt);
    if (large !== undefined) await addFile(large, one(folders), Buffer.alloc(LARGE_BYTES, `large ${attempt}`));
    if (await killedPass()) kills++;
    // Now and then a pass is left in peace, so that both sides keep up with each other.
    if (attempt % 10 === 9) {
      await bench.settle('--yes');
      touched.clear();
      thinned.clear();
    }
  }
  await bench.emulator.control('faults', { clear: true });
  const last = await bench.json('sync', '--yes');
  expect(last).toMatchObject({ code: 0, value: { failed: 0, held: 0, conflicts: 0 } });

  const expected = files.map((file) => [`W/${file.folder.names[0]}/${file.name}`, hashOfBytes(file.bytes)] as const);
  const local = await bench.local();
  const present = Object.fromEntries(Object.entries(local).filter(([, hash]) => hash !== null));
  expect(present).toEqual(Object.fromEntries(expected.toSorted(([a], [b]) => (a < b ? -1 : 1))));
  expect(Object.keys(local).filter((path) => local[path] === null)).toHaveLength(FOLDERS + 1);
  expect(await bench.remote()).toEqual(local);
  expect(await bench.listed()).toEqual(local);
  expect(await bench.view('conflicts')).toEqual([]);
  expect(await bench.sync()).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, deletedLocal: 0, deletedRemote: 0 });

  // No interrupted download has left its temporary file, and what was removed here by sync can be restored.
  const left = readdirSync(bench.documents, { recursive: true, encoding: 'utf8' });
  expect(left.filter((name) => name.includes('.docktide-'))).toEqual([]);
  const rows = await bench.view<TrashView[]>('trash', 'list');
  expect(rows.length).toBeGreaterThan(0);
});
