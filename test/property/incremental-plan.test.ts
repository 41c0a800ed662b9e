import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SyncStore } from '../../src-main/engine/ports.ts';
import { runPass } from '../../src-main/engine/pass.ts';
import { baseName, joinPath, parentPath, type ClientId, type RelPath } from '../../src-shared/domain.ts';
import { EngineWorld, OWN_FOLDERS, type Platform } from '../support/engine-world.ts';
import { comparePlans } from '../support/same-plan.ts';

// Much is agreed upon, little changes: a pass plans the neighbourhood of what has changed, and that plan is the one that
// the whole trees would give. Compared at every plan that the engine makes, with the rows as they are at that moment.

const ACTS = [
  'write',
  'mkdir',
  'move',
  'respell',
  'remove',
  'retype',
  'swap',
  'ignore',
  'free',
  'flow',
  'owner',
  'both',
] as const;
const edit = fc.record({
  there: fc.boolean(),
  act: fc.constantFrom(...ACTS, 'write', 'write', 'move', 'move', 'remove', 'both', 'free' as const),
  pick: fc.nat(200),
  other: fc.nat(200),
  name: fc.constantFrom('a', 'b', 'A', 'c.txt', 'new', 'é', 'e\u0301', 'x:y', '~$a', 'SAME', 'same', 'second'),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

const run = fc.record({
  seed: fc.nat(1_000_000),
  platform: fc.constantFrom<Platform>('linux', 'linux', 'win32', 'darwin'),
  clients: fc.constantFrom(1, 1, 1, 2),
  entries: fc.integer({ min: 10, max: 60 }),
  rounds: fc.array(fc.array(edit, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
});

let contents = 0;

/** A tree of so many entries, three folders deep, in the documents folder. */
function plant(world: EngineWorld, entries: number, seed: number): void {
  const { person } = world.here;
  const tops = world.clients > 1 ? [...OWN_FOLDERS] : [''];
  const folders: string[] = [...tops];
  for (let i = 0; i < entries; i++) {
    const folder = folders[(seed + i * 7) % folders.length]!;
    const path = joinPath(folder, i % 4 === 0 ? `folder ${i % 12}` : `file ${i % 9}.txt`);
    if (person.exists(path)) continue;
    if (i % 4 !== 0) person.write(path, `planted ${i % 23}`);
    else {
      person.mkdir(path);
      if (path.split('/').length < 4) folders.push(path);
    }
  }
}

function perform(world: EngineWorld, change: Edit): void {
  try {
    if (change.act === 'both') {
      // The same few documents now and then, so that their copies meet earlier ones.
      const there = world.cloud.tree(world.pathThere(0, ''));
      const files = Object.keys(world.here.texts()).filter((path) => typeof there[path] === 'string');
      const path = choose(files, change.pick % 3);
      world.here.person.write(path, `text ${contents++}`);
      world.cloud.write(world.pathThere(0, path), `text ${contents++}`);
    } else if (change.act === 'free' || change.act === 'flow' || change.act === 'owner') decide(world, change);
    else if (change.there) changeThere(world, change);
    else changeHere(world, change);
  } catch {
    // Refused by the side itself.
  }
}

/** Names meet those that are there already, in one spelling or another. */
function nameOf(name: Edit['name'], picked: string, second: string): string {
  if (name === 'SAME') return baseName(picked as RelPath).toUpperCase();
  if (name === 'same') return baseName(picked as RelPath);
  return name === 'second' ? baseName(second as RelPath).toUpperCase() : name;
}

function isOwn(path: string): boolean {
  return OWN_FOLDERS.includes(path as (typeof OWN_FOLDERS)[number]);
}

function choose(paths: readonly string[], draw: number): string {
  return paths.length === 0 ? '' : paths[draw % paths.length]!;
}

function changeHere(world: EngineWorld, { act, pick, other, name }: Edit): void {
  const { person } = world.here;
  const texts = world.here.texts();
  const paths = Object.keys(texts).filter((path) => !isOwn(path));
  const folders = Object.keys(texts).filter((path) => texts[path] === null);
  const picked = choose(paths, pick);
  const target = joinPath(choose(folders, other), nameOf(name, picked, choose(paths, other)));
  if (picked === '' && act !== 'write' && act !== 'mkdir') return;
  if (act === 'write')
    person.write(pick % 2 === 0 && texts[picked] !== null ? picked : target, `text ${contents++ % 50}`);
  else if (act === 'mkdir') person.mkdir(target);
  else if (act === 'move') person.rename(picked, target);
  else if (act === 'respell')
    person.rename(picked, joinPath(parentPath(picked as RelPath), baseName(picked as RelPath).toUpperCase()));
  else if (act === 'ignore') person.rename(picked, joinPath(parentPath(picked as RelPath), `~$${contents++}`));
  else if (act === 'remove' || act === 'retype') {
    person.remove(picked);
    if (act === 'retype' && texts[picked] === null) person.write(picked, `text ${contents++}`);
    else if (act === 'retype') person.mkdir(picked);
  } else {
    const second = choose(paths, other);
    person.rename(picked, 'swapping');
    person.rename(second, picked);
    person.rename('swapping', second);
  }
}

function changeThere(world: EngineWorld, { act, pick, other, name }: Edit): void {
  const { cloud } = world;
  const client = pick % world.clients;
  const full = (path: string) => world.pathThere(client, path);
  const tree = cloud.tree(full(''));
  const paths = Object.keys(tree).filter((path) => !isOwn(path));
  const folders = Object.keys(tree).filter((path) => tree[path] === null);
  const picked = choose(paths, pick);
  const target = joinPath(choose(folders, other), nameOf(name, picked, choose(paths, other)));
  if (picked === '' && act !== 'write' && act !== 'mkdir') return;
  if (act === 'write')
    cloud.write(full(pick % 2 === 0 && tree[picked] !== null ? picked : target), `text ${contents++ % 50}`);
  else if (act === 'mkdir') cloud.mkdir(full(target));
  else if (act === 'move') cloud.move(full(picked), full(target));
  else if (act === 'respell')
    cloud.move(full(picked), full(joinPath(parentPath(picked as RelPath), baseName(picked as RelPath).toUpperCase())));
  else if (act === 'ignore') cloud.move(full(picked), full(joinPath(parentPath(picked as RelPath), `~$${contents++}`)));
  else if (act === 'remove' || act === 'retype') {
    cloud.remove(full(picked));
    if (act === 'retype' && tree[picked] === null) cloud.write(full(picked), `text ${contents++}`);
    else if (act === 'retype') cloud.mkdir(full(picked));
  } else {
    const second = choose(paths, other);
    cloud.move(full(picked), full('swapping'));
    cloud.move(full(second), full(picked));
    cloud.move(full('swapping'), full(second));
  }
}

/** What people decide in the program itself. */
function decide(world: EngineWorld, { act, pick, other }: Edit): void {
  const { store, clients } = world.computers[0]!;
  const folders = store.db.prepare<[], { id: never }>(`SELECT id FROM entries WHERE kind = 'folder' ORDER BY id`).all();
  const folder = folders[pick % Math.max(1, act === 'free' ? 3 : folders.length)];
  if (folder === undefined) return;
  if (act === 'free') store.keeping.setKeep(folder.id, { kind: other % 2 === 0 ? 'always' : 'links' });
  else if (act === 'flow') store.keeping.setFlow(folder.id, (['up', 'down', 'off', 'both'] as const)[other % 4]!);
  else store.entries.assign(folder.id, clients[other % clients.length]!);
}

interface Seen {
  compared: number;
  near: number;
  /** Sum over all comparisons with a neighbourhood. */
  entriesNear: number;
  entriesWhole: number;
}

async function pass(world: EngineWorld, client: number, seen: Seen): Promise<void> {
  const { parts, clients } = world.computers[0]!;
  const { store } = parts;
  const check = (id: ClientId): void => {
    const { difference, near, whole } = comparePlans(store, id, parts.policy(store.client(id)!));
    expect(difference).toBeNull();
    seen.compared++;
    if (near === null) return;
    seen.near++;
    seen.entriesNear += near;
    seen.entriesWhole += whole;
  };
  const watched: SyncStore = {
    ...store,
    planned: (id, made) => {
      check(id);
      store.planned(id, made);
    },
  };
  await runPass({ ...parts, store: watched }, clients[client]!, { approveDeletions: true, ignoreBackoff: true });
}

test('the plan of what has changed is the plan of the whole', async () => {
  const seen: Seen = { compared: 0, near: 0, entriesNear: 0, entriesWhole: 0 };
  await fc.assert(
    fc.asyncProperty(run, async ({ seed, platform, clients, entries, rounds }) => {
      const world = new EngineWorld({ seed, platforms: [platform], clients });
      world.assignOwnFolders(world.computers[0]!);
      plant(world, entries, seed);
      await world.settle();
      for (const round of rounds) {
        for (const change of round) perform(world, change);
        for (let client = 0; client < clients; client++) await pass(world, client, seen);
      }
    }),
    { numRuns: Number(process.env.DOCKTIDE_PLAN_RUNS ?? 150) },
  );
  // It is about little among much.
  expect(seen.near).toBeGreaterThan(seen.compared / 3);
  expect(seen.entriesNear).toBeLessThan(seen.entriesWhole / 2);
});
