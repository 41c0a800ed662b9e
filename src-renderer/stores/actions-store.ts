// Everything that can be done now: the command palette, the shortcuts and their sheet read this one list. A screen
// registers its actions while it is shown (useActions).

import type { LucideIcon } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { create } from 'zustand';

export interface Action {
  readonly id: string;
  /** Key of its words. */
  readonly words: string;
  /** Key of the words of its group: `nav.documents`. */
  readonly group: string;
  readonly icon?: LucideIcon;
  /** `mod+shift+n`, `F2`, `Delete`; `mod` is Ctrl, on macOS ⌘. */
  readonly shortcut?: string;
  /** The shortcut works while a text is edited, too. */
  readonly whileTyping?: boolean;
  /** In the sheet of shortcuts only. */
  readonly hidden?: boolean;
  readonly run: () => void;
}

interface ActionsStore {
  /** By owner; the last one registered comes first. */
  readonly owners: ReadonlyMap<symbol, readonly Action[]>;
  readonly register: (owner: symbol, actions: readonly Action[]) => void;
  readonly remove: (owner: symbol) => void;
}

export const useActionsStore = create<ActionsStore>()((set, get) => ({
  owners: new Map(),
  register: (owner, actions) => set({ owners: new Map(get().owners).set(owner, actions) }),
  remove(owner) {
    const owners = new Map(get().owners);
    owners.delete(owner);
    set({ owners });
  },
}));

/** All actions that are there now, those of the shown screen first. */
export function allActions(owners: ReadonlyMap<symbol, readonly Action[]>): readonly Action[] {
  return [...owners.values()].toReversed().flat();
}

/** Registers actions while the component is shown. `run` is always that of the last drawing. */
export function useActions(actions: readonly Action[]): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  // Only what is shown counts as a change, so that new closures do not draw the palette anew.
  const shape = JSON.stringify(actions.map(({ id, words, group, shortcut }) => [id, words, group, shortcut]));
  useEffect(() => {
    const owner = Symbol(shape);
    const { register, remove } = useActionsStore.getState();
    register(
      owner,
      latest.current.map((action) => ({
        ...action,
        run: () => latest.current.find((one) => one.id === action.id)?.run(),
      })),
    );
    return () => remove(owner);
  }, [shape]);
}
