// What the adapter does on a bad day, against an emulator that has one.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { CloudStore } from '../../../src-main/engine/ports.ts';
import { Fault } from '../../../src-main/engine/ports.ts';
import type { RelPath, RemoteId } from '../../../src-shared/domain.ts';
import { addressOf, openEmulated, type EmulatedDropbox } from '../../conformance/cloud-emulator.ts';
import { codeOf, faultCode, upload, uploadAll, valueOf } from '../../conformance/cloud-store.ts';

let cloud: EmulatedDropbox;
let store: CloudStore;
let root = '';
let roots = 0;

beforeAll(async () => {
  cloud = await openEmulated();
});
afterAll(() => cloud.close());
beforeEach(async () => {
  await cloud.control('faults', { clear: true });
  root = `Root ${++roots}`;
  store = cloud.client(root);
  await store.ensureRoot();
  cloud.clock.sleeps.length = 0;
  cloud.forgetRequests();
});

const rel = (path: string): RelPath => path as RelPath;
const faults = (settings: Readonly<Record<string, unknown>>): Promise<unknown> => cloud.control('faults', settings);
const at = (path: string): string => `${root}/${path}`;

async function idAt(path: string): Promise<RemoteId> {
  const place = await store.lookup({ path: rel(path) });
  if (place === null) throw new Error(`There is nothing at ${path}.`);
  return place.entry.id;
}

describe('asked to slow down', () => {
  it.each([
    ['JSON', false],
    ['plain text', true],
  ])('waits as long as the server says (%s)', async (_name, plainText) => {
    await faults({ rate429: { next: 1, retryAfter: 7, plainText } });
    expect(await store.list(rel(''))).toEqual([]);
    expect(cloud.clock.sleeps[0]).toBeGreaterThanOrEqual(7000);
    expect(cloud.clock.sleeps[0]).toBeLessThan(8000);
  });

  it('holds back the other calls of the client as well', async () => {
    const gate = Promise.withResolvers<void>();
    const sent: string[] = [];
    let sleeping = 0;
    const slow = cloud.open(root, {
      clock: {
        now: () => 0,
        sleep: () => {
          sleeping++;
          return gate.promise;
        },
      },
      fetch: async (address) => {
        sent.push(addressOf(address));
        return new Response('slow down', { status: 429, headers: { 'retry-after': '1' } });
      },
    });
    const calls: Promise<unknown>[] = [];
    for (const count of [1, 2]) {
      calls.push(slow.list(rel('')).catch(() => 'stopped'));
      while (sleeping < count) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sent).toHaveLength(1);
    gate.reject(new Error('end of the test'));
    expect(await Promise.all(calls)).toEqual(['stopped', 'stopped']);
  });

  it('leaves long waits to the engine', async () => {
    await faults({ rate429: { next: 1, retryAfter: 3600 } });
    const error: unknown = await store.list(rel('')).catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(Fault);
    expect(error).toMatchObject({ code: 'rate-limited', retryable: true, retryAfter: 3600 });
    expect(cloud.clock.sleeps).toEqual([]);
  });

  it('tells too many writes from too many requests', async () => {
    await faults({ rate429: { next: 100, retryAfter: 3600, reason: 'too_many_write_operations' } });
    expect(await faultCode(store.list(rel('')))).toBe('busy');
  });
});

describe('failing servers and connections', () => {
  it('are tried again with growing pauses, then given up', async () => {
    await faults({ status5xx: { status: 503 } });
    expect(await faultCode(store.list(rel('')))).toBe('server');
    expect(cloud.requests()).toEqual({ 'files/list_folder': 6 });
    expect(cloud.clock.sleeps).toHaveLength(5);
    expect(cloud.clock.sleeps.toSorted((a, b) => a - b)).toEqual(cloud.clock.sleeps);
  });

  it.each(['status5xx', 'refuse', 'loseAnswer'])('recover from %s', async (fault) => {
    await cloud.other.write(at('a.txt'), 'a');
    await faults({ [fault]: { next: 2 } });
    expect((await store.list(rel(''))).map(({ name }) => name)).toEqual(['a.txt']);
  });

  it('are not waited for long where nothing can be reached at all', async () => {
    const nowhere = await openEmulated();
    await nowhere.close();
    const lonely = nowhere.open('Root');
    const error: unknown = await lonely.ensureRoot().catch((fault: unknown) => fault);
    expect(error).toMatchObject({ code: 'network', retryable: true });
    expect(String(error)).toContain('cannot be reached (ECONNREFUSED)');
    expect(nowhere.clock.sleeps).toHaveLength(2);
    expect(lonely.traffic().requests).toBe(3);
  });
});

