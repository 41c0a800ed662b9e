// Stopping cleanly and starting again at any point: SIGTERM and SIGINT during `sync` and `watch`, pausing and resuming a
// client in the middle of work. Whatever was done stays done, nothing is done twice, and the next start goes on.

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bench, until, type Running } from '../support/cli.ts';
import { seeded } from '../support/cli-files.ts';
import { agreeWithPeerAfterEach } from '../support/peer-check.ts';
import type { ClientView, SyncSummary, TaskView } from '../../src-shared/views.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
const random = seeded(20261126);
const pick = (limit: number): number => Math.floor(random() * limit);

let bench: Bench;
let running: Running | null = null;
/** Called at each request, before it is looked at. */
let onRequest = (): void => {};
beforeEach(async () => {
  bench = await Bench.open();
  const { counts } = bench.emulator;
  const count = counts.request.bind(counts);
  counts.request = (endpoint) => {
    count(endpoint);
    onRequest();
  };
  await bench.setUp('folder', 'add', 'P', '--client', 'Office');
});
afterEach(async () => {
  onRequest = () => {};
  running?.child.kill('SIGKILL');
  await running?.ended;
  running = null;
  await bench.close();
});
agreeWithPeerAfterEach(() => [bench]);

const at = (path: string): string => join(bench.documents, path);

/** New, changed, moved and deleted documents on both sides, never the same one. */
async function changeBothSides(round: number): Promise<void> {
  for (let index = 0; index < 4; index++) {
    mkdirSync(at(`P/here ${round}`), { recursive: true });
    writeFileSync(at(`P/here ${round}/${index}.txt`), `here ${round} ${index}`);
    await bench.put(`P/there ${round}/${index}.txt`, `there ${round} ${index}`);
  }
  if (round < 2) return;
  // What was made two rounds ago has arrived, or its own side still has it.
  renameSync(at(`P/here ${round - 2}`), at(`P/moved ${round - 2}`));
  rmSync(at(`P/moved ${round - 2}/0.txt`));
  writeFileSync(at(`P/moved ${round - 2}/1.txt`), `edited here ${round}`);
  await bench.moveThere(`P/there ${round - 2}`, `P/moved there ${round - 2}`);
  await bench.removeThere(`P/moved there ${round - 2}/0.txt`);
  await bench.put(`P/moved there ${round - 2}/1.txt`, `edited there ${round}`);
}

/** What both sides hold after `rounds` of changes. */
function expectedFiles(rounds: number): string[] {
  return Array.from({ length: rounds }, (_, round) => {
    const isOld = round < rounds - 2;
    const folders = isOld ? [`P/moved ${round}`, `P/moved there ${round}`] : [`P/here ${round}`, `P/there ${round}`];
    return folders.flatMap((folder) => [0, 1, 2, 3].slice(isOld ? 1 : 0).map((index) => `${folder}/${index}.txt`));
  })
    .flat()
    .toSorted();
}

async function agree(rounds: number): Promise<void> {
  const local = await bench.local();
  const files = Object.keys(local).filter((path) => local[path] !== null);
  expect(files.toSorted()).toEqual(expectedFiles(rounds));
  expect(await bench.remote()).toEqual(local);
  expect(await bench.listed()).toEqual(local);
  expect(await bench.settle()).toMatchObject({ uploaded: 0, downloaded: 0, moved: 0, deletedLocal: 0, conflicts: 0 });
}

/** Nothing is under way in the queue of a program that has ended. */
async function nothingRuns(): Promise<void> {
  const queue = await bench.view<TaskView[]>('queue');
  expect(queue.filter((task) => task.state === 'running')).toEqual([]);
}

/** Sends the signal when the process has made so many requests. */
function stopAfter(requests: number, signal: NodeJS.Signals): void {
  let left = requests;
  onRequest = () => {
    if (--left === 0) running?.child.kill(signal);
  };
}

