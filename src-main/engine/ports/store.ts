// The document store as the engine sees it: the three trees, the queue, what is recorded. Implemented by store/.

import type {
  ClientId,
  ClientReason,
  ClientState,
  ContentHash,
  Cursor,
  Direction,
  EntryKind,
  LocalId,
  RelPath,
  RemoteId,
  Rev,
  SyncedId,
  TaskState,
} from '../../../src-shared/domain.ts';
import type { ClientSignal } from '../../../src-shared/client-state.ts';
import type {
  LocalEntry,
  Neighbour,
  Operation,
  PlanInput,
  PlanPolicy,
  RemoteEntry,
  SyncedEntry,
  Unsettled,
} from '../../sync/model.ts';
import type { FaultCode } from './fault.ts';
import type { ChangePage, SharedLink } from './cloud.ts';
import type { DiskStamp } from './disk.ts';

export interface ClientRow {
  readonly id: ClientId;
  readonly name: string;
  /** Name of the root folder in Dropbox, without `/` at either end; may hold inner `/`. */
  readonly root: string;
  readonly state: ClientState;
  readonly reason: ClientReason | null;
  readonly lastSync: number | null;
  /** Whether documents get shared links; without them their url is the address on Dropbox's own pages. */
  readonly links: boolean;
}

export interface FeedState {
  readonly cursor: Cursor | null;
  /** True while a full listing is under way: the remote tree is not complete. */
  readonly listing: boolean;
  /** True where a page of it was applied in part: told again, it may not have all that it had, and nothing says so. */
  readonly torn: boolean;
  readonly rootId: RemoteId | null;
}

/** One change of the store's rows; a list of them is applied in one transaction. */
export type Effect =
  | {
      readonly kind: 'synced.put';
      /** `added`: the entry that `local.add` made in the same list. */
      readonly localId: LocalId | 'added';
      readonly remoteId: RemoteId;
      readonly entryKind: EntryKind;
      /** The local folder in which both sides agree that it lies; null at the top. */
      readonly localParentId: LocalId | null;
      readonly localName: string;
      readonly remoteName: string;
      readonly rev: Rev | null;
      readonly hash: ContentHash | null;
      readonly size: number;
    }
  /** With all synced entries below it. */
  | { readonly kind: 'synced.remove'; readonly syncedId: SyncedId }
  | { readonly kind: 'synced.removeByRemote'; readonly remoteId: RemoteId }
  | { readonly kind: 'synced.removeByLocal'; readonly localId: LocalId }
  /** A folder of the ERP was moved back to its place in Dropbox. */
  | { readonly kind: 'synced.movedBack'; readonly remoteId: RemoteId }
  | { readonly kind: 'remote.put'; readonly entry: RemoteEntry }
  /** With all entries below it. */
  | { readonly kind: 'remote.move'; readonly id: RemoteId; readonly pathLower: RelPath; readonly name: string }
  | { readonly kind: 'remote.remove'; readonly id: RemoteId }
  | {
      readonly kind: 'local.add';
      readonly parentId: LocalId | null;
      readonly entryKind: EntryKind;
      readonly name: string;
      readonly hash: ContentHash | null;
      readonly size: number;
      readonly present: boolean;
      /** Null only for entries without bytes here. */
      readonly stamp: DiskStamp | null;
      readonly modified: number;
    }
  | {
      readonly kind: 'local.content';
      readonly localId: LocalId;
      /** Null for a document that exists only in the cloud. */
      readonly hash: ContentHash | null;
      readonly size: number;
      /** Null where the bytes are not here: the attachment is a link only. */
      readonly stamp: DiskStamp | null;
      readonly modified: number;
    }
  | {
      readonly kind: 'local.move';
      readonly localId: LocalId;
      readonly parentId: LocalId | null;
      readonly name: string;
      readonly stamp: DiskStamp | null;
    }
  /** With all entries below it; the bytes are in the trash under `trashKey` (null where there were none here). */
  | {
      readonly kind: 'local.remove';
      readonly localId: LocalId;
      readonly trashKey: string | null;
      readonly remoteId: RemoteId | null;
      readonly rev: Rev | null;
    }
  /** The attachment is verified in Dropbox: type `url`. */
  | { readonly kind: 'local.linked'; readonly localId: LocalId | 'added'; readonly url: string }
  /** A shared link that is out in the world from now on. */
  | { readonly kind: 'link.made'; readonly link: SharedLink }
  /** Bytes that an overwrite left in the trash. */
  | {
      readonly kind: 'trash.add';
      readonly trashKey: string;
      readonly path: RelPath;
      readonly reason: 'overwritten' | 'deleted';
      readonly hash: ContentHash | null;
      readonly size: number;
      /** The version in Dropbox that held the same, as both sides last agreed. */
      readonly remoteId: RemoteId | null;
      readonly rev: Rev | null;
    }
  | {
      readonly kind: 'conflict.add';
      readonly path: RelPath;
      readonly copyPath: RelPath;
      readonly reason: string;
    };

