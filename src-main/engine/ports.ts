// The ports of the engine: everything it does to the world goes through these interfaces.
// Implemented by store/ (SyncStore, Observer, DocumentsDisk), cloud/ (CloudStore) and infra/ (Clock, Random);
// the simulation implements the disk, the cloud and the clock in memory.

export * from './ports/fault.ts';
export * from './ports/cloud.ts';
export * from './ports/disk.ts';
export * from './ports/store.ts';

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `milliseconds`, rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** A number in [0, 1). */
export type Random = () => number;
