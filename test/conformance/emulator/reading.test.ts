import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dropbox, files } from 'dropbox';
import { plainPng } from '../../dropbox-emulator/images.ts';
import { startTestEmulator, type TestEmulator } from '../../support/emulator.ts';
import { bytesOf, connect, patternBytes, rawCall, refusal } from './client.ts';

let emulator: TestEmulator;
let dropbox: Dropbox;

beforeAll(async () => {
  emulator = await startTestEmulator();
  dropbox = connect(emulator);
});
afterAll(() => emulator.close());

async function put(path: string, contents: string | Buffer): Promise<files.FileMetadata> {
  return (await dropbox.filesUpload({ path, contents, mode: { '.tag': 'overwrite' } })).result;
}

describe('get_metadata', () => {
  test('by path, id and rev', async () => {
    const file = await put('/Meta/One.txt', 'one');
    const tagged = { '.tag': 'file', ...file };
    for (const path of ['/meta/ONE.TXT', file.id, `rev:${file.rev}`, '//Meta/One.txt']) {
      expect((await dropbox.filesGetMetadata({ path })).result).toEqual(tagged);
    }
    expect((await dropbox.filesGetMetadata({ path: '/meta' })).result).toMatchObject({
      '.tag': 'folder',
      path_display: '/Meta',
    });
  });

  test('an old rev tells the old file, a deleted one only on demand', async () => {
    const first = await put('/Meta/Two.txt', 'one');
    await put('/Meta/Two.txt', 'two');
    expect((await dropbox.filesGetMetadata({ path: `rev:${first.rev}` })).result).toMatchObject({ rev: first.rev });
    await dropbox.filesDeleteV2({ path: '/Meta/Two.txt' });
    expect((await refusal(dropbox.filesGetMetadata({ path: first.id }))).summary).toBe('path/not_found');
    const deleted = { '.tag': 'deleted', name: 'Two.txt', path_lower: '/meta/two.txt', path_display: '/Meta/Two.txt' };
    for (const path of ['/Meta/Two.txt', first.id]) {
      expect((await dropbox.filesGetMetadata({ path, include_deleted: true })).result).toEqual(deleted);
    }
  });

  test('refuses the root, what is not there, and malformed paths', async () => {
    expect((await refusal(dropbox.filesGetMetadata({ path: '/' }))).summary).toContain(
      'The root folder is unsupported.',
    );
    expect((await refusal(dropbox.filesGetMetadata({ path: 'id:none' }))).summary).toBe('path/not_found');
    expect((await refusal(dropbox.filesGetMetadata({ path: '/a\\b' }))).summary).toBe('path/malformed_path');
    expect((await refusal(dropbox.filesGetMetadata({ path: 'ns:42/x' }))).summary).toBe('path/not_found');
    expect((await refusal(dropbox.filesGetMetadata({ path: 'relative' }))).status).toBe(400);
  });
});