export interface LogEntry {
  readonly level: 'info' | 'warning' | 'error';
  readonly clientId: ClientId | null;
  /** Its name, where there is no row of it (any more). */
  readonly client?: string | null;
  /** `TYPE/REF`, where the path does not tell it. */
  readonly record?: string | null;
  /** The person who asked for it; null: Docktide by itself. Left out: who asks at this moment. */
  readonly actor?: string | null;
  readonly direction: Direction | null;
  readonly kind: string;
  readonly path: RelPath | null;
  readonly bytes: number | null;
  /** Milliseconds. */
  readonly duration: number | null;
  readonly result: 'done' | 'held' | 'retry' | 'failed' | 'note';
  readonly reason: string;
}

/** One row of the persisted queue. */
export interface TaskRow {
  readonly id: number;
  readonly clientId: ClientId;
  readonly key: string;
  readonly kind: string;
  readonly direction: Direction;
  readonly priority: number;
  readonly path: RelPath;
  readonly fromPath: RelPath | null;
  readonly reason: string;
  readonly state: TaskState;
  readonly attempts: number;
  /** Milliseconds since the epoch. */
  readonly nextAttempt: number | null;
  readonly error: string | null;
  readonly errorCode: FaultCode | null;
  readonly bytes: number;
  readonly bytesDone: number;
  readonly plannedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** What cannot be done until a person acts; stands in the queue as a failed task (kind `problem`) while it lasts. */
export interface StandingProblem {
  readonly key: string;
  readonly path: RelPath;
  readonly code: string;
  readonly message: string;
}

export interface TaskUpdate {
  readonly state: TaskState;
  readonly attempts?: number;
  readonly nextAttempt?: number | null;
  readonly error?: string | null;
  readonly errorCode?: FaultCode | null;
  readonly bytesDone?: number;
  /** What was asked for may have been done and is agreed upon by nobody: looked for until it is, see `interrupted`. */
  readonly doubtful?: boolean;
}

/** What was started and may have had its effect without a record of it. */
export interface Interrupted {
  readonly taskId: number;
  readonly operation: Operation;
}

/** The part of the document store that the engine works with. Synchronous: every call is one short transaction. */
export interface SyncStore {
  clients(): readonly ClientRow[];
  client(id: ClientId): ClientRow | null;
  /** What happened to a client: its next condition (client-state.ts), told as a notice. True where it changed. */
  signalClient(id: ClientId, signal: ClientSignal): boolean;
  setLastSync(id: ClientId, time: number): void;

