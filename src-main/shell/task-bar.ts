// How far long work is, as one number for the task bar: passes of sync and jobs that a person started. Pure.

export interface TaskBar {
  /** From 0 to 1; null: no job runs. */
  job(progress: number | null): void;
  pass(client: string, done: number, total: number): void;
  passEnded(client: string): void;
}

/** A pass of a few steps is over before anybody looks. */
const LONG_PASS = 20;

/** `show` gets a number from 0 to 1, or null where nothing long goes on. */
export function createTaskBar(show: (progress: number | null) => void): TaskBar {
  const passes = new Map<string, { readonly done: number; readonly total: number }>();
  let job: number | null = null;
  let shown: number | null = null;

  const tell = (): void => {
    const long = [...passes.values()].filter(({ total }) => total >= LONG_PASS);
    const parts = [...long.map(({ done, total }) => done / total), ...(job === null ? [] : [job])];
    const mean = parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0) / parts.length;
    // Whole percents: the task bar shows no more, and is told no more often.
    const next = mean === null ? null : Math.min(1, Math.floor(mean * 100) / 100);
    if (next === shown) return;
    shown = next;
    show(next);
  };

  return {
    job(progress) {
      job = progress;
      tell();
    },
    pass(client, done, total) {
      passes.set(client, { done, total });
      tell();
    },
    passEnded(client) {
      passes.delete(client);
      tell();
    },
  };
}
