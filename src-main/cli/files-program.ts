// The commands for folders and files: hooked into the tree by program.ts; their code stands in commands/files.ts and
// is loaded when one of them runs.

import { addFolderPolicies } from './keeping-program.ts';
import { byteSize, firstMoment, lastMoment, listed, positiveInteger, someOf } from './values.ts';
import type { Command } from 'commander';
import type { SyncState } from '../../src-shared/domain.ts';
import type { SearchOptions } from './commands/search.ts';
import type { Add, Group } from './program.ts';

export function addFiles(program: Command, group: Group, add: Add): void {
  const files = () => import('./commands/files.ts');
  const folder = group('folder', 'manual folders: folders beside those of the rules');
  add<{ client: string }>(folder, {
    usage: 'add <PATH>',
    summary: 'assign a folder to a client, creating it where it is missing',
    example: 'docktide folder add "Marketing/Photos" --client Office',
    options: (command) => command.requiredOption('--client <NAME>', 'the client that keeps it'),
    load: async () => (await files()).folderAdd,
  });
  add(folder, {
    usage: 'list',
    summary: 'list the folders that were assigned by hand',
    example: 'docktide folder list',
    load: async () => (await files()).folderList,
  });
  addFolderPolicies(folder, add);
  add<{ record?: string; folder?: string; sub?: string }>(program, {
    usage: 'attach <FILE...>',
    summary: 'copy files into the folder of a record or a manual folder',
    example: 'docktide attach offer.pdf plan.png --record sale.order/SO001 --sub Contracts',
    options: (command) =>
      command
        .option('--record <TYPE/REF>', 'the record')
        .option('--folder <PATH>', 'or the folder')
        .option('--sub <NAME>', 'a subfolder of it'),
    load: async () => (await files()).attach,
  });
  add(program, {
    usage: 'ls [PATH]',
    summary: 'list files and folders with their state',
    example: 'docktide ls Quotations/SO001 --json',
    load: async () => (await files()).ls,
  });
  addSearch(program, add);
}

const STATES: readonly SyncState[] = [
  'synced',
  'pending',
  'freed',
  'conflict',
  'uploading',
  'downloading',
  'held',
  'failed',
  'unassigned',
];

function addSearch(program: Command, add: Add): void {
  add<SearchOptions>(program, {
    usage: 'search [TEXT...]',
    summary: 'find files, folders and records by name and by what is known of them, best first',
    example: 'docktide search offer müller --type sale.order --ext pdf --since 2026-01-01',
    options: (command) =>
      command
        .option('--type <TYPE>', 'of this document type')
        .option('--record <TYPE/REF>', 'of this record; the reference alone will do')
        .option('--folder <PATH>', 'in this folder and below')
        .option('--ext <ENDINGS>', 'files that end so: pdf, or several: pdf,docx', listed)
        .option('--min-size <SIZE>', 'files of this size and more, as in 1.5MB', byteSize)
        .option('--max-size <SIZE>', 'files of this size and less', byteSize)
        .option('--since <DATE>', 'modified on this day or later', firstMoment)
        .option('--until <DATE>', 'modified on this day or earlier', lastMoment)
        .option('--state <STATES>', `in one of these states: ${STATES.join(', ')}`, someOf(STATES))
        .option('--kind <KINDS>', 'file, folder or record', someOf(['file', 'folder', 'record'] as const))
        .option('--limit <N>', 'at most so many hits, 50 unless told', positiveInteger),
    load: async () => (await import('./commands/search.ts')).search,
  });
}
