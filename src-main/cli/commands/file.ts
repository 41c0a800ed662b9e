// file and versions: making, renaming, moving, deleting, uploading and downloading by hand, taking it back, and earlier
// versions of a document.

import { resolve } from 'node:path';
import { EXIT, UsageError } from '../context.ts';
import { count, printable, sizeText, table, timeText } from '../text.ts';
import { withBar } from '../work-bar.ts';
import { interruptible } from './sync.ts';
import { recordWord, word } from './words.ts';
import type {
  FileTarget,
  MovedFiles,
  Undo,
  UndoReport,
  UploadReport,
  VersionView,
} from '../../../src-shared/files-views.ts';
import type { Context } from '../context.ts';

type Words = readonly string[];

export interface TargetOptions {
  readonly to?: string;
  readonly toRecord?: string;
  readonly sub?: string;
}

/** Exactly one of a folder and a record; a `/` alone is the top. */
export function targetOf({ to, toRecord, sub }: TargetOptions): FileTarget {
  if ((to === undefined) === (toRecord === undefined)) {
    throw new UsageError('Give exactly one of --to FOLDER and --to-record TYPE/REF.');
  }
  if (toRecord !== undefined) return { kind: 'record', ...recordWord(toRecord), ...(sub === undefined ? {} : { sub }) };
  if (sub !== undefined) throw new UsageError('--sub belongs to --to-record. With --to, write the whole path.');
  return { kind: 'folder', path: to === '/' ? '' : (to ?? '') };
}

export async function fileMkdir(context: Context, words: Words): Promise<void> {
  await context.withService(async (service) => {
    const made = await service.makeFolder(word(words, 0));
    context.done(made, () => {
      const path = printable(made.folder.path);
      const unassigned =
        made.folder.client === null ? ` No client keeps it yet: docktide folder add "${path}" --client NAME.` : '';
      return `${made.made.length === 0 ? `${path} is there already.` : `Made ${path}.${undoText(made.undo)}`}${unassigned}\n`;
    });
  });
}

export async function fileRename(context: Context, words: Words): Promise<void> {
  await context.withService(async (service) => {
    const moved = await service.rename(word(words, 0), word(words, 1));
    context.done(moved, () => movedText(moved, 'It has that name already.'));
  });
}

export async function fileMove(context: Context, words: Words, options: TargetOptions): Promise<void> {
  const target = targetOf(options);
  await context.withService(async (service) => {
    const moved = await service.move(words, target);
    context.done(moved, () => movedText(moved, 'It is there already.'));
  });
}

function movedText({ moved, undo }: MovedFiles, nothing: string): string {
  if (moved.length === 0) return `${nothing}\n`;
  const lines = moved.map(({ from, to }) => `${printable(from)} is now ${printable(to)}.\n`).join('');
  return `${lines}The next sync moves it in Dropbox.${undoText(undo)}\n`;
}

export async function fileDelete(context: Context, words: Words): Promise<void> {
  await context.withService(async (service) => {
    const result = await service.delete(words);
    context.done(result, () => {
      const lines = result.deleted.map(({ path, trash }) => `${printable(path)} is in the trash (no. ${trash}).\n`);
      return `${lines.join('')}The next sync deletes it in Dropbox.${undoText(result.undo)}\n`;
    });
  });
}

export async function fileUpload(context: Context, words: Words, options: TargetOptions): Promise<number> {
  const target = targetOf(options);
  const sources = words.map((file) => resolve(context.io.workingFolder, file));
  return context.withService((service) =>
    interruptible(context, async (signal) => {
      const report = await withBar(context, (onProgress) => service.upload(sources, target, { signal, onProgress }));
      context.done(report, () => uploadText(report));
      if (report.stopped) return EXIT.error;
      return report.failed.length > 0 ? EXIT.attention : EXIT.done;
    }),
  );
}

