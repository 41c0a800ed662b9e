// The ports of the engine: everything it does to the world goes through these interfaces.
// Implemented by store/ (SyncStore, Observer, DocumentsDisk), cloud/ (CloudStore) and infra/ (Clock, Random);
// the simulation implements the disk, the cloud and the clock in memory.

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
} from '../../src-shared/domain.ts';
import type { ClientSignal } from '../../src-shared/client-state.ts';
import type { LinkAudience } from '../../src-shared/link-views.ts';
import type {
  LocalEntry,
  Neighbour,
  Operation,
  PlanInput,
  PlanPolicy,
  RemoteEntry,
  SyncedEntry,
  Unsettled,
} from '../sync/model.ts';

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `milliseconds`, rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** A number in [0, 1). */
export type Random = () => number;

// ---------------------------------------------------------------- errors

export type FaultCode =
  // Dropbox
  | 'cursor-reset'
  | 'root-gone'
  | 'not-found'
  | 'conflict'
  | 'hash-mismatch'
  | 'no-space'
  | 'name-refused'
  | 'no-permission'
  | 'rate-limited'
  | 'busy'
  | 'login-lost'
  | 'scope-missing'
  | 'network'
  | 'server'
  | 'not-downloadable'
  | 'too-many-files'
  | 'bad-request'
  // documents folder
  | 'documents-missing'
  | 'marker-missing'
  | 'read-only'
  | 'disk-full'
  | 'place-taken'
  | 'gone'
  | 'changed'
  | 'unreadable'
  | 'not-empty'
  | 'path-too-long'
  // anywhere
  | 'aborted'
  | 'internal';

