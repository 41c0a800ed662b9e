// The tree of folders and the listing of the chosen one. Both ask the main process to watch what is shown and merge the
// changes that come.

import { create } from 'zustand';
import type { Push } from '../../src-shared/ipc-contract.ts';
import { rowKey, type Crumb, type Row } from '../../src-shared/ipc/documents.ts';
import { call, sentence } from '../bridge/bridge.ts';
import { NOTHING, only, without, type Selection } from '../ui/selection.ts';
import { mergeRows, type RowOrder } from './sorted-rows.ts';

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
  /** Shows a folder; `select` is a row to select in it. */
  readonly open: (trail: readonly Crumb[], select?: string | null) => Promise<void>;
  readonly expand: (folderId: number) => Promise<void>;
  readonly collapse: (folderId: number) => void;
  /** Goes to an entry found by search. */
  readonly goTo: (path: string) => Promise<void>;
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
    await Promise.all([watchBranch(null), get().open([])]);
  },
  reset: () => set(initial),

  async open(trail, select = null) {
    const before = currentFolder(get().trail);
    const folderId = currentFolder(trail);
    if (before !== folderId) void call('folder.unwatch', { folderId: before, scope: 'all' });
    set({ trail, rows: [], total: 0, loading: true, error: null, selection: select === null ? NOTHING : only(select) });
    try {
      const { rows, total } = await call('folder.watch', { folderId, scope: 'all' });
      if (currentFolder(get().trail) !== folderId) return;
      // Later rows of a large folder may have come as events before this answer.
      set({ rows: mergeRows(get().rows, rows, [], get().order), total, loading: false });
    } catch (error) {
      if (currentFolder(get().trail) === folderId) set({ loading: false, error: sentence(error) });
    }
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

  async goTo(path) {
    const { folders, file } = await call('entry.locate', { path });
    await get().open(folders, file === null ? null : rowKey({ kind: 'file', id: file }));
  },

  select: (selection) => set({ selection }),
  sort: (order) => set({ order, rows: mergeRows([], get().rows, [], order) }),

  receive(push) {
    if (push.kind !== 'rows') return;
    const { trail, rows, order, branches } = get();
    if (push.scope === 'all') {
      if (push.folderId !== currentFolder(trail)) return;
      const gone = new Set(push.removed);
      set({
        rows: mergeRows(rows, push.upserts, push.removed, order),
        total: push.total,
        selection: gone.size === 0 ? get().selection : without(get().selection, (key) => !gone.has(key)),
      });
      return;
    }
    const branch = branches.get(push.folderId);
    if (branch === undefined) return;
    const merged = mergeRows(branch, push.upserts, push.removed, BY_NAME);
    set({ branches: new Map(branches).set(push.folderId, merged) });
  },
}));

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
