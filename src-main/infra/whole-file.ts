// Writes a large file piece by piece under a temporary name beside its place and renames it when it is complete: nobody
// ever finds half a file under the final name, and a failure leaves nothing behind.

import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';

/** Answers the bytes written. Throws the file system's error, or that of `pieces`. */
export async function writeWholeFile(
  path: string,
  pieces: AsyncIterable<string | Uint8Array>,
  mode = 0o644,
): Promise<number> {
  const { dir, base } = parse(path);
  const temporary = join(dir, `.${base.slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode);
    let bytes = 0;
    try {
      for await (const piece of pieces) {
        const buffer = typeof piece === 'string' ? Buffer.from(piece) : piece;
        await file.writeFile(buffer);
        bytes += buffer.length;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return bytes;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
