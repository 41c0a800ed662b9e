// The tree of folders and the listing of the chosen one. Both ask the main process to watch what is shown and merge the
// changes that come.

import { create } from 'zustand';
import type { Push } from '../../src-shared/ipc-contract.ts';
import { rowKey, type Crumb, type Row } from '../../src-shared/ipc/documents.ts';
import { call, sentence } from '../bridge/bridge.ts';
import { NOTHING, only, renamedKeys, without, type Selection } from '../ui/selection.ts';
import { isArrangement } from '../ui/table/columns.ts';
import { useNavigation } from './navigation-store.ts';
import { usePreferences } from './preferences-store.ts';
import { isColumn, mergeRows, type RowOrder } from './sorted-rows.ts';

type FolderId = number | null;

const BY_NAME: RowOrder = { column: 'name', descending: false };

interface FolderStore {
  /** Folders below an opened node, sorted by name. */
  readonly branches: ReadonlyMap<FolderId, readonly Row[]>;
  readonly expanded: ReadonlySet<number>;
  /** From the top to the folder that is shown. */
  readonly trail: readonly Crumb[];
  readonly rows: readonly Row[];
  readonly total: number;
  readonly loading: boolean;
  readonly error: string | null;
  readonly order: RowOrder;
  readonly selection: Selection;
  readonly start: () => Promise<void>;
  readonly reset: () => void;
  /** Shows a folder; `select` is a row to select in it. `step`: one that can be gone back from. */
  readonly open: (trail: readonly Crumb[], select?: string | null, step?: boolean) => Promise<void>;
  readonly expand: (folderId: number) => Promise<void>;
  readonly collapse: (folderId: number) => void;
  /** Goes to an entry by its path. */
  readonly goTo: (path: string, step?: boolean) => Promise<void>;
  readonly select: (selection: Selection) => void;
  readonly sort: (order: RowOrder) => void;
  readonly receive: (push: Push) => void;
}

export function currentFolder(trail: readonly Crumb[]): FolderId {
  return trail.at(-1)?.id ?? null;
}

const initial = {
  branches: new Map<FolderId, readonly Row[]>(),
  expanded: new Set<number>(),
  trail: [] as readonly Crumb[],
  rows: [] as readonly Row[],
  total: 0,
  loading: true,
  error: null,
  selection: NOTHING,
};

export const useFolders = create<FolderStore>()((set, get) => ({
  ...initial,
  order: BY_NAME,

  async start() {
    const { order, place } = kept();
    set({ order });
    await Promise.all([watchBranch(null), place === '' ? get().open([]) : get().goTo(place, false)]).catch(() =>
      // The folder of the last time is gone.
      get().open([]),
    );
  },
  reset: () => set(initial),

  async open(trail, select = null, step = true) {
    const before = currentFolder(get().trail);
    const folderId = currentFolder(trail);
    if (before !== folderId) void call('folder.unwatch', { folderId: before, scope: 'all' });
    const chosen = select ?? leftFolder(get().trail, trail);
    set({ trail, rows: [], total: 0, loading: true, error: null, selection: chosen === null ? NOTHING : only(chosen) });
    useNavigation.getState().visit(trail, step);
    try {
      const { rows, total } = await call('folder.watch', { folderId, scope: 'all' });
      if (currentFolder(get().trail) !== folderId) return;
      // Later rows of a large folder may have come as events before this answer.
      set({ rows: mergeRows(get().rows, rows, [], get().order), total, loading: false });
    } catch (error) {
      if (currentFolder(get().trail) === folderId) set({ loading: false, error: sentence(error) });
    }
    // Writes a file: the rows go first.
    keepPlace(trail);
    await Promise.all(trail.slice(0, -1).map(({ id }) => get().expand(id)));
  },

  async expand(folderId) {
    set({ expanded: new Set([...get().expanded, folderId]) });
    await watchBranch(folderId);
  },
  collapse(folderId) {
    const expanded = new Set(get().expanded);
    expanded.delete(folderId);
    const branches = new Map(get().branches);
    branches.delete(folderId);
    set({ expanded, branches });
    void call('folder.unwatch', { folderId, scope: 'folders' });
  },

  async goTo(path, step = true) {
    const { folders, file } = await call('entry.locate', { path });
    await get().open(folders, file === null ? null : rowKey({ kind: 'file', id: file }), step);
  },

  select: (selection) => set({ selection }),
  sort: (order) => set({ order, rows: mergeRows([], get().rows, [], order) }),

  receive(push) {
    if (push.kind !== 'rows') return;
    const { trail, rows, order, branches } = get();
    if (push.scope === 'all') {
      if (push.folderId !== currentFolder(trail)) return;
      const gone = new Set(push.removed);
      const kept = renamedKeys(get().selection, successors(rows, push.upserts, gone));
      set({
        rows: mergeRows(rows, push.upserts, push.removed, order),
        total: push.total,
        selection: gone.size === 0 ? kept : without(kept, (key) => !gone.has(key)),
      });
      return;
    }
    const branch = branches.get(push.folderId);
    if (branch === undefined) return;
    const merged = mergeRows(branch, push.upserts, push.removed, BY_NAME);
    set({ branches: new Map(branches).set(push.folderId, merged) });
  },
}));

