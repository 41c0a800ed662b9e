// When what the window looks at is read again: soon after a change, one reading at a time, and the longer a reading takes
// the rarer it is.

const SHORTEST_MS = 150;
/** At most a tenth of the time goes into reading. */
const SHARE = 10;

export interface Refreshing {
  /** Something has changed. */
  due(): void;
  close(): void;
}

/** `read` answers the milliseconds of its work. */
export function createRefreshing(read: () => Promise<number>, failed: (error: unknown) => void): Refreshing {
  let timer: NodeJS.Timeout | null = null;
  let reading = false;
  let again = false;
  let cost = 0;
  let closed = false;

  const run = async (): Promise<void> => {
    timer = null;
    reading = true;
    again = false;
    try {
      cost = await read();
    } catch (error) {
      failed(error);
    }
    reading = false;
    // What changed while it was read may have been missed.
    if (again) due();
  };

  const due = (): void => {
    if (closed) return;
    if (reading) again = true;
    else timer ??= setTimeout(() => void run(), Math.max(SHORTEST_MS, cost * SHARE));
  };

  return {
    due,
    close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
