import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Dropbox, files } from 'dropbox';
import { contentHashOf } from '../../dropbox-emulator/content-hash.ts';
import { startTestEmulator, type TestEmulator } from '../../support/emulator.ts';
import { connect, patternBytes, rawCall, refusal } from './client.ts';

const BLOCK = 4 * 1024 * 1024;

let emulator: TestEmulator;
let dropbox: Dropbox;

beforeEach(async () => {
  emulator = await startTestEmulator();
  dropbox = connect(emulator);
});
afterEach(() => emulator.close());

async function put(
  path: string,
  contents: string | Buffer,
  rest: Partial<files.UploadArg> = {},
): Promise<files.FileMetadata> {
  return (await dropbox.filesUpload({ path, contents, ...rest })).result;
}

/** Dropbox's hash, made once more from its description. */
function describedHash(bytes: Buffer): string {
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK) {
    blocks.push(
      createHash('sha256')
        .update(bytes.subarray(at, at + BLOCK))
        .digest(),
    );
  }
  return createHash('sha256').update(Buffer.concat(blocks)).digest('hex');
}

describe('upload', () => {
  test('answers metadata in the form of the API', async () => {
    const file = await put('/Größe/Ä 😀.txt', 'hello', { client_modified: '2020-02-03T04:05:06Z' });
    expect(file).toMatchObject({
      name: 'Ä 😀.txt',
      path_lower: '/größe/ä 😀.txt',
      path_display: '/Größe/Ä 😀.txt',
      client_modified: '2020-02-03T04:05:06Z',
      size: 5,
      is_downloadable: true,
      content_hash: describedHash(Buffer.from('hello')),
    });
    expect(file.id).toMatch(/^id:[\w-]{22}$/);
    expect(file.rev).toMatch(/^[0-9a-f]{9,}$/);
    expect(file.server_modified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  test.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 7])('hashes %i bytes by blocks of 4 MiB', async (size) => {
    const bytes = patternBytes(size);
    expect((await put('/f', bytes)).content_hash).toBe(describedHash(bytes));
    expect((await emulator.content('/f')).equals(bytes)).toBe(true);
  });

  test('add meets an existing file, autorename steps aside', async () => {
    await put('/doc.txt', 'one');
    const refused = await refusal(put('/doc.txt', 'two'));
    expect(refused).toMatchObject({ status: 409, summary: 'path/conflict/file' });
    expect(refused.error).toMatchObject({
      '.tag': 'path',
      reason: { '.tag': 'conflict', conflict: { '.tag': 'file' } },
    });
    expect((await put('/doc.txt', 'two', { autorename: true })).path_display).toBe('/doc (1).txt');
    expect((await put('/DOC.txt', 'three', { autorename: true })).path_display).toBe('/DOC (2).txt');
  });

  test('identical content writes nothing and answers the old file', async () => {
    const before = await put('/doc.txt', 'same');
    const cursor = (await dropbox.filesListFolderGetLatestCursor({ path: '', recursive: true })).result.cursor;
    for (const mode of [
      { '.tag': 'add' },
      { '.tag': 'overwrite' },
      { '.tag': 'update', update: '123456789' },
    ] as const) {
      expect(await put('/doc.txt', 'same', { mode })).toEqual(before);
    }
    expect((await dropbox.filesListFolderContinue({ cursor })).result.entries).toEqual([]);
    const strict = await refusal(put('/doc.txt', 'same', { strict_conflict: true }));
    expect(strict.summary).toBe('path/conflict/file');
  });

  test('overwrite keeps the id and gives a later rev', async () => {
    const before = await put('/doc.txt', 'one');
    const after = await put('/doc.txt', 'two', { mode: { '.tag': 'overwrite' } });
    expect(after.id).toBe(before.id);
    expect(Number.parseInt(after.rev, 16)).toBeGreaterThan(Number.parseInt(before.rev, 16));
  });

  test('update needs the current rev', async () => {
    const first = await put('/doc.txt', 'one');
    const second = await put('/doc.txt', 'two', { mode: { '.tag': 'update', update: first.rev } });
    expect(second.id).toBe(first.id);
    const late = put('/doc.txt', 'three', { mode: { '.tag': 'update', update: first.rev } });
    expect((await refusal(late)).summary).toBe('path/conflict/file');
    const aside = await put('/doc.txt', 'three', { mode: { '.tag': 'update', update: first.rev }, autorename: true });
    expect(aside.path_display).toBe("/doc (Anna's conflicted copy).txt");
  });

  test('update of a deleted file writes it, unless it is strict', async () => {
    const first = await put('/doc.txt', 'one');
    await dropbox.filesDeleteV2({ path: '/doc.txt' });
    const mode = { '.tag': 'update', update: first.rev } as const;
    expect((await refusal(put('/doc.txt', 'two', { mode, strict_conflict: true }))).summary).toBe('path/conflict/file');
    expect((await put('/doc.txt', 'two', { mode })).id).not.toBe(first.id);
  });

  test('a folder or a file above is in the way', async () => {
    await dropbox.filesCreateFolderV2({ path: '/here' });
    await put('/file', 'x');
    expect((await refusal(put('/here', 'x'))).summary).toBe('path/conflict/folder');
    expect((await refusal(put('/here', 'x', { mode: { '.tag': 'overwrite' } }))).summary).toBe('path/conflict/folder');
    expect((await refusal(put('/file/below', 'x'))).summary).toBe('path/conflict/file_ancestor');
  });

  test.each([
    ['/a\\b', 'path/malformed_path'],
    ['/.DS_Store', 'path/disallowed_name'],
    ['/x/.dropbox', 'path/disallowed_name'],
    [`/${'x'.repeat(256)}`, 'path/malformed_path'],
  ])('refuses the name %s', async (path, summary) => {
    expect((await refusal(put(path, 'x'))).summary).toBe(summary);
    expect(await emulator.tree()).toEqual([]);
  });

  test('verifies the content hash', async () => {
    const wrong = put('/f', 'hello', { content_hash: contentHashOf(Buffer.from('other')) });
    expect((await refusal(wrong)).summary).toBe('content_hash_mismatch');
    expect(await emulator.tree()).toEqual([]);
  });

  test('a failed commit can be repeated from its session', async () => {
    await put('/f', 'old');
    const refused = await refusal(put('/f', 'brand new'));
    const { upload_session_id: session_id } = refused.error as { upload_session_id: string };
    const commit = { path: '/g', mode: { '.tag': 'add' } } as const;
    await dropbox.filesUploadSessionFinish({ cursor: { session_id, offset: 9 }, commit, contents: '' });
    expect((await emulator.content('/g')).toString()).toBe('brand new');
  });

  test('refuses more than 150 MiB in one request', async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const chunk = new Uint8Array(10 * 1024 * 1024);
        for (let count = 0; count < 15; count++) controller.enqueue(chunk);
        controller.enqueue(new Uint8Array(1));
        controller.close();
      },
    });
    const response = await fetch(`${emulator.origin}/2/files/upload`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer test-token',
        'content-type': 'application/octet-stream',
        'dropbox-api-arg': '{"path":"/big"}',
      },
      body,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(409);
    expect(((await response.json()) as { error_summary: string }).error_summary).toContain('payload_too_large');
  });

  test('what the quota cannot hold is refused', async () => {
    await emulator.control('quota', { allocated: 10 });
    await put('/small', '12345678');
    expect((await refusal(put('/large', '12345678'))).summary).toBe('path/insufficient_space');
    await put('/small', '1234567890', { mode: { '.tag': 'overwrite' } });
  });

  test('takes the argument from the address, too', async () => {
    const query = `?arg=${encodeURIComponent(JSON.stringify({ path: '/ü' }))}`;
    const { status } = await rawCall(emulator, 'files/upload', {
      body: 'x',
      query,
      headers: { 'content-type': 'application/octet-stream' },
    });
    expect(status).toBe(200);
    expect((await emulator.tree())[0]?.path).toBe('/ü');
  });
});

