// A list of the main process, watched while a component shows it: rows at once, then only what changes. Several
// components that watch the same list share one watch.

import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { lists, type ListArgs, type ListName, type ListRow } from '../../src-shared/ipc-contract.ts';
import { call, onPush, sentence } from './bridge.ts';

export interface ListState<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly loading: boolean;
  readonly error: string | null;
  readonly reload: () => void;
}

type Known = Omit<ListState<{ readonly id: number | string }>, 'reload'>;

interface Watch {
  readonly list: ListName;
  readonly args: unknown;
  users: number;
  state: Known;
  readonly listeners: Set<() => void>;
}

const EMPTY: Known = { rows: [], total: 0, loading: true, error: null };
const watches = new Map<string, Watch>();

/** `args` may be made anew at each drawing: they are compared as JSON. */
export function useList<Name extends ListName>(list: Name, args: ListArgs<Name>): ListState<ListRow<Name>> {
  const json = JSON.stringify(args);
  const key = `${list}:${json}`;
  const subscribe = useCallback(
    (listener: () => void) => {
      const watch = watches.get(key) ?? {
        list,
        args: JSON.parse(json) as unknown,
        users: 0,
        state: EMPTY,
        listeners: new Set(),
      };
      watches.set(key, watch);
      watch.listeners.add(listener);
      if (watch.users++ === 0) void start(watch);
      return () => {
        watch.listeners.delete(listener);
        if (--watch.users > 0) return;
        watches.delete(key);
        call('list.unwatch', { list, args: watch.args }).catch(() => {});
      };
    },
    [key, list, json],
  );
  const state = useSyncExternalStore(subscribe, () => watches.get(key)?.state ?? EMPTY);
  useEffect(() => listen(), []);
  const reload = useCallback(() => {
    const watch = watches.get(key);
    if (watch) void start(watch);
  }, [key]);
  // Rows were checked against the schema of the same name.
  return { ...state, reload } as unknown as ListState<ListRow<Name>>;
}

async function start(watch: Watch): Promise<void> {
  change(watch, { ...watch.state, loading: true, error: null });
  try {
    const { rows, total } = await call('list.watch', { list: watch.list, args: watch.args });
    change(watch, { rows: checked(watch.list, rows), total, loading: false, error: null });
  } catch (error) {
    change(watch, { ...watch.state, loading: false, error: sentence(error) });
  }
}

let listening = false;

/** One listener for all lists, from the first one on. */
function listen(): void {
  if (listening) return;
  listening = true;
  onPush((push) => {
    if (push.kind !== 'list') return;
    const watch = watches.get(`${push.list}:${push.args}`);
    if (watch === undefined) return;
    const upserts = new Map(checked(push.list, push.upserts).map((row) => [row.id, row]));
    const gone = new Set(push.removed);
    const staying = watch.state.rows.flatMap((row) => {
      if (gone.has(row.id)) return [];
      const now = upserts.get(row.id);
      upserts.delete(row.id);
      return [now ?? row];
    });
    change(watch, { ...watch.state, rows: [...staying, ...upserts.values()], total: push.total });
  });
}

function change(watch: Watch, state: Known): void {
  watch.state = state;
  for (const listener of watch.listeners) listener();
}

function checked(list: ListName, rows: readonly unknown[]): { readonly id: number | string }[] {
  return rows.map((row) => lists[list].row.parse(row));
}
