// The words of the domain as types: branded ids and paths, entry kinds, client states.
// Everything here is plain data; both processes and every layer may import it.

declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Path relative to the documents folder or to a client's root: `/` between names, no leading or trailing `/`; `''` is the root. */
export type RelPath = Brand<string, 'RelPath'>;
/** Dropbox content hash: 64 lower-case hex digits (SHA-256 over the SHA-256 of each 4 MiB block). */
export type ContentHash = Brand<string, 'ContentHash'>;
/** Dropbox revision of a file: nine or more hex digits. */
export type Rev = Brand<string, 'Rev'>;
/** Opaque position in a client's change feed. */
export type Cursor = Brand<string, 'Cursor'>;
/** Dropbox id of a file or folder (`id:…`). */
export type RemoteId = Brand<string, 'RemoteId'>;
/** Row id of a folder or attachment in the document store. */
export type LocalId = Brand<number, 'LocalId'>;
/** Row id of a synced entry (the merge base). */
export type SyncedId = Brand<number, 'SyncedId'>;
/** Row id of a client. */
export type ClientId = Brand<number, 'ClientId'>;

export type EntryKind = 'file' | 'folder';

/**
 * What a folder is for. `rule` and `record` folders belong to the ERP: they return when they are deleted or moved
 * in Dropbox. `subfolder` is one of a rule's default subfolders; `manual` is any other folder.
 */
export type FolderRole = 'rule' | 'record' | 'subfolder' | 'manual';

/** `binary`: the bytes are kept here; `url`: the document is in Dropbox, its bytes may or may not be here too. */
export type AttachmentType = 'binary' | 'url';

export type ClientState = 'draft' | 'connected' | 'paused' | 'disconnected' | 'resetting';

/** Why a client is disconnected or paused by the engine itself. */
export type ClientReason =
  'login-revoked' | 'permission-missing' | 'no-network' | 'account-full' | 'root-gone' | 'paused-by-person';

export type TaskState = 'planned' | 'blocked' | 'running' | 'done' | 'stale' | 'retry' | 'held' | 'failed';

export type Direction = 'direct' | 'backward' | 'reverse';

/** The state of one entry as `ls` and the window show it. */
export type SyncState =
  | 'synced'
  | 'pending'
  | 'uploading'
  | 'downloading'
  | 'held'
  | 'failed'
  | 'conflict'
  | 'freed'
  | 'ignored'
  | 'unassigned';

export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}

export const ROOT = '' as RelPath;

/** Joins names to a path; empty parts are left out. */
export function joinPath(...parts: readonly string[]): RelPath {
  return parts.filter((part) => part !== '').join('/') as RelPath;
}

/** The folder that holds `path`; the root for a top-level name. */
export function parentPath(path: RelPath): RelPath {
  const cut = path.lastIndexOf('/');
  return (cut < 0 ? '' : path.slice(0, cut)) as RelPath;
}

/** The last name of `path`. */
export function baseName(path: RelPath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
