// Routes that change many entries in one call, and the polls for their jobs. Results are per entry.

import { flag, list, nullable, optional, struct } from '../arguments.ts';
import { EndpointError, nest, tag, type Tagged } from '../answers.ts';
import { LookupProblem } from '../lookup.ts';
import { entryMetadata, folderMetadata } from '../metadata.ts';
import { route, type Call, type Route } from '../route.ts';
import { copyEntry, createFolder, deleteEntry, moveEntry, RelocationProblem, WriteProblem } from '../writes.ts';
import { jobId, rev, writePath, writePathOrId } from './fields.ts';
import { DELETE_ERRORS, FOLDER_ERRORS, writing } from './writing.ts';

const SCOPE = 'files.content.write';

export const BUSY = tag('too_many_write_operations');

/** Whether the next entry of a batch is told that the namespace is busy. */
export function isBusy(call: Call): boolean {
  return call.view.emulator.faults.due('failEntries', call.endpoint) !== null;
}

/** One entry's outcome: success with what `run` answers, or failure with the error `run` threw. */
export function outcome(
  call: Call,
  wrap: (error: Tagged) => Tagged,
  run: () => Readonly<Record<string, unknown>>,
  busy: Tagged = BUSY,
): Readonly<Record<string, unknown>> {
  if (isBusy(call)) return { '.tag': 'failure', failure: busy };
  try {
    return { '.tag': 'success', ...run() };
  } catch (error) {
    if (error instanceof EndpointError) return { '.tag': 'failure', failure: wrap(error.error) };
    if (error instanceof WriteProblem || error instanceof LookupProblem || error instanceof RelocationProblem) {
      return { '.tag': 'failure', failure: wrap(error.error) };
    }
    throw error;
  }
}

function same(error: Tagged): Tagged {
  return error;
}

export function launch(call: Call, entries: readonly unknown[], force = false): unknown {
  const { jobs, faults } = call.view.emulator;
  return jobs.launch(entries, {
    force: force || faults.settings.forceAsync,
    polls: faults.settings.jobPolls,
  });
}

export function check(name: string): Route {
  return route(name, SCOPE, jobId, (call, argument) => {
    const status = call.view.emulator.jobs.check(argument.async_job_id);
    if (status === null) throw new EndpointError(tag('invalid_async_job_id'));
    return status;
  });
}

const relocations = list(struct({ from_path: writePathOrId, to_path: writePathOrId }), { min: 1, max: 1000 });
const relocationsArgument = struct({
  entries: relocations,
  autorename: optional(flag, false),
  allow_ownership_transfer: optional(flag, false),
});
const copiesArgument = struct({ entries: relocations, autorename: optional(flag, false) });

function relocateAll(
  call: Call,
  verb: 'move' | 'copy',
  entries: readonly { readonly from_path: string; readonly to_path: string }[],
  autorename: boolean,
): unknown {
  const relocate = verb === 'move' ? moveEntry : copyEntry;
  const results = entries.map(({ from_path, to_path }) =>
    outcome(
      call,
      (error) => ({ '.tag': 'relocation_error', relocation_error: error }),
      () => ({
        success: writing(DELETE_ERRORS, () =>
          entryMetadata(call.view, relocate(call.view, from_path, to_path, autorename)),
        ),
      }),
    ),
  );
  return launch(call, results);
}

export const batchRoutes: readonly Route[] = [
  route(
    'files/create_folder_batch',
    SCOPE,
    struct({
      paths: list(writePath, { max: 10_000 }),
      autorename: optional(flag, false),
      force_async: optional(flag, false),
    }),
    (call, argument) => {
      const entries = argument.paths.map((path) =>
        outcome(
          call,
          same,
          () => ({
            metadata: writing(FOLDER_ERRORS, () =>
              folderMetadata(call.view, createFolder(call.view, path, argument.autorename)),
            ),
          }),
          nest('path', BUSY),
        ),
      );
      return launch(call, entries, argument.force_async);
    },
    { writes: true },
  ),
  check('files/create_folder_batch/check'),
  route(
    'files/delete_batch',
    SCOPE,
    struct({ entries: list(struct({ path: writePathOrId, parent_rev: nullable(rev) }), { max: 1000 }) }),
    (call, argument) => {
      const entries = argument.entries.map((entry) =>
        outcome(call, same, () => ({
          metadata: writing(DELETE_ERRORS, () =>
            deleteEntry(call.view, entry.path, entry.parent_rev, (node) => entryMetadata(call.view, node)),
          ),
        })),
      );
      return launch(call, entries, true);
    },
    { writes: true },
  ),
  check('files/delete_batch/check'),
  route(
    'files/move_batch_v2',
    SCOPE,
    relocationsArgument,
    (call, argument) => relocateAll(call, 'move', argument.entries, argument.autorename),
    { writes: true },
  ),
  check('files/move_batch/check_v2'),
  route(
    'files/copy_batch_v2',
    SCOPE,
    copiesArgument,
    (call, argument) => relocateAll(call, 'copy', argument.entries, argument.autorename),
    { writes: true },
  ),
  check('files/copy_batch/check_v2'),
];
