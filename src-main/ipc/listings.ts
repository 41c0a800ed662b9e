// The folders that the window looks at. Each is read once, then only what changed in it is sent. Called by the calls
// `folder.watch` and `folder.unwatch`, and by `refresh` when the store says that entries changed.

import { rowKey, type Row, type Scope } from '../../src-shared/ipc/documents.ts';
import type { EntryView } from '../../src-shared/views.ts';
import type { Pushes } from './pushes.ts';

/** Rows in the first answer; the rest of a large folder follows as events. */
const FIRST_ROWS = 2_000;

interface Watched {
  readonly folderId: number | null;
  readonly scope: Scope;
  rows: ReadonlyMap<string, Row>;
}

export interface Listings {
  watch(folderId: number | null, scope: Scope): { readonly rows: Row[]; readonly total: number };
  unwatch(folderId: number | null, scope: Scope): void;
  /** Reads every watched folder again and sends the differences. Milliseconds it took. */
  refresh(): number;
  clear(): void;
}

export function createListings(children: (folderId: number | null) => readonly EntryView[], pushes: Pushes): Listings {
  const watched = new Map<string, Watched>();
  const keyOf = (folderId: number | null, scope: Scope): string => `${scope}:${folderId}`;

  return {
    watch(folderId, scope) {
      const rows = rowsOf(children(folderId), scope);
      watched.set(keyOf(folderId, scope), { folderId, scope, rows });
      const all = [...rows.values()];
      const later = all.slice(FIRST_ROWS);
      if (later.length > 0) pushes.rows({ folderId, scope, upserts: later, removed: [], total: all.length });
      return { rows: all.slice(0, FIRST_ROWS), total: all.length };
    },
    unwatch: (folderId, scope) => void watched.delete(keyOf(folderId, scope)),
    refresh() {
      const started = performance.now();
      const read = new Map<number | null, readonly EntryView[]>();
      for (const one of watched.values()) {
        const entries = read.get(one.folderId) ?? children(one.folderId);
        read.set(one.folderId, entries);
        const rows = rowsOf(entries, one.scope);
        const upserts = [...rows].filter(([key, row]) => !same(one.rows.get(key), row)).map(([, row]) => row);
        const removed = [...one.rows.keys()].filter((key) => !rows.has(key));
        one.rows = rows;
        if (upserts.length + removed.length === 0) continue;
        pushes.rows({ folderId: one.folderId, scope: one.scope, upserts, removed, total: rows.size });
      }
      return performance.now() - started;
    },
    clear: () => watched.clear(),
  };
}

function rowsOf(entries: readonly EntryView[], scope: Scope): ReadonlyMap<string, Row> {
  const shown = scope === 'folders' ? entries.filter((entry) => entry.kind === 'folder') : entries;
  return new Map(shown.map((entry) => [rowKey(entry), toRow(entry)]));
}

export function toRow(entry: EntryView): Row {
  const { id, kind, size, changedAt, state, client, record, role, url } = entry;
  const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
  return { id, kind, name, size, changedAt, state, client, record, role, url };
}

function same(before: Row | undefined, now: Row): boolean {
  return (
    before !== undefined &&
    before.name === now.name &&
    before.size === now.size &&
    before.state === now.state &&
    before.changedAt === now.changedAt &&
    before.client === now.client &&
    before.record === now.record &&
    before.role === now.role &&
    before.url === now.url
  );
}
