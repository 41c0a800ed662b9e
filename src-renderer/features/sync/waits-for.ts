// What a blocked task waits for, in sight of a person: the nearest task above it that is not finished. Tasks depend on
// the folders that they happen in (SYNC.md §5); the engine's own keys stay in the engine.

import type { Task } from '../../../src-shared/ipc/sync.ts';

/** By id of the waiting task. `live`: all tasks that are not finished. */
export function waitingFor(live: readonly Task[]): ReadonlyMap<number, Task> {
  const places = new Map<string, Task>();
  for (const task of live) {
    const key = keyOf(task.client, task.path);
    if (!places.has(key) || task.state === 'running') places.set(key, task);
  }
  const found = new Map<number, Task>();
  for (const task of live) {
    if (task.state !== 'blocked') continue;
    const above = firstAbove(task, places);
    if (above !== undefined) found.set(task.id, above);
  }
  return found;
}

function firstAbove(task: Task, places: ReadonlyMap<string, Task>): Task | undefined {
  for (let path = parentOf(task.path); path !== ''; path = parentOf(path)) {
    const above = places.get(keyOf(task.client, path));
    if (above !== undefined && above.id !== task.id) return above;
  }
  return undefined;
}

function keyOf(client: string, path: string): string {
  return `${client}\n${path.toLowerCase()}`;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
