// The lists that the window looks at (conflicts, trash …): each is read once, then only what changed in it is sent. Called
// by `list.watch` and `list.unwatch`, and by `refresh` when the store says that something changed.

import { lists, type ListName } from '../../src-shared/ipc-contract.ts';
import type { ListSources } from './parts.ts';
import type { Pushes } from './pushes.ts';

/** Rows in the first answer and in one event; the rest of a long list follows as events. */
const ROWS_AT_ONCE = 2_000;

interface Row {
  readonly id: number | string;
}

interface Watched {
  readonly list: ListName;
  readonly args: unknown;
  /** Each row as JSON, by id. */
  rows: ReadonlyMap<number | string, string>;
}

export interface WatchedLists {
  watch(list: ListName, args: unknown): { readonly rows: unknown[]; readonly total: number };
  unwatch(list: ListName, args: unknown): void;
  /** Reads every watched list again and sends the differences. Milliseconds it took. */
  refresh(): number;
  clear(): void;
}

export function createWatchedLists(sources: ListSources, pushes: Pushes): WatchedLists {
  const watched = new Map<string, Watched>();
  const keyOf = (list: ListName, args: unknown): string => `${list}:${JSON.stringify(args)}`;
  const read = (list: ListName, args: unknown): readonly Row[] => {
    // The arguments' type follows from the list's name, which TypeScript cannot see for a union.
    const source = sources[list] as (args: unknown) => readonly Row[];
    return source(lists[list].args.parse(args));
  };
  const tell = (one: Watched, upserts: readonly Row[], removed: (number | string)[], total: number): void => {
    const args = JSON.stringify(one.args);
    for (let at = 0; at === 0 || at < upserts.length; at += ROWS_AT_ONCE) {
      const part = upserts.slice(at, at + ROWS_AT_ONCE);
      pushes.each({ kind: 'list', list: one.list, args, upserts: part, removed: at === 0 ? removed : [], total });
    }
  };

  return {
    watch(list, args) {
      const rows = read(list, args);
      const one: Watched = { list, args, rows: asJson(rows) };
      watched.set(keyOf(list, args), one);
      const later = rows.slice(ROWS_AT_ONCE);
      if (later.length > 0) tell(one, later, [], rows.length);
      return { rows: rows.slice(0, ROWS_AT_ONCE), total: rows.length };
    },
    unwatch: (list, args) => void watched.delete(keyOf(list, args)),
    refresh() {
      const started = performance.now();
      for (const one of watched.values()) {
        const rows = read(one.list, one.args);
        const now = asJson(rows);
        const upserts = rows.filter((row) => one.rows.get(row.id) !== now.get(row.id));
        const removed = [...one.rows.keys()].filter((id) => !now.has(id));
        one.rows = now;
        if (upserts.length + removed.length > 0) tell(one, upserts, removed, rows.length);
      }
      return performance.now() - started;
    },
    clear: () => watched.clear(),
  };
}

function asJson(rows: readonly Row[]): ReadonlyMap<number | string, string> {
  return new Map(rows.map((row) => [row.id, JSON.stringify(row)]));
}
