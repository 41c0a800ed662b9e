// Conflicts through the whole service: both versions are shown, a settlement keeps what it says on both sides, and it can
// be taken back as long as nobody has written since.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serviceWorld, ROOT, type ServiceWorld } from '../../support/service-world.ts';

const PATH = 'P/a.txt';
let world: ServiceWorld;

beforeEach(async () => {
  world = await serviceWorld({ company: false });
  world.write(PATH, 'base');
  await world.sync();
  world.write(PATH, 'from here');
  await world.emulator.control('write', { path: `/${ROOT}/${PATH}`, text: 'from Dropbox' });
  await world.sync();
});
afterEach(() => world.close());

const code = (work: Promise<unknown>) => work.catch((error: unknown) => (error as { code: string }).code);

function conflict() {
  const [found] = world.service.conflicts();
  if (found === undefined) throw new Error('There is no conflict.');
  return found;
}

/** Contents on both sides, by name. */
async function contents(): Promise<Record<string, string>> {
  await world.sync();
  expect(await world.remote()).toEqual(await world.local());
  const files = world.service.list().filter((one) => one.kind === 'file');
  return Object.fromEntries(files.map(({ path }) => [path, world.read(path)]));
}

describe('a conflict', () => {
  test('shows both versions, whose they are, and whether they are the same', () => {
    const { id, copy } = conflict();
    const versions = world.service.conflictVersions(id);
    expect(versions.here).toMatchObject({ path: PATH, size: 9 });
    expect(versions.dropbox).toMatchObject({ path: copy, size: 12 });
    expect(versions).toMatchObject({ client: 'Office', same: false });
    world.write(copy, 'from here');
    expect(() => world.service.conflictVersions(id + 1)).toThrow('There is no open conflict');
  });

  test('is the same on both sides once somebody made it so', async () => {
    const { id, copy } = conflict();
    world.write(copy, 'from here');
    await world.sync();
    expect(world.service.conflictVersions(id).same).toBe(true);
  });

  test.each([
    ['keep-here', (copy: string) => ({ [PATH]: 'from here', [copy]: undefined })],
    ['keep-dropbox', (copy: string) => ({ [PATH]: 'from Dropbox', [copy]: undefined })],
    ['keep-both', (copy: string) => ({ [PATH]: 'from here', [copy]: 'from Dropbox' })],
  ] as const)('%s is carried to both sides, and taken back as it was', async (settlement, after) => {
    const { id, copy } = conflict();
    await world.service.settleConflict(id, settlement);
    expect(await contents()).toEqual(JSON.parse(JSON.stringify(after(copy))));
    expect(world.service.conflicts()).toEqual([]);
    for (const round of [1, 2]) {
      expect(await world.service.reopenConflict(id), `round ${round}`).toEqual({ id, path: PATH, copy });
      expect(await contents()).toEqual({ [PATH]: 'from here', [copy]: 'from Dropbox' });
      expect(world.service.conflicts()).toMatchObject([{ id, path: PATH, copy }]);
      await world.service.settleConflict(id, settlement);
      expect(await contents()).toEqual(JSON.parse(JSON.stringify(after(copy))));
    }
  });

  test('a settlement of another kind after it was taken back is taken back by itself', async () => {
    const { id, copy } = conflict();
    await world.service.settleConflict(id, 'keep-dropbox');
    await world.service.reopenConflict(id);
    await world.service.settleConflict(id, 'keep-here');
    await world.service.reopenConflict(id);
    expect(await contents()).toEqual({ [PATH]: 'from here', [copy]: 'from Dropbox' });
  });

  test('what somebody has written since is not replaced', async () => {
    const { id } = conflict();
    await world.service.settleConflict(id, 'keep-dropbox');
    world.write(PATH, 'written since');
    await world.sync();
    expect(await code(world.service.reopenConflict(id))).toBe('changed');
    expect(await contents()).toEqual({ [PATH]: 'written since' });
    expect(world.service.trash().length).toBe(2);
  });

  test('an open or unknown one cannot be taken back', async () => {
    expect(await code(world.service.reopenConflict(conflict().id))).toBe('unknown-conflict');
    expect(await code(world.service.reopenConflict(99))).toBe('unknown-conflict');
  });
});
