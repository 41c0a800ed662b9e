// Where backups lie in the data folder: finished ones under their names in `backups/`, everything unfinished in folders of
// its own that the next run removes. A process that is killed leaves no half file under a finished name.
// Called by backups.ts, checks.ts and restore.ts, always by whoever holds the lock for backups.

import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileNameOf, parseFileName, type BackupName } from './names.ts';

export const BACKUPS_NAME = 'backups';
const WORK_PREFIX = 'unfinished-';

export interface FoundBackup extends BackupName {
  readonly absolute: string;
  readonly size: number;
}

export class BackupPlace {
  readonly folder: string;

  constructor(dataFolder: string) {
    this.folder = join(dataFolder, BACKUPS_NAME);
  }

  fileOf(backup: { readonly id: string; readonly encrypted: boolean }): string {
    return join(this.folder, fileNameOf(backup.id, backup.encrypted));
  }

  has(backup: { readonly id: string; readonly encrypted: boolean }): boolean {
    return existsSync(this.fileOf(backup));
  }

  /** Finished backups, whatever the database says. */
  found(): FoundBackup[] {
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder).flatMap((name) => {
      const parsed = parseFileName(name);
      const absolute = join(this.folder, name);
      const stats = parsed === null ? undefined : lstatSync(absolute, { throwIfNoEntry: false });
      return parsed === null || !stats?.isFile() ? [] : [{ ...parsed, absolute, size: stats.size }];
    });
  }

  /** Runs `work` with an empty folder of its own, which is gone afterwards. */
  async withWork<T>(work: (folder: string) => Promise<T>): Promise<T> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(this.folder, WORK_PREFIX));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Removes what runs that were killed have left behind. */
  async sweep(): Promise<void> {
    if (!existsSync(this.folder)) return;
    for (const name of readdirSync(this.folder)) {
      if (name.startsWith(WORK_PREFIX)) await rm(join(this.folder, name), { recursive: true, force: true });
    }
  }

  /** A finished file gets its name, for good: also after a power cut. */
  async keep(file: string, backup: { readonly id: string; readonly encrypted: boolean }): Promise<void> {
    await rename(file, this.fileOf(backup));
    await syncFolder(this.folder);
  }

  async drop(backup: { readonly id: string; readonly encrypted: boolean }): Promise<void> {
    await rm(this.fileOf(backup), { force: true });
  }
}

/** What was renamed in a folder is on the disk. Windows knows no such thing and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
