// The commands of commands/keeping.ts with their options, help and examples. Called by program.ts.

import type { Command } from 'commander';
import type { Add, Group } from './program.ts';

export const keepingCommands = () => import('./commands/keeping.ts');

export function addKeeping(program: Command, group: Group, add: Add): void {
  const trash = group('trash', 'what sync deleted or overwrote here, kept for 30 days');
  add(trash, {
    usage: 'list',
    summary: 'list what can be restored',
    example: 'docktide trash list --json',
    load: async () => (await keepingCommands()).trashList,
  });
  add(trash, {
    usage: 'restore <ID>',
    summary: 'put it back at its place',
    example: 'docktide trash restore 12',
    load: async () => (await keepingCommands()).trashRestore,
  });

  const held = group('held', 'deletions that wait for your agreement because they are many');
  add<{ client?: string }>(held, {
    usage: 'list',
    summary: 'list what would be deleted, and on which side',
    example: 'docktide held list --json',
    options: (command) => command.option('--client <NAME>', 'only this client'),
    load: async () => (await keepingCommands()).heldList,
  });
  add<{ client?: string }>(held, {
    usage: 'refuse',
    summary: 'do not delete: the next sync brings back what is missing ("docktide sync --yes" lets the deletions go)',
    example: 'docktide held refuse --client Office',
    options: (command) => command.option('--client <NAME>', 'only this client'),
    load: async () => (await keepingCommands()).heldRefuse,
  });

  const conflict = group('conflict', 'settle a conflict');
  for (const [name, summary] of [
    ['keep-here', 'keep the version from here; the other goes to the trash'],
    ['keep-dropbox', "keep Dropbox's version under the name; the one from here goes to the trash"],
    ['keep-both', 'keep both files as they are'],
  ] as const) {
    add(conflict, {
      usage: `${name} <ID>`,
      summary,
      example: `docktide conflict ${name} 3`,
      load: async () => (await keepingCommands()).settle(name),
    });
  }

  add(conflict, {
    usage: 'undo <ID>',
    summary: 'take a settlement back: what gave way comes out of the trash, and the conflict stands as before',
    example: 'docktide conflict undo 3',
    load: async () => (await keepingCommands()).reopen,
  });

  add<{ dryRun?: boolean; client?: string }>(program, {
    usage: 'free',
    summary: 'free bytes here of documents that are safely in Dropbox, by the policy of their folders',
    example: 'docktide free --dry-run',
    options: (command) =>
      command.option('--dry-run', 'only tell what would be freed').option('--client <NAME>', 'only this client'),
    load: async () => (await keepingCommands()).free,
  });
  add(program, {
    usage: 'open <PATH>',
    summary: 'bring freed bytes back where needed and print where the document is',
    example: 'xdg-open "$(docktide open Quotations/SO001/offer.pdf)"',
    load: async () => (await keepingCommands()).open,
  });

  const ignore = group('ignore', 'patterns (gitignore syntax) of what is never synced, beside .docktideignore');
  add(ignore, {
    usage: 'list',
    summary: 'list the patterns of the settings',
    example: 'docktide ignore list',
    load: async () => (await keepingCommands()).ignoreList,
  });
  add(ignore, {
    usage: 'add <PATTERN...>',
    summary: 'add patterns; what is there already stays on both sides',
    example: `docktide ignore add '*.tmp' 'Drafts/'`,
    load: async () => (await keepingCommands()).ignoreAdd,
  });
  add(ignore, {
    usage: 'remove <PATTERN...>',
    summary: 'remove patterns',
    example: `docktide ignore remove '*.tmp'`,
    load: async () => (await keepingCommands()).ignoreRemove,
  });
  add(ignore, {
    usage: 'check <PATH>',
    summary: 'tell whether a path would be synced, and what keeps it from it; a folder ends with /',
    example: 'docktide ignore check Drafts/letter.tmp',
    load: async () => (await keepingCommands()).ignoreCheck,
  });
}

export function addFolderPolicies(folder: Command, add: Add): void {
  add(folder, {
    usage: 'set-client <PATH> <NAME>',
    summary: 'give a folder to another client: first back, then there',
    example: 'docktide folder set-client Marketing Berlin',
    load: async () => (await keepingCommands()).folderSetClient,
  });
  add(folder, {
    usage: 'keep <PATH> <POLICY>',
    summary: 'how long bytes stay here: always, links, a number of days, or inherit',
    example: 'docktide folder keep Archive links',
    load: async () => (await keepingCommands()).folderKeep,
  });
  add(folder, {
    usage: 'flow <PATH> <DIRECTION>',
    summary: 'one-way folders: both, up, down, off, or inherit',
    example: 'docktide folder flow Scans up',
    load: async () => (await keepingCommands()).folderFlow,
  });
}
