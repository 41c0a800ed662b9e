// init, type, record and rule: what the company is and which folders it gets.

import { resolve } from 'node:path';
import { LANGUAGES, type Language } from '../../../src-shared/languages.ts';
import { UsageError } from '../context.ts';
import { count, printable, table } from '../text.ts';
import { fieldWords, nameList, word } from './words.ts';
import type { RecordView, RuleView, TypeUse, TypeView } from '../../app/service.ts';
import type { Context } from '../context.ts';

type Words = readonly string[];

export async function init(context: Context, _words: Words, options: { documents: string }): Promise<void> {
  const documents = resolve(context.io.workingFolder, options.documents);
  await context.withService(async (service) => {
    const status = await service.init(documents);
    context.done(status, () => `Ready. Documents are in ${printable(status.documents)}.\n`);
  });
}

export async function typeAdd(context: Context, words: Words, options: { label: string }): Promise<void> {
  await context.withService((service) => {
    const type = service.addType(word(words, 0), options.label);
    context.done(type, () => `Added the document type ${printable(type.name)} (${printable(type.label)}).\n`);
  });
}

export async function typeList(context: Context): Promise<void> {
  await context.withService((service) => {
    const types = service.types();
    context.answer(types, () =>
      table<TypeView>(
        types,
        [
          { title: 'Type', value: (type) => type.name },
          { title: 'Label', value: (type) => type.label },
          { title: 'Records', value: (type) => type.records, align: 'right' },
        ],
        'There are no document types yet.',
      ),
    );
  });
}

export async function typeRename(
  context: Context,
  words: Words,
  options: { label?: string; name?: string },
): Promise<void> {
  const { label, name } = options;
  if (label === undefined && name === undefined) throw new UsageError('Nothing to change. Give --label or --name.');
  await context.withService(async (service) => {
    const before = word(words, 0);
    const type = await service.renameType(before, {
      ...(label === undefined ? {} : { label }),
      ...(name === undefined ? {} : { name }),
    });
    context.done(type, () => {
      const named = type.name === before ? '' : ` ${printable(type.name)},`;
      const folders = type.folders.length === 0 ? '' : `; ${folderWords(type)}`;
      return `${printable(before)} is now${named} called ${printable(type.label)}${folders}.\n`;
    });
  });
}

export async function typeRemove(context: Context, words: Words, options: { dryRun?: boolean }): Promise<void> {
  await context.withService(async (service) => {
    const name = word(words, 0);
    if (options.dryRun === true) {
      const use = service.typeUse(name);
      context.answer(use, () => `${useWords(use)}\n`);
      return;
    }
    const type = await service.removeType(name);
    const stay =
      type.folders.length === 0 ? '' : `; ${type.folders.map(printable).join(', ')} with ${documentsOf(type)} stays`;
    context.done(type, () => `Removed the document type ${printable(name)}${stay}.\n`);
  });
}

function useWords(use: TypeUse): string {
  const { name, label, records, rules } = use;
  const head = `${printable(name)} (${printable(label)}): ${count(records, 'record')}, ${count(rules, 'folder rule')}, ${documentsOf(use)}.`;
  if (records > 0) return `${head} It cannot be removed while it has records.`;
  return use.folders.length === 0
    ? `${head} Nothing else goes with it.`
    : `${head} Its rules would go, too; ${use.folders.map(printable).join(', ')} would stay, here and in Dropbox.`;
}

function documentsOf({ documents }: TypeUse): string {
  return count(documents, 'document');
}

function folderWords({ folders }: TypeUse): string {
  return `${folders.length === 1 ? 'its folder is' : 'its folders are'} ${folders.map(printable).join(', ')}`;
}

export async function typeSets(context: Context, _words: Words, options: { language: string }): Promise<void> {
  const language = languageWord(options.language);
  await context.withService(async (service) => {
    const sets = await service.typeSets(language);
    const rows = sets.flatMap(({ id, types }) => types.map((type) => ({ id, ...type })));
    context.answer(sets, () =>
      table<(typeof rows)[number]>(
        rows,
        [
          { title: 'Set', value: ({ id }) => id },
          { title: 'Type', value: ({ name }) => name },
          { title: 'Label', value: ({ label }) => label },
          { title: 'Subfolders', value: ({ subfolders }) => subfolders.join(', ') },
          { title: 'Here', value: ({ present }) => (present ? 'yes' : '') },
        ],
        'There are no sets.',
      ),
    );
  });
}

export async function typeAddSet(
  context: Context,
  words: Words,
  options: { client: string; language: string; only?: string },
): Promise<void> {
  const language = languageWord(options.language);
  const only = options.only === undefined ? {} : { only: nameList(options.only) };
  await context.withService(async (service) => {
    const set = word(words, 0);
    const added = await service.addTypeSet(set, options.client, { language, ...only });
    context.done({ set, client: options.client, ...added }, () => {
      const labels = new Map(service.types().map(({ name, label }) => [name, label]));
      const lines = [
        ...added.rules.map(({ type, subfolders }) => {
          const inside = subfolders.length === 0 ? '' : `: ${subfolders.map(printable).join(', ')}`;
          return `Added ${printable(labels.get(type) ?? type)} (${printable(type)})${inside}.`;
        }),
        ...added.kept.map((type) => `${printable(type)} has a folder rule already and stays as it is.`),
      ];
      return `${lines.join('\n')}\n`;
    });
  });
}

