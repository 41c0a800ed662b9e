// The command of commands/figures.ts with its options, help and example. Called by program.ts.

import { positiveInteger } from './values.ts';
import type { Command } from 'commander';
import type { Add } from './program.ts';

export function addFigures(program: Command, add: Add): void {
  add<{ part?: string; client?: string; top?: number; refresh?: boolean; check?: boolean }>(program, {
    usage: 'dashboard',
    summary: 'figures: room in Dropbox, what fills it, what was done, and how the clients are',
    example: 'docktide dashboard --part storage,largest --top 20',
    options: (command) =>
      command
        .option(
          '--part <NAMES>',
          'only these: storage, clients, types, records, extensions, largest, oldest, activity, queue, links, duplicates',
        )
        .option('--client <NAME>', 'only what belongs to this client')
        .option('--top <N>', 'how many of each list; 10 unless told', positiveInteger)
        .option('--refresh', 'ask Dropbox anew how much room there is')
        .option('--check', 'compare the figures with a full count and mend them'),
    load: async () => (await import('./commands/figures.ts')).dashboard,
  });
}
