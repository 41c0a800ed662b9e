// The contents of a zip archive in memory. In: the whole archive; out: one content a file, in the order of its directory.
// Names are not looked at: whoever asks knows contents by their hash, which also says whether they are whole. Entries are
// unpacked in one go: a stream for each of thousands of small files would cost more than the files. Called by download.ts.

import { inflateRawSync } from 'node:zlib';

import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';

import { Fault } from '../../engine/ports.ts';

const [STORED, DEFLATED] = [0, 8];

/** Rejects with Fault 'server' for what is no such archive. `largest`: bytes of one content at most. */
export async function contentsOfZip(zip: Buffer, largest: number): Promise<Uint8Array[]> {
  const contents: Uint8Array[] = [];
  try {
    const file = await fromBufferPromise(zip, { decodeStrings: false });
    for await (const entry of file.eachEntry()) {
      if (entry.uncompressedSize > largest) throw unreadable('a file in it is larger than it may be');
      if (entry.uncompressedSize > 0) contents.push(await contentOf(zip, file, entry));
    }
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw unreadable('its directory is broken', error);
  }
  return contents;
}

async function contentOf(zip: Buffer, file: ZipFile, entry: Entry): Promise<Uint8Array> {
  const { compressedSize, uncompressedSize: size, compressionMethod: method } = entry;
  const { fileDataStart: start } = await file.readLocalFileHeaderPromise(entry, { minimal: true });
  const bytes = zip.subarray(start, start + compressedSize);
  if (bytes.length !== compressedSize) throw unreadable('it ends too early');
  if (method !== STORED && method !== DEFLATED) {
    throw unreadable(`it is packed in a way that is not known (${method})`);
  }
  const content = method === STORED ? bytes : inflateRawSync(bytes, { maxOutputLength: size });
  if (content.length !== size) throw unreadable('a file in it is shorter than its directory says');
  return content;
}

function unreadable(why: string, cause?: unknown): Fault {
  return new Fault('server', `Dropbox packed a folder into an archive that cannot be read: ${why}.`, { cause });
}
