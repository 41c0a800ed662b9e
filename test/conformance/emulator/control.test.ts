import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contentHashOf } from '../../dropbox-emulator/content-hash.ts';
import { startTestEmulator, type TestEmulator } from '../../support/emulator.ts';
import { connect, patternBytes, refusal } from './client.ts';

let emulator: TestEmulator;

beforeEach(async () => {
  emulator = await startTestEmulator();
});
afterEach(() => emulator.close());

/** The status of a request that calls the emulator by another host name. */
function statusWithHost(path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: emulator.port, path, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('control', () => {
  test('writes, lists, reads, moves and deletes', async () => {
    const bytes = Buffer.from([0, 1, 2, 255]);
    await emulator.control('write', {
      path: '/A/b.bin',
      base64: bytes.toString('base64'),
      clientModified: '2020-01-01T00:00:00Z',
    });
    await emulator.control('mkdir', { path: '/Empty' });
    const rows = await emulator.tree();
    expect(rows.map((row) => [row.path, row.kind])).toEqual([
      ['/A', 'folder'],
      ['/A/b.bin', 'file'],
      ['/Empty', 'folder'],
    ]);
    expect(rows[1]).toMatchObject({
      pathLower: '/a/b.bin',
      size: 4,
      contentHash: contentHashOf(bytes),
      clientModified: '2020-01-01T00:00:00Z',
    });
    expect((await emulator.content('/a/B.bin')).equals(bytes)).toBe(true);
    await emulator.control('move', { from: '/A', to: '/C/D' });
    await emulator.control('delete', { path: '/Empty' });
    expect((await emulator.tree()).map((row) => row.path)).toEqual(['/C', '/C/D', '/C/D/b.bin']);
    expect((await emulator.tree('/c/d')).map((row) => row.path)).toEqual(['/C/D/b.bin']);
  });

  test('sorts the tree by path', async () => {
    for (const path of ['/b', '/a/x', '/a.txt', '/B2']) await emulator.control('write', { path, text: '' });
    const paths = (await emulator.tree()).map((row) => row.path);
    expect(paths).toEqual(paths.toSorted());
  });

  test('an overwritten file keeps its id, a replaced folder does not', async () => {
    const first = (await emulator.control('write', { path: '/f', text: 'one' })) as { id: string; rev: string };
    const second = (await emulator.control('write', { path: '/f', text: 'two' })) as { id: string; rev: string };
    expect(second.id).toBe(first.id);
    expect(second.rev).not.toBe(first.rev);
  });

  test('makes names that the API would refuse, as other programs can', async () => {
    await emulator.control('write', { path: '/con. ', text: 'x' });
    expect((await emulator.tree())[0]?.path).toBe('/con. ');
  });

  test.each([
    ['write', { path: 'relative/../x', text: '' }, 'is not a path'],
    ['write', { text: '' }, "missing required field 'path'"],
    ['write', { path: '/none/x', text: '', autoParents: false }, 'does not exist'],
    ['delete', { path: '/none' }, 'not found'],
    ['move', { from: '/none', to: '/x' }, 'not found'],
    ['revoke', {}, 'Say which token'],
    ['account', { kind: 'gold' }, "unknown tag 'gold'"],
    ['nonsense', {}, 'There is no POST'],
  ])('%s %j is refused with a sentence', async (name, body, sentence) => {
    await expect(emulator.control(name, body)).rejects.toThrow(sentence);
  });

  test('counts requests by endpoint, and bytes', async () => {
    const dropbox = connect(emulator);
    await dropbox.filesUpload({ path: '/f', contents: patternBytes(5000) });
    await dropbox.filesDownload({ path: '/f' });
    await dropbox.filesListFolder({ path: '' });
    await dropbox.filesListFolder({ path: '' });
    const counts = await emulator.requests();
    expect(counts).toMatchObject({
      total: 4,
      byEndpoint: { 'files/upload': 1, 'files/download': 1, 'files/list_folder': 2 },
    });
    expect(counts.bytesUp).toBeGreaterThanOrEqual(5000);
    expect(counts.bytesDown).toBeGreaterThanOrEqual(5000);
    await emulator.control('requests/reset');
    expect(await emulator.requests()).toEqual({ total: 0, byEndpoint: {}, bytesUp: 0, bytesDown: 0, refused: 0 });
  });

  test('answers this computer only', async () => {
    expect(await statusWithHost('/_control/tree', 'evil.example')).toBe(403);
    expect(await statusWithHost('/2/files/list_folder', 'evil.example')).toBe(403);
    const fromPage = (origin: string): Promise<Response> =>
      fetch(`${emulator.origin}/_control/tree`, { headers: { origin } });
    expect((await fromPage('https://evil.example')).status).toBe(403);
    expect((await fromPage('null')).status).toBe(403);
    expect((await fromPage('http://localhost:5173')).status).toBe(200);
    expect(await statusWithHost('/_control/tree', `localhost:${emulator.port}`)).toBe(200);
  });
});

describe('persistence', () => {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-emulator-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('everything survives a restart, also one without a proper end', async () => {
    const first = await startTestEmulator({ dataFolder: folder });
    const client = connect(first);
    const file = (await client.filesUpload({ path: '/d/a.txt', contents: 'one' })).result;
    await client.filesUpload({ path: '/d/a.txt', contents: 'two', mode: { '.tag': 'overwrite' } });
    await client.filesUpload({ path: '/big', contents: patternBytes(2_000_000) });
    await client.filesMoveV2({ from_path: '/d', to_path: '/e' });
    await client.filesUpload({ path: '/gone', contents: 'x' });
    await client.filesDeleteV2({ path: '/gone' });
    const link = (await client.sharingCreateSharedLinkWithSettings({ path: '/big' })).result;
    await first.control('account', { kind: 'business' });
    await first.control('revoke', { token: 'bad-token' });
    const { cursor } = (await client.filesListFolder({ path: '', recursive: true })).result;
    await client.filesCreateFolderV2({ path: '/late' });
    const before = await first.tree();
    await first.close();
    await appendFile(join(folder, 'journal.jsonl'), '{"k":"tree","v":{"op":"fol');

    const second = await startTestEmulator({ dataFolder: folder });
    const again = connect(second);
    expect(await second.tree()).toEqual(before);
    expect((await second.content('/big')).equals(patternBytes(2_000_000))).toBe(true);
    const { entries } = (await again.filesListFolderContinue({ cursor })).result;
    expect(entries.map((entry) => entry.path_lower)).toEqual(['/late']);
    expect((await again.filesListRevisions({ path: file.id, mode: { '.tag': 'id' } })).result.entries).toHaveLength(3);
    expect((await again.filesGetMetadata({ path: '/gone', include_deleted: true })).result['.tag']).toBe('deleted');
    expect((await again.sharingListSharedLinks({})).result.links.map((one) => one.url)).toEqual([link.url]);
    expect((await again.usersGetCurrentAccount()).result.account_type).toEqual({ '.tag': 'business' });
    expect((await refusal(connect(second, { accessToken: 'bad-token' }).usersGetCurrentAccount())).status).toBe(401);
    const fresh = (await again.filesUpload({ path: '/fresh', contents: 'y' })).result;
    expect(before.every((row) => row.rev === null || row.rev < fresh.rev)).toBe(true);
    await second.close();
  });
});

describe('size', () => {
  test('100,000 files: every page of 2,000 tells 2,000 entries, all of them once', async () => {
    const { tree } = emulator.state;
    for (let folder = 0; folder < 100; folder++) {
      const id = tree.newId();
      tree.apply({ op: 'folder', parent: tree.root.id, name: `Folder ${folder}`, id });
      for (let file = 0; file < 1000; file++) {
        const version = {
          rev: tree.newRev(),
          hash: 'a'.repeat(64),
          size: 1,
          clientModified: 0,
          serverModified: 0,
          paper: null,
        };
        tree.apply({ op: 'file', parent: id, name: `File ${file}`, id: tree.newId(), version });
      }
    }
    const dropbox = connect(emulator);
    const seen = new Set<string>();
    let { result } = await dropbox.filesListFolder({ path: '', recursive: true, limit: 2000 });
    for (;;) {
      for (const entry of result.entries) seen.add(entry.path_lower ?? '');
      if (!result.has_more) break;
      expect(result.entries).toHaveLength(2000);
      ({ result } = await dropbox.filesListFolderContinue({ cursor: result.cursor }));
    }
    expect(seen.size).toBe(100_100);
  });
});
