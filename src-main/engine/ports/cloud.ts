// Dropbox as the engine sees it: one client from its root folder. Implemented by cloud/.

import type { ContentHash, Cursor, EntryKind, RelPath, RemoteId, Rev } from '../../../src-shared/domain.ts';
import type { LinkAudience } from '../../../src-shared/link-views.ts';
import type { RemoteEntry } from '../../sync/model.ts';
import type { Outcome } from './fault.ts';

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
  /**
   * The bytes from `start` to the end, each chunk valid until the next is asked for; may be called again with another
   * start after a failure. Throws Fault 'changed'.
   */
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
  /** Each chunk is done with before the next is asked for: large files may then come in parts side by side. */
  readonly inPassing?: boolean;
  readonly rev: Rev;
  readonly hash: ContentHash;
  readonly size: number;
}

export interface Move {
  readonly id: RemoteId;
  readonly to: RelPath;
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
  /** As `move`, many in one call where possible: none of the places is, holds or lies in another one. */
  moveAll(moves: readonly Move[]): Promise<readonly Outcome<RemoteEntry>[]>;
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
