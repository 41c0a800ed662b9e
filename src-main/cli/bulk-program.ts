// The commands of commands/bulk.ts with their options, help and examples. Called by program.ts.

import type { Command } from 'commander';
import type { ExportOptions } from './commands/bulk.ts';
import type { TargetOptions } from './commands/file.ts';
import { withTarget } from './file-program.ts';
import { collect } from './values.ts';
import type { Add, Group } from './program.ts';

const commands = () => import('./commands/bulk.ts');

export function addBulk(_program: Command, group: Group, add: Add): void {
  const bulk = group('bulk', 'import from and export to Dropbox or a disk, many documents at once');
  add<TargetOptions & { client?: string }>(bulk, {
    usage: 'import <DROPBOX_PATH>',
    summary: 'copy what a folder of Dropbox holds into a record or folder; Dropbox copies, nothing passes through here',
    example: 'docktide bulk import "/Archive/Müller 2019" --to-record sale.order/SO001 --sub Archive',
    options: (command) =>
      withTarget(command).option('--client <NAME>', 'the Dropbox account, where the folder has none yet'),
    load: async () => (await commands()).bulkImport,
  });
  add<ExportOptions>(bulk, {
    usage: 'export [PATH...]',
    summary: 'copy documents, folders and records to another folder of Dropbox or to a disk',
    example: 'docktide bulk export Quotations/SO001 --to-disk /media/usb/Audit',
    options: (command) =>
      command
        .option('--record <TYPE/REF>', 'a record, as in sale.order/SO001; may be repeated', collect)
        .option('--to-dropbox <DROPBOX_PATH>', 'the folder in the same account; Dropbox copies')
        .option('--to-disk <DIR>', 'the folder of this computer; what is not here comes from Dropbox'),
    load: async () => (await commands()).bulkExport,
  });
  add(bulk, {
    usage: 'list',
    summary: 'list the imports and exports, the newest first',
    example: 'docktide bulk list --json',
    load: async () => (await commands()).bulkList,
  });
  add<{ all?: boolean }>(bulk, {
    usage: 'show <NUMBER>',
    summary: 'the report of an import or export: what was left out, failed, or got another name',
    example: 'docktide bulk show 3',
    options: (command) => command.option('--all', 'with everything that was done'),
    load: async () => (await commands()).bulkShow,
  });
  add(bulk, {
    usage: 'resume <NUMBER>',
    summary: 'go on with what was stopped, cancelled or interrupted, and try again what failed',
    example: 'docktide bulk resume 3',
    load: async () => (await commands()).bulkResume,
  });
  add(bulk, {
    usage: 'cancel <NUMBER>',
    summary: 'end an import or export, also one that another process runs; what was copied stays',
    example: 'docktide bulk cancel 3',
    load: async () => (await commands()).bulkCancel,
  });
}
