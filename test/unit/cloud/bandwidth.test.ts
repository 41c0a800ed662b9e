// The limits of the line: counted bytes under a clock of the test's own, and once through a real client.

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Bandwidth } from '../../../src-main/cloud/dropbox/bandwidth.ts';
import { systemClock } from '../../../src-main/infra/clock.ts';
import type { BandwidthView } from '../../../src-shared/bandwidth-views.ts';
import { openEmulated, type EmulatedDropbox } from '../../conformance/cloud-emulator.ts';
import { upload, uploadAll, valueOf } from '../../conformance/cloud-store.ts';
import { EventClock } from '../../support/event-clock.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Sends bodies side by side; answers the bytes that had passed at each moment. */
async function sendAll(limits: () => BandwidthView, bodies: readonly number[]) {
  const clock = new EventClock();
  const { up } = new Bandwidth(clock, limits);
  const passed: { readonly time: number; readonly bytes: number; readonly body: number }[] = [];
  const work = Promise.all(
    bodies.map(async (size, body) => {
      for await (const slice of up.slices(new Uint8Array(size))) {
        passed.push({ time: clock.now(), bytes: slice.length, body });
      }
    }),
  );
  await clock.run(work);
  return { passed, seconds: clock.now() / 1000 };
}

const only = (up: number): (() => BandwidthView) => {
  return () => ({ up, down: null });
};

describe('a limit', () => {
  it.each([
    ['a slow line', 64 * KIB, [MIB]],
    ['a fast line', 4 * MIB, [8 * MIB, 8 * MIB, 40 * MIB]],
    ['many small bodies', MIB, Array.from({ length: 2000 }, () => 4 * KIB)],
    ['bodies of every size', 300_000, [5, 70_000, 3 * MIB, 1, 999_999]],
  ])('holds within a tenth: %s', async (_name, limit, bodies) => {
    const { passed, seconds } = await sendAll(only(limit), bodies);
    const sum = bodies.reduce((all, one) => all + one, 0);
    expect(passed.reduce((all, one) => all + one.bytes, 0)).toBe(sum);
    expect(sum / seconds).toBeGreaterThan(limit * 0.9);
    expect(sum / seconds).toBeLessThan(limit * 1.1);
  });

  it('holds in every second, not only in the mean', async () => {
    const { passed, seconds } = await sendAll(only(MIB), [20 * MIB]);
    for (let second = 0; second + 1 < seconds; second++) {
      const bytes = passed
        .filter(({ time }) => time >= second * 1000 && time < (second + 1) * 1000)
        .reduce((all, one) => all + one.bytes, 0);
      expect(bytes).toBeGreaterThan(MIB * 0.9);
      expect(bytes).toBeLessThan(MIB * 1.1);
    }
  });

  it('does not let small bodies wait for large ones', async () => {
    const { passed } = await sendAll(only(MIB), [30 * MIB, 30 * MIB, 64 * KIB]);
    const smallEnd = passed.findLast(({ body }) => body === 2)?.time ?? Infinity;
    expect(smallEnd).toBeLessThan(1000);
  });

  it('may be changed and taken away while bytes are on their way', async () => {
    const clock = new EventClock();
    const { down } = new Bandwidth(clock, () => ({ up: null, down: clock.now() < 10_000 ? 100 * KIB : MIB }));
    await clock.run(down.take(1000 * KIB + 10 * MIB));
    expect(clock.now()).toBeGreaterThan(18_000);
    expect(clock.now()).toBeLessThan(22_000);
    const free = new Bandwidth(clock, () => ({ up: null, down: null }));
    const before = clock.now();
    await clock.run(free.down.take(1024 * MIB));
    expect(clock.now()).toBe(before);
  });

  it('that nobody used for a while lets no burst through', async () => {
    const clock = new EventClock();
    const { down } = new Bandwidth(clock, () => ({ up: null, down: MIB }));
    await clock.run(clock.sleep(60_000));
    const from = clock.now();
    await clock.run(down.take(10 * MIB));
    expect(clock.now() - from).toBeGreaterThan(9_000);
  });
});

describe('a client under a limit', () => {
  let cloud: EmulatedDropbox;
  beforeAll(async () => {
    cloud = await openEmulated();
  });
  afterAll(() => cloud.close());

  it('sends and fetches no faster, what it sends arrives whole, and the length is told before', async () => {
    const limit = 2 * MIB;
    const lengths: (string | null)[] = [];
    const store = cloud.open('Limited', {
      clock: systemClock,
      bandwidth: new Bandwidth(systemClock, () => ({ up: limit, down: limit })),
      fetch: (address, init) => {
        if (init?.body instanceof ReadableStream) lengths.push(new Headers(init.headers).get('content-length'));
        return fetch(address, init);
      },
    });
    const content = randomBytes(3 * MIB);
    const from = performance.now();
    const [outcome] = await uploadAll(store, [upload('large.bin', content)]);
    const up = (performance.now() - from) / 1000;
    const { rev, hash, size } = valueOf(outcome);
    if (rev === null || hash === null) throw new Error('A file has a rev and a hash.');
    const again = performance.now();
    const parts: Uint8Array[] = [];
    for await (const part of store.download({ rev, hash, size }, 0)) parts.push(part);
    const down = (performance.now() - again) / 1000;
    expect(Buffer.concat(parts).equals(content)).toBe(true);
    // A machine that is busy may be slower, never faster.
    for (const seconds of [up, down]) expect(content.length / seconds).toBeLessThan(limit * 1.1);
    expect(lengths).toContain(String(content.length));
  });
});