function uploadText(report: UploadReport): string {
  const bytes = report.added.reduce((sum, { size }) => sum + size, 0);
  const lines = [
    ...report.renamed.map(({ path, reason }) => `${printable(path)}: ${printable(reason)}`),
    ...report.equal.map(({ path }) => `${printable(path)} was there already with the same content.`),
    ...report.skipped.map(({ source, reason }) => `Left out ${printable(source)}: ${printable(reason)}`),
    ...report.failed.map(({ source, reason }) => `Failed ${printable(source)}: ${printable(reason)}`),
  ];
  const made = report.folders.length === 0 ? '' : ` and ${count(report.folders.length, 'folder')}`;
  const end = `${count(report.added.length, 'file')} (${sizeText(bytes)})${made} added.`;
  const stopped = report.stopped ? ' It was stopped before everything was there.' : '';
  return `${[...lines, `${end}${stopped}${undoText(report.undo)}`].join('\n')}\n`;
}

export async function fileDownload(
  context: Context,
  words: Words,
  options: { out: string; zip?: boolean },
): Promise<number> {
  const out = resolve(context.io.workingFolder, options.out);
  return context.withService((service) =>
    interruptible(context, async (signal) => {
      const zip = options.zip === undefined ? {} : { zip: options.zip };
      const report = await withBar(context, (onProgress) =>
        service.download(words, out, { ...zip, signal, onProgress }),
      );
      context.done(report, () => {
        const skipped = report.skipped.map(({ path, reason }) => `Left out ${printable(path)}: ${printable(reason)}\n`);
        return `${skipped.join('')}${count(report.files, 'document')} (${sizeText(report.bytes)}) in ${printable(report.file)}.\n`;
      });
      return report.skipped.length > 0 ? EXIT.attention : EXIT.done;
    }),
  );
}

export async function fileUndo(context: Context, words: Words): Promise<number> {
  const [text] = words;
  if (text !== undefined && !/^\d{1,12}$/.test(text)) {
    throw new UsageError(
      `"${text}" is not a number. Give the number that the operation answered, or none for the last.`,
    );
  }
  return context.withService(async (service) => {
    const number = text === undefined ? service.lastOperation()?.number : Number(text);
    if (number === undefined) {
      context.done(
        { undone: [], failed: [], undo: null } satisfies UndoReport,
        () => 'There is nothing to take back.\n',
      );
      return EXIT.done;
    }
    const report = await service.undo(number);
    context.done(report, () => {
      const lines = [
        ...report.undone.map((path) => `${printable(path)}: taken back.`),
        ...report.failed.map(({ path, reason }) => `${printable(path)}: not taken back. ${printable(reason)}`),
      ];
      return `${lines.join('\n')}\n`;
    });
    return report.failed.length > 0 ? EXIT.attention : EXIT.done;
  });
}

export function undoText(undo: Undo | null): string {
  return undo === null ? '' : ` To take it back: docktide file undo ${undo.number}`;
}

export async function versions(context: Context, words: Words): Promise<void> {
  await context.withService(async (service) => {
    const found = await service.versions(word(words, 0));
    context.answer(found, () =>
      table<VersionView>(
        found,
        [
          { title: 'Version', value: (version) => version.rev },
          { title: 'Modified', value: (version) => timeText(version.modifiedAt) },
          { title: 'In Dropbox since', value: (version) => timeText(version.savedAt) },
          { title: 'Size', value: (version) => sizeText(version.size), align: 'right' },
          { title: '', value: (version) => (version.current ? 'present' : version.here ? 'here' : '') },
        ],
        'Dropbox keeps no version of it.',
      ),
    );
  });
}

export async function versionsRestore(context: Context, words: Words): Promise<void> {
  await context.withService(async (service) => {
    const restored = await service.restoreVersion(word(words, 0), word(words, 1));
    context.done(restored, () => {
      const path = printable(restored.path);
      if (restored.from === 'unchanged') return `${path} has that content already.\n`;
      const next =
        restored.from === 'here'
          ? 'What it had is in the trash; the next sync brings it to Dropbox.'
          : 'It was restored in Dropbox; the next sync tells of it here.';
      return `${path} has the content of version ${restored.rev}. ${next}${undoText(restored.undo)}\n`;
    });
  });
}
