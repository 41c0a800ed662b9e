import { describe, expect, test } from 'vitest';
import { Pace } from '../../../src-main/cloud/dropbox/pace.ts';
import { EventClock } from '../../support/event-clock.ts';

interface Service {
  readonly latency: number;
  /** Requests that it serves in each second; it refuses the others. */
  readonly perSecond: number;
}

/** So many calls, all at once, each repeated until it is served. Answers the time, the refusals and the most at once. */
async function play(calls: number, { latency, perSecond }: Service) {
  const clock = new EventClock();
  const pace = new Pace(clock);
  const seen = { refused: 0, sent: 0, atOnce: 0 };
  let underWay = 0;
  const served = new Map<number, number>();
  const serve = (): boolean => {
    const second = Math.floor(clock.now() / 1000);
    const count = served.get(second) ?? 0;
    served.set(second, count + 1);
    return count < perSecond;
  };
  const call = async (): Promise<void> => {
    for (;;) {
      await pace.enter();
      seen.sent++;
      seen.atOnce = Math.max(seen.atOnce, ++underWay);
      const accepted = serve();
      await clock.sleep(latency);
      underWay--;
      pace.leave(accepted ? undefined : 1);
      if (accepted) return;
      seen.refused++;
      await clock.sleep(1000 - (clock.now() % 1000));
    }
  };
  await clock.run(Promise.all(Array.from({ length: calls }, call)));
  return { ...seen, seconds: clock.now() / 1000, best: calls / perSecond };
}

describe('pace', () => {
  test('grows while it is served, up to a limit', async () => {
    const { atOnce, seconds, refused } = await play(2_000, { latency: 100, perSecond: Number.POSITIVE_INFINITY });
    expect(refused).toBe(0);
    expect(atOnce).toBe(48);
    expect(seconds).toBeLessThan(7);
  });

  test.each([
    { calls: 1_000, latency: 1, perSecond: 50 },
    { calls: 1_000, latency: 30, perSecond: 50 },
    { calls: 2_000, latency: 100, perSecond: 100 },
    { calls: 2_000, latency: 0, perSecond: 100 },
    { calls: 400, latency: 30, perSecond: 10 },
  ])('under a limit of $perSecond a second, latency $latency ms: near the best, seldom refused', async (service) => {
    const { refused, sent, seconds, best } = await play(service.calls, service);
    expect(refused / sent).toBeLessThan(1 / 20);
    expect(seconds / best).toBeLessThan(1.3);
  });

  test('a refusal for half an hour keeps the others back for a minute at most', async () => {
    const clock = new EventClock();
    const pace = new Pace(clock);
    const call = async (refused?: number): Promise<void> => {
      await pace.enter();
      pace.leave(refused);
    };
    for (let count = 0; count < 20; count++) await call();
    await call(1_800);
    await clock.run(Promise.all([call(), call()]));
    expect(clock.now()).toBeLessThanOrEqual(61_000);
  });

  test('whoever gives up while it waits leaves its place to others', async () => {
    const pace = new Pace(new EventClock());
    await Promise.all(Array.from({ length: 6 }, () => pace.enter()));
    const control = new AbortController();
    const waiting = pace.enter(control.signal);
    control.abort(new Error('ended'));
    pace.leave();
    await expect(waiting).rejects.toThrow('ended');
    await pace.enter();
  });
});
