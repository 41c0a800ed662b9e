import { expect, test } from 'vitest';
import { waitingFor } from '../../src-renderer/features/sync/waits-for.ts';
import type { Task } from '../../src-shared/ipc/sync.ts';

function task(id: number, state: Task['state'], path: string, client = 'Office'): Task {
  return {
    id,
    client,
    kind: 'remote.upload',
    direction: 'direct',
    path,
    from: null,
    reason: 'new here',
    state,
    attempts: 0,
    nextAttempt: null,
    error: null,
    errorCode: null,
    bytes: 0,
    bytesDone: 0,
    plannedAt: '2026-11-20T12:00:00Z',
    startedAt: null,
    finishedAt: null,
  };
}

test('a blocked task waits for the nearest unfinished task above it, of its own client', () => {
  const tasks = [
    task(1, 'running', 'A'),
    task(2, 'blocked', 'A/B'),
    task(3, 'blocked', 'a/b/c.txt'),
    task(4, 'blocked', 'A/x.txt'),
    task(5, 'planned', 'A/y.txt'),
    task(6, 'blocked', 'A/z.txt', 'Berlin'),
    task(7, 'blocked', 'Other/z.txt'),
  ];
  const waits = waitingFor(tasks);
  expect([...waits].map(([id, above]) => [id, above.id])).toEqual([
    [2, 1],
    [3, 2],
    [4, 1],
  ]);
});
