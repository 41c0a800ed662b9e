// The main process's side of the window without Electron: watched lists, long work, previews, when things are read again.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../src-main/app/service.ts';
import { createJobs, type JobHandle } from '../../../src-main/ipc/jobs.ts';
import type { ListSources } from '../../../src-main/ipc/parts.ts';
import { createPushes } from '../../../src-main/ipc/pushes.ts';
import { createWatchedLists } from '../../../src-main/ipc/watched-lists.ts';
import { createPreviews, servedType } from '../../../src-main/shell/previews.ts';
import { createRefreshing } from '../../../src-main/shell/refreshing.ts';
import type { Push } from '../../../src-shared/ipc-contract.ts';
import type { TrashLine } from '../../../src-shared/ipc/trash.ts';

function line(id: number, path = `f${id}`): TrashLine {
  return { id, path, kind: 'file', client: null, reason: 'deleted', size: 1, removedAt: '2026-11-20T12:00:00.000Z' };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function collect() {
  const pushed: Push[] = [];
  return { pushed, pushes: createPushes((batch) => pushed.push(...batch)) };
}

describe('a watched list', () => {
  const listsOf = (read: () => readonly TrashLine[], pushes: ReturnType<typeof createPushes>) =>
    createWatchedLists({ trash: read } as unknown as ListSources, pushes);

  test('is told once, then only what changed in it, and nothing once nobody looks', () => {
    const { pushed, pushes } = collect();
    let rows = [line(1), line(2)];
    const lists = listsOf(() => rows, pushes);
    expect(lists.watch('trash', {})).toEqual({ rows, total: 2 });
    lists.refresh();
    vi.advanceTimersByTime(500);
    expect(pushed).toEqual([]);
    rows = [line(2, 'moved'), line(3)];
    lists.refresh();
    vi.advanceTimersByTime(500);
    expect(pushed).toEqual([{ kind: 'list', list: 'trash', args: '{}', upserts: rows, removed: [1], total: 2 }]);
    lists.unwatch('trash', {});
    rows = [];
    lists.refresh();
    vi.advanceTimersByTime(500);
    expect(pushed).toHaveLength(1);
  });

  test('of many rows comes in parts and completely', () => {
    const { pushed, pushes } = collect();
    const rows = Array.from({ length: 5_000 }, (_, index) => line(index + 1));
    const first = listsOf(() => rows, pushes).watch('trash', {});
    vi.advanceTimersByTime(2_000);
    const later = pushed.flatMap((push) => (push.kind === 'list' ? push.upserts : []));
    expect([first.rows.length, later.length, first.total]).toEqual([2_000, 3_000, 5_000]);
  });
});

describe('long work', () => {
  const jobOf = (pushed: readonly Push[]) => {
    const last = pushed.findLast((push) => push.kind === 'job');
    return last?.kind === 'job' ? last.job : null;
  };
  const settled = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(300);
  };

  test('tells how far it is, ends, and says why it failed', async () => {
    const { pushed, pushes } = collect();
    const bar: (number | null)[] = [];
    const jobs = createJobs(pushes, (progress) => bar.push(progress));
    let handle: JobHandle | null = null;
    let finish: () => void = () => {};
    const id = jobs.start('zip', 'Quotations', (job) => {
      handle = job;
      return new Promise<void>((resolve) => (finish = resolve));
    });
    (handle as unknown as JobHandle).progress(50, 100);
    await settled();
    expect(jobOf(pushed)).toMatchObject({
      id,
      kind: 'zip',
      subject: 'Quotations',
      done: 50,
      total: 100,
      state: 'running',
    });
    expect(bar.at(-1)).toBe(0.5);
    finish();
    await settled();
    expect(jobOf(pushed)?.state).toBe('done');
    expect(bar.at(-1)).toBeNull();
    jobs.start('zip', 'x', () => Promise.reject(new AppError('disk-full', 'There is no room.')));
    await settled();
    expect(jobOf(pushed)).toMatchObject({
      state: 'failed',
      problem: { code: 'disk-full', message: 'There is no room.' },
    });
  });

  test('that was done, but not for all, says for which not', async () => {
    const { pushed, pushes } = collect();
    const jobs = createJobs(pushes, () => {});
    jobs.start('zip', 'x', async ({ leftOut }) => leftOut('Plan.txt: It is not here.'));
    await settled();
    expect(jobOf(pushed)).toMatchObject({ state: 'done', problem: { message: 'Plan.txt: It is not here.' } });
  });

  test('stops when it is asked to, and is over then', async () => {
    const { pushed, pushes } = collect();
    const jobs = createJobs(pushes, () => {});
    const id = jobs.start('zip', 'x', ({ signal }) => {
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    });
    jobs.cancel(id);
    await settled();
    expect(jobOf(pushed)).toMatchObject({ state: 'cancelled', problem: null });
    expect(() => jobs.cancel(id)).toThrow('This has ended already.');
  });
});

