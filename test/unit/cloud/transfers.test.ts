// Large files, interrupted transfers and bounded memory, against the emulator.

import { createHash, randomBytes } from 'node:crypto';
import { connect, createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { hashOfBytes } from '../../../src-main/infra/content-hash.ts';
import { sessionMemory } from '../../../src-main/cloud/dropbox/upload-context.ts';
import { Fault, type CloudStore, type UploadRequest } from '../../../src-main/engine/ports.ts';
import type { RelPath, Rev } from '../../../src-shared/domain.ts';
import { addressOf, openEmulated, type EmulatedDropbox } from '../../conformance/cloud-emulator.ts';
import { codeOf, faultCode, upload, uploadAll, valueOf } from '../../conformance/cloud-store.ts';

const MIB = 1024 * 1024;
const LARGE = randomBytes(20 * MIB + 123);

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
  cloud.forgetRequests();
});

const faults = (settings: Readonly<Record<string, unknown>>): Promise<unknown> => cloud.control('faults', settings);

/** The file in pieces of an odd size, as a disk gives them; `before` runs before each. */
function inPieces(bytes: Uint8Array, before: (position: number) => void = () => undefined): UploadRequest['read'] {
  return async function* (start) {
    for (let at = start; at < bytes.length; at += 1_000_003) {
      before(at);
      yield bytes.subarray(at, at + 1_000_003);
    }
  };
}

const large = (options: Partial<UploadRequest> = {}): UploadRequest =>
  upload('large.bin', LARGE, { read: inPieces(LARGE), ...options });

