// A folder that was renamed on the disk is one row, whatever it holds.

import { expect, test } from 'vitest';
import { EngineWorld } from '../../support/engine-world.ts';

async function rowsWritten(files: number): Promise<number> {
  const world = new EngineWorld();
  const { store, parts } = world.computers[0]!;
  for (let index = 0; index < files; index++) world.here.person.write(`Client/Offers/${index}.txt`, `text ${index}`);
  await world.pass();
  const written = (): number => Number(store.db.prepare('SELECT total_changes() AS n').pluck().get());
  world.here.person.rename('Client/Offers', 'Client/Tenders');
  const before = written();
  await parts.observer.observe('everything');
  expect(store.entries.entryAt('Client/Tenders/1.txt' as never)).not.toBeNull();
  return written() - before;
}

test('what a renamed folder holds is not written anew', async () => {
  expect(await rowsWritten(60)).toBe(await rowsWritten(6));
});
