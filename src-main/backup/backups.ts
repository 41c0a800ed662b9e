// Makes backups, takes them to Dropbox and looks after the list of them. In: the store, the client's CloudStore, the
// worker thread; out: rows and files. One run at a time over all processes of a data folder; the run of another process
// is waited for. Called by the application's backup service; verifying is in checks.ts, restoring in restore.ts.

import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { BackupStep } from '../../src-shared/backup-views.ts';
import type { ClientId, ContentHash, RemoteId } from '../../src-shared/domain.ts';
import { Fault, type ClientRow, type Clock, type CloudStore } from '../engine/ports.ts';
import { ContentHasher } from '../infra/content-hash.ts';
import { PassLockBusy, type PassLock } from '../infra/pass-lock.ts';
import type { BackupRow } from '../store/backups.ts';
import type { DocumentStore } from '../store/open-store.ts';
import type { JobProgress } from './jobs.ts';
import { warningsOf } from './manifest.ts';
import { backupId, fileNameOf, markOf } from './names.ts';
import type { BackupPlace } from './place.ts';
import { knownThere, listThere, removeThere, upload, type RemoteBackup, type RemoteParts } from './remote.ts';
import { localCalendar, retain, DEFAULT_POLICY, type Retention } from './retention.ts';
import type { RunJob } from './run-job.ts';

export interface BackupParts {
  readonly store: DocumentStore;
  /** Absolute path of the database in use. */
  readonly database: string;
  readonly place: BackupPlace;
  readonly cloud: (client: ClientRow) => CloudStore;
  readonly clock: Clock;
  /** Between the processes of this data folder. */
  readonly lock: PassLock;
  readonly runJob: RunJob;
  readonly version: string;
  readonly computer: string;
  readonly progress: (id: string, step: BackupStep, done: number, total: number) => void;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
}

/** Milliseconds to wait for a backup that another process makes. */
const WAIT_FOR_OTHERS = 10 * 60_000;

/** One at a time; temporary files of runs that were killed are removed first. Fault 'busy'. */
export async function alone<T>(parts: BackupParts, work: () => Promise<T>, options: RunOptions = {}): Promise<T> {
  try {
    return await parts.lock.hold(
      async () => {
        await parts.place.sweep();
        adoptFound(parts);
        return work();
      },
      WAIT_FOR_OTHERS,
      options.signal,
    );
  } catch (error) {
    if (!(error instanceof PassLockBusy)) throw error;
    throw new Fault(
      'busy',
      'Another Docktide is at work on the backups of this data folder. Try again when it has finished.',
      {
        cause: error,
      },
    );
  }
}

/** Files of runs that were killed before they wrote them down, or that a person has put there. */
function adoptFound({ store, place }: BackupParts): void {
  for (const { id, madeAt, size, encrypted } of place.found()) {
    const known = store.backups.get(id);
    if (known === null) store.backups.put({ ...UNKNOWN, id, madeAt, size, encrypted, here: true });
    else if (!known.here) store.backups.change(id, { here: true });
  }
  for (const row of store.backups.all()) {
    if (!row.here || place.has(row)) continue;
    if (row.remoteId === null) store.backups.remove(row.id);
    else store.backups.change(row.id, { here: false });
  }
}

const UNKNOWN = {
  hash: null,
  state: 'unverified',
  verifiedAt: null,
  error: null,
  cause: 'found',
  here: false,
  clientId: null,
  remoteId: null,
  rev: null,
  manifest: null,
} as const satisfies Partial<BackupRow>;

/** A finished backup in the data folder. Inside `alone`. */
export async function makeBackup(
  parts: BackupParts,
  options: RunOptions & { readonly cause: 'hand' | 'schedule'; readonly passphrase: string | null },
): Promise<{ readonly row: BackupRow; readonly warnings: readonly string[] }> {
  const { store, place } = parts;
  const { id, madeAt } = await freeId(parts);
  const encrypted = options.passphrase !== null;
  return place.withWork(async (folder) => {
    const file = join(folder, 'archive');
    const packed = await parts.runJob(
      {
        kind: 'pack',
        database: parts.database,
        folder,
        file,
        passphrase: options.passphrase,
        sources: store.backups.sources().map(({ name, path }) => ({ name, path })),
        about: {
          version: parts.version,
          id,
          madeAt: new Date(madeAt).toISOString(),
          computer: parts.computer,
          store: store.id,
        },
      },
      { report: jobReport(parts, id), ...signalOf(options) },
    );
    await place.keep(file, { id, encrypted });
    const row: BackupRow = {
      ...UNKNOWN,
      id,
      madeAt,
      size: packed.size,
      hash: packed.hash,
      encrypted,
      cause: options.cause,
      here: true,
      manifest: JSON.stringify(packed.manifest),
    };
    store.backups.put(row);
    return { row, warnings: warningsOf(packed.manifest) };
  });
}

