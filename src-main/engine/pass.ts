// One pass of one client: observe, plan, execute, record, until a plan is empty (SYNC.md §1).
// In: the parts and a client. Out: what was done, as `docktide sync` prints it. Faults: those that stop the whole client
// (login, network, root, documents folder). Called by the application service and the scheduler.

import type { ClientId, ContentHash, LocalId, RelPath, RemoteId } from '../../src-shared/domain.ts';
import type { Operation, Plan, PlanPolicy } from '../sync/model.ts';
import { auditFolders } from './audit.ts';
import { giveWay, inBatches } from './batches.ts';
import { adoptAll } from './bookkeeping.ts';
import type { Lane, Moment } from './lane.ts';
import { adoptInterrupted } from './interrupted.ts';
import { disbelieveDeletions, disbelieveTrash, learnEarlier, learnMoved, observeRemote } from './observe.ts';
import { emptyTally, type EngineParts, type PassOptions, type PassResult, type Tally } from './parts.ts';
import { circumstancesOf, planChanges, planEverything, policyFor, type Circumstances } from './planning.ts';
import {
  type ClientRow,
  type CloudStore,
  Fault,
  type LocalObservation,
  type StandingProblem,
  type SyncStore,
  type TaskRow,
} from './ports.ts';
import { renewQueue } from './queue.ts';
import { keepBackupsAside } from './reserved.ts';
import { runPlan } from './runner.ts';
import { signalOf } from './retry.ts';
import { keepsAway } from './symlinks.ts';
import type { RunResult } from './task-run.ts';

/** Plans of one pass before the rest is left to the next: enough for every chain of changes made while it runs. */
const MAX_ROUNDS = 8;
/** Rounds of looking at single entries before a plan is carried out. */
const MAX_LOOKS = 5;
/** Ids compared in one turn. */
const IDS_AT_ONCE = 2_000;
/** Links made in one round; the rest follows. */
const LINKS_AT_ONCE = 200;

export async function runPass(parts: EngineParts, clientId: ClientId, options: PassOptions = {}): Promise<PassResult> {
  const client = connectedClient(parts, clientId);
  const started = parts.clock.now();
  const cloud = parts.cloud(client);
  const traffic = cloud.traffic();
  const tally = emptyTally();
  try {
    await passRounds(parts, client, cloud, options, tally);
    if (!options.signal?.aborted) {
      if (!options.prepareOnly) parts.store.setLastSync(clientId, parts.clock.now());
      parts.store.signalClient(clientId, isFull(parts, clientId) ? 'account-full' : 'pass-succeeded');
    }
  } catch (error) {
    noteFault(parts, client, error);
    throw error;
  }
  parts.store.setChecked(clientId, parts.clock.now());
  const after = cloud.traffic();
  return {
    ...tally,
    requests: after.requests - traffic.requests,
    seconds: (parts.clock.now() - started) / 1000,
  };
}

/** What a pass would do now. Observes, and writes nothing in Dropbox; on a copy of the store it changes nothing at all. */
export async function previewPass(parts: EngineParts, clientId: ClientId): Promise<Plan> {
  const client = connectedClient(parts, clientId);
  const cloud = parts.cloud(client);
  await parts.disk.check();
  const local = await parts.gate.scan(() => parts.observer.observe('everything'));
  await observeRemote(parts, cloud, client, { create: false });
  const earlier = new Map<RemoteId, ReadonlySet<ContentHash>>();
  const circumstances = circumstancesOf(local, { deletionsApproved: false, earlier });
  const policy = policyFor(parts.policy(client), circumstances);
  if (await disbelieveDeletions(parts.store, cloud, client, new Set(), policy)) {
    await observeRemote(parts, cloud, client, { create: false });
  }
  const made = await planEverything(parts, client, circumstances);
  const learnt = await learnEarlier(parts.store, cloud, client, made, earlier);
  return learnt ? planEverything(parts, client, circumstances) : made;
}

