// Zip archives as a stream (64-bit where they need it): each document is read when its turn comes, so that neither memory
// nor disk hold more than a piece of one. In: entries with a way to read them; out: pieces of the archive, in order.

import { Readable } from 'node:stream';
import yazl from 'yazl';

export interface ArchiveEntry {
  /** With `/` between names. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  /** Null for a folder that holds nothing. */
  readonly content: {
    /** Bytes, as far as is known before it is read. */
    readonly size: number;
    readonly read: () => AsyncIterable<Uint8Array>;
  } | null;
}

/** What is packed already does not become smaller. */
const PACKED =
  /\.(zip|7z|rar|gz|tgz|bz2|xz|zst|jpe?g|png|gif|webp|heic|avif|mp[34]|m4[av]|mov|mkv|avi|webm|ogg|flac|pdf|docx|xlsx|pptx|odt|ods|odp)$/i;
/** The earliest date that the format holds. */
const EARLIEST = Date.UTC(1980, 0, 2);
/** A deflated document may come out a little larger than it is. */
const NEARLY_4_GB = 4_000_000_000;

/** The stream ends with the error of the first entry that cannot be read. */
export function archiveOf(entries: readonly ArchiveEntry[]): Readable {
  const zip = new yazl.ZipFile();
  // The archive's own stream carries the bytes; the types know it as the plain interface.
  const output = zip.outputStream as Readable;
  const open = new Set<Readable>();
  zip.on('error', (error: Error) => {
    for (const stream of open) stream.destroy();
    output.destroy(error);
  });
  output.on('close', () => {
    for (const stream of open) stream.destroy();
  });
  const folders = entries.filter((entry) => entry.content === null);
  const files = entries.filter((entry) => entry.content !== null);
  for (const { name, modified } of folders) zip.addEmptyDirectory(name, { mtime: dateOf(modified) });
  for (const { name, modified, content } of files) {
    if (content === null) continue;
    const { size, read } = content;
    const options = {
      mtime: dateOf(modified),
      compress: size !== 0 && !PACKED.test(name),
      forceZip64Format: size > NEARLY_4_GB,
    };
    zip.addReadStreamLazy(name, options, (give) => {
      const stream = Readable.from(read(), { objectMode: false });
      open.add(stream);
      stream.on('close', () => open.delete(stream));
      stream.on('error', (error) => zip.emit('error', error));
      give(null, stream);
    });
  }
  zip.end();
  return output;
}

function dateOf(modified: number): Date {
  return new Date(Math.max(modified, EARLIEST));
}
