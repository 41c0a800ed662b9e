import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src-main/infra/clock.ts';
import { openPassLock, PassLockBusy, type PassLock } from '../../../src-main/infra/pass-lock.ts';

let folder: string;
const open: PassLock[] = [];
const lock = (): PassLock => {
  const made = openPassLock(folder, systemClock);
  open.push(made);
  return made;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docktide-lock-'));
});
afterEach(() => {
  for (const one of open.splice(0)) one.close();
  rmSync(folder, { recursive: true, force: true });
});

function gate(): { promise: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: resolve };
}

test('a second holder waits for the first, and refuses after its time', async () => {
  const [one, other] = [lock(), lock()];
  const done = gate();
  const order: string[] = [];
  const first = one.hold(async () => {
    await done.promise;
    order.push('first');
  }, 0);
  await expect(other.hold(async () => order.push('never'), 0)).rejects.toBeInstanceOf(PassLockBusy);
  const second = other.hold(async () => order.push('second'), 60_000);
  done.open();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
});

test('holders of one process share it, and it is free after the last', async () => {
  const [one, other] = [lock(), lock()];
  const [a, b] = [gate(), gate()];
  const first = one.hold(() => a.promise, 0);
  const second = one.hold(() => b.promise, 0);
  a.open();
  await first;
  await expect(other.hold(async () => undefined, 0)).rejects.toBeInstanceOf(PassLockBusy);
  b.open();
  await second;
  expect(await other.hold(async () => 'mine', 0)).toBe('mine');
});

test('it is free again when the work fails, and waiting can be given up', async () => {
  const [one, other] = [lock(), lock()];
  await expect(one.hold(() => Promise.reject(new Error('broken')), 0)).rejects.toThrow('broken');
  const done = gate();
  const first = other.hold(() => done.promise, 0);
  const stop = new AbortController();
  const waiting = one.hold(async () => undefined, 60_000, stop.signal);
  stop.abort(new Error('given up'));
  await expect(waiting).rejects.toThrow('given up');
  done.open();
  await first;
});

test('it is released when its process is killed', async () => {
  const source = new URL('../../../src-main/infra/', import.meta.url).href;
  const code = `
    const { openPassLock } = await import('${source}pass-lock.ts');
    const { systemClock } = await import('${source}clock.ts');
    await openPassLock(${JSON.stringify(folder)}, systemClock).hold(() => {
      console.log('held');
      return new Promise((resolve) => setTimeout(resolve, 1e6));
    }, 0);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const mine = lock();
  await expect(mine.hold(async () => undefined, 0)).rejects.toBeInstanceOf(PassLockBusy);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await mine.hold(async () => 'free', 0)).toBe('free');
});
