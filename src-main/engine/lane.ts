// What every effect of one client's lane works with: the parts, the client, its cloud, and how results are recorded.
// Made by pass.ts; used by the effect files.

import { baseName, joinPath, parentPath, type LocalId, type RelPath, type RemoteId } from '../../src-shared/domain.ts';
import { nameKey } from '../../src-shared/names.ts';
import type { Operation, RemoteEntry as Remote, SyncedEntry } from '../sync/model.ts';
import type { EngineParts, PassOptions, Tally } from './parts.ts';
import {
  type ClientRow,
  type CloudStore,
  type Effect,
  Fault,
  type LogEntry,
  type SyncStore,
  type TaskRow,
} from './ports.ts';

/** The rows of both sides as they were at one moment; see SyncStore.epochs. */
export type Moment = Pick<ReturnType<SyncStore['epochs']>, 'local' | 'remote'>;

export interface Lane {
  readonly parts: EngineParts;
  readonly client: ClientRow;
  readonly cloud: CloudStore;
  readonly options: PassOptions;
  readonly tally: Tally;
  /** Keys of operations after which a conflict stands, with the paths of both versions. */
  readonly conflicts: ReadonlyMap<string, { readonly path: RelPath; readonly copyPath: RelPath }>;
  /** Copies that this run made in Dropbox, by their path below the root. */
  readonly copies: Map<RelPath, Remote>;
  /** Keys of tasks that failed in this pass: they wait for another one, whoever asked. */
  readonly failed: Set<string>;
  /** Copies of conflicts that this pass has counted. */
  readonly told: Set<RelPath>;
  /** When the plan was made; null where what comes after it is planned anew in any case. */
  readonly plannedAt: Moment | null;
  /** Set by an effect that found the documents folder other than the rows say. */
  rescan: boolean;
}

export interface Done {
  readonly effects: readonly Effect[];
  /** Counts what was done once it is recorded. */
  readonly count: (tally: Tally) => void;
  readonly bytes?: number;
  /** True where the effect itself has looked last whether the documents folder is there. */
  readonly checked?: boolean;
  /**
   * Looks again once it is recorded, where nothing on the disk stands for the record. Answers what takes the record back:
   * people were at work there in the instant before. Empty where it holds.
   */
  readonly takenBack?: () => Promise<readonly Effect[]>;
  /** True where it was done and cannot be agreed upon as planned: the next plan looks for it (interrupted.ts). */
  readonly doubtful?: boolean;
}

/** The local folder in which an operation's entry lies when it is done; undefined where it is not there. */
export function parentFor(lane: Lane, path: RelPath): LocalId | null | undefined {
  const above = parentPath(path);
  if (above === '') return null;
  return lane.parts.store.entryAt(above) ?? undefined;
}

/**
 * True when Dropbox has the entry where the operation wants it: under that name, in the peer of the folder here. Names
 * are compared by one function on both sides, folders by the merge base, so that no rule of Dropbox's own about lower
 * case can make a difference.
 */
export function isInPlace(
  lane: Lane,
  operation: Operation,
  remote: Remote,
  localParentId = parentFor(lane, operation.path),
): boolean {
  if (nameKey(remote.name) !== nameKey(baseName(operation.remotePath))) return false;
  const { store } = lane.parts;
  const above = parentPath(remote.pathLower);
  if (localParentId === undefined) return false;
  if (localParentId === null) return above === '';
  const peer = store.syncedOf(lane.client.id, localParentId);
  return peer !== null && store.remoteEntry(lane.client.id, peer.remoteId)?.pathLower === above;
}

/** As `isInPlace`, before an effect that only makes sense there. Throws Fault 'conflict'. */
export function expectInPlace(lane: Lane, operation: Operation, remote: Remote): void {
  if (!isInPlace(lane, operation, remote)) {
    throw new Fault('conflict', `"${operation.remotePath}" is elsewhere in Dropbox meanwhile.`);
  }
}

/**
 * The merge base follows: both sides agree on this entry and its content. Nothing where they are not at one place.
 * `local`: its row, where that was read just now.
 */
