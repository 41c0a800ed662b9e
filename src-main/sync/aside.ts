// Names under which an entry waits while others pass (swaps, renames of case only).
// They carry the true name, so that a pass that was interrupted is finished by the next one, on any computer.

import { shortenToBytes } from '../../src-shared/names.ts';

const PREFIX = '.dt-aside-';

/** `mark` tells entries of one folder apart. */
export function asideName(name: string, mark: string): string {
  return shortenToBytes(`${PREFIX}${mark}-${name}`, 250);
}

export function isAside(name: string): boolean {
  return name.startsWith(PREFIX) && name.indexOf('-', PREFIX.length) > 0;
}

/** The name that an entry set aside will have again; any other name is answered as it is. */
export function asideOriginal(name: string): string {
  if (!isAside(name)) return name;
  return name.slice(name.indexOf('-', PREFIX.length) + 1) || name;
}