describe('previews', () => {
  const served = { name: 'x', size: 3, kind: 'own' as const };
  const bytesAs = (mime: string) =>
    Promise.resolve({
      ...served,
      mime,
      read: async function* () {
        yield new Uint8Array([4]);
      },
    });
  const previews = createPreviews(() => ({
    preview: (id) => {
      if (id === 9) return Promise.reject(new Error('not here'));
      const mime = id === 2 ? 'text/html; charset=utf-8' : id === 3 ? 'application/x-msdownload' : 'image/png';
      const read = async function* () {
        yield new Uint8Array([1, 2, 3]);
      };
      return Promise.resolve({ ...served, mime, read });
    },
    thumbnail: () => Promise.reject(new Error('none')),
    versionPreview: (_id, rev) =>
      rev === 'abc' ? bytesAs('text/plain') : Promise.reject(new Error('There is no such version.')),
  }));
  const ask = (path: string, method = 'GET') => previews.answer({ url: `docktide://app${path}`, method });

  test('only with the key, only by row id, and never as something that runs', async () => {
    const good = await ask(`/preview/${previews.key}/1?v=1`);
    expect([good?.status, good?.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect([...new Uint8Array(await (good as Response).arrayBuffer())]).toEqual([1, 2, 3]);
    expect(good?.headers.get('content-security-policy')).toContain('sandbox');
    expect((await ask(`/preview/${previews.key}/2`))?.headers.get('content-type')).toBe('text/plain');
    const statuses = await Promise.all([
      ask(`/preview/${previews.key}/3`),
      ask(`/preview/${previews.key}/9`),
      ask(`/preview/${'0'.repeat(32)}/1`),
      ask(`/preview/${previews.key}/..%2f..%2fetc%2fpasswd`),
      ask(`/preview/${previews.key}/1`, 'POST'),
    ]);
    expect(statuses.map((one) => one?.status)).toEqual([204, 204, 404, 404, 404]);
    expect(await ask('/index.html')).toBeNull();
    const version = await ask(`/version/${previews.key}/1/abc`);
    expect([...new Uint8Array(await (version as Response).arrayBuffer())]).toEqual([4]);
    const versions = await Promise.all([
      ask(`/version/${previews.key}/1/other`),
      ask(`/version/${previews.key}/1`),
      ask(`/version/${previews.key}/1/..%2f..`),
      ask(`/preview/${previews.key}/1/abc`),
      ask(`/version/${'0'.repeat(32)}/1/abc`),
    ]);
    expect(versions.map((one) => one?.status)).toEqual([204, 404, 404, 404, 404]);
  });

  test.each([
    ['image/png', 'image/png'],
    ['image/svg+xml', null],
    ['text/html', 'text/plain'],
    ['application/javascript', 'text/plain'],
    ['application/pdf', 'application/pdf'],
    ['application/octet-stream', null],
    ['video/mp4', 'video/mp4'],
  ])('%s is served as %s', (mime, expected) => {
    expect(servedType(mime)).toBe(expected);
  });
});

describe('reading again', () => {
  test('soon after a change, never twice at once, once more for what changed meanwhile, rarer when it costs', async () => {
    let readings = 0;
    let running = 0;
    let most = 0;
    let end: (cost: number) => void = () => {};
    const refreshing = createRefreshing(
      () => {
        readings++;
        most = Math.max(most, ++running);
        return new Promise<number>((resolve) => {
          end = (cost) => {
            running--;
            resolve(cost);
          };
        });
      },
      () => {},
    );
    for (let change = 0; change < 20; change++) refreshing.due();
    await vi.advanceTimersByTimeAsync(150);
    expect(readings).toBe(1);
    refreshing.due();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(readings).toBe(1);
    end(100);
    await vi.advanceTimersByTimeAsync(999);
    expect(readings).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect([readings, most]).toEqual([2, 1]);
    end(0);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(readings).toBe(2);
    refreshing.close();
  });

  test('at once for who has changed something; a reading that began before does not count', async () => {
    const ends: (() => void)[] = [];
    const refreshing = createRefreshing(
      () => new Promise<number>((resolve) => ends.push(() => resolve(1_000))),
      () => {},
    );
    let first = false;
    void refreshing.now().then(() => (first = true));
    expect(ends).toHaveLength(1);
    let second = 0;
    void refreshing.now().then(() => second++);
    void refreshing.now().then(() => second++);
    ends[0]?.();
    await vi.advanceTimersByTimeAsync(0);
    // Two who asked meanwhile share the next reading.
    expect([first, second, ends.length]).toEqual([true, 0, 2]);
    ends[1]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(second).toBe(2);
    refreshing.due();
    void refreshing.now();
    expect(ends).toHaveLength(3);
    ends[2]?.();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(ends).toHaveLength(3);
    refreshing.close();
  });

  test('rows are with the window before an answer that waits for them', async () => {
    const { pushed, pushes } = collect();
    pushes.rows({ folderId: 1, scope: 'all', upserts: [], removed: ['file:1'], total: 0 });
    let pushedThen = 0;
    void pushes.rowsSent().then(() => (pushedThen = pushed.length));
    await vi.advanceTimersByTimeAsync(50);
    expect(pushedThen).toBe(0);
    await vi.advanceTimersByTimeAsync(50);
    expect(pushedThen).toBe(1);
    await pushes.rowsSent();
  });
});
