// What happened to one document or folder, also while it had another name or place: the lines of its path, and before a
// move those of the path that it had until then. In: a path and the moves that people made; out: lines, newest first.
// Called by app/log-service.ts.

import type { FileChange } from '../../src-shared/files-views.ts';
import type { LogView } from '../../src-shared/views.ts';

export interface Stay {
  readonly path: string;
  /** Milliseconds since the epoch; the last moment at this path. */
  readonly until: number;
}

interface MadeChange {
  readonly time: number;
  readonly change: FileChange;
}

/** The path now and the former ones, newest first. `changes`: newest first. A folder above that was moved counts, too. */
export function staysOf(path: string, changes: readonly MadeChange[]): readonly Stay[] {
  const stays: Stay[] = [{ path, until: Number.MAX_SAFE_INTEGER }];
  let at = path;
  for (const { time, change } of changes) {
    if (change.kind !== 'moved') continue;
    const move = change.moves.find(({ to }) => at === to || at.startsWith(`${to}/`));
    if (move === undefined || move.from === move.to) continue;
    at = move.from + at.slice(move.to.length);
    stays.push({ path: at, until: time });
  }
  return stays;
}

export type HistoryLine = LogView & {
  /** Where it was then, if that is not where it is now. */
  readonly from: string | null;
};

export function historyOf(
  stays: readonly Stay[],
  linesOf: (stay: Stay, limit: number) => readonly LogView[],
  limit: number,
): readonly HistoryLine[] {
  const now = stays[0]?.path;
  const found = new Map<number, HistoryLine>();
  for (const stay of stays) {
    for (const line of linesOf(stay, limit)) {
      if (!found.has(line.id)) found.set(line.id, { ...line, from: stay.path === now ? null : stay.path });
    }
  }
  return [...found.values()].toSorted((a, b) => b.id - a.id).slice(0, limit);
}
