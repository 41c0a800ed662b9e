// Keeps scans and effects in the documents folder apart: an effect changes the disk first and the rows after, and a scan
// that fell between the two would take the engine's own work for a person's. Effects run side by side; a scan runs alone.

export class LocalGate {
  #effects = 0;
  #scanning = false;
  readonly #waiting: (() => void)[] = [];

  /** Runs an effect (disk and rows) while no scan runs. */
  async effect<T>(work: () => Promise<T>): Promise<T> {
    while (this.#scanning) await this.#change();
    this.#effects++;
    try {
      return await work();
    } finally {
      this.#effects--;
      this.#wake();
    }
  }

  /** Runs a scan while no effect and no other scan runs. */
  async scan<T>(work: () => Promise<T>): Promise<T> {
    while (this.#scanning) await this.#change();
    this.#scanning = true;
    try {
      while (this.#effects > 0) await this.#change();
      return await work();
    } finally {
      this.#scanning = false;
      this.#wake();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
