// The commands of commands/file.ts with their options, help and examples. Called by program.ts.

import type { Command } from 'commander';
import type { TargetOptions } from './commands/file.ts';
import type { Add, Group } from './program.ts';

const commands = () => import('./commands/file.ts');

/** Where something is to go. */
export function withTarget(command: Command): Command {
  return command
    .option('--to <FOLDER>', 'the folder; / is the top')
    .option('--to-record <TYPE/REF>', 'or the folder of a record')
    .option('--sub <NAME>', 'a subfolder of the record');
}

export function addFile(program: Command, group: Group, add: Add): void {
  const file = group('file', 'work on documents and folders; what is done can be taken back');
  add(file, {
    usage: 'mkdir <PATH>',
    summary: 'make a folder, with the folders above it',
    example: 'docktide file mkdir "Marketing/Photos/2026"',
    load: async () => (await commands()).fileMkdir,
  });
  add(file, {
    usage: 'rename <PATH> <NAME>',
    summary: 'give a document or folder another name',
    example: 'docktide file rename Quotations/SO001/offer.pdf "offer signed.pdf"',
    load: async () => (await commands()).fileRename,
  });
  add<TargetOptions>(file, {
    usage: 'move <PATH...>',
    summary: 'move documents and folders, also from one record to another; one move in Dropbox, not an upload',
    example: 'docktide file move Quotations/SO001/offer.pdf --to-record sale.order/SO002 --sub Contracts',
    options: withTarget,
    load: async () => (await commands()).fileMove,
  });
  add(file, {
    usage: 'delete <PATH...>',
    summary: 'delete documents and folders; they stay in the trash for 30 days',
    example: 'docktide file delete "Marketing/Photos/old.png"',
    load: async () => (await commands()).fileDelete,
  });
  add<TargetOptions>(file, {
    usage: 'upload <SOURCE...>',
    summary: 'add files and whole folders of this computer; names that Dropbox does not take are made valid',
    example: 'docktide file upload ~/Scans offer.pdf --to-record sale.order/SO001',
    options: withTarget,
    load: async () => (await commands()).fileUpload,
  });
  add<{ out: string; zip?: boolean }>(file, {
    usage: 'download <PATH...>',
    summary: 'save one document as it is, or several and whole folders as a zip; what is not here comes from Dropbox',
    example: 'docktide file download Quotations/SO001 --out SO001.zip',
    options: (command) =>
      command
        .requiredOption('--out <FILE>', 'the file to write, or a folder that is there; nothing is overwritten')
        .option('--zip', 'put a single document into a zip too'),
    load: async () => (await commands()).fileDownload,
  });
  add(file, {
    usage: 'undo [NUMBER]',
    summary: 'take back the last operation, or the one with this number',
    example: 'docktide file undo',
    load: async () => (await commands()).fileUndo,
  });

  add(program, {
    usage: 'versions <PATH>',
    summary: 'list the versions of a document that Dropbox keeps',
    example: 'docktide versions Quotations/SO001/offer.pdf',
    load: async () => (await commands()).versions,
  });
  const versions = program.commands.find((command) => command.name() === 'versions');
  if (versions === undefined) return;
  add(versions, {
    usage: 'restore <PATH> <REV>',
    summary: 'bring an earlier version back; what the document has now goes to the trash',
    example: 'docktide versions restore Quotations/SO001/offer.pdf 5f2a9c0d1e3b4',
    load: async () => (await commands()).versionsRestore,
  });
}
