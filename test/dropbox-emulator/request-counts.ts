// How many requests came for which endpoint and how many bytes went each way; told and reset by the control endpoint.

export interface CountsView {
  readonly total: number;
  readonly byEndpoint: Readonly<Record<string, number>>;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Answered with 429. */
  readonly refused: number;
}

export class RequestCounts {
  #byEndpoint = new Map<string, number>();
  #bytesUp = 0;
  #bytesDown = 0;
  #refused = 0;

  request(endpoint: string): void {
    this.#byEndpoint.set(endpoint, (this.#byEndpoint.get(endpoint) ?? 0) + 1);
  }

  up(bytes: number): void {
    this.#bytesUp += bytes;
  }

  down(bytes: number): void {
    this.#bytesDown += bytes;
  }

  refuse(): void {
    this.#refused++;
  }

  reset(): void {
    this.#byEndpoint = new Map();
    this.#bytesUp = 0;
    this.#bytesDown = 0;
    this.#refused = 0;
  }

  get view(): CountsView {
    const byEndpoint = Object.fromEntries([...this.#byEndpoint].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    return {
      total: [...this.#byEndpoint.values()].reduce((sum, count) => sum + count, 0),
      byEndpoint,
      bytesUp: this.#bytesUp,
      bytesDown: this.#bytesDown,
      refused: this.#refused,
    };
  }
}
