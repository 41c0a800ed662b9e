// `backup restore`: finds the archive, restores it to a temporary place and checks it, closes the document store, and puts
// the restored database in its place under the lock of the passes. Works without a document store as well, with what lies
// on this computer: that is what it is for when the database is damaged.
// Called by backup-service.ts.

import { existsSync, openSync, readSync, closeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fetch } from '../backup/checks.ts';
import { JobError } from '../backup/jobs.ts';
import { BackupPlace } from '../backup/place.ts';
import { refuseProblems, replaceDatabase } from '../backup/restore.ts';
import { refresh } from '../backup/backups.ts';
import { runJob } from '../backup/run-job.ts';
import { systemClock } from '../infra/clock.ts';
import { openPassLock, PassLockBusy, type PassLock } from '../infra/pass-lock.ts';
import { StoreError } from '../store/errors.ts';
import { DATABASE_NAME } from '../store/open-store.ts';
import { secretName, appSecretName } from './clouds.ts';
import { rowNamed } from './backup-views-of.ts';
import { AppError } from './service.ts';
import type { BackupRestored } from '../../src-shared/backup-views.ts';
import type { ClientId, LocalId, RelPath } from '../../src-shared/domain.ts';
import type { Secrets } from '../infra/secrets.ts';
import type { BackupRuns } from './backup-runs.ts';
import type { Workplace } from './docktide.ts';

export interface RestoreOptions {
  readonly passphrase?: string;
  readonly signal?: AbortSignal;
  /** Seconds to wait for a pass of another process; 60 unless told. */
  readonly waitSeconds?: number;
}

export interface RestoreParts {
  readonly dataFolder: string;
  /** What the settings know where the database does not answer. */
  readonly known: () => { readonly storeId: string | undefined; readonly documents: string | undefined };
  readonly use: () => Workplace;
  readonly runs: () => BackupRuns;
  /** Ends the continuous run of this process, between two steps of a pass. */
  readonly stopWatching: () => Promise<void>;
  readonly leave: () => Promise<void>;
}

interface Archive {
  readonly id: string;
  readonly madeAt: string;
  readonly database: string;
}

interface NamedClient {
  readonly id: number;
  readonly name: string;
}

export function makeRestore(parts: RestoreParts) {
  let current: AbortController | null = null;

  const restore = async (which: string, options: RestoreOptions): Promise<BackupRestored> => {
    const place = openPlace(parts);
    const files = new BackupPlace(parts.dataFolder);
    // Also against other processes: whoever makes a backup removes what seems to be left over from others.
    const lock = openPassLock(parts.dataFolder, systemClock, 'backup.lock');
    try {
      return await holding(lock, options, async () => {
        await files.sweep();
        return files.withWork(async (folder) => {
          const archive = await restoredAside(parts, files, place, which, folder, options);
          await parts.stopWatching();
          if (place !== null && (place.lock.held() || place.bulkLock.held())) throw busy();
          return putBack(parts, place, archive, options);
        });
      });
    } finally {
      lock.close();
    }
  };

  return {
    async restore(which: string, options: RestoreOptions): Promise<BackupRestored> {
      const stop = new AbortController();
      const abort = () => stop.abort();
      options.signal?.addEventListener('abort', abort, { once: true });
      if (options.signal?.aborted === true) abort();
      current = stop;
      try {
        return await restore(which, { ...options, signal: stop.signal });
      } finally {
        current = null;
        options.signal?.removeEventListener('abort', abort);
      }
    },
    cancel(): boolean {
      current?.abort();
      return current !== null;
    },
  };
}

const DEFAULT_WAIT_SECONDS = 60;

async function holding<T>(lock: PassLock, options: RestoreOptions, work: () => Promise<T>): Promise<T> {
  try {
    return await lock.hold(work, (options.waitSeconds ?? DEFAULT_WAIT_SECONDS) * 1000, options.signal);
  } catch (error) {
    if (error instanceof PassLockBusy) throw busy();
    throw error;
  }
}

