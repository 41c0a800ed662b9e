// The part of the application service for bulk work (S21): importing folders of Dropbox into records and folders,
// exporting records and folders to Dropbox or to a disk, and the jobs that this makes. Each method checks the words it is
// given and starts or asks a job of bulk/.

import type { ClientId, RelPath } from '../../src-shared/domain.ts';
import type { BulkJobView, BulkReport } from '../../src-shared/bulk-views.ts';
import type { FileRef, FileTarget } from '../../src-shared/files-views.ts';
import { accountPath } from '../bulk/dropbox-folders.ts';
import { diskExportWork } from '../bulk/export-disk.ts';
import { clientOfAll, dropboxExportWork } from '../bulk/export-dropbox.ts';
import { importWork } from '../bulk/import.ts';
import { makeBulkRunner, type BulkOptions, type BulkRunner } from '../bulk/jobs.ts';
import type { BulkWork } from '../bulk/run-job.ts';
import { entryOf, folderOf, pathOfWords, topmost } from '../files/parts.ts';
import { makeFolder } from '../files/relocate.ts';
import type { BulkJob } from '../store/bulk-jobs.ts';
import { filePartsOf } from './files-service.ts';
import { AppError } from './service.ts';
import type { Workplace } from './docktide.ts';

export type ExportTarget =
  /** A folder of the same Dropbox account, outside the client's root. */
  | { readonly kind: 'dropbox'; readonly path: string }
  /** Absolute path of a folder of this computer. */
  | { readonly kind: 'disk'; readonly folder: string };

/** Everything that runs ends with a report, also when it was stopped by the signal or cancelled. */
export interface BulkService {
  /** The content of a folder of Dropbox, copied there into the target; a folder that is named is made where it is missing. */
  bulkImport(
    source: string,
    target: FileTarget,
    options?: BulkOptions & { readonly client?: string },
  ): Promise<BulkReport>;
  /** Each of what is named lies under its own name in the target. */
  bulkExport(refs: readonly FileRef[], target: ExportTarget, options?: BulkOptions): Promise<BulkReport>;
  /** Goes on with what was stopped, interrupted, cancelled or failed, and tries again what failed in it. */
  bulkResume(id: number, options?: BulkOptions): Promise<BulkReport>;
  bulkCancel(id: number): Promise<BulkJobView>;
  /** Newest first. */
  bulkJobs(): Promise<readonly BulkJobView[]>;
  bulkReport(id: number, everything?: boolean): Promise<BulkReport>;
}

export function bulkOf(use: () => Workplace): BulkService {
  const runners = new WeakMap<Workplace, BulkRunner>();
  const runner = (): BulkRunner => {
    const place = use();
    const known = runners.get(place) ?? runnerOf(place);
    runners.set(place, known);
    return known;
  };
  return {
    async bulkImport(source, target, options = {}) {
      const place = use();
      const { client, path } = await importTarget(place, target, options.client);
      return runner().start(
        {
          kind: 'import',
          client: nameOf(place, client),
          clientId: client,
          sources: [`/${accountPath(source)}`],
          target: path,
        },
        options,
      );
    },
    async bulkExport(refs, target, options = {}) {
      const place = use();
      const parts = filePartsOf(place);
      if (refs.length === 0) throw new AppError('unknown-path', 'Nothing was named. Name what is to be exported.');
      const sources = topmost(parts, refs).map(({ path }) => path);
      const client = target.kind === 'dropbox' ? clientOfAll(parts, refs) : null;
      return runner().start(
        {
          kind: target.kind === 'dropbox' ? 'export-dropbox' : 'export-disk',
          client: client === null ? null : nameOf(place, client),
          clientId: client,
          sources,
          target: target.kind === 'dropbox' ? `/${accountPath(target.path)}` : target.folder,
        },
        options,
      );
    },
    bulkResume: (id, options) => runner().resume(id, options),
    bulkCancel: (id) => runner().cancel(id),
    bulkJobs: () => runner().list(),
    bulkReport: (id, everything) => runner().report(id, everything ?? false),
  };
}

