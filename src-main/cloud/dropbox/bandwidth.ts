// Keeps the bytes that go to and come from Dropbox below a limit, over all clients of this process together.
// In: bytes that want to pass; out: when they may. What goes up is cut into slices and streamed, so that a limit is felt
// as a slow line and not as bursts; what comes down is read no faster than the limit, and the connection holds the rest
// back. Called by transport.ts and download.ts; the limits are read from the document store, so that they can be changed
// while transfers run.

import type { BandwidthView } from '../../../src-shared/bandwidth-views.ts';
import type { Clock } from '../../engine/ports.ts';

/** Milliseconds for which a limit that was read is taken for the present one. */
const FRESH = 500;
/** Milliseconds by which a timer may be late without the lost time being lost. */
const SLACK = 200;
/** Bytes of a slice at most, and slices of a second at least. */
const SLICE = 64 * 1024;
const SLICES = 16;
/** Bodies beyond this leave the way free for smaller ones. */
const LARGE_BODY = 2 * 1024 * 1024;
/** Bodies that are on their way up at once: more would only make each of them slower. */
const AT_ONCE = 2;

export class Bandwidth {
  readonly up: Line;
  readonly down: Line;

  constructor(clock: Clock, limits: () => BandwidthView) {
    let known = limits();
    let read = clock.now();
    const present = (): BandwidthView => {
      const age = clock.now() - read;
      if (age >= 0 && age < FRESH) return known;
      known = limits();
      read = clock.now();
      return known;
    };
    this.up = new Line(clock, () => present().up);
    this.down = new Line(clock, () => present().down);
  }
}

export class Line {
  readonly #clock: Clock;
  readonly #limit: () => number | null;
  /** From when on (clock time) the next byte may pass. */
  #next = 0;
  #large = 0;
  #underWay = 0;
  readonly #waiting: { readonly large: boolean; readonly start: () => void }[] = [];

  constructor(clock: Clock, limit: () => number | null) {
    this.#clock = clock;
    this.#limit = limit;
  }

  get isLimited(): boolean {
    return this.#limit() !== null;
  }

  /** Resolves when so many bytes may pass. Rejects with the signal's reason. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    for (let left = bytes; left > 0;) {
      const limit = this.#limit();
      if (limit === null) return;
      const slice = Math.min(left, sliceOf(limit));
      const now = this.#clock.now();
      // A clock that was set back must not hold anything up for longer than the bytes before it take.
      if (this.#next > now + 60_000) this.#next = now;
      // What a late timer lost is made up for; a line that was not used has saved up nothing.
      const start = this.#next >= now - SLACK ? this.#next : now;
      this.#next = start + (slice / limit) * 1000;
      if (start > now) await this.#clock.sleep(start - now, signal);
      left -= slice;
    }
  }

  /** The body in slices, each as soon as it may pass. Small bodies do not wait for large ones. */
  async *slices(body: Uint8Array, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const large = body.length > LARGE_BODY;
    await this.#enter(large);
    try {
      for (let at = 0; at < body.length;) {
        const slice = body.subarray(at, at + sliceOf(this.#limit() ?? Infinity));
        await this.take(slice.length, signal);
        yield slice;
        at += slice.length;
      }
    } finally {
      this.#leave(large);
    }
  }

  #mayStart(large: boolean): boolean {
    return this.#underWay < AT_ONCE && (!large || this.#large === 0);
  }

  async #enter(large: boolean): Promise<void> {
    if (!this.#mayStart(large)) {
      return new Promise((start) => this.#waiting.push({ large, start }));
    }
    this.#count(large, 1);
  }

  #leave(large: boolean): void {
    this.#count(large, -1);
    for (;;) {
      // One way is for large bodies as long as there are any, the other for small ones.
      const at = this.#waiting.findIndex((one) => one.large === (this.#large === 0));
      const next = this.#waiting[at < 0 ? 0 : at];
      if (next === undefined || !this.#mayStart(next.large)) return;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#count(next.large, 1);
      next.start();
    }
  }

  #count(large: boolean, more: 1 | -1): void {
    this.#underWay += more;
    if (large) this.#large += more;
  }
}

function sliceOf(limit: number): number {
  return Math.max(1, Math.min(SLICE, Math.floor(limit / SLICES)));
}
