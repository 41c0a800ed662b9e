// The vocabulary of the planner: the three trees that go in, the plan that comes out.
// Plain readonly data; nothing here knows a file, a socket or a clock.
// Reading starts at plan.ts.

import type {
  ContentHash,
  Direction,
  EntryKind,
  FolderRole,
  LocalId,
  RelPath,
  RemoteId,
  Rev,
  SyncedId,
} from '../../src-shared/domain.ts';

/** One folder or attachment of the document store that belongs to the client being planned. */
export interface LocalEntry {
  readonly id: LocalId;
  /** Null at the top of the documents folder. */
  readonly parentId: LocalId | null;
  readonly kind: EntryKind;
  readonly name: string;
  /** Null for files. */
  readonly role: FolderRole | null;
  /** Null for folders. */
  readonly hash: ContentHash | null;
  /** Bytes; 0 for folders. */
  readonly size: number;
  /** False for an attachment whose bytes were freed or never fetched: its missing file is not a deletion. */
  readonly present: boolean;
  /** True while it cannot be judged (changing while read, unreadable): the plan leaves it and what is above it alone. */
  readonly frozen: boolean;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

/** One file or folder under the client's root in Dropbox, as the cursor last told. */
export interface RemoteEntry {
  readonly id: RemoteId;
  /** Below the root, in Dropbox's lower-case key form; the parent's key is the part before the last `/`. */
  readonly pathLower: RelPath;
  readonly kind: EntryKind;
  /** With the case Dropbox keeps. */
  readonly name: string;
  /** Null for folders. */
  readonly rev: Rev | null;
  /** Null for folders and for documents that exist only in the cloud. */
  readonly hash: ContentHash | null;
  readonly size: number;
  /** False for cloud-only documents (Paper …), which can only be exported. */
  readonly downloadable: boolean;
  /** `client_modified` in milliseconds since the epoch, whole seconds. */
  readonly modified: number;
}

/** The merge base: the last state in which both sides agreed about one entry. */
export interface SyncedEntry {
  readonly id: SyncedId;
  readonly parentId: SyncedId | null;
  readonly kind: EntryKind;
  readonly localId: LocalId;
  readonly remoteId: RemoteId;
  readonly localName: string;
  readonly remoteName: string;
  readonly rev: Rev | null;
  readonly hash: ContentHash | null;
  readonly size: number;
  /** True where the database was restored since: that one side lacks the entry now proves no deletion (guard 3). */
  readonly unproven?: boolean;
  /** How often a folder of the ERP was moved back to its place in Dropbox of late. */
  readonly movedBack?: number;
}

export interface PlanInput {
  readonly local: readonly LocalEntry[];
  readonly remote: readonly RemoteEntry[];
  readonly synced: readonly SyncedEntry[];
  readonly policy: PlanPolicy;
  /** Names in folders of this client, or at the top, that belong to other clients or to nobody: taken here only. */
  readonly neighbours?: readonly Neighbour[];
  /** How many entries are synced, where the trees hold a neighbourhood only. */
  readonly entries?: number;
  /** Earlier contents of files in Dropbox, where they were asked for: what is here may be one of them, and no rival. */
  readonly earlier?: ReadonlyMap<RemoteId, ReadonlySet<ContentHash>>;
}

/** An entry here that is none of the client's. */
export interface Neighbour {
  readonly parentId: LocalId | null;
  readonly name: string;
}

export interface PlanPolicy {
  /** Tells names apart that several clients have in their Dropboxes and only one can have here. */
  readonly clientName: string;
  /** `2026-11-23`, for the names of conflicted copies. */
  readonly date: string;
  /** Whether two names here may differ only in case. */
  readonly localCase: 'sensitive' | 'insensitive';
  /** Which names the disk here can hold. */
  readonly localNames: 'posix' | 'windows';
  /** Names that are left alone on both sides. */
  readonly ignored: (path: RelPath, kind: EntryKind) => boolean;
  /** Whether any folder is one-way. */
  readonly oneWay?: boolean;
  /** `both` unless a one-way folder says otherwise. */
  readonly flow: (path: RelPath) => 'both' | 'up' | 'down' | 'off';
  /** Whether the bytes of a document that is new in Dropbox are fetched or only linked. */
  readonly fetch: (path: RelPath) => boolean;
  /** Whether bytes that are not here must come back (reverse sync, or a policy that now keeps them). */
  readonly bringBack: (path: RelPath) => boolean;
  /** True when a person has agreed to the deletions (guard 2). */
  readonly deletionsApproved: boolean;
  /** What earlier plans of the same pass have deleted, and among how many entries. */
  readonly before?: Plan['deletions'];
  /**
   * Equal for policies that answer alike for every path. While it stays the same, what was agreed upon needs no other
   * plan; without one everything is planned every time.
   */
  readonly key?: string;
}

/** Why an operation is planned; the words for people live in the translations. */
export type Reason =
  | 'new-here'
  | 'new-there'
  | 'edited-here'
  | 'edited-there'
  | 'moved-here'
  | 'moved-there'
  | 'deleted-here'
  | 'deleted-there'
  | 'same-content'
  | 'edit-survives-deletion'
  | 'both-changed'
  | 'place-taken'
  | 'folder-of-survivor'
  | 'erp-folder-returns'
  | 'erp-folder-moved-back'
  | 'cycle-undone'
  | 'make-room'
  | 'bytes-freed-restored'
  | 'brought-back'
  | 'link-wanted'
  | 'both-deleted'
  | 'both-moved'
  | 'unproven-deletion';

interface OperationBase {
  /** Stable over passes for the same work on the same entry: carries attempts and back-off from plan to plan. */
  readonly key: string;
  readonly direction: Direction;
  /** Lower runs first: 0 reverse, 1 blocking, 2 direct, 3 backward (SYNC.md §5). */
  readonly priority: 0 | 1 | 2 | 3;
  readonly reason: Reason;
  /** Where the entry will be here when the plan is done. */
  readonly path: RelPath;
  /** Where it will be below the client's root in Dropbox. */
  readonly remotePath: RelPath;
  /** Keys of operations that must be done first. Acyclic. */
  readonly dependsOn: readonly string[];
  /** True when guard 2 holds it until a person agrees. */
  readonly held: boolean;
}

export type Operation =
  /** Bookkeeping, no effect on either side: both sides agree already. */
  | (OperationBase & { readonly kind: 'adopt'; readonly localId: LocalId; readonly remoteId: RemoteId })
  | (OperationBase & { readonly kind: 'forget'; readonly syncedId: SyncedId; readonly remoteId: RemoteId })
  /** Direct: effects in Dropbox. */
  | (OperationBase & { readonly kind: 'remote.folder'; readonly localId: LocalId })
  | (OperationBase & {
      readonly kind: 'remote.upload';
      readonly localId: LocalId;
      /** The rev that must still be current; null to add a new file. */
      readonly replaces: { readonly id: RemoteId; readonly rev: Rev } | null;
      readonly hash: ContentHash;
      readonly size: number;
    })
  | (OperationBase & {
      readonly kind: 'remote.copy';
      readonly from: { readonly id: RemoteId; readonly rev: Rev };
      /** Where it lies now, below the root. */
      readonly fromPath: RelPath;
      readonly hash: ContentHash;
    })
  | (OperationBase & {
      readonly kind: 'remote.move';
      readonly remoteId: RemoteId;
      readonly localId: LocalId | null;
      readonly fromPath: RelPath;
      /** Set aside under a temporary name to make room; a later operation gives it its place. */
      readonly aside: boolean;
      /** Move within one name (case or Unicode form): needs two server moves. */
      readonly respell: boolean;
    })
  | (OperationBase & {
      readonly kind: 'remote.delete';
      readonly remoteId: RemoteId;
      readonly entryKind: EntryKind;
      readonly rev: Rev | null;
      /** The copy in which its content lives on, which must still have it; null where it may go by itself. */
      readonly keptAs: { readonly id: RemoteId; readonly hash: ContentHash } | null;
      /** Every entry that goes with it, itself included. */
      readonly covers: readonly RemoteId[];
    })
  | (OperationBase & {
      readonly kind: 'remote.restore';
      readonly localId: LocalId;
      readonly remoteId: RemoteId;
      readonly rev: Rev;
      /** Where it was in Dropbox before it was deleted. */
      readonly fromPath: RelPath;
    })
  /** A shared link for a document that is in Dropbox; added by the engine, never holds up a transfer (SYNC.md §6). */
  | (OperationBase & { readonly kind: 'remote.link'; readonly localId: LocalId; readonly remoteId: RemoteId })
  /** Backward: effects here. */
  | (OperationBase & { readonly kind: 'local.folder'; readonly remoteId: RemoteId })
  | (OperationBase & {
      readonly kind: 'local.download';
      /** Null for the copy that an earlier operation of this plan makes: looked up at `remotePath`. */
      readonly remoteId: RemoteId | null;
      /** Content to fetch; a rev stays readable after the file has changed. */
      readonly rev: Rev;
      readonly hash: ContentHash;
      readonly size: number;
      readonly modified: number;
      /** The attachment whose bytes are replaced; null to create one. */
      readonly localId: LocalId | null;
      /** Hash that the replaced bytes must still have. */
      readonly replacesHash: ContentHash | null;
    })
  | (OperationBase & {
      readonly kind: 'local.link';
      readonly remoteId: RemoteId;
      readonly localId: LocalId | null;
      /** Hash that the bytes here must still have; null where there must be none. */
      readonly replacesHash: ContentHash | null;
    })
  | (OperationBase & {
      readonly kind: 'local.move';
      readonly localId: LocalId;
      readonly remoteId: RemoteId | null;
      readonly fromPath: RelPath;
      readonly aside: boolean;
      readonly respell: boolean;
    })
  | (OperationBase & {
      readonly kind: 'local.trash';
      readonly localId: LocalId;
      readonly entryKind: EntryKind;
      readonly hash: ContentHash | null;
      /** Every entry that goes with it, itself included. */
      readonly covers: readonly LocalId[];
    });

export type OperationKind = Operation['kind'];

/** Something that the plan cannot do for an entry, in a code that the translations explain. */
export interface Problem {
  readonly path: RelPath;
  readonly localId: LocalId | null;
  readonly remoteId: RemoteId | null;
  readonly code: 'name-refused-by-dropbox' | 'path-too-long';
  readonly detail: string;
}

/** A conflict that this plan settles by keeping both versions. */
export interface ConflictFound {
  readonly path: RelPath;
  readonly copyPath: RelPath;
  readonly reason: Reason;
  /** Keys of the operations that make it stand; it is noted with the first of them that succeeds. */
  readonly operations: readonly string[];
}

export interface Plan {
  /** In an order that can be run from first to last. */
  readonly operations: readonly Operation[];
  readonly problems: readonly Problem[];
  readonly conflicts: readonly ConflictFound[];
  /** How many entries guard 2 counted for deletion, and among how many. */
  readonly deletions: { readonly here: number; readonly there: number; readonly entries: number };
  /** Everything that is not agreed upon before the plan is run: what the next plan must look at again. */
  readonly unsettled: Unsettled;
}

/** Entries by their ids on either side. */
export interface Unsettled {
  readonly local: readonly LocalId[];
  readonly remote: readonly RemoteId[];
}
