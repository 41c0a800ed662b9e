// The commands for types, records and rules: hooked into the tree by program.ts; their code stands in
// commands/company.ts and is loaded when one of them runs.

import { keepingCommands } from './keeping-program.ts';
import { collect } from './values.ts';
import type { ImportArguments } from './commands/record-import.ts';
import type { Add, Group } from './program.ts';

export function addCompany(group: Group, add: Add): void {
  const company = () => import('./commands/company.ts');
  const type = group('type', 'document types: kinds of ERP objects');
  add<{ label: string }>(type, {
    usage: 'add <NAME>',
    summary: 'add a document type',
    example: 'docktide type add sale.order --label Quotations',
    options: (command) => command.requiredOption('--label <LABEL>', 'its name for people; names its folder'),
    load: async () => (await company()).typeAdd,
  });
  add(type, {
    usage: 'list',
    summary: 'list the document types',
    example: 'docktide type list --json',
    load: async () => (await company()).typeList,
  });

  add<{ label?: string; name?: string }>(type, {
    usage: 'rename <NAME>',
    summary: 'give a document type another label or name; records and rules stay its own, its folders follow the label',
    example: 'docktide type rename sale.order --label Offers',
    options: (command) =>
      command
        .option('--label <LABEL>', 'its name for people; its folders are renamed after it, here and in Dropbox')
        .option('--name <NAME>', 'its technical name; commands and files for import name it so from then on'),
    load: async () => (await company()).typeRename,
  });
  add<{ dryRun?: boolean }>(type, {
    usage: 'remove <NAME>',
    summary:
      'remove a document type without records, and its folder rules; their folders and documents stay on both sides',
    example: 'docktide type remove sale.order --dry-run',
    options: (command) => command.option('--dry-run', 'tell what hangs on it, and remove nothing'),
    load: async () => (await company()).typeRemove,
  });
  add<{ language: string }>(type, {
    usage: 'sets',
    summary: 'list the ready-made sets of document types with their subfolders',
    example: 'docktide type sets --language de',
    options: (command) => command.option('--language <LANGUAGE>', 'of the names: en, de, fr, es or ar', 'en'),
    load: async () => (await company()).typeSets,
  });
  add<{ client: string; language: string; only?: string }>(type, {
    usage: 'add-set <SET>',
    summary: 'add a ready-made set of document types with their folder rules; what is there already stays',
    example: 'docktide type add-set sales --client Office',
    options: (command) =>
      command
        .requiredOption('--client <NAME>', 'the client that keeps the folders')
        .option('--language <LANGUAGE>', 'of the names: en, de, fr, es or ar', 'en')
        .option('--only <TYPES>', 'only these types of the set, separated by commas'),
    load: async () => (await company()).typeAddSet,
  });

  const record = group('record', 'records: objects of a document type');
  add<{ name: string; field: string[] }>(record, {
    usage: 'add <TYPE> <REF>',
    summary: 'add a record',
    example: 'docktide record add sale.order SO001 --name SO001 --field state=sent --field partner="Müller GmbH"',
    options: (command) =>
      command
        .requiredOption('--name <NAME>', 'its name; names its folder')
        .option('--field <k=v>', 'a field for filters and patterns; may be repeated', collect, []),
    load: async () => (await company()).recordAdd,
  });
  add<{ name: string }>(record, {
    usage: 'rename <TYPE> <REF>',
    summary: 'give a record another name; its folder follows',
    example: 'docktide record rename sale.order SO001 --name "SO001 Müller"',
    options: (command) => command.requiredOption('--name <NAME>', 'the new name'),
    load: async () => (await company()).recordRename,
  });
  add(record, {
    usage: 'archive <TYPE> <REF>',
    summary: 'archive a record; its folder and files stay',
    example: 'docktide record archive sale.order SO001',
    load: async () => (await company()).recordArchive,
  });
  add(record, {
    usage: 'remove <TYPE> <REF>',
    summary: 'remove a record; its folder goes to the trash',
    example: 'docktide record remove sale.order SO001',
    load: async () => (await company()).recordRemove,
  });
  add<ImportArguments>(record, {
    usage: 'import <FILE.csv>',
    summary:
      'add and update records from a CSV file: columns type, ref, name and then fields, or those that --map names; ' +
      'all lines or none',
    example: `docktide record import customers.csv --type res.partner --map 'ref=Number,name="Customer name",field.city=City' --preview`,
    options: (command) =>
      command
        .option('--type <TYPE>', 'the document type of all lines')
        .option('--map <COLUMNS>', 'which column is what: ref=COLUMN,name=COLUMN,type=COLUMN,field.NAME=COLUMN')
        .option('--preview', 'tell what would be added and updated, and write nothing')
        .option('--encoding <NAME>', 'auto, utf-8 or windows-1252', 'auto')
        .option('--delimiter <SIGN>', 'auto, a comma, a semicolon or tab', 'auto')
        .option('--skip-errors', 'import the right lines although others are wrong'),
    load: async () => (await import('./commands/record-import.ts')).recordImport,
  });
  add<{ type?: string }>(record, {
    usage: 'list [TYPE]',
    summary: 'list the records, of one type or all',
    example: 'docktide record list sale.order',
    load: async () => (await company()).recordList,
  });
}

export function addRules(group: Group, add: Add): void {
  const company = () => import('./commands/company.ts');
  const rule = group('rule', 'folder rules: which records get folders, and where');
  add<{ client: string; filter?: string; pattern?: string; subfolders?: string }>(rule, {
    usage: 'add <TYPE>',
    summary: 'give the records of a type folders that are kept in Dropbox',
    example: `docktide rule add sale.order --client Office --filter 'state=sent' --subfolders "Contracts,Drawings"`,
    options: (command) =>
      command
        .requiredOption('--client <NAME>', 'the client that keeps the folders')
        .option('--filter <CONDITIONS>', "only records that match, as in 'state=sent'")
        .option('--pattern <PATTERN>', "how a record's folder is named, as in '{name}'")
        .option('--subfolders <NAMES>', 'default subfolders, separated by commas'),
    load: async () => (await company()).ruleAdd,
  });
  add(rule, {
    usage: 'list',
    summary: 'list the folder rules',
    example: 'docktide rule list',
    load: async () => (await company()).ruleList,
  });
  add<{ filter?: string; pattern?: string; subfolders?: string; existing?: boolean }>(rule, {
    usage: 'edit <ID>',
    summary:
      'change a folder rule; folders are renamed, those of records that no longer match stay, new subfolders are for new ' +
      'records, or for all with --existing',
    example: `docktide rule edit 2 --pattern '{ref} {name}'`,
    options: (command) =>
      command
        .option('--filter <CONDITIONS>', "only records that match; '' for all")
        .option('--pattern <PATTERN>', "how a record's folder is named, as in '{name}'")
        .option('--subfolders <NAMES>', "default subfolders, separated by commas; '' for none")
        .option('--existing', 'records that have a folder already get the subfolders, too; nothing is moved'),
    load: async () => (await company()).ruleEdit,
  });
  add(rule, {
    usage: 'remove <ID>',
    summary: 'remove a folder rule; its folders stay on both sides, as folders like any other',
    example: 'docktide rule remove 2',
    load: async () => (await company()).ruleRemove,
  });
  add(rule, {
    usage: 'set-client <TYPE> <NAME>',
    summary: 'give the folders of a type to another client: first back, then there',
    example: 'docktide rule set-client sale.order Berlin',
    load: async () => (await keepingCommands()).ruleSetClient,
  });
}
