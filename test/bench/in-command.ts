// Loaded into a command that is measured (`--import`): tells at its end what it took, in the file that BENCH_REPORT names.
// The event loop is watched from the first request on: before that the program only starts. SIGUSR2 begins anew.

import { writeFileSync } from 'node:fs';
import { watchLoop } from './loop.ts';

export interface CommandReport {
  readonly cpuSeconds: number;
  readonly peakMemory: number;
  readonly heldUp: number;
}

const file = process.env['BENCH_REPORT'];
if (file !== undefined) {
  let loop: ReturnType<typeof watchLoop> | null = null;
  const send = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    loop ??= watchLoop();
    return send(input, init);
  };
  let before = { user: 0, system: 0 };
  process.on('SIGUSR2', () => {
    loop?.end();
    loop = watchLoop();
    before = process.cpuUsage();
  });
  process.once('exit', () => {
    const heldUp = loop?.end() ?? 0;
    const { user, system } = process.cpuUsage(before);
    const peakMemory = process.resourceUsage().maxRSS * 1024;
    const report: CommandReport = { cpuSeconds: (user + system) / 1e6, peakMemory, heldUp };
    writeFileSync(file, JSON.stringify(report));
  });
}
