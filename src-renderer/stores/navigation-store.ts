// Which screen is shown, with what it was asked to show: `navigate('conflicts', { id: '12' })` from anywhere.

import { create } from 'zustand';

export type Params = Readonly<Record<string, string>>;

interface Place {
  readonly screen: string;
  readonly params: Params;
}

interface NavigationStore extends Place {
  readonly past: readonly Place[];
  readonly future: readonly Place[];
  readonly navigate: (screen: string, params?: Params) => void;
  readonly back: () => void;
  readonly forward: () => void;
  readonly reset: () => void;
}

const START: Place = { screen: 'documents', params: {} };
const KEPT = 50;

export const useNavigation = create<NavigationStore>()((set, get) => ({
  ...START,
  past: [],
  future: [],
  navigate(screen, params = {}) {
    const here = placeOf(get());
    if (here.screen === screen && JSON.stringify(here.params) === JSON.stringify(params)) return;
    set({ screen, params, past: [...get().past.slice(1 - KEPT), here], future: [] });
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

function placeOf({ screen, params }: Place): Place {
  return { screen, params };
}

export function navigate(screen: string, params: Params = {}): void {
  useNavigation.getState().navigate(screen, params);
}
