// What is dragged inside of the window, and the folder that the pointer is over.

import { create } from 'zustand';
import type { Row } from '../../../src-shared/ipc/documents.ts';

/** A folder's id, `top`, or null for none. */
export type Over = number | 'top' | null;

interface DragStore {
  readonly rows: readonly Row[];
  /** The folder that would take the drop; `here` where that is the shown one. */
  readonly over: Over;
  readonly here: boolean;
  readonly files: boolean;
  /** What the system carries out of the window; dropped on the window again it is moved, not added once more. */
  readonly out: readonly Row[];
  readonly startOut: (rows: readonly Row[]) => void;
  readonly start: (rows: readonly Row[]) => void;
  readonly move: (over: Over, here: boolean, files: boolean) => void;
  readonly end: () => void;
}

export const useDrag = create<DragStore>()((set, get) => ({
  rows: [],
  over: null,
  here: false,
  files: false,
  out: [],
  startOut: (out) => set({ out }),
  start: (rows) => set({ rows, out: [] }),
  move(over, here, files) {
    const now = get();
    if (now.over !== over || now.here !== here || now.files !== files) set({ over, here, files });
  },
  end: () => set({ rows: [], over: null, here: false, files: false }),
}));
