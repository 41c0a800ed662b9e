// Takes files and folders from their places so that nothing is lost that people write there in that instant: first moved,
// in one step, to a name that nobody else uses, then looked at, and only then copied or removed.
// In: absolute paths on a real disk. Called by node-disk.ts.

import { randomBytes } from 'node:crypto';
import { linkSync, lstatSync, renameSync, unlinkSync, type BigIntStats } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { splitExtension } from '../../../src-shared/names.ts';
import { copyTree, renameAcross } from './node-copy.ts';
import { codeOf } from './node-stamp.ts';
import { tempName } from './store-disk.ts';

/** What a disk without hard links answers. */
const NO_LINKS: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

export function hasNoLinks(error: unknown): boolean {
  return NO_LINKS.includes(codeOf(error));
}

/** Atomic and never replacing: a second name, then the first one goes. Falls back where a disk has no hard links. */
export function giveName(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch (error) {
    if (!hasNoLinks(error)) throw error;
    if (exists(target)) throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' });
    renameSync(source, target);
    return;
  }
  // What somebody has saved under the first name meanwhile stays.
  if (exists(source)?.ino === exists(target)?.ino) unlinkSync(source);
}

/** Removes a file that is still what `expected` tells; false where it is another one, which then keeps its name. */
export function removeIfSame(absolute: string, expected: BigIntStats): boolean {
  const aside = takeAside(absolute, expected);
  if (aside !== null) unlinkSync(aside);
  return aside !== null;
}

/**
 * Gives a file the name of another one, whose bytes are kept elsewhere and which is still what `expected` tells; false
 * where it is another one, which then keeps its name.
 */
export function replaceIfSame(source: string, target: string, expected: BigIntStats): boolean {
  const aside = takeAside(target, expected);
  if (aside === null) return false;
  try {
    giveName(source, target);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') giveBack(aside, target);
    // Somebody has put a new one there: what it takes the place of is kept elsewhere.
    else unlinkSync(aside);
    throw error;
  }
  unlinkSync(aside);
  return true;
}

/** Null where it is gone or another one. */
function takeAside(absolute: string, expected: BigIntStats): string | null {
  // Of a power cut it is left behind as an unfinished download would be, and swept.
  const aside = join(dirname(absolute), tempName(randomBytes(8).toString('hex')));
  try {
    renameSync(absolute, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
  return isStill(aside, expected, absolute) ? aside : null;
}

/** What is another one goes back. */
function isStill(moved: string, { ino, size, mtimeNs }: BigIntStats, from: string): boolean {
  // The way here changes ctime, so content is judged by what a writer would change.
  const found = lstatSync(moved, { bigint: true });
  if (found.ino === ino && found.size === size && found.mtimeNs === mtimeNs) return true;
  giveBack(moved, from);
  return false;
}

/** To its own name, or where somebody has taken that already, to one beside it. */
function giveBack(aside: string, absolute: string): void {
  const { stem, extension } = splitExtension(basename(absolute));
  for (let number = 1; ; number++) {
    const name = number === 1 ? basename(absolute) : `${stem} (${number})${extension}`;
    try {
      giveName(aside, join(dirname(absolute), name));
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/**
 * Moves a file or folder to its place in the trash. Where that is on another disk, copying takes its time: it is moved
 * into `staging`, on its own disk, before. False where a file is not what `expected` tells (null: whatever it is), which
 * then keeps its name. Throws, with everything at its place again, where it cannot be copied.
 */
export async function moveToTrash(
  source: string,
  kept: string,
  staging: string,
  expected: BigIntStats | null,
): Promise<boolean> {
  try {
    await rename(source, kept);
    return expected === null || isStill(kept, expected, source);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
  }
  const staged = join(staging, basename(kept));
  try {
    await mkdir(staging, { recursive: true });
    await rename(source, staged);
  } catch (error) {
    // A disk of its own inside of the documents folder.
    if (codeOf(error) !== 'EXDEV') throw error;
    await renameAcross(source, kept);
    return true;
  }
  if (expected !== null && !isStill(staged, expected, source)) return false;
  try {
    await copyTree(staged, kept);
  } catch (error) {
    if (exists(source) === null) await rename(staged, source);
    throw error;
  }
  await rm(staged, { recursive: true, force: true });
  await removeEmpty(staging);
  return true;
}

/** Goes on with what a program that died was moving to the trash. */
export async function finishStaged(staging: string, trash: string): Promise<void> {
  const names = await readdir(staging).catch(() => []);
  if (names.length === 0) return;
  await mkdir(trash, { recursive: true });
  for (const name of names) {
    const kept = join(trash, name);
    // A copy has its name when it is whole.
    if (exists(kept) === null) await copyTree(join(staging, name), kept);
    await rm(join(staging, name), { recursive: true, force: true });
  }
  await removeEmpty(staging);
}

/** Something of another lane's may be in it by now. */
async function removeEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (codeOf(error) === '') throw error;
  });
}

function exists(absolute: string): BigIntStats | null {
  try {
    return lstatSync(absolute, { bigint: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return null;
    throw error;
  }
}
