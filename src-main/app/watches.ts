// Continuous runs of this process: started by whoever watches, ended and started anew around work that needs the document
// store for itself. Called by docktide.ts.

export interface Watches {
  /** Runs the parts until the signal aborts; where one fails the others are ended and the error goes on. */
  run(signal: AbortSignal, start: (stop: AbortSignal) => readonly Promise<void>[]): Promise<void>;
  /** Ends what runs; it is started again when `pauseFor` is over. */
  stop(): Promise<void>;
  pauseFor<T>(work: Promise<T>): Promise<T>;
}

export function makeWatches(): Watches {
  const running = new Set<{ readonly stop: AbortController; readonly ended: Promise<unknown> }>();
  let pause: Promise<unknown> = Promise.resolve();

  const once = async (signal: AbortSignal, start: (stop: AbortSignal) => readonly Promise<void>[]): Promise<void> => {
    const stop = new AbortController();
    const abort = () => stop.abort();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    const parts = start(stop.signal);
    const ended = Promise.allSettled(parts);
    const entry = { stop, ended };
    running.add(entry);
    try {
      await Promise.all(parts);
    } finally {
      stop.abort();
      await ended;
      running.delete(entry);
      signal.removeEventListener('abort', abort);
    }
  };

  return {
    async run(signal, start) {
      do {
        await pause;
        await once(signal, start);
      } while (!signal.aborted);
    },
    async stop() {
      await Promise.all(
        [...running].map(({ stop, ended }) => {
          stop.abort();
          return ended;
        }),
      );
    },
    pauseFor(work) {
      pause = work.catch(() => undefined);
      return work;
    },
  };
}
