// Where a documents folder may be: a folder that can be written, apart from the data folder and from other stores.
// Everything is refused before anything is written.

import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { MARKER_NAME } from '../../src-shared/names.ts';
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