describe('download', () => {
  test('answers the bytes with the metadata in a header that is plain ASCII', async () => {
    const file = await put('/Down/Ü 😀.bin', patternBytes(100_000));
    const answer = await rawCall(emulator, 'files/download', {
      headers: { 'dropbox-api-arg': JSON.stringify({ path: file.id }), 'content-type': '' },
    });
    const header = answer.headers.get('dropbox-api-result') ?? '';
    expect(header).toMatch(/^[ -~]*$/);
    expect(JSON.parse(header)).toEqual(file);
    for (const path of ['/down/ü 😀.BIN', `rev:${file.rev}`]) {
      const { result } = await dropbox.filesDownload({ path });
      expect((await bytesOf(result)).equals(patternBytes(100_000))).toBe(true);
    }
  });

  test.each([
    ['bytes=0-9', 206, 0, 10],
    ['bytes=90-', 206, 90, 100],
    ['bytes=-5', 206, 95, 100],
    ['bytes=95-1000', 206, 95, 100],
    ['bytes=0-0', 206, 0, 1],
  ])('range %s', async (range, status, start, end) => {
    const bytes = patternBytes(100);
    await put('/Down/range.bin', bytes);
    const response = await fetch(`${emulator.origin}/2/files/download`, {
      method: 'POST',
      headers: { authorization: 'Bearer t', 'dropbox-api-arg': '{"path":"/Down/range.bin"}', range },
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/100`);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes.subarray(start, end))).toBe(true);
  });

  test('a range behind the end is 416', async () => {
    await put('/Down/range.bin', patternBytes(100));
    const headers = { 'dropbox-api-arg': '{"path":"/Down/range.bin"}', range: 'bytes=100-', 'content-type': '' };
    const { status, headers: answered } = await rawCall(emulator, 'files/download', { headers });
    expect(status).toBe(416);
    expect(answered.get('content-range')).toBe('bytes */100');
  });

  test('refuses folders, unknown files, unknown revs and documents without bytes', async () => {
    await dropbox.filesCreateFolderV2({ path: '/Down/folder' });
    await emulator.control('paper', { path: '/Down/notes.paper' });
    expect((await refusal(dropbox.filesDownload({ path: '/Down/folder' }))).summary).toBe('path/not_file');
    expect((await refusal(dropbox.filesDownload({ path: '/Down/none' }))).summary).toBe('path/not_found');
    expect((await refusal(dropbox.filesDownload({ path: 'rev:123456789' }))).summary).toBe('path/not_found');
    expect((await refusal(dropbox.filesDownload({ path: '/Down/notes.paper' }))).summary).toBe('unsupported_file');
    expect((await refusal(dropbox.filesGetTemporaryLink({ path: '/Down/notes.paper' }))).summary).toBe(
      'unsupported_file',
    );
  });

  test('a temporary link serves the file to anyone', async () => {
    const file = await put('/Down/linked.txt', 'linked');
    const { link, metadata } = (await dropbox.filesGetTemporaryLink({ path: file.id })).result;
    expect(metadata).toEqual(file);
    expect(await (await fetch(link)).text()).toBe('linked');
    expect((await fetch(`${emulator.origin}/temporary/none`)).status).toBe(410);
  });

  test('download_zip packs a folder', async () => {
    await put('/Zip/a.txt', 'alpha');
    await put('/Zip/sub/ü.txt', 'beta');
    const { result } = await dropbox.filesDownloadZip({ path: '/Zip' });
    expect(result.metadata).toMatchObject({ name: 'Zip' });
    const zip = await bytesOf(result);
    expect(zip.subarray(0, 4)).toEqual(Buffer.from('PK\u0003\u0004'));
    for (const text of ['Zip/a.txt', 'Zip/sub/ü.txt', 'alpha', 'beta'])
      expect(zip.includes(Buffer.from(text))).toBe(true);
    expect(zip.readUInt16LE(zip.length - 22 + 10)).toBe(3);
    expect((await refusal(dropbox.filesDownloadZip({ path: '/Zip/a.txt' }))).summary).toBe('path/not_folder');
  });
});

describe('documents that exist in the cloud alone', () => {
  test('are exported', async () => {
    await emulator.control('paper', { path: '/Paper/Notes.paper', text: '# Title\n\nA & B' });
    const metadata = (await dropbox.filesGetMetadata({ path: '/Paper/Notes.paper' })).result;
    expect(metadata).toMatchObject({
      is_downloadable: false,
      export_info: { export_as: 'markdown', export_options: ['markdown', 'html'] },
    });
    const markdown = (await dropbox.filesExport({ path: '/Paper/Notes.paper' })).result;
    expect(markdown.export_metadata).toMatchObject({ name: 'Notes.md', size: 14 });
    expect((await bytesOf(markdown)).toString()).toBe('# Title\n\nA & B');
    const html = (await dropbox.filesExport({ path: '/Paper/Notes.paper', export_format: 'html' })).result;
    expect((await bytesOf(html)).toString()).toContain('<h1>Title</h1>\n<p>A &amp; B</p>');
  });

  test('are exported in their own formats only; other files are not exported', async () => {
    await emulator.control('paper', { path: '/Paper/Notes.paper' });
    await put('/Paper/file.txt', 'x');
    expect((await refusal(dropbox.filesExport({ path: '/Paper/Notes.paper', export_format: 'docx' }))).summary).toBe(
      'invalid_export_format',
    );
    expect((await refusal(dropbox.filesExport({ path: '/Paper/file.txt' }))).summary).toBe('non_exportable');
  });
});

describe('pictures', () => {
  test('have thumbnails', async () => {
    await put('/Pic/a.png', plainPng(300, 200));
    const resource = { '.tag': 'path', path: '/Pic/a.png' } as const;
    const jpeg = (await dropbox.filesGetThumbnailV2({ resource })).result;
    expect((await bytesOf(jpeg)).subarray(0, 3).toString('hex')).toBe('ffd8ff');
    expect(jpeg.file_metadata).toMatchObject({ name: 'a.png' });
    const png = (await dropbox.filesGetThumbnailV2({ resource, format: { '.tag': 'png' } })).result;
    expect((await bytesOf(png)).subarray(1, 4).toString()).toBe('PNG');
  });

  test('a batch has a result for each; 26 are too many', async () => {
    await put('/Pic/a.png', plainPng(30, 20));
    await put('/Pic/b.txt', 'text');
    await put('/Pic/c.jpg', 'not a picture');
    const entries = ['/Pic/a.png', '/Pic/b.txt', '/Pic/c.jpg', '/Pic/none.png'].map((path) => ({ path }));
    const { result } = await dropbox.filesGetThumbnailBatch({ entries });
    expect(result.entries).toMatchObject([
      { '.tag': 'success', metadata: { name: 'a.png' } },
      { '.tag': 'failure', failure: { '.tag': 'unsupported_extension' } },
      { '.tag': 'failure', failure: { '.tag': 'conversion_error' } },
      { '.tag': 'failure', failure: { '.tag': 'path', path: { '.tag': 'not_found' } } },
    ]);
    const many = Array.from({ length: 26 }, () => ({ path: '/Pic/a.png' }));
    expect((await refusal(dropbox.filesGetThumbnailBatch({ entries: many }))).summary).toBe('too_many_files');
  });

  test('previews are PDF or HTML by extension', async () => {
    await put('/Pic/offer.docx', 'x');
    await put('/Pic/list.csv', 'a<b');
    expect(
      (await bytesOf((await dropbox.filesGetPreview({ path: '/Pic/offer.docx' })).result)).subarray(0, 5).toString(),
    ).toBe('%PDF-');
    expect((await bytesOf((await dropbox.filesGetPreview({ path: '/Pic/list.csv' })).result)).toString()).toContain(
      'a&lt;b',
    );
    await put('/Pic/b.txt', 'text');
    expect((await refusal(dropbox.filesGetPreview({ path: '/Pic/b.txt' }))).summary).toBe('unsupported_extension');
  });
});

describe('search', () => {
  test('finds names by their words, below a folder, in pages', async () => {
    for (let number = 0; number < 5; number++) await put(`/Find/Offer ${number}.pdf`, `${number}`);
    await put('/Find/sub/offer drawing.png', 'x');
    const all = (await dropbox.filesSearchV2({ query: 'OFFER', options: { path: '/Find', max_results: 4 } })).result;
    expect(all.matches).toHaveLength(4);
    expect(all.has_more).toBe(true);
    const rest = (await dropbox.filesSearchContinueV2({ cursor: all.cursor ?? '' })).result;
    expect(rest.matches).toHaveLength(2);
    expect(rest.has_more).toBe(false);
    const pdf = (await dropbox.filesSearchV2({ query: 'offer', options: { path: '/Find', file_extensions: ['png'] } }))
      .result;
    expect(pdf.matches.map((match) => match.metadata)).toMatchObject([
      { '.tag': 'metadata', metadata: { '.tag': 'file', path_display: '/Find/sub/offer drawing.png' } },
    ]);
    expect(
      (await dropbox.filesSearchV2({ query: 'find', options: { file_categories: [{ '.tag': 'folder' }] } })).result
        .matches,
    ).toHaveLength(1);
  });

  test('finds deleted files on demand, refuses unknown folders', async () => {
    await put('/Find/vanished.txt', 'x');
    await dropbox.filesDeleteV2({ path: '/Find/vanished.txt' });
    expect((await dropbox.filesSearchV2({ query: 'vanished' })).result.matches).toEqual([]);
    const deleted = (
      await dropbox.filesSearchV2({ query: 'vanished', options: { file_status: { '.tag': 'deleted' } } })
    ).result;
    expect(deleted.matches).toHaveLength(1);
    expect((await refusal(dropbox.filesSearchV2({ query: 'x', options: { path: '/none' } }))).summary).toBe(
      'path/not_found',
    );
  });
});
