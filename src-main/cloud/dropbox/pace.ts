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
/** The served rate is that of the last second; fewer answers than this tell nothing about it. */
const PERIOD = 1_000;
const TELLING = 8;
const REMEMBERED = 1_000;

export class Pace {
  readonly #clock: Clock;
  #window = FIRST;
  #underWay = 0;
  #served = 0;
  /** Milliseconds between two requests when the limit became known; 0 while none is. */
  #interval = 0;
  #nextStart = 0;
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
    const now = this.#clock.now();
    const start = Math.max(now, this.#nextStart, this.#quietUntil);
    const seconds = Math.max(0, start - this.#quietUntil) / 1000;
    this.#nextStart = start + this.#interval / RAISE ** seconds;
    if (start > now) await this.#clock.sleep(start - now, signal);
  }

  #answered(): void {
    if (this.#answers.push(this.#clock.now()) > 2 * REMEMBERED) this.#answers.splice(0, REMEMBERED);
    if (++this.#served % GROWTH === 0 && this.#window < MOST) this.#window++;
  }

  #refused(retryAfter: number): void {
    const now = this.#clock.now();
    // Those that were under way together are refused together: that is one refusal.
    if (now < this.#quietUntil) return;
    const rest = retryAfter * 1000;
    this.#quietUntil = now + rest;
    this.#window = Math.max(LEAST, Math.floor(this.#window / 2));
    const lately = this.#answers.filter((time) => time > now - PERIOD).length;
    if (lately >= TELLING) this.#interval = PERIOD / lately / CAREFUL;
    this.#answers.length = 0;
    this.#nextStart = this.#quietUntil;
  }

  #free(): void {
    this.#underWay--;
    for (let free = this.#window - this.#underWay; free > 0 && this.#waiting.length > 0; free--)
      this.#waiting.shift()?.();
  }
}
