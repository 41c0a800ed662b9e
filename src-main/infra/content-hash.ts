// Dropbox's content hash: the bytes are cut into blocks of 4 MiB, the SHA-256 of all block digests put together is the
// hash. Bytes go in by pieces of any size, 64 lower-case hex digits come out.
// Called by the documents folder (what is here), the transfers (what was received) and the tests.
// Source: Dropbox developer guide "Content hash".

import { createHash, hash, webcrypto, type Hash } from 'node:crypto';
import type { ContentHash } from '../../src-shared/domain.ts';

/** Bytes of one block. */
export const BLOCK_SIZE = 4 * 1024 * 1024;

/** Takes the bytes of one document from first to last; `digest` may be called once. */
export class ContentHasher {
  readonly #overall: Hash = createHash('sha256');
  #block: Hash = createHash('sha256');
  #filled = 0;

  update(bytes: Uint8Array): this {
    let offset = 0;
    while (offset < bytes.length) {
      const take = Math.min(BLOCK_SIZE - this.#filled, bytes.length - offset);
      this.#block.update(bytes.subarray(offset, offset + take));
      this.#filled += take;
      offset += take;
      if (this.#filled === BLOCK_SIZE) this.#closeBlock();
    }
    return this;
  }

  /** As `update`; whole blocks are hashed beside the main thread. Nothing may follow before it resolves. */
  async updateAside(bytes: Uint8Array): Promise<void> {
    const whole = this.#filled > 0 ? 0 : bytes.length - (bytes.length % BLOCK_SIZE);
    for (const digest of await hashesOfBlocks(bytes.subarray(0, whole))) this.#overall.update(digest);
    this.update(bytes.subarray(whole));
  }

  digest(): ContentHash {
    if (this.#filled > 0) this.#closeBlock();
    return this.#overall.digest('hex') as ContentHash;
  }

  #closeBlock(): void {
    this.#overall.update(this.#block.digest());
    this.#block = createHash('sha256');
    this.#filled = 0;
  }
}

export function hashOfBytes(bytes: Uint8Array): ContentHash {
  if (bytes.length === 0 || bytes.length > BLOCK_SIZE) return new ContentHasher().update(bytes).digest();
  return hash('sha256', hash('sha256', bytes, 'buffer')) as ContentHash;
}

/** The SHA-256 of each block, the last one shorter, found beside the main thread. */
export function hashesOfBlocks(bytes: Uint8Array): Promise<Buffer[]> {
  const blocks: Promise<Buffer>[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK_SIZE) {
    blocks.push(
      webcrypto.subtle.digest('SHA-256', bytes.subarray(at, at + BLOCK_SIZE)).then((digest) => Buffer.from(digest)),
    );
  }
  return Promise.all(blocks);
}
