// Processes whose clock is wrong.

import type { StartOptions } from './cli.ts';

/** Milliseconds. */
export const DAY = 86_400_000;

/** A module that shifts the clock of the process that it is loaded into. */
export const shiftedClock = (milliseconds: number): StartOptions => {
  const source = `const real = Date.now; const shift = ${milliseconds};
    globalThis.Date = class extends Date { constructor(...given) { given.length === 0 ? super(real() + shift) : super(...given); }
      static now() { return real() + shift; } };`;
  return { env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` } };
};
