// Dropbox content hash: SHA-256 over the concatenated SHA-256 of each 4 MiB block, as lower-case hex.
// Bytes come in as they arrive; a hasher can be forked, so that an upload session continues it append by append.
// Used by the body receiver (blobs.ts) and the upload sessions.

import { createHash, type Hash } from 'node:crypto';

/** Bytes in one block. */
export const BLOCK_SIZE = 4 * 1024 * 1024;

export class ContentHasher {
  readonly #digests: Buffer[];
  #block: Hash;
  #filled: number;

  constructor(digests: readonly Buffer[] = [], block: Hash = createHash('sha256'), filled = 0) {
    this.#digests = [...digests];
    this.#block = block;
    this.#filled = filled;
  }

  /** Nothing has gone through it yet. */
  get isFresh(): boolean {
    return this.#digests.length === 0 && this.#filled === 0;
  }

  update(chunk: Uint8Array): void {
    let offset = 0;
    while (offset < chunk.length) {
      const length = Math.min(BLOCK_SIZE - this.#filled, chunk.length - offset);
      this.#block.update(chunk.subarray(offset, offset + length));
      this.#filled += length;
      offset += length;
      if (this.#filled === BLOCK_SIZE) {
        this.#digests.push(this.#block.digest());
        this.#block = createHash('sha256');
        this.#filled = 0;
      }
    }
  }

  /** A second hasher in the same state; neither disturbs the other. */
  fork(): ContentHasher {
    return new ContentHasher(this.#digests, this.#block.copy(), this.#filled);
  }

  /** Digests of all blocks so far, the unfinished last one included. */
  blocks(): readonly Buffer[] {
    return this.#filled === 0 ? [...this.#digests] : [...this.#digests, this.#block.copy().digest()];
  }

  hex(): string {
    return hashOfBlocks(this.blocks());
  }
}

export function hashOfBlocks(blocks: readonly Buffer[]): string {
  const overall = createHash('sha256');
  for (const block of blocks) overall.update(block);
  return overall.digest('hex');
}

export function contentHashOf(bytes: Uint8Array): string {
  const hasher = new ContentHasher();
  hasher.update(bytes);
  return hasher.hex();
}
