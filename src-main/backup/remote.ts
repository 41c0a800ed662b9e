// Backups in Dropbox: their folder beside the documents (ADR 8), uploads, downloads, deletions, and what lies there. In: a
// client's CloudStore and the store; out: rows of what is there. Called by backups.ts and restore.ts.

import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { joinPath, type ContentHash, type RelPath, type RemoteId, type Rev } from '../../src-shared/domain.ts';
import { BACKUP_FOLDER_NAMES, BACKUP_MARKER_NAME, nameKey } from '../../src-shared/names.ts';
import { freeBackupName } from '../engine/reserved.ts';
import { Fault, type ClientRow, type CloudStore, type UploadRequest } from '../engine/ports.ts';
import { ContentHasher, hashOfBytes } from '../infra/content-hash.ts';
import type { DocumentStore } from '../store/open-store.ts';
import type { RemoteEntry } from '../sync/model.ts';
import { parseFileName, type BackupName } from './names.ts';

export interface RemoteParts {
  readonly store: DocumentStore;
  readonly cloud: CloudStore;
  readonly client: ClientRow;
}

export interface RemoteBackup extends BackupName {
  readonly name: string;
  readonly entry: RemoteEntry;
}

const MARKER_TEXT = `${JSON.stringify(
  {
    docktide: 'backups',
    note: 'Docktide keeps its backups in this folder and does not sync it as documents. With this file another computer knows that, too.',
  },
  null,
  2,
)}\n`;

/** Where new backups go; made, with its marker, where there is none yet. Faults: those of CloudStore. */
export async function backupFolder(parts: RemoteParts): Promise<RemoteEntry> {
  const { store, client } = parts;
  const known = await knownFolder(parts);
  if (known !== null) {
    await putMarker(parts, known.pathLower);
    return known;
  }
  const here = store.sync.topKeys();
  const taken = new Set<string>();
  for (;;) {
    const name = freeBackupName((key) => here.has(key) || taken.has(key));
    const found = await parts.cloud.lookup({ path: name });
    if (found === null || (found.entry.kind === 'folder' && (await hasMarker(parts, name)))) {
      await putMarker(parts, name);
      const made = found ?? (await parts.cloud.lookup({ path: name }));
      if (made === null) throw new Fault('conflict', 'The folder for backups was taken away in Dropbox. Try again.');
      store.backups.addFolder(client.id, made.entry.id);
      return made.entry;
    }
    // A folder or file of people.
    taken.add(nameKey(name));
  }
}

/** The folder that this store has used, or has seen with its marker, where it still is. */
async function knownFolder({ store, cloud, client }: RemoteParts): Promise<RemoteEntry | null> {
  const reserved = store.sync.reservedFolders(client.id).map(({ id }) => id);
  for (const id of new Set([...store.backups.folders(client.id), ...reserved])) {
    const found = await cloud.lookup({ id });
    if (found?.inside === true && found.entry.kind === 'folder') {
      store.backups.addFolder(client.id, id);
      return found.entry;
    }
    if (found === null) store.backups.forgetFolder(client.id, id);
  }
  return null;
}

async function hasMarker({ cloud }: RemoteParts, folder: RelPath): Promise<boolean> {
  return (await cloud.lookup({ path: joinPath(folder, BACKUP_MARKER_NAME) })) !== null;
}

/** Dropbox makes the folder in the very commit of the marker: nobody sees the one without the other. */
async function putMarker(parts: RemoteParts, folder: RelPath): Promise<void> {
  if (await hasMarker(parts, folder)) return;
  const bytes = Buffer.from(MARKER_TEXT);
  await put(parts.cloud, {
    path: joinPath(folder, BACKUP_MARKER_NAME),
    replaces: null,
    size: bytes.length,
    hash: hashOfBytes(bytes),
    modified: Date.UTC(2026, 0, 1),
    read: async function* (start) {
      yield bytes.subarray(start);
    },
  }).catch((error: unknown) => {
    // Another computer was faster.
    if (!(error instanceof Fault) || error.code !== 'conflict') throw error;
  });
}

async function put(
  cloud: CloudStore,
  request: UploadRequest,
  hooks: { readonly sent?: (bytes: number) => void; readonly signal?: AbortSignal } = {},
): Promise<RemoteEntry> {
  let answer: RemoteEntry | Fault | null = null;
  await cloud.upload([request], {
    settled: (_index, outcome) => {
      answer = outcome.ok ? outcome.value : outcome.fault;
    },
    sent: (_index, bytes) => hooks.sent?.(bytes),
    ...(hooks.signal === undefined ? {} : { signal: hooks.signal }),
  });
  const settled = answer as RemoteEntry | Fault | null;
  if (settled === null) throw new Fault('server', 'Dropbox answered nothing. Try again.', { retryable: true });
  if (settled instanceof Fault) throw settled;
  return settled;
}

