// Which changed paths are at rest. In: paths, each time the watcher tells one. Out: those that were not told for a while,
// together. Who is written again right after it was let go, time and again, must rest longer each time: a document that
// a program saves all the while is not uploaded each time, and a single change is let go at once.
// Called by watcher.ts; time is that of the process and its timers.

import type { RelPath } from '../../src-shared/domain.ts';

/** In milliseconds. */
export interface QuietTimes {
  /** Without a change: then a path is at rest. */
  readonly quiet: number;
  /** Then paths at rest no longer wait for others. */
  readonly longest: number;
}

/** So often a path may come again at once before it must rest longer. */
const AGAIN_AT_ONCE = 4;
const GROWTH = 1.5;
const LONGEST_REST = 10_000;
/** So many times its rest must have passed since a path was let go: then it is calm, and its next change is a single one. */
const CALM = 10;
/** What never rests is let go nevertheless, as often as the schedule would look at it. */
const NEVER_AT_REST = 15 * 60_000;
/** Milliseconds of delay by which a timer shows that changes may have happened that were not told yet. */
const LATE = 50;

interface Pace {
  /** How long it has to rest. */
  readonly rest: number;
  /** How often in a row it was let go and came again at once. */
  readonly again: number;
}

interface Waiting {
  readonly first: number;
  last: number;
  readonly pace: Pace;
}

interface Released {
  readonly at: number;
  readonly pace: Pace;
}

export class QuietBatch {
  readonly #times: QuietTimes;
  readonly #release: (paths: readonly RelPath[]) => void;
  readonly #waiting = new Map<RelPath, Waiting>();
  readonly #released = new Map<RelPath, Released>();
  #timer: NodeJS.Timeout | null = null;
  #due = 0;
  #forgetting: NodeJS.Timeout | null = null;

  constructor(times: QuietTimes, release: (paths: readonly RelPath[]) => void) {
    this.#times = times;
    this.#release = release;
  }

  add(path: RelPath): void {
    const now = performance.now();
    const known = this.#waiting.get(path);
    if (known === undefined) this.#waiting.set(path, { first: now, last: now, pace: this.#paceOf(path, now) });
    else known.last = now;
    if (this.#timer === null) this.#check(this.#times.quiet);
  }

  /** Told, and not yet at rest: who reads it now reads it in vain. */
  isChanging(path: RelPath): boolean {
    const waiting = this.#waiting.get(path);
    return waiting !== undefined && !isAtRest(waiting, performance.now());
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#forgetting !== null) clearTimeout(this.#forgetting);
    this.#timer = null;
    this.#forgetting = null;
    this.#waiting.clear();
    this.#released.clear();
  }

  #paceOf(path: RelPath, now: number): Pace {
    const released = this.#released.get(path);
    if (released === undefined || isCalm(released, now)) return { rest: this.#times.quiet, again: 0 };
    const { rest, again } = released.pace;
    return { rest: again < AGAIN_AT_ONCE ? rest : Math.min(LONGEST_REST, rest * GROWTH), again: again + 1 };
  }

  #check(wait: number): void {
    this.#due = performance.now() + wait;
    this.#timer = setTimeout(() => this.#look(), wait);
  }

  #look(): void {
    this.#timer = null;
    const now = performance.now();
    // The process was busy: what happened meanwhile is told before it is judged.
    if (now - this.#due > LATE) return this.#check(LATE);
    const quiet: RelPath[] = [];
    let [holds, waitedEnough, next] = [false, false, Number.POSITIVE_INFINITY];
    for (const [path, waiting] of this.#waiting) {
      const waited = now - waiting.first >= this.#times.longest;
      if (isAtRest(waiting, now)) {
        quiet.push(path);
        waitedEnough ||= waited;
        continue;
      }
      next = Math.min(next, waiting.last + waiting.pace.rest - now);
      // A look at one file lists its whole folder, so it had better wait for the others, but not for a restless one.
      holds ||= !waited && waiting.pace.rest === this.#times.quiet;
    }
    if (quiet.length > 0 && (!holds || waitedEnough)) this.#letGo(quiet, now);
    // Many paths are looked through less often.
    const pause = Math.max(next, Math.min(this.#times.quiet / 3, this.#waiting.size / 100));
    if (this.#waiting.size > 0 && this.#timer === null) this.#check(Math.max(20, Math.min(pause, this.#times.quiet)));
  }

  #letGo(paths: readonly RelPath[], now: number): void {
    for (const path of paths) {
      const waiting = this.#waiting.get(path);
      this.#waiting.delete(path);
      if (waiting !== undefined) this.#released.set(path, { at: now, pace: waiting.pace });
    }
    this.#forgetting ??= setTimeout(() => this.#forget(), CALM * this.#times.quiet);
    this.#release(paths);
  }

  #forget(): void {
    this.#forgetting = null;
    const now = performance.now();
    for (const [path, released] of this.#released) if (isCalm(released, now)) this.#released.delete(path);
    if (this.#released.size > 0) this.#forgetting = setTimeout(() => this.#forget(), CALM * this.#times.quiet);
  }
}

function isAtRest(waiting: Waiting, now: number): boolean {
  return now - waiting.last >= waiting.pace.rest - 1 || now - waiting.first >= NEVER_AT_REST;
}

function isCalm(released: Released, now: number): boolean {
  return now - released.at >= CALM * released.pace.rest;
}