  /** Entries that belong to the client: assigned to it themselves or by the nearest folder above that is. */
  localTree(id: ClientId): readonly LocalEntry[];
  /** What lies beside the client's entries and belongs to others: names that are taken here. */
  neighbours(id: ClientId, tree: readonly LocalEntry[]): readonly Neighbour[];
  /** Without the folders that hold backups. */
  remoteTree(id: ClientId): readonly RemoteEntry[];
  syncedTree(id: ClientId): readonly SyncedEntry[];
  hasSynced(id: ClientId): boolean;
  /**
   * The part of the three trees that the next plan can touch, as long as the policy is the one of the last plan (`key`);
   * null where the whole trees must be planned, or the part has more than `limit` entries in the three trees together.
   * `entries`: how many are synced in all.
   */
  changedTrees(
    id: ClientId,
    policy: Pick<PlanPolicy, 'key' | 'localNames' | 'clientName'>,
    limit?: number,
  ): Pick<PlanInput, 'local' | 'remote' | 'synced' | 'entries'> | null;
  /** Folders that the merge base knows, that Dropbox no longer has, and whose folder above it still has, oldest first. */
  vanishedFolders(id: ClientId, policy: string): readonly SyncedEntry[];
  /** Remembers what a plan was made of, for `changedTrees`. The epochs are those before the trees were read. */
  planned(
    id: ClientId,
    made: {
      readonly local: number;
      readonly remote: number;
      readonly policy: string;
      readonly unsettled: Unsettled;
    },
  ): void;

  /** Forgets changes that the last plans knew, so many at a time; true where there may be more. */
  pruneChanges(id: ClientId, limit: number): boolean;

  /** As in `epochs`. */
  localEpoch(): number;

  /**
   * Counters that rise with every change of the local rows (`local`, any client) and of this client's remote rows.
   * The engine stores the pair at which a plan was empty; while they stand still there is nothing to plan.
   */
  epochs(id: ClientId): {
    readonly local: number;
    readonly remote: number;
    readonly settledLocal: number;
    readonly settledRemote: number;
  };
  settle(id: ClientId, local: number, remote: number): void;
  /** Whether some of the merge base is from before a restore and not agreed upon again. */
  hasUnproven(id: ClientId): boolean;
  /** What both trees have as it was agreed upon is agreed upon again. Only once both were looked at as a whole. */
  prove(id: ClientId): void;

  feed(id: ClientId): FeedState;
  /** Forgets cursor and listing (not the entries): the next page starts a full listing. */
  startListing(id: ClientId, rootId: RemoteId): void;
  /**
   * Applies one page, or a part of one under the cursor before it (null: none yet), and stores the cursor, in one
   * transaction. While a listing is under way the page belongs to it; with `hasMore` false it ends the listing, and
   * remote entries that it did not name are removed.
   */
  applyPage(
    id: ClientId,
    page: Omit<ChangePage, 'cursor'> & { readonly cursor: Cursor | null },
  ): { readonly changed: number };

  /** Applies the effects in order, finishes the task where one is named, and writes the log line, in one transaction. */
  record(
    id: ClientId,
    effects: readonly Effect[],
    finish?: { readonly taskId: number; readonly update: TaskUpdate; readonly log?: LogEntry },
  ): {
    readonly added: LocalId | null;
    /** The task as it is then; null where none was named, or it is gone. */
    readonly task: TaskRow | null;
  };

  /**
   * Notes what is about to go to the trash under a key, so that a crash in between loses nothing; the effects
   * `local.remove` and `trash.add` of that key complete it.
   */
  beginTrash(
    id: ClientId,
    trash: {
      readonly localId: LocalId;
      readonly trashKey: string;
      readonly reason: 'deleted' | 'overwritten';
      readonly remoteId: RemoteId | null;
      readonly rev: Rev | null;
    },
  ): void;

