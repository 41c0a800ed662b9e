// What was cut or copied, until it is pasted or something else is.

import { create } from 'zustand';
import { rowKey, type Row } from '../../../src-shared/ipc/documents.ts';

interface Clipboard {
  readonly mode: 'cut' | 'copy';
  readonly rows: readonly Row[];
  /** Keys of rows that were cut, for their look. */
  readonly cut: ReadonlySet<string>;
  readonly put: (mode: 'cut' | 'copy', rows: readonly Row[]) => void;
  readonly clear: () => void;
}

export const useClipboard = create<Clipboard>()((set) => ({
  mode: 'copy',
  rows: [],
  cut: new Set(),
  put: (mode, rows) => set({ mode, rows, cut: new Set(mode === 'cut' ? rows.map(rowKey) : []) }),
  clear: () => set({ rows: [], cut: new Set() }),
}));
