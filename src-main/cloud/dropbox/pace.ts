// How many requests of one client are under way at once, and how fast they follow each other. It starts small, grows
// while Dropbox answers, and when Dropbox refuses (429) it halves and keeps below the rate that was served until then:
// a service that asks to slow down is not asked again at once, and seldom has to ask twice.
// In: requests that want to go out and what became of them; out: when they may. Called by transport.ts.

import type { Clock } from '../../engine/ports.ts';

/** Requests at once: at first, at most, and after refusals at least. */
const FIRST = 6;
const MOST = 48;
const LEAST = 2;
/** Answers after which one request more may be under way. */
const GROWTH = 4;
/** Share of the served rate that is used after a refusal, and by how much each second raises it. */
const CAREFUL = 0.92;
const RAISE = 1.003;
/** By how much each further refusal lengthens the time between two requests at least. */
const SLOWER = 1.2;
/** The served rate is that of the last second; fewer answers than this tell nothing about it. */
const PERIOD = 1_000;
const TELLING = 8;
const REMEMBERED = 1_000;
/** Seconds for which a refusal keeps all requests back at most. */
const LONGEST_REST = 60;

export class Pace {
  readonly #clock: Clock;
  #window = FIRST;
  #underWay = 0;
  #served = 0;
  /** Milliseconds between two requests when the limit became known; 0 while none is. */
  #interval = 0;
  /** From when on the next one may start, once a limit is known. */
  #nextStart = 0;
  /** Ends when whoever waits for its turn has had it. */
  #turn: Promise<void> = Promise.resolve();
  /** When the latest answers came, in clock time. */
  readonly #answers: number[] = [];
  #quietUntil = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when a request may go out; `leave` must follow. Rejects with the signal's reason. */
  async enter(signal?: AbortSignal | null): Promise<void> {
    while (this.#underWay >= this.#window) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#underWay++;
    try {
      await this.#untilTurn(signal ?? undefined);
    } catch (error) {
      this.#free();
      throw error;
    }
  }

  /** `retryAfter`: seconds that Dropbox asked for when it refused (429); undefined for every other outcome. */
  leave(retryAfter?: number): void {
    if (retryAfter === undefined) this.#answered();
    else this.#refused(retryAfter);
    this.#free();
  }

  async #untilTurn(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#interval === 0) return;
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    try {
      await before;
      // A refusal of another request while this one waits holds it back as well.
      for (let wait = this.#wait(); wait > 0; wait = this.#wait()) await this.#clock.sleep(wait, signal);
      const now = this.#clock.now();
      const interval = this.#interval / RAISE ** (Math.max(0, now - this.#quietUntil) / 1000);
      // A timer that is late is made up for by one request, not by a burst of them.
      this.#nextStart = Math.max(this.#nextStart, now - interval) + interval;
    } finally {
      resolve();
    }
  }

  #wait(): number {
    return Math.max(this.#nextStart, this.#quietUntil) - this.#clock.now();
  }

  #answered(): void {
    if (this.#answers.push(this.#clock.now()) > 2 * REMEMBERED) this.#answers.splice(0, REMEMBERED);
    if (++this.#served % GROWTH === 0 && this.#window < MOST) this.#window++;
  }

  #refused(retryAfter: number): void {
    const now = this.#clock.now();
    // Those that were under way together are refused together: that is one refusal.
    if (now < this.#quietUntil) return;
    // Whoever was refused waits as long as it was told to; the others try again after a minute at the latest.
    const rest = Math.min(retryAfter, LONGEST_REST) * 1000;
    this.#quietUntil = now + rest;
    this.#window = Math.max(LEAST, Math.floor(this.#window / 2));
    const lately = this.#answers.filter((time) => time > now - PERIOD).length;
    if (lately >= TELLING) {
      // What was served within a second may have been the end of one allowance and the beginning of the next.
      this.#interval = Math.max(PERIOD / lately / CAREFUL, this.#interval * SLOWER);
    }
    this.#answers.length = 0;
    this.#nextStart = this.#quietUntil;
  }

  #free(): void {
    this.#underWay--;
    for (let free = this.#window - this.#underWay; free > 0 && this.#waiting.length > 0; free--)
      this.#waiting.shift()?.();
  }
}
