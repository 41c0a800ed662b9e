// From Node's file status and file system errors to the words of the port.

import type { BigIntStats } from 'node:fs';
import type { RelPath } from '../../../src-shared/domain.ts';
import type { FileStatus } from '../../infra/file-hasher.ts';
import { Fault, type DiskEntry, type DiskStamp } from '../../engine/ports.ts';
import { faults } from './store-disk.ts';

/** Device, inode and birth time follow a file; on disks without birth times the last part is 0 and proves nothing. */
export function stampOf(stats: FileStatus): DiskStamp {
  const fileId = `${stats.dev}:${stats.ino}:${stats.birthtimeNs}`;
  return {
    size: Number(stats.size),
    modified: Number(stats.mtimeNs / 1_000_000n),
    fileId,
    version: `${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}:${fileId}`,
  };
}

export function kindOf(stats: BigIntStats): DiskEntry['kind'] {
  if (stats.isFile()) return 'file';
  return stats.isDirectory() ? 'folder' : 'unusable';
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The Fault for what the file system answered; a Fault passes through. */
export function asFault(error: unknown, path: RelPath, intent: 'read' | 'write'): Fault {
  if (error instanceof Fault) return error;
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return faults.gone(path);
    case 'EEXIST':
    case 'ENOTEMPTY':
      return faults.placeTaken(path);
    case 'ENOSPC':
    case 'EDQUOT':
      return faults.diskFull(path);
    case 'ENAMETOOLONG':
      return new Fault(
        'path-too-long',
        `"${path}" is too long for this disk. Shorten the name or the folders above it.`,
      );
    case 'EROFS':
      return faults.readOnly(`"${path}"`);
    case 'EACCES':
    case 'EPERM':
    case 'EBUSY':
      return intent === 'read' ? faults.unreadable(path) : faults.readOnly(`"${path}"`);
    case 'ELOOP':
    case 'EIO':
      return faults.unreadable(path);
    default:
      return new Fault('internal', `The disk refused "${path}" (${codeOf(error) || String(error)}). Try again.`, {
        cause: error,
      });
  }
}
