// Routes that change one entry: folders, deletion, moves, copies, restore.

import { flag, nullable, optional, struct } from '../arguments.ts';
import { EndpointError, nest, tag } from '../answers.ts';
import type { View } from '../emulator.ts';
import { LookupProblem } from '../lookup.ts';
import { entryMetadata, fileMetadata, folderMetadata } from '../metadata.ts';
import { route, type Route } from '../route.ts';
import {
  copyEntry,
  createFolder,
  deleteEntry,
  moveEntry,
  purgeEntry,
  RelocationProblem,
  restoreFile,
  WriteProblem,
} from '../writes.ts';
import { rev, writePath, writePathOrId } from './fields.ts';

/** How a route names the errors of a write. */
export interface ErrorNames {
  readonly lookup: string | null;
  readonly write: string;
}

export const DELETE_ERRORS: ErrorNames = { lookup: 'path_lookup', write: 'path_write' };
export const FOLDER_ERRORS: ErrorNames = { lookup: null, write: 'path' };

/** Runs `write`; its problems become the errors that the route declares. */
export function writing<T>(names: ErrorNames, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof WriteProblem) throw new EndpointError(nest(names.write, error.error));
    if (error instanceof RelocationProblem) throw new EndpointError(error.error);
    if (error instanceof LookupProblem) {
      throw new EndpointError(
        names.lookup === null ? tag(names.write, 'no_write_permission') : nest(names.lookup, error.error),
      );
    }
    throw error;
  }
}

const relocationArgument = struct({
  from_path: writePathOrId,
  to_path: writePathOrId,
  allow_shared_folder: optional(flag, false),
  autorename: optional(flag, false),
  allow_ownership_transfer: optional(flag, false),
});
const deleteArgument = struct({ path: writePathOrId, parent_rev: nullable(rev) });
const folderArgument = struct({ path: writePath, autorename: optional(flag, false) });

export function deleted(view: View, path: string, parentRev: string | null): unknown {
  return writing(DELETE_ERRORS, () => deleteEntry(view, path, parentRev, (node) => entryMetadata(view, node)));
}

const SCOPE = 'files.content.write';
const WRITES = { writes: true } as const;

export const writingRoutes: readonly Route[] = [
  route(
    'files/create_folder_v2',
    SCOPE,
    folderArgument,
    ({ view }, argument) => ({
      metadata: writing(FOLDER_ERRORS, () =>
        folderMetadata(view, createFolder(view, argument.path, argument.autorename)),
      ),
    }),
    WRITES,
  ),
  route(
    'files/create_folder',
    SCOPE,
    folderArgument,
    ({ view }, argument) =>
      writing(FOLDER_ERRORS, () => folderMetadata(view, createFolder(view, argument.path, argument.autorename))),
    WRITES,
  ),
  route(
    'files/delete_v2',
    SCOPE,
    deleteArgument,
    ({ view }, argument) => ({ metadata: deleted(view, argument.path, argument.parent_rev) }),
    WRITES,
  ),
  route(
    'files/delete',
    SCOPE,
    deleteArgument,
    ({ view }, argument) => deleted(view, argument.path, argument.parent_rev),
    WRITES,
  ),
  route(
    'files/permanently_delete',
    'files.permanent_delete',
    deleteArgument,
    ({ view }, argument) => {
      writing(DELETE_ERRORS, () => purgeEntry(view, argument.path));
      return null;
    },
    WRITES,
  ),
  ...(['move', 'copy'] as const).flatMap((verb) => {
    const relocate = verb === 'move' ? moveEntry : copyEntry;
    return [
      route(
        `files/${verb}_v2`,
        SCOPE,
        relocationArgument,
        ({ view }, { from_path, to_path, autorename }) => ({
          metadata: writing(DELETE_ERRORS, () => entryMetadata(view, relocate(view, from_path, to_path, autorename))),
        }),
        WRITES,
      ),
      route(
        `files/${verb}`,
        SCOPE,
        relocationArgument,
        ({ view }, { from_path, to_path, autorename }) =>
          writing(DELETE_ERRORS, () => entryMetadata(view, relocate(view, from_path, to_path, autorename))),
        WRITES,
      ),
    ];
  }),
  route(
    'files/restore',
    SCOPE,
    struct({ path: writePath, rev }),
    ({ view }, argument) =>
      writing(DELETE_ERRORS, () => fileMetadata(view, restoreFile(view, argument.path, argument.rev))),
    WRITES,
  ),
];
