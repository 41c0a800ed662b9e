// Which screen is shown, with what it was asked to show: `navigate('conflicts', { id: '12' })` from anywhere. The folder of
// the file manager belongs to the place, so that back and forward go through folders as in every file manager.

import { create } from 'zustand';
import type { Crumb } from '../../src-shared/ipc/documents.ts';

export type Params = Readonly<Record<string, string>>;

interface Place {
  readonly screen: string;
  readonly params: Params;
  /** From the top to the folder that the file manager shows. */
  readonly trail: readonly Crumb[];
}

interface NavigationStore extends Place {
  readonly past: readonly Place[];
  readonly future: readonly Place[];
  /** Answers whether that is another place. */
  readonly navigate: (screen: string, params?: Params) => boolean;
  /** The file manager shows another folder; `step`: one that can be gone back from. */
  readonly visit: (trail: readonly Crumb[], step: boolean) => void;
  readonly back: () => void;
  readonly forward: () => void;
  readonly reset: () => void;
}

const START: Place = { screen: 'documents', params: {}, trail: [] };
const KEPT = 50;

export const useNavigation = create<NavigationStore>()((set, get) => ({
  ...START,
  past: [],
  future: [],
  navigate(screen, params = {}) {
    const here = placeOf(get());
    if (here.screen === screen && JSON.stringify(here.params) === JSON.stringify(params)) return false;
    set({ screen, params, past: [...get().past.slice(1 - KEPT), here], future: [] });
    return true;
  },
  visit(trail, step) {
    const here = placeOf(get());
    if (!step || here.trail.at(-1)?.id === trail.at(-1)?.id) set({ trail });
    else set({ trail, past: [...get().past.slice(1 - KEPT), here], future: [] });
  },
  back() {
    const { past, future } = get();
    const to = past.at(-1);
    if (to) set({ ...to, past: past.slice(0, -1), future: [placeOf(get()), ...future] });
  },
  forward() {
    const { past, future } = get();
    const [to, ...rest] = future;
    if (to) set({ ...to, past: [...past, placeOf(get())], future: rest });
  },
  reset: () => set({ ...START, past: [], future: [] }),
}));

function placeOf({ screen, params, trail }: Place): Place {
  return { screen, params, trail };
}

export function navigate(screen: string, params: Params = {}): boolean {
  return useNavigation.getState().navigate(screen, params);
}
