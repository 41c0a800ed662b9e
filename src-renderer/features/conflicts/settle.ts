// Settles conflicts one after the other, says how it went, and offers to take it back.

import type { Conflict, Settlement } from '../../../src-shared/ipc/conflicts.ts';
import { call, sentence } from '../../bridge/bridge.ts';
import { warn } from '../../ui/notify.ts';
import { tellUndoable } from '../../ui/undo-toast.tsx';
import { counted } from '../../ui/words.ts';

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
    tellUndoable({
      label: counted('conflicts.settled', settled.length),
      undo: async () => {
        for (const id of settled) await call('conflict.reopen', { id });
        // Both versions are shown again: what stays is decided anew.
        return null;
      },
    });
  }
  if (problems.length > 0) warn(counted('conflicts.notSettled', problems.length), problems.join('\n'));
}
