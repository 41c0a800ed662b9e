// Conflicts that are settled can be taken back and settled again, as long as both versions are what they were.

import { beforeEach, expect, test, vi } from 'vitest';
import type { Conflict } from '../../../src-shared/ipc/conflicts.ts';
import type { UndoStep } from '../../../src-renderer/stores/undo-store.ts';

const calls: string[] = [];
const sizes = new Map<number, number>();
let offered: UndoStep | null = null;
vi.mock('../../../src-renderer/bridge/bridge.ts', () => ({
  call: (name: string, { id, settlement }: { id: number; settlement?: string }) => {
    if (name === 'conflict.versions') {
      const version = { path: `P/${id}.txt`, size: sizes.get(id) ?? 0, changedAt: '2026-11-20T12:00:00.000Z' };
      return Promise.resolve({ id, here: version, dropbox: null });
    }
    calls.push(`${name} ${id}${settlement === undefined ? '' : ` ${settlement}`}`);
    return Promise.resolve({ path: `P/${id}.txt`, copy: 'x', kept: [] });
  },
  sentence: String,
}));
vi.mock('../../../src-renderer/ui/undo-toast.tsx', () => ({ tellUndoable: (step: UndoStep) => (offered = step) }));
vi.mock('../../../src-renderer/ui/notify.ts', () => ({ warn: () => {} }));
const { settle } = await import('../../../src-renderer/features/conflicts/settle.ts');

const conflicts = [1, 2].map((id) => ({ id, path: `P/${id}.txt` }) as Conflict);
const again = ['conflict.settle 1 keep-here', 'conflict.settle 2 keep-here'];
const back = ['conflict.reopen 1', 'conflict.reopen 2'];

beforeEach(() => {
  calls.length = 0;
  sizes.clear();
  offered = null;
});

test('taken back and settled again in the same way, as often as somebody likes', async () => {
  await settle(conflicts, 'keep-here');
  let next: (() => Promise<unknown>) | null = (offered as UndoStep | null)?.undo ?? null;
  for (let times = 0; times < 4; times++) next = (await next?.()) as typeof next;
  expect(calls).toEqual([...again, ...back, ...again, ...back, ...again]);
});

test('where a version has changed meanwhile nothing is settled, and that is said', async () => {
  await settle(conflicts, 'keep-dropbox');
  const redo = await (offered as UndoStep | null)?.undo();
  sizes.set(2, 99);
  calls.length = 0;
  await expect(redo?.()).rejects.toThrow('P/2.txt has changed since. Look at both versions and decide anew.');
  expect(calls).toEqual([]);
});