/** Null where the database is damaged, too new, or gone. */
function openPlace({ use }: RestoreParts): Workplace | null {
  try {
    return use();
  } catch (error) {
    if (error instanceof StoreError || (error instanceof AppError && error.code === 'not-initialised')) return null;
    throw error;
  }
}

function busy(): AppError {
  return new AppError(
    'busy',
    'Docktide is at work on the documents or the backups just now. Restore again when it has finished; nothing was changed.',
  );
}

// ---------------------------------------------------------------- the archive

/** The database of the backup, checked, in `folder`. */
async function restoredAside(
  parts: RestoreParts,
  files: BackupPlace,
  place: Workplace | null,
  which: string,
  folder: string,
  options: RestoreOptions,
): Promise<Archive> {
  const asFile = resolve(which);
  const isFile = /[\\/]|\.(gz|age)$/.test(which) && existsSync(asFile);
  const examine = async (file: string, encrypted: boolean, problems: readonly string[]): Promise<Archive> => {
    const passphrase = options.passphrase ?? (encrypted && place !== null ? parts.runs().passphrase(undefined) : null);
    const examined = await runJob(
      { kind: 'examine', file, encrypted, passphrase, folder, into: null },
      options.signal === undefined ? {} : { signal: options.signal },
    );
    refuseProblems(examined.manifest?.id ?? which, [...problems, ...examined.problems]);
    const { manifest, database } = examined;
    if (manifest === null || database === null) throw new JobError('failed', `${which} holds no database.`);
    return { id: manifest.id, madeAt: manifest.madeAt, database };
  };
  if (isFile) return examine(asFile, isEncrypted(asFile), []);
  if (place === null) {
    const found = files.found().filter(({ id }) => which === 'newest' || which === 'latest' || id.startsWith(which));
    const newest = found.toSorted((a, b) => b.madeAt - a.madeAt)[0];
    if (newest !== undefined) return examine(newest.absolute, newest.encrypted, []);
    throw new AppError(
      'unknown-backup',
      `There is no backup "${which}" on this computer, and the database does not open, so that Dropbox cannot be asked. Download the backup from Dropbox in the browser and name its file.`,
    );
  }
  const { parts: backups } = parts.runs();
  const named = await rowOrRefresh(parts, which);
  const fetched = await fetch(backups, named, folder, {
    preferHere: true,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (fetched === null)
    throw new AppError('unknown-backup', `The backup ${named.id} is no longer in Dropbox. Choose another one.`);
  return examine(fetched.file, named.encrypted, fetched.problems);
}

/** A new computer knows no backup yet: then Dropbox is asked. */
async function rowOrRefresh(parts: RestoreParts, which: string) {
  const { parts: backups } = parts.runs();
  try {
    return rowNamed(backups, which);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'unknown-backup') throw error;
    await refresh(backups);
    return rowNamed(backups, which);
  }
}

function isEncrypted(file: string): boolean {
  const start = Buffer.alloc(19);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, start, 0, start.length, 0);
  } finally {
    closeSync(handle);
  }
  return start.toString('ascii') === 'age-encryption.org/';
}

// ---------------------------------------------------------------- its place

async function putBack(
  parts: RestoreParts,
  place: Workplace | null,
  archive: Archive,
  options: RestoreOptions,
): Promise<BackupRestored> {
  const target = targetOf(parts, place);
  const before: readonly NamedClient[] = place?.store.clients.all().map(({ id, name }) => ({ id, name })) ?? [];
  const database = join(parts.dataFolder, DATABASE_NAME);
  // The store closes its own locks with itself; this one is kept until the restored database is in its place.
  const lock = openPassLock(parts.dataFolder, systemClock);
  try {
    const { previous, clients } = await holding(lock, options, async () => {
      await parts.leave();
      const prepared = await runJob(
        {
          kind: 'prepare',
          database: archive.database,
          present: place === null ? null : database,
          ...target,
          id: archive.id,
          now: systemClock.now(),
        },
        options.signal === undefined ? {} : { signal: options.signal },
      );
      return {
        previous: await replaceDatabase(database, archive.database, systemClock.now()),
        clients: prepared.clients,
      };
    });
    const restored = parts.use();
    const notes = [
      ...(place === null ? [] : moveLogins(restored.secrets, before, clients)),
      ...missingLogins(restored, clients),
      ...before
        .filter(({ name }) => !clients.some((client) => client.name === name))
        .map(({ name }) => `The client "${name}" was added after this backup was made. Add it again.`),
    ];
    await makeDecidedFolders(restored);
    restored.events.emit({ kind: 'entries-changed' });
    restored.events.emit({ kind: 'backups-changed' });
    return { restored: archive.id, madeAt: archive.madeAt, previous, notes };
  } finally {
    lock.close();
  }
}

