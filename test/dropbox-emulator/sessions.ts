// Upload sessions: bytes that wait for their commit. A sequential session takes appends at its end; a concurrent one
// takes multiples of 4 MiB in any order, the closing append excepted. A session lives for seven days.
// Used by the upload_session routes.

import { randomBytes } from 'node:crypto';
import { nest, tag, type Tagged } from './answers.ts';
import type { BlobStore, Segment } from './blobs.ts';
import { BLOCK_SIZE, ContentHasher, hashOfBlocks } from './content-hash.ts';
import type { Content } from './writes.ts';

const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;
/** Bytes of the largest file: 2^41 - 2^22. */
const MAX_FILE_SIZE = 2 ** 41 - 2 ** 22;

/** An UploadSessionLookupError, which is also an UploadSessionAppendError. */
export class SessionProblem extends Error {
  readonly error: Tagged;
  constructor(error: Tagged) {
    super(error['.tag']);
    this.error = error;
  }
}

/** An UploadSessionFinishError of its own. */
export class FinishProblem extends SessionProblem {}

interface Part {
  readonly offset: number;
  readonly segment: Segment;
  readonly blocks: readonly Buffer[];
}

interface Session {
  readonly concurrent: boolean;
  readonly expires: number;
  closed: boolean;
  /** Bytes up to the end of the last part. */
  size: number;
  /** Of a sequential session: all bytes so far. */
  hasher: ContentHasher;
  /** By offset; of a sequential session, in order. */
  parts: Part[];
}

/** Bytes on their way into a session, received but not yet counted. */
export interface Incoming {
  readonly hasher: ContentHasher;
}

export class UploadSessions {
  readonly #sessions = new Map<string, Session>();
  readonly #blobs: BlobStore;
  readonly #now: () => number;

  constructor(blobs: BlobStore, now: () => number) {
    this.#blobs = blobs;
    this.#now = now;
  }

  start(concurrent: boolean): string {
    const id = `pid_upload_session:${randomBytes(24).toString('base64url')}`;
    this.#sessions.set(id, {
      concurrent,
      expires: this.#now() + LIFETIME_MS,
      closed: false,
      size: 0,
      hasher: new ContentHasher(),
      parts: [],
    });
    return id;
  }

  #session(id: string): Session {
    const session = this.#sessions.get(id);
    if (session === undefined || session.expires < this.#now()) throw new SessionProblem(tag('not_found'));
    return session;
  }

  isConcurrent(id: string): boolean {
    return this.#session(id).concurrent;
  }

  /** Checks an append before its bytes are taken and answers the hasher that must see them. */
  expect(id: string, offset: number): Incoming {
    const session = this.#session(id);
    if (session.closed) throw new SessionProblem(tag('closed'));
    this.#checkOffset(session, offset);
    return { hasher: session.concurrent ? new ContentHasher() : session.hasher.fork() };
  }

  /** The same for the bytes that a finishing call may carry: a closed session takes none, and may be finished. */
  expectAtFinish(id: string, offset: number): Incoming {
    const session = this.#session(id);
    this.#checkOffset(session, offset);
    return { hasher: session.hasher.fork() };
  }

  #checkOffset(session: Session, offset: number): void {
    if (session.concurrent) {
      if (offset % BLOCK_SIZE !== 0) throw new SessionProblem(tag('concurrent_session_invalid_offset'));
    } else if (offset !== session.size) {
      throw new SessionProblem({ '.tag': 'incorrect_offset', correct_offset: session.size });
    }
  }

  /** Counts bytes that have arrived. Checks again: another append may have come first. */
  append(id: string, offset: number, incoming: Incoming, segment: Segment, close: boolean): void {
    const session = this.#session(id);
    if (session.closed) throw new SessionProblem(tag('closed'));
    this.#checkOffset(session, offset);
    if (session.concurrent && !close && segment.size % BLOCK_SIZE !== 0) {
      throw new SessionProblem(tag('concurrent_session_invalid_data_size'));
    }
    if (offset + segment.size > MAX_FILE_SIZE) throw new SessionProblem(tag('too_large'));
    if (segment.size > 0) {
      session.parts = session.parts.filter((part) => part.offset !== offset);
      session.parts.push({ offset, segment, blocks: session.concurrent ? incoming.hasher.blocks() : [] });
    }
    if (!session.concurrent) session.hasher = incoming.hasher;
    session.size = Math.max(session.size, offset + segment.size);
    session.closed = close;
  }

  /** Checks that a session may be finished at `offset` and makes its bytes a content. The session stays for a retry. */
  async complete(id: string, offset: number, mustBeClosed: boolean): Promise<Content> {
    const session = this.#session(id);
    if (offset !== session.size) {
      throw new FinishProblem(nest('lookup_failed', { '.tag': 'incorrect_offset', correct_offset: session.size }));
    }
    if (session.concurrent && !session.closed) throw new FinishProblem(tag('concurrent_session_not_closed'));
    if (mustBeClosed && !session.closed) throw new FinishProblem(tag('lookup_failed', 'not_closed'));
    const parts = session.parts.toSorted((a, b) => a.offset - b.offset);
    let end = 0;
    for (const part of parts) {
      if (part.offset !== end) throw new FinishProblem(tag('concurrent_session_missing_data'));
      end += part.segment.size;
    }
    const hash = session.concurrent ? hashOfBlocks(parts.flatMap((part) => part.blocks)) : session.hasher.hex();
    const content: Content = { hash, size: session.size };
    const segment = await this.#blobs.put(
      hash,
      parts.map((part) => part.segment),
    );
    session.parts = session.size === 0 ? [] : [{ offset: 0, segment, blocks: parts.flatMap((part) => part.blocks) }];
    return content;
  }

  /** A committed session cannot be used again. */
  end(id: string): void {
    this.#sessions.delete(id);
  }
}
