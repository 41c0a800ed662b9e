// One pass of one client with all that the application does around it: the account is learnt before, window, log and
// notices are told meanwhile, and the room in Dropbox is asked for afterwards. Called by passes.ts, which keeps the turns.

import { Fault } from '../engine/ports.ts';
import { runPass } from '../engine/pass.ts';
import { signalOf } from '../engine/retry.ts';
import { endReverse } from '../keeping/reverse.ts';
import { credentialsSchema } from './clouds.ts';
import { asAppError } from './errors.ts';
import { accountOf, refuseSharedAccount } from './roots.ts';
import { AppError } from './service.ts';
import { askSpace, isSpaceStale } from './space.ts';
import { summaryWords } from './summaries.ts';
import { clientView, taskView } from './views-of.ts';
import type { ClientId, RelPath } from '../../src-shared/domain.ts';
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

export interface LaneParts extends PassParts {
  /** Clients that another one has handed something over to. */
  readonly waiting: Set<ClientId>;
}

/** What a line of the log has where nothing else is known. */
export const NOTE = { clientId: null, direction: null, path: null, bytes: null, duration: null } as const;

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

/** One pass of one client with its events; faults go on as AppError. */
export async function passOf(
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
