// Everything that changes or looks up entries in Dropbox without moving bytes: folders, moves, copies, deletions,
// restores, metadata. In: ids and paths below the client's root; out: entries, or Faults. Called by client.ts.
// Each call may be repeated after a lost answer: it then finds out whether the earlier try took effect.

import type { async as jobs, files } from 'dropbox';

import { Fault, type Move, type Outcome, type Version } from '../../engine/ports.ts';
import type { RemoteEntry } from '../../sync/model.ts';
import type { ContentHash, RelPath, RemoteId, Rev } from '../../../src-shared/domain.ts';
import { faultOfTags, tagsOf } from './errors.ts';
import {
  entryBelow,
  entryOutside,
  fullPath,
  kindOf,
  liesInside,
  type LiveMetadata,
  type RootFolder,
} from './metadata.ts';
import type { Transport } from './transport.ts';

/** Entries of one delete_batch or create_folder_batch call. */
const BATCH = 1000;
/** Milliseconds between questions about a job that runs on the server; grows to the second. */
const POLL_FIRST = 100;
const POLL_LONGEST = 2000;

export interface Place {
  readonly entry: RemoteEntry;
  readonly inside: boolean;
}

/** Null where it is not there. `target`: `id:…`, `rev:…` or a path of the account. */
export async function metadataOf(transport: Transport, target: string): Promise<LiveMetadata | null> {
  try {
    const { result } = await transport.attempt('Looking it up in Dropbox', () =>
      transport.api.filesGetMetadata({ path: target }),
    );
    return kindOf(result) === null ? null : (result as LiveMetadata);
  } catch (error) {
    if (error instanceof Fault && error.code === 'not-found') return null;
    throw error;
  }
}

export async function lookUp(
  transport: Transport,
  root: RootFolder,
  target: { id: RemoteId } | { path: RelPath },
): Promise<Place | null> {
  const metadata = await metadataOf(transport, 'id' in target ? target.id : fullPath(root, target.path));
  return metadata === null ? null : placeOf(root, metadata);
}

function placeOf(root: RootFolder, metadata: LiveMetadata): Place {
  const kind = kindOf(metadata) ?? ('rev' in metadata ? 'file' : 'folder');
  const entry = liesInside(root, metadata.path_lower) ? entryBelow(root, metadata, kind) : null;
  return entry === null ? { entry: entryOutside(metadata, kind), inside: false } : { entry, inside: true };
}

export function entryOf(root: RootFolder, metadata: LiveMetadata): RemoteEntry {
  return placeOf(root, metadata).entry;
}

export async function ensureRoot(
  transport: Transport,
  root: RootFolder,
): Promise<{ readonly id: RemoteId; readonly created: boolean }> {
  const path = fullPath(root, '' as RelPath);
  const notFolder = new Fault('conflict', `"${root.path}" is a file in Dropbox, not a folder. Choose another name.`);
  const there = await metadataOf(transport, path);
  if (there !== null && 'rev' in there) throw notFolder;
  if (there !== null) return { id: there.id as RemoteId, created: false };
  try {
    const { result } = await transport.attempt(`Creating the folder "${root.path}"`, () =>
      transport.api.filesCreateFolderV2({ path, autorename: false }),
    );
    return { id: result.metadata.id as RemoteId, created: true };
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'conflict') throw error;
    // Made by an earlier try or by another computer in between.
    const made = await metadataOf(transport, path);
    if (made === null || 'rev' in made) throw notFolder;
    return { id: made.id as RemoteId, created: false };
  }
}

// ---------------------------------------------------------------- folders

