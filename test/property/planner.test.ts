import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PlanWorld, type SideModel } from '../support/plan-world.ts';
import { plan } from '../../src-main/sync/plan.ts';
import { nameKey } from '../../src-shared/names.ts';

// Random trees, random work on both sides between passes. After each pass: both trees are equal, a further plan is
// empty, everything written since the last agreement is still somewhere, nothing untouched has changed.

const NAMES = ['a', 'b', 'c', 'A', 'd'];

type Edit = {
  readonly side: 'here' | 'there';
  readonly act: 'write' | 'folder' | 'move' | 'remove';
  readonly pick: number;
  readonly target: number;
  readonly name: string;
};

const edit: fc.Arbitrary<Edit> = fc.record({
  side: fc.constantFrom('here' as const, 'there' as const),
  act: fc.constantFrom(
    'write' as const,
    'write' as const,
    'folder' as const,
    'move' as const,
    'move' as const,
    'remove' as const,
  ),
  pick: fc.nat(50),
  target: fc.nat(50),
  name: fc.constantFrom(...NAMES),
});

let contents = 0;

function folders(side: SideModel): string[] {
  return [
    '',
    ...[...side.items.values()].filter((item) => item.kind === 'folder').map((item) => side.pathOf(item)),
  ].sort();
}

/** Does the edit where it is possible; an impossible one is left out, as a file manager would refuse it. */
function perform(world: PlanWorld, { side, act, pick, target, name }: Edit): void {
  const tree = world[side];
  const items = [...tree.items.values()].map((item) => tree.pathOf(item)).sort();
  const places = folders(tree);
  const folder = places[target % places.length] ?? '';
  const path = folder === '' ? name : `${folder}/${name}`;
  const picked = items[pick % Math.max(1, items.length)];
  try {
    if (act === 'folder') tree.makeFolder(path);
    else if (act === 'write') tree.write(path, `t${++contents % 4}-${contents}`);
    else if (picked !== undefined && act === 'move') tree.move(tree.get(picked), path);
    else if (picked !== undefined && act === 'remove') tree.remove(tree.get(picked));
  } catch {
    // Refused by the side itself.
  }
}

function filesOf(side: SideModel): Map<number, { path: string; content: string }> {
  const files = new Map<number, { path: string; content: string }>();
  for (const item of side.items.values())
    if (item.kind === 'file') files.set(item.id, { path: side.pathOf(item), content: item.content });
  return files;
}

/** Contents that exist on one side only, or differ from what was agreed. */
function unsynced(world: PlanWorld): string[] {
  const agreedHere = new Map<number, string>();
  const agreedThere = new Map<string, string>();
  for (const entry of world.synced.values()) {
    if (entry.hash === null) continue;
    agreedHere.set(entry.localId, entry.hash);
    agreedThere.set(entry.remoteId, entry.hash);
  }
  const found: string[] = [];
  for (const [id, file] of filesOf(world.here)) if (agreedHere.get(id) !== file.content) found.push(file.content);
  for (const [id, file] of filesOf(world.there))
    if (agreedThere.get(`id:${id}`) !== file.content) found.push(file.content);
  return found;
}

/** Names here keep their own spelling: paths are compared as Dropbox compares them. */
function comparable(side: SideModel): string[] {
  return side.tree().map(nameKey).sort();
}

describe('planner properties', () => {
  test('converges, loses nothing, is deterministic', () => {
    fc.assert(
      fc.property(fc.array(fc.array(edit, { maxLength: 12 }), { minLength: 1, maxLength: 4 }), (rounds) => {
        const world = new PlanWorld();
        for (const round of rounds) {
          for (const one of round) perform(world, one);
          const fresh = unsynced(world);
          const input = world.input();
          const { local, remote, synced, policy } = input;
          const reversed = { local: local.toReversed(), remote: remote.toReversed(), synced: synced.toReversed() };
          expect(plan({ ...reversed, policy })).toEqual(plan(input));
          world.sync(2);
          expect(comparable(world.here)).toEqual(comparable(world.there));
          const kept = new Set([...filesOf(world.here).values()].map((file) => file.content));
          for (const content of fresh) expect(kept).toContain(content);
        }
      }),
      { numRuns: Number(process.env.DOCKTIDE_PROPERTY_RUNS ?? 2000) },
    );
  });

  test('changes nothing that nobody changed', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 14 }), fc.array(edit, { maxLength: 8 }), (before, after) => {
        const world = new PlanWorld();
        for (const one of before) perform(world, one);
        world.sync(2);
        const agreed = filesOf(world.here);
        for (const one of after) perform(world, one);
        const presentThere = new Set(
          [...world.synced.values()]
            .filter((entry) => world.there.items.has(Number(entry.remoteId.slice(3))))
            .map((entry) => entry.localId as number),
        );
        const touched = new Set([...world.here.trash, ...world.there.trash]);
        const stay = [...agreed].filter(
          ([id, file]) => world.here.items.has(id) && presentThere.has(id) && !touched.has(file.content),
        );
        const expected = stay
          .filter(([id, file]) => world.here.items.get(id)?.content === file.content)
          .filter(([id, file]) => {
            const entry = [...world.synced.values()].find((one) => one.localId === id);
            return entry && world.there.items.get(Number(entry.remoteId.slice(3)))?.content === file.content;
          });
        world.sync(2);
        for (const [id, file] of expected) expect(world.here.items.get(id)?.content).toBe(file.content);
      }),
      { numRuns: 500 },
    );
  });

  test('a union after the merge base is lost deletes nothing', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 14 }), fc.array(edit, { maxLength: 6 }), (before, after) => {
        const world = new PlanWorld();
        for (const one of before) perform(world, one);
        world.sync(2);
        world.synced.clear();
        for (const one of after) perform(world, one);
        const all = new Set(
          [...filesOf(world.here).values(), ...filesOf(world.there).values()].map((file) => file.content),
        );
        const plan = world.plan();
        expect(
          plan.operations.filter((operation) => operation.kind === 'local.trash' || operation.kind === 'remote.delete'),
        ).toEqual([]);
        world.sync(2);
        const kept = new Set([...filesOf(world.there).values()].map((file) => file.content));
        for (const content of all) expect(kept).toContain(content);
      }),
      { numRuns: 500 },
    );
  });

  test('operations wait only for earlier ones, and keys are unique', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), fc.array(edit, { maxLength: 12 }), (before, after) => {
        const world = new PlanWorld();
        for (const one of before) perform(world, one);
        world.sync(2);
        for (const one of after) perform(world, one);
        const seen = new Set<string>();
        for (const operation of world.plan().operations) {
          for (const key of operation.dependsOn) expect(seen).toContain(key);
          expect(seen).not.toContain(operation.key);
          seen.add(operation.key);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('names that Dropbox takes for equal never meet in one folder there', () => {
    const world = new PlanWorld();
    for (const name of ['é', 'e\u0301', 'É']) world.here.write(name, name);
    world.sync(2);
    const keys = [...world.there.items.values()].map((item) => nameKey(item.name));
    expect(new Set(keys).size).toBe(3);
  });
});
