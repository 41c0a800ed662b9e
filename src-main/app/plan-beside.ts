// Plans many entries, whole trees or what is around a change, on a thread of their own, which reads the database by
// itself: neither window nor transfers wait for it, and its memory goes with it. In: a store and what policies are made
// of; out: the plan, which arrives in portions. Null where there are few entries or no thread can be had: then the engine
// plans in place.
// Joined in by compose.ts; the thread's own side is plan-worker.ts.

import { existsSync } from 'node:fs';
import { once } from 'node:events';
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

/** What it answers, each time it is asked: a portion of one of the plan's lists, then all that is no list. */
export type PlanPortion =
  | { readonly kind: 'operations'; readonly some: Plan['operations'] }
  | { readonly kind: 'problems'; readonly some: Plan['problems'] }
  | { readonly kind: 'conflicts'; readonly some: Plan['conflicts'] }
  | { readonly kind: 'unsettled-here'; readonly some: Plan['unsettled']['local'] }
  | { readonly kind: 'unsettled-there'; readonly some: Plan['unsettled']['remote'] }
  | { readonly kind: 'end'; readonly deletions: Plan['deletions'] };

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

/** Null where the thread fails: what is wrong then shows in place. */
export async function planOnThread(job: PlanJob): Promise<Plan | null> {
  let worker: Worker | null = null;
  try {
    worker = new Worker(workerFile(), { workerData: job });
    return await received(worker);
  } catch {
    return null;
  } finally {
    await worker?.terminate();
  }
}

/** Portion after portion, with room for others in between. */
async function received(worker: Worker): Promise<Plan> {
  const operations: Plan['operations'][number][] = [];
  const problems: Plan['problems'][number][] = [];
  const conflicts: Plan['conflicts'][number][] = [];
  const local: Plan['unsettled']['local'][number][] = [];
  const remote: Plan['unsettled']['remote'][number][] = [];
  const ended = once(worker, 'exit').then(() => Promise.reject(new Error('The thread that plans has ended.')));
  ended.catch(() => undefined);
  for (;;) {
    const next = once(worker, 'message');
    worker.postMessage('next');
    // Posted by plan-worker.ts alone.
    const [portion] = (await Promise.race([next, ended])) as [PlanPortion];
    if (portion.kind === 'end') {
      return { operations, problems, conflicts, deletions: portion.deletions, unsettled: { local, remote } };
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
