// The order in which paths changed. A cursor is a position in it; what a reader gets for a path is its state now, so a
// path that changed again later is reported once, at its last position. tree.ts writes, listing.ts reads.

export class Journal {
  readonly #paths: string[] = [];
  readonly #latest = new Map<string, number>();
  readonly #listeners = new Set<() => void>();

  /** The position after the last change. */
  get end(): number {
    return this.#paths.length;
  }

  note(pathLower: string): void {
    this.#latest.set(pathLower, this.#paths.length);
    this.#paths.push(pathLower);
  }

  pathAt(position: number): string {
    const path = this.#paths[position];
    if (path === undefined) throw new Error(`No change at ${position}`);
    return path;
  }

  /** Whether the path changed again after `position`. */
  isSuperseded(position: number): boolean {
    return this.#latest.get(this.pathAt(position)) !== position;
  }

  /** Tells those who wait that something changed. */
  announce(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` after each change until the returned function is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
