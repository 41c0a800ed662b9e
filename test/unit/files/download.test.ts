// Downloading: single documents and zips, from here and from Dropbox, read again by a library that others wrote; what goes
// wrong leaves nothing behind.

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import yauzl from 'yauzl';
import { archiveOf } from '../../../src-main/files/archive.ts';
import { writeOutput } from '../../../src-main/infra/output-file.ts';
import { serviceWorld, type ServiceWorld } from '../../support/service-world.ts';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld();
});
afterEach(() => world.close());

const out = (name: string): string => join(world.folder, 'out', name);
const left = (): string[] => readdirSync(join(world.folder, 'out'));
beforeEach(() => mkdirSync(join(world.folder, 'out')));

/** Names and contents, as another program reads them; folders end with `/`. */
async function unzip(file: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.open(file, { lazyEntries: true, autoClose: true }, (error, opened) =>
      error ? reject(error) : resolve(opened),
    ),
  );
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject).on('end', resolve);
    zip.on('entry', (entry: yauzl.Entry) => {
      if (entry.fileName.endsWith('/')) {
        found[entry.fileName] = '';
        zip.readEntry();
        return;
      }
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        textOf(stream).then((content) => {
          found[entry.fileName] = content;
          zip.readEntry();
        }, reject);
      });
    });
    zip.readEntry();
  });
  return found;
}

async function freed(path: string, content: string): Promise<void> {
  world.write(path, content);
  await world.sync();
  world.service.setFolderKeep(path.slice(0, path.lastIndexOf('/')), 'links');
  await world.service.free({ dryRun: false });
  expect(world.entry(path).state).toBe('freed');
}

test('a zip of folders and files; freed ones come from Dropbox and stay freed', async () => {
  await freed('P/Freed/far.txt', 'far away');
  world.write('P/Dir/near.txt', 'near'.repeat(10_000));
  world.write('P/Dir/back\\slash.txt', 'b');
  world.write('P/near.txt', 'top');
  mkdirSync(world.at('P/Dir/Empty'), { recursive: true });
  await world.service.sync();
  const report = await world.service.download(
    ['P/Dir', 'P/Freed/far.txt', 'P/near.txt', 'P/Dir/near.txt'],
    out('a.zip'),
  );
  expect(report).toMatchObject({ file: out('a.zip'), zip: true, files: 4, bytes: 40_000 + 8 + 3 + 1, skipped: [] });
  expect(report.written).toBe(readFileSync(out('a.zip')).length);
  expect(report.written).toBeLessThan(5_000);
  expect(await unzip(out('a.zip'))).toEqual({
    'Dir/Empty/': '',
    'Dir/near.txt': 'near'.repeat(10_000),
    'Dir/back＼slash.txt': 'b',
    'far.txt': 'far away',
    'near.txt': 'top',
  });
  expect(world.entry('P/Freed/far.txt').state).toBe('freed');
  expect(world.exists('P/Freed/far.txt')).toBe(false);
  expect(left()).toEqual(['a.zip']);
});

test('a whole tree by its folder; names that differ in letters alone are kept apart', async () => {
  world.write('P/A/x.txt', '1');
  world.write('P/B/X.txt', '2');
  world.write('P/B/In/y.txt', '3');
  await world.sync();
  await world.service.download(['P'], out(''));
  expect(await unzip(out('P.zip'))).toEqual({ 'P/A/x.txt': '1', 'P/B/X.txt': '2', 'P/B/In/y.txt': '3' });
  await world.service.download(['P/A/x.txt', 'P/B/X.txt'], out('two.zip'));
  expect(await unzip(out('two.zip'))).toEqual({ 'x.txt': '1', 'X (2).txt': '2' });
});

