// The commands of commands/backup.ts with their options, help and examples. Called by program.ts.

import type { Command } from 'commander';
import type { Add, Group } from './program.ts';
import { wholeNumber } from './values.ts';

const commands = () => import('./commands/backup.ts');

const PASSPHRASE_OPTION = [
  '--passphrase-env <VAR>',
  'the environment variable that holds the passphrase; never the passphrase itself',
] as const;

export function addBackups(group: Group, add: Add): void {
  const backup = group('backup', 'backups of the document store: made, verified, kept in Dropbox, restored');
  addMaking(backup, add);
  addRestoring(backup, add);
  addRules(backup, add);
  const source = group('source', 'files and folders that go into every backup beside the database', backup);
  add<{ name?: string }>(source, {
    usage: 'add <PATH>',
    summary: 'add a file or folder, such as the dump of the ERP database',
    example: 'docktide backup source add /var/backups/erp.sql --name erp',
    options: (command) => command.option('--name <NAME>', 'its name in the backup; the name of the file unless told'),
    load: async () => (await commands()).sourceAdd,
  });
  add(source, {
    usage: 'list',
    summary: 'list them',
    example: 'docktide backup source list --json',
    load: async () => (await commands()).sourceList,
  });
  add(source, {
    usage: 'remove <NAME>',
    summary: 'leave it out of the backups that are made from now on',
    example: 'docktide backup source remove erp',
    load: async () => (await commands()).sourceRemove,
  });
  const passphrase = group('passphrase', 'encryption of backups (age format; opens with "age -d")', backup);
  add<{ env?: string }>(passphrase, {
    usage: 'set',
    summary: 'encrypt backups from now on; the passphrase is read from standard input',
    example: 'docktide backup passphrase set < passphrase.txt',
    options: (command) => command.option('--env <VAR>', 'or from this environment variable'),
    load: async () => (await commands()).passphraseSet,
  });
  add(passphrase, {
    usage: 'clear',
    summary: 'forget the passphrase; backups are not encrypted from now on',
    example: 'docktide backup passphrase clear',
    load: async () => (await commands()).passphraseClear,
  });
}

function addMaking(backup: Command, add: Add): void {
  add<{ passphraseEnv?: string }>(backup, {
    usage: 'now',
    summary: 'make a backup, take it to Dropbox and verify it',
    example: 'docktide backup now',
    options: (command) => command.option(...PASSPHRASE_OPTION),
    load: async () => (await commands()).now,
  });
  add<{ refresh?: boolean }>(backup, {
    usage: 'list',
    summary: 'list the backups, the newest first',
    example: 'docktide backup list --json',
    options: (command) => command.option('--refresh', 'look into Dropbox first, for backups of other computers'),
    load: async () => (await commands()).list,
  });
  add<{ passphraseEnv?: string; all?: boolean }>(backup, {
    usage: 'verify [ID]',
    summary: 'restore a backup (the newest unless told) to a temporary place and check it',
    example: 'docktide backup verify 2026-11-23T14-00-00Z',
    options: (command) => command.option('--all', 'every backup').option(...PASSPHRASE_OPTION),
    load: async () => (await commands()).verify,
  });
  add<{ dryRun?: boolean }>(backup, {
    usage: 'prune',
    summary: 'remove the backups that the rule of "backup keep" does not keep',
    example: 'docktide backup prune --dry-run',
    options: (command) => command.option('--dry-run', 'only tell which'),
    load: async () => (await commands()).prune,
  });
}

function addRestoring(backup: Command, add: Add): void {
  add<{ passphraseEnv?: string; wait?: number }>(backup, {
    usage: 'restore <ID>',
    summary: 'put the database of a backup in the place of the present one, which is kept aside; ID may be a file',
    example: 'docktide backup restore 2026-11-23T14-00-00Z',
    options: (command) =>
      command
        .option(...PASSPHRASE_OPTION)
        .option('--wait <SECONDS>', 'how long to wait for a pass of another process', wholeNumber),
    load: async () => (await commands()).restore,
  });
  add<{ to: string; passphraseEnv?: string }>(backup, {
    usage: 'extract <ID>',
    summary: 'unpack a backup, with its sources, into an empty folder; nothing else is touched',
    example: 'docktide backup extract newest --to /tmp/backup',
    options: (command) => command.requiredOption('--to <DIR>', 'an empty or new folder').option(...PASSPHRASE_OPTION),
    load: async () => (await commands()).extract,
  });
}

function addRules(backup: Command, add: Add): void {
  add(backup, {
    usage: 'schedule <CRON|off>',
    summary: 'make backups by a schedule while the app or "docktide watch" runs; a missed one is made up',
    example: 'docktide backup schedule "0 3 * * *"',
    load: async () => (await commands()).schedule,
  });
  add(backup, {
    usage: 'target <CLIENT>',
    summary: 'choose the client whose Dropbox gets the backups; with one client there is nothing to choose',
    example: 'docktide backup target Office',
    load: async () => (await commands()).target,
  });
  add<{ last?: number; daily?: number; weekly?: number; monthly?: number }>(backup, {
    usage: 'keep',
    summary: 'choose which backups stay; scheduled backups remove the others',
    example: 'docktide backup keep --last 7 --daily 7 --weekly 4 --monthly 12',
    options: (command) =>
      command
        .option('--last <N>', 'the last N', wholeNumber)
        .option('--daily <N>', 'the newest of each of N days', wholeNumber)
        .option('--weekly <N>', 'the newest of each of N weeks', wholeNumber)
        .option('--monthly <N>', 'the newest of each of N months', wholeNumber),
    load: async () => (await commands()).keep,
  });
  add(backup, {
    usage: 'auto-verify <on|off>',
    summary: 'verify each backup after it was made (on unless told)',
    example: 'docktide backup auto-verify off',
    load: async () => (await commands()).autoVerify,
  });
  add(backup, {
    usage: 'settings',
    summary: 'schedule, target, retention and encryption',
    example: 'docktide backup settings --json',
    load: async () => (await commands()).settings,
  });
}
