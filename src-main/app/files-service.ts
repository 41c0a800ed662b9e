// The part of the application service that finds documents and works on them: search, folders, renaming, moving,
// deleting, uploading, downloading, previews, earlier versions, and taking back what was done. Each method checks the
// words it is given and calls a service of files/ or the store, under the lock that keeps processes apart.

import type { ClientId, LocalId, RelPath } from '../../src-shared/domain.ts';
import type {
  DeletedFiles,
  DownloadReport,
  FileChange,
  FileRef,
  FileTarget,
  MadeFolder,
  MovedFiles,
  RestoredVersion,
  Undo,
  UndoReport,
  UploadReport,
  VersionView,
} from '../../src-shared/files-views.ts';
import type { SearchQuery, SearchResult } from '../../src-shared/search-views.ts';
import { openContent, type DocumentContent } from '../files/content.ts';
import { downloadFiles, type DownloadOptions } from '../files/download.ts';
import { entryOf, pathOfWords, takeUp, type FileParts } from '../files/parts.ts';
import { previewOf, thumbnailOf, versionPreviewOf, type Preview } from '../files/preview.ts';
import { makeFolder, moveEntries, renameEntry } from '../files/relocate.ts';
import { deleteEntries } from '../files/remove.ts';
import { restoreKept, undoChange } from '../files/undo.ts';
import { uploadFiles, type UploadOptions } from '../files/upload.ts';
import { restoreVersion, versionsOf } from '../files/versions.ts';
import type { Restored } from '../keeping/trash.ts';
import { asAppError } from './errors.ts';
import { trashParts } from './keeping-service.ts';
import { AppError } from './service.ts';
import type { Workplace } from './docktide.ts';

export interface FilesService {
  /** Files, folders and records, best first. Empty where nothing is asked. Throws 'unknown-…', 'bad-date', 'bad-path'. */
  find(query: SearchQuery): readonly SearchResult[];

  makeFolder(path: string): Promise<MadeFolder>;
  rename(ref: FileRef, name: string): Promise<MovedFiles>;
  /** Where a name is taken, the moved one gets a number. */
  move(refs: readonly FileRef[], target: FileTarget): Promise<MovedFiles>;
  /** To the trash. */
  delete(refs: readonly FileRef[]): Promise<DeletedFiles>;
  /** Out of the trash, by its number there. `undo` is null where some of it comes back with the next pass only. */
  restore(trash: number): Promise<Restored & { readonly undo: Undo | null }>;
  /** `sources` are absolute paths of files and folders. */
  upload(
    sources: readonly string[],
    target: FileTarget,
    options?: Pick<UploadOptions, 'signal' | 'onProgress'>,
  ): Promise<UploadReport>;
  /** `out` is an absolute path: of the file to write, or of a folder that is there. Nothing is overwritten. */
  download(refs: readonly FileRef[], out: string, options?: DownloadOptions): Promise<DownloadReport>;
  /** Takes back what an operation did, by its number or by the change that it answered. */
  undo(operation: number | FileChange): Promise<UndoReport>;
  /** The last operation that was not taken back; null where there is none. */
  lastOperation(): Undo | null;

  /** The bytes of a document, from here or from Dropbox. */
  content(id: number, signal?: AbortSignal): Promise<DocumentContent>;
  /** What a page can show of a document. Throws 'not-downloadable' where there is nothing to show. */
  preview(id: number, signal?: AbortSignal): Promise<Preview>;
  /** The same of an earlier version. Throws 'unknown-version', 'not-in-dropbox', 'not-downloadable'. */
  versionPreview(id: number, rev: string, signal?: AbortSignal): Promise<Preview>;
  /** A picture of about `size` pixels. Throws 'not-downloadable' where there is none. */
  thumbnail(id: number, size: number, signal?: AbortSignal): Promise<Preview>;

  versions(ref: FileRef): Promise<readonly VersionView[]>;
  restoreVersion(ref: FileRef, rev: string, signal?: AbortSignal): Promise<RestoredVersion>;
}

