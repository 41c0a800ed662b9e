// The folders that the window looks at. Each is read once, then only what changed in it is sent. A folder of very many
// documents is read in parts, with room for everything else between them: the first rows are there at once, and nothing
// holds the main process up. Called by `folder.watch` and `folder.unwatch`, and by `refresh` when something changed.

import { rowKey, type Row, type Scope } from '../../src-shared/ipc/documents.ts';
import type { EntryView } from '../../src-shared/views.ts';
import type { Pushes } from './pushes.ts';

/** Rows in the first answer: as many as a large window shows at once, and a few more. */
const FIRST_ROWS = 80;
/** Milliseconds for the first rows to be painted before the others are read. */
const HEAD_START = 100;
/** Rows read without a pause, a few milliseconds' worth. */
const PART = 200;

interface Watched {
  readonly folderId: number | null;
  readonly scope: Scope;
  /** What the window knows. */
  rows: Map<string, Row>;
  /** The rows after the first ones are still on their way. */
  filling: boolean;
  /** Something changed meanwhile: it is read again once they are there. */
  stale: boolean;
}

export interface ListingSource {
  readonly childIds: (folderId: number | null, scope: Scope, limit?: number) => readonly number[];
  readonly childCount: (folderId: number | null) => number;
  readonly entries: (ids: readonly number[]) => readonly EntryView[];
}

export interface Listings {
  watch(folderId: number | null, scope: Scope): { readonly rows: Row[]; readonly total: number };
  unwatch(folderId: number | null, scope: Scope): void;
  /** Reads every watched folder again and sends the differences. Milliseconds of work, without the pauses. */
  refresh(): Promise<number>;
  clear(): void;
}

export function createListings(source: ListingSource, pushes: Pushes): Listings {
  const watched = new Map<string, Watched>();
  const keyOf = ({ folderId, scope }: Pick<Watched, 'folderId' | 'scope'>): string => `${scope}:${folderId}`;
  const isWatched = (one: Watched): boolean => watched.get(keyOf(one)) === one;

  /** Sends the rows after the first ones. */
  const fill = async (one: Watched): Promise<void> => {
    try {
      await headStart();
      if (!isWatched(one)) return;
      const all = source.childIds(one.folderId, one.scope);
      const sent = new Set([...one.rows.values()].map(({ id }) => id));
      const ids = all.filter((id) => !sent.has(id));
      for (let at = 0; at < ids.length; at += PART) {
        await breathe();
        if (!isWatched(one)) return;
        const rows = source.entries(ids.slice(at, at + PART)).map(toRow);
        for (const row of rows) one.rows.set(rowKey(row), row);
        pushes.rows({ folderId: one.folderId, scope: one.scope, upserts: rows, removed: [], total: all.length });
      }
    } finally {
      one.filling = false;
    }
    if (one.stale) await refreshOne(one);
  };

  const refreshOne = async (one: Watched): Promise<number> => {
    let work = 0;
    const timed = <T>(step: () => T): T => {
      const started = performance.now();
      const result = step();
      work += performance.now() - started;
      return result;
    };
    const ids = timed(() => source.childIds(one.folderId, one.scope));
    const now = new Map<string, Row>();
    const upserts: Row[] = [];
    for (let at = 0; at < ids.length; at += PART) {
      if (at > 0) await breathe();
      if (!isWatched(one) || one.filling) return work;
      timed(() => {
        for (const entry of source.entries(ids.slice(at, at + PART))) {
          const row = toRow(entry);
          const key = rowKey(row);
          now.set(key, row);
          if (!same(one.rows.get(key), row)) upserts.push(row);
        }
      });
    }
    const removed = [...one.rows.keys()].filter((key) => !now.has(key));
    one.rows = now;
    if (upserts.length + removed.length > 0) {
      pushes.rows({ folderId: one.folderId, scope: one.scope, upserts, removed, total: now.size });
    }
    return work;
  };

  return {
    watch(folderId, scope) {
      // Of very many only as many are read as are seen at once: all their numbers alone would take longer than these rows.
      const ids = source.childIds(folderId, scope, FIRST_ROWS + 1);
      const more = ids.length > FIRST_ROWS;
      const first = more ? firstOf(ids, () => source.childIds(folderId, 'folders', FIRST_ROWS)) : ids;
      const rows = source.entries(first).map(toRow);
      const one: Watched = {
        folderId,
        scope,
        rows: new Map(rows.map((row) => [rowKey(row), row])),
        filling: more,
        stale: false,
      };
      watched.set(keyOf(one), one);
      // The store may be closed meanwhile; then there is nobody to tell.
      if (more) void fill(one).catch(() => {});
      const total = !more
        ? ids.length
        : scope === 'all'
          ? source.childCount(folderId)
          : source.childIds(folderId, 'folders').length;
      return { rows, total };
    },
    unwatch: (folderId, scope) => void watched.delete(keyOf({ folderId, scope })),
    async refresh() {
      let work = 0;
      for (const one of watched.values()) {
        if (one.filling) one.stale = true;
        else work += await refreshOne(one);
      }
      return work;
    },
    clear: () => watched.clear(),
  };
}

/** Folders stand at the top of every list, so they come first. */
function firstOf(ids: readonly number[], folders: () => readonly number[]): readonly number[] {
  return [...new Set([...folders(), ...ids])].slice(0, FIRST_ROWS);
}

function headStart(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, HEAD_START));
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
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
