// folder, attach and ls: the tree and what is in it.

import { resolve } from 'node:path';
import { UsageError } from '../context.ts';
import { printable, sizeText, table } from '../text.ts';
import { recordWord, word } from './words.ts';
import type { EntryView } from '../../../src-shared/views.ts';
import type { AttachTarget } from '../../app/service.ts';
import type { Context } from '../context.ts';

type Words = readonly string[];

export async function folderAdd(context: Context, words: Words, options: { client: string }): Promise<void> {
  await context.withService(async (service) => {
    const folder = await service.addFolder(word(words, 0), options.client);
    context.done(folder, () => `${printable(folder.path)} is kept by ${printable(options.client)}.\n`);
  });
}

export async function folderList(context: Context): Promise<void> {
  await context.withService((service) => {
    const folders = service.folders();
    context.answer(folders, () =>
      table<EntryView>(
        folders,
        [
          { title: 'Folder', value: (folder) => folder.path },
          { title: 'Client', value: (folder) => folder.client },
          { title: 'State', value: (folder) => folder.state },
        ],
        'No folder was assigned by hand yet.',
      ),
    );
  });
}

interface AttachOptions {
  readonly record?: string;
  readonly folder?: string;
  readonly sub?: string;
}

export async function attach(context: Context, words: Words, options: AttachOptions): Promise<void> {
  const target = targetOf(options);
  const files = words.map((file) => resolve(context.io.workingFolder, file));
  await context.withService(async (service) => {
    const attached = await service.attach(files, target);
    context.done({ attached }, () => attached.map((entry) => `Attached ${printable(entry.path)}.\n`).join(''));
  });
}

function targetOf(options: AttachOptions): AttachTarget {
  const sub = options.sub ?? null;
  if ((options.record === undefined) === (options.folder === undefined)) {
    throw new UsageError('Give exactly one of --record TYPE/REF and --folder PATH.');
  }
  if (options.record !== undefined) return { kind: 'record', ...recordWord(options.record), sub };
  return { kind: 'folder', path: options.folder ?? '', sub };
}

export async function ls(context: Context, words: Words): Promise<void> {
  await context.withService((service) => {
    const entries = service.list(words[0]);
    context.answer(entries, () =>
      table<EntryView>(
        entries,
        [
          { title: 'Path', value: (entry) => (entry.kind === 'folder' ? `${entry.path}/` : entry.path) },
          { title: 'Size', value: (entry) => sizeText(entry.size), align: 'right' },
          { title: 'Type', value: (entry) => entry.type ?? '' },
          { title: 'State', value: (entry) => entry.state },
          { title: 'Client', value: (entry) => entry.client ?? '' },
          { title: 'Record', value: (entry) => entry.record ?? '' },
        ],
        'There is nothing here yet.',
      ),
    );
  });
}