/** Level by level, so that no folder is made by the way of one below it before its own turn. */
export async function createFolders(
  transport: Transport,
  root: RootFolder,
  paths: readonly RelPath[],
): Promise<readonly Outcome<RemoteEntry>[]> {
  const outcomes = new Map<RelPath, Outcome<RemoteEntry>>();
  const levels = Map.groupBy(paths, (path) => path.split('/').length);
  for (const [, level] of [...levels].sort(([a], [b]) => a - b)) {
    for (let at = 0; at < level.length; at += BATCH) {
      const part = level.slice(at, at + BATCH);
      const made = part.length === 1 ? [] : await createBatch(transport, root, part);
      for (const [index, path] of part.entries()) {
        outcomes.set(path, made[index] ?? (await outcomeOf(() => createOne(transport, root, path))));
      }
    }
  }
  return paths.map((path) => outcomes.get(path) ?? missing(path));
}

async function createOne(transport: Transport, root: RootFolder, path: RelPath): Promise<RemoteEntry> {
  return transport.attempt(`Creating the folder "${path}"`, async ({ lost }) => {
    try {
      const { result } = await transport.api.filesCreateFolderV2({ path: fullPath(root, path), autorename: false });
      return entryOf(root, { ...result.metadata, '.tag': 'folder' } as LiveMetadata);
    } catch (error) {
      const there = lost ? await lookUp(transport, root, { path }) : null;
      if (there?.entry.kind === 'folder') return there.entry;
      throw error;
    }
  });
}

async function createBatch(
  transport: Transport,
  root: RootFolder,
  paths: readonly RelPath[],
): Promise<Outcome<RemoteEntry>[]> {
  let anyLost = false;
  const entries = await transport.attempt(`Creating ${paths.length} folders`, async ({ lost }) => {
    anyLost = lost;
    const full = paths.map((path) => fullPath(root, path));
    const { result } = await transport.api.filesCreateFolderBatch({ paths: full, autorename: false });
    const done = await finished<files.CreateFolderBatchResult>(transport, result, 'Creating folders', (id) =>
      transport.api.filesCreateFolderBatchCheck({ async_job_id: id }),
    );
    return done.entries;
  });
  return Promise.all(
    paths.map(async (path, index): Promise<Outcome<RemoteEntry>> => {
      const entry = entries[index];
      if (entry === undefined) return missing(path);
      if (entry['.tag'] === 'success') {
        return { ok: true, value: entryOf(root, { ...entry.metadata, '.tag': 'folder' } as LiveMetadata) };
      }
      const fault = faultOfTags(tagsOf(entry.failure), `Creating the folder "${path}"`);
      if (fault.retryable) return outcomeOf(() => createOne(transport, root, path));
      const there = anyLost && fault.code === 'conflict' ? await lookUp(transport, root, { path }) : null;
      return there?.entry.kind === 'folder' ? { ok: true, value: there.entry } : { ok: false, fault };
    }),
  );
}

// ---------------------------------------------------------------- moves, copies, restores

export async function moveEntry(
  transport: Transport,
  root: RootFolder,
  id: RemoteId,
  to: RelPath,
): Promise<RemoteEntry> {
  return transport.attempt(`Moving to "${to}" in Dropbox`, async ({ lost }) => {
    const target = fullPath(root, to);
    try {
      const { result } = await transport.api.filesMoveV2({ from_path: id, to_path: target, autorename: false });
      return entryOf(root, result.metadata as LiveMetadata);
    } catch (error) {
      const there = lost ? await metadataOf(transport, id) : null;
      if (there !== null && samePath(there, target)) return entryOf(root, there);
      throw error;
    }
  });
}

/** Those that a batch does not bring to an end are moved one by one. */
export async function moveEntries(
  transport: Transport,
  root: RootFolder,
  moves: readonly Move[],
): Promise<readonly Outcome<RemoteEntry>[]> {
  const outcomes: Outcome<RemoteEntry>[] = [];
  for (let at = 0; at < moves.length; at += BATCH) {
    const part = moves.slice(at, at + BATCH);
    const done = part.length === 1 ? [] : await moveBatch(transport, root, part);
    for (const [index, { id, to }] of part.entries()) {
      outcomes.push(done[index] ?? (await outcomeOf(() => moveEntry(transport, root, id, to))));
    }
  }
  return outcomes;
}

