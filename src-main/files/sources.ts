// What is to be uploaded: files and whole folders of this computer, walked through before the first byte is copied.
// Links are not followed; system files and what cannot be read are told apart. In: absolute paths; out: a flat list.

import { constants } from 'node:fs';
import { access, lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isIgnoredName } from '../../src-shared/names.ts';
import { StoreError } from '../store/errors.ts';

export interface SourceFolder {
  readonly source: string;
  /** Names from the target on. */
  readonly names: readonly string[];
}

export interface SourceFile extends SourceFolder {
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

export interface Sources {
  /** From the top down. */
  readonly folders: readonly SourceFolder[];
  readonly files: readonly SourceFile[];
  readonly skipped: readonly { readonly source: string; readonly reason: string }[];
  readonly failed: readonly { readonly source: string; readonly reason: string }[];
}

/** Throws StoreError 'missing-file' where something that was named is not there. */
export async function walkSources(paths: readonly string[], signal?: AbortSignal): Promise<Sources> {
  const found = {
    folders: [] as SourceFolder[],
    files: [] as SourceFile[],
    skipped: [] as { source: string; reason: string }[],
    failed: [] as { source: string; reason: string }[],
  };
  const visit = async (source: string, names: readonly string[], isNamed: boolean): Promise<void> => {
    signal?.throwIfAborted();
    const stats = await lstat(source).catch((error: NodeJS.ErrnoException) => {
      if (!isNamed) return null;
      throw new StoreError(
        'missing-file',
        error.code === 'ENOENT'
          ? `There is no file or folder ${source}. Check the path; nothing was uploaded.`
          : `${source} cannot be read: ${error.message}. Nothing was uploaded.`,
      );
    });
    if (stats === null) return;
    const name = names.at(-1) ?? '';
    if (stats.isSymbolicLink()) found.skipped.push({ source, reason: 'It is a link; links are not followed.' });
    else if (isIgnoredName(name)) {
      found.skipped.push({ source, reason: 'It is a system or temporary file that is never kept in Dropbox.' });
    } else if (stats.isDirectory()) {
      let inner: string[];
      try {
        inner = await readdir(source);
      } catch (error) {
        found.failed.push({ source, reason: `The folder cannot be read: ${(error as Error).message}.` });
        return;
      }
      found.folders.push({ source, names });
      for (const one of inner.sort()) await visit(join(source, one), [...names, one], false);
    } else if (stats.isFile()) {
      try {
        await access(source, constants.R_OK);
        found.files.push({ source, names, size: stats.size, modified: Math.round(stats.mtimeMs) });
      } catch (error) {
        found.failed.push({ source, reason: `It cannot be read: ${(error as Error).message}.` });
      }
    } else found.skipped.push({ source, reason: 'It is neither a file nor a folder.' });
  };
  for (const path of paths) await visit(path, [basename(path)], true);
  return found;
}
