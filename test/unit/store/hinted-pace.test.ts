// A look at hinted folders gives others their turn from folder to folder, however many are hinted.

import { expect, test } from 'vitest';
import { createObserver } from '../../../src-main/store/observer.ts';
import { Pacer } from '../../../src-main/store/observer/pacer.ts';
import type { RelPath } from '../../../src-shared/domain.ts';
import { EngineWorld } from '../../support/engine-world.ts';

test('folders are listed with room in between', async () => {
  const world = new EngineWorld();
  const { store, disk } = world.computers[0]!;
  for (let index = 0; index < 20; index++) disk.person.write(`Folder ${index}/a.txt`, `text ${index}`);
  await world.pass();
  let lists = 0;
  let most = 0;
  class Counted extends Pacer {
    override async breathe(): Promise<void> {
      lists = 0;
      await super.breathe();
    }
  }
  disk.onCall = (call) => {
    if (call === 'list') most = Math.max(most, ++lists);
    return Promise.resolve();
  };
  const hints = Array.from({ length: 20 }, (_, index) => `Folder ${index}/a.txt` as RelPath);
  // Every turn takes longer than no time.
  await createObserver({ store, disk, pacer: new Counted(-1) }).observe(hints);
  expect(most).toBe(1);
});