/** Null for what is to be tried by itself. */
async function moveBatch(
  transport: Transport,
  root: RootFolder,
  moves: readonly Move[],
): Promise<(Outcome<RemoteEntry> | null)[]> {
  let anyLost = false;
  const what = `Moving ${moves.length} entries in Dropbox`;
  const launched = await outcomeOf(() =>
    transport.attempt(what, async ({ lost }) => {
      anyLost ||= lost;
      const entries = moves.map(({ id, to }) => ({ from_path: id, to_path: fullPath(root, to) }));
      const { result } = await transport.api.filesMoveBatchV2({ entries, autorename: false });
      return finished<files.RelocationBatchV2Result>(transport, result, what, (id) =>
        transport.api.filesMoveBatchCheckV2({ async_job_id: id }),
      );
    }),
  );
  if (!launched.ok) {
    // Whether anything was moved is not known after a lost answer: each is looked at in its own turn.
    if (launched.fault.code === 'bad-request' || launched.fault.code === 'server') return [];
    throw launched.fault;
  }
  return Promise.all(
    moves.map(async ({ id, to }, index): Promise<Outcome<RemoteEntry> | null> => {
      const entry = launched.value.entries[index];
      if (entry?.['.tag'] === 'success') return { ok: true, value: entryOf(root, entry.success as LiveMetadata) };
      if (entry?.['.tag'] !== 'failure') return null;
      const fault = faultOfTags(tagsOf(entry.failure), `Moving to "${to}" in Dropbox`);
      if (fault.retryable) return null;
      const there = anyLost ? await metadataOf(transport, id) : null;
      if (there !== null && samePath(there, fullPath(root, to))) return { ok: true, value: entryOf(root, there) };
      return { ok: false, fault };
    }),
  );
}

function samePath(metadata: LiveMetadata, path: string): boolean {
  const key = (text: string): string => text.normalize('NFC').toLowerCase();
  return key(metadata.path_lower ?? '') === key(path);
}

/**
 * Dropbox copies by path or id, never by rev: the id is looked up, must still be at `rev`, and the copy is compared.
 * Faults: not-found, conflict (the file has changed, or the place is taken).
 */
export async function copyRevision(
  transport: Transport,
  root: RootFolder,
  rev: Rev,
  to: RelPath,
): Promise<RemoteEntry> {
  const what = `Copying to "${to}" in Dropbox`;
  const revision = await metadataOf(transport, `rev:${rev}`);
  const current = revision === null ? null : await metadataOf(transport, revision.id);
  if (current === null) throw new Fault('not-found', `${what} failed: the file is no longer in Dropbox.`);
  const changed = new Fault('conflict', `${what} failed: the file has changed in Dropbox.`);
  if (!('rev' in current) || current.rev !== rev) throw changed;
  const target = fullPath(root, to);
  const copy = await transport.attempt(what, async ({ lost }) => {
    try {
      const { result } = await transport.api.filesCopyV2({ from_path: current.id, to_path: target, autorename: false });
      return entryOf(root, result.metadata as LiveMetadata);
    } catch (error) {
      const there = lost ? await metadataOf(transport, target) : null;
      if (there !== null && 'rev' in there && there.content_hash === current.content_hash) return entryOf(root, there);
      throw error;
    }
  });
  if (copy.hash === null || copy.hash === (current.content_hash as ContentHash | undefined)) return copy;
  // It changed between the look and the copy; what was copied is not what was asked for.
  await removeOne(transport, { id: copy.id, rev: copy.rev });
  throw changed;
}

export async function restoreRevision(
  transport: Transport,
  root: RootFolder,
  path: RelPath,
  rev: Rev,
): Promise<RemoteEntry> {
  const { result } = await transport.attempt(`Restoring "${path}" in Dropbox`, () =>
    transport.api.filesRestore({ path: fullPath(root, path), rev }),
  );
  return entryOf(root, { ...result, '.tag': 'file' } as LiveMetadata);
}

// ---------------------------------------------------------------- deletions

export interface RemoveTarget {
  readonly id: RemoteId;
  readonly rev: Rev | null;
}

