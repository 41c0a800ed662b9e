import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, statSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { padding, readTar, tarEnd, tarHeader, TarError, type TarHeader } from '../../../src-main/backup/tar.ts';

type Member = Pick<TarHeader, 'path' | 'kind'> & { readonly body: Buffer };

function archive(members: readonly Member[]): Buffer {
  return Buffer.concat([
    ...members.flatMap(({ path, kind, body }) => [
      tarHeader({ path, kind, size: body.length, mode: 0o640, modified: 1_700_000_000_000 }),
      body,
      padding(body.length),
    ]),
    tarEnd(),
  ]);
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Member[]> {
  const members: Member[] = [];
  for await (const { path, kind, body } of readTar(chunks)) {
    const parts: Buffer[] = [];
    for await (const part of body) parts.push(Buffer.from(part));
    members.push({ path, kind, body: Buffer.concat(parts) });
  }
  return members;
}

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 120 })
  .map((text) => text.replace(/[/\\]/g, '_').replaceAll('\u0000', '_'))
  .filter((text) => text !== '.' && text !== '..');
const member = fc.record({
  path: fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/')),
  kind: fc.constant('file' as const),
  body: fc.uint8Array({ maxLength: 1500 }).map((bytes) => Buffer.from(bytes)),
});

test('what was written is read again, in whatever pieces it comes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(member, { maxLength: 5 }), fc.integer({ min: 1, max: 700 }), async (members, size) => {
      expect(await readAll(inPieces(archive(members), size))).toEqual(members);
    }),
    { numRuns: 150 },
  );
});

test('the tar of the system unpacks it: long names, accents, folders, empty files, times and permissions', () => {
  const folder = mkdtempSync(join(tmpdir(), 'docktide-tar-'));
  const long = `sources/${'a'.repeat(150)}/${'ü'.repeat(90)}.txt`;
  writeFileSync(
    join(folder, 'a.tar'),
    archive([
      { path: 'docktide.sqlite', kind: 'file', body: Buffer.alloc(1024, 7) },
      { path: 'sources/empty', kind: 'folder', body: Buffer.alloc(0) },
      { path: long, kind: 'file', body: Buffer.from('long') },
      { path: 'sources/nothing', kind: 'file', body: Buffer.alloc(0) },
    ]),
  );
  execFileSync('tar', ['xf', 'a.tar'], { cwd: folder });
  expect(readFileSync(join(folder, long), 'utf8')).toBe('long');
  expect(readFileSync(join(folder, 'docktide.sqlite'))).toEqual(Buffer.alloc(1024, 7));
  expect(statSync(join(folder, 'sources/nothing'))).toMatchObject({ size: 0, mtimeMs: 1_700_000_000_000 });
  expect(statSync(join(folder, 'sources/nothing')).mode & 0o777).toBe(0o640);
  expect(readdirSync(join(folder, 'sources/empty'))).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});

test('a file beyond what eight octal digits hold keeps its size', async () => {
  const size = 9 * 1024 ** 3;
  const header = tarHeader({ path: 'big', kind: 'file', size, mode: 0o600, modified: 0 });
  const members = readTar(inPieces(header, 512));
  expect((await members.next()).value).toMatchObject({ path: 'big', size });
});

test('members whose body nobody reads are passed over', async () => {
  const paths: string[] = [];
  const bytes = archive([
    { path: 'a', kind: 'file', body: Buffer.alloc(5000) },
    { path: 'b', kind: 'file', body: Buffer.from('b') },
  ]);
  for await (const { path } of readTar(inPieces(bytes, 100))) paths.push(path);
  expect(paths).toEqual(['a', 'b']);
});

test('what is torn, damaged or would leave its folder is an error', async () => {
  const whole = archive([{ path: 'a', kind: 'file', body: Buffer.alloc(5000, 1) }]);
  for (const length of [0, 100, 512, 3000, whole.length - 600]) {
    await expect(readAll(inPieces(whole.subarray(0, length), 512))).rejects.toThrow(TarError);
  }
  const damaged = Buffer.from(whole);
  damaged[3] = 0x62;
  await expect(readAll(inPieces(damaged, 512))).rejects.toThrow('does not fit its checksum');
  for (const path of ['../a', '/etc/passwd', 'a/../../b', 'a\\b', 'a//b']) {
    await expect(readAll(inPieces(archive([{ path, kind: 'file', body: Buffer.alloc(0) }]), 512))).rejects.toThrow(
      'not allowed',
    );
  }
});