/** What the database at this place must say of itself: the documents folder knows its store. */
function targetOf(
  parts: RestoreParts,
  place: Workplace | null,
): { readonly storeId: string; readonly documents: string } {
  if (place !== null) return { storeId: place.store.id, documents: place.documents };
  const { storeId, documents } = parts.known();
  if (storeId !== undefined && documents !== undefined) return { storeId, documents };
  throw new AppError(
    'not-initialised',
    `The data folder ${parts.dataFolder} does not know its documents folder. Run: docktide init --documents DIR, then restore again.`,
  );
}

/**
 * Logins are kept by the number of their client, and a backup from elsewhere may have given the numbers otherwise: each
 * login goes to the client of its name, and none stays with another.
 */
function moveLogins(secrets: Secrets, before: readonly NamedClient[], after: readonly NamedClient[]): string[] {
  const namesOf = (id: number): string[] => [secretName(id as ClientId), appSecretName(id as ClientId)];
  const moves = after.flatMap((client) => {
    const former = before.find(({ name }) => name === client.name);
    return former?.id === client.id ? [] : [{ client, former }];
  });
  if (moves.length === 0) return [];
  const wanted: [string, string | null][] = [];
  const notes: string[] = [];
  for (const { client, former } of moves) {
    const from = former === undefined ? [] : namesOf(former.id);
    for (const [index, name] of namesOf(client.id).entries()) {
      const source = from[index];
      try {
        wanted.push([name, source === undefined ? null : secrets.get(source)]);
      } catch {
        wanted.push([name, null]);
        notes.push(`The login of "${client.name}" cannot be read here. Run: docktide client connect "${client.name}".`);
      }
    }
  }
  for (const [name, secret] of wanted) {
    if (secret === null) secrets.remove(name);
    else secrets.set(name, secret);
  }
  return notes;
}

function missingLogins({ store, secrets }: Workplace, clients: readonly NamedClient[]): string[] {
  return clients.flatMap(({ id, name }) => {
    const { credentials } = store.clients.get(name);
    const ofVariable =
      typeof credentials === 'object' &&
      credentials !== null &&
      'kind' in credentials &&
      credentials.kind === 'token-env';
    if (ofVariable || secrets.has(secretName(id as ClientId))) return [];
    return [`The client "${name}" has no login here. Run: docktide client connect "${name}".`];
  });
}

/**
 * Folders about which a person has decided something (their client, how long bytes stay, which way documents flow) are
 * made again where they are not on the disk, so that the decision is not forgotten with the folder.
 */
async function makeDecidedFolders({ store, disk }: Workplace): Promise<void> {
  const decided = store.db
    .prepare<[], { id: LocalId }>(
      `SELECT id FROM entries WHERE kind = 'folder' AND role = 'manual'
         AND (client_id IS NOT NULL OR keep IS NOT NULL OR flow IS NOT NULL)`,
    )
    .all();
  try {
    await disk.check();
    for (const { id } of decided) {
      const names = store.entries.pathOf(id).split('/');
      for (let depth = 1; depth <= names.length; depth++) {
        const path = names.slice(0, depth).join('/') as RelPath;
        if ((await disk.stat(path)) === null) await disk.makeFolder(path);
      }
    }
  } catch {
    // The documents folder is away, or something is in the way: the next pass says so.
  }
}
