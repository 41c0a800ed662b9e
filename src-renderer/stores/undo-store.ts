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
  /** Work that ends with a step, such as a renaming: undo and redo that are asked for meanwhile wait for it. */
  readonly during: <T>(work: Promise<T>) => Promise<T>;
  /** Takes back the last step, or the given one where it is still there. */
  readonly undo: (step?: UndoStep) => Promise<void>;
  /** Does again what was taken back last. */
  readonly redo: () => Promise<void>;
  readonly reset: () => void;
}

const KEPT = 30;

/**
 * All that was asked for before. The list shows a deed before its answer is here: without the wait a quick Ctrl + Z would
 * take back the deed before the one that the person sees.
 */
let earlier: Promise<unknown> = Promise.resolve();

function afterwards(work: () => Promise<void>): Promise<void> {
  const done = earlier.then(work);
  earlier = done;
  return done;
}

async function undo(step?: UndoStep): Promise<void> {
  const { steps } = useUndo.getState();
  const chosen = step ?? steps.at(-1);
  if (chosen === undefined) return tell(t('undo.button'), t('undo.nothing'));
  if (!steps.includes(chosen)) return;
  // Taken off before the work: something new may come meanwhile.
  useUndo.setState({ steps: steps.filter((one) => one !== chosen) });
  try {
    const again = await chosen.undo();
    if (again !== null) {
      useUndo.setState(({ undone }) => ({ undone: [...undone.slice(1 - KEPT), { label: chosen.label, undo: again }] }));
    }
    tell(t('undo.undone'), again === null ? `${chosen.label} · ${t('undo.noRedo')}` : chosen.label);
  } catch (error) {
    warn(t('undo.failed'), sentence(error));
  }
}

async function redo(): Promise<void> {
  const { undone } = useUndo.getState();
  const step = undone.at(-1);
  if (step === undefined) return tell(t('undo.again'), t('undo.nothingAgain'));
  useUndo.setState({ undone: undone.slice(0, -1) });
  try {
    const back = await step.undo();
    if (back !== null) {
      useUndo.setState(({ steps }) => ({ steps: [...steps.slice(1 - KEPT), { label: step.label, undo: back }] }));
    }
    tell(t('undo.redone'), back === null ? `${step.label} · ${t('undo.noUndo')}` : step.label);
  } catch (error) {
    warn(t('undo.notRedone'), sentence(error));
  }
}

export const useUndo = create<UndoStore>()((set, get) => ({
  steps: [],
  undone: [],
  push: (step) => set({ steps: [...get().steps.slice(1 - KEPT), step], undone: [] }),
  during(work) {
    earlier = Promise.allSettled([earlier, work]);
    return work;
  },
  undo: (step) => afterwards(() => undo(step)),
  redo: () => afterwards(redo),
  reset: () => set({ steps: [], undone: [] }),
}));
