import { describe, expect, test } from 'vitest';
import type { EngineWorld } from '../support/engine-world.ts';
import { draw } from './draw.ts';
import { play } from './play.ts';
import type { Act, Step } from './scenario.ts';
import { there } from './stories.ts';

// What the simulation checks can fail: each is shown something wrong.

const QUIET: Step = { step: 'quiet' };

function step(act: Act): Step {
  return { step: 'act', act };
}

async function violationOf(steps: readonly Step[], tamper: (world: EngineWorld) => void): Promise<string | null> {
  const frame = { ...draw(1), platforms: ['linux' as const], clients: 1, erp: 0, links: null };
  return (await play({ ...frame, steps }, { tamper })).violation;
}

const written = step({ on: 'here', who: 0, act: 'write', pick: [50, 0, 0] });
const removedHere = step({ on: 'here', who: 0, act: 'remove', pick: [0, 0, 0] });
const removedThere = step({ on: 'there', who: 0, act: 'remove', pick: [0, 0, 0] });
const editedThere = step({ on: 'there', who: 0, act: 'edit', pick: [50, 0, 0] });

describe('a document that somebody has deleted', () => {
  test.each([
    ['here', removedHere],
    ['in Dropbox', removedThere],
  ])('%s, and that is there again, is a violation', async (_side, removed) => {
    const back = (world: EngineWorld) => world.cloud.write(there('c'), 'text 0');
    expect(await violationOf([written, QUIET, removed], back)).toBe('somebody deleted "a", and it is "c" now');
  });

  test('may come back on the disk no more than in Dropbox', async () => {
    const back = ({ computers }: EngineWorld) => computers[0]!.disk.person.write('b', 'text 0');
    expect(await violationOf([written, QUIET, removedHere], back)).toBe('somebody deleted "a", and it is "b" now');
  });

  test('was not deleted with a folder of the ERP when its bytes had been freed since (seed 7040318)', async () => {
    const steps: Step[] = [
      step({ on: 'erp', act: 'add', pick: [97, 88, 52] }),
      QUIET,
      step({ on: 'here', who: 0, act: 'write', pick: [50, 51, 0] }),
      QUIET,
      { step: 'free', who: 0 },
      step({ on: 'here', who: 0, act: 'remove', pick: [0, 0, 0] }),
    ];
    const frame = { ...draw(1), platforms: ['linux' as const], clients: 1, erp: 1, links: 'everywhere' as const };
    const { violation } = await play({ ...frame, steps });
    expect(violation).toBeNull();
  });

  test('lives on where somebody else has edited it', async () => {
    expect(await violationOf([written, QUIET, editedThere, removedHere], () => {})).toBeNull();
  });
});

test('a document that nobody touched and that is gone is a violation', async () => {
  const gone = (world: EngineWorld) => world.cloud.remove(there('a'));
  expect(await violationOf([written, QUIET], gone)).toBe('"text 0" is lost but for the trash');
});
