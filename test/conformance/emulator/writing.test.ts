import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Dropbox, files } from 'dropbox';
import { startTestEmulator, type TestEmulator } from '../../support/emulator.ts';
import { connect, refusal } from './client.ts';

let emulator: TestEmulator;
let dropbox: Dropbox;

beforeAll(async () => {
  emulator = await startTestEmulator();
  dropbox = connect(emulator);
});
afterAll(() => emulator.close());
beforeEach(async () => {
  emulator.state.faults.clear();
  for (const row of await emulator.tree()) {
    if (!row.path.includes('/', 1)) await emulator.control('delete', { path: row.path });
  }
});

async function put(path: string, text = path): Promise<files.FileMetadata> {
  return (await dropbox.filesUpload({ path, contents: Buffer.from(text) })).result;
}

async function paths(): Promise<string[]> {
  return (await emulator.tree()).map((row) => row.path);
}

describe('create_folder', () => {
  test('makes a folder and the folders above it', async () => {
    const { metadata } = (await dropbox.filesCreateFolderV2({ path: '/One/Two/Three' })).result;
    expect(metadata).toMatchObject({ name: 'Three', path_lower: '/one/two/three', path_display: '/One/Two/Three' });
    expect(metadata.id).toMatch(/^id:[\w-]{22}$/);
    expect(await paths()).toEqual(['/One', '/One/Two', '/One/Two/Three']);
  });

  test('meets what is there already, whatever its case', async () => {
    await dropbox.filesCreateFolderV2({ path: '/Here' });
    await put('/file');
    expect((await refusal(dropbox.filesCreateFolderV2({ path: '/HERE' }))).summary).toBe('path/conflict/folder');
    expect((await refusal(dropbox.filesCreateFolderV2({ path: '/file' }))).summary).toBe('path/conflict/file');
    expect((await refusal(dropbox.filesCreateFolderV2({ path: '/file/sub' }))).summary).toBe(
      'path/conflict/file_ancestor',
    );
    const renamed = (await dropbox.filesCreateFolderV2({ path: '/Here', autorename: true })).result;
    expect(renamed.metadata.path_display).toBe('/Here (1)');
  });

  test.each([
    ['a backslash', '/a\\b', 'path/malformed_path'],
    ['more than 255 characters', `/${'x'.repeat(256)}`, 'path/malformed_path'],
    ['a trailing space', '/name ', 'path/malformed_path'],
    ['a trailing dot', '/name.', 'path/malformed_path'],
    ['a dot name', '/a/../b', 'path/malformed_path'],
    ['an empty name', '/a//b', 'path/malformed_path'],
    ['a lone surrogate', '/\ud83d', 'path/malformed_path'],
    ['an ignored name', '/desktop.ini', 'path/disallowed_name'],
    ['an ignored temporary name', '/~$offer.docx', 'path/disallowed_name'],
  ])('refuses %s', async (_what, path, summary) => {
    expect(await refusal(dropbox.filesCreateFolderV2({ path }))).toMatchObject({ status: 409, summary });
    expect(await paths()).toEqual([]);
  });

  test('takes 255 characters and emoji', async () => {
    const name = `${'x'.repeat(253)}😀`;
    await dropbox.filesCreateFolderV2({ path: `/${name}` });
    expect(await paths()).toEqual([`/${name}`]);
  });

  test('NFC and NFD are one name', async () => {
    await dropbox.filesCreateFolderV2({ path: '/fo\u0301lder' });
    expect((await refusal(dropbox.filesCreateFolderV2({ path: '/f\u00f3lder' }))).summary).toBe('path/conflict/folder');
  });

  test('a batch has a result for each path', async () => {
    await put('/file');
    const { result } = await dropbox.filesCreateFolderBatch({ paths: ['/a', '/file', '/b/c'] });
    expect(result['.tag']).toBe('complete');
    const { entries } = result as files.CreateFolderBatchLaunchComplete;
    expect(entries.map((entry) => entry['.tag'])).toEqual(['success', 'failure', 'success']);
    expect(entries[1]).toMatchObject({ failure: { '.tag': 'path', path: { '.tag': 'conflict' } } });
  });

  test('a batch may be answered with a job', async () => {
    await emulator.control('faults', { jobPolls: 2 });
    const { result } = await dropbox.filesCreateFolderBatch({ paths: ['/a'], force_async: true });
    const { async_job_id } = result as { async_job_id: string };
    const tags: string[] = [];
    for (let poll = 0; poll < 3; poll++) {
      tags.push((await dropbox.filesCreateFolderBatchCheck({ async_job_id })).result['.tag']);
    }
    expect(tags).toEqual(['in_progress', 'in_progress', 'complete']);
    expect((await refusal(dropbox.filesCreateFolderBatchCheck({ async_job_id: 'no-job' }))).summary).toBe(
      'invalid_async_job_id',
    );
  });
});

