// Continuous mode (S2): each client has a lane of its own that waits for a reason to run and runs one pass at a time.
// Reasons: changes in the documents folder (hints of the watcher), changes in Dropbox (long poll), the schedule (every
// 15 minutes prepare and run), and tasks whose next attempt is due. Hints are never the truth: every pass observes.
// Called by the application service; ends when the signal aborts.

import { isReachable, runsByItself } from '../../src-shared/client-state.ts';
import type { ClientId, RelPath } from '../../src-shared/domain.ts';
import type { EngineParts } from './parts.ts';
import { Fault } from './ports.ts';
import { untilDue } from './retry.ts';

export interface WatchOptions {
  readonly signal: AbortSignal;
  /** Tells changed paths in the documents folder; answers the function that ends the subscription. */
  readonly onLocalHint: (listener: (paths: readonly RelPath[]) => void) => () => void;
  /** Calls back every 15 minutes; answers the function that ends it. */
  readonly onSchedule: (listener: () => void) => () => void;
  /** One pass, under whatever lock the caller keeps. Rejections are reported by the caller, not by the lane. */
  readonly pass: (
    clientId: ClientId,
    scope: 'everything' | readonly RelPath[],
    audit: number,
    others: AbortSignal,
  ) => Promise<unknown>;
}

/** Time for more hints to arrive before a pass runs, in milliseconds. */
const SETTLE = 300;
const LONGPOLL_SECONDS = 60;
/** Folders compared with Dropbox itself in a pass of the schedule. */
const AUDITED_AT_ONCE = 20;
/** After a pass that could not run: first and longest pause, in milliseconds. */
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 5 * 60_000;

export async function watchClients(parts: EngineParts, options: WatchOptions): Promise<void> {
  const lanes = new Map<ClientId, WatchLane>();
  const openLanes = () => {
    for (const client of parts.store.clients()) {
      if (!runsByItself(client.state)) continue;
      if (!lanes.has(client.id)) {
        const lane = new WatchLane(parts, client.id, options);
        lanes.set(client.id, lane);
        void lane.run();
      }
    }
  };
  openLanes();
  const endHints = options.onLocalHint((paths) => {
    for (const lane of lanes.values()) lane.hint(paths);
  });
  const endSchedule = options.onSchedule(() => {
    openLanes();
    for (const lane of lanes.values()) lane.wake();
  });
  await aborted(options.signal);
  endHints();
  endSchedule();
  await Promise.all([...lanes.values()].map((lane) => lane.ended));
}

class WatchLane {
  readonly ended: Promise<void>;
  readonly #parts: EngineParts;
  readonly #clientId: ClientId;
  readonly #options: WatchOptions;
  #paths = new Set<RelPath>();
  #everything = true;
  #audit = false;
  #wake: (() => void) | null = null;
  #due = true;
  #pause = 0;
  /** Aborted when something turns up while a pass runs, so that it does not wait for the end of a large transfer. */
  #others: AbortController | null = null;
  #end: () => void = () => {};

  constructor(parts: EngineParts, clientId: ClientId, options: WatchOptions) {
    this.#parts = parts;
    this.#clientId = clientId;
    this.#options = options;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  hint(paths: readonly RelPath[]): void {
    for (const path of paths) this.#paths.add(path);
    this.#call();
  }

  /** The schedule: look everywhere, and compare some folders with Dropbox itself. */
  wake(): void {
    this.#everything = true;
    this.#audit = true;
    this.#call();
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    const polling = this.#poll();
    while (!signal.aborted) {
      await this.#untilDue();
      if (signal.aborted) break;
      await this.#onePass();
    }
    await polling;
    this.#end();
  }

  async #onePass(): Promise<void> {
    const scope = this.#everything ? 'everything' : [...this.#paths];
    const audit = this.#audit ? AUDITED_AT_ONCE : 0;
    this.#everything = false;
    this.#audit = false;
    this.#paths = new Set();
    const others = new AbortController();
    this.#others = others;
    try {
      await this.#options.pass(this.#clientId, scope, audit, others.signal);
      this.#pause = 0;
      // What stopped for the sake of others goes on, whatever the hint was about.
      if (others.signal.aborted) this.#due = true;
    } catch {
      // The caller has told what went wrong; look everywhere when it works again.
      this.#everything = true;
      this.#pause = Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, this.#pause * 2));
      this.#due = true;
    } finally {
      this.#others = null;
    }
  }

  /** Waits for a reason, then a little for more of them; after a failure at least as long as its pause. */
  async #untilDue(): Promise<void> {
    const { signal } = this.#options;
    if (this.#pause > 0) await this.#sleep(this.#pause);
    while (!this.#due && !signal.aborted) {
      const wait = this.#untilNextAttempt();
      const called = new Promise<void>((resolve) => (this.#wake = resolve));
      const over = new AbortController();
      const stop = () => over.abort();
      signal.addEventListener('abort', stop, { once: true });
      await Promise.race([called, this.#parts.clock.sleep(wait, over.signal).catch(() => {})]);
      over.abort();
      signal.removeEventListener('abort', stop);
      this.#wake = null;
      if (!this.#due && this.#untilNextAttempt() <= 0) this.#due = true;
    }
    this.#due = false;
    if (!signal.aborted) await this.#sleep(SETTLE);
  }

  /** Milliseconds until a waiting task may be tried again; an hour where there is none. */
  #untilNextAttempt(): number {
    const now = this.#parts.clock.now();
    let wait = 60 * 60_000;
    for (const task of this.#parts.store.openTasks(this.#clientId)) {
      if (task.state !== 'retry' || task.nextAttempt === null) continue;
      wait = Math.min(wait, untilDue(task, now));
    }
    return wait;
  }

  /** Long-polls as long as the lane lives; what changed is for the pass to find out. */
  async #poll(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      const client = this.#parts.store.client(this.#clientId);
      const cursor = client && isReachable(client) ? this.#parts.store.feed(this.#clientId).cursor : null;
      if (!client || cursor === null) {
        await this.#sleep(1_000);
        continue;
      }
      try {
        const { changed, backoff } = await this.#parts.cloud(client).waitForChange(cursor, LONGPOLL_SECONDS, signal);
        if (changed) this.#call();
        // The pass moves the cursor; polling the old one again would answer at once.
        if (changed) await this.#untilCursorMoves(cursor);
        if (backoff > 0) await this.#sleep(backoff * 1000);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Fault && error.code === 'cursor-reset') this.wake();
        await this.#sleep(FIRST_PAUSE);
      }
    }
  }

  async #untilCursorMoves(cursor: string): Promise<void> {
    for (let waited = 0; waited < 60_000 && !this.#options.signal.aborted; waited += 250) {
      if (this.#parts.store.feed(this.#clientId).cursor !== cursor) return;
      await this.#sleep(250);
    }
  }

  #call(): void {
    this.#due = true;
    this.#wake?.();
    const others = this.#others;
    if (others !== null) void this.#sleep(SETTLE).then(() => others.abort());
  }

  async #sleep(milliseconds: number): Promise<void> {
    await this.#parts.clock.sleep(milliseconds, this.#options.signal).catch(() => {});
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
