// Measures one piece of work: time, processor time, requests by endpoint, bytes, how long the event loop was held up.
// Called by the cases, in the process of their own that bench.ts starts for each.

import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DOCKTIDE } from '../support/cli.ts';
import type { CommandReport } from './in-command.ts';
import { watchLoop } from './loop.ts';
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
  /** The longest time for which nothing else could run while there was a processor to run on, in milliseconds. */
  readonly heldUp: number;
  /** Bytes of memory in use at most, so far in this process. */
  readonly peakMemory: number;
  readonly result: string;
}

export async function measured(world: World | null, work: () => Promise<string>): Promise<Measured> {
  if (world !== null) await world.control('requests/reset');
  // Whatever the preparations left to be collected is not the work's.
  globalThis.gc?.();
  const loop = watchLoop();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  const heldUp = loop.end();
  const counts = world === null ? null : await world.requests();
  return {
    seconds,
    cpuSeconds: (used.user + used.system) / 1e6,
    requests: counts?.byEndpoint ?? {},
    bytesUp: counts?.bytesUp ?? 0,
    bytesDown: counts?.bytesDown ?? 0,
    heldUp,
    peakMemory: process.resourceUsage().maxRSS * 1024,
    result,
  };
}

const IN_COMMAND = fileURLToPath(new URL('./in-command.ts', import.meta.url));

/** A command of Docktide in a process of its own: its start is in the time and in the memory. Throws where it fails. */
export async function commandMeasured(world: World, ...args: readonly string[]): Promise<Measured> {
  await world.control('requests/reset');
  const report = join(world.folder, 'command.json');
  const env = { ...world.env, BENCH_REPORT: report };
  const command = ['--import', IN_COMMAND, DOCKTIDE, '--data', world.data, ...args];
  const started = performance.now();
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`docktide ${args.join(' ')} ended with ${code}.`);
  const counts = await world.requests();
  // Written by in-command.ts.
  const told = JSON.parse(readFileSync(report, 'utf8')) as CommandReport;
  rmSync(report);
  const { byEndpoint: requests, bytesUp, bytesDown } = counts;
  return { seconds, ...told, requests, bytesUp, bytesDown, result: 'done' };
}

export interface RunningCommand {
  readonly pid: number;
  /** Measures what `work` makes the command do; then the command is ended. */
  measured(work: () => Promise<string>): Promise<Measured>;
  end(): Promise<void>;
}

/** `docktide watch` in a process of its own. */
export function startWatching(world: World): RunningCommand {
  const report = join(world.folder, 'watch.json');
  const env = { ...world.env, BENCH_REPORT: report };
  const command = ['--import', IN_COMMAND, DOCKTIDE, '--data', world.data, 'watch'];
  const child = spawn(process.execPath, command, { env, stdio: 'ignore' });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = async (): Promise<void> => {
    child.kill();
    await closed;
  };
  return {
    pid: child.pid ?? 0,
    end,
    async measured(work) {
      child.kill('SIGUSR2');
      const figures = await measured(world, work);
      await end();
      // Written by in-command.ts.
      const told = JSON.parse(readFileSync(report, 'utf8')) as CommandReport;
      rmSync(report);
      return { ...figures, ...told };
    },
  };
}

export function total(requests: Readonly<Record<string, number>>): number {
  return Object.values(requests).reduce((sum, one) => sum + one, 0);
}
