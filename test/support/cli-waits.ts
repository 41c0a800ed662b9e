// Waits for what running processes do, seen from outside.

import { until, type Bench, type Running } from './cli.ts';

/** Resolves when a pass has begun to talk to Dropbox. */
export async function waitForPass(bench: Bench, running: Running): Promise<void> {
  const before = (await bench.emulator.requests()).total;
  await until('a first request', async () => (await bench.emulator.requests()).total > before, running.output);
}