function languageWord(text: string): Language {
  const language = LANGUAGES.find((one) => one === text.toLowerCase());
  if (language !== undefined) return language;
  throw new UsageError(`"${text}" is not a language that there are words in. Write one of ${LANGUAGES.join(', ')}.`);
}

export async function recordAdd(
  context: Context,
  words: Words,
  options: { name: string; field: readonly string[] },
): Promise<void> {
  const fields = fieldWords(options.field);
  await context.withService(async (service) => {
    const record = await service.addRecord(word(words, 0), word(words, 1), options.name, fields);
    context.done(record, () => `Added ${nameOf(record)}${inFolder(record)}.\n`);
  });
}

export async function recordRename(context: Context, words: Words, options: { name: string }): Promise<void> {
  await context.withService(async (service) => {
    const record = await service.renameRecord(word(words, 0), word(words, 1), options.name);
    context.done(record, () => `${nameOf(record)} is now called ${printable(record.name)}${inFolder(record)}.\n`);
  });
}

export async function recordArchive(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const record = service.archiveRecord(word(words, 0), word(words, 1));
    context.done(record, () => `Archived ${nameOf(record)}; its folder and files stay.\n`);
  });
}

export async function recordRemove(context: Context, words: Words): Promise<void> {
  await context.withService(async (service) => {
    const record = await service.removeRecord(word(words, 0), word(words, 1));
    context.done(record, () => `Removed ${nameOf(record)}; its files are in the trash.\n`);
  });
}

export async function recordList(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const records = service.records(words[0]);
    context.answer(records, () =>
      table<RecordView>(
        records,
        [
          { title: 'Record', value: (record) => `${record.type}/${record.ref}` },
          { title: 'Name', value: (record) => record.name },
          { title: 'Fields', value: (record) => fieldsText(record.fields) },
          { title: 'Folder', value: (record) => record.folder },
          { title: '', value: (record) => (record.archived ? 'archived' : '') },
        ],
        'There are no records yet.',
      ),
    );
  });
}

export async function ruleAdd(
  context: Context,
  words: Words,
  options: { client: string; filter?: string; pattern?: string; subfolders?: string },
): Promise<void> {
  await context.withService(async (service) => {
    const rule = await service.addRule(word(words, 0), options.client, {
      ...(options.filter === undefined ? {} : { filter: options.filter }),
      ...(options.pattern === undefined ? {} : { pattern: options.pattern }),
      ...(options.subfolders === undefined ? {} : { subfolders: nameList(options.subfolders) }),
    });
    context.done(rule, () => `Records of ${printable(rule.type)} get folders for ${printable(rule.client)}.\n`);
  });
}

export async function ruleEdit(
  context: Context,
  words: Words,
  options: { filter?: string; pattern?: string; subfolders?: string; existing?: boolean },
): Promise<void> {
  const id = ruleNumber(words);
  const { filter, pattern, subfolders, existing = false } = options;
  if (filter === undefined && pattern === undefined && subfolders === undefined && !existing) {
    throw new UsageError('Nothing to change. Give --filter, --pattern, --subfolders or --existing.');
  }
  await context.withService(async (service) => {
    const rule = await service.updateRule(id, {
      ...(filter === undefined ? {} : { filter }),
      ...(pattern === undefined ? {} : { pattern }),
      ...(subfolders === undefined ? {} : { subfolders: nameList(subfolders) }),
      existing,
    });
    context.done(rule, () => `Changed the rule ${rule.id} for ${printable(rule.type)}.\n`);
  });
}

export async function ruleRemove(context: Context, words: Words): Promise<void> {
  const id = ruleNumber(words);
  await context.withService(async (service) => {
    const rule = await service.removeRule(id);
    context.done(rule, () => `Removed the rule ${rule.id} for ${printable(rule.type)}; its folders stay.\n`);
  });
}

function ruleNumber(words: Words): number {
  const text = word(words, 0);
  if (!/^\d{1,12}$/.test(text)) {
    throw new UsageError(`"${text}" is not a number. Give the one from "docktide rule list".`);
  }
  return Number(text);
}

export async function ruleList(context: Context): Promise<void> {
  await context.withService((service) => {
    const rules = service.rules();
    context.answer(rules, () =>
      table<RuleView>(
        rules,
        [
          { title: 'No', value: (rule) => rule.id, align: 'right' },
          { title: 'Type', value: (rule) => rule.type },
          { title: 'Client', value: (rule) => rule.client },
          { title: 'Filter', value: (rule) => rule.filter },
          { title: 'Pattern', value: (rule) => rule.pattern },
          { title: 'Subfolders', value: (rule) => rule.subfolders.join(', ') },
        ],
        'There are no folder rules yet.',
      ),
    );
  });
}

function nameOf(record: RecordView): string {
  return printable(`${record.type}/${record.ref}`);
}

function inFolder(record: RecordView): string {
  return record.folder === null ? '' : `; its folder is ${printable(record.folder)}`;
}

function fieldsText(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}
