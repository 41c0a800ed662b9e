// The commands for folders and files: hooked into the tree by program.ts; their code stands in commands/files.ts and
// is loaded when one of them runs.

import { addFolderPolicies } from './keeping-program.ts';
import { positiveInteger } from './values.ts';
import type { Command } from 'commander';
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
  add<{ limit?: number }>(program, {
    usage: 'search <TEXT...>',
    summary: 'find files, folders and records by name',
    example: 'docktide search offer müller',
    options: (command) => command.option('--limit <N>', 'at most so many hits', positiveInteger),
    load: async () => (await files()).search,
  });
}
