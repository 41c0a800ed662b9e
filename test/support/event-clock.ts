// A clock that jumps to the next thing that waits for it, once nothing else goes on: minutes pass in milliseconds, and
// what is measured with it is the same on every machine. For tests of code that takes a Clock.

import type { Clock } from '../../src-main/engine/ports.ts';

export class EventClock implements Clock {
  #now = 0;
  readonly #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ until: this.#now + milliseconds, wake });
      this.#sleepers.sort((a, b) => a.until - b.until);
    });
  }

  async run<T>(work: Promise<T>): Promise<T> {
    let over = false;
    const end = () => void (over = true);
    work.then(end, end);
    while (!over) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#sleepers.shift();
      if (next === undefined) continue;
      this.#now = next.until;
      next.wake();
    }
    return work;
  }
}
