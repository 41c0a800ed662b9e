// While the demonstration runs, its Dropbox is looked at once a second and what changed there is sent to the window.

import type { RemoteEntry } from '../../src-shared/ipc/demo.ts';
import type { Pushes } from '../ipc/pushes.ts';
import type { RemoteSide, Workspace } from './workspace.ts';

const EVERY_MS = 1_000;

export function followRemote(workspace: Workspace, pushes: Pushes): void {
  let known: ReadonlyMap<string, RemoteEntry> = new Map();
  let of: RemoteSide | null = null;

  const look = async (): Promise<void> => {
    const remote = workspace.demo()?.remote ?? null;
    if (remote !== of) known = new Map();
    of = remote;
    if (remote === null) return;
    const now = new Map((await remote.tree()).map((entry) => [entry.path, entry]));
    const upserts = [...now.values()].filter((entry) => {
      const before = known.get(entry.path);
      return before?.contentHash !== entry.contentHash || before.kind !== entry.kind;
    });
    const removed = [...known.keys()].filter((path) => !now.has(path));
    known = now;
    if (upserts.length + removed.length > 0) pushes.remote(upserts, removed);
  };

  const again = (): void => {
    setTimeout(() => {
      // The demonstration may end while it is looked at.
      look()
        .catch(() => {})
        .finally(again);
    }, EVERY_MS).unref();
  };
  again();
}
