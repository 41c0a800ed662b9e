// Measures one piece of work: time, processor time, requests by endpoint, bytes, how long the event loop was held up.
// Called by the cases, in the process of their own that bench.ts starts for each.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { World } from './world.ts';

export interface Measured {
  /** Wall clock. */
  readonly seconds: number;
  /** User and system time of this process and its threads. */
  readonly cpuSeconds: number;
  /** By endpoint, as Dropbox saw them. */
  readonly requests: Readonly<Record<string, number>>;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** The longest time for which nothing else could run, in milliseconds. */
  readonly heldUp: number;
  /** Bytes of memory in use at most, so far in this process. */
  readonly peakMemory: number;
  readonly result: string;
}

/** Resolution of the event loop's delay, in milliseconds. */
const RESOLUTION = 5;

export async function measured(world: World | null, work: () => Promise<string>): Promise<Measured> {
  if (world !== null) await world.control('requests/reset');
  // Whatever the preparations left to be collected is not the work's.
  globalThis.gc?.();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  delay.disable();
  const counts = world === null ? null : await world.requests();
  return {
    seconds,
    cpuSeconds: (used.user + used.system) / 1e6,
    requests: counts?.byEndpoint ?? {},
    bytesUp: counts?.bytesUp ?? 0,
    bytesDown: counts?.bytesDown ?? 0,
    heldUp: Math.max(0, delay.max / 1e6 - RESOLUTION),
    peakMemory: process.resourceUsage().maxRSS * 1024,
    result,
  };
}

export function total(requests: Readonly<Record<string, number>>): number {
  return Object.values(requests).reduce((sum, one) => sum + one, 0);
}
