// Archives of folders: whatever way they are packed, their contents come out; what is no archive is refused.

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';

import { contentsOfZip } from '../../../src-main/cloud/dropbox/zip.ts';
import { Fault } from '../../../src-main/engine/ports.ts';
import { zipStream } from '../../dropbox-emulator/zip.ts';

const CONTENTS = [Buffer.from('one'), randomBytes(70_000), Buffer.alloc(0), Buffer.from('four '.repeat(5_000))];

async function joined(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function packed(compress: boolean): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addEmptyDirectory('Folder');
  for (const [index, content] of CONTENTS.entries()) zip.addBuffer(content, `Folder/Übung ${index}.txt`, { compress });
  zip.end();
  return joined(zip.outputStream);
}

async function commented(text = 'and more than an end is long'): Promise<Buffer> {
  const [zip, comment] = [await packed(true), Buffer.from(text, 'latin1')];
  zip.writeUInt16LE(comment.length, zip.length - 2);
  return Buffer.concat([zip, comment]);
}

/** As the emulator writes it: sizes come after the bytes. */
function streamed(): Promise<Buffer> {
  const entries = CONTENTS.map((content, index) => ({
    name: `Folder/${index}`,
    size: content.length,
    modified: 0,
    read: () => [content],
  }));
  return joined(zipStream(entries));
}

describe('the contents of an archive', () => {
  it.each([
    ['stored', () => packed(false)],
    ['deflated', () => packed(true)],
    ['streamed', streamed],
    ['with a comment', () => commented()],
  ])('%s', async (_name, make) => {
    const contents = await contentsOfZip(await make(), 100_000);
    expect(contents.map((content) => Buffer.from(content))).toEqual(CONTENTS.filter(({ length }) => length > 0));
  });

  it('is empty for an empty one', async () => {
    expect(await contentsOfZip(await joined(zipStream([])), 1)).toEqual([]);
  });

  it('is refused where it is cut, no archive, or holds more than it should', async () => {
    const whole = await packed(true);
    const broken = Buffer.from(whole);
    broken.writeUInt32LE(0xffffffff, broken.length - 6);
    for (const [zip, largest] of [
      [whole.subarray(0, whole.length - 30), 100_000],
      [whole.subarray(100), 100_000],
      [Buffer.from('<html>Please log in to the hotel</html>'), 100_000],
      [Buffer.alloc(0), 100_000],
      [broken, 100_000],
      [whole, 69_999],
      // What an end begins with stands in its comment: where it ends is doubtful.
      [await commented('PK\u0005\u0006 and more than an end is long'), 100_000],
    ] as const) {
      await expect(contentsOfZip(zip, largest)).rejects.toThrow(Fault);
    }
  });

  it('lets no content grow beyond the size that it tells', async () => {
    const zip = await packed(true);
    // The last entry, which is packed to a hundredth, lies about its size.
    const at = zip.lastIndexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
    zip.writeUInt32LE(10, at + 24);
    await expect(contentsOfZip(zip, 100_000)).rejects.toThrow(Fault);
  });
});