export function filesOf(use: () => Workplace): FilesService {
  /** Under the pass lock; the change is kept, so that it can be taken back. */
  const changing = async <T>(work: (place: Workplace, parts: FileParts) => Promise<T>): Promise<T> => {
    const place = use();
    try {
      return await place.passes.alone(() => work(place, filePartsOf(place)));
    } finally {
      place.events.emit({ kind: 'entries-changed' });
    }
  };
  return {
    find(query) {
      const { folder } = query;
      return use().store.search(typeof folder === 'string' ? { ...query, folder: pathOfWords(folder) } : query);
    },

    makeFolder: (path) =>
      changing(async (place, parts) => {
        const { path: there, made } = await makeFolder(parts, path);
        const folder = place.store.listing.view(entryOf(parts, there).id);
        if (folder === null) throw new AppError('internal', `The folder "${there}" has vanished. Try again.`);
        const undo = made.length === 0 ? null : kept(place, { kind: 'made', folders: made });
        return { folder, made: made.map((one) => one.path), undo };
      }),
    rename: (ref, name) =>
      changing(async (place, parts) => {
        const moved = await renameEntry(parts, ref, name);
        return movedFiles(place, moved.from === moved.to ? [] : [moved]);
      }),
    move: (refs, target) =>
      changing(async (place, parts) => {
        if (target.kind === 'record') await place.folder.followCatalog();
        return movedFiles(place, await moveEntries(parts, refs, target));
      }),
    delete: (refs) =>
      changing(async (place, parts) => {
        const deleted = (await deleteEntries(parts, refs)).map(({ path, trash }) => ({ path, trash }));
        return { deleted, undo: deleted.length === 0 ? null : kept(place, { kind: 'deleted', items: deleted }) };
      }),
    restore: (number) =>
      changing(async (place, parts) => {
        const { change, ...restored } = await restoreKept(parts, trashParts(place), number);
        return { ...restored, undo: change === null ? null : kept(place, change) };
      }),
    upload: (sources, target, options) => upload(use(), sources, target, options ?? {}),
    download: (refs, out, options) => downloadFiles(filePartsOf(use()), refs, out, options),
    undo: (operation) => undo(use(), changing, operation),
    lastOperation() {
      const last = use().store.fileChanges.last();
      return last === null ? null : { number: last.number, change: last.change };
    },

    content: (id, signal) => openContent(filePartsOf(use()), id as LocalId, signal),
    preview: (id, signal) => previewOf(filePartsOf(use()), id as LocalId, signal),
    versionPreview: (id, rev, signal) => versionPreviewOf(filePartsOf(use()), id as LocalId, rev, signal),
    thumbnail: (id, size, signal) => thumbnailOf(filePartsOf(use()), id as LocalId, size, signal),

    versions: (ref) => versionsOf(filePartsOf(use()), ref),
    restoreVersion: (ref, rev, signal) =>
      changing(async (place, parts) => {
        const { change, ...restored } = await restoreVersion(parts, ref, rev, signal);
        return { ...restored, undo: change === null ? null : kept(place, change) };
      }),
  };
}

/** What the services of files/ and bulk/ work with. */
export function filePartsOf({ store, disk, engine, clouds }: Workplace): FileParts {
  return {
    store,
    disk,
    engine,
    account: (id: ClientId) => {
      const client = store.sync.client(id);
      if (client === null) throw new AppError('unknown-client', 'The client was removed meanwhile.');
      return clouds.of(client);
    },
  };
}

function kept({ store }: Workplace, change: FileChange): Undo {
  return { number: store.fileChanges.add(change), change };
}

function movedFiles(place: Workplace, moves: MovedFiles['moved']): MovedFiles {
  const moved = moves.map(({ id, from, to }) => ({ id, from, to }));
  return { moved, undo: moved.length === 0 ? null : kept(place, { kind: 'moved', moves: moved }) };
}

async function upload(
  place: Workplace,
  sources: readonly string[],
  target: FileTarget,
  options: Pick<UploadOptions, 'signal' | 'onProgress'>,
): Promise<UploadReport> {
  const parts = filePartsOf(place);
  if (target.kind === 'record') await place.passes.whenFree(() => place.folder.followCatalog());
  // While another process is in a pass the files wait in their folder; that pass, or the next, takes them up.
  const settle = async (paths: readonly RelPath[]): Promise<void> => {
    if (await place.passes.whenFree(() => takeUp(parts, paths))) return;
    try {
      await place.passes.alone(() => takeUp(parts, paths));
    } catch (error) {
      if (asAppError(error).code !== 'busy') throw error;
    }
  };
  try {
    const { added, folders, ...rest } = await uploadFiles(parts, sources, target, { ...options, settle });
    const files = added.flatMap(({ id, path, hash }) => (id === null ? [] : [{ id, path, contentHash: hash }]));
    const isEmpty = files.length === 0 && folders.length === 0;
    return {
      ...rest,
      added: added.map(({ source, path, id, size }) => ({ source, path, id, size })),
      folders: folders.map(({ path }) => path),
      undo: isEmpty ? null : kept(place, { kind: 'uploaded', folders, files }),
    };
  } finally {
    place.events.emit({ kind: 'entries-changed' });
  }
}

async function undo(
  place: Workplace,
  changing: <T>(work: (place: Workplace, parts: FileParts) => Promise<T>) => Promise<T>,
  operation: number | FileChange,
): Promise<UndoReport> {
  const { fileChanges } = place.store;
  const found = typeof operation === 'number' ? fileChanges.get(operation) : null;
  if (typeof operation === 'number' && (found === null || found.undone)) {
    throw new AppError(
      'unknown-operation',
      found === null
        ? `There is no operation ${operation} to take back.`
        : `The operation ${operation} was taken back already.`,
    );
  }
  const change = typeof operation === 'number' ? found?.change : operation;
  if (change === undefined) throw new AppError('unknown-operation', 'There is nothing to take back.');
  return changing(async (_place, parts) => {
    const { undone, failed, change: back } = await undoChange(parts, trashParts(place), change);
    if (undone.length > 0) markUndone(place, operation);
    return { undone, failed, undo: back === null ? null : kept(place, back) };
  });
}

/** A change that is given as a value is the one that was kept with the same words. */
function markUndone({ store }: Workplace, operation: number | FileChange): void {
  const number =
    typeof operation === 'number'
      ? operation
      : store.fileChanges.all().find((one) => !one.undone && JSON.stringify(one.change) === JSON.stringify(operation))
          ?.number;
  if (number !== undefined) store.fileChanges.setUndone(number);
}
