// What happens to a task that fails for a while, seen from outside: its states in `queue --json`, longer and longer waits
// that a continuous run keeps to, failed after the eighth attempt, tried again a day later, done in the end.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench, until, type Running, type StartOptions } from '../support/cli.ts';
import { DAY, shiftedClock } from '../support/cli-clock.ts';
import { agreeWithPeerAfterEach } from '../support/peer-check.ts';
import type { StatusView, SyncSummary, TaskView } from '../../src-shared/views.ts';

let bench: Bench;
let running: Running | null = null;
beforeEach(async () => {
  bench = await Bench.open();
  await bench.setUp('folder', 'add', 'P', '--client', 'Office');
  await bench.settle();
});
afterEach(async () => {
  running?.child.kill('SIGKILL');
  await running?.ended;
  running = null;
  await bench.close();
});
agreeWithPeerAfterEach(() => [bench]);

const at = (path: string): string => join(bench.documents, path);
const hasThere = async (path: string): Promise<boolean> => path in (await bench.remote());
const isHere = (path: string): boolean => existsSync(at(path));
/** What comes down arrives damaged; what goes up is not touched by it. */
const damage = () => bench.emulator.control('faults', { corruptBody: {} });
const heal = () => bench.emulator.control('faults', { corruptBody: null });

/** The only task that stands in the queue. */
async function standing(): Promise<TaskView> {
  const [task, ...others] = await bench.view<TaskView[]>('queue');
  expect(others).toEqual([]);
  return task as TaskView;
}

/** Starts `watch`, lets a new document of another name go up, and ends it. */
async function watchUntilUp(path: string, options: StartOptions = {}, also: () => boolean = () => true): Promise<void> {
  const watching = bench.start(['watch'], options);
  running = watching;
  await until('watching', () => watching.output().includes('Watching'), watching.output);
  writeFileSync(at(path), path);
  await until(path, () => hasThere(path), watching.output);
  await until('the other one', also, watching.output);
  watching.child.kill('SIGTERM');
  expect((await watching.ended).code).toBe(0);
}

test('retry, retry later, failed after the eighth attempt, tried again a day later, done', async () => {
  await bench.put('P/unlucky.txt', 'unlucky');
  await damage();
  const first = await bench.json<SyncSummary>('sync');
  expect(first).toMatchObject({ code: 3, value: { downloaded: 0, failed: 1 } });
  const { value: queue } = await bench.json<TaskView[]>('queue');
  expect(queue).toMatchObject([
    {
      client: 'Office',
      kind: 'local.download',
      direction: 'backward',
      path: 'P/unlucky.txt',
      state: 'retry',
      attempts: 1,
      error: expect.stringMatching(/arrived damaged/) as string,
      nextAttempt: expect.any(String) as string,
      finishedAt: null,
    },
  ]);
  expect((await bench.view<StatusView>('status')).clients[0]).toMatchObject({ state: 'connected', pending: 1 });

  // A continuous run keeps to the wait: all else goes on, and this one is left alone.
  await heal();
  await watchUntilUp('P/other.txt');
  expect(isHere('P/unlucky.txt')).toBe(false);
  expect(await standing()).toMatchObject({ state: 'retry', attempts: 1 });

  // A person does not wait. Each attempt makes the next wait longer.
  await damage();
  for (let attempt = 2; attempt <= 7; attempt++) {
    const before = Date.now();
    await bench.inside('sync');
    const task = await standing();
    expect(task).toMatchObject({ state: 'retry', attempts: attempt });
    // Fifteen seconds, doubled each time, of which half is left to chance.
    expect(Date.parse(task.nextAttempt ?? '') - before).toBeGreaterThanOrEqual(7_500 * 2 ** (attempt - 1));
  }
  expect((await bench.run('sync')).code).toBe(3);
  const failed = await standing();
  expect(failed).toMatchObject({ state: 'failed', attempts: 8 });
  const ahead = Date.parse(failed.nextAttempt ?? '') - Date.now();
  expect(ahead).toBeGreaterThan(DAY - 3_600_000);
  expect(ahead).toBeLessThanOrEqual(DAY);
  expect((await bench.view<StatusView>('status')).counts.failed).toBe(1);
  expect(await bench.view('log', '--level', 'error')).toMatchObject([
    { kind: 'local.download', path: 'P/unlucky.txt', result: 'failed' },
  ]);

  // On the next day it is tried again, by itself.
  await heal();
  await watchUntilUp('P/same day.txt');
  expect(isHere('P/unlucky.txt')).toBe(false);
  await watchUntilUp('P/next day.txt', shiftedClock(DAY + 60_000), () => isHere('P/unlucky.txt'));
  expect(await bench.view<TaskView[]>('queue')).toEqual([]);
  expect(await bench.remote()).toEqual(await bench.local());
});

test('a wait that was set by a clock which has been put back since holds nothing up', async () => {
  await bench.put('P/unlucky.txt', 'unlucky');
  await damage();
  expect((await bench.start(['sync'], shiftedClock(DAY)).ended).code).toBe(3);
  const ahead = Date.parse((await standing()).nextAttempt ?? '') - Date.now();
  expect(ahead).toBeGreaterThan(DAY / 2);
  await heal();
  await watchUntilUp('P/other.txt', {}, () => isHere('P/unlucky.txt'));
});

test('what waits on a folder that fails waits with it, and nothing else does', async () => {
  await bench.emulator.control('faults', {
    // Longer than a pass waits: left to the queue at once.
    rate429: { endpoints: ['files/create_folder_v2', 'files/create_folder_batch'], retryAfter: 1800 },
  });
  await bench.setUp('folder', 'add', 'P/New/Deep', '--client', 'Office');
  writeFileSync(at('P/New/Deep/a.txt'), 'a');
  writeFileSync(at('P/b.txt'), 'b');
  const { code, value } = await bench.json<SyncSummary>('sync');
  expect({ code, uploaded: value.uploaded }).toEqual({ code: 3, uploaded: 1 });
  const states = (await bench.view<TaskView[]>('queue')).map((task) => `${task.path}: ${task.state}`);
  expect(states.toSorted()).toEqual(['P/New/Deep/a.txt: blocked', 'P/New/Deep: blocked', 'P/New: retry']);
  await bench.emulator.control('faults', { clear: true });
  expect(await bench.sync()).toMatchObject({ uploaded: 1, failed: 0 });
  expect(await bench.remote()).toEqual(await bench.local());
});
