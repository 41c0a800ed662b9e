// The other side of the demonstration: the tree of its Dropbox, with what changed a moment ago marked.

import { create } from 'zustand';
import type { Push } from '../../src-shared/ipc-contract.ts';
import type { RemoteEntry } from '../../src-shared/ipc/demo.ts';
import { call } from '../bridge/bridge.ts';

const MARKED_MS = 4_000;

interface DemoStore {
  readonly entries: readonly RemoteEntry[];
  readonly marked: ReadonlySet<string>;
  readonly load: () => Promise<void>;
  readonly reset: () => void;
  readonly receive: (push: Push) => void;
}

export const useDemo = create<DemoStore>()((set, get) => ({
  entries: [],
  marked: new Set(),
  async load() {
    set({ entries: sorted(await call('demo.remote', {})) });
  },
  reset: () => set({ entries: [], marked: new Set() }),
  receive(push) {
    if (push.kind !== 'remote') return;
    const gone = new Set([...push.removed, ...push.upserts.map((entry) => entry.path)]);
    const known = new Map(get().entries.map((entry) => [entry.path, entry.contentHash]));
    const changed = push.upserts.filter(
      (entry) => entry.kind === 'file' && known.get(entry.path) !== entry.contentHash,
    );
    const entries = sorted([...get().entries.filter((entry) => !gone.has(entry.path)), ...push.upserts]);
    const paths = changed.map((entry) => entry.path);
    set({ entries, marked: new Set([...get().marked, ...paths]) });
    setTimeout(() => {
      const marked = new Set(get().marked);
      for (const path of paths) marked.delete(path);
      set({ marked });
    }, MARKED_MS);
  },
}));

/** Folders before files, each with its children below it. */
function sorted(entries: readonly RemoteEntry[]): readonly RemoteEntry[] {
  const keyed = entries.map((entry) => ({ entry, key: entry.path.toLowerCase().split('/') }));
  const kinds = new Map(entries.map((entry) => [entry.path.toLowerCase(), entry.kind]));
  const compare = (a: readonly string[], b: readonly string[]): number => {
    for (let depth = 0; depth < Math.min(a.length, b.length); depth++) {
      if (a[depth] === b[depth]) continue;
      const kindOf = (key: readonly string[]) => kinds.get(key.slice(0, depth + 1).join('/')) ?? 'folder';
      if (kindOf(a) !== kindOf(b)) return kindOf(a) === 'folder' ? -1 : 1;
      return (a[depth] ?? '') < (b[depth] ?? '') ? -1 : 1;
    }
    return a.length - b.length;
  };
  return keyed.toSorted((a, b) => compare(a.key, b.key)).map(({ entry }) => entry);
}
