// The newest lines of the log, newest first.

import { create } from 'zustand';
import type { Push } from '../../src-shared/ipc-contract.ts';
import type { LogLine } from '../../src-shared/ipc/log.ts';
import { call } from '../bridge/bridge.ts';

const LINES_KEPT = 1_000;

interface LogStore {
  readonly lines: readonly LogLine[];
  readonly loaded: boolean;
  readonly load: () => Promise<void>;
  readonly reset: () => void;
  readonly receive: (push: Push) => void;
}

export const useLog = create<LogStore>()((set, get) => ({
  lines: [],
  loaded: false,
  async load() {
    const lines = await call('log.list', {});
    set({ lines: arrange([...get().lines, ...lines]), loaded: true });
  },
  reset: () => set({ lines: [], loaded: false }),
  receive(push) {
    if (push.kind === 'log') set({ lines: arrange([...push.rows, ...get().lines]) });
  },
}));

function arrange(lines: readonly LogLine[]): readonly LogLine[] {
  const each = new Map(lines.map((line) => [line.id, line]));
  return [...each.values()].toSorted((a, b) => b.id - a.id).slice(0, LINES_KEPT);
}
