// Earlier versions of a document, as Dropbox keeps them: listing them, and bringing one back (B3). A document whose bytes
// are here gets the old content as an edit of its own, which the next pass uploads; what it had goes to the trash. One
// whose bytes are not here is restored in Dropbox itself. Called by the application service under the pass lock.

import {
  parentPath,
  type ClientId,
  type LocalId,
  type RelPath,
  type RemoteId,
  type Rev,
} from '../../src-shared/domain.ts';
import type { FileChange, FileRef, VersionView } from '../../src-shared/files-views.ts';
import type { Revision } from '../cloud/account-files.ts';
import { Fault, type TempFile } from '../engine/ports.ts';
import type { EntryRow } from '../store/entries.ts';
import { StoreError } from '../store/errors.ts';
import { iso } from '../store/keepsakes.ts';
import { entryOf, takeUp, type FileParts } from './parts.ts';

type Document = EntryRow & { readonly path: RelPath };

/** Newest first. Throws StoreError 'unknown-path', 'not-in-dropbox'; Faults of the network. */
export async function versionsOf(parts: FileParts, ref: FileRef): Promise<VersionView[]> {
  const document = documentOf(parts, ref);
  const { revisions, current } = await revisionsOf(parts, document);
  return revisions.map(({ rev, hash, size, modified, saved }) => ({
    rev,
    modifiedAt: iso(modified),
    savedAt: iso(saved),
    size,
    contentHash: hash,
    current: rev === current,
    here: hash !== null && hash === document.hash,
  }));
}

export interface Restored {
  readonly path: RelPath;
  readonly rev: Rev;
  readonly from: 'here' | 'dropbox' | 'unchanged';
  readonly change: FileChange | null;
}

/** Throws StoreError 'unknown-path', 'not-in-dropbox', 'unknown-version'; Faults of disk and network. */
export async function restoreVersion(
  parts: FileParts,
  ref: FileRef,
  wanted: string,
  signal?: AbortSignal,
): Promise<Restored> {
  await parts.disk.check();
  const document = documentOf(parts, ref);
  const { client, remoteId, revisions, current } = await revisionsOf(parts, document);
  const revision = versionOf(document, revisions, wanted);
  const { rev } = revision;
  const here = { path: document.path, rev };
  if (document.present === 1) {
    if (revision.hash === null) throw notDownloadable(document.path);
    if (revision.hash === document.hash) return { ...here, from: 'unchanged', change: null };
    const before = revisions.find(({ hash }) => hash !== null && hash === document.hash)?.rev ?? null;
    const trash = await replaceContent(parts, client, document, revision, signal);
    return { ...here, from: 'here', change: changeOf(document, before, trash) };
  }
  if (rev === current) return { ...here, from: 'unchanged', change: null };
  const there = await parts.account(client).lookup({ id: remoteId });
  if (there?.inside !== true) throw notThere(document.path);
  await parts.account(client).restore(there.entry.pathLower, rev);
  note(parts, client, document, 'An earlier version was restored in Dropbox.');
  return { ...here, from: 'dropbox', change: changeOf(document, current, null) };
}

/** Throws StoreError 'unknown-version'. */
export function versionOf(document: Document, revisions: readonly Revision[], wanted: string): Revision {
  const revision = revisions.find(({ rev }) => rev === wanted);
  if (revision !== undefined) return revision;
  throw new StoreError(
    'unknown-version',
    `"${document.path}" has no version ${wanted}. See "docktide versions" for those that Dropbox keeps.`,
  );
}

function changeOf({ id, path }: Document, rev: Rev | null, trash: number | null): FileChange {
  return { kind: 'version-restored', id, path, rev, trash };
}

export function documentOf(parts: FileParts, ref: FileRef): Document {
  const row = entryOf(parts, ref);
  if (row.kind === 'file') return row;
  throw new StoreError('unknown-path', `"${row.path}" is a folder. Versions are kept of documents only.`);
}

