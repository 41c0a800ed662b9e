// The commands of commands/links.ts with their options, help and examples. Called by program.ts.

import { InvalidArgumentError } from 'commander';
import type { CreateArguments, ListArguments, RevokeArguments } from './commands/links.ts';
import type { Add, Group } from './program.ts';

const linkCommands = () => import('./commands/links.ts');

export function addLinks(group: Group, add: Add): void {
  const link = group('link', 'links to documents and folders, for people outside of Docktide');
  add<CreateArguments>(link, {
    usage: 'create <PATH>',
    summary: 'make a link to a document or folder; one that exists is used again',
    example:
      'LINK_PASSWORD=… docktide link create Quotations/SO001/offer.pdf --expires 2027-01-31 --password-env LINK_PASSWORD',
    options: (command) =>
      command
        .option('--expires <DATE>', 'the last day (2027-01-31) or the very moment (2027-01-31T12:00) it works')
        .option('--password-env <VAR>', 'the environment variable that holds a password for it')
        .option('--password-stdin', 'or read the password from standard input')
        .option('--audience <WHO>', 'public or team; by the kind of the account unless told', audience),
    load: async () => (await linkCommands()).linkCreate,
  });
  add<ListArguments>(link, {
    usage: 'list [PATH]',
    summary: 'all links that are out in the world, checked with Dropbox',
    example: 'docktide link list Quotations/SO001',
    options: (command) =>
      command
        .option('--all', "with the account's links to what lies outside of the root folder")
        .option('--client <NAME>', 'only this client')
        .option('--offline', 'as they were known last, without asking Dropbox'),
    load: async () => (await linkCommands()).linkList,
  });
  add(link, {
    usage: 'copy <PATH>',
    summary: 'print the address of a link alone; where there is none, one is made',
    example: 'docktide link copy Quotations/SO001/offer.pdf | wl-copy',
    load: async () => (await linkCommands()).linkCopy,
  });
  add<RevokeArguments>(link, {
    usage: 'revoke [PATH]',
    summary: 'take the link to a document or folder back; a path or the address of a link',
    example: 'docktide link revoke Quotations/SO001/offer.pdf',
    options: (command) =>
      command
        .option('--all', 'every link into the root folders')
        .option('--client <NAME>', 'with --all: only of this client'),
    load: async () => (await linkCommands()).linkRevoke,
  });
}

function audience(value: string): 'public' | 'team' {
  if (value === 'public' || value === 'team') return value;
  throw new InvalidArgumentError('It must be public or team.');
}
