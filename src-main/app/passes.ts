// Passes over clients: one by hand, many while watching, or one that only tells. Keeps the lock between processes and
// one pass at a time for each client; lanes of different clients run side by side and fail each for itself.
// Called by docktide.ts. The pass itself is engine/pass.ts.

import { Cron } from 'croner';
import { isLookDue } from '../store/schedule.ts';
import { Fault } from '../engine/ports.ts';
import { runPass } from '../engine/pass.ts';
import { signalOf } from '../engine/retry.ts';
import { watchClients } from '../engine/scheduler.ts';
import { freeBytes } from '../keeping/cleaner.ts';
import { endReverse } from '../keeping/reverse.ts';
import { emptyOldTrash } from '../keeping/trash-expiry.ts';
import { isPruningDue, pruneLog } from '../log/prune.ts';
import { credentialsSchema } from './clouds.ts';
import { personHere } from '../infra/person.ts';
import { asAppError } from './errors.ts';
import { accountOf, refuseSharedAccount } from './roots.ts';
import { AppError } from './service.ts';
import { askSpace, isSpaceStale } from './space.ts';
import { summaryWords, sumOf } from './summaries.ts';
import { clientView, taskView } from './views-of.ts';
import { runsByItself } from '../../src-shared/client-state.ts';
import { ROOT, type ClientId, type RelPath } from '../../src-shared/domain.ts';
import type { SyncSummary } from '../../src-shared/views.ts';
import type { EngineEvent, EngineParts, PassOptions } from '../engine/parts.ts';
import type { ClientRow } from '../engine/ports.ts';
import type { LogFile } from '../infra/log-file.ts';
import type { PassLock } from '../infra/pass-lock.ts';
import type { StoreDisk } from '../store/disk/store-disk.ts';
import type { DocumentStore } from '../store/open-store.ts';
import type { FolderWatch } from '../store/watcher.ts';
import type { Clouds } from './clouds.ts';
import type { Events } from './events.ts';
import type { LogFeed } from './log-feed.ts';
import type { NoticeFeed } from './notices.ts';
import type { SyncOptions, SyncReport } from './service.ts';

export interface PassParts {
  readonly store: DocumentStore;
  readonly engine: EngineParts;
  readonly disk: StoreDisk;
  readonly lock: PassLock;
  readonly events: Events;
  readonly logFile: LogFile;
  readonly notices: NoticeFeed;
  readonly logFeed: LogFeed;
  readonly clouds: Clouds;
  /** Tells changed paths; `''` stands for everything. */
  readonly watchFolder: (
    onHint: (paths: readonly RelPath[]) => void,
    onProblem: (message: string) => void,
  ) => FolderWatch;
}

interface LaneParts extends PassParts {
  /** Clients that another one has handed something over to. */
  readonly waiting: Set<ClientId>;
}

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

/** Ends of a pass that the client's state tells, that pass by themselves, or that a person caused: not told as failed. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set([
  'login-lost',
  'scope-missing',
  'root-gone',
  'unreachable',
  'server',
  'rate-limited',
  'busy',
  'cursor-reset',
  'interrupted',
  'closed',
  'not-connected',
  'unknown-client',
]);

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
            inTurn(client.id, wait, () => pass(lanes, client.id, passOptions, person), options.signal).catch(asThrown),
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
            () => pass(lanes, id, { scope, isChanging, signal, others, ...(audit > 0 ? { audit } : {}) }),
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

const NOTE = { clientId: null, direction: null, path: null, bytes: null, duration: null } as const;

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

/** One pass of one client with its events; faults go on as AppError. */
async function pass(
  parts: LaneParts,
  id: ClientId,
  options: PassOptions,
  actor: string | null = null,
): Promise<SyncSummary> {
  const { store, events, logFile } = parts;
  const client = store.sync.client(id);
  if (client === null) throw new AppError('unknown-client', 'The client was removed meanwhile.');
  events.emit({ kind: 'pass-started', client: client.name });
  try {
    if (client.state === 'draft') {
      throw new AppError(
        'not-connected',
        `The client "${client.name}" is not logged in to Dropbox yet. Run: docktide client connect "${client.name}".`,
      );
    }
    await knowAccount(parts, client);
    const outcome = await runPass(parts.engine, id, {
      ...options,
      report: (event) => forward(parts, client.name, event),
    });
    const { engine, disk } = parts;
    for (const next of await endReverse({ store, engine, disk }, id)) parts.waiting.add(next);
    // The engine counts what it would do; people count documents, and a folder may hold many.
    const summary = outcome.held === 0 ? outcome : { ...outcome, held: store.listing.taskCounts(id).held };
    notePass(parts, client, summary, actor);
    await followSpace(parts, client, summary);
    logFile.write('info', 'pass finished', { client: client.name, ...summary });
    events.emit({ kind: 'pass-finished', client: client.name, summary });
    store.notices.passEnded(id, null);
    return summary;
  } catch (error) {
    const known = asAppError(error);
    const cause = error instanceof Error ? error.stack : undefined;
    logFile.write('error', known.message, { client: client.name, code: known.code, stack: cause });
    events.emit({ kind: 'pass-failed', client: client.name, code: known.code, message: known.message });
    if (!TOLD_OTHERWISE.has(known.code)) store.notices.passEnded(id, known);
    throw known;
  } finally {
    afterPass(parts, id);
  }
}