/** Throws StoreError 'not-in-dropbox'. */
export async function revisionsOf(
  parts: FileParts,
  document: Document,
): Promise<{
  readonly client: ClientId;
  readonly remoteId: RemoteId;
  readonly revisions: readonly Revision[];
  readonly current: Rev | null;
}> {
  const { store } = parts;
  const client = store.entries.clientOf(document.id);
  const synced = client === null ? null : store.sync.syncedOf(client, document.id);
  if (client === null || synced === null) throw notThere(document.path);
  const { remoteId } = synced;
  const revisions = await parts.account(client).files.revisions(remoteId);
  return { client, remoteId, revisions, current: revisions[0]?.rev ?? null };
}

function notThere(path: RelPath): StoreError {
  return new StoreError(
    'not-in-dropbox',
    `"${path}" is not in Dropbox yet (or no longer), so no earlier version of it is kept there. Sync first.`,
  );
}

function notDownloadable(path: RelPath): Fault {
  return new Fault('not-downloadable', `This version of "${path}" exists only in the cloud. Open it there.`);
}

/** Answers the number of the former content in the trash. */
async function replaceContent(
  parts: FileParts,
  client: ClientId,
  document: Document,
  { rev, hash, size }: Revision,
  signal?: AbortSignal,
): Promise<number> {
  const { store, disk, engine } = parts;
  if (hash === null) throw notDownloadable(document.path);
  const temp = await fetched(parts, client, document, { rev, hash, size }, signal);
  try {
    return await engine.gate.effect(async () => {
      const now = store.sync.entry(document.id);
      const found = await disk.stat(document.path);
      if (now?.path !== document.path || !now.present || found?.kind !== 'file') throw changed(document.path);
      // What stands there must be what the rows know, so that the trash keeps what a person has seen.
      const read = found.stamp.version === now.stamp?.version ? null : await disk.hash(document.path);
      if (read !== null && read.hash !== now.hash) throw changed(document.path);
      const key = `version-${engine.clock.now().toString(36)}-${document.id}`;
      const base = store.sync.syncedOf(client, document.id);
      const kept = {
        client,
        trashKey: key,
        path: document.path,
        entryKind: 'file',
        reason: 'overwritten',
        hash: now.hash,
        size: now.size,
        remoteId: base?.remoteId ?? null,
        rev: base?.rev ?? null,
        contents: null,
      } as const;
      store.keepsakes.beginTrash(kept);
      const modified = engine.clock.now();
      const stamp = await disk.place(temp, document.path, {
        modified,
        replaces: read?.stamp ?? found.stamp,
        trashKey: key,
      });
      return store.sync.batch(() => {
        const trash = store.keepsakes.addTrash(kept);
        store.entries.setContent(document.id, { hash, size, stamp, modified });
        note(
          parts,
          client,
          document,
          'An earlier version was brought back from Dropbox; the former content is in the trash.',
        );
        return trash;
      });
    });
  } catch (error) {
    await temp.discard().catch(() => undefined);
    throw error;
  } finally {
    await takeUp(parts, [document.path]);
  }
}

async function fetched(
  { disk, account }: FileParts,
  client: ClientId,
  document: Document,
  wanted: { readonly rev: Rev; readonly hash: NonNullable<Revision['hash']>; readonly size: number },
  signal?: AbortSignal,
): Promise<TempFile> {
  const temp = await disk.openTemp(
    parentPath(document.path),
    `restore-version-${document.id}-${process.hrtime.bigint()}`,
  );
  try {
    for await (const chunk of account(client).download(wanted, 0, signal)) await temp.write(chunk);
    await temp.finish();
    if ((await temp.hash()) === wanted.hash) return temp;
    throw new Fault('hash-mismatch', `The version of "${document.path}" arrived damaged. Try again.`, {
      retryable: true,
    });
  } catch (error) {
    await temp.discard().catch(() => undefined);
    throw error;
  }
}

function changed(path: RelPath): Fault {
  return new Fault('changed', `"${path}" has changed here meanwhile. Look again.`);
}

function note(
  { store }: FileParts,
  clientId: ClientId,
  { path }: { readonly path: RelPath; readonly id: LocalId },
  reason: string,
): void {
  store.sync.log({
    level: 'info',
    clientId,
    direction: null,
    kind: 'file.version',
    path,
    bytes: null,
    duration: null,
    result: 'done',
    reason,
  });
}
