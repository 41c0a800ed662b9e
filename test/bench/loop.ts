// How long the event loop is held up: a timer is due every few milliseconds, and what it comes too late is the time for
// which nothing else could run. While other processes have the processors nobody runs at all: where the system tells how
// long this thread has waited for one (Linux), that is taken off. Called by measure.ts.

import { closeSync, openSync, readSync } from 'node:fs';

/** Milliseconds. */
const EVERY = 5;

export function watchLoop(): { end(): number } {
  const waiting = waitedForProcessor();
  let longest = 0;
  let last = performance.now();
  let waited = waiting.milliseconds();
  const look = (): void => {
    const [now, inAll] = [performance.now(), waiting.milliseconds()];
    longest = Math.max(longest, now - last - EVERY - (inAll - waited));
    last = now;
    waited = inAll;
  };
  const timer = setInterval(look, EVERY).unref();
  return {
    end() {
      clearInterval(timer);
      look();
      waiting.close();
      return longest;
    },
  };
}

/** Of this thread, since it began; always 0 where the system does not tell. */
function waitedForProcessor(): { milliseconds(): number; close(): void } {
  let file: number;
  try {
    file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
  } catch {
    return { milliseconds: () => 0, close: () => {} };
  }
  const text = Buffer.alloc(128);
  return {
    // Time on a processor, time of waiting for one, both in nanoseconds, and how often it got one.
    milliseconds: () => Number(text.toString('latin1', 0, readSync(file, text, 0, text.length, 0)).split(' ')[1]) / 1e6,
    close: () => closeSync(file),
  };
}
