// Settling a conflict (B4): keep the version from here, the one from Dropbox, or both. What gives way goes to the trash;
// the next pass carries the result to Dropbox. Called by the application service.

import { parentPath, type RelPath } from '../../src-shared/domain.ts';
import type { LocalGate } from '../engine/local-gate.ts';
import { Fault, type Observer } from '../engine/ports.ts';
import type { StoreDisk } from '../store/disk/store-disk.ts';
import { StoreError } from '../store/errors.ts';
import type { TrashNote } from '../store/keepsakes.ts';
import type { DocumentStore } from '../store/open-store.ts';

export type Settlement = 'keep-here' | 'keep-dropbox' | 'keep-both';

export interface ConflictParts {
  readonly store: DocumentStore;
  readonly disk: StoreDisk;
  readonly observer: Observer;
  readonly gate: LocalGate;
  readonly now: () => number;
}

export interface SettledConflict {
  readonly id: number;
  readonly path: RelPath;
  readonly settled: Settlement;
  /** What lies in the folder now. */
  readonly kept: readonly RelPath[];
}

/** Throws StoreError 'unknown-conflict'; Fault where a version is missing or has changed, and nothing is done then. */
export async function settleConflict(
  parts: ConflictParts,
  id: number,
  settlement: Settlement,
): Promise<SettledConflict> {
  const { store, disk, observer, gate } = parts;
  const conflict = store.keepsakes.openConflicts().find((one) => one.id === id);
  if (!conflict) {
    throw new StoreError('unknown-conflict', `There is no open conflict ${id}. See "docktide conflicts" for the list.`);
  }
  const path = conflict.path as RelPath;
  const copy = conflict.copy as RelPath;
  await disk.check();
  let kept: RelPath[] = [path, copy];
  const prefix = trashPrefix(id);
  if (settlement !== 'keep-both') {
    await gate.effect(() =>
      settlement === 'keep-here' ? discard(parts, prefix, copy) : replace(parts, prefix, path, copy),
    );
    kept = [path];
  }
  store.keepsakes.resolveConflict(id);
  await gate.scan(() => observer.observe([parentPath(path), parentPath(copy), path, copy]));
  return { id, path, settled: settlement, kept };
}

/** What a settlement put into the trash is found again by this beginning of its key. */
export function trashPrefix(conflict: number): string {
  return `conflict-${conflict}-`;
}

async function discard({ store, disk, now }: ConflictParts, prefix: string, path: RelPath): Promise<void> {
  const entry = entryAt(store, path);
  const client = store.entries.clientOf(entry.id);
  const synced = client === null ? null : store.sync.syncedOf(client, entry.id);
  const key = `${prefix}${now().toString(36)}-${entry.id}`;
  const row = {
    client,
    trashKey: entry.present ? key : null,
    path,
    entryKind: 'file',
    reason: 'deleted',
    hash: entry.hash,
    size: entry.size,
    remoteId: synced?.remoteId ?? null,
    rev: synced?.rev ?? null,
    contents: null,
  } as const;
  await noted(store, row, async () => {
    if (entry.present) await disk.trash(path, key);
  });
  store.entries.remove(entry.id);
}

/** The trash knows of it before the bytes move, so that a crash in between leaves nothing that no list knows. */
async function noted<T>({ keepsakes }: DocumentStore, row: TrashNote, work: () => Promise<T>): Promise<T> {
  if (row.trashKey !== null) keepsakes.beginTrash(row);
  const result = await work();
  keepsakes.addTrash(row);
  return result;
}

/** The document keeps its identity and gets the other version's bytes. `prefix`: of the keys in the trash. */
export async function replace(parts: ConflictParts, prefix: string, path: RelPath, copy: RelPath): Promise<void> {
  const { store, disk, now } = parts;
  const target = entryAt(store, path);
  const source = entryAt(store, copy);
  if (!source.present || !target.present) {
    const missing = source.present ? path : copy;
    throw new Fault('gone', `The bytes of "${missing}" are not here. Open it first: docktide open "${missing}".`);
  }
  const stamp = store.sync.entry(target.id)?.stamp;
  if (!stamp) throw new Fault('changed', `"${path}" has changed meanwhile. Look again.`);
  const key = `${prefix}${now().toString(36)}-${target.id}`;
  const temp = await disk.openTemp(parentPath(path), key);
  try {
    for await (const chunk of disk.read(copy, 0)) await temp.write(chunk);
    await temp.finish();
    if ((await temp.hash()) !== source.hash) throw new Fault('changed', `"${copy}" has changed meanwhile. Look again.`);
    const client = store.entries.clientOf(target.id);
    const base = client === null ? null : store.sync.syncedOf(client, target.id);
    const row: TrashNote = {
      client,
      trashKey: key,
      path,
      entryKind: 'file',
      reason: 'overwritten',
      hash: target.hash,
      size: target.size,
      remoteId: base?.remoteId ?? null,
      rev: base?.rev ?? null,
      contents: null,
    };
    await noted(store, row, () => disk.place(temp, path, { modified: now(), replaces: stamp, trashKey: key }));
  } catch (error) {
    await temp.discard().catch(() => undefined);
    throw error;
  }
  await discard(parts, prefix, copy);
}

function entryAt(store: DocumentStore, path: RelPath) {
  const id = store.entries.entryAt(path);
  const row = id === null ? null : store.entries.get(id);
  if (row?.kind !== 'file') throw new Fault('gone', `"${path}" is no longer here. Sync and look again.`);
  return { ...row, present: row.present === 1 };
}
