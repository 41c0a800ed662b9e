// A documents folder that only seems to change: reads come from the real one, folders made and moved and entries trashed
// are remembered in memory. The preview of a plan runs on it, so that looking changes nothing (B1).

import { baseName, joinPath, parentPath, type RelPath } from '../../../src-shared/domain.ts';
import { Fault, type DiskEntry, type DiskStamp } from '../../engine/ports.ts';
import type { StoreDisk } from './store-disk.ts';

export function dryDisk(real: StoreDisk): StoreDisk {
  const made = new Map<RelPath, DiskStamp>();
  /** Seeming place → real place. */
  const moved = new Map<RelPath, RelPath>();
  const hidden = new Set<RelPath>();
  let count = 0;

  /** The real path behind a seeming one; null where there is none. */
  const behind = (path: RelPath): RelPath | null => {
    for (let at = path, rest = ''; ;) {
      const origin = moved.get(at);
      if (origin !== undefined) return joinPath(origin, rest);
      if (made.has(at) || hidden.has(at)) return null;
      if (at === '') return path;
      rest = joinPath(baseName(at), rest);
      at = parentPath(at);
    }
  };
  const refuse = (): never => {
    throw new Fault('internal', 'A preview writes nothing.');
  };
  const stat = async (path: RelPath): Promise<DiskEntry | null> => {
    const stamp = made.get(path);
    if (stamp) return { name: baseName(path), kind: 'folder', stamp };
    const origin = behind(path);
    const found = origin === null ? null : await real.stat(origin);
    return found && { ...found, name: baseName(path) };
  };
  const hide = (path: RelPath): void => {
    const origin = moved.get(path);
    moved.delete(path);
    made.delete(path);
    hidden.add(origin ?? path);
    hidden.add(path);
  };

  return {
    check: () => real.check(),
    caseSensitive: () => real.caseSensitive(),
    hash: async (path) => {
      const origin = behind(path);
      if (origin === null) throw new Fault('gone', `"${path}" is not there.`);
      return real.hash(origin);
    },
    read: (path, start, into) => real.read(behind(path) ?? path, start, into),
    stat,
    list: async (folder) => {
      const origin = behind(folder);
      const found = origin === null ? [] : await real.list(origin);
      const seen = found.filter((entry) => !hidden.has(joinPath(folder, entry.name)));
      for (const path of [...made.keys(), ...moved.keys()]) {
        if (parentPath(path) !== folder || seen.some((entry) => entry.name === baseName(path))) continue;
        const entry = await stat(path);
        if (entry) seen.push(entry);
      }
      return seen;
    },
    makeFolder: async (path) => {
      if (await stat(path)) throw new Fault('place-taken', `"${path}" is taken.`);
      const fileId = `preview:${++count}`;
      const stamp = { size: 0, modified: 0, fileId, version: fileId };
      hidden.delete(path);
      made.set(path, stamp);
      return stamp;
    },
    move: async (from, to) => {
      const found = await stat(from);
      if (!found) throw new Fault('gone', `"${from}" is not there.`);
      if (from !== to && (await stat(to))) throw new Fault('place-taken', `"${to}" is taken.`);
      const stamp = made.get(from);
      const origin = behind(from);
      hide(from);
      hidden.delete(to);
      if (stamp) made.set(to, stamp);
      else if (origin !== null) moved.set(to, origin);
      return found.stamp;
    },
    trash: async (path) => hide(path),
    openTemp: refuse,
    place: refuse,
    restore: refuse,
    free: refuse,
    lastUse: (path) => real.lastUse(behind(path) ?? path),
    purge: refuse,
    // What is left to put right is left to a pass.
    keeps: async () => true,
    keyInTrash: (trashKey) => trashKey,
    trashed: async () => [],
    dropTwin: async () => false,
    sweepTemps: async () => 0,
  };
}