export function jobReport({ progress }: BackupParts, id: string): (told: JobProgress) => void {
  return ({ step, done, total }) => progress(id, step, done, total);
}

export function signalOf({ signal }: RunOptions): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

/** Ids are whole seconds: within the same one it is waited for the next. */
async function freeId({ store, clock, place }: BackupParts): Promise<{ readonly id: string; readonly madeAt: number }> {
  const mark = markOf(store.id);
  for (;;) {
    const madeAt = Math.floor(clock.now() / 1000) * 1000;
    const id = backupId(madeAt, mark);
    const taken = store.backups.get(id) !== null || [true, false].some((encrypted) => place.has({ id, encrypted }));
    if (!taken) return { id, madeAt };
    await clock.sleep(100);
  }
}

// ---------------------------------------------------------------- where they go

export interface Target {
  /** Null: backups stay here. */
  readonly client: ClientRow | null;
  /** Why they stay here, as a sentence. */
  readonly why: string | null;
}

export function targetOf({ store }: Pick<BackupParts, 'store'>): Target {
  const { target } = store.backups.plan();
  const clients = store.sync.clients();
  const chosen =
    target === null ? (clients.length === 1 ? clients[0] : undefined) : clients.find(({ name }) => name === target);
  if (chosen === undefined) {
    if (clients.length === 0)
      return { client: null, why: 'There is no client yet; it goes to Dropbox when there is one.' };
    const which = target === null ? 'There are several clients' : `There is no client "${target}" any more`;
    return { client: null, why: `${which}. Choose where backups go: docktide backup target CLIENT.` };
  }
  if (chosen.state !== 'connected' && chosen.state !== 'disconnected') {
    return {
      client: null,
      why: `The client "${chosen.name}" is ${chosen.state}; it goes to Dropbox when that has ended.`,
    };
  }
  return { client: chosen, why: null };
}

/** Whether retention, and uploading later, are this store's business. */
export function isOwn({ store }: Pick<BackupParts, 'store'>, id: string): boolean {
  const mark = id.slice(-8);
  return mark === markOf(store.id) || store.backups.marks().includes(mark);
}

/** Backups that wait for a Dropbox to go to. */
export function waiting(parts: Pick<BackupParts, 'store'>): BackupRow[] {
  return parts.store.backups
    .all()
    .filter((row) => row.here && row.remoteId === null && row.state !== 'failed' && row.error !== GONE)
    .filter((row) => isOwn(parts, row.id))
    .reverse();
}

export function remoteParts(parts: BackupParts, client: ClientRow): RemoteParts {
  return { store: parts.store, cloud: parts.cloud(client), client };
}

/** Takes to Dropbox what is only here, oldest first. Answers the ids. Faults: those of CloudStore. Inside `alone`. */
export async function uploadWaiting(
  parts: BackupParts,
  client: ClientRow,
  options: RunOptions = {},
): Promise<string[]> {
  const { store, place } = parts;
  const uploaded: string[] = [];
  for (const row of waiting(parts)) {
    const absolute = place.fileOf(row);
    const hash = row.hash ?? (await hashOf(absolute));
    const name = fileNameOf(row.id, row.encrypted);
    const entry = await upload(
      remoteParts(parts, client),
      { absolute, name, size: row.size, hash, madeAt: row.madeAt },
      { report: (done) => parts.progress(row.id, 'uploading', done, row.size), ...signalOf(options) },
    );
    store.backups.change(row.id, { hash, clientId: client.id, remoteId: entry.id, rev: entry.rev });
    uploaded.push(row.id);
  }
  await tidyHere(parts);
  return uploaded;
}

