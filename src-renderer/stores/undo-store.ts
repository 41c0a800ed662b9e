// The last things that a person did and can take back, newest last, and what was taken back and can be done again. A
// feature pushes a step after the work is done; Ctrl or ⌘ + Z and the toast's button run it, with Shift it is done again.

import { create } from 'zustand';
import { sentence } from '../bridge/bridge.ts';
import { tell, warn } from '../ui/notify.ts';
import { t } from '../ui/words.ts';

/** Takes a deed back; answers what does it again, where that can be done. */
export type Back = () => Promise<Back | null>;

export interface UndoStep {
  /** What was done, in words: "Moved 3 documents". */
  readonly label: string;
  readonly undo: Back;
}

interface UndoStore {
  readonly steps: readonly UndoStep[];
  /** What was taken back and can be done again, newest last; something new ends that. */
  readonly undone: readonly UndoStep[];
  readonly push: (step: UndoStep) => void;
  /** Takes back the last step, or the given one where it is still there. */
  readonly undo: (step?: UndoStep) => Promise<void>;
  /** Does again what was taken back last. */
  readonly redo: () => Promise<void>;
  readonly reset: () => void;
}

const KEPT = 30;

export const useUndo = create<UndoStore>()((set, get) => ({
  steps: [],
  undone: [],
  push: (step) => set({ steps: [...get().steps.slice(1 - KEPT), step], undone: [] }),
  async undo(step = get().steps.at(-1)) {
    if (step === undefined || !get().steps.includes(step)) return;
    // Taken off before the work, so that a second press does not undo it twice.
    set({ steps: get().steps.filter((one) => one !== step) });
    try {
      const again = await step.undo();
      if (again !== null) set({ undone: [...get().undone.slice(1 - KEPT), { label: step.label, undo: again }] });
      tell(t('undo.undone'), again === null ? `${step.label} · ${t('undo.noRedo')}` : step.label);
    } catch (error) {
      warn(t('undo.failed'), sentence(error));
    }
  },
  async redo() {
    const step = get().undone.at(-1);
    if (step === undefined) return;
    set({ undone: get().undone.slice(0, -1) });
    try {
      const back = await step.undo();
      if (back !== null) set({ steps: [...get().steps.slice(1 - KEPT), { label: step.label, undo: back }] });
      tell(t('undo.redone'), back === null ? `${step.label} · ${t('undo.noUndo')}` : step.label);
    } catch (error) {
      warn(t('undo.notRedone'), sentence(error));
    }
  },
  reset: () => set({ steps: [], undone: [] }),
}));
