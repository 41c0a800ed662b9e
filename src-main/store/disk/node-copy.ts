// Moving within and across volumes: rename where possible, else a flushed copy and then the removal.

import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, open, readdir, readlink, rename, rm, symlink, utimes } from 'node:fs/promises';
import { codeOf } from './node-stamp.ts';

/** Makes names in a folder survive a power cut; Windows and some network disks have no such call. */
export async function flushFolder(absolute: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(absolute, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The rename itself has succeeded; a disk that cannot flush folders keeps names in its own time.
  }
}

/** Moves a file or folder, to another volume if need be; `target` must be free. Throws the file system's error. */
export async function renameAcross(source: string, target: string): Promise<void> {
  try {
    await rename(source, target);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    await copyTree(source, target);
    await rm(source, { recursive: true, force: true });
  }
}

/** Copies a file or a folder with all it holds, dates kept, symlinks as symlinks; whole under its name or not at all. */
export async function copyTree(source: string, target: string): Promise<void> {
  const partial = `${target}.part`;
  await rm(partial, { recursive: true, force: true });
  try {
    await copyInto(source, partial);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

/** Works on raw names, so that a name that is not UTF-8 is carried along too. */
async function copyInto(source: string | Buffer, target: string | Buffer): Promise<void> {
  const stats = await lstat(source);
  if (stats.isSymbolicLink()) {
    await symlink(await readlink(source, { encoding: 'buffer' }), target);
    return;
  }
  if (stats.isDirectory()) {
    await mkdir(target);
    for (const name of await readdir(source, { encoding: 'buffer' })) {
      await copyInto(inside(source, name), inside(target, name));
    }
  } else {
    await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await flushFile(target);
  }
  await utimes(target, stats.atime, stats.mtime);
}

function inside(folder: string | Buffer, name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(folder), Buffer.from('/'), name]);
}

async function flushFile(absolute: string | Buffer): Promise<void> {
  const handle = await open(absolute, constants.O_RDONLY);
  try {
    await handle.sync().catch((error: unknown) => {
      // Windows flushes only what is open for writing.
      if (codeOf(error) !== 'EPERM') throw error;
    });
  } finally {
    await handle.close();
  }
}