/** The error value of every port. `message` is a sentence that names what is wrong and what to do, without secrets. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly retryable: boolean;
  /** Seconds that the server asked to wait, where it did. */
  readonly retryAfter: number | null;
  constructor(
    code: FaultCode,
    message: string,
    options: { retryable?: boolean; retryAfter?: number | null; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfter = options.retryAfter ?? null;
  }
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

// ---------------------------------------------------------------- Dropbox

export type RemoteChange =
  { readonly kind: 'put'; readonly entry: RemoteEntry } | { readonly kind: 'deleted'; readonly pathLower: RelPath };

export interface ChangePage {
  /** To be applied in order (DROPBOX.md, Changes). Paths are below the client's root; the root itself is left out. */
  readonly changes: readonly RemoteChange[];
  readonly cursor: Cursor;
  readonly hasMore: boolean;
  /** The id of the root folder where the page tells it: it must still be the one that was synced (guard 1). */
  readonly rootId?: RemoteId;
}

export interface UploadRequest {
  /** Below the root, spelled as it shall be. */
  readonly path: RelPath;
  /** The rev that must be current; null to add a new file that must not exist yet. */
  readonly replaces: Rev | null;
  readonly size: number;
  readonly hash: ContentHash;
  /** Milliseconds since the epoch; sent in whole seconds. */
  readonly modified: number;
  /** The bytes from `start` to the end; may be called again with another start after a failure. Throws Fault 'changed'. */
  readonly read: (start: number) => AsyncIterable<Uint8Array>;
}

export interface UploadHooks {
  /** Called once a request, in any order, as soon as its commit is known. May be async; awaited. */
  readonly settled: (index: number, outcome: Outcome<RemoteEntry>) => void | Promise<void>;
  /** In place of `settled` for requests whose commits became known at once. */
  readonly settledTogether?: (
    results: readonly (readonly [index: number, outcome: Outcome<RemoteEntry>])[],
  ) => void | Promise<void>;
  readonly started?: (index: number) => void;
  /** Large files stop after the piece that is under way ('aborted'), and go on from there in another call. */
  readonly others?: AbortSignal;
  /** Bytes that went out for a request since the last call. */
  readonly sent?: (index: number, bytes: number) => void;
  readonly signal?: AbortSignal;
}

export interface DownloadRequest {
  readonly rev: Rev;
  readonly hash: ContentHash;
  readonly size: number;
}

export interface HashedContent {
  readonly hash: ContentHash;
  readonly bytes: Uint8Array;
}

export interface AccountInfo {
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
  readonly kind: 'basic' | 'pro' | 'business';
  readonly photoUrl: string | null;
  /** Where the account's paths may begin: the team space, or the account's own folder where there is none. */
  readonly rootNamespace: string;
  readonly homeNamespace: string;
  /** Where the account's own folder lies in the team space, with a leading `/`; null without a team space. */
  readonly homePath: string | null;
  readonly team: { readonly id: string; readonly name: string } | null;
}

/** Room in a Dropbox account, in bytes. */
export interface SpaceInfo {
  readonly used: number;
  /** Null where Dropbox does not tell. */
  readonly allowed: number | null;
  /** What the whole team uses and may use. */
  readonly team: { readonly used: number; readonly allowed: number } | null;
}

/** A shared link and what it leads to. */
export interface SharedLink {
  readonly url: string;
  readonly remoteId: RemoteId | null;
  /** From the account's top, with a leading `/`, in lower case. */
  readonly pathLower: string | null;
  readonly name: string;
  readonly kind: EntryKind;
  /** The resolved one: the account's policy may have changed what was asked for. */
  readonly audience: LinkAudience;
  readonly password: boolean;
  /** Milliseconds since the epoch; null never. */
  readonly expires: number | null;
}

/** One version of a file in Dropbox. */
export interface Version {
  readonly rev: Rev;
  readonly hash: ContentHash;
}

/**
 * One Dropbox client seen from its root folder. All paths are below the root; ids are Dropbox ids.
 * Every method throws or answers Fault; transient faults were retried inside with back-off already.
 */
export interface CloudStore {
  /** Creates the root folder where it is missing; answers its id and whether it was created. */
  ensureRoot(): Promise<{ readonly id: RemoteId; readonly created: boolean }>;
  /** `null` starts a full recursive listing. Faults: cursor-reset, root-gone. */
  changes(cursor: Cursor | null): Promise<ChangePage>;
  /** Long-polls; resolves with whether there may be changes and how long to back off (seconds). */
  waitForChange(
    cursor: Cursor,
    timeoutSeconds: number,
    signal: AbortSignal,
  ): Promise<{ changed: boolean; backoff: number }>;
  /** Null where it does not exist (or is deleted). `inside` is false for an id that now lies outside the root. */
  lookup(target: { id: RemoteId } | { path: RelPath }): Promise<{ entry: RemoteEntry; inside: boolean } | null>;
  /** One level of a folder, for the audit. */
  list(path: RelPath): Promise<readonly RemoteEntry[]>;
  /** In one batch where possible, parents first; a folder that exists already answers fault 'conflict'. */
  createFolders(paths: readonly RelPath[]): Promise<readonly Outcome<RemoteEntry>[]>;
  /** Small files share upload sessions committed in batches; large ones stream and resume. */
  upload(requests: readonly UploadRequest[], hooks: UploadHooks): Promise<void>;
  /** Streams content by rev, from byte `start`. The caller verifies the hash. */
  download(request: DownloadRequest, start: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /**
   * Contents of the files in a folder and all below it, in one answer, in no order and without names: who asks knows
   * them by their hash. `bytes`: how many it should be; much more is refused. Left out where a service has no such call;
   * not repeated after faults, because every file can be had by itself.
   */
  contentsOf?(folder: RemoteId, bytes: number, signal?: AbortSignal): Promise<readonly HashedContent[]>;
  /** Server-side; never replaces ('conflict'). `to` differs from the present path in more than case. */
  move(id: RemoteId, to: RelPath): Promise<RemoteEntry>;
  copy(rev: Rev, to: RelPath): Promise<RemoteEntry>;
  /** `rev`, for files, must be current ('conflict' otherwise). 'not-found' counts as done by the caller. */
  remove(targets: readonly { readonly id: RemoteId; readonly rev: Rev | null }[]): Promise<readonly Outcome<null>[]>;
  restore(path: RelPath, rev: Rev): Promise<RemoteEntry>;
  /** A shared link: one that exists already, else a new one, public for personal accounts and for the team otherwise. */
  link(id: RemoteId): Promise<SharedLink>;
  /** A cloud-only document in the format that Dropbox prefers. Faults: not-downloadable where it has none. */
  exportDocument(id: RemoteId): Promise<{ readonly name: string; readonly bytes: AsyncIterable<Uint8Array> }>;
  /** What the file has held, newest first, as far back as Dropbox tells in one answer; documents without bytes left out. */
  versions(id: RemoteId): Promise<readonly Version[]>;
  account(): Promise<AccountInfo>;
  /** HTTP requests and body bytes since the client was opened. */
  traffic(): { readonly requests: number; readonly bytesUp: number; readonly bytesDown: number };
}

// ---------------------------------------------------------------- documents folder

/** What the disk says about one file; equal `version` means: not touched since. */
export interface DiskStamp {
  readonly size: number;
  /** Whole milliseconds since the epoch. */
  readonly modified: number;
  /** Device, inode and birth time: follows a file through renames. */
  readonly fileId: string;
  /** Size, mtime, ctime (nanoseconds) and fileId in one text. */
  readonly version: string;
}

export interface DiskEntry {
  readonly name: string;
  /** `unusable`: symlinks, sockets and names that are not UTF-8; never followed, reported. */
  readonly kind: EntryKind | 'unusable';
  readonly stamp: DiskStamp;
}

/** A file being written beside its place, under a temporary name that no scan reports. */
export interface TempFile {
  readonly path: RelPath;
  /** Bytes that an interrupted write left behind; a download resumes from here. */
  readonly size: number;
  write(chunk: Uint8Array): Promise<void>;
  /** Flushes to disk and closes. */
  finish(): Promise<void>;
  discard(): Promise<void>;
  /** The content hash of everything in the file, the resumed bytes included. */
  hash(): Promise<ContentHash>;
}

/** The documents folder as a disk: effects only, no database. Faults as listed; nothing outside the folder is touched. */
export interface DocumentsDisk {
  /** Faults: documents-missing, marker-missing, read-only. */
  check(): Promise<void>;
  list(folder: RelPath): Promise<readonly DiskEntry[]>;
  stat(path: RelPath): Promise<DiskEntry | null>;
  /** Null when the file changed while it was read. Faults: gone, unreadable. */
  hash(path: RelPath): Promise<{ readonly hash: ContentHash; readonly stamp: DiskStamp } | null>;
  read(path: RelPath, start: number): AsyncIterable<Uint8Array>;
  /** Faults: place-taken, disk-full. */
  makeFolder(path: RelPath): Promise<DiskStamp>;
  /** Never replaces. Faults: gone, place-taken. */
  move(from: RelPath, to: RelPath): Promise<DiskStamp>;
  /** Opens the temporary file for `key` in `folder`, keeping what an interrupted write left. */
  openTemp(folder: RelPath, key: string): Promise<TempFile>;
  /**
   * Puts a finished temporary file at `to`. `replaces` null: the place must be free ('place-taken'); else the file
   * there must still carry that version ('changed') and is kept in the trash under `trashKey`.
   */
  place(
    temp: TempFile,
    to: RelPath,
    options: { readonly modified: number; readonly replaces: DiskStamp | null; readonly trashKey: string },
  ): Promise<DiskStamp>;
  /** Moves a file, or a folder with all it holds, to the trash. Faults: gone. */
  trash(path: RelPath, trashKey: string): Promise<void>;
}

// ---------------------------------------------------------------- document store

export interface LocalProblem {
  readonly path: RelPath;
  readonly code: 'unreadable' | 'changing' | 'not-utf8' | 'symlink' | 'case-clash' | 'ignored-name';
  readonly message: string;
}

export interface LocalObservation {
  /** Rows of the store that changed. */
  readonly changed: number;
  readonly problems: readonly LocalProblem[];
  /** Files whose content was read. */
  readonly hashed: number;
  /** False where the folder kept changing, so that rows stand for files which may be gone. */
  readonly certain: boolean;
}

/** Brings the store's rows up to date with the documents folder and with rules and records (folders, default subfolders). */
export interface Observer {
  /**
   * `isChanging`: files whose content is left for a later look, as though they changed right after this one.
   * Faults: those of DocumentsDisk.check.
   */
  observe(scope: 'everything' | readonly RelPath[], isChanging?: (path: RelPath) => boolean): Promise<LocalObservation>;
  /** What lies at the top and belongs to nobody becomes the client's that has it in Dropbox, as far as that is known. */
  claim(): void;
}

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
   * null where the whole trees must be planned. `entries`: how many are synced in all.
   */
  changedTrees(
    id: ClientId,
    policy: Pick<PlanPolicy, 'key' | 'localNames' | 'clientName'>,
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
  ): { readonly added: LocalId | null };

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
  /** Both sides no longer agree about these entries alone: the next plan takes what is there as new. */
  forgetSynced(
    id: ClientId,
    entries: { readonly local?: readonly LocalId[]; readonly remote?: readonly RemoteId[] },
  ): void;
  updateTask(taskId: number, update: TaskUpdate): void;
  /** Runs `work`, which may call any method of the store, in one transaction. */
  batch<T>(work: () => T): T;
  log(entry: LogEntry): void;
}