function runnerOf(place: Workplace): BulkRunner {
  const { store, bulkLock, clock, events } = place;
  return makeBulkRunner({
    rows: store.bulkJobs,
    lock: bulkLock,
    clock,
    workOf: async (job) => workOf(place, job),
    ended: (job) => {
      store.sync.log({
        level: job.state === 'failed' || job.failed > 0 ? 'warning' : 'info',
        clientId: store.sync.clients().find(({ name }) => name === job.client)?.id ?? null,
        direction: null,
        kind: `bulk.${job.kind}`,
        path: job.kind === 'import' ? (job.target as RelPath) : ((job.sources[0] ?? null) as RelPath | null),
        bytes: job.bytesDone,
        duration: clock.now() - Date.parse(job.startedAt),
        result: job.state === 'done' ? 'done' : 'note',
        reason: `${job.sources.join(', ')} to ${job.target}: ${job.done} done, ${job.skipped} left out, ${job.failed} failed, ${job.left} left.`,
      });
      events.emit({ kind: 'entries-changed' });
    },
  });
}

function workOf(place: Workplace, job: BulkJob): BulkWork {
  const parts = filePartsOf(place);
  if (job.kind === 'export-disk') {
    return diskExportWork(parts, {
      refs: job.sources,
      target: job.target,
      refused: [place.documents, place.dataFolder],
    });
  }
  const { clientId } = job;
  if (clientId === null || place.store.sync.client(clientId) === null) {
    throw new AppError('unknown-client', `The client "${job.client ?? ''}" of this job was removed. Start a new one.`);
  }
  if (place.store.keeping.isResetting(clientId)) {
    throw new AppError(
      'client-resetting',
      `Everything of "${job.client ?? ''}" is being brought back just now. Wait until "docktide sync" has ended that.`,
    );
  }
  if (job.kind === 'export-dropbox') {
    return dropboxExportWork(parts, { client: clientId, refs: job.sources, target: accountPath(job.target) });
  }
  const target = pathOfWords(job.target);
  entryOf(parts, target);
  return importWork(
    {
      ...parts,
      platform: process.platform === 'win32' ? 'windows' : 'posix',
      alone: (work) => place.passes.alone(work),
    },
    { client: clientId, source: accountPath(job.sources[0] ?? ''), target },
  );
}

/** The folder here, made where it is missing, and the client that keeps it. */
async function importTarget(
  place: Workplace,
  target: FileTarget,
  clientName: string | undefined,
): Promise<{ readonly client: ClientId; readonly path: RelPath }> {
  const { store } = place;
  const parts = filePartsOf(place);
  const wanted = clientName === undefined ? null : store.clients.get(clientName).id;
  const path = await place.passes.alone(async () => {
    if (target.kind === 'record') await place.folder.followCatalog();
    const folder = target.kind === 'folder' ? pathOfWords(target.path) : folderOf(parts, target);
    return folder === '' ? folder : (await makeFolder(parts, folder)).path;
  });
  if (path === '') {
    throw new AppError(
      'bad-path',
      'Nothing is imported to the top itself. Name a folder; it is made where it is missing.',
    );
  }
  const { id } = entryOf(parts, path);
  const owner = store.entries.clientOf(id);
  if (owner === null && wanted !== null) store.assign(id, wanted);
  const client = owner ?? wanted;
  if (client === null) {
    throw new AppError(
      'outside-clients',
      `The folder "${path}" is kept in no Dropbox yet. Name the client with --client, or choose another folder.`,
    );
  }
  if (wanted !== null && wanted !== client) {
    throw new AppError(
      'other-client',
      `The folder "${path}" is kept by "${nameOf(place, client)}", and Dropbox copies inside one account only. Choose a folder of "${clientName ?? ''}".`,
    );
  }
  return { client, path };
}

function nameOf({ store }: Workplace, id: ClientId): string {
  return store.sync.client(id)?.name ?? '';
}
