// Long loops let the event loop run: the window stays responsive while a large folder is examined.

/** Milliseconds of work in a row. */
const SLICE = 20;

export class Pacer {
  readonly #slice: number;
  #sliceEnd: number;

  /** `slice` in milliseconds; without end where a run must take the same course every time. */
  constructor(slice = SLICE) {
    this.#slice = slice;
    this.#sliceEnd = performance.now() + slice;
  }

  /** True when it is time to await `breathe`; asking costs next to nothing. */
  get due(): boolean {
    return performance.now() > this.#sliceEnd;
  }

  async breathe(): Promise<void> {
    await new Promise(setImmediate);
    this.#sliceEnd = performance.now() + this.#slice;
  }
}