test('sync is stopped at any point: it says so, leaves nothing running, and the next one goes on', async () => {
  const ROUNDS = 12;
  await bench.emulator.control('faults', { latencyMs: 5 });
  let stopped = 0;
  for (let round = 0; round < ROUNDS; round++) {
    await changeBothSides(round);
    stopAfter(1 + pick(14), SIGNALS[round % 2] ?? 'SIGTERM');
    running = bench.start(['sync', '--yes', '--json']);
    const { code, stdout } = await running.ended;
    const answer = JSON.parse(stdout) as Partial<SyncSummary> & { error?: { code: string; message: string } };
    // Where the signal came too late the pass was finished.
    const outcome = answer.error?.code ?? `${answer.failed} failed`;
    expect([`1 interrupted`, '0 0 failed']).toContain(`${code} ${outcome}`);
    if (code === 1) stopped++;
    onRequest = () => {};
    await nothingRuns();
    // Both sides keep up with each other now and then.
    if (round % 2 === 1) await bench.settle('--yes');
  }
  expect(stopped).toBeGreaterThan(ROUNDS / 3);
  await bench.emulator.control('faults', { clear: true });
  await bench.settle('--yes');
  await agree(ROUNDS);
});

test('watch is stopped at any point and started again: it ends with 0 and goes on where it was', async () => {
  const ROUNDS = 6;
  await bench.emulator.control('faults', { latencyMs: 5 });
  for (let round = 0; round < ROUNDS; round++) {
    await changeBothSides(round);
    stopAfter(1 + pick(20), SIGNALS[round % 2] ?? 'SIGTERM');
    running = bench.start(['watch', '--json']);
    const { code, stdout } = await running.ended;
    expect({ round, code }).toEqual({ round, code: 0 });
    expect(JSON.parse(stdout)).toHaveProperty('uploaded');
    onRequest = () => {};
    await nothingRuns();
    if (round % 2 === 1) await bench.settle('--yes');
  }
  await bench.emulator.control('faults', { clear: true });
  await bench.settle('--yes');
  await agree(ROUNDS);
});

/** No answer for as long as the test cares; resolves when the process waits for one. */
async function hangingSync(): Promise<Running> {
  await bench.emulator.control('faults', { latencyMs: 200_000 });
  let asked = false;
  onRequest = () => (asked = true);
  const hanging = bench.start(['sync', '--json']);
  running = hanging;
  await until('a first request', () => asked, hanging.output);
  return hanging;
}

test.each(SIGNALS)('a network that does not answer does not keep a program alive after %s', async (signal) => {
  const hanging = await hangingSync();
  hanging.child.kill(signal);
  const { code, stdout } = await hanging.ended;
  expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 1, error: { code: 'interrupted' } });
});

test('a second signal ends a program at once, whichever it is', async () => {
  const hanging = await hangingSync();
  hanging.child.kill('SIGINT');
  await until('the first to be heard', () => hanging.output().includes('Stopping'), hanging.output);
  hanging.child.kill('SIGTERM');
  expect((await hanging.ended).code).toBeNull();
  expect(hanging.child.signalCode).toBe('SIGTERM');
});

test('pause and resume while it watches: nothing travels in between, everything after', async () => {
  running = bench.start(['watch']);
  const watching = running;
  await until('watching', () => watching.output().includes('Watching'), watching.output);
  writeFileSync(at('P/before.txt'), 'before');
  await until('before', async () => 'P/before.txt' in (await bench.remote()), watching.output);
  expect((await bench.json<ClientView>('client', 'pause', 'Office')).value).toMatchObject({
    state: 'paused',
    reason: 'paused-by-person',
  });
  const { total } = await bench.emulator.requests();
  writeFileSync(at('P/meanwhile.txt'), 'meanwhile');
  writeFileSync(at('P/before.txt'), 'edited meanwhile');
  await bench.put('P/there.txt', 'there meanwhile');
  // Another client goes on; when its document has arrived, that of the paused one had every chance.
  await bench.setUp('client', 'add', 'Second', '--root', 'Second Root', '--access-token', 'bench-token');
  await bench.setUp('folder', 'add', 'Second', '--client', 'Second');
  writeFileSync(at('Second/own.txt'), 'own');
  await until('the second', async () => 'Second/own.txt' in (await bench.remote('Second Root')), watching.output);
  expect(Object.keys(await bench.remote())).toEqual(['P', 'P/before.txt', 'P/there.txt']);
  expect(Object.keys(await bench.local())).not.toContain('P/there.txt');
  expect((await bench.emulator.requests()).total).toBeGreaterThan(total);
  expect((await bench.json<ClientView>('client', 'resume', 'Office')).value).toMatchObject({ state: 'connected' });
  await until(
    'everything',
    async () => {
      const [local, remote] = [await bench.local(), await bench.remote()];
      return 'P/there.txt' in local && remote['P/before.txt'] === local['P/before.txt'] && 'P/meanwhile.txt' in remote;
    },
    watching.output,
  );
  watching.child.kill('SIGTERM');
  expect((await watching.ended).code).toBe(0);
});