async function passRounds(
  parts: EngineParts,
  client: ClientRow,
  cloud: CloudStore,
  options: PassOptions,
  tally: Tally,
): Promise<void> {
  const { store } = parts;
  const believed = new Set<RemoteId>();
  const gone = new Set<RemoteId>();
  const failed = new Set<string>();
  const told = new Set<RelPath>();
  const earlier = new Map<RemoteId, ReadonlySet<ContentHash>>();
  await parts.disk.check();
  // Rows of a restored database say nothing about the disk until everything was looked at.
  const scope = store.hasUnproven(client.id) ? 'everything' : (options.scope ?? 'everything');
  let local = await parts.gate.scan(() => parts.observer.observe(scope, options.isChanging));
  await finishInterrupted(parts, client, cloud, options, tally);
  await observeRemote(parts, cloud, client, { create: true, gone });
  parts.observer.claim();
  if (local.certain && store.hasUnproven(client.id)) store.prove(client.id);
  if (options.audit !== undefined) await auditFolders(parts, client, cloud, options.audit, options.signal);
  options.report?.({ kind: 'observed', clientId: client.id });
  let whole = options.audit !== undefined || store.hasUnproven(client.id);
  /** At the most, in this pass: what is deleted is judged among them. */
  let entries = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (options.signal?.aborted) return;
    if (!options.prepareOnly) await keepBackupsAside(store, cloud, client);
    // Held and failed tasks stand in the queue: while there are any, every pass plans.
    if (isSettled(store, client) && local.problems.length === 0) return;
    await adoptInterrupted(parts, client, cloud);
    const epochs = store.epochs(client.id);
    const circumstances: Circumstances = circumstancesOf(local, {
      deletionsApproved: options.approveDeletions ?? false,
      before: { here: tally.deletedLocal, there: tally.deletedRemote, entries },
      earlier,
    });
    const policy = policyFor(parts.policy(client), circumstances);
    // What was told by Dropbox has been entered just now.
    await giveWay(parts);
    if (await disbelieveDeletions(store, cloud, client, believed, policy)) {
      await observeRemote(parts, cloud, client, { create: true, gone });
      continue;
    }
    let made = await planChanges(parts, client, circumstances, whole);
    let isDoubtful = false;
    // What was learnt may have taken the place of another row, which is then to be asked for itself.
    for (let looks = 0; looks < MAX_LOOKS; looks++) {
      isDoubtful = await disbelieveTrash(store, cloud, client, made, believed);
      if (isDoubtful) break;
      const moved = await learnMoved(store, cloud, client, made, { believed, gone });
      if (!(await learnEarlier(store, cloud, client, made, earlier)) && !moved) break;
      made = await planChanges(parts, client, circumstances, whole);
    }
    if (isDoubtful) {
      await observeRemote(parts, cloud, client, { create: true, gone });
      continue;
    }
    entries = Math.max(entries, made.deletions.entries);
    store.planned(client.id, { ...epochs, policy: policy.key ?? '', unsettled: made.unsettled });
    const problems = standingProblems(parts, client, policy, made, local);
    const links = linkOperations(parts, client);
    const operations = [...queued(made.operations), ...links];
    const tasks = await renewQueue(parts, client.id, { operations, problems }, (some) =>
      options.report?.({ kind: 'tasks', tasks: some }),
    );
    options.report?.({ kind: 'planned', clientId: client.id });
    tally.held = made.operations.filter((operation) => operation.held).length;
    tally.failed = problems.length;
    if (made.operations.length + links.length === 0) {
      // What a symbolic link keeps away comes when that is gone, which is no change of a row.
      if (problems.length + circumstances.symlinks.length === 0) store.settle(client.id, epochs.local, epochs.remote);
      return;
    }
    if (options.prepareOnly) return;
    const lane = makeLane(parts, client, cloud, options, tally, made, { failed, told, plannedAt: epochs });
    const result = await runPlan(lane, [...made.operations, ...links], tasks);
    tally.failed = problems.length + result.failed;
    options.report?.({ kind: 'entries-changed' });
    if (options.others?.aborted) return;
    if (queued(made.operations).length + links.length === 0) {
      // Nothing was done on either side, so that there is nothing to look for.
      if (result.agreed === 0) return;
      const isQuiet = problems.length + circumstances.symlinks.length + earlier.size === 0;
      const agreedAt = isQuiet ? await allAgreedAt(parts, made, result) : null;
      if (agreedAt !== null) {
        // Both sides have all of it as the merge base has it now: another plan would be empty.
        const unsettled = { local: [], remote: [] };
        store.planned(client.id, { ...agreedAt, policy: policy.key ?? '', unsettled });
        store.settle(client.id, agreedAt.local, agreedAt.remote);
      }
      continue;
    }
    const remote = await observeRemote(parts, cloud, client, { create: true, gone });
    if (lane.rescan) {
      local = await parts.gate.scan(() => parts.observer.observe('everything', options.isChanging));
    }
    // What turned out to be other than planned is planned with everything that is known.
    whole = result.mustReplan;
    if (!result.mustReplan && remote.changed === 0 && nothingFree(result)) return;
  }
}

/**
 * Tasks that were running when the program died, or the documents folder went away, may have had their effect without a
 * record of it. What both sides agree
 * about, as far as is known here, is agreed upon before Dropbox tells what has changed there since.
 */
async function finishInterrupted(
  parts: EngineParts,
  client: ClientRow,
  cloud: CloudStore,
  options: PassOptions,
  tally: Tally,
): Promise<void> {
  if (!parts.store.openTasks(client.id).some(isInterrupted)) return;
  const circumstances = circumstancesOf(null, { deletionsApproved: false, earlier: new Map() });
  const made = await planEverything(parts, client, circumstances);
  const lane = makeLane(parts, client, cloud, options, tally, made, {
    failed: new Set(),
    told: new Set(),
    plannedAt: null,
  });
  await adoptAll(lane, made.operations, () => {});
}

function isInterrupted({ state, errorCode }: TaskRow): boolean {
  return state === 'running' || errorCode === 'documents-missing' || errorCode === 'marker-missing';
}

