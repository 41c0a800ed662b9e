// Ids and file names of backups: the time in UTC and the mark of the store that made it, so that two computers that
// share a root never meet under one name, and a list of names alone tells when each was made. Pure.

import { createHash } from 'node:crypto';

export interface BackupName {
  readonly id: string;
  /** Milliseconds since the epoch, whole seconds. */
  readonly madeAt: number;
  /** Which store made it. */
  readonly mark: string;
  readonly encrypted: boolean;
}

const FILE = /^docktide-backup-((\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})Z-([0-9a-f]{8}))\.tar\.gz(\.age)?$/;

/** Eight hex digits that stand for a store. */
export function markOf(storeId: string): string {
  return createHash('sha256').update(storeId).digest('hex').slice(0, 8);
}

/** `2026-11-23T14-00-00Z-1a2b3c4d` */
export function backupId(madeAt: number, mark: string): string {
  return `${stamp(madeAt)}-${mark}`;
}

export function fileNameOf(id: string, encrypted: boolean): string {
  return `docktide-backup-${id}.tar.gz${encrypted ? '.age' : ''}`;
}

/** Null for a file that is no backup. */
export function parseFileName(name: string): BackupName | null {
  const [, id, day, hours, minutes, seconds, mark, age] = FILE.exec(name) ?? [];
  if (id === undefined || mark === undefined) return null;
  const madeAt = Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`);
  return Number.isNaN(madeAt) ? null : { id, madeAt, mark, encrypted: age !== undefined };
}

/** `2026-11-23T14-00-00Z`: a time that every disk takes as a name. */
export function stamp(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replaceAll(':', '-')}Z`;
}
