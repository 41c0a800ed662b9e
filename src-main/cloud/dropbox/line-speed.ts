// How fast the line is, and the buffers that large transfers of one client share. In: what pieces took; out: how many of
// them may be under way at once, so that other work need not wait longer than a second or two for them.
// Called by the transfers of large files.

import { BLOCK_SIZE } from '../../infra/content-hash.ts';

/** Bytes of a piece that travels beside others: a block of the content hash. What is sent again is thus the same piece. */
export const PIECE = BLOCK_SIZE;
/** Milliseconds that what is under way of large files may take. */
const TIME = 1_500;
/** Pieces under way at once: more gain little on any line, and each holds a buffer. */
const MOST_AT_ONCE = 4;
/** Bytes a millisecond below which a block is too long for one request. */
const SLOW = PIECE / 4_000;
/** Fewer bytes than this tell of the way there and back rather than of the line. */
const TELLING = 512 * 1024;

export class LineSpeed {
  /** Bytes a millisecond; null before anything was measured. */
  #rate: number | null = null;

  /** What a piece took while so many were under way side by side. */
  note(bytes: number, milliseconds: number, atOnce = 1): void {
    if (bytes < TELLING) return;
    const rate = (bytes * atOnce) / Math.max(1, milliseconds);
    this.#rate = this.#rate === null ? rate : (this.#rate + rate) / 2;
  }

  get isKnown(): boolean {
    return this.#rate !== null;
  }

  get isSlow(): boolean {
    return this.#rate !== null && this.#rate < SLOW;
  }

  /** Bytes that go in a second or two. */
  get inTime(): number {
    return this.#rate === null ? PIECE : Math.floor(this.#rate * TIME);
  }

  /** Pieces that may be under way at once. */
  get atOnce(): number {
    return Math.min(MOST_AT_ONCE, Math.max(1, Math.floor(this.inTime / PIECE)));
  }
}

/** Buffers of PIECE bytes: made when they are first wanted, let go when nobody has one any more. */
export class Buffers {
  readonly #most: number;
  #taken = 0;
  #free: Buffer[] = [];
  readonly #waiting: ((buffer: Buffer) => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Null while all are in use. */
  tryTake(): Buffer | null {
    if (this.#taken >= this.#most) return null;
    this.#taken++;
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(PIECE);
  }

  async take(): Promise<Buffer> {
    return this.tryTake() ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  give(buffer: Buffer): void {
    const next = this.#waiting.shift();
    if (next !== undefined) return next(buffer);
    this.#taken--;
    this.#free.push(buffer);
    if (this.#taken === 0) this.#free = [];
  }
}
