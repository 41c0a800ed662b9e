// The commands for passes and what they did: hooked into the tree by program.ts; their code stands in commands/ and is
// loaded when one of them runs.

import { withEventCommand } from './notify-program.ts';
import { byteSize, positiveInteger, wholeNumber } from './values.ts';
import type { Command } from 'commander';
import type { LimitArguments } from './commands/limit.ts';
import type { EventOptions } from './commands/notify.ts';
import type { SyncArguments } from './commands/sync.ts';
import type { Add } from './program.ts';

export function addSync(program: Command, add: Add): void {
  const sync = () => import('./commands/sync.ts');
  const oversight = () => import('./commands/oversight.ts');
  add<SyncArguments>(program, {
    usage: 'sync',
    summary: 'one complete pass in both directions',
    example: 'docktide sync --client Office',
    options: (command) =>
      withEventCommand(
        command
          .option('--client <NAME>', 'only this client')
          .option('--prepare-only', 'write the queue, run nothing')
          .option('--yes', 'let held deletions go')
          .option('--full', 'compare every folder with Dropbox itself')
          .option('--wait <SECONDS>', 'how long to wait for a pass of another process', wholeNumber),
      ),
    load: async () => (await sync()).syncOnce,
  });
  add<EventOptions>(program, {
    usage: 'watch',
    summary: 'synchronise until it is stopped (Ctrl+C or SIGTERM)',
    example: "docktide watch --on-event 'notify-send Docktide'",
    options: withEventCommand,
    load: async () => (await sync()).watch,
  });
  add<{ client?: string }>(program, {
    usage: 'plan',
    summary: 'show what a pass would do, changing nothing',
    example: 'docktide plan',
    options: (command) => command.option('--client <NAME>', 'only this client'),
    load: async () => (await sync()).plan,
  });
  add(program, {
    usage: 'status',
    summary: 'documents folder, clients and counts',
    example: 'docktide status --json',
    load: async () => (await oversight()).status,
  });
  add<{ all?: boolean; limit?: number }>(program, {
    usage: 'queue',
    summary: 'the tasks that are planned, running, held or failed',
    example: 'docktide queue',
    options: (command) =>
      command.option('--all', 'with the finished ones').option('--limit <N>', 'at most so many', positiveInteger),
    load: async () => (await oversight()).queue,
  });
  add(program, {
    usage: 'conflicts',
    summary: 'conflicts that were settled by keeping both versions',
    example: 'docktide conflicts',
    load: async () => (await oversight()).conflicts,
  });
  add<{ every?: number }>(program, {
    usage: 'schedule',
    summary: 'show or set how often "watch" looks everywhere, beside what is told at once (15 minutes unless set)',
    example: 'docktide schedule --every 60',
    options: (command) => command.option('--every <MINUTES>', 'whole minutes, from 1 to 1440', positiveInteger),
    load: async () => (await import('./commands/schedule.ts')).schedule,
  });
  add<LimitArguments>(program, {
    usage: 'limit',
    summary: 'show or set how much of the line is used, in bytes a second over all clients',
    example: 'docktide limit --up 500k --down 2M',
    options: (command) =>
      command
        .option(
          '--up <SIZE>',
          'at most so much a second to Dropbox, as in 500k or 2M; "off" takes the limit away',
          rate,
        )
        .option('--down <SIZE>', 'at most so much a second from Dropbox', rate),
    load: async () => (await import('./commands/limit.ts')).limit,
  });
}

/** A size, bytes a second; infinite for `off`. */
function rate(value: string): number {
  return value.trim().toLowerCase() === 'off' ? Infinity : byteSize(value.replace(/\/s$/i, ''));
}

export function addExtras(program: Command, add: Add): void {
  add<{ port?: number; data?: string; token?: string }>(program, {
    usage: 'emulator',
    summary: 'run a Dropbox of your own on this machine, to try and test with',
    example: 'docktide emulator --port 8912 --data /tmp/dropbox --token secret',
    options: (command) =>
      command
        .option('--port <N>', 'the port on loopback; 0 takes a free one', wholeNumber)
        .option('--token <T>', 'an access token that it shall take'),
    load: async () => (await import('./commands/extras.ts')).emulator,
  });
  add(program, {
    usage: 'demo',
    summary: 'show both directions at work in temporary folders, without an account',
    example: 'docktide demo',
    load: async () => (await import('./commands/extras.ts')).demo,
  });
}
