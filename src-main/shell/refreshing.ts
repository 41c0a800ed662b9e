// When what the window looks at is read again: soon after a change, one reading at a time, and the longer a reading takes
// the rarer it is.

const SHORTEST_MS = 150;
/** At most a tenth of the time goes into reading. */
const SHARE = 10;

export interface Refreshing {
  /** Something has changed. */
  due(): void;
  /** A person has changed something and looks at it: read at once, or right after the reading that has begun before. */
  now(): Promise<void>;
  close(): void;
}

/** `read` answers the milliseconds of its work. */
export function createRefreshing(read: () => Promise<number>, failed: (error: unknown) => void): Refreshing {
  let timer: NodeJS.Timeout | null = null;
  let reading: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  let again = false;
  let cost = 0;
  let closed = false;

  const readOnce = async (): Promise<void> => {
    try {
      cost = await read();
    } catch (error) {
      failed(error);
    }
    reading = null;
    // What changed while it was read may have been missed.
    if (again) due();
  };
  const run = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    again = false;
    reading = readOnce();
    return reading;
  };

  const due = (): void => {
    if (closed) return;
    if (reading !== null) again = true;
    else timer ??= setTimeout(() => void run(), Math.max(SHORTEST_MS, cost * SHARE));
  };

  const now = (): Promise<void> => {
    if (closed) return Promise.resolve();
    if (reading === null) return run();
    // All who ask while one reading goes on share the one after it.
    next ??= reading.then(() => {
      next = null;
      return closed ? undefined : run();
    });
    return next;
  };

  return {
    due,
    now,
    close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