/** Nothing has changed on either side since a plan was empty. */
function isSettled(store: SyncStore, client: ClientRow): boolean {
  const { local, remote, settledLocal, settledRemote } = store.epochs(client.id);
  if (local !== settledLocal || remote !== settledRemote) return false;
  return !client.links || store.linkless(client.id, 1).length === 0;
}

/**
 * When the plan was to agree upon what both sides have, and that was done while no row changed otherwise: the moment from
 * which on the merge base has all of it. Else null.
 */
async function allAgreedAt(
  parts: EngineParts,
  { operations, unsettled }: Plan,
  { agreed, agreedAt }: RunResult,
): Promise<Moment | null> {
  if (agreedAt === null || agreed !== operations.length) return null;
  const [here, there] = [new Set<LocalId>(), new Set<RemoteId>()];
  let isAll = true;
  const note = (operation: Operation): void => {
    if (operation.kind !== 'adopt') isAll = false;
    else {
      here.add(operation.localId);
      there.add(operation.remoteId);
    }
  };
  await inBatches(parts, operations, (some) => some.forEach(note), IDS_AT_ONCE);
  await inBatches(parts, unsettled.local, (some) => (isAll &&= some.every((id) => here.has(id))), IDS_AT_ONCE);
  await inBatches(parts, unsettled.remote, (some) => (isAll &&= some.every((id) => there.has(id))), IDS_AT_ONCE);
  return isAll ? agreedAt : null;
}

/** Only what is held, waiting or failed is left: another plan would be the same. */
function nothingFree(result: { readonly done: number }): boolean {
  return result.done === 0;
}

function makeLane(
  parts: EngineParts,
  client: ClientRow,
  cloud: CloudStore,
  options: PassOptions,
  tally: Tally,
  made: Plan,
  { failed, told, plannedAt }: Pick<Lane, 'failed' | 'told' | 'plannedAt'>,
): Lane {
  return {
    parts,
    client,
    cloud,
    options,
    tally,
    conflicts: new Map(made.conflicts.flatMap((found) => found.operations.map((key) => [key, found] as const))),
    copies: new Map(),
    failed,
    told,
    plannedAt,
    rescan: false,
  };
}

/** Links that are still to be made: tasks of their own, after all transfers. */
function linkOperations({ store }: EngineParts, client: ClientRow): Operation[] {
  if (!client.links) return [];
  return store.linkless(client.id, LINKS_AT_ONCE).flatMap(({ localId, remoteId }) => {
    const entry = store.entry(localId);
    if (!entry) return [];
    return [
      {
        kind: 'remote.link',
        key: `remote.link:${localId}`,
        direction: 'direct',
        priority: 3,
        reason: 'link-wanted',
        path: entry.path,
        remotePath: entry.path,
        dependsOn: [],
        held: false,
        localId,
        remoteId,
      } satisfies Operation,
    ];
  });
}

/** Bookkeeping is done at once and never waits in the queue. */
function queued(operations: readonly Operation[]): readonly Operation[] {
  return operations.filter((operation) => operation.kind !== 'adopt' && operation.kind !== 'forget');
}

function standingProblems(
  { store }: EngineParts,
  client: ClientRow,
  policy: PlanPolicy,
  made: Plan,
  local: LocalObservation,
): StandingProblem[] {
  const problems: StandingProblem[] = made.problems.map((problem) => ({
    key: `${problem.code}:${problem.path}`,
    path: problem.path,
    code: problem.code,
    message: `Dropbox does not take the name of "${problem.path}": ${problem.detail}. Rename it.`,
  }));
  for (const problem of local.problems) {
    if (problem.code === 'ignored-name' || problem.code === 'case-clash') continue;
    // A symlink matters only where it takes a place that Dropbox wants.
    if (problem.code === 'symlink' && !keepsAway(store, client, policy, problem.path)) continue;
    problems.push({
      key: `${problem.code}:${problem.path}`,
      path: problem.path,
      code: problem.code,
      message: problem.message,
    });
  }
  return problems;
}

function connectedClient(parts: EngineParts, clientId: ClientId): ClientRow {
  const client = parts.store.client(clientId);
  if (!client) throw new Fault('internal', 'There is no such client.');
  return client;
}

/** Uploads wait for room in Dropbox; the rest of the pass went well. */
function isFull({ store }: EngineParts, clientId: ClientId): boolean {
  return store.openTasks(clientId).some((task) => task.state === 'retry' && task.errorCode === 'no-space');
}

/** A fault that stops the client is kept as its state, so that window, tray and `status` can say so. */
function noteFault(parts: EngineParts, client: ClientRow, error: unknown): void {
  if (!(error instanceof Fault)) return;
  const { store } = parts;
  const signal = signalOf(error.code);
  if (signal !== null) store.signalClient(client.id, signal);
  store.log({
    level: 'error',
    clientId: client.id,
    direction: null,
    kind: 'pass',
    path: null,
    bytes: null,
    duration: null,
    result: 'failed',
    reason: error.message,
  });
}
