import { describe, expect, test } from 'vitest';
import { Fault } from '../../src-main/engine/ports.ts';
import { afterFault, MAX_ATTEMPTS, untilDue } from '../../src-main/engine/retry.ts';

const NOW = 1_000_000;

describe('what a fault means for a task', () => {
  test.each(['conflict', 'gone', 'changed', 'place-taken', 'not-found'] as const)(
    '%s makes it stale, without an error',
    (code) => {
      expect(afterFault(new Fault(code, 'm'), 3, NOW, 0.5)).toMatchObject({
        state: 'stale',
        error: null,
        nextAttempt: null,
      });
    },
  );

  test.each(['name-refused', 'no-permission'] as const)('%s fails at once', (code) => {
    expect(afterFault(new Fault(code, 'why'), 0, NOW, 0.5)).toMatchObject({
      state: 'failed',
      attempts: 1,
      error: 'why',
      errorCode: code,
    });
  });

  test('transient faults wait longer each time, within the jitter, and fail after the last attempt', () => {
    let earlier = 0;
    for (let attempts = 0; attempts < MAX_ATTEMPTS - 1; attempts++) {
      const soonest = afterFault(new Fault('server', 'm', { retryable: true }), attempts, NOW, 0);
      const latest = afterFault(new Fault('server', 'm', { retryable: true }), attempts, NOW, 0.999);
      expect(soonest.state).toBe('retry');
      expect(soonest.attempts).toBe(attempts + 1);
      expect(soonest.nextAttempt! - NOW).toBeGreaterThanOrEqual(earlier);
      expect(latest.nextAttempt!).toBeGreaterThan(soonest.nextAttempt!);
      earlier = soonest.nextAttempt! - NOW;
    }
    const last = afterFault(new Fault('server', 'm', { retryable: true }), MAX_ATTEMPTS - 1, NOW, 0);
    expect(last).toMatchObject({ state: 'failed', nextAttempt: NOW + 24 * 60 * 60_000 });
  });

  test('never earlier than the server asked for', () => {
    const update = afterFault(new Fault('rate-limited', 'm', { retryable: true, retryAfter: 300 }), 0, NOW, 0);
    expect(update.nextAttempt).toBe(NOW + 300_000);
  });

  test('a task waits for its time, but not for one that a clock has set which was put back since', () => {
    const HOUR = 60 * 60_000;
    expect(untilDue({ state: 'planned', nextAttempt: null }, NOW)).toBe(0);
    expect(untilDue({ state: 'retry', nextAttempt: NOW - 1 }, NOW)).toBe(0);
    expect(untilDue({ state: 'retry', nextAttempt: NOW + 300 }, NOW)).toBe(300);
    expect(untilDue({ state: 'retry', nextAttempt: NOW + HOUR }, NOW)).toBe(HOUR);
    expect(untilDue({ state: 'retry', nextAttempt: NOW + HOUR + 1 }, NOW)).toBe(0);
    expect(untilDue({ state: 'failed', nextAttempt: NOW + 24 * HOUR }, NOW)).toBe(24 * HOUR);
    expect(untilDue({ state: 'failed', nextAttempt: NOW + 24 * HOUR + 1 }, NOW)).toBe(0);
    // Nothing is ever set further ahead than that.
    for (const retryAfter of [null, 100_000]) {
      const { nextAttempt } = afterFault(new Fault('busy', 'm', { retryable: true, retryAfter }), 6, NOW, 0.999);
      expect(nextAttempt).toBeLessThanOrEqual(NOW + HOUR);
    }
  });

  test('a full account waits without using up attempts', () => {
    expect(afterFault(new Fault('no-space', 'full'), 5, NOW, 0)).toMatchObject({ state: 'retry', attempts: 5 });
  });
});
