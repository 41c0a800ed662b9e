// The files of one backup source, one after another: a file itself, or everything below a folder in the order of names.
// Symlinks are not followed; what cannot be read is told, not thrown. Called by pack.ts.

import type { Stats } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BackupSource } from './jobs.ts';

export type SourceEntry =
  | { readonly kind: 'file' | 'folder'; readonly path: string; readonly absolute: string; readonly stats: Stats }
  | { readonly kind: 'skipped'; readonly path: string };

/** Null where there is nothing at its path. The source itself may be a symlink that the person chose. */
export async function kindOfSource(source: BackupSource): Promise<'file' | 'folder' | null> {
  const stats = await stat(source.path).catch(() => null);
  if (stats === null) return null;
  if (stats.isDirectory()) return 'folder';
  return stats.isFile() ? 'file' : null;
}

/** Paths are below the source, with `/`. `leaveOut`: absolute paths that are no part of it. */
export async function* sourceEntries(
  source: BackupSource,
  leaveOut: ReadonlySet<string>,
): AsyncGenerator<SourceEntry, void, undefined> {
  if ((await kindOfSource(source)) === 'file') {
    yield { kind: 'file', path: basename(source.path), absolute: source.path, stats: await stat(source.path) };
    return;
  }
  yield* below(source.path, '', leaveOut);
}

async function* below(
  folder: string,
  prefix: string,
  leaveOut: ReadonlySet<string>,
): AsyncGenerator<SourceEntry, void, undefined> {
  const names = await readdir(folder, { encoding: 'buffer' }).catch(() => null);
  if (names === null) {
    yield { kind: 'skipped', path: prefix === '' ? '.' : prefix };
    return;
  }
  for (const raw of names.toSorted((a, b) => a.compare(b))) {
    const name = raw.toString('utf8');
    const path = prefix === '' ? name : `${prefix}/${name}`;
    const absolute = join(folder, name);
    if (leaveOut.has(absolute)) continue;
    const usable = Buffer.from(name, 'utf8').equals(raw) && !name.includes('\\');
    const stats = usable ? await lstat(absolute).catch(() => null) : null;
    if (stats?.isFile()) yield { kind: 'file', path, absolute, stats };
    else if (stats?.isDirectory()) {
      yield { kind: 'folder', path, absolute, stats };
      yield* below(absolute, path, leaveOut);
    } else yield { kind: 'skipped', path };
  }
}
