import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ObservedStore } from '../support/observed-store.ts';

// A look at hinted paths must leave the same rows as a look at everything, whatever a person did in between, and both
// must agree with the disk.

const NAMES = ['a', 'b', 'c', 'D'] as const;
const path = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
const action = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), path, text: fc.constantFrom('1', '2', '3', '') }),
  fc.record({ kind: fc.constant('rename' as const), path, to: path }),
  fc.record({ kind: fc.constant('remove' as const), path }),
  fc.record({ kind: fc.constant('mkdir' as const), path }),
  fc.record({ kind: fc.constant('save' as const), path, text: fc.constantFrom('4', '5') }),
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** Does it where it is possible; answers the paths that a watcher would tell. */
function act(world: ObservedStore, step: Action): string[] {
  const { person } = world.disk;
  try {
    switch (step.kind) {
      case 'write':
        person.write(step.path, step.text);
        return [step.path];
      case 'rename':
        if (step.to === step.path || step.to.startsWith(`${step.path}/`) || !person.exists(step.path)) return [];
        person.mkdir(step.to.split('/').slice(0, -1).join('/'));
        person.rename(step.path, step.to);
        return [step.path, step.to];
      case 'remove':
        person.remove(step.path);
        return [step.path];
      case 'mkdir':
        person.mkdir(step.path);
        return [step.path];
      case 'save':
        if (person.read(step.path) === null) return [];
        person.safeSave(step.path, step.text);
        return [step.path];
    }
  } catch {
    return [];
  }
}

test('hinted looks and whole looks come to the same rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(action, { maxLength: 5 }), { minLength: 1, maxLength: 5 }), async (rounds) => {
      const hinted = new ObservedStore();
      const whole = new ObservedStore();
      await hinted.observe();
      await whole.observe();
      for (const round of rounds) {
        const hints = round.flatMap((step) => act(hinted, step));
        for (const step of round) act(whole, step);
        await hinted.observe(hints);
        await whole.observe();
        const left = Object.keys(hinted.disk.texts());
        expect(hinted.paths().toSorted()).toEqual(left.toSorted());
        expect(Object.fromEntries(hinted.paths().map((at) => [at, hinted.row(at).hash]))).toEqual(hinted.disk.tree());
        expect(hinted.picture()).toEqual(whole.picture());
        expect((await hinted.observe()).changed).toBe(0);
      }
    }),
    { numRuns: 150 },
  );
}, 120_000);