export function agreed(
  lane: Lane,
  operation: Operation,
  localId: LocalId | 'added',
  remote: Remote,
  local: ReturnType<SyncStore['entry']> = null,
): Effect[] {
  const localParentId = local?.path === operation.path ? local.parentId : parentFor(lane, operation.path);
  if (localParentId === undefined || !isInPlace(lane, operation, remote, localParentId)) return [];
  return [
    {
      kind: 'synced.put',
      localId,
      remoteId: remote.id,
      entryKind: remote.kind,
      localParentId,
      localName: baseName(operation.path),
      remoteName: remote.name,
      rev: remote.rev,
      hash: remote.hash,
      size: remote.size,
    },
  ];
}

/** After a move: the place is agreed once both sides are there; the content stays as it was last agreed. */
export function agreedPlace(
  lane: Lane,
  operation: Operation,
  localId: LocalId | null,
  remote: Remote | null,
): Effect[] {
  const { store } = lane.parts;
  const local = localId === null ? null : store.entry(localId);
  if (!local || !remote || localId === null) return [];
  const same = local.kind === 'folder' || local.hash === remote.hash;
  const known = store.syncedOf(lane.client.id, localId) ?? successor(lane, remote);
  if (!same && !known) return [];
  return agreed(lane, operation, localId, remote).map((effect) =>
    effect.kind === 'synced.put' && !same && known
      ? { ...effect, rev: known.rev, hash: known.hash, size: known.size }
      : effect,
  );
}

/** What was agreed with a document that is gone here: the new one at its place goes on with its identity. */
function successor({ client, parts: { store } }: Lane, remote: Remote): SyncedEntry | null {
  const base = store.syncedThere(client.id, remote.id);
  return base === null || store.entry(base.localId) !== null ? null : base;
}

export function linked(lane: Lane, localId: LocalId | 'added', operation: Operation): Effect {
  // A shared link outlives edits, moves and renames: it is kept.
  const known = localId === 'added' ? null : lane.parts.store.linkOf(localId);
  if (known !== null) return { kind: 'local.linked', localId, url: known };
  return { kind: 'local.linked', localId, url: lane.parts.urlFor(lane.client, operation.remotePath) };
}

export function conflictOf(lane: Lane, operation: Operation): Effect[] {
  const found = lane.conflicts.get(operation.key);
  if (!found) return [];
  return [{ kind: 'conflict.add', path: found.path, copyPath: found.copyPath, reason: operation.reason }];
}

/** A name in the trash that no other deletion has; tells what it was, see store/observer/leftovers.ts. */
export function trashKey(lane: Lane, localId: LocalId): string {
  return `${lane.parts.clock.now().toString(36)}-${localId}-${Math.floor(lane.parts.random() * 1e6).toString(36)}`;
}

/** The row that an operation works on; stale where it is gone. */
export function localEntry(lane: Lane, localId: LocalId) {
  const entry = lane.parts.store.entry(localId);
  if (!entry) throw new Fault('gone', 'The document is no longer in the document store.');
  return entry;
}

/** The folder in which an operation's entry is to lie here; stale where it is gone. */
export function knownParent(lane: Lane, path: RelPath) {
  const parentId = parentFor(lane, path);
  if (parentId === undefined) throw new Fault('gone', `The folder of "${path}" is no longer here.`);
  return parentId;
}

export function changedHere(path: RelPath): Fault {
  return new Fault('changed', `"${path}" has changed here meanwhile.`);
}

export function remoteEntry(lane: Lane, remoteId: RemoteId): Remote {
  const entry = lane.parts.store.remoteEntry(lane.client.id, remoteId);
  if (!entry) throw new Fault('not-found', 'The document is no longer in Dropbox.');
  return entry;
}

export function siblingPath(path: RelPath, name: string): RelPath {
  return joinPath(parentPath(path), name);
}

export function logOf(lane: Lane, operation: Operation, task: TaskRow, done: Pick<Done, 'bytes'>): LogEntry {
  return {
    level: operation.reason === 'both-changed' || operation.reason === 'place-taken' ? 'warning' : 'info',
    clientId: lane.client.id,
    direction: operation.direction,
    kind: operation.kind,
    path: operation.path,
    bytes: done.bytes ?? null,
    duration: task.startedAt === null ? null : lane.parts.clock.now() - task.startedAt,
    result: 'done',
    reason: operation.reason,
  };
}
