// bulk: importing from elsewhere in Dropbox, exporting to Dropbox or to a disk, and the jobs that this makes.

import { resolve } from 'node:path';
import { EXIT, UsageError } from '../context.ts';
import { count, printable, sizeText, table, timeText } from '../text.ts';
import { withBar } from '../work-bar.ts';
import { targetOf, type TargetOptions } from './file.ts';
import { interruptible } from './sync.ts';
import { recordWord, word } from './words.ts';
import type { BulkItemView, BulkJobView, BulkProgress, BulkReport } from '../../../src-shared/bulk-views.ts';
import type { BulkOptions } from '../../bulk/jobs.ts';
import type { DocktideService } from '../../app/docktide.ts';
import type { Context } from '../context.ts';

type Words = readonly string[];

export async function bulkImport(
  context: Context,
  words: Words,
  options: TargetOptions & { readonly client?: string },
): Promise<number> {
  const target = targetOf(options);
  const client = options.client === undefined ? {} : { client: options.client };
  return running(context, (service, work) => service.bulkImport(word(words, 0), target, { ...work, ...client }));
}

export interface ExportOptions {
  readonly toDropbox?: string;
  readonly toDisk?: string;
  readonly record?: readonly string[];
}

export async function bulkExport(context: Context, words: Words, options: ExportOptions): Promise<number> {
  const { toDropbox, toDisk } = options;
  if ((toDropbox === undefined) === (toDisk === undefined)) {
    throw new UsageError('Give exactly one of --to-dropbox PATH and --to-disk FOLDER.');
  }
  const records = (options.record ?? []).map(recordWord);
  if (words.length + records.length === 0)
    throw new UsageError('Name what is to be exported: paths, or --record TYPE/REF.');
  return running(context, (service, work) => {
    const refs = [...words, ...records.map((record) => folderOf(service, record))];
    return service.bulkExport(
      refs,
      toDisk === undefined
        ? { kind: 'dropbox', path: toDropbox ?? '' }
        : { kind: 'disk', folder: resolve(context.io.workingFolder, toDisk) },
      work,
    );
  });
}

function folderOf(service: DocktideService, { type, ref }: { readonly type: string; readonly ref: string }): string {
  const found = service.find({ record: `${type}/${ref}`, kinds: ['record'] })[0];
  if (found !== undefined && found.path !== '') return found.path;
  throw new UsageError(`The record ${type}/${ref} has no folder. See "docktide record list ${type}".`);
}

export async function bulkResume(context: Context, words: Words): Promise<number> {
  const id = jobNumber(words);
  return running(context, (service, work) => service.bulkResume(id, work));
}

/** Ctrl+C stops the job, which can be resumed. */
async function running(
  context: Context,
  work: (service: DocktideService, options: BulkOptions) => Promise<BulkReport>,
): Promise<number> {
  return context.withService((service) =>
    interruptible(context, async (signal) => {
      const report = await withBar<BulkReport>(context, (onProgress) =>
        work(service, { signal, onProgress: (progress: BulkProgress) => onProgress(progress) }),
      );
      context.done(report, () => reportText(report));
      if (report.error !== null) context.io.stderr(`docktide: ${report.error}\n`);
      if (report.state !== 'done') return EXIT.error;
      return report.failed > 0 ? EXIT.attention : EXIT.done;
    }),
  );
}

export async function bulkCancel(context: Context, words: Words): Promise<void> {
  const id = jobNumber(words);
  await context.withService(async (service) => {
    const job = await service.bulkCancel(id);
    context.done(job, () =>
      job.state === 'cancelled'
        ? `Job ${id} is cancelled. ${sumText(job)}.\n`
        : `Job ${id} is ${job.state}. ${sumText(job)}.\n`,
    );
  });
}

export async function bulkList(context: Context): Promise<void> {
  await context.withService(async (service) => {
    const jobs = await service.bulkJobs();
    context.answer(jobs, () =>
      table<BulkJobView>(
        jobs,
        [
          { title: 'No', value: (job) => job.id, align: 'right' },
          { title: 'Started', value: (job) => timeText(job.startedAt) },
          { title: 'What', value: (job) => job.kind },
          { title: 'From', value: (job) => job.sources.join(', ') },
          { title: 'To', value: (job) => job.target },
          { title: 'State', value: (job) => job.state },
          { title: 'Done', value: (job) => `${job.done + job.skipped} of ${job.total}`, align: 'right' },
          { title: 'Failed', value: (job) => job.failed, align: 'right' },
        ],
        'Nothing was imported or exported yet.',
      ),
    );
  });
}

export async function bulkShow(context: Context, words: Words, options: { readonly all?: boolean }): Promise<void> {
  const id = jobNumber(words);
  await context.withService(async (service) => {
    const report = await service.bulkReport(id, options.all ?? false);
    context.answer(report, () => reportText(report));
  });
}

function reportText(report: BulkReport): string {
  const items =
    report.items.length === 0
      ? ''
      : table<BulkItemView>(
          report.items,
          [
            { title: 'Result', value: (item) => item.state },
            { title: 'From', value: (item) => item.source },
            { title: 'To', value: (item) => item.target },
            { title: 'Why', value: (item) => item.reason ?? '' },
          ],
          '',
        );
  const resume = report.state !== 'done' || report.failed > 0 ? ` To go on: docktide bulk resume ${report.id}.` : '';
  const next =
    report.kind === 'import' && report.done > 0 ? ' The documents are here as links; opening one fetches it.' : '';
  return `${items}Job ${report.id} (${report.kind}) is ${report.state}. ${sumText(report)}.${next}${resume}\n`;
}

function sumText(job: BulkJobView): string {
  const parts = [`${job.done} done`, `${job.skipped} left out`, `${job.failed} failed`, `${job.left} left`];
  return `${count(job.total, 'entry', 'entries')}: ${parts.join(', ')}; ${sizeText(job.bytesDone)} of ${sizeText(job.bytesTotal)} to ${printable(job.target)}`;
}

function jobNumber(words: Words): number {
  const text = word(words, 0);
  if (!/^\d{1,12}$/.test(text))
    throw new UsageError(`"${text}" is not a number. Give the number from "docktide bulk list".`);
  return Number(text);
}
