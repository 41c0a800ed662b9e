import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Dropbox } from 'dropbox';
import { contentHashOf } from '../../dropbox-emulator/content-hash.ts';
import { startTestEmulator, type TestEmulator } from '../../support/emulator.ts';
import { bytesOf, connect, patternBytes, rawCall, refusal } from './client.ts';

let emulator: TestEmulator;
let dropbox: Dropbox;

beforeEach(async () => {
  emulator = await startTestEmulator();
  dropbox = connect(emulator);
});
afterEach(() => emulator.close());

const list = (): Promise<unknown> => dropbox.filesListFolder({ path: '' });

describe('faults', () => {
  test('429 for the next requests, with the time to wait', async () => {
    await emulator.control('faults', { rate429: { next: 2, retryAfter: 7 } });
    const expected = {
      status: 429,
      retryAfter: '7',
      summary: 'too_many_requests',
      error: { reason: { '.tag': 'too_many_requests' }, retry_after: 7 },
    };
    expect(await refusal(list())).toEqual(expected);
    expect(await refusal(list())).toEqual(expected);
    await list();
  });

  test('429 in plain text, every third time, for some endpoints only', async () => {
    await emulator.control('faults', { rate429: { every: 3, plainText: true, endpoints: ['files/list_folder'] } });
    await list();
    await dropbox.usersGetCurrentAccount();
    await list();
    const { status, headers, text } = await rawCall(emulator, 'files/list_folder', { body: '{"path":""}' });
    expect([status, headers.get('content-type'), text]).toEqual([
      429,
      'text/plain; charset=utf-8',
      'too_many_requests',
    ]);
  });

  test('5xx', async () => {
    await emulator.control('faults', { status5xx: { next: 1, status: 502 } });
    expect((await refusal(list())).status).toBe(502);
    await list();
  });

  test('a refused request changes nothing', async () => {
    await emulator.control('faults', { status5xx: { next: 1 } });
    await refusal(dropbox.filesUpload({ path: '/f', contents: patternBytes(500_000) }));
    expect(await emulator.tree()).toEqual([]);
  });

  test('an answer is lost after the commit', async () => {
    await emulator.control('faults', { loseAnswer: { next: 1, endpoints: ['files/upload'] } });
    await expect(dropbox.filesUpload({ path: '/f', contents: 'x' })).rejects.toThrow('fetch failed');
    expect((await emulator.tree()).map((row) => row.path)).toEqual(['/f']);
  });

  test('a connection is refused before anything happens', async () => {
    await emulator.control('faults', { refuse: { next: 1 } });
    await expect(dropbox.filesCreateFolderV2({ path: '/d' })).rejects.toThrow('fetch failed');
    expect(await emulator.tree()).toEqual([]);
  });

  test('a download is cut after so many bytes', async () => {
    const bytes = patternBytes(1_000_000);
    await dropbox.filesUpload({ path: '/f', contents: bytes });
    await emulator.control('faults', { cutBody: { next: 1, afterBytes: 1234 } });
    const response = await fetch(`${emulator.origin}/2/files/download`, {
      method: 'POST',
      headers: { authorization: 'Bearer t', 'dropbox-api-arg': '{"path":"/f"}' },
    });
    const received: Uint8Array[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of response.body ?? []) received.push(chunk);
    };
    await expect(read()).rejects.toThrow('terminated');
    const part = Buffer.concat(received);
    expect(part.length).toBeLessThanOrEqual(1234);
    expect(part.equals(bytes.subarray(0, part.length))).toBe(true);
    expect((await bytesOf((await dropbox.filesDownload({ path: '/f' })).result)).equals(bytes)).toBe(true);
  });

  test('a download is damaged', async () => {
    const { content_hash } = (await dropbox.filesUpload({ path: '/f', contents: patternBytes(1000) })).result;
    await emulator.control('faults', { corruptBody: { next: 1 } });
    const damaged = await bytesOf((await dropbox.filesDownload({ path: '/f' })).result);
    expect(damaged).toHaveLength(1000);
    expect(contentHashOf(damaged)).not.toBe(content_hash);
  });

  test('a good upload is told that its hash does not fit', async () => {
    await emulator.control('faults', { hashMismatch: { next: 1 } });
    const upload = (): Promise<unknown> =>
      dropbox.filesUpload({ path: '/f', contents: 'x', content_hash: contentHashOf(Buffer.from('x')) });
    expect((await refusal(upload())).summary).toBe('content_hash_mismatch');
    await upload();
  });

  test('entries of a batch meet a busy namespace', async () => {
    await emulator.control('faults', { failEntries: { every: 2 } });
    const { result } = await dropbox.filesCreateFolderBatch({ paths: ['/a', '/b', '/c'] });
    const { entries } = result as { entries: { '.tag': string; failure?: unknown }[] };
    expect(entries.map((entry) => entry['.tag'])).toEqual(['success', 'failure', 'success']);
    expect(entries[1]?.failure).toEqual({ '.tag': 'path', path: { '.tag': 'too_many_write_operations' } });
    expect((await emulator.tree()).map((row) => row.path)).toEqual(['/a', '/c']);
  });

  test('one write at a time, where that is asked for', async () => {
    await emulator.control('faults', { writeLock: true, bandwidthBytesPerSecond: 1_000_000 });
    const slow = dropbox.filesUpload({ path: '/slow', contents: patternBytes(300_000) });
    const meet = async (): Promise<string> => {
      for (;;) {
        try {
          await dropbox.filesCreateFolderV2({ path: '/d', autorename: true });
        } catch (error) {
          return (error as { error: { error_summary: string } }).error.error_summary;
        }
      }
    };
    expect(await meet()).toContain('too_many_write_operations');
    await slow;
  });

  test('latency and bandwidth slow requests down and change nothing', async () => {
    await emulator.control('faults', { latencyMs: 5, bandwidthBytesPerSecond: 10_000_000 });
    const bytes = patternBytes(200_000);
    await dropbox.filesUpload({ path: '/f', contents: bytes });
    expect((await bytesOf((await dropbox.filesDownload({ path: '/f' })).result)).equals(bytes)).toBe(true);
  });

  test('a moved file has a new rev, unless revs are to stay', async () => {
    const { rev } = (await dropbox.filesUpload({ path: '/a', contents: 'x' })).result;
    const move = async (from_path: string, to_path: string): Promise<unknown> => {
      const { metadata } = (await dropbox.filesMoveV2({ from_path, to_path })).result;
      return metadata['.tag'] === 'file' ? metadata.rev : null;
    };
    const second = await move('/a', '/b');
    expect(second).not.toBe(rev);
    await emulator.control('faults', { keepRevOnMove: true });
    expect(await move('/b', '/c')).toBe(second);
  });

  test('are told, cleared, and refused where they are not understood', async () => {
    await emulator.control('faults', { latencyMs: 1, rate429: { every: 1 } });
    const told = (await (await fetch(`${emulator.origin}/_control/faults`)).json()) as { latencyMs: number };
    expect(told.latencyMs).toBe(1);
    await emulator.control('faults', { clear: true });
    await list();
    await emulator.control('faults', { rate429: { every: 1 } });
    await fetch(`${emulator.origin}/_control/faults`, { method: 'DELETE' });
    await list();
    await expect(emulator.control('faults', { latency: 1 })).rejects.toThrow("unknown field 'latency'");
  });
});