describe('upload sessions', () => {
  async function start(
    rest: Partial<files.UploadSessionStartArg> = {},
    contents: string | Buffer = '',
  ): Promise<string> {
    return (await dropbox.filesUploadSessionStart({ ...rest, contents })).result.session_id;
  }

  test('collect appends in order', async () => {
    const bytes = patternBytes(3 * BLOCK + 5);
    const session_id = await start({}, bytes.subarray(0, 1000));
    await dropbox.filesUploadSessionAppendV2({
      cursor: { session_id, offset: 1000 },
      contents: bytes.subarray(1000, BLOCK + 3),
    });
    const { result } = await dropbox.filesUploadSessionFinish({
      cursor: { session_id, offset: BLOCK + 3 },
      commit: { path: '/f' },
      contents: bytes.subarray(BLOCK + 3),
    });
    expect(result).toMatchObject({ size: bytes.length, content_hash: describedHash(bytes) });
    expect((await emulator.content('/f')).equals(bytes)).toBe(true);
  });

  test('say the correct offset', async () => {
    const session_id = await start({}, '12345');
    const refused = await refusal(
      dropbox.filesUploadSessionAppendV2({ cursor: { session_id, offset: 3 }, contents: 'x' }),
    );
    expect(refused.error).toEqual({ '.tag': 'incorrect_offset', correct_offset: 5 });
    const finish = await refusal(
      dropbox.filesUploadSessionFinish({ cursor: { session_id, offset: 9 }, commit: { path: '/f' }, contents: '' }),
    );
    expect(finish.error).toEqual({
      '.tag': 'lookup_failed',
      lookup_failed: { '.tag': 'incorrect_offset', correct_offset: 5 },
    });
  });

  test('can be closed, are gone when committed, and are unknown by other names', async () => {
    const session_id = await start({ close: true }, 'abc');
    const append = (): Promise<unknown> =>
      dropbox.filesUploadSessionAppendV2({ cursor: { session_id, offset: 3 }, contents: 'x' });
    expect((await refusal(append())).summary).toBe('closed');
    await dropbox.filesUploadSessionFinish({ cursor: { session_id, offset: 3 }, commit: { path: '/f' }, contents: '' });
    expect((await refusal(append())).summary).toBe('not_found');
    const unknown = dropbox.filesUploadSessionFinish({
      cursor: { session_id: 'none', offset: 0 },
      commit: { path: '/g' },
      contents: '',
    });
    expect((await refusal(unknown)).summary).toBe('lookup_failed/not_found');
  });

  test('expire after seven days', async () => {
    let now = Date.UTC(2026, 0, 1);
    const timed = await startTestEmulator({ now: () => now });
    const client = connect(timed);
    const { session_id } = (await client.filesUploadSessionStart({ contents: 'abc' })).result;
    now += 7 * 24 * 3600 * 1000 + 1;
    const append = client.filesUploadSessionAppendV2({ cursor: { session_id, offset: 3 }, contents: 'x' });
    expect((await refusal(append)).summary).toBe('not_found');
    await timed.close();
  });

  test('check the content hash of each call', async () => {
    const content_hash = contentHashOf(Buffer.from('other'));
    expect((await refusal(start({ content_hash }, 'abc'))).summary).toBe('content_hash_mismatch');
    const session_id = await start({}, 'abc');
    const cursor = { session_id, offset: 3 };
    expect((await refusal(dropbox.filesUploadSessionAppendV2({ cursor, content_hash, contents: 'x' }))).summary).toBe(
      'content_hash_mismatch',
    );
    await dropbox.filesUploadSessionAppendV2({
      cursor,
      content_hash: contentHashOf(Buffer.from('def')),
      contents: 'def',
    });
    const finish = dropbox.filesUploadSessionFinish({
      cursor: { session_id, offset: 6 },
      commit: { path: '/f' },
      content_hash,
      contents: 'x',
    });
    expect((await refusal(finish)).summary).toBe('content_hash_mismatch');
  });

  test('a cut append is not counted', async () => {
    const session_id = await start({}, 'abc');
    await emulator.control('faults', { cutBody: { next: 1, direction: 'up', afterBytes: 10 } });
    const cursor = { session_id, offset: 3 };
    await expect(dropbox.filesUploadSessionAppendV2({ cursor, contents: patternBytes(100_000) })).rejects.toThrow(
      'fetch failed',
    );
    await dropbox.filesUploadSessionAppendV2({ cursor, contents: 'def' });
    await dropbox.filesUploadSessionFinish({ cursor: { session_id, offset: 6 }, commit: { path: '/f' }, contents: '' });
    expect((await emulator.content('/f')).toString()).toBe('abcdef');
  });

  test('concurrent ones take multiples of 4 MiB in any order', async () => {
    const bytes = patternBytes(2 * BLOCK + 77);
    const session_id = await start({ session_type: { '.tag': 'concurrent' } });
    const append = (offset: number, end: number, close = false): Promise<unknown> =>
      dropbox.filesUploadSessionAppendV2({
        cursor: { session_id, offset },
        close,
        contents: bytes.subarray(offset, end),
      });
    expect((await refusal(append(5, BLOCK))).summary).toBe('concurrent_session_invalid_offset');
    expect((await refusal(append(0, 10))).summary).toBe('concurrent_session_invalid_data_size');
    await append(BLOCK, 2 * BLOCK);
    const finish = (): Promise<{ result: files.FileMetadata }> =>
      dropbox.filesUploadSessionFinish({
        cursor: { session_id, offset: bytes.length },
        commit: { path: '/f' },
        contents: '',
      });
    expect((await refusal(finish())).summary).toBe('lookup_failed/incorrect_offset');
    await append(2 * BLOCK, bytes.length, true);
    expect((await refusal(finish())).summary).toBe('concurrent_session_missing_data');
  });

  test('concurrent ones commit all their parts', async () => {
    const bytes = patternBytes(2 * BLOCK + 77);
    const session_id = await start({ session_type: { '.tag': 'concurrent' } });
    const finish = (): Promise<{ result: files.FileMetadata }> =>
      dropbox.filesUploadSessionFinish({
        cursor: { session_id, offset: bytes.length },
        commit: { path: '/f' },
        contents: '',
      });
    const append = (block: number): Promise<unknown> => {
      const offset = block * BLOCK;
      const contents = bytes.subarray(offset, Math.min(offset + BLOCK, bytes.length));
      return dropbox.filesUploadSessionAppendV2({ cursor: { session_id, offset }, close: block === 2, contents });
    };
    await append(1);
    await append(0);
    const early = { cursor: { session_id, offset: 2 * BLOCK }, commit: { path: '/f' }, contents: '' };
    expect((await refusal(dropbox.filesUploadSessionFinish(early))).summary).toBe('concurrent_session_not_closed');
    await append(2);
    expect((await finish()).result.content_hash).toBe(describedHash(bytes));
    expect((await emulator.content('/f')).equals(bytes)).toBe(true);
  });

  test('concurrent ones take no bytes at start or finish and cannot start closed', async () => {
    const session_type = { '.tag': 'concurrent' } as const;
    expect((await refusal(start({ session_type }, 'x'))).summary).toBe('concurrent_session_data_not_allowed');
    expect((await refusal(start({ session_type, close: true }))).summary).toBe('concurrent_session_close_not_allowed');
    const session_id = await start({ session_type });
    const finish = dropbox.filesUploadSessionFinish({
      cursor: { session_id, offset: 0 },
      commit: { path: '/f' },
      contents: 'x',
    });
    expect((await refusal(finish)).summary).toBe('concurrent_session_data_not_allowed');
  });

  test('a batch starts many and commits them in one call', async () => {
    const { session_ids } = (await dropbox.filesUploadSessionStartBatch({ num_sessions: 3 })).result;
    for (const [index, session_id] of session_ids.entries()) {
      const contents = `content ${index}`;
      await dropbox.filesUploadSessionAppendV2({ cursor: { session_id, offset: 0 }, close: index !== 1, contents });
    }
    const entries = session_ids.map((session_id, index) => ({
      cursor: { session_id, offset: 9 },
      commit: { path: `/f${index}`, client_modified: '2021-01-01T00:00:00Z' },
    }));
    const { result } = await dropbox.filesUploadSessionFinishBatchV2({ entries });
    expect(result.entries.map((entry) => entry['.tag'])).toEqual(['success', 'failure', 'success']);
    expect(result.entries[0]).toMatchObject({ name: 'f0', size: 9, client_modified: '2021-01-01T00:00:00Z' });
    expect(result.entries[1]).toMatchObject({
      failure: { '.tag': 'lookup_failed', lookup_failed: { '.tag': 'not_closed' } },
    });
    expect((await emulator.tree()).map((row) => row.path)).toEqual(['/f0', '/f2']);
  });

  test('a batch reports conflicts entry by entry, and a retry of the commit needs no bytes', async () => {
    await put('/taken', 'old');
    const session_id = await start({ close: true }, 'new');
    const finish = async (path: string): Promise<files.UploadSessionFinishBatchResultEntry | undefined> =>
      (
        await dropbox.filesUploadSessionFinishBatchV2({
          entries: [{ cursor: { session_id, offset: 3 }, commit: { path } }],
        })
      ).result.entries[0];
    expect(await finish('/taken')).toEqual({
      '.tag': 'failure',
      failure: { '.tag': 'path', path: { '.tag': 'conflict', conflict: { '.tag': 'file' } } },
    });
    expect(await finish('/free')).toMatchObject({ '.tag': 'success', path_lower: '/free' });
    expect((await emulator.content('/free')).toString()).toBe('new');
  });

  test('the older batch answers with a job', async () => {
    await emulator.control('faults', { forceAsync: true });
    const session_id = await start({ close: true }, 'abc');
    const entries = [{ cursor: { session_id, offset: 3 }, commit: { path: '/f' } }];
    const launched = (await dropbox.filesUploadSessionFinishBatch({ entries })).result as { async_job_id: string };
    const status = (await dropbox.filesUploadSessionFinishBatchCheck({ async_job_id: launched.async_job_id })).result;
    expect(status).toMatchObject({ '.tag': 'complete', entries: [{ '.tag': 'success', name: 'f' }] });
  });

  test('append_batch splits one body over many sessions', async () => {
    const { session_ids } = (await dropbox.filesUploadSessionStartBatch({ num_sessions: 2 })).result;
    const [first = '', second = ''] = session_ids;
    const entries = [
      { cursor: { session_id: first, offset: 0 }, length: 3, close: true },
      { cursor: { session_id: 'none', offset: 0 }, length: 1 },
      { cursor: { session_id: second, offset: 0 }, length: 5, close: true },
    ];
    const { result } = await dropbox.filesUploadSessionAppendBatch({ entries, contents: 'abcXdefgh' });
    expect(result.entries).toEqual([
      { '.tag': 'success' },
      { '.tag': 'failure', failure: { '.tag': 'not_found' } },
      { '.tag': 'success' },
    ]);
    await dropbox.filesUploadSessionFinish({
      cursor: { session_id: second, offset: 5 },
      commit: { path: '/s' },
      contents: '',
    });
    expect((await emulator.content('/s')).toString()).toBe('defgh');
    const mismatch = dropbox.filesUploadSessionAppendBatch({ entries, contents: 'short' });
    expect((await refusal(mismatch)).summary).toBe('length_mismatch');
  });
});

describe('large files kept in a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-emulator-'));
  let kept: TestEmulator;
  beforeAll(async () => {
    kept = await startTestEmulator({ dataFolder: folder });
  });
  afterAll(async () => {
    await kept.close();
    rmSync(folder, { recursive: true });
  });

  test('stream through a session and back', async () => {
    const client = connect(kept);
    const bytes = patternBytes(10 * BLOCK + 1);
    const { session_id } = (await client.filesUploadSessionStart({ contents: bytes.subarray(0, 6 * BLOCK) })).result;
    const cursor = { session_id, offset: 6 * BLOCK };
    await client.filesUploadSessionAppendV2({ cursor, contents: bytes.subarray(6 * BLOCK), close: true });
    const { result } = await client.filesUploadSessionFinish({
      cursor: { session_id, offset: bytes.length },
      commit: { path: '/big' },
      contents: '',
    });
    expect(result.content_hash).toBe(describedHash(bytes));
    expect((await kept.content('/big')).equals(bytes)).toBe(true);
  });
});