/** A pass with nothing to do leaves no line. */
function notePass({ store }: PassParts, client: ClientRow, summary: SyncSummary, actor: string | null): void {
  const reason = summaryWords(summary);
  if (reason === '') return;
  store.sync.log({
    level: 'info',
    clientId: client.id,
    direction: null,
    kind: 'pass',
    path: null,
    bytes: summary.bytesUp + summary.bytesDown,
    duration: Math.round(summary.seconds * 1000),
    result: 'done',
    reason,
    actor,
  });
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

/** The room in Dropbox is asked for when this pass has changed it: a pass with nothing to do costs no further request. */
async function followSpace(parts: PassParts, client: ClientRow, summary: SyncSummary): Promise<void> {
  const changed = summary.uploaded + summary.deletedRemote > 0 || client.lastSync === null;
  if (!changed || !isSpaceStale(parts, client)) return;
  const fault = await askSpace(parts, client);
  if (fault !== null) parts.logFile.write('warn', 'the room in Dropbox is not known', { reason: fault.message });
}

function forward(parts: PassParts, client: string, event: EngineEvent): void {
  const { events } = parts;
  // Long passes tell while they run.
  parts.notices.flush();
  if (event.kind === 'task') events.emit({ kind: 'task', task: taskView(event.task, client) });
  else if (event.kind === 'tasks') {
    for (const task of event.tasks) events.emit({ kind: 'task', task: taskView(task, client) });
  } else if (event.kind === 'progress') {
    const { done, total, bytesUp, bytesDown } = event;
    events.emit({ kind: 'progress', client, done, total, bytesUp, bytesDown });
  } else events.emit({ kind: 'entries-changed' });
}

function afterPass(parts: PassParts, id: ClientId): void {
  const { store, events } = parts;
  parts.logFeed.flush();
  const client = store.sync.client(id);
  if (client === null) return;
  store.notices.tellStanding(id);
  events.emit({ kind: 'client-changed', client: clientView(store, client) });
  parts.notices.flush();
}

/**
 * Before the first pass of a client its account is learnt, so that two clients never keep the same folder of one
 * account. A failure to learn it is left to the pass, which tells it with the client's state.
 */
async function knowAccount(parts: PassParts, client: ClientRow): Promise<void> {
  const { store } = parts;
  const details = store.clients.get(client.name);
  if (accountOf(details) !== null) return;
  let account;
  try {
    account = await parts.engine.cloud(client).account();
  } catch (error) {
    if (error instanceof Fault) return tellFault(store, client, error);
    throw error;
  }
  refuseSharedAccount(store, client, account, credentialsSchema.parse(details.credentials));
  store.clients.setAccount(client.id, account);
}

/** A missing permission to read the account is no obstacle to the pass; everything else is. */
function tellFault(store: DocumentStore, client: ClientRow, fault: Fault): void {
  if (fault.code === 'scope-missing' || fault.code === 'no-permission') return;
  const signal = signalOf(fault.code);
  if (signal !== null) store.sync.signalClient(client.id, signal);
  store.sync.log({
    ...NOTE,
    level: 'error',
    clientId: client.id,
    kind: 'pass',
    result: 'failed',
    reason: fault.message,
  });
  throw fault;
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