/** One commit: half a backup never has a name. Faults: no-space, network … */
export async function upload(
  parts: RemoteParts,
  file: {
    readonly absolute: string;
    readonly name: string;
    readonly size: number;
    readonly hash: ContentHash;
    readonly madeAt: number;
  },
  options: { readonly report: (done: number) => void; readonly signal?: AbortSignal },
): Promise<RemoteEntry> {
  const folder = await backupFolder(parts);
  let done = 0;
  const request: UploadRequest = {
    path: joinPath(folder.pathLower, file.name),
    replaces: null,
    size: file.size,
    hash: file.hash,
    modified: file.madeAt,
    read: (start) => createReadStream(file.absolute, { start, highWaterMark: 1024 * 1024 }),
  };
  const sent = (bytes: number): void => options.report((done += bytes));
  const entry = await put(parts.cloud, request, {
    sent,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  noteInFeed(parts, [folder, entry]);
  return entry;
}

/** So that the rows of Dropbox's tree do not say that it is gone before the feed has told of it. */
function noteInFeed({ store, client }: RemoteParts, entries: readonly RemoteEntry[]): void {
  const feed = store.sync.feed(client.id);
  if (feed.cursor === null || feed.listing) return;
  store.sync.record(
    client.id,
    entries.map((entry) => ({ kind: 'remote.put', entry })),
  );
}

/** Null where Dropbox no longer has it; `changed` where its content is another than was uploaded. */
export async function download(
  parts: RemoteParts,
  remoteId: RemoteId,
  target: string,
  options: { readonly report: (done: number, total: number) => void; readonly signal?: AbortSignal },
): Promise<{ readonly hash: ContentHash; readonly size: number; readonly rev: Rev } | null> {
  const found = await parts.cloud.lookup({ id: remoteId });
  const entry = found?.entry;
  if (entry === undefined || entry.kind !== 'file' || entry.rev === null || entry.hash === null) return null;
  const { rev, hash, size } = entry;
  const hasher = new ContentHasher();
  let done = 0;
  const counted = async function* () {
    for await (const chunk of parts.cloud.download({ rev, hash, size }, 0, options.signal)) {
      hasher.update(chunk);
      done += chunk.length;
      options.report(done, size);
      yield chunk;
    }
  };
  try {
    await pipeline(counted, createWriteStream(target, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
  if (hasher.digest() !== hash) {
    throw new Fault('hash-mismatch', 'The backup came from Dropbox with other content than Dropbox says. Try again.', {
      retryable: true,
    });
  }
  return { hash, size, rev };
}

/** False where it was gone already. */
export async function removeThere({ cloud, store, client }: RemoteParts, id: RemoteId): Promise<boolean> {
  const [outcome] = await cloud.remove([{ id, rev: null }]);
  if (outcome?.ok === false && outcome.fault.code !== 'not-found') throw outcome.fault;
  if (store.sync.remoteEntry(client.id, id) !== null) {
    store.sync.record(client.id, [{ kind: 'remote.remove', id }]);
  }
  return outcome?.ok === true;
}

/** Asks Dropbox itself: what lies in the folders of backups. */
export async function listThere(parts: RemoteParts): Promise<RemoteBackup[]> {
  const { store, cloud, client } = parts;
  const found: RemoteBackup[] = [];
  const folders = new Set<RelPath>();
  const known = await knownFolder(parts);
  if (known !== null) folders.add(known.pathLower);
  for (const { pathLower } of store.sync.reservedFolders(client.id)) folders.add(pathLower);
  // A new computer knows nothing yet: where they usually lie.
  for (const name of BACKUP_FOLDER_NAMES) if (await hasMarker(parts, name as RelPath)) folders.add(name as RelPath);
  const seen = new Set<RemoteId>();
  for (const folder of folders) {
    for (const entry of await levelOf(cloud, folder)) {
      if (!seen.has(entry.id)) found.push(...backupOf(entry));
      seen.add(entry.id);
    }
  }
  return found;
}

async function levelOf(cloud: CloudStore, folder: RelPath): Promise<readonly RemoteEntry[]> {
  try {
    return await cloud.list(folder);
  } catch (error) {
    if (error instanceof Fault && error.code === 'not-found') return [];
    throw error;
  }
}

/** What the change feed has told of the folders of backups, without a request. */
export function knownThere(store: DocumentStore, client: ClientRow): RemoteBackup[] {
  return store.sync
    .reservedFolders(client.id)
    .flatMap(({ pathLower }) => store.sync.remoteChildren(client.id, pathLower))
    .flatMap(backupOf);
}

function backupOf(entry: RemoteEntry): RemoteBackup[] {
  const name = entry.kind === 'file' ? parseFileName(entry.name) : null;
  return name === null ? [] : [{ ...name, name: entry.name, entry }];
}