describe('delete', () => {
  test('answers what was there and keeps its revisions', async () => {
    const file = await put('/d/x.txt');
    const { metadata } = (await dropbox.filesDeleteV2({ path: '/d' })).result;
    expect(metadata).toMatchObject({ '.tag': 'folder', path_display: '/d' });
    expect(await paths()).toEqual([]);
    const gone = (await dropbox.filesGetMetadata({ path: '/d/x.txt', include_deleted: true })).result;
    expect(gone['.tag']).toBe('deleted');
    expect((await dropbox.filesDownload({ path: `rev:${file.rev}` })).result.id).toBe(file.id);
  });

  test('takes an id, and a rev that must be current', async () => {
    const file = await put('/x');
    const newer = (await dropbox.filesUpload({ path: '/x', mode: { '.tag': 'overwrite' }, contents: 'new' })).result;
    expect((await refusal(dropbox.filesDeleteV2({ path: '/x', parent_rev: file.rev }))).summary).toBe(
      'path_write/conflict/file',
    );
    await dropbox.filesDeleteV2({ path: newer.id, parent_rev: newer.rev });
    expect(await paths()).toEqual([]);
  });

  test('refuses what is not there', async () => {
    expect((await refusal(dropbox.filesDeleteV2({ path: '/none' }))).summary).toBe('path_lookup/not_found');
  });

  test('a batch is a job with a result for each entry', async () => {
    await put('/a');
    const { result } = await dropbox.filesDeleteBatch({ entries: [{ path: '/a' }, { path: '/none' }] });
    const { async_job_id } = result as { async_job_id: string };
    const status = (await dropbox.filesDeleteBatchCheck({ async_job_id })).result;
    expect(status).toMatchObject({
      '.tag': 'complete',
      entries: [
        { '.tag': 'success', metadata: { '.tag': 'file', path_lower: '/a' } },
        { '.tag': 'failure', failure: { '.tag': 'path_lookup', path_lookup: { '.tag': 'not_found' } } },
      ],
    });
  });

  test('permanently_delete forgets the revisions', async () => {
    const file = await put('/secret');
    await dropbox.filesPermanentlyDelete({ path: '/secret' });
    expect((await refusal(dropbox.filesDownload({ path: `rev:${file.rev}` }))).summary).toBe('path/not_found');
    expect((await refusal(dropbox.filesGetMetadata({ path: '/secret', include_deleted: true }))).summary).toBe(
      'path/not_found',
    );
  });
});

