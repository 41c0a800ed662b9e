// The commands of commands/notify.ts with their options, help and examples. Called by program.ts.

import type { Command } from 'commander';
import { positiveInteger } from './values.ts';
import type { Group, Add } from './program.ts';

const notifyCommands = () => import('./commands/notify.ts');

export function addNotify(group: Group, add: Add): void {
  const notify = group('notify', 'what clients tell people: disconnections, failures, held deletions …');
  add(notify, {
    usage: 'list',
    summary: 'list what each client tells',
    example: 'docktide notify list',
    load: async () => (await notifyCommands()).notifyList,
  });
  add(notify, {
    usage: 'set <CLIENT> <KINDS>',
    summary:
      'choose what a client tells: disconnected, connected, paused, resetting, failed, held, conflict, backup; ' +
      'or all, none, default',
    example: 'docktide notify set Office disconnected,failed,held,conflict,backup',
    load: async () => (await notifyCommands()).notifySet,
  });
  add<{ client?: string; kind?: string; since?: string; limit?: number }>(notify, {
    usage: 'events',
    summary: 'list what was told, oldest first',
    example: 'docktide notify events --client Office --kind disconnected',
    options: (command) =>
      command
        .option('--client <NAME>', 'only this client')
        .option('--kind <KIND>', 'only this kind')
        .option('--since <ISO>', 'from this time on (ISO 8601)')
        .option('--limit <N>', 'at most so many, the newest', positiveInteger),
    load: async () => (await notifyCommands()).notifyEvents,
  });
}

/** For the commands that meet events while they run. */
export function withEventCommand(command: Command): Command {
  return command
    .option('--on-event <CMD>', 'run this program for each event that somebody subscribed to')
    .option('--event-timeout <SECONDS>', 'how long it may take (30)', positiveInteger)
    .addHelpText('after', EVENT_HELP);
}

const EVENT_HELP = `
The program of --on-event is started without a shell: spaces part its arguments, quotes ('…' or "…") keep them together,
a backslash takes the meaning from a quote, space or backslash after it; nothing else is special. It gets the event as
JSON on standard input and in DOCKTIDE_EVENT_ID, _TIME, _KIND, _LEVEL, _CLIENT, _STATE, _REASON, _COUNT, _PATH and
_MESSAGE. Each event is one change and comes once. For pipes or variables of a shell name it: --on-event "sh notify.sh".
`;
