// All cases of the benchmark by name.

import { atMost, many, type Case } from './case.ts';
import { figuresCase } from './figures-bench.ts';
import { GROWTH } from './growth.ts';
import { MANNERS } from './manners.ts';
import { measured } from './measure.ts';
import { PASSES } from './passes.ts';
import { SCALE } from './scale.ts';
import { searchCase } from './search-bench.ts';
import { TRANSFERS } from './transfers.ts';

const SEARCH: Case = {
  what: ({ files }) => `a search among ${files.toLocaleString('en-US')} attachments (median)`,
  files: [200_000],
  latencies: [0],
  run: async ({ files }) => {
    const found = await searchCase(files);
    const measures = await measured(null, async () => found.result);
    return { ...measures, seconds: found.seconds, promises: [atMost('time', found.seconds * 1000, 50, ' ms')] };
  },
};

const FIGURES: Case = {
  what: ({ files }) => `the dashboard's figures of ${files.toLocaleString('en-US')} attachments (median)`,
  files: [200_000],
  latencies: [0],
  run: async ({ files }) => {
    const found = figuresCase(files);
    const measures = await measured(null, async () => found.result);
    return { ...measures, seconds: found.all / 1000, promises: [atMost('time', found.all, 30, ' ms')] };
  },
};

const IN_ONE_FOLDER = 30_000;

const WINDOW: Case = {
  what: ({ files }) =>
    `the window: a folder of ${many(IN_ONE_FOLDER)} among ${many(files)} attachments opened, a search typed, a record among 20,000 typed; to the first painted row (median)`,
  files: [200_000],
  latencies: [0],
  // What drives the window is large: it is loaded where it is needed alone, so that it is in nobody else's memory.
  run: async (options) => (await import('./window-bench.ts')).runWindow(options, IN_ONE_FOLDER),
};

export const CASES: Readonly<Record<string, Case>> = {
  ...TRANSFERS,
  ...MANNERS,
  ...PASSES,
  ...SCALE,
  ...GROWTH,
  search: SEARCH,
  dashboard: FIGURES,
  window: WINDOW,
};
