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
}

export interface ListingSource {
  readonly childIds: (folderId: number | null, scope: Scope) => readonly number[];
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
  const fill = async (one: Watched, ids: readonly number[], total: number): Promise<void> => {
    try {
      await headStart();
      for (let at = 0; at < ids.length; at += PART) {
        await breathe();
        if (!isWatched(one)) return;
        const rows = source.entries(ids.slice(at, at + PART)).map(toRow);
        for (const row of rows) one.rows.set(rowKey(row), row);
        pushes.rows({ folderId: one.folderId, scope: one.scope, upserts: rows, removed: [], total });
      }
    } finally {
      one.filling = false;
    }
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
      const ids = source.childIds(folderId, scope);
      const first = firstOf(ids, () => source.childIds(folderId, 'folders'));
      const rows = source.entries(first).map(toRow);
      const one: Watched = {
        folderId,
        scope,
        rows: new Map(rows.map((row) => [rowKey(row), row])),
        filling: first.length < ids.length,
      };
      watched.set(keyOf(one), one);
      if (one.filling) {
        const known = new Set(first);
        // The store may be closed meanwhile; then there is nobody to tell.
        void fill(
          one,
          ids.filter((id) => !known.has(id)),
          ids.length,
        ).catch(() => {});
      }
      return { rows, total: ids.length };
    },
    unwatch: (folderId, scope) => void watched.delete(keyOf({ folderId, scope })),
    async refresh() {
      let work = 0;
      for (const one of watched.values()) if (!one.filling) work += await refreshOne(one);
      return work;
    },
    clear: () => watched.clear(),
  };
}

/** Folders stand at the top of every list, so they come first. */
function firstOf(ids: readonly number[], folders: () => readonly number[]): readonly number[] {
  if (ids.length <= FIRST_ROWS) return ids;
  return [...new Set([...folders().slice(0, FIRST_ROWS), ...ids.slice(0, FIRST_ROWS)])].slice(0, FIRST_ROWS);
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