export async function removeEntries(
  transport: Transport,
  targets: readonly RemoveTarget[],
): Promise<readonly Outcome<null>[]> {
  const outcomes: Outcome<null>[] = [];
  for (let at = 0; at < targets.length; at += BATCH) {
    const part = targets.slice(at, at + BATCH);
    const done = part.length === 1 ? [] : await removeBatch(transport, part);
    for (const [index, target] of part.entries()) {
      outcomes.push(done[index] ?? (await outcomeOf(() => removeOne(transport, target))));
    }
  }
  return outcomes;
}

async function removeOne(transport: Transport, target: RemoveTarget): Promise<null> {
  return transport.attempt('Deleting in Dropbox', async ({ lost }) => {
    try {
      await transport.api.filesDeleteV2(deleteArg(target));
    } catch (error) {
      const gone = lost && (await metadataOf(transport, target.id)) === null;
      if (!gone) throw error;
    }
    return null;
  });
}

async function removeBatch(transport: Transport, targets: readonly RemoveTarget[]): Promise<Outcome<null>[]> {
  let anyLost = false;
  const entries = await transport.attempt(`Deleting ${targets.length} entries in Dropbox`, async ({ lost }) => {
    anyLost = lost;
    const { result } = await transport.api.filesDeleteBatch({ entries: targets.map(deleteArg) });
    const done = await finished<files.DeleteBatchResult>(transport, result, 'Deleting', (id) =>
      transport.api.filesDeleteBatchCheck({ async_job_id: id }),
    );
    return done.entries;
  });
  const outcomes: Outcome<null>[] = [];
  for (const [index, target] of targets.entries()) {
    const entry = entries[index];
    if (entry === undefined || entry['.tag'] === 'success') {
      outcomes.push(entry === undefined ? missing(target.id) : { ok: true, value: null });
      continue;
    }
    const fault = faultOfTags(tagsOf(entry.failure), 'Deleting in Dropbox');
    if (fault.retryable) outcomes.push(await outcomeOf(() => removeOne(transport, target)));
    else if (anyLost && fault.code === 'not-found') outcomes.push({ ok: true, value: null });
    else outcomes.push({ ok: false, fault });
  }
  return outcomes;
}

function deleteArg(target: RemoveTarget): files.DeleteArg {
  return target.rev === null ? { path: target.id } : { path: target.id, parent_rev: target.rev };
}

// ---------------------------------------------------------------- jobs and outcomes

interface Tagged {
  readonly '.tag': string;
}

/** The result of a batch, at once or after asking about its job until it is done. */
export async function finished<R>(
  transport: Transport,
  launch: Tagged,
  what: string,
  check: (id: jobs.AsyncJobId) => Promise<{ readonly result: Tagged }>,
): Promise<R> {
  let state: Tagged = launch;
  const job = 'async_job_id' in launch ? String(launch.async_job_id) : null;
  for (let wait = POLL_FIRST; state['.tag'] !== 'complete'; wait = Math.min(POLL_LONGEST, wait * 1.5)) {
    if (job === null || state['.tag'] === 'failed') throw faultOfTags(tagsOf(state), what);
    await transport.clock.sleep(wait);
    state = (await transport.attempt(what, () => check(job))).result;
  }
  return state as R;
}

export async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: error };
    throw error;
  }
}

function missing(what: string): { readonly ok: false; readonly fault: Fault } {
  return { ok: false, fault: new Fault('server', `Dropbox answered nothing about "${what}".`, { retryable: true }) };
}

/** files/list_revisions, at most 100. */
export async function versions(transport: Transport, id: RemoteId): Promise<Version[]> {
  const { result } = await transport.attempt('Looking up earlier versions', () =>
    transport.api.filesListRevisions({ path: id, mode: { '.tag': 'id' }, limit: 100 }),
  );
  return result.entries.flatMap((entry) =>
    entry.content_hash === undefined ? [] : [{ rev: entry.rev as Rev, hash: entry.content_hash as ContentHash }],
  );
}
