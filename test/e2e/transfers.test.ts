// Documents that come down together come down whole, whatever happens to what they came in; and a Dropbox that wants to be
// asked slowly is asked slowly. Counted by the emulator, on real folders.

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../support/cli.ts';
import { ROOT, serviceWorld, type ServiceWorld } from '../support/service-world.ts';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld({ company: false });
  await world.sync();
});
afterEach(() => world.close());

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, one) => all + one, 0);
const counted = async (): Promise<Readonly<Record<string, number>>> => {
  return (await world.counted(() => world.sync())).byEndpoint;
};

function write(path: string, content = `content of ${path}`): void {
  world.write(path, content);
}

async function put(path: string, text = `content of ${path}`): Promise<void> {
  await world.emulator.control('write', { path: `/${ROOT}/${path}`, text });
}

const path = (index: number): string => `P/Year ${index % 3}/Folder ${index % 11}/document ${index}.txt`;

describe('documents that come down together', () => {
  test('take one request', async () => {
    for (let index = 0; index < 300; index++) await put(path(index));
    const requests = await counted();
    expect(requests['files/download'] ?? 0).toBe(0);
    expect(requests['files/download_zip']).toBe(1);
    expect(sum(requests)).toBeLessThanOrEqual(6);
    expect(await world.local()).toEqual(await world.remote());
  });
});

describe('while a large document is on its way', () => {
  const SIZE = 40 * 1024 * 1024;
  const large = (): Buffer => randomBytes(SIZE);
  const isThere = async (name: string): Promise<boolean> => `P/${name}` in (await world.remote());
  const has = async (endpoint: string, count = 1): Promise<boolean> =>
    ((await world.emulator.requests()).byEndpoint[endpoint] ?? 0) >= count;

  test('small ones overtake it in both directions, and none of what went up goes twice', async () => {
    await world.emulator.control('faults', { bandwidthBytesPerSecond: 6 * 1024 * 1024 });
    const stop = new AbortController();
    const watching = world.service.watch(stop.signal);
    try {
      await until('watching', () => has('files/list_folder/longpoll'));
      await world.emulator.control('requests/reset');
      world.write('P/large.bin', large());
      await until('the large one to begin', () => has('files/upload_session/append_v2'));
      world.write('P/small.txt', 'small');
      await until('the small one there', () => isThere('small.txt'));
      expect(await isThere('large.bin')).toBe(false);
      await until('the large one there', () => isThere('large.bin'));
      expect((await world.emulator.requests()).bytesUp).toBeLessThan(SIZE + 4 * 1024 * 1024);

      const before = (await world.emulator.requests()).byEndpoint['files/download'] ?? 0;
      await world.emulator.control('write', { path: `/${ROOT}/P/back.bin`, base64: large().toString('base64') });
      await until('the large one to begin', () => has('files/download', before + 1));
      await put('P/back.txt', 'small');
      await until('the small one here', () => world.exists('P/back.txt'));
      expect(world.exists('P/back.bin')).toBe(false);
      await until('the large one here', () => world.exists('P/back.bin'));
    } finally {
      stop.abort();
      await watching;
    }
    expect(await world.local()).toEqual(await world.remote());
  });
});

describe('a Dropbox that takes one write at a time and answers 429 above a rate', () => {
  /** Every document by itself. */
  const oneByOne = { status5xx: { endpoints: ['files/download_zip'] } };

  test('refuses hardly any request of a download', async () => {
    for (let index = 0; index < 400; index++) await put(path(index));
    await world.emulator.control('faults', { ...oneByOne, writeLock: true, rateLimit: { perSecond: 30 } });
    const { byEndpoint, refused } = await world.counted(() => world.sync());
    expect(byEndpoint['files/download']).toBeGreaterThanOrEqual(400);
    expect(refused / sum(byEndpoint)).toBeLessThanOrEqual(1 / 20);
    expect(await world.local()).toEqual(await world.remote());
  });

  test('refuses no write of an upload', async () => {
    await world.emulator.control('faults', { writeLock: true });
    for (let index = 0; index < 1_200; index++) write(path(index));
    world.write('P/large.bin', new Uint8Array(9 * 1024 * 1024));
    expect((await world.counted(() => world.sync())).refused).toBe(0);
    for (let index = 0; index < 30; index++) {
      rmSync(world.at(path(index)));
      renameSync(world.at(path(100 + index)), world.at(`P/renamed ${index}.txt`));
      write(path(200 + index), 'edited');
    }
    expect((await world.counted(() => world.sync())).refused).toBe(0);
    expect(await world.local()).toEqual(await world.remote());
  });
});

describe('documents that come down together', () => {
  const fill = async (count = 40): Promise<void> => {
    for (let index = 0; index < count; index++) await put(path(index));
  };

  test.each([
    ['are cut off', { cutBody: { next: 1, endpoints: ['files/download_zip'], afterBytes: 900 } }],
    ['get no answer', { refuse: { next: 1, endpoints: ['files/download_zip'] } }],
    ['are refused', { status5xx: { next: 1, endpoints: ['files/download_zip'] } }],
    ['are refused for now', { rate429: { next: 1, endpoints: ['files/download_zip'], retryAfter: 0 } }],
  ])('come one by one where they %s', async (_name, fault) => {
    await fill();
    await world.emulator.control('faults', fault);
    const requests = await counted();
    expect(requests['files/download_zip']).toBe(1);
    expect(requests['files/download']).toBeGreaterThan(0);
    expect(await world.local()).toEqual(await world.remote());
  });

  test('have each the content of their own, also where several have the same', async () => {
    for (let index = 0; index < 20; index++) await put(`P/same ${index}.txt`, `content ${index % 3}`);
    await put('P/empty.txt', '');
    await put('P/Übermaß ✓.txt');
    await counted();
    expect(await world.local()).toEqual(await world.remote());
    expect(world.read('P/same 7.txt')).toBe('content 1');
  });

  test('are not asked for where most of the folder is here already', async () => {
    await fill(200);
    await world.sync();
    for (let index = 0; index < 15; index++) await put(path(index * 7), `edited ${index}`);
    const requests = await counted();
    expect(requests['files/download_zip']).toBeUndefined();
    expect(requests['files/download']).toBe(15);
  });

  test('leave alone what a person has put at their place meanwhile', async () => {
    await fill();
    mkdirSync(world.at('P/Year 0/Folder 0'), { recursive: true });
    writeFileSync(world.at(path(0)), 'written here');
    await world.sync();
    expect(world.read(path(0))).toBe('written here');
    expect(await world.local()).toEqual(await world.remote());
  });
});
