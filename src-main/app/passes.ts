// Passes over clients: one by hand, many while watching, or one that only tells. Keeps the lock between processes and
// one pass at a time for each client; lanes of different clients run side by side and fail each for itself.
// Called by docktide.ts. One pass with what belongs to it is one-pass.ts; what it does, engine/pass.ts.

import { Cron } from 'croner';
import { isLookDue } from '../store/schedule.ts';
import { watchClients } from '../engine/scheduler.ts';
import { freeBytes } from '../keeping/cleaner.ts';
import { emptyOldTrash } from '../keeping/trash-expiry.ts';
import { isPruningDue, pruneLog } from '../log/prune.ts';
import { personHere } from '../infra/person.ts';
import { asAppError } from './errors.ts';
import { NOTE, passOf, type LaneParts, type PassParts } from './one-pass.ts';
import { AppError } from './service.ts';
import { sumOf } from './summaries.ts';
import { runsByItself } from '../../src-shared/client-state.ts';
import { ROOT, type ClientId, type RelPath } from '../../src-shared/domain.ts';
import type { SyncSummary } from '../../src-shared/views.ts';
import type { PassOptions } from '../engine/parts.ts';
import type { ClientRow } from '../engine/ports.ts';
import type { DocumentStore } from '../store/open-store.ts';
import type { FolderWatch } from '../store/watcher.ts';
import type { SyncOptions, SyncReport } from './service.ts';