describe('an answer that is lost after the commit', () => {
  const lose = (endpoint: string): Promise<unknown> => faults({ loseAnswer: { next: 1, endpoints: [endpoint] } });

  it('of a new root', async () => {
    const fresh = cloud.client(`${root} fresh`);
    await lose('files/create_folder_v2');
    const made = await fresh.ensureRoot();
    expect(await fresh.ensureRoot()).toEqual({ id: made.id, created: false });
  });

  it.each([
    ['a file alone', 'files/upload', 1],
    ['files of a batch', 'files/upload_session/finish_batch_v2', 5],
  ])('of %s', async (_name, endpoint, count) => {
    await lose(endpoint);
    const added = await uploadAll(
      store,
      Array.from({ length: count }, (_, n) => upload(`f${n}`, `content ${n}`)),
    );
    expect(added.map(codeOf)).toEqual(added.map(() => 'ok'));
    await lose(endpoint);
    const replaced = await uploadAll(
      store,
      added.map((outcome, n) => upload(`f${n}`, `changed ${n}`, { replaces: valueOf(outcome).rev })),
    );
    expect(replaced.map(codeOf)).toEqual(added.map(() => 'ok'));
    expect(replaced.map((outcome) => valueOf(outcome).id)).toEqual(added.map((outcome) => valueOf(outcome).id));
    expect(Object.values(await cloud.other.tree(root))).toEqual(added.map((_, n) => `changed ${n}`));
  });

  it('of a batch does not hide a conflict that was there', async () => {
    await cloud.other.write(at('f0'), 'theirs');
    await lose('files/upload_session/finish_batch_v2');
    const outcomes = await uploadAll(store, [upload('f0', 'mine'), upload('f1', 'new')]);
    expect(outcomes.map(codeOf)).toEqual(['conflict', 'ok']);
  });

  it.each(['files/upload_session/start_batch', 'files/upload_session/append_batch', 'files/upload_session/start'])(
    'of %s',
    async (endpoint) => {
      await lose(endpoint);
      const requests = [0, 1, 2, 3].map((n) => upload(`f${n}`, `content ${n}`));
      const big = upload('big', Buffer.alloc(1024 * 1024, 'x'));
      expect((await uploadAll(store, [...requests, big])).map(codeOf)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok']);
    },
  );

  it.each([
    ['a folder', 'files/create_folder_v2', ['A']],
    ['folders', 'files/create_folder_batch', ['A', 'B']],
  ])('of %s', async (_name, endpoint, names) => {
    await lose(endpoint);
    const outcomes = await store.createFolders(names.map(rel));
    expect(outcomes.map((outcome) => valueOf(outcome).name)).toEqual(names);
  });

  it('of a move', async () => {
    await cloud.other.write(at('a.txt'), 'a');
    const id = await idAt('a.txt');
    await lose('files/move_v2');
    expect(await store.move(id, rel('B/c.txt'))).toMatchObject({ id, pathLower: 'b/c.txt' });
  });

  it('of several moves', async () => {
    for (const name of ['a.txt', 'b.txt', 'c.txt']) await cloud.other.write(at(name), name);
    const ids = [await idAt('a.txt'), await idAt('b.txt'), await idAt('c.txt')];
    const moves = ids.map((id, index) => ({ id, to: rel(`To/${index}.txt`) }));
    await lose('files/move_batch_v2');
    const moved = await store.moveAll(moves);
    expect(moved.map(codeOf)).toEqual(['ok', 'ok', 'ok']);
    expect(moved.map((outcome) => valueOf(outcome).pathLower)).toEqual(['to/0.txt', 'to/1.txt', 'to/2.txt']);
  });

  it.each([
    ['is busy for some of them', { failEntries: { next: 2, endpoints: ['files/move_batch_v2'] } }, 2],
    ['refuses the call for many', { status5xx: { endpoints: ['files/move_batch_v2'] } }, 3],
    ['works on it for a while', { forceAsync: true, jobPolls: 2 }, 0],
  ])('several moves of a service that %s come to their end', async (_how, fault, alone) => {
    for (const name of ['a.txt', 'b.txt', 'c.txt']) await cloud.other.write(at(name), name);
    const ids = [await idAt('a.txt'), await idAt('b.txt'), await idAt('c.txt')];
    await faults(fault);
    cloud.forgetRequests();
    const moved = await store.moveAll(ids.map((id, index) => ({ id, to: rel(`To/${index}.txt`) })));
    expect(moved.map(codeOf)).toEqual(['ok', 'ok', 'ok']);
    expect(cloud.requests()['files/move_v2'] ?? 0).toBe(alone);
    expect(await idAt('To/2.txt')).toBe(ids[2]);
  });

  it('of a move does not hide that the place was taken', async () => {
    await cloud.other.write(at('a.txt'), 'a');
    await cloud.other.write(at('b.txt'), 'b');
    await faults({ refuse: { next: 1, endpoints: ['files/move_v2'] } });
    expect(await faultCode(store.move(await idAt('a.txt'), rel('b.txt')))).toBe('conflict');
  });

  it('of a copy', async () => {
    await cloud.other.write(at('a.txt'), 'a');
    const entry = (await store.lookup({ path: rel('a.txt') }))?.entry;
    await lose('files/copy_v2');
    const copy = await store.copy(entry?.rev ?? ('' as never), rel('b.txt'));
    expect(copy.id).not.toBe(entry?.id);
    expect(await cloud.other.tree(root)).toEqual({ 'a.txt': 'a', 'b.txt': 'a' });
  });

  it.each([
    ['a deletion', 'files/delete_v2', 1],
    ['deletions', 'files/delete_batch', 3],
  ])('of %s', async (_name, endpoint, count) => {
    const targets = [];
    for (let n = 0; n < count; n++) {
      await cloud.other.write(at(`f${n}`), 'x');
      targets.push({ id: await idAt(`f${n}`), rev: null });
    }
    await lose(endpoint);
    expect((await store.remove(targets)).map(codeOf)).toEqual(targets.map(() => 'ok'));
    expect(await cloud.other.tree(root)).toEqual({});
  });

  it('of a restore', async () => {
    await cloud.other.write(at('a.txt'), 'a');
    const rev = (await store.lookup({ path: rel('a.txt') }))?.entry.rev;
    await cloud.other.remove(at('a.txt'));
    await lose('files/restore');
    await store.restore(rel('a.txt'), rev ?? ('' as never));
    expect(await cloud.other.tree(root)).toEqual({ 'a.txt': 'a' });
  });
});

describe('batches', () => {
  it('commit again what the server was too busy for', async () => {
    await faults({ failEntries: { every: 2 } });
    const requests = Array.from({ length: 20 }, (_, n) => upload(`f${n}`, `content ${n}`));
    expect((await uploadAll(store, requests)).map(codeOf)).toEqual(requests.map(() => 'ok'));
    expect(Object.keys(await cloud.other.tree(root))).toHaveLength(20);
  });

  it('delete again, and create again, what the server was too busy for', async () => {
    await faults({ failEntries: { every: 2 } });
    const folders = await store.createFolders(['A', 'B', 'C', 'D'].map(rel));
    expect(folders.map(codeOf)).toEqual(['ok', 'ok', 'ok', 'ok']);
    const removed = await store.remove(folders.map((outcome) => ({ id: valueOf(outcome).id, rev: null })));
    expect(removed.map(codeOf)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(await cloud.other.tree(root)).toEqual({});
  });

  it('that run as jobs are asked about until they are done', async () => {
    await faults({ forceAsync: true, jobPolls: 3 });
    const folders = await store.createFolders(['A', 'B'].map(rel));
    expect(folders.map(codeOf)).toEqual(['ok', 'ok']);
    await store.remove(folders.map((outcome) => ({ id: valueOf(outcome).id, rev: null })));
    expect(cloud.requests()['files/create_folder_batch/check']).toBeGreaterThanOrEqual(3);
    expect(cloud.requests()['files/delete_batch/check']).toBeGreaterThanOrEqual(3);
    expect(await cloud.other.tree(root)).toEqual({});
  });

  it('survive a namespace that takes one write at a time', async () => {
    await faults({ writeLock: true, latencyMs: 1 });
    const [one, two] = await Promise.all([
      uploadAll(store, [upload('a', 'a'), upload('b', 'b')]),
      uploadAll(store, [upload('c', 'c'), upload('d', 'd')]),
    ]);
    expect([...one, ...two].map(codeOf)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });
});

it('counts every request that the server sees', async () => {
  await faults({ status5xx: { next: 1 } });
  const before = store.traffic().requests;
  await uploadAll(store, [upload('a', 'a'), upload('b', 'b')]);
  await store.list(rel(''));
  const seen = Object.values(cloud.requests()).reduce((sum, count) => sum + count, 0);
  expect(store.traffic().requests - before).toBe(seen);
});