/** The newest good one stays here as well, so that a damaged database can be brought back without a network. */
async function tidyHere({ store, place }: BackupParts): Promise<void> {
  const here = store.backups.all().filter((row) => row.here);
  const newest = here.find((row) => row.state !== 'failed');
  for (const row of here) {
    if (row === newest || row.remoteId === null) continue;
    await place.drop(row);
    store.backups.change(row.id, { here: false });
  }
}

async function hashOf(file: string): Promise<ContentHash> {
  const hasher = new ContentHasher();
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hasher.update(chunk);
  return hasher.digest();
}

// ---------------------------------------------------------------- the list

/** Takes up what the change feed has told of the folders of backups, without a request. */
export function learnFromFeed({ store }: Pick<BackupParts, 'store'>): void {
  for (const client of store.sync.clients()) {
    const feed = store.sync.feed(client.id);
    if (feed.cursor === null || feed.listing) continue;
    learn(store, client.id, knownThere(store, client));
    for (const row of lying(store, client.id)) {
      if (store.sync.remoteEntry(client.id, row.remoteId) === null) noteGone(store, row);
    }
  }
}

/** Asks each connected client's Dropbox. Fault of the first where none of them answers. */
export async function refresh(parts: BackupParts): Promise<void> {
  const clients = parts.store.sync.clients().filter(({ state }) => state === 'connected' || state === 'disconnected');
  const outcomes = await Promise.allSettled(clients.map((client) => refreshClient(parts, client)));
  const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
  if (failed[0] !== undefined && failed.length === outcomes.length) throw failed[0].reason;
}

async function refreshClient(parts: BackupParts, client: ClientRow): Promise<void> {
  const { store } = parts;
  const there = await listThere(remoteParts(parts, client));
  learn(store, client.id, there);
  const found = new Set(there.map(({ entry }) => entry.id));
  for (const row of lying(store, client.id)) {
    if (found.has(row.remoteId)) continue;
    if ((await parts.cloud(client).lookup({ id: row.remoteId })) === null) noteGone(store, row);
  }
}

type Lying = BackupRow & { readonly remoteId: RemoteId };

/** Backups that lie in a client's Dropbox, as far as is known. */
function lying(store: DocumentStore, client: ClientId): Lying[] {
  return store.backups.all().filter((row): row is Lying => row.clientId === client && row.remoteId !== null);
}

/** Where this computer has it too, that one still counts; it is not sent again to where a person has deleted it. */
function noteGone(store: DocumentStore, row: Lying): void {
  if (row.here) store.backups.change(row.id, { clientId: null, remoteId: null, rev: null, error: GONE });
  else if (row.error !== GONE) store.backups.change(row.id, { state: 'failed', error: GONE });
}

function learn(store: DocumentStore, client: ClientId, there: readonly RemoteBackup[]): void {
  for (const { id, madeAt, encrypted, entry } of there) {
    const known = store.backups.get(id);
    const remote = { clientId: client, remoteId: entry.id, rev: entry.rev };
    if (known === null) store.backups.put({ ...UNKNOWN, ...remote, id, madeAt, encrypted, size: entry.size });
    else if (known.clientId === null && (known.hash === null || known.hash === entry.hash)) {
      // Its upload arrived, and the run was killed before it knew; or it came back, or its client did.
      store.backups.change(id, { ...remote, ...(known.error === GONE ? { error: null } : {}) });
    }
  }
}

export const GONE = 'It is no longer in its folder in Dropbox.';

// ---------------------------------------------------------------- retention

export function retention(parts: Pick<BackupParts, 'store'>): Retention<BackupRow> {
  const own = parts.store.backups.all().filter((row) => isOwn(parts, row.id));
  return retain(own, parts.store.backups.plan().keep ?? DEFAULT_POLICY, localCalendar);
}

/** From Dropbox, then from here, then from the list. Faults: those of CloudStore. Inside `alone`. */
export async function removeBackup(parts: BackupParts, row: BackupRow): Promise<void> {
  const { store, place } = parts;
  if (row.remoteId !== null && row.clientId !== null) {
    const client = store.sync.client(row.clientId);
    if (client !== null) await removeThere(remoteParts(parts, client), row.remoteId);
  }
  await place.drop(row);
  store.backups.remove(row.id);
}
