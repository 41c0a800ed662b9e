// Settles conflicts one after the other, says how it went, and offers to take it back.

import type { Conflict, Settlement } from '../../../src-shared/ipc/conflicts.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import type { Back } from '../../stores/undo-store.ts';
import { warn } from '../../ui/notify.ts';
import { tellUndoable } from '../../ui/undo-toast.tsx';
import { counted, t } from '../../ui/words.ts';

export async function settle(conflicts: readonly Conflict[], settlement: Settlement): Promise<void> {
  const settled: number[] = [];
  const problems: string[] = [];
  for (const { id, path } of conflicts) {
    try {
      await call('conflict.settle', { id, settlement });
      settled.push(id);
    } catch (error) {
      problems.push(conflicts.length === 1 ? sentence(error) : `${path}: ${sentence(error)}`);
    }
  }
  if (settled.length > 0) {
    const label = counted('conflicts.settled', settled.length);
    tellUndoable({ label, undo: reopening(settled, settlement) });
  }
  if (problems.length > 0) warn(counted('conflicts.notSettled', problems.length), problems.join('\n'));
}

/** Both versions are shown again; the decision holds for them as they are then, and can be made again while they stay so. */
function reopening(ids: readonly number[], settlement: Settlement): Back {
  return async () => {
    const opened: { readonly id: number; readonly path: string }[] = [];
    for (const id of ids) opened.push({ id, path: (await call('conflict.reopen', { id })).path });
    const seen = await Promise.all(ids.map(stateOf));
    return async () => {
      for (const [at, { id, path }] of opened.entries()) {
        if ((await stateOf(id)) !== seen[at]) throw new Error(t('conflicts.changedSince', { path }));
      }
      for (const id of ids) await call('conflict.settle', { id, settlement });
      return reopening(ids, settlement);
    };
  };
}

/** Another text once one of the versions has changed. */
async function stateOf(id: number): Promise<string> {
  const { here, dropbox } = await call('conflict.versions', { id });
  return JSON.stringify([here, dropbox].map((one) => one && [one.path, one.size, one.changedAt]));
}