describe('move and copy', () => {
  test('a move keeps ids and makes the parents of its target', async () => {
    const file = await put('/a/x.txt');
    const { metadata } = (await dropbox.filesMoveV2({ from_path: file.id, to_path: '/New/y.txt' })).result;
    expect(metadata).toMatchObject({
      '.tag': 'file',
      id: file.id,
      path_display: '/New/y.txt',
      content_hash: file.content_hash,
    });
    expect(await paths()).toEqual(['/New', '/New/y.txt', '/a']);
  });

  test('a copy has its own ids', async () => {
    await put('/a/x.txt');
    const { metadata } = (await dropbox.filesCopyV2({ from_path: '/a', to_path: '/b' })).result;
    const rows = await emulator.tree();
    expect(rows.map((row) => row.path)).toEqual(['/a', '/a/x.txt', '/b', '/b/x.txt']);
    expect(new Set(rows.map((row) => row.id)).size).toBe(4);
    expect(metadata['.tag'] === 'folder' && metadata.id).toBe(rows[2]?.id);
    expect(rows[1]?.contentHash).toBe(rows[3]?.contentHash);
  });

  test.each(['filesMoveV2', 'filesCopyV2'] as const)('%s refuses what cannot be', async (call) => {
    await put('/a/x');
    await put('/b/x');
    const refused = (from_path: string, to_path: string): Promise<string> =>
      refusal(dropbox[call]({ from_path, to_path })).then(({ summary }) => summary);
    expect(await refused('/none', '/c')).toBe('from_lookup/not_found');
    expect(await refused('/a', '/b')).toBe('to/conflict/folder');
    expect(await refused('/a/x', '/b/x')).toBe('to/conflict/file');
    expect(await refused('/a', '/a/inner')).toBe(
      call === 'filesMoveV2' ? 'cant_move_folder_into_itself' : 'duplicated_or_nested_paths',
    );
    expect(await refused('/a/x', '/a/b\\c')).toBe('to/malformed_path');
    expect(await refused('/a/x', '/.DS_Store')).toBe('to/disallowed_name');
    expect(await refused('/a/x', '/b/x/y')).toBe('to/conflict/file_ancestor');
    expect(await paths()).toEqual(['/a', '/a/x', '/b', '/b/x']);
  });

  test('a move that changes case alone is refused', async () => {
    await put('/name.txt');
    expect((await refusal(dropbox.filesMoveV2({ from_path: '/name.txt', to_path: '/Name.txt' }))).summary).toBe(
      'to/conflict/file',
    );
    await dropbox.filesMoveV2({ from_path: '/name.txt', to_path: '/between' });
    await dropbox.filesMoveV2({ from_path: '/between', to_path: '/Name.txt' });
    expect(await paths()).toEqual(['/Name.txt']);
  });

  test('autorename finds a free name', async () => {
    await put('/a/x.txt');
    await put('/x.txt');
    await put('/x (1).txt');
    const { metadata } = (await dropbox.filesMoveV2({ from_path: '/a/x.txt', to_path: '/x.txt', autorename: true }))
      .result;
    expect(metadata.path_display).toBe('/x (2).txt');
  });

  test('more than 10,000 entries are refused', async () => {
    const { tree } = emulator.state;
    const top = tree.newId();
    tree.apply({ op: 'folder', parent: tree.root.id, name: 'big', id: top });
    for (let number = 0; number < 10_000; number++) {
      tree.apply({ op: 'folder', parent: top, name: String(number), id: tree.newId() });
    }
    expect((await refusal(dropbox.filesMoveV2({ from_path: '/big', to_path: '/bigger' }))).summary).toBe(
      'too_many_files',
    );
  });

  test.each([
    ['filesMoveBatchV2', 'filesMoveBatchCheckV2'],
    ['filesCopyBatchV2', 'filesCopyBatchCheckV2'],
  ] as const)('%s has a result for each entry', async (call, check) => {
    await put('/a');
    await put('/b');
    const entries = [
      { from_path: '/a', to_path: '/c' },
      { from_path: '/none', to_path: '/d' },
      { from_path: '/b', to_path: '/e/f' },
    ];
    const { result } = await dropbox[call]({ entries });
    expect(result).toMatchObject({
      '.tag': 'complete',
      entries: [
        { '.tag': 'success', success: { '.tag': 'file', path_lower: '/c' } },
        {
          '.tag': 'failure',
          failure: { '.tag': 'relocation_error', relocation_error: { '.tag': 'from_lookup' } },
        },
        { '.tag': 'success', success: { path_lower: '/e/f' } },
      ],
    });
    await emulator.control('faults', { forceAsync: true });
    const launched = (await dropbox[call]({ entries: [{ from_path: '/c', to_path: '/g' }] })).result;
    const { async_job_id } = launched as { async_job_id: string };
    expect((await dropbox[check]({ async_job_id })).result['.tag']).toBe('complete');
  });

  test('a copy that the quota cannot hold is refused', async () => {
    await put('/a', 'x'.repeat(1000));
    const before = emulator.state.accounts.settings.allocated;
    await emulator.control('quota', { allocated: 1500 });
    expect((await refusal(dropbox.filesCopyV2({ from_path: '/a', to_path: '/b' }))).summary).toBe('insufficient_quota');
    await emulator.control('quota', { allocated: before });
  });
});

