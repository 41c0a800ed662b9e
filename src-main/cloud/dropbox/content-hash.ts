// Dropbox's content hash: SHA-256 over the SHA-256 of each block of 4 MiB. Bytes go in, 64 lower-case hex digits come out.
// Rule: https://www.dropbox.com/developers/reference/content-hash
// Called by the upload path, the document store's hash worker and the emulator's tests.

import { createHash, hash, type Hash } from 'node:crypto';

import type { ContentHash } from '../../../src-shared/domain.ts';

/** Bytes of one block. */
export const HASH_BLOCK = 4 * 1024 * 1024;

/** Hashes a stream: any number of `update`, then one `digest`. Holds no content. */
export class ContentHasher {
  #overall: Hash = createHash('sha256');
  #block: Hash | null = null;
  #filled = 0;
  #finished = false;

  update(bytes: Uint8Array): this {
    if (this.#finished) throw new Error('The content hash was already taken; make a new hasher.');
    let rest = bytes;
    while (rest.length > 0) {
      const part = rest.subarray(0, HASH_BLOCK - this.#filled);
      this.#block ??= createHash('sha256');
      this.#block.update(part);
      this.#filled += part.length;
      rest = rest.subarray(part.length);
      if (this.#filled === HASH_BLOCK) this.#closeBlock();
    }
    return this;
  }

  digest(): ContentHash {
    if (this.#finished) throw new Error('The content hash was already taken; make a new hasher.');
    this.#closeBlock();
    this.#finished = true;
    return this.#overall.digest('hex') as ContentHash;
  }

  #closeBlock(): void {
    if (this.#block === null) return;
    this.#overall.update(this.#block.digest());
    this.#block = null;
    this.#filled = 0;
  }
}

/** Content hash of bytes in memory. */
export function hashOfBytes(bytes: Uint8Array): ContentHash {
  if (bytes.length === 0) return hash('sha256', bytes) as ContentHash;
  if (bytes.length <= HASH_BLOCK) return hash('sha256', hash('sha256', bytes, 'buffer')) as ContentHash;
  return new ContentHasher().update(bytes).digest();
}