/** A document that came back, or was written anew by another program, has another number: what was chosen stays chosen. */
function successors(
  rows: readonly Row[],
  upserts: readonly Row[],
  gone: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  if (gone.size === 0 || upserts.length === 0) return new Map();
  const placeOf = ({ kind, name }: Row): string => `${kind}:${name}`;
  const arrived = new Map(upserts.map((row) => [placeOf(row), rowKey(row)]));
  return new Map(
    rows.flatMap((row) => {
      const next = gone.has(rowKey(row)) ? arrived.get(placeOf(row)) : undefined;
      return next === undefined ? [] : [[rowKey(row), next] as const];
    }),
  );
}

/** Going up chooses the folder that one comes from. */
function leftFolder(from: readonly Crumb[], to: readonly Crumb[]): string | null {
  const below = from[to.length];
  const isAbove = below !== undefined && to.every(({ id }, depth) => from[depth]?.id === id);
  return isAbove ? rowKey({ kind: 'folder', id: below.id }) : null;
}

// ------------------------------------------------------------------ what outlives the window
const PLACE = 'documents.place';

function kept(): { readonly order: RowOrder; readonly place: string } {
  const { [PLACE]: place, 'table.documents': table } = usePreferences.getState().kept;
  const { column, descending } = (isArrangement(table) ? table.order : null) ?? BY_NAME;
  return { order: isColumn(column) ? { column, descending } : BY_NAME, place: typeof place === 'string' ? place : '' };
}

function keepPlace(trail: readonly Crumb[]): void {
  const place = trail.map(({ name }) => name).join('/');
  const { kept: now, keep } = usePreferences.getState();
  if ((now[PLACE] ?? '') !== place) keep(PLACE, place);
}

// Back and forward lead through the folders, too.
useNavigation.subscribe(({ trail }, before) => {
  const { trail: shown, open } = useFolders.getState();
  if (trail !== before.trail && currentFolder(trail) !== currentFolder(shown)) void open(trail, null, false);
});

/** For the demonstration: the first record, where there are documents to watch, instead of the list of types. */
export async function openFirstRecord(): Promise<void> {
  const { branches, expand, open } = useFolders.getState();
  const type = branches.get(null)?.findLast((row) => row.role === 'rule');
  if (!type) return;
  await expand(type.id);
  const record = useFolders.getState().branches.get(type.id)?.[0];
  if (record) await open([type, record].map(({ id, name }) => ({ id, name })));
}

async function watchBranch(folderId: FolderId): Promise<void> {
  const { rows } = await call('folder.watch', { folderId, scope: 'folders' });
  const { branches } = useFolders.getState();
  useFolders.setState({ branches: new Map(branches).set(folderId, mergeRows([], rows, [], BY_NAME)) });
}