describe('revisions', () => {
  test('are listed newest first and can be restored', async () => {
    const first = await put('/r.txt', 'one');
    const second = (await dropbox.filesUpload({ path: '/r.txt', mode: { '.tag': 'overwrite' }, contents: 'two' }))
      .result;
    const listed = (await dropbox.filesListRevisions({ path: '/r.txt' })).result;
    expect(listed.is_deleted).toBe(false);
    expect(listed.entries.map((entry) => entry.rev)).toEqual([second.rev, first.rev]);
    expect(Number.parseInt(second.rev, 16)).toBeGreaterThan(Number.parseInt(first.rev, 16));
    const restored = (await dropbox.filesRestore({ path: '/r.txt', rev: first.rev })).result;
    expect(restored).toMatchObject({ id: first.id, content_hash: first.content_hash });
    expect(restored.rev).not.toBe(first.rev);
    expect((await emulator.content('/r.txt')).toString()).toBe('one');
  });

  test('of a deleted file are listed and bring it back', async () => {
    const file = await put('/r.txt');
    await dropbox.filesDeleteV2({ path: '/r.txt' });
    const listed = (await dropbox.filesListRevisions({ path: '/r.txt' })).result;
    expect(listed.is_deleted).toBe(true);
    expect(listed.server_deleted).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const restored = (await dropbox.filesRestore({ path: '/r.txt', rev: file.rev })).result;
    expect(restored.id).toBe(file.id);
  });

  test('can be restored at their own path alone', async () => {
    const file = await put('/own.txt', 'one');
    expect((await refusal(dropbox.filesRestore({ path: '/strange.txt', rev: file.rev }))).summary).toBe(
      'invalid_revision',
    );
    await dropbox.filesMoveV2({ from_path: '/own.txt', to_path: '/strange.txt' });
    const restored = (await dropbox.filesRestore({ path: '/own.txt', rev: file.rev })).result;
    expect(restored.id).not.toBe(file.id);
    expect((await emulator.tree()).map((row) => row.path)).toEqual(['/own.txt', '/strange.txt']);
  });

  test('by id follow a moved file', async () => {
    const file = await put('/r.txt', 'one');
    await dropbox.filesMoveV2({ from_path: '/r.txt', to_path: '/s.txt' });
    await dropbox.filesUpload({ path: '/s.txt', mode: { '.tag': 'overwrite' }, contents: 'two' });
    const byPath = (await dropbox.filesListRevisions({ path: '/s.txt' })).result.entries;
    const byId = (await dropbox.filesListRevisions({ path: file.id, mode: { '.tag': 'id' } })).result.entries;
    expect(byPath.map((entry) => entry.path_lower)).toEqual(['/s.txt', '/s.txt']);
    expect(byId.map((entry) => entry.path_lower)).toEqual(['/s.txt', '/s.txt', '/r.txt']);
  });

  test('refuse folders, unknown files and unknown revs', async () => {
    await put('/d/x');
    expect((await refusal(dropbox.filesListRevisions({ path: '/d' }))).summary).toBe('path/not_file');
    expect((await refusal(dropbox.filesListRevisions({ path: '/none' }))).summary).toBe('path/not_found');
    expect((await refusal(dropbox.filesRestore({ path: '/d/x', rev: '123456789' }))).summary).toBe('invalid_revision');
  });
});
