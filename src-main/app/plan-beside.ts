// Plans many entries, whole trees or what is around a change, on a thread of their own, which reads the database by
// itself: neither window nor transfers wait for it. A thread that took little memory is kept for a few seconds, because
// one pass plans several times; that of a large plan goes with its memory. In: a store and what policies are made of; out:
// the plan, which arrives in portions. Null where there are few entries or no thread can be had: then the engine plans in
// place.
// Joined in by compose.ts; the thread's own side is plan-worker.ts.

import { existsSync } from 'node:fs';
import { once } from 'node:events';
import * as nodeModule from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { setImmediate as turn } from 'node:timers/promises';
import type { ClientId } from '../../src-shared/domain.ts';
import type { EngineParts } from '../engine/parts.ts';
import type { Circumstances, PlannedPart } from '../engine/planning.ts';
import type { PolicyParts } from '../keeping/policy.ts';
import type { DocumentStore } from '../store/open-store.ts';
import type { Plan } from '../sync/model.ts';

/** Entries of both sides from which on a thread is worth its start. */
const MANY = 1_000;
/** Milliseconds without work after which the thread ends. */
const IDLE = 5_000;

/** What the thread is given. */
export interface PlanJob {
  readonly database: string;
  readonly client: ClientId;
  readonly circumstances: Circumstances;
  readonly part: PlannedPart;
  readonly ignoreText: string;
  readonly date: string;
  readonly platform: NodeJS.Platform;
}

/** What it is told: to plan, and to hand over the next portion of it. */
export type PlanOrder = PlanJob | 'next';

/** What it answers, each time it is asked: a portion of one of the plan's lists, then all that is no list. */
export type PlanPortion =
  | { readonly kind: 'operations'; readonly some: Plan['operations'] }
  | { readonly kind: 'problems'; readonly some: Plan['problems'] }
  | { readonly kind: 'conflicts'; readonly some: Plan['conflicts'] }
  | { readonly kind: 'unsettled-here'; readonly some: Plan['unsettled']['local'] }
  | { readonly kind: 'unsettled-there'; readonly some: Plan['unsettled']['remote'] }
  | { readonly kind: 'end'; readonly deletions: Plan['deletions']; readonly isLight: boolean };

export function planBeside(
  store: DocumentStore,
  { ignoreText, date, platform }: Omit<PolicyParts, 'store'>,
): NonNullable<EngineParts['planBeside']> {
  const here = store.db.prepare<[number], { few: number }>(
    'SELECT count(*) AS few FROM (SELECT 1 FROM entries LIMIT ?)',
  );
  const there = store.db.prepare<[number, number], { few: number }>(
    'SELECT count(*) AS few FROM (SELECT 1 FROM remote WHERE client_id = ? LIMIT ?)',
  );
  return async ({ id }, circumstances, part) => {
    const entries = (here.get(MANY)?.few ?? 0) + (there.get(id, MANY)?.few ?? 0);
    if (entries < MANY || store.db.memory) return null;
    const job = {
      database: store.db.name,
      client: id,
      circumstances,
      part,
      ignoreText: ignoreText(),
      date: date(),
      platform,
    };
    return planOnThread(job);
  };
}

/** One that has nothing to do, at most. */
let idle: { readonly worker: Worker; readonly timer: NodeJS.Timeout } | null = null;

/** Null where the thread fails: what is wrong then shows in place. */
export async function planOnThread(job: PlanJob): Promise<Plan | null> {
  let worker: Worker | null = null;
  try {
    worker = takeThread();
    const order: PlanOrder = job;
    worker.postMessage(order);
    const { plan, isLight } = await received(worker);
    if (isLight) {
      keepThread(worker);
      worker = null;
    }
    return plan;
  } catch {
    return null;
  } finally {
    await worker?.terminate();
  }
}

function takeThread(): Worker {
  const kept = idle;
  idle = null;
  if (kept === null) return startThread();
  clearTimeout(kept.timer);
  kept.worker.ref();
  return kept.worker;
}

function startThread(): Worker {
  // Threads find compiled sources where this process keeps them.
  const cache = nodeModule.getCompileCacheDir?.();
  const env = cache === undefined ? {} : { env: { ...process.env, NODE_COMPILE_CACHE: dirname(cache) } };
  const worker = new Worker(workerFile(), env);
  // Whoever waits for it learns of its end; one that is idle is only not taken again.
  worker.on('error', () => undefined);
  worker.once('exit', () => {
    if (idle?.worker === worker) idle = null;
  });
  return worker;
}

/** The process may end meanwhile. */
function keepThread(worker: Worker): void {
  if (idle !== null) return void worker.terminate();
  worker.unref();
  const end = (): void => {
    if (idle?.worker === worker) idle = null;
    void worker.terminate();
  };
  idle = { worker, timer: setTimeout(end, IDLE).unref() };
}

/** Portion after portion, with room for others in between. */
async function received(worker: Worker): Promise<{ readonly plan: Plan; readonly isLight: boolean }> {
  const operations: Plan['operations'][number][] = [];
  const problems: Plan['problems'][number][] = [];
  const conflicts: Plan['conflicts'][number][] = [];
  const local: Plan['unsettled']['local'][number][] = [];
  const remote: Plan['unsettled']['remote'][number][] = [];
  const over = new AbortController();
  const ended = once(worker, 'exit', { signal: over.signal }).then(() =>
    Promise.reject(new Error('The thread that plans has ended.')),
  );
  ended.catch(() => undefined);
  for (;;) {
    const next = once(worker, 'message');
    const order: PlanOrder = 'next';
    worker.postMessage(order);
    // Posted by plan-worker.ts alone.
    const [portion] = (await Promise.race([next, ended])) as [PlanPortion];
    if (portion.kind === 'end') {
      over.abort();
      const { deletions, isLight } = portion;
      return { plan: { operations, problems, conflicts, deletions, unsettled: { local, remote } }, isLight };
    }
    if (portion.kind === 'operations') operations.push(...portion.some);
    else if (portion.kind === 'problems') problems.push(...portion.some);
    else if (portion.kind === 'conflicts') conflicts.push(...portion.some);
    else if (portion.kind === 'unsettled-here') local.push(...portion.some);
    else remote.push(...portion.some);
    await turn();
  }
}

/** In the built app the worker is a file of its own beside the main one; here it is the source itself. */
function workerFile(): string {
  const here = import.meta.url;
  const candidates = here.endsWith('.ts') ? ['./plan-worker.ts'] : ['./plan-worker.js', '../plan-worker.js'];
  const files = candidates.map((name) => fileURLToPath(new URL(name, here)));
  return files.find((file) => existsSync(file)) ?? files[0] ?? '';
}
