// The transfer tools of the npm client: sessions in parallel, resumed downloads, retries.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bytesUpload, downloadFile, readerUpload, uploadFile, type Dropbox } from 'dropbox';
import { contentHashOf } from '../../dropbox-emulator/content-hash.ts';
import { startTestEmulator, type TestEmulator } from '../../support/emulator.ts';
import { connect, patternBytes } from './client.ts';

const BLOCK = 4 * 1024 * 1024;
const BYTES = patternBytes(3 * BLOCK + 12_345);

let emulator: TestEmulator;
let dropbox: Dropbox;
let folder: string;

beforeEach(async () => {
  emulator = await startTestEmulator();
  dropbox = connect(emulator);
  folder = mkdtempSync(join(tmpdir(), 'docktide-transfers-'));
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < BYTES.length; at += 1_000_003) yield BYTES.subarray(at, at + 1_000_003);
}

describe('transfers of the npm client', () => {
  test.each([1, 3])('upload in sessions, %i at a time', async (parallelUploads) => {
    const options = { chunkSize: BLOCK, parallelUploads };
    const { metadata } = await uploadFile(dropbox, bytesUpload(BYTES), { path: '/f' }, options);
    expect(metadata.content_hash).toBe(contentHashOf(BYTES));
  });

  test('upload from a stream of unknown length', async () => {
    const { metadata } = await uploadFile(dropbox, readerUpload(pieces()), { path: '/f' }, { chunkSize: BLOCK });
    expect(metadata.content_hash).toBe(contentHashOf(BYTES));
  });

  test('upload through 429, 5xx and lost answers', async () => {
    await emulator.control('faults', {
      rate429: { next: 1, retryAfter: 0, endpoints: ['files/upload_session/append_v2'] },
      status5xx: { next: 1, endpoints: ['files/upload_session/start'] },
      loseAnswer: { next: 1, endpoints: ['files/upload_session/append_v2'] },
    });
    const options = { chunkSize: BLOCK, retryDelay: 1, maxAttempts: 5 };
    const { metadata } = await uploadFile(dropbox, bytesUpload(BYTES), { path: '/f' }, options);
    expect(metadata.content_hash).toBe(contentHashOf(BYTES));
    expect((await emulator.tree()).map((row) => row.path)).toEqual(['/f']);
  });

  test('download in parallel ranges', async () => {
    await dropbox.filesUpload({ path: '/f', contents: BYTES });
    await downloadFile(dropbox, '/f', join(folder, 'f'), { parallelDownloads: 3 });
    expect(readFileSync(join(folder, 'f')).equals(BYTES)).toBe(true);
  });

  test('download through a cut, resumed where it broke', async () => {
    await dropbox.filesUpload({ path: '/f', contents: BYTES });
    await emulator.control('faults', { cutBody: { next: 1, afterBytes: BLOCK } });
    const { resumedFrom } = await downloadFile(dropbox, '/f', join(folder, 'f'), { retryDelay: 1 });
    // What had arrived when the line broke may be less than was sent.
    expect(resumedFrom).toBeLessThanOrEqual(BLOCK);
    expect((await emulator.requests()).byEndpoint['files/download']).toBe(2);
    expect(readFileSync(join(folder, 'f')).equals(BYTES)).toBe(true);
  });

  test('download the rest of a part by its rev', async () => {
    const { rev } = (await dropbox.filesUpload({ path: '/f', contents: BYTES })).result;
    await dropbox.filesUpload({ path: '/f', contents: 'newer', mode: { '.tag': 'overwrite' } });
    writeFileSync(join(folder, 'f.part'), BYTES.subarray(0, 1000));
    const { resumedFrom } = await downloadFile(dropbox, `rev:${rev}`, join(folder, 'f'));
    expect(resumedFrom).toBe(1000);
    expect(readFileSync(join(folder, 'f')).equals(BYTES)).toBe(true);
  });
});
