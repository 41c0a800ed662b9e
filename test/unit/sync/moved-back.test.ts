import { describe, expect, test } from 'vitest';
import { PlanWorld } from '../../support/plan-world.ts';

// Two folders of the ERP that changed places in Dropbox (SYNC.md §3: the tree is the ERP's).

function swapped(movedBack: number): PlanWorld {
  const world = new PlanWorld();
  for (const name of ['m', 'n']) world.here.makeFolder(name, 'record');
  world.here.write('m/f', 'text');
  world.sync();
  for (const [id, entry] of world.synced) world.synced.set(id, { ...entry, movedBack });
  const { there } = world;
  there.move(there.get('m'), 'between');
  there.move(there.get('n'), 'm');
  there.move(there.get('between'), 'n');
  return world;
}

describe('folders of two records that changed places in Dropbox', () => {
  test.each([0, 1])('are moved back, with what they hold (moved back %d times before)', (times) => {
    const world = swapped(times);
    world.sync();
    expect(world.there.tree()).toEqual(['m/', 'm/f=text', 'n/']);
    expect(world.here.tree()).toEqual(['m/', 'm/f=text', 'n/']);
  });

  test('stay where another computer has undone that twice', () => {
    const world = swapped(2);
    world.sync();
    expect(world.there.tree()).toEqual(['m/', 'n/', 'n/f=text']);
    expect(world.here.tree()).toEqual(['m/', 'n/', 'n/f=text']);
  });
});

describe('the folder of a record that was moved in Dropbox', () => {
  function moved(movedBack: number): PlanWorld {
    const world = new PlanWorld();
    world.here.makeFolder('m', 'record');
    world.here.write('m/f', 'text');
    world.sync();
    for (const [id, entry] of world.synced) world.synced.set(id, { ...entry, movedBack });
    world.there.move(world.there.get('m'), 'k');
    world.sync();
    expect(world.here.tree()).toEqual(world.there.tree());
    return world;
  }

  test.each([0, 4])('is moved back, with what it holds (moved back %d times before)', (times) => {
    expect(moved(times).there.tree()).toEqual(['m/', 'm/f=text']);
  });

  test('stays where another computer wants it, and the record gets one anew', () => {
    expect(moved(5).there.tree()).toEqual(['k/', 'k/f=text', 'm/']);
  });
});
