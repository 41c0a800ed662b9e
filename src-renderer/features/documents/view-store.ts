// How the file manager looks at the moment: what is being renamed, which panes are open. List or grid and the open panes
// are kept with the preferences.

import { create } from 'zustand';
import { usePreferences } from '../../stores/preferences-store.ts';

export type Layout = 'list' | 'grid';

interface Looks {
  readonly layout: Layout;
  readonly preview: boolean;
}

const KEY = 'documents.looks';
const FIRST: Looks = { layout: 'list', preview: false };

function isLooks(value: unknown): value is Looks {
  const looks = value as Partial<Looks> | null | undefined;
  return (looks?.layout === 'list' || looks?.layout === 'grid') && typeof looks.preview === 'boolean';
}

export function useLooks(): Looks {
  const kept = usePreferences((store) => store.kept[KEY]);
  return isLooks(kept) ? kept : FIRST;
}

export function changeLooks(part: Partial<Looks>): void {
  const { kept, keep } = usePreferences.getState();
  keep(KEY, { ...(isLooks(kept[KEY]) ? kept[KEY] : FIRST), ...part });
}

export function toggleLooks(): void {
  const kept = usePreferences.getState().kept[KEY];
  changeLooks({ preview: !(isLooks(kept) ? kept : FIRST).preview });
}

interface ViewStore {
  /** Key of the row whose name is being edited. */
  readonly renaming: string | null;
  readonly naming: boolean;
  /** What a link is made for. */
  readonly sharing: { readonly id: number; readonly name: string } | null;
  /** A program that was asked to be opened: the person is warned. */
  readonly program: ViewStore['sharing'];
  readonly setProgram: (program: ViewStore['program']) => void;
  readonly setRenaming: (key: string | null) => void;
  readonly setNaming: (naming: boolean) => void;
  readonly setSharing: (sharing: ViewStore['sharing']) => void;
}

export const useView = create<ViewStore>()((set) => ({
  renaming: null,
  naming: false,
  sharing: null,
  program: null,
  setProgram: (program) => set({ program }),
  setRenaming: (renaming) => set({ renaming }),
  setNaming: (naming) => set({ naming }),
  setSharing: (sharing) => set({ sharing }),
}));
