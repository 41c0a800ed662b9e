// The last things that a person did and can take back, newest last. A feature pushes a step after the work is done; Ctrl
// or ⌘ + Z and the toast's button run it.

import { create } from 'zustand';
import { sentence } from '../bridge/bridge.ts';
import { tell, warn } from '../ui/notify.ts';
import { t } from '../ui/words.ts';

export interface UndoStep {
  /** What was done, in words: "Moved 3 documents". */
  readonly label: string;
  readonly undo: () => Promise<unknown>;
}

interface UndoStore {
  readonly steps: readonly UndoStep[];
  readonly push: (step: UndoStep) => void;
  /** Takes back the last step, or the given one where it is still there. */
  readonly undo: (step?: UndoStep) => Promise<void>;
  readonly reset: () => void;
}

const KEPT = 30;

export const useUndo = create<UndoStore>()((set, get) => ({
  steps: [],
  push: (step) => set({ steps: [...get().steps.slice(1 - KEPT), step] }),
  async undo(step = get().steps.at(-1)) {
    if (step === undefined || !get().steps.includes(step)) return;
    // Taken off before the work, so that a second press does not undo it twice.
    set({ steps: get().steps.filter((one) => one !== step) });
    try {
      await step.undo();
      tell(t('undo.undone'), step.label);
    } catch (error) {
      warn(t('undo.failed'), sentence(error));
    }
  },
  reset: () => set({ steps: [] }),
}));