test('one document as it is, or in a zip where that is asked', async () => {
  await freed('P/Freed/far.txt', 'far away');
  expect(await world.service.download(['P/Freed/far.txt'], out(''))).toMatchObject({
    file: out('far.txt'),
    zip: false,
    files: 1,
  });
  expect(readFileSync(out('far.txt'), 'utf8')).toBe('far away');
  await world.service.download(['P/Freed/far.txt'], out('one.zip'));
  await world.service.download(['P/Freed/far.txt'], out('two.zip'), { zip: true });
  expect(await unzip(out('one.zip'))).toEqual({ 'far.txt': 'far away' });
  expect(await unzip(out('two.zip'))).toEqual({ 'far.txt': 'far away' });
});

test('Paper documents are exported; those that cannot be are told', async () => {
  await world.emulator.control('paper', { path: '/ERP/P/Plan.paper', text: '# Plan' });
  await world.emulator.control('paper', { path: '/ERP/P/Form.gform', text: '?', exportAs: '' });
  world.write('P/a.txt', 'a');
  await world.sync();
  const report = await world.service.download(['P'], out('p.zip'));
  const files = await unzip(out('p.zip'));
  expect(report.skipped).toMatchObject([{ path: 'P/Form.gform' }]);
  expect(Object.keys(files).toSorted()).toEqual(['P/Plan.md', 'P/a.txt']);
  expect(files['P/Plan.md']).toContain('# Plan');
});

describe('what goes wrong leaves nothing behind', () => {
  test('nothing is overwritten, and what is not there is said', async () => {
    world.write('P/a.txt', 'a');
    await world.sync();
    writeFileSync(out('there.zip'), 'mine');
    const code = (work: Promise<unknown>) => work.catch((error: unknown) => (error as { code: string }).code);
    expect([
      await code(world.service.download(['P'], out('there.zip'))),
      await code(world.service.download(['P/nope'], out('x.zip'))),
      await code(world.service.download([], out('x.zip'))),
      await code(world.service.download(['P'], out('nope/x.zip'))),
    ]).toEqual(['out-exists', 'unknown-path', 'unknown-path', 'missing-file']);
    expect([readFileSync(out('there.zip'), 'utf8'), left()]).toEqual(['mine', ['there.zip']]);
  });

  test('a content that arrives damaged is asked for once more; twice is an error', async () => {
    await freed('P/Freed/far.txt', 'far away');
    await world.emulator.control('faults', { corruptBody: { next: 1, endpoints: ['files/download'] } });
    await world.service.download(['P/Freed'], out('a.zip'));
    expect(await unzip(out('a.zip'))).toEqual({ 'Freed/far.txt': 'far away' });
    await world.emulator.control('faults', { corruptBody: { next: 9, endpoints: ['files/download'] } });
    for (const target of ['b.zip', 'far.txt']) {
      await expect(world.service.download(['P/Freed/far.txt'], out(target))).rejects.toMatchObject({
        code: 'hash-mismatch',
      });
    }
    expect(left()).toEqual(['a.zip']);
  });

  test('a connection that breaks in the middle is taken up again', async () => {
    await freed('P/Freed/far.bin', 'x'.repeat(300_000));
    await world.emulator.control('faults', {
      cutBody: { next: 1, afterBytes: 100_000, endpoints: ['files/download'] },
    });
    await world.service.download(['P/Freed/far.bin'], out('far.bin'));
    expect(readFileSync(out('far.bin'), 'utf8')).toBe('x'.repeat(300_000));
  });

  test('a document that is gone from the disk or damaged there is no part of a zip', async () => {
    world.write('P/a.txt', 'a');
    world.write('P/b.txt', 'bb');
    await world.sync();
    world.service.list();
    // The same length and times, other bytes: only the hash can tell.
    const { id } = world.entry('P/b.txt');
    const content = await world.service.content(id);
    const parts = content.read();
    writeFileSync(world.at('P/a.txt'), 'edited meanwhile');
    const chunks: Uint8Array[] = [];
    for await (const chunk of parts) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('bb');
    // An edit that no pass has seen yet is what a person wants.
    await world.service.download(['P'], out('p.zip'));
    expect(await unzip(out('p.zip'))).toEqual({ 'P/a.txt': 'edited meanwhile', 'P/b.txt': 'bb' });
  });

  test('stopped', async () => {
    await freed('P/Freed/far.bin', 'x'.repeat(2_000_000));
    await world.emulator.control('faults', { bandwidthBytesPerSecond: 400_000 });
    for (const target of ['a.zip', 'far.bin']) {
      const stop = new AbortController();
      const work = world.service.download(['P/Freed/far.bin'], out(target), {
        signal: stop.signal,
        onProgress: ({ bytesDone }) => bytesDone > 50_000 && stop.abort(),
      });
      await expect(work).rejects.toMatchObject({ code: 'interrupted' });
    }
    expect(left()).toEqual([]);
  });
});

