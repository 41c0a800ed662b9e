import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ContentHasher, BLOCK_SIZE, hashOfBytes } from '../../../src-main/infra/content-hash.ts';

/** The rule itself, in the plainest way. */
function byTheRule(bytes: Uint8Array): string {
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK_SIZE) {
    blocks.push(
      createHash('sha256')
        .update(bytes.subarray(at, at + BLOCK_SIZE))
        .digest(),
    );
  }
  return createHash('sha256').update(Buffer.concat(blocks)).digest('hex');
}

describe('content hash', () => {
  it('of nothing is the SHA-256 of nothing', () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(hashOfBytes(new Uint8Array())).toBe(empty);
    expect(new ContentHasher().digest()).toBe(empty);
  });

  it.each([1, BLOCK_SIZE - 1, BLOCK_SIZE, BLOCK_SIZE + 1, 2 * BLOCK_SIZE, 2 * BLOCK_SIZE + 5])(
    'of %i bytes follows the rule',
    (size) => {
      const bytes = new Uint8Array(size).map((_, at) => at % 251);
      expect(hashOfBytes(bytes)).toBe(byTheRule(bytes));
    },
  );

  it('does not depend on the pieces in which the bytes come', () => {
    const bytes = new Uint8Array(BLOCK_SIZE * 2 + 77).map((_, at) => at % 253);
    const whole = byTheRule(bytes);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 6 }), (cuts) => {
        const hasher = new ContentHasher();
        let from = 0;
        for (const to of [...cuts, bytes.length].sort((a, b) => a - b)) {
          hasher.update(bytes.subarray(from, to));
          from = to;
        }
        expect(hasher.digest()).toBe(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('is the same where whole blocks are hashed beside the main thread', async () => {
    const bytes = new Uint8Array(BLOCK_SIZE * 3 + 77).map((_, at) => at % 241);
    for (const cuts of [[], [BLOCK_SIZE], [2 * BLOCK_SIZE, 3 * BLOCK_SIZE], [5], [BLOCK_SIZE + 1, 2 * BLOCK_SIZE]]) {
      const hasher = new ContentHasher();
      let from = 0;
      for (const to of [...cuts, bytes.length]) {
        await hasher.updateAside(bytes.subarray(from, to));
        from = to;
      }
      expect(hasher.digest()).toBe(byTheRule(bytes));
    }
  });

  it('is taken once', () => {
    const hasher = new ContentHasher().update(new Uint8Array(3));
    hasher.digest();
    expect(() => hasher.digest()).toThrow(/already called/);
  });
});
