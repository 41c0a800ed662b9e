// What the uploads of one client share, and what a stream into an upload session is told.
// Called by the files of this folder that upload.

import { Fault, type UploadRequest } from '../../engine/ports.ts';
import { BLOCK_SIZE } from '../../infra/content-hash.ts';
import type { Buffers, LineSpeed } from './line-speed.ts';
import type { RootFolder } from './metadata.ts';
import type { Transport } from './transport.ts';

/** Bytes up to which a file goes up whole. */
export const CHUNK = 2 * BLOCK_SIZE;

/** Remembers sessions over a restart of the program. Keys are content hash and path; entries older than 7 days are useless. */
export interface SessionMemory {
  get(key: string): RememberedSession | null;
  put(key: string, session: RememberedSession): void;
  delete(key: string): void;
}

export interface RememberedSession {
  readonly sessionId: string;
  /** Bytes up to which Dropbox has everything; all of them only once the session is closed. */
  readonly offset: number;
}

export function sessionMemory(): SessionMemory {
  const sessions = new Map<string, RememberedSession>();
  return {
    get: (key) => sessions.get(key) ?? null,
    put: (key, session) => void sessions.set(key, session),
    delete: (key) => void sessions.delete(key),
  };
}

export interface UploadContext {
  readonly transport: Transport;
  readonly root: RootFolder;
  readonly sessions: SessionMemory;
  /** What the server turned out not to know. */
  readonly features: { sharedAppends: boolean };
  readonly speed: LineSpeed;
  readonly buffers: Buffers;
  /** Hashes of the blocks of large files that were begun and left, by session key. */
  readonly hashed: Map<string, Buffer[]>;
}

export function sessionKey(request: UploadRequest): string {
  return `${request.hash}:${request.path}`;
}

export interface StreamHooks {
  readonly sent: (bytes: number) => void;
  readonly signal?: AbortSignal;
  /** Ends the stream after what is under way. */
  readonly others?: AbortSignal;
}

export function changedFault({ path }: UploadRequest): Fault {
  return new Fault('changed', `"${path}" changed while it was read; it is uploaded in the next pass.`);
}

export function lostFault({ path }: UploadRequest): Fault {
  return new Fault('server', `Uploading "${path}" failed: Dropbox lost parts of it again and again.`, {
    retryable: true,
  });
}
