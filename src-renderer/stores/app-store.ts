// The small state of the whole window: what the main process says about clients, counts and problems, and how
// far a running pass is.

import { create } from 'zustand';
import type { Push } from '../../src-shared/ipc-contract.ts';
import type { AppView } from '../../src-shared/ipc/app.ts';
import { call, sentence } from '../bridge/bridge.ts';

interface Progress {
  readonly done: number;
  readonly total: number;
}

interface AppStore {
  readonly app: AppView | null;
  readonly error: string | null;
  readonly progress: Readonly<Record<string, Progress>>;
  readonly load: () => Promise<void>;
  readonly setApp: (app: AppView) => void;
  readonly receive: (push: Push) => void;
}

export const useApp = create<AppStore>()((set, get) => ({
  app: null,
  error: null,
  progress: {},
  async load() {
    try {
      set({ app: await call('app.view', {}), error: null });
    } catch (error) {
      set({ error: sentence(error) });
    }
  },
  setApp: (app) => set({ app, error: null }),
  receive(push) {
    if (push.kind === 'app') {
      const running = new Set(push.app.passing);
      const kept = Object.entries(get().progress).filter(([client]) => running.has(client));
      set({ app: push.app, progress: Object.fromEntries(kept) });
    }
    if (push.kind === 'progress') {
      const { client, done, total } = push;
      set({ progress: { ...get().progress, [client]: { done, total } } });
    }
  },
}));
