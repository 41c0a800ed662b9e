// The commands of commands/log.ts with their options, help and examples. Called by program.ts.

import { positiveInteger } from './values.ts';
import type { Command } from 'commander';
import type { FilterArguments } from './commands/log.ts';
import type { Add } from './program.ts';

const logCommands = () => import('./commands/log.ts');

export function addLog(program: Command, add: Add): void {
  const log = add<FilterArguments>(program, {
    usage: 'log',
    summary: 'what was done, by whom and with what result',
    example: 'docktide log --since 2026-11-23T08:00:00Z --level warning',
    options: withFilters,
    load: async () => (await logCommands()).log,
  });
  add<FilterArguments>(log, {
    usage: 'follow',
    summary: 'the last lines, and each new one as it comes, until Ctrl+C; with --json one JSON object a line',
    example: 'docktide log follow --kind remote,local',
    options: withFilters,
    load: async () => (await logCommands()).follow,
  });
  add<FilterArguments & { format: string; out: string; bom: boolean }>(log, {
    usage: 'export',
    summary: 'write the log to a file; all lines unless filtered',
    example: 'docktide log export --format csv --out november.csv --since 2026-11-01 --until 2026-11-30',
    options: (command) =>
      withFilters(command)
        .requiredOption('--format <FORMAT>', 'csv (for spreadsheets), json or text')
        .requiredOption('--out <FILE>', 'the file; an older one is replaced')
        .option('--no-bom', 'CSV without the byte order mark by which spreadsheets know UTF-8'),
    load: async () => (await logCommands()).exportLog,
  });
  add<FilterArguments & { out: string; hideNames?: boolean }>(log, {
    usage: 'share',
    summary: 'a zip to send to somebody who helps: log, versions, settings, plan, queue, clients; no secrets',
    example: 'docktide log share --out docktide-help.zip --hide-names',
    options: (command) =>
      withFilters(command)
        .requiredOption('--out <FILE.zip>', 'the file; an older one is replaced')
        .option('--hide-names', 'replace names of documents, folders, records, clients and people'),
    load: async () => (await logCommands()).share,
  });
  add<{ days?: number; megabytes?: number; prune?: boolean }>(log, {
    usage: 'keep',
    summary: 'show or set how long lines are kept (180 days and 200 MB unless set)',
    example: 'docktide log keep --days 365 --megabytes 500',
    options: (command) =>
      command
        .option('--days <N>', 'older lines are removed', positiveInteger)
        .option('--megabytes <N>', 'beyond that the oldest lines are removed', positiveInteger)
        .option('--prune', 'remove them now; a continuous run does it once a day'),
    load: async () => (await logCommands()).keep,
  });
}

function withFilters(command: Command): Command {
  return command
    .option('--since <ISO>', 'from this time on (ISO 8601)')
    .option('--until <ISO>', 'up to this time; a day to its end')
    .option('--client <NAME>', 'only this client')
    .option('--level <LEVEL>', 'this level and above: info, warning, error')
    .option('--kind <KINDS>', 'only these kinds, as in remote.upload,local; "remote" stands for all that begin so')
    .option('--direction <DIRECTION>', 'direct (to Dropbox), backward (from it) or reverse')
    .option('--result <RESULT>', 'done, held, retry, failed or note')
    .option('--path <TEXT>', 'only where path or record hold this text')
    .option('--record <TEXT>', 'only where the record holds this text, as in sale.order/SO001')
    .option('--text <TEXT>', 'only where path, record or reason hold this text')
    .option('--limit <N>', 'at most so many, the newest; a list has 1000 unless told', positiveInteger);
}
