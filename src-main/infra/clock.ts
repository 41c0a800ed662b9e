// The real clock and the real random source behind the engine's ports. Tests and the simulation bring their own.

import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Random } from '../engine/ports.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    try {
      await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node wraps the reason; the port promises the reason itself.
      if (signal?.aborted) throw signal.reason;
      throw error;
    }
  },
};

export const systemRandom: Random = () => Math.random();
