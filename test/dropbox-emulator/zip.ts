// Zip archives written as a stream, uncompressed: every size is known before the first byte, so that the length of the
// answer is known too. Used by files/download_zip.

import { crc32 } from 'node:zlib';

export interface ZipEntry {
  /** With `/` between names; a folder's ends with one. */
  readonly name: string;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  readonly read: () => AsyncIterable<Buffer> | Iterable<Buffer>;
}

const LOCAL_HEADER = 30;
const DESCRIPTOR = 16;
const CENTRAL_HEADER = 46;
const END_RECORD = 22;

export function zipLength(entries: readonly ZipEntry[]): number {
  return entries.reduce((sum, entry) => {
    const name = Buffer.byteLength(entry.name);
    return sum + LOCAL_HEADER + CENTRAL_HEADER + DESCRIPTOR + 2 * name + entry.size;
  }, END_RECORD);
}

export async function* zipStream(entries: readonly ZipEntry[]): AsyncGenerator<Buffer> {
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    yield localHeader(entry, name);
    let checksum = 0;
    for await (const chunk of entry.read()) {
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
    yield descriptor(checksum, entry.size);
    central.push(centralHeader(entry, name, checksum, offset));
    offset += LOCAL_HEADER + name.length + entry.size + DESCRIPTOR;
  }
  const directory = Buffer.concat(central);
  yield directory;
  const end = Buffer.alloc(END_RECORD);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  yield end;
}

/** Bit 3: sizes follow in the descriptor; bit 11: names are UTF-8. */
const FLAGS = 0x0808;

function localHeader(entry: ZipEntry, name: Buffer): Buffer {
  const header = Buffer.alloc(LOCAL_HEADER);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt32LE(dosTime(entry.modified), 10);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function descriptor(checksum: number, size: number): Buffer {
  const bytes = Buffer.alloc(DESCRIPTOR);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(checksum, 4);
  bytes.writeUInt32LE(size, 8);
  bytes.writeUInt32LE(size, 12);
  return bytes;
}

function centralHeader(entry: ZipEntry, name: Buffer, checksum: number, offset: number): Buffer {
  const header = Buffer.alloc(CENTRAL_HEADER);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(FLAGS, 8);
  header.writeUInt32LE(dosTime(entry.modified), 12);
  header.writeUInt32LE(checksum, 16);
  header.writeUInt32LE(entry.size, 20);
  header.writeUInt32LE(entry.size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, name]);
}

/** MS-DOS date and time, two seconds fine, from 1980 on. */
function dosTime(milliseconds: number): number {
  const at = new Date(Math.max(milliseconds, Date.UTC(1980, 0, 1)));
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return date * 0x10000 + time;
}
