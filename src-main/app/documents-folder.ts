// Where a documents folder may be: a folder that can be written, apart from the data folder and from other stores.
// Everything is refused before anything is written.

import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { readdir, statfs } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { isIgnoredName, MARKER_NAME } from '../../src-shared/names.ts';
import { AppError } from './service.ts';

/** Throws AppError; `documents` is absolute and may not exist yet. */
export function checkDocumentsFolder(documents: string, dataFolder: string): void {
  const nearest = nearestExisting(documents);
  const stats = statSync(nearest);
  if (!stats.isDirectory()) {
    throw new AppError('not-a-folder', `${nearest} is a file, so documents cannot be kept there. Choose a folder.`);
  }
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
  } catch {
    throw new AppError(
      'read-only',
      `The folder ${nearest} cannot be written by this user. Change its permissions or choose another folder.`,
    );
  }
  const [place, own] = [realPlace(documents), realPlace(dataFolder)];
  refuseDropboxFolder(documents, place);
  if (isInside(place, own) || isInside(own, place)) {
    throw new AppError(
      'folders-overlap',
      `The documents folder ${documents} and the data folder ${dataFolder} must not lie in each other. Choose another folder.`,
    );
  }
  for (let above = dirname(place); above !== dirname(above); above = dirname(above)) {
    if (existsSync(join(above, MARKER_NAME))) {
      throw new AppError(
        'inside-another-store',
        `${documents} lies inside ${above}, which is the documents folder of another store. Choose a folder outside it.`,
      );
    }
  }
}

/** Dropbox's own program keeps these in the folder that it syncs. */
const DROPBOX_SIGNS = ['.dropbox', '.dropbox.cache'] as const;

/** Two programs that sync the same documents with the same account would answer each other without end. */
function refuseDropboxFolder(documents: string, place: string): void {
  for (let at = place; ; at = dirname(at)) {
    if (DROPBOX_SIGNS.every((sign) => existsSync(join(at, sign)))) {
      throw new AppError(
        'inside-dropbox',
        `${documents} lies in the folder that Dropbox's own program syncs (${at}). Choose a folder outside of it.`,
      );
    }
    if (at === dirname(at)) return;
  }
}

export interface DocumentsFolderView {
  readonly documents: string;
  readonly exists: boolean;
  readonly files: number;
  readonly folders: number;
  /** There is more than was counted. */
  readonly more: boolean;
  /** Bytes that may still be written on its disk; null where the system does not say. */
  readonly free: number | null;
  /** Why it cannot be the documents folder. */
  readonly problem: { readonly code: string; readonly message: string } | null;
}

/** Entries beyond which counting ends: nobody waits for a number. */
const COUNTED = 20_000;

/** What a person wants to know before it becomes the documents folder; `storeId`: whose it may be already. */
export async function inspectDocuments(
  documents: string,
  dataFolder: string,
  storeId: string | undefined,
  limit = COUNTED,
): Promise<DocumentsFolderView> {
  const exists = existsSync(documents) && statSync(documents).isDirectory();
  const inside = exists ? await counted(documents, limit) : { files: 0, folders: 0, more: false };
  const problem = problemOf(() => {
    checkDocumentsFolder(documents, dataFolder);
    refuseTaken(documents, storeId);
  });
  const space = await statfs(nearestExisting(documents)).catch(() => null);
  return { documents, exists, ...inside, free: space === null ? null : space.bavail * space.bsize, problem };
}

function problemOf(check: () => void): DocumentsFolderView['problem'] {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, message: error.message };
    throw error;
  }
}

function refuseTaken(documents: string, storeId: string | undefined): void {
  const marker = join(documents, MARKER_NAME);
  if (!existsSync(marker) || (storeId !== undefined && textOf(marker).includes(storeId))) return;
  throw new AppError(
    'place-taken',
    `The folder ${documents} belongs to another document store already. Choose another folder, or remove its file "${MARKER_NAME}".`,
  );
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

async function counted(folder: string, limit: number): Promise<{ files: number; folders: number; more: boolean }> {
  const count = { files: 0, folders: 0 };
  const waiting = [folder];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const entry of await readdir(at, { withFileTypes: true }).catch(() => [])) {
      if (isIgnoredName(entry.name)) continue;
      if (entry.isDirectory()) {
        count.folders++;
        waiting.push(join(at, entry.name));
      } else count.files++;
      if (count.files + count.folders > limit) return { ...count, more: true };
    }
  }
  return { ...count, more: false };
}

function nearestExisting(path: string): string {
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at) || at === dirname(at)) return at;
  }
}

/** With symbolic links resolved as far as the path exists. */
function realPlace(path: string): string {
  const nearest = nearestExisting(path);
  return realpathSync(nearest) + path.slice(nearest.length);
}

/** Equal counts as inside. */
function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
