// What the document store needs of a documents folder beyond the engine's port, and the rules every disk shares:
// which paths it accepts and how its temporary files and kept versions are called.
// Implemented by NodeDisk (a real folder) and, in tests, by MemoryDisk; one conformance suite runs against both.

import { createHash } from 'node:crypto';
import type { EntryKind, RelPath } from '../../../src-shared/domain.ts';
import { MARKER_NAME, TEMP_PREFIX } from '../../../src-shared/names.ts';
import { Fault, type DiskStamp, type DocumentsDisk } from '../../engine/ports.ts';

export interface StoreDisk extends DocumentsDisk {
  /** Whether two names in one folder may differ only in case. */
  caseSensitive(): Promise<boolean>;
  /** Brings back what the trash keeps under a key (`inner`: one entry of a folder kept there). Faults: gone, place-taken. */
  restore(trashKey: string, inner: RelPath, to: RelPath): Promise<DiskStamp>;
  /** When the file was last read or written, in milliseconds since the epoch; 0 where it is not there. */
  lastUse(path: RelPath): Promise<number>;
  /** Removes the bytes of a document that is safe in Dropbox; not to the trash. Faults: gone, changed. */
  free(path: RelPath, stamp: DiskStamp): Promise<void>;
  /**
   * Removes temporary files that `list` has come across since the last call, that nobody is writing, and that no
   * download of `wanted` (its keys) will resume. Answers how many.
   */
  sweepTemps(wanted: readonly string[]): Promise<number>;
  /** Whether the trash has something under a key. */
  keeps(trashKey: string): Promise<boolean>;
  /** The key under which `trashed` tells what was given the key. */
  keyInTrash(trashKey: string): string;
  /** Everything in the trash. `size` in bytes, 0 for folders. */
  trashed(): Promise<readonly { readonly trashKey: string; readonly kind: EntryKind; readonly size: number }[]>;
  /** Takes away a file's second name where both are names of one file, as an interrupted move leaves them. */
  dropTwin(path: RelPath, other: RelPath): Promise<boolean>;
  /** Removes for ever what the trash keeps under a key; nothing happens where there is nothing. */
  purge(trashKey: string): Promise<void>;
}

/** The names of a path. Throws Fault 'bad-request' for a path that could leave the folder or touch the store's own files. */
export function componentsOf(path: RelPath): readonly string[] {
  if (path === '') return [];
  const names = path.split('/');
  for (const name of names) {
    if (name === '' || name === '.' || name === '..' || name.includes('\u0000')) {
      throw new Fault('bad-request', `"${path}" is not a path inside the documents folder. Use names joined by "/".`);
    }
    if (name === MARKER_NAME) {
      throw new Fault('bad-request', `"${MARKER_NAME}" is the store's own file. Choose another name.`);
    }
  }
  return names;
}

/** Throws Fault 'bad-request' for a folder that would be moved into itself. */
export function refuseCycle(from: RelPath, to: RelPath): void {
  if (from === '' || to === '' || to.startsWith(`${from}/`)) {
    throw new Fault('bad-request', `"${from}" cannot be moved to "${to}". Choose a place outside it.`);
  }
}

/** A key as a file name: itself where it is plain and short, else with the digest that tells it apart. */
export function plainKey(key: string): string {
  if (/^[A-Za-z0-9_-]{1,80}$/.test(key)) return key;
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 16);
  return `${key.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60)}-${digest}`;
}

export function tempName(key: string): string {
  return `${TEMP_PREFIX}${plainKey(key)}.tmp`;
}

/**
 * Of a download, which is keyed by a rev, or of what is brought back, exported or settled under the lock of a pass;
 * whatever else a person calls so is not ours to remove.
 */
export function isTempName(name: string): boolean {
  if (!name.startsWith(TEMP_PREFIX)) return false;
  const key = name.slice(TEMP_PREFIX.length);
  return /^([0-9a-f]{9,}|(restore|export|conflict)-[0-9a-z-]+)\.tmp$/.test(key) || isUnlockedTempName(name);
}

/** Of a document that another process may be adding at this moment: only an old one was left behind. */
export function isUnlockedTempName(name: string): boolean {
  return name.startsWith(TEMP_PREFIX) && /^(attach|erp)-[0-9a-f-]+\.tmp$/.test(name.slice(TEMP_PREFIX.length));
}

/** A file id whose birth time is unknown may belong to a new file that took over the inode. */
export function isTrustedFileId(fileId: string): boolean {
  return !fileId.endsWith(':0');
}

export const faults = {
  gone: (path: RelPath): Fault =>
    new Fault('gone', `"${path}" is no longer in the documents folder. The next pass looks again.`),
  placeTaken: (path: RelPath): Fault =>
    new Fault('place-taken', `"${path}" cannot be written because something of that name is there already.`),
  changed: (path: RelPath): Fault =>
    new Fault('changed', `"${path}" was changed by another program meanwhile. The next pass looks again.`),
  documentsMissing: (where: string): Fault =>
    new Fault(
      'documents-missing',
      `The documents folder ${where} is missing. Connect the drive that it is on, or put the folder back; nothing was changed.`,
    ),
  markerMissing: (where: string): Fault =>
    new Fault(
      'marker-missing',
      `The documents folder ${where} does not hold the file "${MARKER_NAME}" of this document store. ` +
        `Connect the right drive, or put the folder back; nothing was changed.`,
    ),
  readOnly: (where: string): Fault =>
    new Fault('read-only', `${where} cannot be written. Give this user permission to write there, or free the disk.`),
  diskFull: (path: RelPath): Fault =>
    new Fault('disk-full', `The disk is full: "${path}" could not be written. Free some space and sync again.`, {
      retryable: true,
    }),
  unreadable: (path: RelPath): Fault =>
    new Fault(
      'unreadable',
      `"${path}" cannot be read. Give this user permission to read it, or close the program that locks it.`,
    ),
};
