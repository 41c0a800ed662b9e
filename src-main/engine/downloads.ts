// The downloads of a plan: many small documents at once, those of one folder together, and large ones beside them.
// In: a lane and its tasks. Called by runner.ts.

import type { Operation } from '../sync/model.ts';
import { giveWay, rowsAtOnce } from './batches.ts';
import { bundlesOf, fetchBundles } from './bundles.ts';
import { LARGE, fetchContent, placeContent } from './effects-backward.ts';
import { bringBytesOfMoved } from './leaving.ts';
import type { Lane } from './lane.ts';
import type { TaskRun } from './task-run.ts';

type Download = Extract<Operation, { kind: 'local.download' }>;

/** Small documents: the time for many is that of their requests. How many Dropbox bears, its client knows. */
const DOWNLOADS_AT_ONCE = 48;
const LARGE_DOWNLOADS_AT_ONCE = 4;

export class Downloads {
  readonly #lane: Lane;
  readonly #run: TaskRun;
  /** Effects that wait to be recorded. */
  readonly #ready: {
    readonly record: () => void;
    readonly resolve: () => void;
    readonly reject: (error: unknown) => void;
  }[] = [];

  constructor(lane: Lane, run: TaskRun) {
    this.#lane = lane;
    this.#run = run;
  }

  async all(downloads: readonly Download[]): Promise<void> {
    const isLarge = (operation: Download) => operation.size > LARGE;
    // Large documents do not hold up small ones.
    await Promise.all([
      this.#downloadSmall(downloads.filter((operation) => !isLarge(operation))),
      this.#downloadAll(downloads.filter(isLarge), LARGE_DOWNLOADS_AT_ONCE),
    ]);
  }

  /** Many from one folder come together, the rest one by one. */
  async #downloadSmall(downloads: readonly Download[]): Promise<void> {
    const { store } = this.#lane.parts;
    const arrived = new Set<string>();
    const bundles = this.#lane.cloud.contentsOf === undefined ? [] : bundlesOf(store, this.#lane, downloads);
    await fetchBundles(
      this.#lane,
      bundles,
      async (some) => {
        for (const { operation } of some) arrived.add(operation.key);
        const started = store.batch(() => some.filter(({ operation }) => this.#run.mayStart(operation)));
        await Promise.all(
          started.map(({ operation, content }) =>
            this.#run.settle(operation, () => this.#download(operation, content)),
          ),
        );
      },
      () => this.#run.goesOn(),
    );
    await this.#downloadAll(
      downloads.filter(({ key }) => !arrived.has(key)),
      DOWNLOADS_AT_ONCE,
    );
  }

  async #downloadAll(downloads: readonly Download[], atOnce: number): Promise<void> {
    const { store } = this.#lane.parts;
    const waiting = [...downloads];
    const started: Download[] = [];
    // A few at a time are noted as begun, in one transaction.
    const next = (): Download | undefined => {
      while (started.length === 0 && waiting.length > 0) {
        const some = waiting.splice(0, atOnce);
        started.push(...store.batch(() => some.filter((operation) => this.#run.mayStart(operation))));
      }
      return started.shift();
    };
    const lane = async () => {
      for (let one = this.#run.goesOn() ? next() : undefined; one; one = this.#run.goesOn() ? next() : undefined) {
        const operation = one;
        await this.#run.settle(operation, () => this.#download(operation));
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, downloads.length) }, lane));
    for (const operation of started) this.#run.giveBack(operation);
  }

  async #download(operation: Download, content: Uint8Array | null = null): Promise<void> {
    await bringBytesOfMoved(this.#lane, operation);
    const temp = await fetchContent(this.#lane, operation, content);
    await this.#lane.parts.gate.effect(async () => {
      const done = await placeContent(this.#lane, operation, temp);
      await this.#recordSoon(() => this.#run.succeed(operation, done));
    });
  }

  /** In one transaction with what else has become ready in the same turn of the event loop. */
  #recordSoon(record: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#ready.push({ record, resolve, reject });
      if (this.#ready.length === 1) void giveWay(this.#lane.parts).then(() => this.#recordReady());
    });
  }

  #recordReady(): void {
    const ready = this.#ready.splice(0, rowsAtOnce(this.#lane.parts));
    if (this.#ready.length > 0) void giveWay(this.#lane.parts).then(() => this.#recordReady());
    const outcomes: (() => void)[] = [];
    try {
      this.#lane.parts.store.batch(() => {
        for (const { record, resolve, reject } of ready) {
          try {
            record();
            outcomes.push(resolve);
          } catch (error) {
            outcomes.push(() => reject(error));
          }
        }
      });
    } catch (error) {
      for (const { reject } of ready) reject(error);
      return;
    }
    for (const outcome of outcomes) outcome();
  }
}