describe('archives', () => {
  const entry = (name: string, content: string) => ({
    name,
    modified: 0,
    content: { size: content.length, read: () => Readable.from([Buffer.from(content)]) },
  });

  test('an entry that is larger than 4 GB is written in the 64-bit format, which others read', async () => {
    const large = {
      ...entry('large.bin', 'x'),
      content: { size: 5_000_000_000, read: () => Readable.from([Buffer.from('x')]) },
    };
    await writeOutput(out('large.zip'), async (file) => {
      for await (const chunk of archiveOf([entry('small.txt', 's'), large])) await file.write(chunk as Uint8Array);
    });
    const zip = readFileSync(out('large.zip'));
    const directory = Buffer.from('PK\u0001\u0002');
    const first = zip.indexOf(directory);
    // The version that is needed to extract: 2.0, and 4.5 for 64 bits.
    const versions = [first, zip.indexOf(directory, first + 4)].map((at) => zip.readUInt16LE(at + 6));
    expect(versions).toEqual([20, 45]);
    expect(await unzip(out('large.zip'))).toEqual({ 'small.txt': 's', 'large.bin': 'x' });
  });

  test('thousands of entries, empty folders among them', async () => {
    const folders = Array.from({ length: 3_000 }, (_, index) => ({ name: `d${index}`, modified: 0, content: null }));
    await writeOutput(out('many.zip'), async (file) => {
      for await (const chunk of archiveOf([...folders, entry('last.txt', 'last')]))
        await file.write(chunk as Uint8Array);
    });
    const found = await unzip(out('many.zip'));
    expect([Object.keys(found).length, found['last.txt'], found['d2999/']]).toEqual([3_001, 'last', '']);
  });

  test('an entry that cannot be read ends the archive with its error', async () => {
    const broken = {
      name: 'broken.txt',
      modified: 0,
      content: {
        size: 5,
        async *read() {
          yield Buffer.from('ab');
          throw new Error('the disk broke');
        },
      },
    };
    const work = writeOutput(out('x.zip'), async (file) => {
      for await (const chunk of archiveOf([entry('a.txt', 'a'), broken, entry('c.txt', 'c')]))
        await file.write(chunk as Uint8Array);
    });
    await expect(work).rejects.toThrow('the disk broke');
    expect(left()).toEqual([]);
  });
});

describe('files that are written whole or not at all', () => {
  test('what a killed run left of this file is swept, what others write is not', async () => {
    writeFileSync(out('.docktide-part-999999-1-a.txt'), 'dead');
    writeFileSync(out(`.docktide-part-${process.ppid}-1-a.txt`), 'alive');
    writeFileSync(out('.docktide-part-999999-1-b.txt'), 'another');
    await writeOutput(out('a.txt'), (file) => file.write(Buffer.from('a')), { modified: 1_600_000_000_000 });
    expect(left().toSorted()).toEqual(
      [`.docktide-part-${process.ppid}-1-a.txt`, '.docktide-part-999999-1-b.txt', 'a.txt'].toSorted(),
    );
    await expect(writeOutput(out('a.txt'), (file) => file.write(Buffer.from('b')))).rejects.toMatchObject({
      code: 'EEXIST',
    });
    expect(readFileSync(out('a.txt'), 'utf8')).toBe('a');
    expect(existsSync(out('.docktide-part-999999-1-b.txt'))).toBe(true);
  });
});
