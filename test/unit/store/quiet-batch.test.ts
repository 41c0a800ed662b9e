import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RelPath } from '../../../src-shared/domain.ts';
import { QuietBatch } from '../../../src-main/store/quiet-batch.ts';

// As the watcher uses it: at rest after 600 ms, no longer waiting for others after 5 s.

let batch: QuietBatch;
let released: { readonly at: number; readonly paths: readonly string[] }[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  released = [];
  batch = new QuietBatch({ quiet: 600, longest: 5_000 }, (paths) => released.push({ at: performance.now(), paths }));
});
afterEach(() => {
  batch.close();
  vi.useRealTimers();
});

const told = (path: string): void => batch.add(path as RelPath);
const pass = (milliseconds: number): void => void vi.advanceTimersByTime(milliseconds);
const times = (path: string): number => released.filter(({ paths }) => paths.includes(path)).length;
const paths = (): string[][] => released.map((one) => [...one.paths].toSorted());

test('a single change is let go as soon as it is at rest', () => {
  told('offer.pdf');
  expect(batch.isChanging('offer.pdf' as RelPath)).toBe(true);
  pass(599);
  expect(paths()).toEqual([]);
  pass(22);
  expect(paths()).toEqual([['offer.pdf']]);
  expect(batch.isChanging('offer.pdf' as RelPath)).toBe(false);
});

test('what is still changing holds the others back, but not for ever', () => {
  told('done');
  for (let at = 0; at < 4_900; at += 100) {
    told('growing');
    pass(100);
  }
  expect(paths()).toEqual([]);
  for (let at = 0; at < 1_000; at += 100) {
    told('growing');
    pass(100);
  }
  expect(paths()).toEqual([['done']]);
  pass(1_000);
  expect(paths()).toEqual([['done'], ['growing']]);
});

test.each([50, 500, 650, 1_000, 1_500, 3_000])('200 changes, one every %d ms, come to a few', (every) => {
  for (let turn = 0; turn < 200; turn++) {
    told('storm');
    pass(every);
  }
  const [during, end] = [times('storm'), performance.now()];
  expect(during).toBeLessThanOrEqual(10);
  pass(15_000);
  // The last one is not forgotten, and does not wait for long.
  expect(times('storm')).toBe(during + 1);
  expect((released.at(-1)?.at ?? Infinity) - end).toBeLessThanOrEqual(2 * Math.max(every, 600));
});

test('some changes right after each other are let go at the pace of a single one, and so is one after a calm time', () => {
  const delays: number[] = [];
  const change = (): void => {
    const [before, start] = [released.length, performance.now()];
    told('list.xlsx');
    while (released.length === before) pass(10);
    delays.push(performance.now() - start);
  };
  for (let time = 0; time < 5; time++) {
    change();
    pass(300);
  }
  expect(Math.max(...delays)).toBeLessThan(700);
  change();
  expect(delays.at(-1)).toBeGreaterThan(800);
  pass(60_000);
  change();
  expect(delays.at(-1)).toBeLessThan(700);
});

test('what is written all the while holds nobody back once that is known, and is let go four times an hour', () => {
  const write = (milliseconds: number): void => {
    for (let at = 0; at < milliseconds; at += 200) {
      told('log.txt');
      pass(200);
    }
  };
  write(6_000);
  told('offer.pdf');
  write(800);
  expect(paths()).toEqual([['offer.pdf']]);
  expect(batch.isChanging('log.txt' as RelPath)).toBe(true);
  write(3_600_000);
  expect(times('log.txt')).toBe(4);
});

test('a process that was busy hears first what happened meanwhile', () => {
  told('storm');
  // Timers come late: the clock goes on, and the change that was made in the meantime is told only after them.
  const busy = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 2_000);
  pass(600);
  expect(paths()).toEqual([]);
  told('storm');
  busy.mockRestore();
});

test('forgets what was calm for long', () => {
  for (let file = 0; file < 1_000; file++) told(`${file}`);
  pass(1_000);
  expect(paths().flat()).toHaveLength(1_000);
  expect(vi.getTimerCount()).toBe(1);
  pass(20_000);
  expect(vi.getTimerCount()).toBe(0);
});
