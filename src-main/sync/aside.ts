// Names under which an entry waits while others pass (swaps, renames of case only).
// They carry the true name, so that a pass that was interrupted is finished by the next one, on any computer.

import { shortenToBytes } from '../../src-shared/names.ts';

const PREFIX = '.dt-aside-';

/** `mark` tells entries of one folder apart. */
export function asideName(name: string, mark: string): string {
  return shortenToBytes(`${PREFIX}${mark}-${name}`, 250);
}

export function isAside(name: string): boolean {
  return asideOriginal(name) !== name;
}

/** The name that an entry set aside will have again; any other name is answered as it is. */
export function asideOriginal(name: string): string {
  let original = name;
  // Somebody may give such a name to what carries one already, or spell it otherwise, which Dropbox never tells.
  while (original.slice(0, PREFIX.length).toLowerCase() === PREFIX) {
    const end = original.indexOf('-', PREFIX.length);
    if (end < 0 || end === original.length - 1) break;
    original = original.slice(end + 1);
  }
  return original;
}
