// What may be asked of a Dropbox account beyond a client's root folder: folders anywhere in it, copies that Dropbox
// makes itself, earlier versions, pictures and previews. Implemented by dropbox/account-files.ts; used by files/ and
// bulk/. Paths are those of the account, without a leading `/`; entries carry them in `pathLower`.

import type { ContentHash, RelPath, RemoteId, Rev } from '../../src-shared/domain.ts';
import type { Outcome } from '../engine/ports.ts';
import type { RemoteEntry } from '../sync/model.ts';

export interface CopyRequest {
  /** A file or folder that is in the account. */
  readonly from: RemoteId;
  readonly to: RelPath;
  /** Of a file: tells, after a lost answer, whether it was copied; null for a document without content of its own. */
  readonly hash: ContentHash | null;
}

export interface Revision {
  readonly rev: Rev;
  readonly hash: ContentHash | null;
  /** Bytes. */
  readonly size: number;
  /** When the program that wrote it says that it was modified; milliseconds since the epoch. */
  readonly modified: number;
  /** When Dropbox got it; milliseconds since the epoch. */
  readonly saved: number;
}

/** Bytes that Dropbox made of a document. */
export interface Rendering {
  readonly mime: string;
  /** Null where Dropbox does not say. */
  readonly size: number | null;
  readonly bytes: AsyncIterable<Uint8Array>;
}

export const THUMBNAIL_SIZES = [64, 128, 256, 480, 640, 960, 1024, 2048] as const;
export type ThumbnailSize = (typeof THUMBNAIL_SIZES)[number];

/** Every method throws Fault, or answers it in an Outcome; transient faults were retried inside. */
export interface AccountFiles {
  /** Null where nothing is there; the top of the account is a folder without an id of its own. */
  find(path: RelPath): Promise<(Pick<RemoteEntry, 'kind'> & Partial<RemoteEntry>) | null>;
  /** One level of a folder. Faults: not-found. */
  list(path: RelPath): Promise<readonly RemoteEntry[]>;
  /** Everything below a folder, in pages; `pathLower` is relative to that folder. Faults: not-found. */
  walk(path: RelPath, signal?: AbortSignal): AsyncIterable<readonly RemoteEntry[]>;
  /** Parents first, missing parents included; a folder that is there already counts as made. */
  makeFolders(paths: readonly RelPath[]): Promise<readonly Outcome<RemoteEntry>[]>;
  /** Server-side; a place that is taken answers 'conflict', nothing is ever replaced. */
  copyAll(requests: readonly CopyRequest[]): Promise<readonly Outcome<RemoteEntry>[]>;
  /** Newest first, at most 100. Faults: not-found. */
  revisions(id: RemoteId): Promise<readonly Revision[]>;
  /** Faults: not-downloadable where Dropbox has no picture of it. */
  thumbnail(rev: Rev, size: ThumbnailSize, signal?: AbortSignal): Promise<Rendering>;
  /** A PDF or a page of a document that a browser cannot show itself. Faults: not-downloadable. */
  preview(rev: Rev, signal?: AbortSignal): Promise<Rendering>;
}