/** A line to the emulator that breaks, for the first `times` connections that send so much, after `bytes`. */
async function breakingLine(
  origin: string,
  times: number,
  bytes: number,
): Promise<{ readonly origin: string; broken(): number; close(): void }> {
  let broken = 0;
  const server = createServer((near) => {
    const far = connect(Number(new URL(origin).port), '127.0.0.1');
    let passed = 0;
    near.on('data', (chunk: Buffer) => {
      passed += chunk.length;
      if (passed > bytes && broken < times) {
        broken++;
        near.destroy();
        far.destroy();
      } else far.write(chunk);
    });
    far.pipe(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    broken: () => broken,
    close: () => server.close(),
  };
}

async function hashThere(path: string): Promise<string | null> {
  return (await store.lookup({ path: path as RelPath }))?.entry.hash ?? null;
}

describe('a large file', () => {
  it('goes up in chunks and is committed with the others', async () => {
    const small = [0, 1, 2, 3, 4].map((n) => upload(`small ${n}`, `small ${n}`));
    const outcomes = await uploadAll(store, [large(), ...small]);
    expect(outcomes.map(codeOf)).toEqual(outcomes.map(() => 'ok'));
    expect(valueOf(outcomes[0])).toMatchObject({ size: LARGE.length, hash: hashOfBytes(LARGE) });
    // More of them where the line is slow.
    expect(cloud.requests()['files/upload_session/append_v2']).toBeGreaterThanOrEqual(2);
  });

  it('alone is streamed as well, its size a multiple of the chunk or not', async () => {
    const even = LARGE.subarray(0, 16 * MIB);
    const [outcome] = await uploadAll(store, [upload('even.bin', even, { read: inPieces(even) })]);
    expect(valueOf(outcome).hash).toBe(hashOfBytes(even));
    expect(cloud.requests()).toMatchObject({
      'files/upload_session/start': 1,
      'files/upload_session/finish_batch_v2': 1,
    });
  });

  it.each([
    ['the start is', { endpoints: ['files/upload_session/start'], next: 1 }],
    ['every other append is', { endpoints: ['files/upload_session/append_v2'], every: 2 }],
    ['the last append is', { endpoints: ['files/upload_session/append_v2'], next: 2 }],
  ])('goes on where the server is when the answer of %s lost', async (_name, loseAnswer) => {
    await faults({ loseAnswer });
    const [outcome] = await uploadAll(store, [large()]);
    expect(valueOf(outcome).hash).toBe(hashOfBytes(LARGE));
  });

  it('goes on after connections that break in mid-body', async () => {
    const line = await breakingLine(cloud.origin, 3, 3 * MIB);
    try {
      const [outcome] = await uploadAll(cloud.open(root, { origin: line.origin }), [large()]);
      expect(valueOf(outcome).hash).toBe(hashOfBytes(LARGE));
      expect(line.broken()).toBe(3);
    } finally {
      line.close();
    }
  });

  it('is resumed by the next process from what the server has', async () => {
    const sessions = sessionMemory();
    const first = cloud.open(root, { sessions });
    const killed = large({
      read: inPieces(LARGE, (position) => {
        if (position > 17 * MIB) throw new Error('killed');
      }),
    });
    expect((await uploadAll(first, [killed])).map(codeOf)).toEqual(['internal']);
    const second = cloud.open(root, { sessions });
    const [outcome] = await uploadAll(second, [large()]);
    expect(valueOf(outcome).hash).toBe(hashOfBytes(LARGE));
    expect(second.traffic().bytesUp).toBeLessThan(5 * MIB);
  });

  it('is resumed when the process died between the last byte and the commit', async () => {
    const sessions = sessionMemory();
    await faults({ status5xx: { endpoints: ['files/upload_session/finish_batch_v2'] } });
    expect((await uploadAll(cloud.open(root, { sessions }), [large()])).map(codeOf)).toEqual(['server']);
    await faults({ clear: true });
    const second = cloud.open(root, { sessions });
    expect(valueOf((await uploadAll(second, [large()]))[0]).hash).toBe(hashOfBytes(LARGE));
    expect(second.traffic().bytesUp).toBeLessThan(10_000);
  });

  it.each([
    ['a session that has expired', { sessionId: 'pid_upload_session:gone', offset: 8 * MIB }],
    ['a concurrent session that has expired', { sessionId: 'concurrent pid_upload_session:gone', offset: 8 * MIB }],
    ['an offset within a block', { sessionId: 'concurrent pid_upload_session:gone', offset: 7 }],
    ['an offset beyond the file', { sessionId: 'pid_upload_session:gone', offset: 999 * MIB }],
  ])('starts anew where the memory names %s', async (_name, known) => {
    const sessions = sessionMemory();
    sessions.put(`${hashOfBytes(LARGE)}:large.bin`, known);
    const [outcome] = await uploadAll(cloud.open(root, { sessions }), [large()]);
    expect(valueOf(outcome).hash).toBe(hashOfBytes(LARGE));
  });

  it('goes on where the memory is behind the server, and begins anew where it is ahead of it', async () => {
    for (const offset of [0, 3 * MIB, 8 * MIB, 16 * MIB]) {
      const sessions = sessionMemory();
      const path = `from ${offset}.bin`;
      const key = `${hashOfBytes(LARGE)}:${path}`;
      const dying = large({
        path: path as RelPath,
        read: inPieces(LARGE, (position) => {
          if (position > 14 * MIB) throw new Error('killed');
        }),
      });
      await uploadAll(cloud.open(root, { sessions }), [dying]);
      const known = sessions.get(key);
      expect(known?.offset).toBe(12 * MIB);
      expect(known?.sessionId).toMatch(/^concurrent /);
      sessions.put(key, { sessionId: known?.sessionId ?? '', offset });
      const again = cloud.open(root, { sessions });
      const codes: string[] = [];
      for (let tries = 0; tries < 2 && codes.at(-1) !== 'ok'; tries++) {
        codes.push(...(await uploadAll(again, [large({ path: path as RelPath })])).map(codeOf));
        expect(sessions.get(key)).toBeNull();
      }
      // That something is missing, a concurrent session tells at its end; what is tried again is sent as a whole.
      expect(codes).toEqual(offset > 12 * MIB ? ['server', 'ok'] : ['ok']);
      expect(await hashThere(path)).toBe(hashOfBytes(LARGE));
      expect(sessions.get(key)).toBeNull();
    }
  });

  it.each([
    ['changed', Buffer.concat([LARGE.subarray(0, 12 * MIB), randomBytes(LARGE.length - 12 * MIB)])],
    ['shortened', LARGE.subarray(0, 12 * MIB)],
    ['lengthened', Buffer.concat([LARGE, Buffer.from('more')])],
  ])('that is %s meanwhile is not committed', async (_how, other) => {
    const [outcome] = await uploadAll(store, [large({ read: inPieces(other) })]);
    expect(codeOf(outcome)).toBe('changed');
    expect(await hashThere('large.bin')).toBeNull();
  });

  it('fails alone when its reader does', async () => {
    const read = inPieces(LARGE, (position) => {
      if (position > 10 * MIB) throw new Fault('gone', 'The file is gone.');
    });
    const outcomes = await uploadAll(store, [large({ read }), upload('small', 'x')]);
    expect(outcomes.map(codeOf)).toEqual(['gone', 'ok']);
  });

  it('can be ended in the middle', async () => {
    const ending = new AbortController();
    const read = inPieces(LARGE, (position) => {
      if (position > 10 * MIB) ending.abort();
    });
    const outcomes = await uploadAll(store, [large({ read })], ending.signal);
    expect(outcomes.map(codeOf)).toEqual(['aborted']);
    expect(await hashThere('large.bin')).toBeNull();
  });

  it('stops for others between two pieces and goes on from there, reading and sending no byte twice', async () => {
    const others = new AbortController();
    const reads: number[] = [];
    const read: UploadRequest['read'] = async function* (start) {
      reads.push(start);
      yield* inPieces(LARGE)(start);
    };
    const first: string[] = [];
    await store.upload([large({ read }), upload('small', 'x')], {
      others: others.signal,
      sent: (index) => {
        if (index === 0) others.abort();
      },
      settled: (index, outcome) => void (first[index] = codeOf(outcome)),
    });
    expect(first).toEqual(['aborted', 'ok']);
    const [outcome] = await uploadAll(store, [large({ read })]);
    expect(valueOf(outcome).hash).toBe(hashOfBytes(LARGE));
    expect(reads).toHaveLength(2);
    expect(reads[1]).toBeGreaterThanOrEqual(4 * MIB);
    expect(store.traffic().bytesUp).toBeLessThan(LARGE.length + 10_000);
  });

  const bodySize = (init: RequestInit | undefined): number =>
    init?.body instanceof Uint8Array ? init.body.length : Number(new Headers(init?.headers).get('content-length'));

  it('goes up in small pieces, one after the other, once the line is known to be slow', async () => {
    const bodies: number[] = [];
    let open = 0;
    const slow = cloud.open(root, {
      fetch: async (address, init) => {
        const size = bodySize(init);
        if (size < MIB / 4) return fetch(address, init);
        bodies.push(size);
        expect(++open).toBe(1);
        // A megabyte a second.
        await cloud.clock.sleep(size / 1_000);
        return fetch(address, init).finally(() => open--);
      },
    });
    expect((await uploadAll(slow, [large()])).map(codeOf)).toEqual(['ok']);
    for (const size of bodies) expect(size).toBeLessThanOrEqual(4 * MIB);
    bodies.length = 0;
    const other = large({ path: 'other.bin' as RelPath });
    expect((await uploadAll(slow, [other])).map(codeOf)).toEqual(['ok']);
    for (const size of bodies) expect(size).toBeLessThan(2_000_000);
    expect(cloud.requests()['files/upload_session/start']).toBe(2);
  });

  it('leaves the first piece where the line is too slow for it, and goes on in small ones', async () => {
    const bodies: number[] = [];
    let left = 0;
    const slow = cloud.open(root, {
      fetch: async (address, init) => {
        const size = bodySize(init);
        if (size < MIB / 4) return fetch(address, init);
        bodies.push(size);
        await cloud.clock.sleep(size / 500);
        if (size < 4 * MIB) return fetch(address, init);
        const { signal } = init ?? {};
        await new Promise((resolve) => signal?.addEventListener('abort', resolve));
        left++;
        throw signal?.reason;
      },
    });
    expect((await uploadAll(slow, [large()])).map(codeOf)).toEqual(['ok']);
    expect(await hashThere('large.bin')).toBe(hashOfBytes(LARGE));
    expect(left).toBe(1);
    expect(bodies[0]).toBe(4 * MIB);
    for (const size of bodies.slice(1)) expect(size).toBeLessThan(2_000_000);
  });

  it('is not committed where its reader finds at the very end that it has changed', async () => {
    const even = LARGE.subarray(0, 16 * MIB);
    const read: UploadRequest['read'] = async function* (start) {
      yield* inPieces(even)(start);
      throw new Fault('changed', 'The file has changed while it was read.');
    };
    expect((await uploadAll(store, [upload('even.bin', even, { read })])).map(codeOf)).toEqual(['changed']);
    expect(cloud.requests()['files/upload_session/finish_batch_v2'] ?? 0).toBe(0);
    expect(await hashThere('even.bin')).toBeNull();
  });

  it('is resumed from where everything has arrived, whatever came after that', async () => {
    const sessions = sessionMemory();
    const later = Promise.withResolvers<void>();
    const broken = cloud.open(root, {
      sessions,
      fetch: async (address, init) => {
        const argument = new Headers(init?.headers).get('dropbox-api-arg') ?? '{}';
        const { cursor } = JSON.parse(argument) as { cursor?: { offset: number } };
        if (cursor?.offset === 8 * MIB) {
          await later.promise;
          throw new TypeError('fetch failed');
        }
        const response = await fetch(address, init);
        if (cursor?.offset === 12 * MIB) setTimeout(later.resolve, 50);
        return response;
      },
    });
    expect((await uploadAll(broken, [large()])).map(codeOf)).toEqual(['network']);
    expect(sessions.get(`${hashOfBytes(LARGE)}:large.bin`)?.offset).toBe(8 * MIB);
    const again = cloud.open(root, { sessions });
    expect(valueOf((await uploadAll(again, [large()]))[0]).hash).toBe(hashOfBytes(LARGE));
    expect(again.traffic().bytesUp).toBeLessThan(13 * MIB);
  });

  it('is sent in pieces side by side, of which few are held at once', async () => {
    const bytes = Buffer.alloc(100 * MIB + 5);
    for (let at = 0; at < bytes.length; at += 1024)
      bytes.writeUInt32LE(at % bytes.length, Math.min(at, bytes.length - 4));
    let sent = 0;
    let ahead = 0;
    let open = 0;
    let most = 0;
    const watched = cloud.open(root, {
      fetch: async (address, init) => {
        if (!addressOf(address).endsWith('/append_v2')) return fetch(address, init);
        most = Math.max(most, ++open);
        return fetch(address, init).finally(() => open--);
      },
    });
    const read = inPieces(bytes, (position) => void (ahead = Math.max(ahead, position - sent)));
    const request = upload('huge.bin', bytes, { read });
    await faults({ latencyMs: 20 });
    const settled: string[] = [];
    await watched.upload([request], {
      settled: (_index, outcome) => void settled.push(codeOf(outcome)),
      sent: (_index, size) => void (sent += size),
    });
    expect(settled).toEqual(['ok']);
    expect(await hashThere('huge.bin')).toBe(hashOfBytes(bytes));
    expect(sent).toBe(bytes.length);
    expect(ahead).toBeLessThanOrEqual(5 * 4 * MIB);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    expect(cloud.requests()['files/upload_session/append_v2']).toBe(26);
  });
});

describe('many files', () => {
  it('take few requests, and are told of as they go', async () => {
    const started: number[] = [];
    const sent: number[] = [];
    const requests = Array.from({ length: 300 }, (_, n) => upload(`d${n % 7}/f${n}`, `content ${n}`));
    let settled = 0;
    await store.upload(requests, {
      started: (index) => void started.push(index),
      sent: (index, bytes) => void (sent[index] = (sent[index] ?? 0) + bytes),
      settled: (_index, outcome) => void (settled += outcome.ok ? 1 : 0),
    });
    expect(settled).toBe(300);
    expect(started.toSorted((a, b) => a - b)).toEqual(requests.map((_, n) => n));
    expect(sent).toEqual(requests.map(({ size }) => size));
    const count = Object.values(cloud.requests()).reduce((sum, each) => sum + each, 0);
    expect(count).toBeLessThanOrEqual(12);
  });

  it('go up one by one to a server that does not know shared appends', async () => {
    const asked: string[] = [];
    const plain = cloud.open(root, {
      fetch: async (address, init) => {
        const path = new URL(addressOf(address)).pathname;
        asked.push(path);
        if (!path.endsWith('/append_batch')) return fetch(address, init);
        return new Response('Unknown API function', { status: 400 });
      },
    });
    const requests = Array.from({ length: 50 }, (_, n) => upload(`f${n}`, `content ${n}`));
    expect((await uploadAll(plain, requests)).map(codeOf)).toEqual(requests.map(() => 'ok'));
    const more = Array.from({ length: 5 }, (_, n) => upload(`g${n}`, `content ${n}`));
    asked.length = 0;
    expect((await uploadAll(plain, more)).map(codeOf)).toEqual(more.map(() => 'ok'));
    expect(asked.filter((path) => path.endsWith('_batch'))).toEqual([]);
  });

  it('never hold more than a few MiB, nor open more than fourteen requests', async () => {
    let open = 0;
    let most = 0;
    let held = 0;
    let mostHeld = 0;
    const watched = cloud.open(root, {
      fetch: async (address, init) => {
        most = Math.max(most, ++open);
        return fetch(address, init).finally(() => open--);
      },
    });
    const bytes = randomBytes(3 * MIB);
    const requests = Array.from({ length: 24 }, (_, n) =>
      upload(`f${n}`, bytes, {
        read: async function* () {
          held += bytes.length;
          mostHeld = Math.max(mostHeld, held);
          yield bytes;
        },
      }),
    );
    await watched.upload(requests, {
      settled: () => undefined,
      sent: (_index, size) => void (held -= size),
    });
    expect(held).toBe(0);
    expect(mostHeld).toBeLessThanOrEqual(12 * MIB);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(14);
  });

  it('are committed in batches that one call takes, however many share a request', async () => {
    const bytes = randomBytes(60_000);
    const requests = Array.from({ length: 1_030 }, (_, n) => upload(`d/f${n}`, bytes));
    const outcomes = await uploadAll(store, requests);
    expect(outcomes.filter((outcome) => codeOf(outcome) !== 'ok')).toEqual([]);
    expect(cloud.requests()['files/upload_session/finish_batch_v2']).toBe(2);
  });

  it('one of which is damaged on its way is sent again', async () => {
    await faults({ hashMismatch: { next: 1 } });
    const requests = Array.from({ length: 5 }, (_, n) => upload(`f${n}`, `content ${n}`));
    expect((await uploadAll(store, requests)).map(codeOf)).toEqual(requests.map(() => 'ok'));
  });
});

describe('a download', () => {
  const bytes = LARGE.subarray(0, 6 * MIB);
  const uploaded = async (): Promise<{ rev: Rev; hash: ReturnType<typeof hashOfBytes>; size: number }> => {
    const entry = valueOf((await uploadAll(store, [upload('down.bin', bytes)]))[0]);
    return { rev: entry.rev ?? ('' as Rev), hash: hashOfBytes(bytes), size: bytes.length };
  };
  const digestOf = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
    const hash = createHash('sha256');
    for await (const chunk of chunks) hash.update(chunk);
    return hash.digest('hex');
  };
  const digest = (part: Uint8Array): string => createHash('sha256').update(part).digest('hex');

  it('goes on where the connection broke', async () => {
    const request = await uploaded();
    await faults({ cutBody: { next: 3, afterBytes: MIB, endpoints: ['files/download'] } });
    expect(await digestOf(store.download(request, 0))).toBe(digest(bytes));
    expect(cloud.requests()['files/download']).toBe(4);
    expect(store.traffic().bytesDown).toBeLessThan(bytes.length + MIB);
  });

  it('gives up where nothing comes any more', async () => {
    const request = await uploaded();
    await faults({ cutBody: { afterBytes: 0, endpoints: ['files/download'] } });
    expect(await faultCode(digestOf(store.download(request, 0)))).toBe('network');
  });

  it('takes the right bytes from a server that ignores ranges', async () => {
    const request = await uploaded();
    const simple = cloud.open(root, {
      fetch: (address, init) => {
        const headers = new Headers(init?.headers);
        headers.delete('range');
        return fetch(address, { ...init, headers });
      },
    });
    expect(await digestOf(simple.download(request, 2 * MIB + 1))).toBe(digest(bytes.subarray(2 * MIB + 1)));
  });

  describe('of a large file that is done with as it comes', () => {
    const huge = async () => {
      const entry = valueOf((await uploadAll(store, [large()]))[0]);
      cloud.forgetRequests();
      return { rev: entry.rev ?? ('' as Rev), hash: hashOfBytes(LARGE), size: LARGE.length, inPassing: true };
    };

    it.each([0, 1, 3 * MIB + 17])('comes in parts, in order, from byte %i on', async (start) => {
      const request = await huge();
      const ranges: string[] = [];
      const watched = cloud.open(root, {
        fetch: (address, init) => {
          const range = new Headers(init?.headers).get('range');
          if (range !== null) ranges.push(range);
          return fetch(address, init);
        },
      });
      expect(await digestOf(watched.download(request, start))).toBe(digest(LARGE.subarray(start)));
      expect(ranges.length).toBeGreaterThanOrEqual(3);
      expect(ranges[0]).toBe(`bytes=${start}-${4 * MIB - 1}`);
      // Nothing is fetched twice.
      expect(watched.traffic().bytesDown).toBeLessThan(LARGE.length - start + 10_000);
    });

    it('goes on where connections broke', async () => {
      const request = await huge();
      await faults({ cutBody: { next: 4, afterBytes: MIB, endpoints: ['files/download'] } });
      expect(await digestOf(store.download(request, 0))).toBe(digest(LARGE));
    });

    it('takes the whole from a server that ignores ranges', async () => {
      const request = await huge();
      const simple = cloud.open(root, {
        fetch: (address, init) => {
          const headers = new Headers(init?.headers);
          headers.delete('range');
          return fetch(address, { ...init, headers });
        },
      });
      expect(await digestOf(simple.download(request, 0))).toBe(digest(LARGE));
    });

    it('is the revision that was asked for, whatever becomes of the file meanwhile', async () => {
      const request = await huge();
      const chunks = store.download(request, 0)[Symbol.asyncIterator]();
      const hash = createHash('sha256');
      for (let next = await chunks.next(), at = 0; next.done !== true; next = await chunks.next(), at++) {
        hash.update(next.value);
        if (at === 0) await cloud.control('write', { path: `/${root}/large.bin`, text: 'another' });
      }
      expect(hash.digest('hex')).toBe(digest(LARGE));
    });

    it('is refused where the server has another size than was told', async () => {
      const request = await huge();
      expect(await faultCode(digestOf(store.download({ ...request, size: LARGE.length - 1 }, 0)))).toBe(
        'hash-mismatch',
      );
    });

    it('gives what has come before it ends, and ends at once', async () => {
      const request = await huge();
      const ending = new AbortController();
      let seen = 0;
      const taken = (async () => {
        for await (const chunk of store.download(request, 0, ending.signal)) {
          seen += chunk.length;
          if (seen > 2 * MIB) ending.abort();
        }
      })();
      expect(await faultCode(taken)).toBe('aborted');
      expect(seen).toBeLessThan(LARGE.length);
      expect(seen).toBeGreaterThan(2 * MIB);
    });
  });

  it('can be left in the middle', async () => {
    const request = await uploaded();
    let seen = 0;
    for await (const chunk of store.download(request, 0)) {
      seen += chunk.length;
      break;
    }
    expect(seen).toBeGreaterThan(0);
    expect(seen).toBeLessThan(bytes.length);
  });

  it('of a document that exists only in Dropbox is refused', async () => {
    await cloud.control('paper', { path: `/${root}/Notes.paper`, text: '# Notes' });
    const entry = (await store.lookup({ path: 'Notes.paper' as RelPath }))?.entry;
    expect(entry).toMatchObject({ downloadable: false, hash: null, kind: 'file' });
    const request = { rev: entry?.rev ?? ('' as Rev), hash: hashOfBytes(bytes), size: 7 };
    expect(await faultCode(digestOf(store.download(request, 0)))).toBe('not-downloadable');
  });
});
