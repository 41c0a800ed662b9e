// The contents of a zip archive in memory. In: the whole archive; out: one content a file, in the order of its directory.
// Names are not looked at: whoever asks knows contents by their hash. Plain and deflated entries; no zip64, because the
// archives that are asked for are small. Called by download.ts. Format: PKWARE's APPNOTE, 4.3.

import { inflateRawSync } from 'node:zlib';

import { Fault } from '../../engine/ports.ts';

const END_RECORD = 22;
const CENTRAL_HEADER = 46;
const LOCAL_HEADER = 30;
const LONGEST_COMMENT = 0xffff;

/** Throws Fault 'server' for what is no such archive. `largest`: bytes of one content at most. */
export function contentsOfZip(zip: Buffer, largest: number): Uint8Array[] {
  try {
    return readContents(zip, largest);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw unreadable('its directory is broken', error);
  }
}

function readContents(zip: Buffer, largest: number): Uint8Array[] {
  const end = endRecord(zip);
  const contents: Uint8Array[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count--) {
    if (zip.readUInt32LE(at) !== 0x02014b50) throw unreadable('its directory is broken');
    const size = zip.readUInt32LE(at + 24);
    if (size > largest) throw unreadable('a file in it is larger than it may be');
    if (size > 0) contents.push(contentAt(zip, at, size));
    at += CENTRAL_HEADER + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return contents;
}

function contentAt(zip: Buffer, header: number, size: number): Uint8Array {
  const method = zip.readUInt16LE(header + 10);
  const packed = zip.readUInt32LE(header + 20);
  const local = zip.readUInt32LE(header + 42);
  if (zip.readUInt32LE(local) !== 0x04034b50) throw unreadable('a file in it is not where its directory says');
  const start = local + LOCAL_HEADER + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const bytes = zip.subarray(start, start + packed);
  if (bytes.length !== packed) throw unreadable('it ends too early');
  if (method === 0) return bytes;
  if (method === 8) return inflateRawSync(bytes, { maxOutputLength: size });
  throw unreadable(`it is packed in a way that is not known (${method})`);
}

function endRecord(zip: Buffer): number {
  const first = Math.max(0, zip.length - END_RECORD - LONGEST_COMMENT);
  for (let at = zip.length - END_RECORD; at >= first; at--) {
    const isEnd = zip.readUInt32LE(at) === 0x06054b50 && at + END_RECORD + zip.readUInt16LE(at + 20) === zip.length;
    if (isEnd) return at;
  }
  throw unreadable('it has no directory');
}

function unreadable(why: string, cause?: unknown): Fault {
  return new Fault('server', `Dropbox packed a folder into an archive that cannot be read: ${why}.`, { cause });
}