  entry(id: LocalId): (LocalEntry & { readonly path: RelPath; readonly stamp: DiskStamp | null }) | null;
  /** The folder or file at a path here (exact spelling); null where there is none. */
  entryAt(path: RelPath): LocalId | null;
  remoteEntry(id: ClientId, remoteId: RemoteId): RemoteEntry | null;
  remoteAt(id: ClientId, pathLower: RelPath): RemoteEntry | null;
  syncedOf(id: ClientId, localId: LocalId): SyncedEntry | null;
  syncedThere(id: ClientId, remoteId: RemoteId): SyncedEntry | null;
  /** Some attachment with this content whose bytes are here, to copy instead of downloading. */
  presentWithHash(hash: ContentHash): { readonly id: LocalId; readonly path: RelPath } | null;
  /** FIFO of folder checks: when the folder at a path (or the nearest known above) was last examined; 0 never. */
  lastChecked(path: RelPath): number;
  setChecked(id: ClientId, time: number): void;

  /** The shared link of a document; null where its url is only the address on Dropbox's own pages. */
  linkOf(id: LocalId): string | null;
  /** Synced documents of a client with links that have none yet, oldest first. */
  linkless(id: ClientId, limit: number): readonly { readonly localId: LocalId; readonly remoteId: RemoteId }[];
  /** Folders to compare with Dropbox itself, those unexamined for longest first; the root is `id` null. */
  auditDue(
    id: ClientId,
    limit: number,
  ): readonly { readonly id: SyncedId | null; readonly remoteId: RemoteId | null }[];
  setAudited(id: ClientId, folder: SyncedId | null, time: number): void;
  /** What the store believes to lie in a remote folder, one level. */
  remoteChildren(id: ClientId, folder: RelPath): readonly RemoteEntry[];
  /** What the store believes to lie in a remote folder and all below it, `limit` entries at most. */
  remoteBelow(id: ClientId, folder: RelPath, limit: number): readonly RemoteEntry[];

  /** Folders of Dropbox that hold backups and no documents. */
  reservedFolders(
    id: ClientId,
  ): readonly { readonly id: RemoteId; readonly pathLower: RelPath; readonly name: string }[];
  /** It stays reserved, whatever becomes of its marker. */
  rememberReserved(id: ClientId, folder: RemoteId): void;
  /** Name keys of everything at the top of the documents folder. */
  topKeys(): ReadonlySet<string>;

  /** Behind all open tasks of the client: a new plan's tasks begin here (engine/queue.ts). */
  nextPosition(id: ClientId): number;
  /**
   * Enters a part of a plan from a position on, as planned, blocked or held: a task with the same key keeps its row,
   * attempts and back-off.
   */
  putTasks(id: ClientId, operations: readonly Operation[], from: number, now: number): readonly TaskRow[];
  putProblems(id: ClientId, problems: readonly StandingProblem[], from: number, now: number): readonly TaskRow[];
  /** Open tasks before a position become stale, and very old finished ones go; true where there may be more. */
  retireTasks(id: ClientId, before: number, limit: number, now: number): boolean;
  task(taskId: number): TaskRow | null;
  /** Tasks of the client that are not finished: planned, blocked, running, retry, held, failed. */
  openTasks(id: ClientId): readonly TaskRow[];
  /** What was started and whose outcome is not known: it may have had its effect, also where it is no longer planned. */
  interrupted(id: ClientId): readonly Interrupted[];
  /** It was looked for: nothing is left to find, or it was not found, which it may be a few times. */
  lookedFor(taskId: number, result: 'settled' | 'in-vain'): void;
  /** What guard 2 holds, as the last plan had it. */
  heldOperations(id: ClientId): readonly Operation[];
  /** What one side only has of these lives, whatever took it from the other, until both sides have it again. */
  doubtSynced(id: ClientId, local: readonly LocalId[]): void;
  /** Both sides no longer agree about these entries alone: the next plan takes what is there as new. */
  forgetSynced(
    id: ClientId,
    entries: { readonly local?: readonly LocalId[]; readonly remote?: readonly RemoteId[] },
  ): void;
  /** Answers the task as it is then; null where it is gone. */
  updateTask(taskId: number, update: TaskUpdate): TaskRow | null;
  /** Runs `work`, which may call any method of the store, in one transaction. */
  batch<T>(work: () => T): T;
  log(entry: LogEntry): void;
}
