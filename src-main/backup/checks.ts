// Verifies backups by really restoring them to a temporary place (B8), and unpacks them for a person. In: a backup's row;
// out: what is wrong with it. What lies in Dropbox is downloaded from there, whatever this computer has itself.
// Called by the application's backup service and by restore.ts, inside `alone` of backups.ts.

import { createReadStream } from 'node:fs';
import { rename, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentHash } from '../../src-shared/domain.ts';
import { ContentHasher } from '../infra/content-hash.ts';
import type { BackupRow } from '../store/backups.ts';
import { GONE, jobReport, remoteParts, signalOf, type BackupParts, type RunOptions } from './backups.ts';
import { JobError, type Examined } from './jobs.ts';
import { DATABASE_MEMBER } from './manifest.ts';
import { download } from './remote.ts';

export interface CheckOptions extends RunOptions {
  readonly passphrase: string | null;
}

export interface Fetched {
  readonly file: string;
  /** What is wrong already with the file itself. */
  readonly problems: readonly string[];
}

/** Restores it to a temporary place, compares, forgets. Writes down what was found. Throws JobError, Fault. */
export async function verify(parts: BackupParts, row: BackupRow, options: CheckOptions): Promise<BackupRow> {
  const { store, place, clock } = parts;
  expectPassphrase(row, options);
  const outcome = await place.withWork(async (folder) => {
    const fetched = await fetch(parts, row, folder, options);
    if (fetched === null) return { problems: [GONE], manifest: row.manifest };
    const examined = await examineFile(parts, row, fetched.file, folder, options);
    const problems = [...fetched.problems, ...examined.problems, ...otherId(row, examined)];
    return { problems, manifest: examined.manifest === null ? row.manifest : JSON.stringify(examined.manifest) };
  });
  const [first] = outcome.problems;
  store.backups.change(row.id, {
    state: first === undefined ? 'verified' : 'failed',
    verifiedAt: clock.now(),
    error: first === undefined ? null : outcome.problems.join(' '),
    manifest: outcome.manifest,
  });
  return store.backups.get(row.id) ?? row;
}

function expectPassphrase(row: BackupRow, { passphrase }: CheckOptions): void {
  if (!row.encrypted || passphrase !== null) return;
  throw new JobError(
    'passphrase-missing',
    `The backup ${row.id} is encrypted. Give its passphrase with --passphrase-env VAR, or keep it with "docktide backup passphrase set".`,
  );
}

/** A file under the name of another backup. */
function otherId(row: BackupRow, { manifest }: Examined): string[] {
  if (manifest === null || manifest.id === row.id) return [];
  return [`It is another backup than its name says: ${manifest.id}.`];
}

/** From Dropbox into `folder`, or as it lies here where it is only here. Null where it is gone. */
export async function fetch(
  parts: BackupParts,
  row: BackupRow,
  folder: string,
  options: RunOptions & { readonly preferHere?: boolean },
): Promise<Fetched | null> {
  const client = row.clientId === null ? null : parts.store.sync.client(row.clientId);
  const here = row.here && parts.place.has(row);
  if (row.remoteId === null || client === null || (here && options.preferHere === true)) {
    if (!here && row.remoteId !== null) throw clientUnknown(row);
    if (!here) return null;
    const file = parts.place.fileOf(row);
    return { file, problems: otherContent(row, await hashOf(file)) };
  }
  const file = join(folder, 'downloaded');
  const found = await download(remoteParts(parts, client), row.remoteId, file, {
    report: (done, total) => parts.progress(row.id, 'downloading', done, total),
    ...signalOf(options),
  });
  return found === null ? null : { file, problems: otherContent(row, found.hash) };
}

function clientUnknown({ id }: BackupRow): JobError {
  return new JobError(
    'unreadable',
    `The backup ${id} lies in the Dropbox of a client that was removed. Add that client again and run: docktide backup list --refresh.`,
  );
}

function otherContent(row: BackupRow, hash: ContentHash): string[] {
  if (row.hash === null || row.hash === hash) return [];
  return ['The file is not the one that was made: somebody or something has changed it.'];
}

async function hashOf(file: string): Promise<ContentHash> {
  const hasher = new ContentHasher();
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hasher.update(chunk);
  return hasher.digest();
}

export function examineFile(
  parts: BackupParts,
  row: Pick<BackupRow, 'id' | 'encrypted'>,
  file: string,
  folder: string,
  options: CheckOptions & { readonly into?: string },
): Promise<Examined> {
  return parts.runJob(
    {
      kind: 'examine',
      file,
      encrypted: row.encrypted,
      passphrase: options.passphrase,
      folder,
      into: options.into ?? null,
    },
    { report: jobReport(parts, row.id), ...signalOf(options) },
  );
}

/** Unpacks everything into an empty folder. Throws JobError, Fault. */
export async function extract(
  parts: BackupParts,
  row: BackupRow,
  into: string,
  options: CheckOptions,
): Promise<{ readonly files: number; readonly problems: readonly string[] }> {
  expectPassphrase(row, options);
  return parts.place.withWork(async (folder) => {
    const fetched = await fetch(parts, row, folder, { ...options, preferHere: true });
    if (fetched === null) throw new JobError('unreadable', `The backup ${row.id} is gone: ${GONE}`);
    const examined = await examineFile(parts, row, fetched.file, folder, { ...options, into });
    if (examined.database !== null) await moveTo(examined.database, join(into, DATABASE_MEMBER));
    const problems = [...fetched.problems, ...examined.problems];
    return { files: examined.manifest?.members.count ?? 0, problems };
  });
}

/** The folder that a person has named may be on another disk. */
async function moveTo(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copyFile(from, `${to}.docktide-part`);
    await rename(`${to}.docktide-part`, to);
  }
}