export interface Passes {
  sync(options: SyncOptions): Promise<SyncReport>;
  watch(signal: AbortSignal): Promise<void>;
  /** Work on the documents folder apart from a pass; false where another process is in one and it must wait. */
  whenFree(work: () => Promise<void>): Promise<boolean>;
  /** Under the lock, without a pass. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

const DEFAULT_WAIT_SECONDS = 60;
/** A continuous run waits as long as it takes. */
const WATCH_WAIT = 24 * 3_600_000;
/** What a person waits for beside another process's pass. */
const SHORT_WAIT = 1_500;
/** Milliseconds between two looks at what another process may have added. */
const CATALOG_LOOK = 2_000;
const EVERY_MINUTE = '* * * * *';
/** At a quarter to four in the morning, or whenever it is asked for by hand. */
const ONCE_A_DAY = '45 3 * * *';

export function makePasses(parts: PassParts): Passes {
  const turns = new Map<ClientId, Promise<unknown>>();
  const lanes: LaneParts = { ...parts, waiting: new Set() };

  /** One pass after the other for one client, under the lock of this data folder. */
  const inTurn = <T>(id: ClientId, waitMilliseconds: number, work: () => Promise<T>, signal?: AbortSignal) => {
    const before = turns.get(id) ?? Promise.resolve();
    const mine = before.then(() => parts.lock.hold(work, waitMilliseconds, signal));
    turns.set(
      id,
      mine.catch(() => undefined),
    );
    return mine;
  };

  return {
    async sync(options) {
      const clients = chosenClients(parts.store, options.client);
      const wait = (options.waitSeconds ?? DEFAULT_WAIT_SECONDS) * 1000;
      const passOptions: PassOptions = {
        // What a person asks for does not wait for a back-off.
        ignoreBackoff: true,
        prepareOnly: options.prepareOnly ?? false,
        approveDeletions: options.yes ?? false,
        ...(options.full ? { audit: Number.MAX_SAFE_INTEGER } : {}),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      };
      const person = personHere();
      if (options.yes === true) for (const client of clients) noteAllowed(parts, client, person);
      const run = (chosen: readonly ClientRow[]) =>
        Promise.allSettled(
          chosen.map((client) =>
            inTurn(client.id, wait, () => passOf(lanes, client.id, passOptions, person), options.signal).catch(
              asThrown,
            ),
          ),
        );
      const outcomes = await run(clients);
      // What came back from one client goes to the other in the same run.
      const takers = parts.store.sync
        .clients()
        .filter((client) => lanes.waiting.delete(client.id) && client.state === 'connected');
      if (takers.length > 0) return report([...clients, ...takers], [...outcomes, ...(await run(takers))]);
      if (options.signal?.aborted === true) {
        throw new AppError('interrupted', 'It was stopped before it had finished. Run it again to go on.');
      }
      return report(clients, outcomes);
    },

    async watch(signal) {
      const folderWatches: FolderWatch[] = [];
      const isChanging = (path: RelPath): boolean => folderWatches.some((one) => one.isChanging(path));
      const watching = watchClients(parts.engine, {
        signal,
        onLocalHint: (listener) => {
          folderWatches.push(parts.watchFolder(listener, (message) => noteWatchProblem(parts, message)));
          return () => {};
        },
        onSchedule: (listener) => {
          const prune = () => void pruneWhenDue(parts);
          prune();
          let last = Date.now();
          // The schedule is read each time: also another process may change it.
          const job = new Cron(EVERY_MINUTE, () => {
            if (!isLookDue(last, Date.now(), parts.store.schedule.minutes())) return;
            last = Date.now();
            listener();
            prune();
          });
          const look = watchCatalog(parts.store, listener);
          const listen = setInterval(() => parts.notices.lookElsewhere(), CATALOG_LOOK);
          const cleaning = new Cron(ONCE_A_DAY, () => clean(parts));
          return () => {
            job.stop();
            cleaning.stop();
            clearInterval(look);
            clearInterval(listen);
          };
        },
        pass: async (id, paths, audit, others) => {
          const state = parts.store.sync.client(id)?.state;
          // Removed, or paused by a person, meanwhile.
          if (state === undefined || !runsByItself(state)) return undefined;
          const scope = paths === 'everything' || paths.includes(ROOT) ? 'everything' : paths;
          return inTurn(
            id,
            WATCH_WAIT,
            () => passOf(lanes, id, { scope, isChanging, signal, others, ...(audit > 0 ? { audit } : {}) }),
            signal,
          );
        },
      });
      try {
        await watching;
      } finally {
        for (const folderWatch of folderWatches) await folderWatch.close();
      }
    },

    async whenFree(work) {
      try {
        await parts.lock.hold(work, SHORT_WAIT);
        return true;
      } catch (error) {
        if (asAppError(error).code === 'busy') return false;
        throw error;
      }
    },
    alone: (work) => parts.lock.hold(work, DEFAULT_WAIT_SECONDS * 1000),
  };
}

function catalogEpoch(store: DocumentStore): number {
  const row = store.db.prepare<[], { value: number }>(`SELECT value FROM counters WHERE name = 'catalog'`).get();
  return row?.value ?? 0;
}

/** Calls back when types, records, rules or clients were changed, also by another process. */
function watchCatalog(store: DocumentStore, listener: () => void): NodeJS.Timeout {
  const signature = (): string => {
    const runnable = store.sync.clients().filter((client) => client.state !== 'paused' && client.state !== 'draft');
    return `${catalogEpoch(store)} ${runnable.map((client) => client.id).join()}`;
  };
  let last = signature();
  return setInterval(() => {
    const now = signature();
    if (now === last) return;
    last = now;
    listener();
  }, CATALOG_LOOK);
}

function noteWatchProblem({ store, logFile, logFeed }: PassParts, message: string): void {
  logFile.write('warn', message);
  store.sync.log({ ...NOTE, level: 'warning', kind: 'watch', result: 'note', reason: message });
  logFeed.flush();
}

/** Once a day, also on a computer that sleeps at night. */
async function pruneWhenDue({ store, logFile }: PassParts): Promise<void> {
  try {
    if (isPruningDue(store)) await pruneLog(store);
  } catch (error) {
    logFile.write('warn', 'the log could not be pruned', { reason: asAppError(error).message });
  }
}

/** The daily cleaner: bytes that the folders' policies let go, and what is in the trash for more than 30 days. */
async function clean(parts: PassParts): Promise<void> {
  const { store, engine, disk, lock, logFile } = parts;
  try {
    await lock.hold(async () => {
      for (const client of store.sync.clients()) {
        if (client.state === 'connected') await freeBytes({ store, engine, disk }, client.id, { dryRun: false });
      }
      const cloudOf = (name: string) => engine.cloud(connectedClient(store, name));
      await emptyOldTrash({ store, disk, cloudOf, now: () => engine.clock.now() });
    }, WATCH_WAIT);
    parts.events.emit({ kind: 'entries-changed' });
  } catch (error) {
    // Tomorrow is another day; nothing was freed that is not safe.
    logFile.write('warn', 'the cleaner was stopped', { reason: asAppError(error).message });
  }
}

/** Throws AppError. */
function connectedClient(store: DocumentStore, name: string): ClientRow {
  const client = store.sync.client(store.clients.get(name).id);
  if (client?.state === 'connected') return client;
  throw new AppError('client-paused', `The client "${name}" is not connected.`);
}

function asThrown(error: unknown): never {
  throw asAppError(error);
}

/** Clients to run. Throws AppError for a named one that cannot run. */
function chosenClients(store: DocumentStore, name: string | undefined): readonly ClientRow[] {
  if (name === undefined) return store.sync.clients().filter((client) => client.state !== 'paused');
  const { id } = store.clients.get(name);
  const client = store.sync.client(id);
  if (client === null) throw new AppError('unknown-client', `There is no client "${name}".`);
  if (client.state === 'paused') {
    throw new AppError('client-paused', `The client "${name}" is paused. Run: docktide client resume "${name}".`);
  }
  return [client];
}

function noteAllowed({ store }: PassParts, client: ClientRow, actor: string): void {
  const { held } = store.listing.taskCounts(client.id);
  if (held === 0) return;
  const reason = held === 1 ? '1 held deletion was allowed' : `${held} held deletions were allowed`;
  store.sync.log({
    ...NOTE,
    clientId: client.id,
    level: 'warning',
    kind: 'held-allowed',
    result: 'done',
    reason,
    actor,
  });
}

/** Where no client could run, the first one's error is the error of all. */
function report(clients: readonly ClientRow[], outcomes: readonly PromiseSettledResult<SyncSummary>[]): SyncReport {
  const summaries = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const errors = outcomes.flatMap((outcome, index) => {
    if (outcome.status === 'fulfilled') return [];
    const { code, message } = asAppError(outcome.reason);
    return [{ client: clients[index]?.name ?? '', code, message }];
  });
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined && summaries.length === 0) throw asAppError(failed.reason);
  return { ...sumOf(summaries), errors };
}
