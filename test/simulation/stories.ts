// What the stories of regressions-*.test.ts and unanswered.test.ts are told with: a world that is agreed upon, a program
// that dies at a moment, and what both sides end with.

import { expect } from 'vitest';
import { Fault, type Effect, type SyncStore } from '../../src-main/engine/ports.ts';
import { Crash, EngineWorld, ROOTS } from '../support/engine-world.ts';

export const there = (path: string) => `${ROOTS[0]}/${path}`;
export const lost = () => new Fault('network', 'the answer was lost', { retryable: true });

export async function settled(world: EngineWorld): Promise<Readonly<Record<string, string | null>>> {
  expect(await world.settle()).not.toBeNull();
  const tree = world.cloud.tree(ROOTS[0]);
  for (const { disk } of world.computers) expect(Object.values(disk.texts())).toEqual(Object.values(tree));
  return tree;
}

export async function agreed(files: Readonly<Record<string, string>>, world = new EngineWorld()): Promise<EngineWorld> {
  for (const [path, content] of Object.entries(files)) world.here.person.write(path, content);
  await settled(world);
  return world;
}

export function withErp(world: EngineWorld): EngineWorld {
  for (const { store } of world.computers) {
    store.catalog.addType('sale.order', 'Quote');
    store.catalog.addRule({ type: 'sale.order', client: 'main' });
  }
  return world;
}

/** A store whose program dies right before it records such an effect. */
export function dyingAt(kind: Effect['kind'], store: SyncStore): SyncStore {
  let dead = false;
  return dyingWhen((name, values) => {
    const effects = name === 'record' ? (values[1] as readonly Effect[]) : [];
    return (dead ||= effects.some((effect) => effect.kind === kind));
  }, store);
}

export function dyingWhen(
  isDead: (name: keyof SyncStore, values: readonly unknown[]) => boolean,
  store: SyncStore,
): SyncStore {
  return new Proxy(store, {
    get(target, name: keyof SyncStore) {
      const method = target[name] as (...values: unknown[]) => unknown;
      return (...values: unknown[]): unknown => {
        if (isDead(name, values)) throw new Crash('crash');
        return method(...values);
      };
    },
  });
}
