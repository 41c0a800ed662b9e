// Writes a file of any size whole or not at all: under a temporary name beside its place, flushed, then put in place
// without ever replacing what is there. What an earlier run left behind when it was killed is swept away.
// Used by downloads, exports and whatever else writes files that a person has asked for.

import { link, open, readdir, rename, rm, stat, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The file that is being written; `write` takes bytes in order. */
export interface OutputFile {
  write(chunk: Uint8Array): Promise<void>;
  /** Bytes written so far. */
  readonly size: number;
}

export interface OutputOptions {
  /** Milliseconds since the epoch; now unless told. */
  readonly modified?: number;
}

const PREFIX = '.docktide-part-';

/**
 * Answers what `fill` answers. Throws the file system's error; `EEXIST` where the place was taken meanwhile. Whatever
 * goes wrong, nothing is left at the place.
 */
export async function writeOutput<T>(
  path: string,
  fill: (file: OutputFile) => Promise<T>,
  options: OutputOptions = {},
): Promise<T> {
  const folder = dirname(path);
  await sweep(folder, basename(path));
  const temporary = join(folder, `${PREFIX}${process.pid}-${process.hrtime.bigint()}-${short(basename(path))}`);
  const handle = await open(temporary, 'wx');
  try {
    const result = await filled(handle, fill, options);
    await place(temporary, path);
    await flush(folder);
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function filled<T>(
  handle: FileHandle,
  fill: (file: OutputFile) => Promise<T>,
  options: OutputOptions,
): Promise<T> {
  let size = 0;
  try {
    const result = await fill({
      async write(chunk) {
        for (let offset = 0; offset < chunk.length;) {
          offset += (await handle.write(chunk, offset, chunk.length - offset)).bytesWritten;
        }
        size += chunk.length;
      },
      get size() {
        return size;
      },
    });
    await handle.sync();
    if (options.modified !== undefined && options.modified > 0) {
      await handle.utimes(options.modified / 1000, options.modified / 1000);
    }
    return result;
  } finally {
    await handle.close();
  }
}

/** Atomic and never replacing; where a disk has no hard links, as near as it can be. */
async function place(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    if (await stat(path).catch(() => null)) throw Object.assign(new Error(`EEXIST: ${path}`), { code: 'EEXIST' });
    await rename(temporary, path);
    return;
  }
  await unlink(temporary);
}

/** What a run that is no longer alive has left of this very file. */
async function sweep(folder: string, name: string): Promise<void> {
  for (const one of await readdir(folder)) {
    const [, pid] = one.endsWith(`-${short(name)}`) ? (/^\.docktide-part-(\d+)-\d+-/.exec(one) ?? []) : [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(folder, one), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Short enough that the temporary name is one. */
function short(name: string): string {
  return Buffer.byteLength(name) <= 180 ? name : Array.from(name).slice(-40).join('');
}

async function flush(folder: string): Promise<void> {
  // Windows cannot open a folder.
  const handle = await open(folder, 'r').catch(() => null);
  if (handle === null) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}
